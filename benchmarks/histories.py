"""Recorded histories as captures: the corpus by its own reader, which stays in the corpus' folder.

The corpus holds what was served over years. Its text is data: it is given to the check and never interpreted here.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from harness import Capture

from monitor.core.errors import BadInput
from monitor.core.model import Document, DocumentRef, Schedule, Source

CHECKED_EVERY_S = 43_200.0  # the recording looked about every twelve hours
NOT_SCORED = frozenset({"tosback", "dsa-reports"})  # one page each, and reports that are no terms


class RecordedDocument(Protocol):
    """A document as the corpus' reader gives it."""

    id: int
    collection: str
    service: str
    terms_type: str
    source_id: str
    company: str
    n_kept: int


class RecordedSnapshot(Protocol):
    """A snapshot as the corpus' reader gives it. `t` is Unix time; `adjacent`: it directly follows the one before."""

    id: int
    t: int
    url: str | None
    mime: str
    adjacent: bool
    size: int
    sha256: str

    @property
    def raw(self) -> bytes: ...


class Corpus(Protocol):
    """What is used of the corpus' reader."""

    def docs(self) -> list[RecordedDocument]: ...

    def snapshots(self, doc_id: int) -> Iterable[RecordedSnapshot]: ...

    def pair_class(self, doc: RecordedDocument, prev: RecordedSnapshot, cur: RecordedSnapshot) -> str: ...


def open_corpus(path: Path) -> Corpus:
    """The corpus in a folder, or the file itself. Raises BadInput where it or its reader is missing."""
    file = path / "corpus.sqlite" if path.is_dir() else path
    reader = file.parent / "read_corpus.py"
    for needed in (file, reader):
        if not needed.is_file():
            raise BadInput(f"{needed}: expected a corpus with its reader read_corpus.py beside it, found no such file.")
    spec = importlib.util.spec_from_file_location("read_corpus", reader)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Corpus, module.Corpus(str(file)))


def choose(corpus: Corpus, company: str | None = None, service: str | None = None) -> tuple[RecordedDocument, ...]:
    """The documents of a company and service, whatever their case; all without either. Raises BadInput on none."""
    docs = corpus.docs()
    chosen = tuple(doc for doc in docs if _is(doc.company, company) and _is(doc.service, service))
    if not chosen:
        companies = ", ".join(sorted({doc.company for doc in docs}))
        wanted = " and ".join(f"{what} {name}" for what, name in (("company", company), ("service", service)) if name)
        raise BadInput(f"The corpus has no document of {wanted}. Its companies are {companies}.")
    return chosen


def declared(doc: RecordedDocument, first_url: str) -> Document:
    """A recorded page as the one source of a watched document; no language, section or selector is passed."""
    ref = DocumentRef(slug(doc.company), slug(f"{doc.id} {doc.service} {doc.terms_type}"))
    schedule = Schedule(every_s=CHECKED_EVERY_S)
    return Document(ref, doc.service, doc.terms_type, (Source(first_url),), schedule)


def first_url(doc: RecordedDocument, snapshots: Iterable[RecordedSnapshot]) -> str:
    """The first recorded URL of a page, or an invented one where none is known."""
    return next((snapshot.url for snapshot in snapshots if snapshot.url), f"https://recorded.invalid/{doc.id}")


def capture(snapshot: RecordedSnapshot, url: str) -> Capture:
    """A snapshot as the answer of a server. HTML was recorded as UTF-8; PDF as it came."""
    content_type = snapshot.mime if snapshot.mime == "application/pdf" else f"{snapshot.mime}; charset=utf-8"
    at = moment(snapshot)
    return Capture(at, 200, snapshot.url or url, (("Content-Type", content_type),), snapshot.raw)


def moment(snapshot: RecordedSnapshot) -> datetime:
    """When a snapshot was fetched."""
    return datetime.fromtimestamp(snapshot.t, UTC)


def with_next(snapshots: Iterable[RecordedSnapshot]) -> Iterator[tuple[RecordedSnapshot, datetime | None]]:
    """Each snapshot with the time of the next one, None for the last."""
    before: RecordedSnapshot | None = None
    for snapshot in snapshots:
        if before is not None:
            yield before, moment(snapshot)
        before = snapshot
    if before is not None:
        yield before, None


def slug(text: str) -> str:
    """Lower-case words joined by hyphens, as ids of platforms and documents are written."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _is(name: str, wanted: str | None) -> bool:
    return wanted is None or name.casefold() == wanted.casefold()
