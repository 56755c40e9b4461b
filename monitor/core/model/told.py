"""Who is told, how, and what exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.model.watched import derive_id


class Plan(StrEnum):
    """What a subscriber pays for: the cadence and how many platforms."""

    FREE = "free"
    WATCHER = "watcher"
    PROFESSIONAL = "professional"
    OPERATOR = "operator"  # the one who runs the installation; told of incidents, follows nothing


class ChannelKind(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a subscriber. A webhook's secret is not part of it: it is looked up by `id` when sending."""

    kind: ChannelKind
    target: str
    subscriber: str

    @property
    def id(self) -> str:
        return derive_id("channel", self.subscriber, self.kind, self.target)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who is told, on which plan, of which platforms, how. `address` is an e-mail address and names the subscriber."""

    address: str
    plan: Plan
    platforms: tuple[str, ...]
    channels: tuple[Channel, ...]
    time_zone: str = "UTC"


class DeliveryKind(StrEnum):
    ALERT = "alert"
    DIGEST = "digest"
    OPERATOR = "operator"


class DeliveryState(StrEnum):
    SEALED = "sealed"
    SENT = "sent"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Message:
    """What a delivery says, rendered for its kind of channel and never rendered again.

    For e-mail: subject, text, html and headers. For a webhook: `payload`, the exact bytes that are signed and sent.
    """

    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sealed message: every retry sends the same under the same id."""

    id: str
    channel: Channel
    kind: DeliveryKind
    message: Message
    sealed_at: datetime
    attempts: int = 0
