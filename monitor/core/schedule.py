"""When something is due next. Schedules are wall time in an IANA zone; only the next instant is ever computed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from monitor.core.model import Schedule


def next_after(schedule: Schedule, moment: datetime) -> datetime:
    """The first due time after `moment`, in UTC.

    Cron expressions have five fields and mean what Debian's cron means by them, also where clocks change.
    """
    if schedule.every_s is not None:
        return moment + timedelta(seconds=schedule.every_s)
    assert schedule.cron is not None
    local = moment.astimezone(ZoneInfo(schedule.time_zone))
    return next(CronSim(schedule.cron, local)).astimezone(UTC)


def cron_problem(expression: str) -> str | None:
    """What is wrong with a cron expression, or None where it can be used."""
    if len(expression.split()) != 5:
        return f"{len(expression.split())} fields"
    try:
        next(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        return str(error) or "never due"
    return None


def backoff_s(attempt: int, first_s: float, max_s: float) -> float:
    """How long to wait after the `attempt`-th failure in a row (from 1): doubling from `first_s`, at most `max_s`."""
    return min(max_s, first_s * 2.0 ** min(attempt - 1, 32))
