"""What a check comes to, written down: snapshots, versions, readings, changes, what was verified, what is to be told.

Runs inside the transaction of `documents.record`, after the fence. Ids are derived from what they are about, so that
whatever is there already stays as it is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, delete, insert, literal, or_, select, update

from monitor.core.memory import NOTHING, name_of, teach
from monitor.core.model import (
    Announcement,
    Archived,
    Change,
    Event,
    Failed,
    Held,
    Incident,
    Lesson,
    Look,
    Memory,
    NotModified,
    Outcome,
    Pending,
    Reading,
    Reread,
    Result,
    Returned,
    Snapshot,
    SourceLook,
    Suspect,
    Unchanged,
    Version,
)
from monitor.core.schedule import next_after
from monitor.store import tables as t
from monitor.store.instants import Instant
from monitor.store.queue import Claim
from monitor.store.values import CODEC, compress, insert_new, pack, plain, unpack

BLIND_AFTER = timedelta(days=1)  # without a look; less is lateness, not blindness

_NAMES: dict[type, str] = {
    NotModified: "not_modified",
    Unchanged: "unchanged",
    Archived: "archived",
    Reread: "reread",
    Returned: "returned",
    Held: "held",
    Suspect: "suspect",
    Failed: "failed",
}
_SEEN = NotModified | Unchanged | Archived | Reread | Returned  # the looks that saw the terms


def result_name(result: Result) -> str:
    """The name of a result in the tables."""
    return _NAMES[type(result)]


@dataclass(frozen=True, slots=True)
class Packed:
    """What takes time to compress, made before the transaction: everybody else who writes waits for that."""

    bodies: dict[str, bytes]  # by their hash
    readings: dict[str, bytes]  # by their id
    comparison: bytes


def packed(look: Look, outcome: Outcome) -> Packed:
    """Everything of a check that is stored compressed."""
    readings = [one.reading for one in outcome.rereadings]
    comparison = b""
    if isinstance(outcome.result, Archived | Returned):
        readings.append(outcome.result.reading)
        comparison = pack(outcome.result.change.comparison) if outcome.result.change else b""
    return Packed(
        bodies={one.keep.body_hash: compress(one.keep.body) for one in look.sources if one.keep},
        readings={reading.id: pack(reading) for reading in readings},
        comparison=comparison,
    )


def record_outcome(connection: Connection, claim: Claim, look: Look, outcome: Outcome, packed: Packed) -> None:
    """Writes everything but the document's own row."""
    document_id, now = claim.document_id, claim.now
    for one in sorted(look.sources, key=lambda one: one.source.id):  # one order, so that no two wait for each other
        _write_source(connection, one, now, packed)
    for lesson in sorted(outcome.lessons, key=lambda lesson: lesson.source_id):
        _write_lesson(connection, lesson)
    _write_rereadings(connection, document_id, now, outcome, packed)
    if isinstance(outcome.result, Archived | Returned):
        _write_text(connection, claim, outcome.line, outcome.result, packed)
    if isinstance(outcome.result, _SEEN):
        _write_reads(connection, document_id, look)
        _see_line(connection, claim, outcome)
        _verify(connection, claim, outcome.line)
    else:
        _end_verification(connection, document_id, now)
    if look.audited or not isinstance(outcome.result, NotModified | Unchanged):
        _write_check(connection, claim, look, outcome.result)
    _write_pending(connection, document_id, outcome.pending)
    _write_incident(connection, document_id, now, outcome.incident)
    _write_announced(connection, document_id, now, outcome.announced)
    _write_events(connection, document_id, outcome.events)


# ── Evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_source(connection: Connection, look: SourceLook, now: datetime, packed: Packed) -> None:
    source = t.source
    mine = source.c.id == look.source.id
    if look.keep is not None:
        _write_snapshot(connection, look.keep, now, packed.bodies[look.keep.body_hash])
        connection.execute(update(source).where(mine).values(last_kept_id=look.keep.id))
    if look.bears is not None:
        # Another document's check of the same source may have recorded a later answer already.
        newest = or_(source.c.answered_at.is_(None), source.c.answered_at <= look.answered_at)
        connection.execute(
            update(source)
            .where(mine, newest)
            .values(
                bears_id=look.bears.snapshot_id,
                etag=look.etag,
                last_modified=look.last_modified,
                answered_at=look.answered_at,
            )
        )


def _write_snapshot(connection: Connection, snapshot: Snapshot, now: datetime, body: bytes) -> None:
    blob = {"hash": snapshot.body_hash, "size": len(snapshot.body), "codec": CODEC, "data": body}
    insert_new(connection, t.blob, blob)
    named = select(t.blob.c.id).where(t.blob.c.hash == snapshot.body_hash)
    row = {
        "id": snapshot.id,
        "source_id": snapshot.source_id,
        "blob_id": connection.execute(named).scalar_one(),
        "fingerprint": snapshot.fingerprint,
        "chain": plain(snapshot.chain),
        "status": snapshot.status,
        "headers": plain(snapshot.headers),
        "complete": snapshot.complete,
        "fetched_at": snapshot.fetched_at,
        "recorded_at": now,
    }
    insert_new(connection, t.snapshot, row)


