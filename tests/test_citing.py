"""A provision is cited as a lawyer would, and no two of a text in the same words."""

from __future__ import annotations

from hypothesis import given, strategies as st
from readings import reading

from monitor.core.citing import cite
from monitor.core.model import Reading


def paths(seen: Reading) -> list[str]:
    return [cite(seen, ordinal) for ordinal in range(len(seen.provisions))]


def page(body: str) -> Reading:
    filler = "<p>Hello, these are the terms under which you may use the service and what we promise you for it.</p>"
    return reading(f"<main><h1>Terms</h1>{filler}{body}</main>")
