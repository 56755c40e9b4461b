"""What is owed: events become notices, notices are claimed by deliveries. Sending those is in deliveries.py.

Every function is one transaction. Who gets a notice is decided as of the event, what a delivery says before it is
sealed; whoever changes a row first is believed by the count of rows, never by what was read before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core import routing
from monitor.core.model import Channel, ChannelKind, Delivery, DeliveryState, EventKind, Plan
from monitor.core.routing import Periods
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.instants import Instant
from monitor.store.values import insert_new, pack

SPREAD_BATCH = 1_000  # notices in one transaction: 100,000 kept another writer waiting for 1.9 s, 1,000 for 0.09 s

# ── Spreading ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unspread:
    """An event whose notices aren't all written yet."""

    id: str
    kind: EventKind
    at: datetime
    platform_id: str


def unspread(store: Store, limit: int) -> tuple[Unspread, ...]:
    """The oldest events that aren't spread yet."""
    query = (
        select(t.event.c.id, t.event.c.kind, t.event.c.at, t.document.c.platform_id)
        .join(t.document, t.document.c.id == t.event.c.document_id)
        .where(t.event.c.spread_at.is_(None))
        .order_by(t.event.c.at, t.event.c.id)
        .limit(limit)
    )
    return store.read(
        lambda connection: tuple(
            Unspread(row.id, EventKind(row.kind), row.at, row.platform_id) for row in connection.execute(query)
        )
    )


def spread_batch(store: Store, event: Unspread, periods: Periods, batch: int = SPREAD_BATCH) -> bool:
    """Writes up to `batch` notices of an event; true once every one owed of it is written.

    The event is marked in the same transaction that finds nobody left to be told, so that a crash or another process
    in between costs a repeat and no notice.
    """
    owed = _owed(event, periods)
    nobody_left = ~owed.with_only_columns(literal(1)).exists()

    def write(connection: Connection) -> bool:
        new = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        rows = owed.order_by(t.channel.c.id).limit(batch)
        columns = ["event_id", "channel_id", "due_at"]
        connection.execute(new(t.notice).from_select(columns, rows).on_conflict_do_nothing())
        connection.execute(
            update(t.event)
            .where(t.event.c.id == event.id, t.event.c.spread_at.is_(None), nobody_left)
            .values(spread_at=store.now(connection))
        )
        spread_at = connection.execute(select(t.event.c.spread_at).where(t.event.c.id == event.id)).scalar_one()
        return spread_at is not None

    return store.write(write)


def _owed(event: Unspread, periods: Periods) -> Select[tuple[str, str, datetime | None]]:
    """The channels that are owed a notice of the event and have none yet, each with its due time."""
    plans = sorted(routing.audience(event.kind))
    due = {plan: routing.due_at(plan, event.kind, event.at, periods) for plan in plans}
    never = cast(null(), Instant())
    when = [(t.subscriber.c.plan == plan, literal(at, Instant())) for plan, at in due.items() if at is not None]
    noticed = exists().where(t.notice.c.event_id == event.id, t.notice.c.channel_id == t.channel.c.id)
    return (
        select(literal(event.id), t.channel.c.id, case(*when, else_=never) if when else never)
        .select_from(t.channel.join(t.subscriber, t.subscriber.c.id == t.channel.c.subscriber_id))
        .where(t.subscriber.c.plan.in_(plans), t.channel.c.ended_at.is_(None), ~noticed)
        .where(or_(t.subscriber.c.plan == Plan.OPERATOR, _followed(event)))
    )


def _followed(event: Unspread) -> ColumnElement[bool]:
    """Whether the subscriber followed the platform at the moment of the event."""
    return exists().where(
        t.subscription.c.subscriber_id == t.subscriber.c.id,
        t.subscription.c.platform_id == event.platform_id,
        t.subscription.c.started_at <= event.at,
        or_(t.subscription.c.ended_at.is_(None), t.subscription.c.ended_at > event.at),
    )


# ── What is due ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Recipient:
    """A channel as it is written to."""

    channel: Channel
    plan: Plan
    time_zone: str


