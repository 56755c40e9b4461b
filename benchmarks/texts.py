"""Recorded versions of agreements, kept as clean Markdown without the pages, and texts as the archive would hold them.

The texts are data: they are read and compared, never interpreted here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import histories

from monitor.core.assess import assess
from monitor.core.compare import COMPARE, compare
from monitor.core.model import Change, Document, DocumentRef, Hop, Reading, Schedule, Snapshot, Source, Version
from monitor.core.read import read
from monitor.core.record import change_record
from monitor.core.render.facts import Exhibit

_URL = "https://recorded.invalid/terms.md"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
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
    seen = read(DOCUMENT, (snapshot_of(DOCUMENT, markdown.encode(), "text/markdown; charset=utf-8", SEEN),), ())
    return seen if isinstance(seen, Reading) else None


def snapshot_of(document: Document, body: bytes, content_type: str, at: datetime, mark: str = "") -> Snapshot:
    """What the one source of a document answered, named by its bytes. `mark` is its fingerprint, if that matters."""
    (source,) = document.sources
    body_hash = hashlib.sha256(body).hexdigest()
    return Snapshot(
        id=body_hash[:32],
        source_id=source.id,
        chain=(Hop(source.url, 200),),
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
        body_hash=body_hash,
        fingerprint=mark or body_hash,
        fetched_at=at,
        complete=True,
    )


def exhibit_of(document: Document, old: Reading, new: Reading) -> Exhibit:
    """The change between two readings as the second version of a document."""
    comparison = compare(old, new)
    assessment = assess(old, new, comparison, seen_from=SEEN)
    first = Version("1" * 32, document.ref, 1, None, None, old.snapshots, SEEN, SEEN)
    second = Version("2" * 32, document.ref, 2, first.id, comparison.difference, new.snapshots, SEEN, SEEN)
    change = Change(first.id, second.id, old.id, new.id, COMPARE, comparison, assessment)
    return Exhibit(change, old, new, first, second, ())


def record_of(document: Document, shown: Exhibit) -> dict[str, object]:
    """The change record of an exhibit, as whoever receives it reads it."""
    record = change_record(document, shown.change, shown.old, shown.new, shown.old_version, shown.new_version)
    received: dict[str, object] = json.loads(json.dumps(record))
    return received
