"""Who is told of what, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.core.model import EventKind, Plan, Schedule
from monitor.core.routing import (
    ATTEMPTS_MAX,
    DeliveryPolicy,
    Periods,
    audience,
    due_at,
    hopeless,
    local,
    period,
    wait_s,
)
from monitor.core.schedule import next_after

AT = datetime(2026, 4, 6, 6, 0, tzinfo=UTC)
POLICY = DeliveryPolicy(retry_first_s=60, retry_max_s=3600, give_up_after_s=86_400)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [(Plan.PROFESSIONAL, AT), (Plan.WATCHER, AT + timedelta(hours=2)), (Plan.FREE, None)],
)
def test_the_plan_decides_the_due_time(plan: Plan, expected: datetime | None) -> None:
    assert due_at(plan, EventKind.CHANGE, AT, Periods(same_day_s=7200)) == expected


def test_incidents_are_for_the_operator_and_changes_for_everybody_else() -> None:
    assert audience(EventKind.INCIDENT) == audience(EventKind.INCIDENT_CLOSED) == {Plan.OPERATOR}
    for kind in (EventKind.CHANGE, EventKind.RETURN, EventKind.WITHDRAWAL):
        assert audience(kind) == {Plan.FREE, Plan.WATCHER, Plan.PROFESSIONAL}
    with pytest.raises(ValueError, match="found free"):
        due_at(Plan.FREE, EventKind.INCIDENT, AT, Periods())


def test_a_digest_period_is_named_by_the_wall_clock_where_the_subscriber_lives() -> None:
    weekly = local(Schedule(cron="0 8 * * 1"), "America/New_York")
    assert next_after(weekly, AT) == datetime(2026, 4, 6, 12, 0, tzinfo=UTC)
    assert period(weekly, datetime(2026, 4, 6, 12, 0, tzinfo=UTC)) == "2026-04-06T08:00"
    assert period(weekly, datetime(2026, 12, 7, 13, 0, tzinfo=UTC)) == "2026-12-07T08:00"


@given(st.floats(1.0, 86_400.0), st.integers(1, 50), st.sampled_from(["UTC", "Europe/Oslo", "Asia/Kathmandu"]))
def test_no_two_digests_of_an_interval_have_one_name(every_s: float, count: int, zone: str) -> None:
    schedule = local(Schedule(every_s=every_s), zone)
    moments = [AT]
    for _ in range(count):
        moments.append(next_after(schedule, moments[-1]))
    names = [period(schedule, moment) for moment in moments]
    assert names == sorted(set(names))
    assert max(len(name) for name in names) <= 40


@given(st.integers(1, 10_000), st.none() | st.floats(0.0, 1e9))
def test_waiting_grows_to_its_limit_and_never_falls_below_what_was_asked(attempts: int, asked: float | None) -> None:
    delay_s = wait_s(attempts, POLICY, asked)
    assert 60.0 <= delay_s <= 86_400.0
    assert delay_s >= min(asked or 0.0, 86_400.0)
    assert wait_s(attempts + 1, POLICY) >= wait_s(attempts, POLICY)


def test_it_is_given_up_after_its_time_but_not_before_it_was_tried() -> None:
    late = AT + timedelta(days=2)
    assert not hopeless(AT, AT + timedelta(hours=23), 20, POLICY)
    assert hopeless(AT, late, 3, POLICY)
    assert not hopeless(AT, late, 2, POLICY)
    assert hopeless(AT, AT, ATTEMPTS_MAX, POLICY)
