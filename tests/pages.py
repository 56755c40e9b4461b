"""Pages for tests of reading: a made-up agreement, and the shortest way from HTML to a reading."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from monitor.core.model import (
    Document,
    DocumentRef,
    Hop,
    Reading,
    ReadingDeclaration,
    Schedule,
    Snapshot,
    Source,
    Unreadable,
)
from monitor.core.read import read

HTML = "text/html; charset=utf-8"

SENTENCES = (
    "The Provider grants the Customer a licence to use the Service for its own business.",
    "The Customer must keep its credentials confidential and is liable for their use.",
    "Each party may terminate this agreement with a notice of 30 days in writing.",
    "The Provider processes personal data only on documented instructions of the Customer.",
    "Neither party is liable for indirect or consequential loss under these terms.",
    "Fees are due within 14 days after the invoice and are not refunded.",
    "The Provider may suspend an account that breaks the acceptable use policy.",
    "These terms are governed by the laws of Denmark; the courts of Aarhus have jurisdiction.",
)
TERMS = "<h1>Terms of Service</h1><p>Last updated: 3 May 2026</p>" + "".join(
    f"<h2>{number}. Section {number}</h2><p>{sentence}</p>" for number, sentence in enumerate(SENTENCES, start=1)
)


def look(body: str | bytes, *, content_type: str = HTML, **declared: object) -> Reading | Unreadable:
    """What reading one answer comes to."""
    return look_at_all((body,), content_type=content_type, **declared)


def look_at_all(
    bodies: tuple[str | bytes, ...], *, content_type: str = HTML, **declared: object
) -> Reading | Unreadable:
    """What reading one document of several sources comes to."""
    document, captures = declared_and_captured(bodies, content_type=content_type, **declared)
    return read(document, captures, ())


def declared_and_captured(
    bodies: tuple[str | bytes, ...], *, content_type: str = HTML, **declared: object
) -> tuple[Document, tuple[Snapshot, ...]]:
    """A document of several sources, and one capture of each."""
    sources = tuple(Source(f"https://example.test/{index}") for index in range(len(bodies)))
    declaration = ReadingDeclaration(**declared)  # type: ignore[arg-type]
    document = Document(DocumentRef("p", "d"), "P", "D", sources, Schedule(every_s=3600), declaration)
    captures = tuple(
        _snapshot(body.encode() if isinstance(body, str) else body, source, content_type)
        for body, source in zip(bodies, sources, strict=True)
    )
    return document, captures


def reading(body: str | bytes, **declared: object) -> Reading:
    """The reading of a page that can be read."""
    found = look(body, **declared)
    assert isinstance(found, Reading), found
    return found


def lines(inner: str) -> list[str]:
    """The lines that are read of an agreement with `inner` at its end."""
    return reading(f"<html><body><main>{TERMS}{inner}</main></body></html>").text.split("\n")[2 + 2 * len(SENTENCES) :]


def _snapshot(body: bytes, source: Source, content_type: str) -> Snapshot:
    digest = hashlib.sha256(body).hexdigest()
    return Snapshot(
        id=digest[:32],
        source_id=source.id,
        chain=(Hop(source.url, 200),),
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
        body_hash=digest,
        fingerprint="",
        fetched_at=datetime(2026, 5, 3, tzinfo=UTC),
    )