def _write_reads(connection: Connection, document_id: int, look: Look) -> None:
    reads = t.document_source
    for one in look.sources:
        if one.bears is not None:
            mine = (reads.c.document_id == document_id, reads.c.source_id == one.source.id)
            connection.execute(update(reads).where(*mine).values(read_id=one.bears.snapshot_id))


def _write_lesson(connection: Connection, lesson: Lesson) -> None:
    """Teaches what the source is remembered by now: another document's check may have taught it since the claim."""
    source = t.source
    both = source.outerjoin(t.memory, t.memory.c.hash == source.c.memory_hash)
    mine = source.c.id == lesson.source_id
    known = select(source.c.memory_hash, t.memory.c.data).select_from(both).where(mine).with_for_update(of=source)
    row = connection.execute(known).one()
    memory = teach(unpack(Memory, row.data) if row.data else NOTHING, lesson)
    name = name_of(memory)
    if name == row.memory_hash:
        return
    insert_new(connection, t.memory, {"hash": name, "data": pack(memory)})
    connection.execute(update(source).where(mine).values(memory_hash=name))


# ── Versions, readings, changes ──────────────────────────────────────────────────────────────────────────────────


def _write_rereadings(
    connection: Connection, document_id: int, now: datetime, outcome: Outcome, packed: Packed
) -> None:
    """The readings made on the way, each of the version that is current for its line."""
    for one in outcome.rereadings:
        reading = one.reading
        _write_reading(connection, one.version.id, reading, one.identities, now, packed.readings[reading.id])
        read = {"reading_id": reading.id, "read_by": reading.made_by}
        connection.execute(update(t.line).where(*_line(document_id, one.line)).values(read))
    for name, read_by in outcome.unread:
        connection.execute(update(t.line).where(*_line(document_id, name)).values(read_by=read_by))


def _write_text(connection: Connection, claim: Claim, line: str, result: Archived | Returned, packed: Packed) -> None:
    """The version and what it changed, and the line moved to it."""
    reading = result.reading
    if isinstance(result, Archived):
        _write_version(connection, claim.document_id, result.version)
    data = packed.readings[reading.id]
    _write_reading(connection, result.version.id, reading, result.identities, claim.now, data)
    if result.change is not None:
        _write_change(connection, claim.document_id, result.change, claim.now, packed.comparison)
    _move_line(connection, claim, line, result.version.id, reading)


def _write_version(connection: Connection, document_id: int, version: Version) -> None:
    row = {
        "id": version.id,
        "document_id": document_id,
        "number": version.number,
        "parent_id": version.parent_id,
        "difference": version.difference,
        "seen_from": version.seen_from,
        "recorded_at": version.recorded_at,
    }
    insert_new(connection, t.version, row)
    borne = [
        {"version_id": version.id, "position": position, "snapshot_id": snapshot_id}
        for position, snapshot_id in enumerate(version.snapshots)
    ]
    insert_new(connection, t.version_snapshot, *borne)


def _write_reading(
    connection: Connection, version_id: str, reading: Reading, identities: tuple[str, ...], now: datetime, data: bytes
) -> None:
    row = {
        "id": reading.id,
        "version_id": version_id,
        "reader": reading.reader,
        "declaration": reading.declaration,
        "memories": list(reading.memories),
        "words_hash": reading.words_hash,
        "meaning_hash": reading.meaning_hash,
        "undated_hash": reading.undated_hash,
        "data": data,
        "recorded_at": now,
    }
    insert_new(connection, t.reading, row)
    provisions = [
        {
            "reading_id": reading.id,
            "ordinal": one.ordinal,
            "identity": identity,
            "kind": one.kind,
            "label": one.label,
            "title": one.title,
            "start": one.start,
            "end": one.end,
        }
        for one, identity in zip(reading.provisions, identities, strict=True)
    ]
    insert_new(connection, t.provision, *provisions)


def _write_change(connection: Connection, document_id: int, change: Change, now: datetime, comparison: bytes) -> None:
    row = {
        "id": change.id,
        "document_id": document_id,
        "old_version_id": change.old_version_id,
        "new_version_id": change.new_version_id,
        "old_reading_id": change.old_reading_id,
        "new_reading_id": change.new_reading_id,
        "compare": change.compare,
        "difference": change.comparison.difference,
        "comparison": comparison,
        "recorded_at": now,
    }
    insert_new(connection, t.change, row)
    assessed = change.assessment
    row = {
        "change_id": change.id,
        "rules": assessed.rules,
        "severity": assessed.severity,
        "data": plain(assessed),
        "recorded_at": now,
    }
    insert_new(connection, t.assessment, row)


def _move_line(connection: Connection, claim: Claim, name: str, version_id: str, reading: Reading) -> None:
    """Points the line at the version, with a line of this name first where there is none."""
    now = claim.now
    moved = {"version_id": version_id, "reading_id": reading.id, "read_by": reading.made_by}
    seen = {"attempt": claim.attempt, "started_at": now, "seen_at": now}
    insert_new(connection, t.line, {"document_id": claim.document_id, "name": name, **moved, **seen})
    connection.execute(update(t.line).where(*_line(claim.document_id, name)).values(moved))


