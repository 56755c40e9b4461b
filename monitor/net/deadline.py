"""A point on the monotonic clock by which something must be over, however its parts spread their own time-outs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx


class DeadlinePassed(httpx.TimeoutException):
    """The whole took longer than it may, whatever its parts did."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at_s` is on the monotonic clock, `allowed_s` what was allowed altogether."""

    at_s: float
    allowed_s: float

    @classmethod
    def after(cls, allowed_s: float) -> Deadline:
        """The deadline that many seconds from now."""
        return cls(time.monotonic() + allowed_s, allowed_s)

    def left_s(self) -> float:
        """The seconds that are left, 0 when it has passed."""
        return max(0.0, self.at_s - time.monotonic())

    def within(self, timeout_s: float | None) -> float:
        """The shorter of a time-out and what is left, more than 0. Raises DeadlinePassed when nothing is left."""
        left_s = self.left_s()
        if left_s == 0.0:
            raise DeadlinePassed(f"it took longer than the {self.allowed_s:.3g} s it may take altogether")
        return left_s if timeout_s is None else min(timeout_s, left_s)
