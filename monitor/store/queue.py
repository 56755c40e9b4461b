"""The queue: which document is due, who has it, and what is known of it when its check begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, func, or_, select, update

from monitor.core.model import Document, DocumentRef, Incident, Kept, KnownSource, Source
from monitor.store import tables as t
from monitor.store.engine import Lock, Store, lock
from monitor.store.recalling import open_incident
from monitor.store.values import unplain

SPREAD_BATCH = 500  # documents given another time in one transaction

_OTHER = t.document.alias("other")  # made once: SQLAlchemy takes longer to make it than SQLite to use it


@dataclass(frozen=True, slots=True)
class Claim:
    """One document to be checked by whoever holds this, and nobody else, until the lease ends.

    `attempt` is the fence: what is recorded under an older one is refused. `now` is the database's, and the time of
    everything in this check. `is_pending`: a text waits to be believed.
    """

    document: Document
    document_id: int
    attempt: int
    now: datetime
    known: tuple[KnownSource, ...]
    incident: Incident | None
    last_check_at: datetime | None
    is_pending: bool = False


def claim(store: Store, *, lease_s: float, per_host: int, only: DocumentRef | None = None) -> Claim | None:
    """Takes the document that has been due longest, or None where none is due.

    At most `per_host` documents of one host are claimed at a time. With `only`, that document is taken whether due or
    not; None then says that somebody else is checking it, or its host, right now, or that it is paused.
    """

    def write(connection: Connection) -> Claim | None:
        lock(connection, Lock.CLAIM)  # else two who count the same host's seats at once both find one free
        now = store.now(connection)
        due = _due(now, per_host, only)
        taken = connection.execute(
            update(t.document)
            .where(t.document.c.id == due)
            .values(lease_until=now + timedelta(seconds=lease_s), attempt=t.document.c.attempt + 1)
            .returning(*(t.document.c[name] for name in ("id", "declaration", "attempt", "last_check_at", "until")))
        ).one_or_none()
        if taken is None:
            return None
        known = _known(connection, taken.id)
        return Claim(
            document=unplain(Document, taken.declaration),
            document_id=taken.id,
            attempt=taken.attempt,
            now=now,
            known=_unread(known) if taken.until and taken.until <= now.date() else known,
            incident=open_incident(connection, taken.id),
            last_check_at=taken.last_check_at,
            is_pending=_is_pending(connection, taken.id),
        )

    return store.write(write)


def spread_out(store: Store, window_s: float) -> int:
    """Gives the checks that came due while nobody looked their times anew, evenly over the window, oldest first.

    Each is made once, however often it was missed. Documents never looked at before stay due at once. Returns how
    many were moved.
    """
    missed = store.read(lambda connection: _missed(connection, store.now(connection)))
    if not missed:
        return 0
    start = store.read(store.now)
    step_s = window_s / len(missed)
    times = [(key, start + timedelta(seconds=step_s * place)) for place, key in enumerate(missed)]
    for first in range(0, len(times), SPREAD_BATCH):
        store.write(partial(_put_off, batch=times[first : first + SPREAD_BATCH], start=start))
    return len(missed)


def _due(now: datetime, per_host: int, only: DocumentRef | None) -> ScalarSelect[int]:
    document, other = t.document, _OTHER
    free = or_(document.c.lease_until.is_(None), document.c.lease_until <= now)
    seats = select(func.count()).where(other.c.host == document.c.host, other.c.lease_until > now).scalar_subquery()
    conditions: list[ColumnElement[bool]] = [free, document.c.paused_at.is_(None), seats < per_host]
    if only is None:
        conditions.append(document.c.next_check_at <= now)
    else:
        conditions += [document.c.platform_id == only.platform, document.c.slug == only.document]
    longest = select(document.c.id).where(*conditions).order_by(document.c.next_check_at, document.c.id).limit(1)
    return longest.with_for_update(skip_locked=True, of=document).scalar_subquery()


def _is_pending(connection: Connection, document_id: int) -> bool:
    mine = select(t.pending.c.document_id).where(t.pending.c.document_id == document_id)
    return connection.execute(mine).one_or_none() is not None


def _known(connection: Connection, document_id: int) -> tuple[KnownSource, ...]:
    reads = t.document_source
    both = reads.join(t.source, t.source.c.id == reads.c.source_id)
    mine = (reads.c.document_id == document_id, reads.c.ended_at.is_(None))
    wanted = select(t.source, reads.c.read_id).select_from(both).where(*mine).order_by(reads.c.position)
    rows = connection.execute(wanted).all()
    kept = _kept(connection, {one for row in rows for one in (row.last_kept_id, row.bears_id, row.read_id) if one})
    return tuple(
        KnownSource(
            source=Source(row.url, row.language),
            last_kept=kept.get(row.last_kept_id),
            bears=kept.get(row.bears_id),
            read=kept.get(row.read_id),
            etag=row.etag,
            last_modified=row.last_modified,
            answered_at=row.answered_at,
            memory=row.memory_hash or "",
        )
        for row in rows
    )


def _unread(known: tuple[KnownSource, ...]) -> tuple[KnownSource, ...]:
    """The sources as if nothing of them were known: the same pages read otherwise by now, and are to be seen anew."""
    return tuple(KnownSource(one.source) for one in known)


def _kept(connection: Connection, ids: set[str]) -> dict[str, Kept]:
    both = t.snapshot.join(t.blob, t.blob.c.id == t.snapshot.c.blob_id)
    wanted = select(t.snapshot.c.id, t.blob.c.hash, t.snapshot.c.fingerprint).select_from(both)
    rows = connection.execute(wanted.where(t.snapshot.c.id.in_(ids)))
    return {row.id: Kept(row.id, row.hash, row.fingerprint) for row in rows}


def _missed(connection: Connection, now: datetime) -> list[int]:
    document = t.document
    overdue = select(document.c.id).where(
        document.c.next_check_at <= now,
        document.c.last_check_at.is_not(None),
        document.c.paused_at.is_(None),
        or_(document.c.lease_until.is_(None), document.c.lease_until <= now),
    )
    return list(connection.execute(overdue.order_by(document.c.next_check_at, document.c.id)).scalars())


def _put_off(connection: Connection, batch: list[tuple[int, datetime]], start: datetime) -> None:
    """Gives each its time, unless somebody has checked it since."""
    statement = (
        update(t.document)
        .where(t.document.c.id == bindparam("key"), t.document.c.next_check_at <= start)
        .values(next_check_at=bindparam("time"))
    )
    connection.execute(statement, [{"key": key, "time": time} for key, time in batch])
