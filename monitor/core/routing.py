"""Who is told of what, and when: plans, due times, digest periods and retries. Pure; all times aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.model import EventKind, Plan, Schedule
from monitor.core.schedule import backoff_s

FOR_SUBSCRIBERS = frozenset({EventKind.CHANGE, EventKind.RETURN, EventKind.WITHDRAWAL, EventKind.ANNOUNCED})
FOR_THE_OPERATOR = frozenset({EventKind.INCIDENT, EventKind.INCIDENT_CLOSED, EventKind.VARIANTS})

ATTEMPTS_MIN = 3  # before giving up: a daemon that was stopped for days must not park what it hardly tried
ATTEMPTS_MAX = 200  # bounds a delivery that takes its process with it each time and so never fails properly


@dataclass(frozen=True, slots=True)
class Periods:
    """How long a notice may wait: a watcher is told within `same_day_s` of the event."""

    same_day_s: float = 21_600.0


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How a delivery is tried again: first after `retry_first_s`, then doubling up to `retry_max_s`.

    It is parked `give_up_after_s` after it was sealed. `lease_s` bounds one attempt: after it another sender may
    take the delivery over.
    """

    retry_first_s: float = 60.0
    retry_max_s: float = 21_600.0
    give_up_after_s: float = 259_200.0
    lease_s: float = 300.0


def audience(kind: EventKind) -> frozenset[Plan]:
    """The plans whose subscribers are told of an event of this kind; nobody for a kind that is only recorded."""
    if kind in FOR_THE_OPERATOR:
        return frozenset({Plan.OPERATOR})
    if kind in FOR_SUBSCRIBERS:
        return frozenset({Plan.FREE, Plan.WATCHER, Plan.PROFESSIONAL})
    return frozenset()


def due_at(plan: Plan, kind: EventKind, at: datetime, periods: Periods) -> datetime | None:
    """When a subscriber on `plan` is owed an event of this kind that happened `at`; None: it waits for the digest.

    Raises ValueError where the plan isn't told of such an event at all.
    """
    if plan not in audience(kind):
        raise ValueError(f"expected a plan that is told of {kind}, found {plan}")
    if plan is Plan.FREE:
        return None
    return at + timedelta(seconds=periods.same_day_s) if plan is Plan.WATCHER else at


def local(schedule: Schedule, time_zone: str) -> Schedule:
    """A digest's schedule in a subscriber's time zone: a cron expression means the wall clock there."""
    return Schedule(every_s=schedule.every_s, cron=schedule.cron, time_zone=time_zone)


def period(schedule: Schedule, moment: datetime) -> str:
    """The name of the digest period that ends at `moment`, unique for a channel.

    For a cron expression the wall time in the schedule's zone, so that one local morning has one digest whatever
    becomes of the zone's offset; for an interval the instant itself.
    """
    if schedule.cron is None:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    return moment.astimezone(ZoneInfo(schedule.time_zone)).strftime("%Y-%m-%dT%H:%M")


def wait_s(attempts: int, policy: DeliveryPolicy, retry_after_s: float | None = None) -> float:
    """How long to wait after attempt number `attempts` (from 1) failed: the doubled step, or longer if asked to.

    What a server asks for is obeyed up to a day or `retry_max_s`, whichever is longer: it is the server's word, but
    not a way to silence us for ever.
    """
    step = backoff_s(attempts, policy.retry_first_s, policy.retry_max_s)
    asked = min(retry_after_s or 0.0, max(86_400.0, policy.retry_max_s))
    return max(step, asked)


def hopeless(sealed_at: datetime, next_attempt_at: datetime, attempts: int, policy: DeliveryPolicy) -> bool:
    """Whether a delivery that would be tried again at `next_attempt_at` is given up instead."""
    if attempts >= ATTEMPTS_MAX:
        return True
    return attempts >= ATTEMPTS_MIN and next_attempt_at > sealed_at + timedelta(seconds=policy.give_up_after_s)
