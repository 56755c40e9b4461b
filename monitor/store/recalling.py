"""What the archive knows of a document when a check is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from monitor.core.lines import edit, name_of
from monitor.core.model import (
    Assessment,
    Comparison,
    Current,
    Difference,
    DocumentRef,
    EventKind,
    Incident,
    Line,
    Pending,
    Reading,
    Recalled,
    Seen,
    SuspectKind,
    ToldEdit,
    Unsaid,
    Verified,
    Version,
    change_id,
)
from monitor.store import tables as t
from monitor.store.archive import load_reading, newest_reading, versions_of
from monitor.store.values import unpack, unplain

EDITS_MAX = 4  # versions of a line, newest first, whose edits may come again on another line


def recall_document(connection: Connection, ref: DocumentRef, document_id: int, seen: Seen) -> Recalled:
    """Everything `decide` may ask about; readings only where something may be compared with them."""
    withdrawn_at = select(t.document.c.withdrawn_at).where(t.document.c.id == document_id)
    lines = _lines(connection, document_id)
    known = Recalled(
        lines=lines,
        unsaid=_unsaid(connection, document_id, lines[0].version_id) if len(lines) > 1 else None,
        pending=pending_of(connection, document_id),
        incident=open_incident(connection, document_id),
        withdrawn=connection.execute(withdrawn_at).scalar_one() is not None,
    )
    if isinstance(seen, Reading) and seen.announcements:
        known = replace(known, announced=_announced(connection, document_id))
    if isinstance(seen, Verified) or not lines:
        return known
    newest = select(func.max(t.version.c.number)).where(t.version.c.document_id == document_id)
    known = replace(
        known,
        current=recall_current(connection, ref, document_id, lines[0].name, seen),
        last_number=connection.execute(newest).scalar_one(),
    )
    return _compared(connection, ref, document_id, seen, known) if isinstance(seen, Reading) else known


def recall_current(
    connection: Connection, ref: DocumentRef, document_id: int, name: str, seen: Seen | None = None
) -> Current:
    """The version that is current for a line: in the reading that fits what was seen, else in the line's own."""
    mine = (t.line.c.document_id == document_id, t.line.c.name == name)
    line = connection.execute(select(t.line).where(*mine)).one()
    row = connection.execute(select(t.version).where(t.version.c.id == line.version_id)).one()
    reading, identities = load_reading(connection, _reading_to_compare(connection, line, seen))
    return Current(name, versions_of(connection, ref, [row])[0], reading, identities)


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


def _lines(connection: Connection, document_id: int) -> tuple[Line, ...]:
    """The open lines of a document, the one seen last first."""
    mine = select(t.line).where(t.line.c.document_id == document_id, t.line.c.ended_at.is_(None))
    rows = connection.execute(mine.order_by(t.line.c.attempt.desc(), t.line.c.name))
    return tuple(Line(row.name, row.version_id, row.read_by, row.started_at, row.seen_at) for row in rows)


def _announced(connection: Connection, document_id: int) -> frozenset[date]:
    """The days of coming versions that the document's pages have named."""
    mine = t.announcement.c.document_id == document_id
    return frozenset(connection.execute(select(t.announcement.c.takes_effect).where(mine)).scalars())


def _compared(connection: Connection, ref: DocumentRef, document_id: int, seen: Reading, known: Recalled) -> Recalled:
    """What is needed besides, where a text was read: the other lines, and what it returns to."""
    others = tuple(recall_current(connection, ref, document_id, one.name, seen) for one in known.lines[1:])
    equal = _equal(connection, ref, document_id, seen, [one.version_id for one in known.lines])
    known = replace(known, others=others, equal=equal)
    if equal:
        name, reopens = _line_of(connection, document_id, equal[0].id)
        before = Current(name, equal[0], *load_reading(connection, newest_reading(connection, equal[0].id, seen)))
        returns = _returns(connection, document_id, equal[0].id)
        return replace(known, before=before, line_of_equal=name, reopens=reopens, returns=returns)
    if not others or any(one.reading.meaning_hash == seen.meaning_hash for one in others):
        return known
    return replace(known, edits=tuple(one for line in known.lines for one in _edits(connection, document_id, line)))


