"""Queries for people: who is told of what, and what became of the messages. Only reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.core.errors import NotFound
from monitor.core.model import ChannelKind, DeliveryKind, DeliveryState, DocumentRef, Message, Plan
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.values import unpack

ROWS_MAX = 200  # of what grows with every day


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """One sealed message and what became of it. `ref` is the document of an alert; a webhook has no subject."""

    id: str
    channel_kind: ChannelKind
    target: str
    subscriber: str
    kind: DeliveryKind
    ref: DocumentRef | None
    subject: str
    state: DeliveryState
    attempts: int
    last_error: str | None
    sealed_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One way in which a subscriber is reached."""

    id: str
    kind: ChannelKind
    target: str
    next_digest_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriberEntry:
    """Who is told of which platforms, and how; `ended_at` where no longer."""

    address: str
    plan: Plan
    time_zone: str
    started_at: datetime
    ended_at: datetime | None
    platforms: tuple[str, ...]
    channels: tuple[ChannelEntry, ...]


def deliveries(store: Store, state: DeliveryState | None = None, limit: int = ROWS_MAX) -> tuple[DeliveryEntry, ...]:
    """The newest deliveries, of one state or of any, newest first."""
    wanted = _deliveries().order_by(t.delivery.c.sealed_at.desc(), t.delivery.c.id).limit(limit)
    if state is not None:
        wanted = wanted.where(t.delivery.c.state == state)
    return store.read(lambda connection: tuple(_delivery(row) for row in connection.execute(wanted)))


def message(store: Store, delivery_id: str) -> tuple[DeliveryEntry, Message]:
    """A delivery by its id, or by how that begins, with what it says. Raises NotFound."""

    def read(connection: Connection) -> tuple[DeliveryEntry, Message]:
        rows = connection.execute(_deliveries().where(t.delivery.c.id.startswith(delivery_id, autoescape=True))).all()
        if len(rows) != 1:
            found = f"{len(rows)} deliveries whose ids begin so" if rows else "none"
            raise NotFound(f"Expected one delivery {delivery_id}, found {found}: monitor deliveries lists them.")
        return _delivery(rows[0]), unpack(Message, rows[0].message)

    return store.read(read)


def subscribers(store: Store) -> tuple[SubscriberEntry, ...]:
    """Every subscriber there ever was, by address, with what is followed and by which channels now."""

    def read(connection: Connection) -> tuple[SubscriberEntry, ...]:
        followed, reached = _active(connection, t.subscription), _active(connection, t.channel)
        rows = connection.execute(select(t.subscriber).order_by(t.subscriber.c.address))
        return tuple(_subscriber(row, followed[row.id], reached[row.id]) for row in rows)

    return store.read(read)


def _deliveries() -> Any:
    joined = (
        t.delivery.join(t.channel, t.channel.c.id == t.delivery.c.channel_id)
        .join(t.subscriber, t.subscriber.c.id == t.channel.c.subscriber_id)
        .outerjoin(t.document, t.document.c.id == t.delivery.c.document_id)
    )
    channel = (t.channel.c.kind.label("channel_kind"), t.channel.c.target, t.subscriber.c.address)
    return select(t.delivery, *channel, t.document.c.platform_id, t.document.c.slug).select_from(joined)


def _delivery(row: Row[Any]) -> DeliveryEntry:
    return DeliveryEntry(
        id=row.id,
        channel_kind=ChannelKind(row.channel_kind),
        target=row.target,
        subscriber=row.address,
        kind=DeliveryKind(row.kind),
        ref=None if row.slug is None else DocumentRef(row.platform_id, row.slug),
        subject=unpack(Message, row.message).subject,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        last_error=row.last_error,
        sealed_at=row.sealed_at,
        next_attempt_at=row.next_attempt_at,
        settled_at=row.settled_at,
    )


def _active(connection: Connection, table: Any) -> defaultdict[int, list[Row[Any]]]:
    rows: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.ended_at.is_(None))):
        rows[row.subscriber_id].append(row)
    return rows


def _subscriber(row: Row[Any], followed: list[Row[Any]], reached: list[Row[Any]]) -> SubscriberEntry:
    channels = [ChannelEntry(one.id, ChannelKind(one.kind), one.target, one.next_digest_at) for one in reached]
    return SubscriberEntry(
        address=row.address,
        plan=Plan(row.plan),
        time_zone=row.time_zone,
        started_at=row.started_at,
        ended_at=row.ended_at,
        platforms=tuple(sorted(one.platform_id for one in followed)),
        channels=tuple(sorted(channels, key=lambda one: (one.kind, one.target))),
    )