@dataclass(frozen=True, slots=True)
class Owed:
    """Events of one document that one channel is to be told now, oldest first."""

    recipient: Recipient
    document_id: int
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A channel whose digest's time has come: with every notice that nothing has claimed, oldest event first.

    `since` is when the channel's last digest was sealed.
    """

    recipient: Recipient
    subscriber_id: int
    due_at: datetime
    since: datetime | None
    event_ids: tuple[str, ...]


def owed(store: Store, limit: int) -> tuple[datetime, tuple[Owed, ...]]:
    """Now, and what is owed by now to up to `limit` pairs of channel and document.

    What else waits for the same document and channel but isn't due yet comes along: it would only make a second
    message.
    """
    return store.read(lambda connection: _owed_now(connection, store.now(connection), limit))


def _owed_now(connection: Connection, now: datetime, limit: int) -> tuple[datetime, tuple[Owed, ...]]:
    # Who left a plan with a digest isn't kept waiting for one: what waits on such a channel is due.
    stranded = and_(t.notice.c.due_at.is_(None), t.channel.c.next_digest_at.is_(None))
    unclaimed = (t.notice.c.delivery_id.is_(None), t.channel.c.ended_at.is_(None))
    joined = (
        t.notice.join(t.event, t.event.c.id == t.notice.c.event_id)
        .join(t.channel, t.channel.c.id == t.notice.c.channel_id)
        .join(t.subscriber, t.subscriber.c.id == t.channel.c.subscriber_id)
    )
    due = (
        select(t.notice.c.channel_id, t.event.c.document_id)
        .select_from(joined)
        .where(*unclaimed, or_(t.notice.c.due_at <= now, stranded))
        .distinct()
        .limit(limit)
        .subquery()
    )
    query = (
        select(*_RECIPIENT, t.event.c.id.label("event_id"), t.event.c.document_id)
        .select_from(
            joined.join(due, (due.c.channel_id == t.notice.c.channel_id) & (due.c.document_id == t.event.c.document_id))
        )
        .where(*unclaimed, or_(t.notice.c.due_at.is_not(None), stranded))
        .order_by(t.event.c.at, t.event.c.id)
    )
    groups: dict[tuple[Recipient, int], list[str]] = {}
    for row in connection.execute(query):
        groups.setdefault((_recipient(row), row.document_id), []).append(row.event_id)
    return now, tuple(Owed(recipient, document, tuple(ids)) for (recipient, document), ids in groups.items())


def due_digests(store: Store, limit: int) -> tuple[datetime, tuple[DueDigest, ...]]:
    """Now, and up to `limit` channels whose digest's time has come."""

    def read(connection: Connection) -> tuple[datetime, tuple[DueDigest, ...]]:
        now = store.now(connection)
        query = (
            select(*_RECIPIENT, t.channel.c.id, t.channel.c.subscriber_id, t.channel.c.next_digest_at)
            .join(t.subscriber, t.subscriber.c.id == t.channel.c.subscriber_id)
            .where(t.channel.c.next_digest_at <= now, t.channel.c.ended_at.is_(None))
            .order_by(t.channel.c.next_digest_at, t.channel.c.id)
            .limit(limit)
        )
        return now, tuple(_due_digest(connection, row) for row in connection.execute(query).all())

    return store.read(read)


def _due_digest(connection: Connection, row: Row[*tuple[Any, ...]]) -> DueDigest:
    before = select(func.max(t.delivery.c.sealed_at)).where(
        t.delivery.c.channel_id == row.id, t.delivery.c.period.is_not(None)
    )
    waiting = (
        select(t.notice.c.event_id)
        .join(t.event, t.event.c.id == t.notice.c.event_id)
        .where(t.notice.c.channel_id == row.id, t.notice.c.delivery_id.is_(None))
        .order_by(t.event.c.at, t.event.c.id)
    )
    return DueDigest(
        recipient=_recipient(row),
        subscriber_id=row.subscriber_id,
        due_at=row.next_digest_at,
        since=connection.execute(before).scalar_one(),
        event_ids=tuple(connection.execute(waiting).scalars()),
    )


_RECIPIENT = (
    t.channel.c.kind,
    t.channel.c.target,
    t.subscriber.c.address,
    t.subscriber.c.plan,
    t.subscriber.c.time_zone,
)


def _recipient(row: Row[*tuple[Any, ...]]) -> Recipient:
    channel = Channel(ChannelKind(row.kind), row.target, row.address)
    return Recipient(channel, Plan(row.plan), row.time_zone)


