"""Reads what the headers of an answer ask of whoever calls again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.core.model import Answer

RETRY_AFTER_MAX_S = 7 * 86_400.0  # a server that asks for more is asked again after a week


def retry_after_s(answer: Answer, now: datetime) -> float | None:
    """The seconds from `now` that Retry-After asks to wait (RFC 9110, 10.2.3), from 0 to a week; None without one.

    It may hold seconds or a date. One that is neither counts as absent.
    """
    return wait_s(answer.header("retry-after") or "", now)


def wait_s(value: str, now: datetime) -> float | None:
    """The seconds from `now` that the value of a Retry-After header asks to wait; see retry_after_s."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), RETRY_AFTER_MAX_S)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), RETRY_AFTER_MAX_S)
