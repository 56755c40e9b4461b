"""E-mail addresses that a proxy hid from robots: the same address again, whatever today's key."""

from __future__ import annotations

import re

PLACEHOLDER = "[email protected]"

_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]*")  # a proxy may have hidden only what stands before the domain


def decode_address(token: str) -> str:
    """The address in a `data-cfemail` token (hex; the first byte is the key), or a constant where it bears none."""
    try:
        raw = bytes.fromhex(token)
        text = bytes(byte ^ raw[0] for byte in raw[1:]).decode() if raw else ""
    except ValueError:
        return PLACEHOLDER
    return text if _ADDRESS.fullmatch(text) and text.isprintable() else PLACEHOLDER
