"""Events become notices for whoever followed the platform when they happened, once, whatever gets in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.core.model import Channel, ChannelKind, Plan
from monitor.core.routing import Periods
from monitor.spread import spread
from monitor.store import notices, tables as t
from monitor.store.engine import Store
from tests.sending import OPERATOR, TERMS, World, reader, world

PERIODS = Periods(same_day_s=6 * 3600.0)


@pytest.fixture
def here(store_url: str) -> Iterator[World]:
    with world(store_url) as made:
        yield made


def noticed(here: World) -> dict[str, object]:
    """Each notice's due time, by its channel's target."""
    targets = {row.id: row.target for row in here.rows(t.channel)}
    return {targets[row.channel_id]: row.due_at for row in here.rows(t.notice)}


def test_the_plan_decides_when_a_notice_is_due(here: World) -> None:
    here.declare(
        OPERATOR,
        reader("free@example.com", Plan.FREE, "acme"),
        reader("watcher@example.com", Plan.WATCHER, "acme"),
        reader("professional@example.com", Plan.PROFESSIONAL, "acme"),
    )
    here.changes()
    assert spread(here.store, PERIODS) == 1
    assert noticed(here) == {
        "free@example.com": None,
        "watcher@example.com": here.now + timedelta(hours=6),
        "professional@example.com": here.now,
    }
    assert [row.spread_at for row in here.rows(t.event)] == [here.now]
    assert spread(here.store, PERIODS) == 0


def test_who_followed_then_is_told_and_who_follows_since_is_not(here: World) -> None:
    before = reader("before@example.com", Plan.PROFESSIONAL, "acme")
    here.declare(before)
    here.changes()
    here.waits(minutes=1)
    here.declare(
        reader("before@example.com", Plan.PROFESSIONAL, "other"), reader("since@example.com", Plan.PROFESSIONAL, "acme")
    )
    spread(here.store, PERIODS)
    assert list(noticed(here)) == ["before@example.com"]


def test_nobody_is_written_to_on_a_channel_that_has_ended(here: World) -> None:
    here.declare(reader("gone@example.com", Plan.PROFESSIONAL, "acme"))
    here.changes()
    here.declare()
    assert spread(here.store, PERIODS) == 1
    assert noticed(here) == {}


def test_an_incident_is_told_to_the_operator_alone(here: World) -> None:
    here.declare(OPERATOR, reader("professional@example.com", Plan.PROFESSIONAL, "acme"))
    here.fails()
    spread(here.store, PERIODS)
    assert noticed(here) == {"ops@example.org": here.now}


def test_a_crash_between_two_batches_costs_a_repeat_and_no_notice(here: World) -> None:
    people = [reader(f"p{number}@example.com", Plan.PROFESSIONAL, "acme") for number in range(5)]
    here.declare(*people)
    here.changes()
    (event,) = notices.unspread(here.store, 10)
    assert not notices.spread_batch(here.store, event, PERIODS, batch=2)
    assert len(noticed(here)) == 2  # here the process ends, and another starts
    assert spread(here.store, PERIODS, batch=2) == 1
    assert set(noticed(here)) == {person.address for person in people}


def test_several_processes_spread_the_same_events_without_losing_or_doubling_any(store_url: str) -> None:
    with world(store_url) as here:
        people = [reader(f"p{number}@example.com", Plan.PROFESSIONAL, "acme") for number in range(20)]
        here.declare(*people)
        for _ in range(5):
            here.changes(TERMS)
        others = [Store.open(store_url) for _ in range(3)]
        threads = [threading.Thread(target=spread, args=(store, PERIODS, 3)) for store in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        for store in others:
            store.close()
        assert len(here.rows(t.notice)) == 5 * 20
        assert all(row.spread_at is not None for row in here.rows(t.event))


def test_every_channel_of_a_subscriber_is_told(here: World) -> None:
    one = reader("ann@example.com", Plan.PROFESSIONAL, "acme")
    hook = Channel(ChannelKind.WEBHOOK, "https://ann.example/hook", one.address)
    here.declare(type(one)(one.address, one.plan, one.platforms, (*one.channels, hook)))
    here.changes()
    spread(here.store, PERIODS)
    assert set(noticed(here)) == {"ann@example.com", "https://ann.example/hook"}
