"""The lines of documents for those who ask where a document stands: which one is shown now, which there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, true

from monitor.store import tables as t

_OTHER = t.line.alias("other_line")


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A variant of a document: version `number` is current for it. `ended_at`: since when it isn't seen any more."""

    name: str
    number: int
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None


def is_shown() -> ColumnElement[bool]:
    """Whether a line is the one of its document, of the same query, that was seen last: what is current now."""
    mine = (_OTHER.c.document_id == t.document.c.id, _OTHER.c.ended_at.is_(None))
    last = select(func.max(_OTHER.c.attempt)).where(*mine).correlate(t.document).scalar_subquery()
    return (t.line.c.document_id == t.document.c.id) & (t.line.c.ended_at.is_(None)) & (t.line.c.attempt == last)


def lines_of(connection: Connection, document_id: int) -> tuple[LineEntry, ...]:
    """The lines of a document in the order of their coming, ended ones too."""
    return _lines(connection, t.line.c.document_id == document_id).get(document_id, ())


def variants_of(connection: Connection, *documents: ColumnElement[bool]) -> dict[int, tuple[LineEntry, ...]]:
    """The open lines of the documents for which the conditions hold, by document, of those that have several."""
    chosen = t.line.c.document_id.in_(select(t.document.c.id).where(*documents)) if documents else true()
    found = _lines(connection, t.line.c.ended_at.is_(None), chosen)
    return {document_id: lines for document_id, lines in found.items() if len(lines) > 1}


def _lines(connection: Connection, *where: ColumnElement[bool]) -> dict[int, tuple[LineEntry, ...]]:
    both = t.line.join(t.version, t.version.c.id == t.line.c.version_id)
    wanted = select(t.line, t.version.c.number).select_from(both).where(*where)
    found: defaultdict[int, list[LineEntry]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(t.line.c.started_at, t.line.c.name)):
        found[row.document_id].append(LineEntry(row.name, row.number, row.started_at, row.seen_at, row.ended_at))
    return {document_id: tuple(lines) for document_id, lines in found.items()}
