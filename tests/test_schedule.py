"""When something is due next."""

from datetime import UTC, datetime

import pytest

from monitor.core.model import Schedule
from monitor.core.schedule import backoff_s, cron_problem, next_after


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_interval_counts_from_the_moment_of_the_check() -> None:
    assert next_after(Schedule(every_s=90), utc("2026-04-01T06:00:00")) == utc("2026-04-01T06:01:30")


@pytest.mark.parametrize(
    ("cron", "zone", "moment", "due"),
    [
        ("0 8 * * mon", "UTC", "2026-04-01T06:00:00", "2026-04-06T08:00:00"),
        ("0 8 * * 0", "UTC", "2026-04-01T06:00:00", "2026-04-05T08:00:00"),  # 0 is Sunday, as in every cron
        ("0 8 * * *", "Europe/Paris", "2026-03-28T12:00:00", "2026-03-29T06:00:00"),  # clocks change that night
        ("0 8 * * *", "Europe/Paris", "2026-03-27T12:00:00", "2026-03-28T07:00:00"),
        ("0 8 * * *", "UTC", "2026-04-01T08:00:00", "2026-04-02T08:00:00"),  # strictly after
    ],
)
def test_a_cron_expression_means_wall_time_in_its_zone(cron: str, zone: str, moment: str, due: str) -> None:
    assert next_after(Schedule(cron=cron, time_zone=zone), utc(moment)) == utc(due)


@pytest.mark.parametrize("expression", ["* * *", "61 * * * *", "0 8 * * frog", "0 8 31 2 *", ""])
def test_a_cron_expression_that_cannot_be_used_is_told(expression: str) -> None:
    assert cron_problem(expression)


def test_waiting_doubles_up_to_a_limit() -> None:
    assert [backoff_s(attempt, 300, 3000) for attempt in (1, 2, 3, 4, 5, 999)] == [300, 600, 1200, 2400, 3000, 3000]
