"""Is an archive consistent, and was everything in it that is owed to somebody delivered, once? After a run of kills.

It reads the tables themselves, so that a wrong query of the program can't hide a wrong row.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from receivers import Received
from sqlalchemy import Connection, case, func, inspect, select

from monitor.core.model import ChannelKind, DeliveryKind, DeliveryState, Document, Reading
from monitor.core.read import read, read_by
from monitor.core.routing import FOR_SUBSCRIBERS
from monitor.store import tables as t
from monitor.store.documents import memories, snapshots
from monitor.store.engine import Store
from monitor.store.values import blob_bytes, unpack, unplain


@dataclass(frozen=True, slots=True)
class Audit:
    """What an archive holds and what is wrong with it. `texts`: of each document, its versions' meaning in order."""

    versions: int
    events: int
    owed: int
    delivered: int
    duplicates: int
    texts: dict[str, tuple[str, ...]]
    problems: tuple[str, ...]


def audit(store: Store, received: list[Received]) -> Audit:
    """Every promise held against the archive and against what arrived."""
    return store.read(lambda connection: _audit(connection, received))


def under_way(store: Store) -> frozenset[str]:
    """The checks and messages that somebody holds a lease of, each named by its attempt: what a kill interrupted."""

    def read(connection: Connection) -> frozenset[str]:
        if not inspect(connection).has_table(t.delivery.name):
            return frozenset()  # killed before or while the empty database was migrated
        checks = select(t.document.c.slug, t.document.c.attempt).where(t.document.c.lease_until.is_not(None))
        held = t.delivery.c.lease_until.is_not(None) & (t.delivery.c.state == DeliveryState.SEALED)
        sends = select(t.delivery.c.id, t.delivery.c.attempts).where(held)
        named = ((what, connection.execute(query)) for what, query in (("check", checks), ("message", sends)))
        return frozenset(f"{what} {name} {attempt}" for what, rows in named for name, attempt in rows)

    return store.read(read)


def settled(store: Store, since: datetime) -> bool:
    """Whether nothing is left to do: every document looked at since then, and every message settled."""
    return store.read(lambda connection: not any(connection.execute(query).scalar_one() for query in _waiting(since)))


def _waiting(since: datetime) -> Iterator[Any]:
    looked = t.document.c.last_check_at.is_not(None) & (t.document.c.last_check_at > since)
    yield select(func.count()).select_from(t.document).where(~looked | t.document.c.lease_until.is_not(None))
    yield select(func.count()).select_from(t.pending)
    yield select(func.count()).select_from(t.event).where(t.event.c.spread_at.is_(None))
    yield select(func.count()).select_from(t.notice).where(t.notice.c.delivery_id.is_(None))
    yield select(func.count()).select_from(t.delivery).where(t.delivery.c.state == DeliveryState.SEALED)


def _audit(connection: Connection, received: list[Received]) -> Audit:
    told = _told(connection)
    owed = _owed(connection)
    return Audit(
        versions=_count(connection, t.version),
        events=len({event for event, _ in owed}),
        owed=len(owed),
        delivered=len(owed & {(one.event, one.channel) for one in told if one.arrived(received)}),
        duplicates=len(received) - len({(one.recipient, one.id) for one in received}),
        texts=_texts(connection),
        problems=(
            *_undelivered(owed, told, received),
            *_told_twice(told, received),
            *_strangers(connection, received),
            *_inconsistent(connection),
        ),
    )


# ── Delivered, and once ──────────────────────────────────────────────────────────────────────────────────────────


def _owed(connection: Connection) -> set[tuple[str, str]]:
    """Every pair of an event and a channel of somebody who followed its platform then, worked out from the facts."""
    rows = connection.execute(
        select(t.event.c.id, t.channel.c.id)
        .join(t.document, t.document.c.id == t.event.c.document_id)
        .join(t.subscription, t.subscription.c.platform_id == t.document.c.platform_id)
        .join(t.channel, t.channel.c.subscriber_id == t.subscription.c.subscriber_id)
        .where(t.event.c.kind.in_(FOR_SUBSCRIBERS), t.subscription.c.started_at <= t.event.c.at)
    )
    return {(event, channel) for event, channel in rows}


@dataclass(frozen=True, slots=True)
class Told:
    """What the archive says of one notice: to whom, by which delivery, and the mark a message about it bears.

    Programs are given the id of the change, alerts for people the hash of the evidence, digests the headline.
    """

    event: str
    channel: str
    target: str
    delivery: str | None
    state: str | None
    mark: str

    def arrived(self, received: list[Received]) -> bool:
        """Whether a message that bears the mark came under the delivery's id."""
        return any(self.delivery is not None and self.delivery in one.id and self.borne_by(one) for one in received)

    def borne_by(self, message: Received) -> bool:
        """Whether a message to this channel bears the mark, whatever its id."""
        return message.recipient == self.target and self.mark in " ".join(message.content.split())


