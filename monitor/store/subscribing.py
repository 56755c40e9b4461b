"""Brings subscribers, their channels and subscriptions in line with the configuration: declare.py's second half."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.core.model import Plan, Schedule, Subscriber
from monitor.core.schedule import next_after
from monitor.store import tables as t

_COUNTED = (
    "subscribers_started",
    "subscribers_changed",
    "subscribers_ended",
    "channels_started",
    "channels_ended",
    "subscriptions_started",
    "subscriptions_ended",
)
_PLANS_WITH_DIGEST = (Plan.FREE,)


def declare_subscribers(
    connection: Connection, subscribers: tuple[Subscriber, ...], digest: Schedule, now: datetime
) -> dict[str, int]:
    """Makes the tables say who is told of what and how; returns how many of each started, changed and ended."""
    counts: Counter[str] = Counter(dict.fromkeys(_COUNTED, 0))
    present = {row.address: row for row in connection.execute(select(t.subscriber))}
    channels = _by_subscriber(connection, t.channel)
    followed = _by_subscriber(connection, t.subscription, t.subscription.c.ended_at.is_(None))
    wanted = {subscriber.address: subscriber for subscriber in subscribers}
    for address, row in present.items():
        if address not in wanted and row.ended_at is None:
            _end(connection, row.id, now, counts)
    for address, subscriber in wanted.items():
        before = present.get(address)
        if before is None:
            key, plan, mine = _start(connection, subscriber, now, counts), subscriber.plan, []
        else:
            key, plan, mine = before.id, Plan(before.plan), followed[before.id]
        staying = _unfollow(connection, mine, subscriber, plan, now, counts)
        if before is not None:
            _align(connection, before, subscriber, counts)
        _follow(connection, key, subscriber, staying, now, counts)
        _declare_channels(connection, key, subscriber, channels[key], digest, now, counts)
    return dict(counts)


def _by_subscriber(connection: Connection, table: Any, *conditions: Any) -> defaultdict[int, list[Row[Any]]]:
    rows: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(*conditions)):
        rows[row.subscriber_id].append(row)
    return rows


# ── Subscribers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _start(connection: Connection, subscriber: Subscriber, now: datetime, counts: Counter[str]) -> int:
    values = {"address": subscriber.address, "plan": subscriber.plan, "time_zone": subscriber.time_zone}
    counts["subscribers_started"] += 1
    statement = insert(t.subscriber).values(**values, started_at=now).returning(t.subscriber.c.id)
    key: int = connection.execute(statement).scalar_one()
    return key


def _align(connection: Connection, before: Row[Any], subscriber: Subscriber, counts: Counter[str]) -> None:
    values = {"plan": subscriber.plan, "time_zone": subscriber.time_zone, "ended_at": None}
    if any(getattr(before, name) != value for name, value in values.items()):
        connection.execute(update(t.subscriber).where(t.subscriber.c.id == before.id).values(values))
        counts["subscribers_started" if before.ended_at else "subscribers_changed"] += 1


def _end(connection: Connection, key: int, now: datetime, counts: Counter[str]) -> None:
    """Ends a subscriber with all channels and subscriptions; who was told of what stays known."""
    connection.execute(update(t.subscriber).where(t.subscriber.c.id == key).values(ended_at=now))
    counts["subscribers_ended"] += 1
    for table, name in ((t.channel, "channels_ended"), (t.subscription, "subscriptions_ended")):
        active = (table.c.subscriber_id == key, table.c.ended_at.is_(None))
        counts[name] += connection.execute(update(table).where(*active).values(ended_at=now)).rowcount


# ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────


def _unfollow(
    connection: Connection,
    mine: list[Row[Any]],
    subscriber: Subscriber,
    plan: Plan,
    now: datetime,
    counts: Counter[str],
) -> list[Row[Any]]:
    """Ends what is no longer followed and returns the rest, which fits the subscriber's new plan."""
    ended = [row.id for row in mine if row.platform_id not in subscriber.platforms]
    if ended:
        connection.execute(update(t.subscription).where(t.subscription.c.id.in_(ended)).values(ended_at=now))
        counts["subscriptions_ended"] += len(ended)
    staying = [row for row in mine if row.id not in ended]
    if subscriber.plan is Plan.FREE and plan is not Plan.FREE and len(staying) == 1:
        # The one that stays must lie in the one slot of the free plan before the plan changes.
        connection.execute(update(t.subscription).where(t.subscription.c.id == staying[0].id).values(slot=1))
    return staying


def _follow(
    connection: Connection,
    key: int,
    subscriber: Subscriber,
    staying: list[Row[Any]],
    now: datetime,
    counts: Counter[str],
) -> None:
    followed = {row.platform_id for row in staying}
    taken = {row.slot for row in staying}
    for platform in dict.fromkeys(subscriber.platforms):
        if platform in followed:
            continue
        slot = next(number for number in range(1, t.SLOTS + 2) if number not in taken)  # the database refuses the last
        taken.add(slot)
        values = {"subscriber_id": key, "plan": subscriber.plan, "platform_id": platform, "slot": slot}
        connection.execute(insert(t.subscription).values(**values, started_at=now))
        counts["subscriptions_started"] += 1


# ── Channels ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _declare_channels(
    connection: Connection,
    key: int,
    subscriber: Subscriber,
    present: list[Row[Any]],
    digest: Schedule,
    now: datetime,
    counts: Counter[str],
) -> None:
    before = {row.id: row for row in present}
    wanted = {channel.id: channel for channel in subscriber.channels}
    for one in before.values():
        if one.id not in wanted and one.ended_at is None:
            connection.execute(update(t.channel).where(t.channel.c.id == one.id).values(ended_at=now))
            counts["channels_ended"] += 1
    for channel in wanted.values():
        row = before.get(channel.id)
        started = row is None or row.ended_at is not None
        values = {"next_digest_at": _next_digest(subscriber, digest, None if row is None or started else row, now)}
        if started:
            values |= {"started_at": now, "ended_at": None}
            counts["channels_started"] += 1
        if row is None:
            fixed = {"id": channel.id, "subscriber_id": key, "kind": channel.kind, "target": channel.target}
            connection.execute(insert(t.channel).values(**fixed, **values))
        elif started or row.next_digest_at != values["next_digest_at"]:
            connection.execute(update(t.channel).where(t.channel.c.id == channel.id).values(values))


def _next_digest(subscriber: Subscriber, digest: Schedule, row: Row[Any] | None, now: datetime) -> datetime | None:
    """When the channel's next digest is due: as planned, unless the plan, the schedule or the time zone changed."""
    if subscriber.plan not in _PLANS_WITH_DIGEST:
        return None
    expected = next_after(replace(digest, time_zone=subscriber.time_zone), now)
    planned: datetime | None = None if row is None else row.next_digest_at
    if planned is None:
        return expected
    if planned <= now:
        return planned  # overdue: it is about to go out
    # A cron expression says the same instant again until it has come; an interval would count from now.
    return expected if digest.cron is not None else min(planned, expected)
