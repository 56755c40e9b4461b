"""Addresses as pages write them: anything may stand there, also what is none."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def absolute(base: str, written: str) -> str | None:
    """The address on the web that `written` means on a page at `base`; None where that is none."""
    try:
        address = urljoin(base, written.strip())
        parts = urlsplit(address)
    except ValueError:  # "http://[", a bracket that isn't closed
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