def _told(connection: Connection) -> list[Told]:
    query = (
        select(
            t.notice.c.event_id,
            t.notice.c.channel_id,
            t.channel.c.target,
            t.delivery.c.id,
            t.delivery.c.state,
            case(
                (t.channel.c.kind == ChannelKind.WEBHOOK, t.event.c.change_id),
                (t.delivery.c.kind == DeliveryKind.DIGEST, t.event.c.text),
                else_=t.blob.c.hash,
            ),
        )
        .join(t.event, t.event.c.id == t.notice.c.event_id)
        .join(t.channel, t.channel.c.id == t.notice.c.channel_id)
        .outerjoin(t.delivery, t.delivery.c.id == t.notice.c.delivery_id)
        .outerjoin(t.version_snapshot, t.version_snapshot.c.version_id == t.event.c.version_id)
        .outerjoin(t.snapshot, t.snapshot.c.id == t.version_snapshot.c.snapshot_id)
        .outerjoin(t.blob, t.blob.c.id == t.snapshot.c.blob_id)
        .where(t.event.c.kind.in_(FOR_SUBSCRIBERS))
    )
    return [Told(*row[:-1], mark=" ".join(row[-1].split())) for row in connection.execute(query)]


def _undelivered(owed: set[tuple[str, str]], told: list[Told], received: list[Received]) -> Iterator[str]:
    by_notice = {(one.event, one.channel): one for one in told}
    for event, channel in sorted(owed):
        one = by_notice.get((event, channel))
        if one is None or one.delivery is None:
            yield f"event {event} is owed to channel {channel}, but no delivery has it"
        elif one.state != DeliveryState.SENT:
            yield f"event {event}: delivery {one.delivery} is {one.state}"
        elif not one.arrived(received):
            yield f"event {event}: delivery {one.delivery} is marked sent, but no message with its content arrived"


def _told_twice(told: list[Told], received: list[Received]) -> Iterator[str]:
    """Nothing may come under two ids, nor two contents under one: judged by what arrived."""
    events = Counter((one.target, one.mark) for one in told)  # a return is borne by the evidence of its first sight
    for one in {(one.target, one.mark): one for one in told}.values():
        ids = {message.id for message in received if one.borne_by(message)}
        if len(ids) > events[one.target, one.mark]:
            yield f"{one.target} was told {one.mark!r} under {len(ids)} ids: {', '.join(sorted(ids))}"
    contents = defaultdict[tuple[str, str], set[str]](set)
    for message in received:
        contents[message.recipient, message.id].add(message.content)
    for (recipient, name), found in contents.items():
        if len(found) > 1:
            yield f"{recipient} got {len(found)} different messages under the id {name}"


def _strangers(connection: Connection, received: list[Received]) -> Iterator[str]:
    known = set(connection.execute(select(t.delivery.c.id)).scalars())
    for one in received:
        if not any(name in one.id for name in known):
            yield f"{one.recipient} got a message that the archive doesn't know: {one.id}"


# ── Consistent ───────────────────────────────────────────────────────────────────────────────────────────────────


def _inconsistent(connection: Connection) -> Iterator[str]:
    yield from _damaged(connection)
    yield from _blobs(connection)
    yield from _numbers(connection)
    yield from _lines(connection)
    yield from _readings(connection)


