"""Recorded versions of agreements, kept as clean Markdown without the pages, and what the reader makes of them.

The texts are data: they are read and compared, never interpreted here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import histories

from monitor.core.model import Document, DocumentRef, Hop, Reading, Schedule, Snapshot, Source
from monitor.core.read import read

_URL = "https://recorded.invalid/terms.md"
DOCUMENT = Document(DocumentRef("recorded", "terms"), "Recorded", "Terms", (Source(_URL),), Schedule(every_s=86_400.0))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One recorded agreement: whose, in which language, and its versions in order."""

    id: int
    company: str
    name: str
    language: str
    versions: tuple[Any, ...]


class Texts:
    """The recorded versions in one file, by the reader that stands beside it."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput where the file or its reader is missing."""
        self._corpus = cast(Any, histories.open_corpus(path / "versions.sqlite" if path.is_dir() else path))

    def agreements(self) -> Iterator[Agreement]:
        """Every agreement, in the order of the file."""
        rows = self._corpus.db.execute("SELECT id, company, service, terms_type, lang FROM terms ORDER BY id")
        for terms, company, service, terms_type, language in rows.fetchall():
            yield Agreement(terms, company, f"{service} · {terms_type}", language, tuple(self._corpus.versions(terms)))

    def text(self, version: Any) -> str:
        """The Markdown of a version."""
        return str(self._corpus.version_text(version))


def reading_of(markdown: str) -> Reading | None:
    """What the reader makes of a text; None where it doesn't believe that it is an agreement."""
    seen = read(DOCUMENT, (_snapshot(markdown),), ())
    return seen if isinstance(seen, Reading) else None


def _snapshot(markdown: str) -> Snapshot:
    body = markdown.encode()
    body_hash = hashlib.sha256(body).hexdigest()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Snapshot(
        id=body_hash[:32],
        source_id=DOCUMENT.sources[0].id,
        chain=(Hop(_URL, 200),),
        status=200,
        headers=(("Content-Type", "text/markdown; charset=utf-8"),),
        body=body,
        body_hash=body_hash,
        fingerprint=body_hash,
        fetched_at=at,
        complete=True,
    )