# ── Sealing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Alert:
    """A delivery about to be stored, and the events whose notices it claims; of no single document where it is None."""

    delivery: Delivery
    document_id: int | None
    event_ids: tuple[str, ...]


def seal_alerts(store: Store, alerts: Sequence[Alert]) -> int:
    """Stores deliveries with their notices in one transaction; how many.

    One whose notices another delivery has, even in part, is left out.
    """

    def write(connection: Connection) -> int:
        return sum(_seal_alert(connection, alert) for alert in alerts)

    return store.write(write) if alerts else 0


def _seal_alert(connection: Connection, alert: Alert) -> bool:
    if not _all_unclaimed(connection, alert.delivery.channel.id, alert.event_ids):
        return False
    insert_new(connection, t.delivery, _row(alert.delivery, document_id=alert.document_id))
    _claim(connection, alert.delivery, alert.event_ids)
    return True


def seal_digest(store: Store, delivery: Delivery, digest: DueDigest, period: str, next_at: datetime) -> bool:
    """Stores a digest with its notices and sets when the next is due; false where another process was first.

    A period that had its digest already gets no second one: its notices wait for the next.
    """

    def write(connection: Connection) -> bool:
        if not _all_unclaimed(connection, delivery.channel.id, digest.event_ids):
            return False
        mine = connection.execute(
            update(t.channel)
            .where(t.channel.c.id == delivery.channel.id, t.channel.c.next_digest_at == digest.due_at)
            .values(next_digest_at=next_at)
        )
        had = select(t.delivery.c.id).where(
            t.delivery.c.channel_id == delivery.channel.id, t.delivery.c.period == period
        )
        if mine.rowcount != 1 or connection.execute(had).first() is not None:
            return False
        insert_new(connection, t.delivery, _row(delivery, period=period))
        _claim(connection, delivery, digest.event_ids)
        return True

    return store.write(write)


def put_off(store: Store, channel_id: str, event_ids: tuple[str, ...], wait_s: float) -> None:
    """Makes notices that nothing has claimed due later: no message can be made of them now."""
    mine = (t.notice.c.channel_id == channel_id, t.notice.c.event_id.in_(event_ids), t.notice.c.delivery_id.is_(None))

    def write(connection: Connection) -> None:
        due_at = store.now(connection) + timedelta(seconds=wait_s)
        connection.execute(update(t.notice).where(*mine).values(due_at=due_at))

    store.write(write)


def put_off_digest(store: Store, digest: DueDigest, wait_s: float) -> None:
    """Makes a digest due later, unless another process has sealed it meanwhile."""
    mine = (t.channel.c.id == digest.recipient.channel.id, t.channel.c.next_digest_at == digest.due_at)

    def write(connection: Connection) -> None:
        next_at = store.now(connection) + timedelta(seconds=wait_s)
        connection.execute(update(t.channel).where(*mine).values(next_digest_at=next_at))

    store.write(write)


def _all_unclaimed(connection: Connection, channel_id: str, event_ids: tuple[str, ...]) -> bool:
    """Whether every notice is still nobody's; on PostgreSQL they are locked until the transaction ends."""
    query = (
        select(t.notice.c.event_id)
        .where(
            t.notice.c.channel_id == channel_id,
            t.notice.c.event_id.in_(event_ids),
            t.notice.c.delivery_id.is_(None),
        )
        .order_by(t.notice.c.event_id)
        .with_for_update()
    )
    return len(connection.execute(query).all()) == len(event_ids)


def _claim(connection: Connection, delivery: Delivery, event_ids: tuple[str, ...]) -> None:
    claimed = connection.execute(
        update(t.notice)
        .where(
            t.notice.c.channel_id == delivery.channel.id,
            t.notice.c.event_id.in_(event_ids),
            t.notice.c.delivery_id.is_(None),
        )
        .values(delivery_id=delivery.id)
    )
    assert claimed.rowcount == len(event_ids), "the notices were locked when they were found unclaimed"


def _row(delivery: Delivery, *, document_id: int | None = None, period: str | None = None) -> dict[str, object]:
    return {
        "id": delivery.id,
        "channel_id": delivery.channel.id,
        "kind": delivery.kind,
        "document_id": document_id,
        "period": period,
        "message": pack(delivery.message),
        "sealed_at": delivery.sealed_at,
        "state": DeliveryState.SEALED,
        "next_attempt_at": delivery.sealed_at,
    }