def _damaged(connection: Connection) -> Iterator[str]:
    """What the database says of itself. PostgreSQL holds its keys at every moment and has no such command."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"integrity_check: {line}"
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"foreign_key_check: {tuple(row)}"


def _blobs(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(t.blob)):
        body = blob_bytes(row.hash, row.codec, row.data)
        if hashlib.sha256(body).hexdigest() != row.hash or len(body) != row.size:
            yield f"blob {row.id} isn't what its hash says"


def _numbers(connection: Connection) -> Iterator[str]:
    numbers = defaultdict[int, list[int]](list)
    for row in connection.execute(select(t.version).order_by(t.version.c.document_id, t.version.c.number)):
        numbers[row.document_id].append(row.number)
    for document, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"document {document}: its versions are numbered {found}"


def _lines(connection: Connection) -> Iterator[str]:
    """The newest version or the one last returned to is current for the line seen last, which a check saw."""
    other, line = t.version.alias(), t.line
    newest = select(func.max(other.c.number)).where(other.c.document_id == line.c.document_id)
    moved = (
        select(t.check.c.result)
        .where(t.check.c.document_id == line.c.document_id, t.check.c.result.in_(("archived", "returned")))
        .order_by(t.check.c.attempt.desc())
        .limit(1)
    )
    query = select(
        line.c.document_id,
        line.c.name,
        line.c.version_id,
        line.c.ended_at,
        line.c.attempt,
        t.version.c.number,
        newest.scalar_subquery().label("newest"),
        moved.scalar_subquery().label("moved"),
    ).join(t.version, t.version.c.id == line.c.version_id)
    shown: dict[int, Any] = {}
    for row in connection.execute(query.order_by(line.c.attempt)):
        yield from _verified(connection, row)
        if row.ended_at is None:
            shown[row.document_id] = row
    for row in shown.values():
        if row.moved == "archived" and row.number != row.newest:
            yield f"document {row.document_id}: its line points at version {row.number}, the newest is {row.newest}"
        if row.moved is None:
            yield f"document {row.document_id}: its line points at version {row.number}, but no check put it there"
    known = set(connection.execute(select(t.version.c.document_id)).scalars())
    yield from (f"document {one}: it has versions but no open line" for one in known - shown.keys())


def _verified(connection: Connection, line: Any) -> Iterator[str]:
    table = t.verification
    mine = (table.c.document_id == line.document_id) & (table.c.line == line.name) & table.c.ended_at.is_(None)
    for row in connection.execute(select(table).where(mine)):
        if row.version_id != line.version_id or line.ended_at is not None:
            yield f"document {line.document_id}: verified as version {row.version_id}, its line points at another"
        if row.first_at > row.last_at or row.looks < 1:
            yield f"document {line.document_id}: {row.looks} verifications from {row.first_at} to {row.last_at}"


def _readings(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(t.reading.c.id, t.reading.c.data)):
        if unpack(Reading, row.data).id != row.id:
            yield f"reading {row.id} isn't what its id says"
    unread = select(t.version.c.id).where(t.version.c.id.not_in(select(t.reading.c.version_id)))
    yield from (f"version {one} has no reading" for one in connection.execute(unread).scalars())


# ── Made again ───────────────────────────────────────────────────────────────────────────────────────────────────


def not_made_again(store: Store) -> tuple[int, list[str]]:
    """How many readings today's reader made again from their snapshots, declaration and memories, and which differ.

    Left out is what an older reader or another declaration made.
    """
    both = t.reading.join(t.version, t.version.c.id == t.reading.c.version_id)
    both = both.join(t.document, t.document.c.id == t.version.c.document_id)
    query = select(t.reading.c.data, t.document.c.declaration).select_from(both)
    rows = store.read(lambda connection: connection.execute(query).all())
    made, differing = 0, []
    for row in rows:
        stored, document = unpack(Reading, row.data), unplain(Document, row.declaration)
        if stored.made_by != read_by(document):
            continue
        again = read(document, snapshots(store, stored.snapshots), memories(store, stored.memories))
        made += 1
        if again != stored:
            differing.append(f"{document.ref}: reading {stored.id} is another one when made again")
    return made, differing


# ── What it holds ────────────────────────────────────────────────────────────────────────────────────────────────


def _texts(connection: Connection) -> dict[str, tuple[str, ...]]:
    query = (
        select(t.document.c.slug, t.version.c.number, func.min(t.reading.c.meaning_hash))
        .join(t.version, t.version.c.document_id == t.document.c.id)
        .join(t.reading, t.reading.c.version_id == t.version.c.id)
        .group_by(t.document.c.slug, t.version.c.number)
        .order_by(t.document.c.slug, t.version.c.number)
    )
    texts = defaultdict[str, list[str]](list)
    for slug, _, meaning in connection.execute(query):
        texts[slug].append(meaning)
    return {slug: tuple(found) for slug, found in texts.items()}


def deliveries_by_kind(store: Store) -> dict[str, int]:
    """How many deliveries of each kind were sent."""
    query = select(t.delivery.c.kind).where(t.delivery.c.state == DeliveryState.SENT)
    counts = Counter(store.read(lambda connection: list(connection.execute(query).scalars())))
    return {kind.value: counts[kind] for kind in DeliveryKind}


def differing(expected: dict[str, tuple[str, ...]], found: dict[str, tuple[str, ...]]) -> Iterable[str]:
    """The documents whose texts aren't those of the control run, in the same order."""
    for slug in sorted(expected.keys() | found.keys()):
        if expected.get(slug) != found.get(slug):
            counts = len(expected.get(slug, ())), len(found.get(slug, ()))
            yield f"{slug}: the control run has {counts[0]} versions, this one {counts[1]}, and not of the same texts"


def _count(connection: Connection, table: Any) -> int:
    count: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return count
