"""Sealed deliveries on their way: claimed with a lease, sent by somebody else, settled last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from monitor.core import routing
from monitor.core.model import Channel, ChannelKind, Delivery, DeliveryKind, DeliveryState, Message
from monitor.core.routing import DeliveryPolicy
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.values import unpack

REASON_LENGTH_MAX = 1_000
ENDED = "The channel was removed from the configuration."
LOST = "The sender ended in the middle of every attempt, and it was given up."

Values = dict[str, object]


def claim(store: Store, policy: DeliveryPolicy) -> Delivery | None:
    """The delivery that has waited longest, leased to the caller; None where none is due.

    The attempt is counted and the next one put off before anything is sent: a delivery that takes its process with
    it each time is tried ever more seldom, like one that fails.
    """

    def write(connection: Connection) -> Delivery | None:
        now = store.now(connection)
        free = (
            t.delivery.c.state == DeliveryState.SEALED,
            t.delivery.c.next_attempt_at <= now,
            or_(t.delivery.c.lease_until.is_(None), t.delivery.c.lease_until <= now),
        )
        next_one = (
            select(t.delivery.c.id, t.delivery.c.attempts)
            .where(*free)
            .order_by(t.delivery.c.next_attempt_at, t.delivery.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = connection.execute(next_one).first()
        if found is None:
            return None
        attempts = found.attempts + 1
        connection.execute(
            update(t.delivery)
            .where(t.delivery.c.id == found.id)
            .values(
                attempts=attempts,
                lease_until=now + timedelta(seconds=policy.lease_s),
                next_attempt_at=now + timedelta(seconds=routing.wait_s(attempts, policy)),
            )
        )
        return _delivery(connection, found.id)

    return store.write(write)


def _delivery(connection: Connection, delivery_id: str) -> Delivery:
    row = connection.execute(
        select(t.delivery, t.channel.c.kind.label("channel_kind"), t.channel.c.target, t.subscriber.c.address)
        .join(t.channel, t.channel.c.id == t.delivery.c.channel_id)
        .join(t.subscriber, t.subscriber.c.id == t.channel.c.subscriber_id)
        .where(t.delivery.c.id == delivery_id)
    ).one()
    return Delivery(
        id=row.id,
        channel=Channel(ChannelKind(row.channel_kind), row.target, row.address),
        kind=DeliveryKind(row.kind),
        message=unpack(Message, row.message),
        sealed_at=row.sealed_at,
        attempts=row.attempts,
    )


def settle_sent(store: Store, delivery: Delivery) -> bool:
    """Records that a delivery was taken; false where somebody else has settled it.

    Needs no lease: that it was taken is a fact, whoever holds the lease by now.
    """
    return _settle(store, _sealed(delivery), _over(DeliveryState.SENT, None))


def settle_parked(store: Store, delivery: Delivery, reason: str) -> bool:
    """Records that a delivery won't be tried again, and why; false where the lease was lost."""
    return _settle(store, _mine(delivery), _over(DeliveryState.PARKED, reason[:REASON_LENGTH_MAX]))


def put_off(store: Store, delivery: Delivery, reason: str, delay_s: float, policy: DeliveryPolicy) -> bool:
    """Records why an attempt failed and when the next is due; false where the lease was lost.

    The channel's other deliveries wait for the first step too: whoever doesn't answer one would keep the sender
    waiting for each.
    """

    def values(now: datetime) -> Values:
        until = now + timedelta(seconds=delay_s)
        return {"next_attempt_at": until, "last_error": reason[:REASON_LENGTH_MAX]}

    mine = _settle(store, _mine(delivery), values)
    if mine:
        _pause_others(store, delivery, min(policy.retry_first_s, delay_s))
    return mine


def _pause_others(store: Store, delivery: Delivery, pause_s: float) -> None:
    def write(connection: Connection) -> None:
        until = store.now(connection) + timedelta(seconds=pause_s)
        connection.execute(
            update(t.delivery)
            .where(t.delivery.c.channel_id == delivery.channel.id, t.delivery.c.id != delivery.id)
            .where(t.delivery.c.state == DeliveryState.SEALED, t.delivery.c.next_attempt_at < until)
            .values(next_attempt_at=until)
        )

    store.write(write)


def hopeless(store: Store, delivery: Delivery, delay_s: float, policy: DeliveryPolicy) -> bool:
    """Whether a delivery that would be tried again after `delay_s` is given up instead."""
    now = store.read(store.now)
    return routing.hopeless(delivery.sealed_at, now + timedelta(seconds=delay_s), delivery.attempts, policy)


def park_stranded(store: Store, policy: DeliveryPolicy) -> tuple[str, ...]:
    """Parks what nobody should send any more; the ids of those deliveries.

    That is what waits for channels that have ended, and what took its process with it at every attempt until it
    would have been given up: the next attempt would end no better.
    """

    def write(connection: Connection) -> tuple[str, ...]:
        now = store.now(connection)
        ended = t.delivery.c.channel_id.in_(select(t.channel.c.id).where(t.channel.c.ended_at.is_not(None)))
        lost = and_(
            t.delivery.c.lease_until <= now,  # of an attempt that was never settled
            t.delivery.c.attempts >= routing.ATTEMPTS_MIN,
            t.delivery.c.sealed_at < now - timedelta(seconds=policy.give_up_after_s),
        )
        parked: list[str] = []
        for condition, reason in ((ended, ENDED), (lost, LOST)):
            statement = (
                update(t.delivery)
                .where(t.delivery.c.state == DeliveryState.SEALED, t.delivery.c.next_attempt_at <= now, condition)
                .values(lease_until=None, **_over(DeliveryState.PARKED, reason)(now))
                .returning(t.delivery.c.id)
            )
            parked += connection.execute(statement).scalars()
        return tuple(parked)

    return store.write(write)


def _over(state: DeliveryState, reason: str | None) -> Callable[[datetime], Values]:
    return lambda now: {"state": state, "last_error": reason, "settled_at": now, "next_attempt_at": None}


def _sealed(delivery: Delivery) -> ColumnElement[bool]:
    return and_(t.delivery.c.id == delivery.id, t.delivery.c.state == DeliveryState.SEALED)


def _mine(delivery: Delivery) -> ColumnElement[bool]:
    return and_(_sealed(delivery), t.delivery.c.attempts == delivery.attempts)  # nobody has claimed it since


def _settle(store: Store, condition: ColumnElement[bool], values: Callable[[datetime], Values]) -> bool:
    def write(connection: Connection) -> bool:
        settled = update(t.delivery).where(condition).values(lease_until=None, **values(store.now(connection)))
        return connection.execute(settled).rowcount == 1

    return store.write(write)
