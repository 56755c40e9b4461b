"""What the archive knows of a document when a check is decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from monitor.core.model import (
    Current,
    DocumentRef,
    EventKind,
    Incident,
    Pending,
    Reading,
    Recalled,
    Seen,
    SuspectKind,
    Verified,
    Version,
    change_id,
)
from monitor.store import tables as t
from monitor.store.archive import load_reading, versions_of

LINE = "main"  # the one line a document has until lines of variants come


def recall_document(connection: Connection, ref: DocumentRef, document_id: int, seen: Seen) -> Recalled:
    """Everything `decide` may ask about; the current version only where something may be compared with it."""
    withdrawn_at = select(t.document.c.withdrawn_at).where(t.document.c.id == document_id)
    known = Recalled(
        pending=pending_of(connection, document_id),
        incident=open_incident(connection, document_id),
        withdrawn=connection.execute(withdrawn_at).scalar_one() is not None,
    )
    if isinstance(seen, Verified):
        return known
    current = _current(connection, ref, document_id, seen)
    if current is None:
        return known
    equal = _equal(connection, ref, document_id, seen, current.version.id) if isinstance(seen, Reading) else ()
    newest = select(func.max(t.version.c.number)).where(t.version.c.document_id == document_id)
    return Recalled(
        current=current,
        equal=equal,
        returns_told=tuple(_returns_told(connection, current.version.id, version.id) for version in equal),
        last_number=connection.execute(newest).scalar_one(),
        pending=known.pending,
        incident=known.incident,
        withdrawn=known.withdrawn,
    )


def open_incident(connection: Connection, document_id: int) -> Incident | None:
    """The incident that is under way, if any: a document has at most one."""
    mine = (t.incident.c.document_id == document_id, t.incident.c.closed_at.is_(None))
    row = connection.execute(select(t.incident).where(*mine)).one_or_none()
    return None if row is None else Incident(row.kind, row.reason, row.since, row.kind_since, row.looks, row.told)


def pending_of(connection: Connection, document_id: int) -> Pending | None:
    """The text that isn't believed yet, if any."""
    row = connection.execute(select(t.pending).where(t.pending.c.document_id == document_id)).one_or_none()
    if row is None:
        return None
    return Pending(row.words_hash, SuspectKind(row.kind), row.reason, row.first_seen, row.looks)


def _current(connection: Connection, ref: DocumentRef, document_id: int, seen: Seen) -> Current | None:
    mine = (t.line.c.document_id == document_id, t.line.c.name == LINE)
    line = connection.execute(select(t.line).where(*mine)).one_or_none()
    if line is None:
        return None
    row = connection.execute(select(t.version).where(t.version.c.id == line.version_id)).one()
    reading, identities = load_reading(connection, _reading_to_compare(connection, line, seen))
    return Current(LINE, versions_of(connection, ref, [row])[0], reading, identities)


def _reading_to_compare(connection: Connection, line: Row[Any], seen: Seen) -> str:
    """The newest reading of the line's version that may be compared with the seen one, else the line's own."""
    own: str = line.reading_id
    if not isinstance(seen, Reading):
        return own
    reading = t.reading
    rows = connection.execute(
        select(reading.c.id, reading.c.memories)
        .where(reading.c.version_id == line.version_id)
        .where(reading.c.reader == seen.reader, reading.c.declaration == seen.declaration)
        .order_by(reading.c.recorded_at.desc(), reading.c.id)
    )
    comparable = [row.id for row in rows if tuple(row.memories) == seen.memories]
    return own if own in comparable or not comparable else comparable[0]


def _equal(
    connection: Connection, ref: DocumentRef, document_id: int, seen: Reading, current_id: str
) -> tuple[Version, ...]:
    """Earlier versions of the document that meant the same, newest first."""
    meant = select(t.reading.c.version_id).where(t.reading.c.meaning_hash == seen.meaning_hash)
    rows = connection.execute(
        select(t.version)
        .where(t.version.c.document_id == document_id, t.version.c.id != current_id, t.version.c.id.in_(meant))
        .order_by(t.version.c.number.desc())
    )
    return versions_of(connection, ref, rows)


def _returns_told(connection: Connection, one: str, other: str) -> int:
    """How often a return from one version to the other, in either direction, was an event."""
    between = (change_id(one, other), change_id(other, one))
    told = select(func.count()).where(t.event.c.change_id.in_(between), t.event.c.kind == EventKind.RETURN)
    return connection.execute(told).scalar_one()
