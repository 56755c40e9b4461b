"""How messages leave: one module for each kind of channel. What they say was sealed before."""

from __future__ import annotations

from typing import Protocol

from monitor.core.model import Delivery


class Notifier(Protocol):
    """Hands one kind of delivery over. May be called from several threads, and again for the same delivery."""

    def send(self, delivery: Delivery) -> None:
        """Returns once the other side has taken the message. Raises NotifyError where it hasn't."""
        ...