def _reading_to_compare(connection: Connection, line: Row[Any], seen: Seen | None) -> str:
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
    connection: Connection, ref: DocumentRef, document_id: int, seen: Reading, current_ids: list[str]
) -> tuple[Version, ...]:
    """Earlier versions of the document that meant the same and are current for no line, newest first."""
    meant = select(t.reading.c.version_id).where(t.reading.c.meaning_hash == seen.meaning_hash)
    rows = connection.execute(
        select(t.version)
        .where(t.version.c.document_id == document_id)
        .where(t.version.c.id.not_in(current_ids), t.version.c.id.in_(meant))
        .order_by(t.version.c.number.desc())
    )
    return versions_of(connection, ref, rows)


def _line_of(connection: Connection, document_id: int, version_id: str) -> tuple[str, bool]:
    """The name of the line that ended with this version, and True; else the document's next name, and False."""
    mine = select(t.line.c.name).where(t.line.c.document_id == document_id)
    before = mine.where(t.line.c.version_id == version_id, t.line.c.ended_at.is_not(None))
    name = connection.execute(before.order_by(t.line.c.attempt.desc()).limit(1)).scalar_one_or_none()
    if name is not None:
        return name, True
    return name_of(len(connection.execute(mine).all()) + 1), False


def _returns(connection: Connection, document_id: int, version_id: str) -> frozenset[str]:
    """The changes from or to a version that were told as returns."""
    both = t.event.join(t.change, t.change.c.id == t.event.c.change_id)
    bear = or_(t.change.c.old_version_id == version_id, t.change.c.new_version_id == version_id)
    told = (t.event.c.document_id == document_id, t.event.c.kind == EventKind.RETURN)
    rows = connection.execute(select(t.change.c.id).select_from(both).where(*told, bear))
    return frozenset(rows.scalars())


def _edits(connection: Connection, document_id: int, line: Line) -> Iterator[ToldEdit]:
    """What was told of a line since it started, from its current version back."""
    version_id = line.version_id
    for _ in range(EDITS_MAX):
        parent = select(t.version.c.parent_id).where(t.version.c.id == version_id)
        parent_id: str | None = connection.execute(parent).scalar_one()
        if parent_id is None:
            return
        made = change_id(parent_id, version_id)
        told = (t.event.c.document_id == document_id, t.event.c.kind == EventKind.CHANGE, t.event.c.change_id == made)
        at = connection.execute(select(t.event.c.at).where(*told)).scalar_one_or_none()
        if at is not None and at > line.started_at:
            yield ToldEdit(line.name, _edit(connection, made), at)
        version_id = parent_id


def _edit(connection: Connection, change: str) -> str:
    row = connection.execute(select(t.change).where(t.change.c.id == change)).one()
    old, _ = load_reading(connection, row.old_reading_id)
    new, _ = load_reading(connection, row.new_reading_id)
    return edit(old, new, unpack(Comparison, row.comparison))


def _unsaid(connection: Connection, document_id: int, version_id: str) -> Unsaid | None:
    """The change from the version told last to this one, where that change is recorded and no return to it was told."""
    events = select(t.event).where(t.event.c.document_id == document_id)
    told = events.where(t.event.c.kind.in_((EventKind.CHANGE, EventKind.RETURN)))
    last = connection.execute(told.order_by(t.event.c.at.desc()).limit(1)).one_or_none()
    if last is None or last.version_id == version_id:
        return None
    made = change_id(last.version_id, version_id)
    returned = events.where(t.event.c.kind == EventKind.RETURN, t.event.c.change_id == made)
    both = t.change.join(t.assessment, t.assessment.c.change_id == t.change.c.id)
    change = select(t.assessment.c.data).select_from(both)
    change = change.where(t.change.c.id == made, t.change.c.difference == Difference.CHANGE)
    data = connection.execute(change.order_by(t.assessment.c.recorded_at.desc()).limit(1)).scalar_one_or_none()
    if data is None or connection.execute(returned).first() is not None:
        return None
    return Unsaid(made, version_id, unplain(Assessment, data).headline)
