"""The lines of documents for those who ask where a document stands: which one is shown now, which there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

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


def lines_of(connection: Connection, document_id: int | None = None) -> dict[int, tuple[LineEntry, ...]]:
    """The lines of a document, or the open ones of all that have several, by document, in the order of their coming."""
    wanted = select(t.line, t.version.c.number).join(t.version, t.version.c.id == t.line.c.version_id)
    if document_id is not None:
        wanted = wanted.where(t.line.c.document_id == document_id)
    else:
        open_ones = select(_OTHER.c.document_id).where(_OTHER.c.ended_at.is_(None)).group_by(_OTHER.c.document_id)
        wanted = wanted.where(t.line.c.ended_at.is_(None), t.line.c.document_id.in_(open_ones.having(func.count() > 1)))
    found: defaultdict[int, list[LineEntry]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(t.line.c.started_at, t.line.c.name)):
        entry = LineEntry(row.name, row.number, row.started_at, row.seen_at, row.ended_at)
        found[row.document_id].append(entry)
    return {one: tuple(lines) for one, lines in found.items()}