def _see_line(connection: Connection, claim: Claim, outcome: Outcome) -> None:
    """Marks the line as the one seen last, and ends those that end with this look, with what was verified of them."""
    reopened = case((t.line.c.ended_at.is_not(None), literal(claim.now, Instant())), else_=t.line.c.started_at)
    seen = update(t.line).where(*_line(claim.document_id, outcome.line))
    values = {"attempt": claim.attempt, "seen_at": claim.now, "started_at": reopened, "ended_at": None}
    connection.execute(seen.values(values))
    for name in outcome.ended:
        mine = (*_line(claim.document_id, name), t.line.c.ended_at.is_(None))
        connection.execute(update(t.line).where(*mine).values(ended_at=claim.now))
        _end_verification(connection, claim.document_id, claim.now, name)


def _line(document_id: int, name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (t.line.c.document_id == document_id, t.line.c.name == name)


# ── What could be seen ───────────────────────────────────────────────────────────────────────────────────────────


def _verify(connection: Connection, claim: Claim, line: str) -> None:
    """Extends the interval in which every look at the line found its version, or ends the open one, starts another.

    A look that finds another line says nothing about this one, and ends nothing.
    """
    table, now = t.verification, claim.now
    if _was_blind(claim):
        _end_verification(connection, claim.document_id, now)
    version_id = connection.execute(select(t.line.c.version_id).where(*_line(claim.document_id, line))).scalar_one()
    mine = (table.c.document_id == claim.document_id, table.c.line == line, table.c.ended_at.is_(None))
    interval = connection.execute(select(table).where(*mine)).one_or_none()
    if interval is not None and interval.version_id == version_id:
        extended = update(table).where(table.c.id == interval.id)
        connection.execute(extended.values(last_at=now, looks=table.c.looks + 1))
        return
    _end_verification(connection, claim.document_id, now, line)
    row = {"document_id": claim.document_id, "line": line, "version_id": version_id, "looks": 1}
    connection.execute(insert(table).values(**row, first_at=now, last_at=now))


def _was_blind(claim: Claim) -> bool:
    """Whether a look was missed and a day went by (nothing ran, or the document was paused): that was no watching."""
    if claim.last_check_at is None:
        return False
    usual = next_after(claim.document.schedule, claim.last_check_at) - claim.last_check_at
    return claim.now - claim.last_check_at > max(2 * usual, BLIND_AFTER)


def _end_verification(connection: Connection, document_id: int, now: datetime, line: str | None = None) -> None:
    """Ends what is being verified of the document, or of one of its lines."""
    table = t.verification
    mine = [table.c.document_id == document_id, table.c.ended_at.is_(None)]
    if line is not None:
        mine.append(table.c.line == line)
    connection.execute(update(table).where(*mine).values(ended_at=now))


def _write_check(connection: Connection, claim: Claim, look: Look, result: Result) -> None:
    seen = [one.keep.id if one.keep else one.bears.snapshot_id if one.bears else None for one in look.sources]
    row = {
        "document_id": claim.document_id,
        "attempt": claim.attempt,
        "at": claim.now,
        "result": result_name(result),
        "snapshot_ids": [snapshot_id for snapshot_id in seen if snapshot_id is not None],
        "audited": look.audited,
        **_why(result),
    }
    connection.execute(insert(t.check).values(row))


def _why(result: Result) -> dict[str, str]:
    match result:
        case Held(pending):
            return {"kind": pending.kind, "reason": pending.reason}
        case Suspect(kind, reason) | Failed(kind, reason):
            return {"kind": kind, "reason": reason}
        case _:
            return {}


def _write_pending(connection: Connection, document_id: int, pending: Pending | None) -> None:
    mine = t.pending.c.document_id == document_id
    connection.execute(delete(t.pending).where(mine))
    if pending is not None:
        connection.execute(insert(t.pending).values(document_id=document_id, **asdict(pending)))


def _write_incident(connection: Connection, document_id: int, now: datetime, incident: Incident | None) -> None:
    table = t.incident
    mine = (table.c.document_id == document_id, table.c.closed_at.is_(None))
    if incident is None:
        connection.execute(update(table).where(*mine).values(closed_at=now))
        return
    values = asdict(incident)
    if connection.execute(update(table).where(*mine).values(values)).rowcount == 0:
        connection.execute(insert(table).values(document_id=document_id, **values))


# ── What is to be told ───────────────────────────────────────────────────────────────────────────────────────────


def _write_announced(
    connection: Connection, document_id: int, now: datetime, announced: tuple[Announcement, ...]
) -> None:
    rows = [{"document_id": document_id, "at": now, **asdict(one)} for one in announced]
    insert_new(connection, t.announcement, *rows)


def _write_events(connection: Connection, document_id: int, events: tuple[Event, ...]) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": event.id,
            "document_id": document_id,
            "kind": event.kind,
            "about": event.about,
            "at": event.at,
            "change_id": event.change_id,
            "version_id": event.version_id,
            "text": event.text,
        }
        for event in events
    ]
    insert_new(connection, t.event, *rows)
