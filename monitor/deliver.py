"""From notices to messages taken by the other side: seal, send, settle.

Whatever happens in between costs a repeat under the same id, never a loss: a message is stored before it is sent,
and settled only after.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from monitor.core import routing, schedule
from monitor.core.errors import MonitorError, NotifyError, StoreUnavailable
from monitor.core.model import ChannelKind, Delivery, DeliveryKind, Message, Plan, Schedule, derive_id
from monitor.core.redline import QuotationDefect
from monitor.core.render import email, webhook
from monitor.core.render.facts import Envelope, Letterhead, Span, Telling
from monitor.core.routing import DeliveryPolicy
from monitor.notify import Notifier
from monitor.store import deliveries, notices, tellings
from monitor.store.engine import Store
from monitor.store.notices import Alert, DueDigest, Owed, Recipient

SEALED_AT_ONCE = 50  # in one transaction of about as many milliseconds
SENT_AT_ONCE = 1_000
DEFECT_WAIT_S = 900.0  # what a defect keeps from being made is tried again so much later: others go first meanwhile

log = logging.getLogger(__name__)

T = TypeVar("T")

# ── Sealing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def seal(store: Store, letterhead: Letterhead, digest: Schedule) -> int:
    """Makes a delivery of whatever is owed by now, and of each digest whose time has come; returns how many.

    `digest` is the schedule of digests, in each subscriber's own time zone. May run in several processes at once.
    """
    return _repeat(lambda: _seal_alerts(store, letterhead)) + _repeat(lambda: _seal_digests(store, letterhead, digest))


def _repeat(batch: Callable[[], _Batch]) -> int:
    total = 0
    while (done := batch()).progress:
        total += done.sealed
    return total


@dataclass(frozen=True, slots=True)
class _Batch:
    """What became of a batch: deliveries sealed, and messages put off because of a defect."""

    sealed: int
    put_off: int

    @property
    def progress(self) -> bool:
        return bool(self.sealed or self.put_off)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """Events that go to one channel in one message. Of no single document where it is a note to the operator."""

    recipient: Recipient
    document_id: int | None
    event_ids: tuple[str, ...]


def _seal_alerts(store: Store, letterhead: Letterhead) -> _Batch:
    now, owed = notices.owed(store, SEALED_AT_ONCE)
    desk = _Desk(store, letterhead)
    written = [(parcel, _guarded(partial(_alert, desk, parcel, now))) for parcel in _parcels(owed)]
    broken = [parcel for parcel, alert in written if alert is None]
    for parcel in broken:
        notices.put_off(store, parcel.recipient.channel.id, parcel.event_ids, DEFECT_WAIT_S)
    return _Batch(notices.seal_alerts(store, [alert for _, alert in written if alert is not None]), len(broken))


def _guarded(make: Callable[[], T]) -> T | None:
    """What is made; None where a defect prevents it, which is told and stands in nobody else's way."""
    try:
        return make()
    except StoreUnavailable:
        raise  # no defect, and nothing of this message
    except Exception:
        log.exception("a message could not be made")
        return None


def _parcels(owed: tuple[Owed, ...]) -> Iterator[_Parcel]:
    """One e-mail for each document, one webhook call for each event, one note to the operator for everything."""
    notes: dict[Recipient, list[str]] = {}
    for one in owed:
        if one.recipient.channel.kind is ChannelKind.WEBHOOK:
            for event_id in one.event_ids:
                yield _Parcel(one.recipient, one.document_id, (event_id,))
        elif one.recipient.plan is Plan.OPERATOR:
            notes.setdefault(one.recipient, []).extend(one.event_ids)
        else:
            yield _Parcel(one.recipient, one.document_id, one.event_ids)
    for recipient, event_ids in notes.items():
        yield _Parcel(recipient, None, tuple(event_ids))


def _alert(desk: _Desk, parcel: _Parcel, now: datetime) -> Alert:
    channel = parcel.recipient.channel
    delivery_id = derive_id("delivery", channel.id, *sorted(parcel.event_ids))
    kind = DeliveryKind.OPERATOR if parcel.recipient.plan is Plan.OPERATOR else DeliveryKind.ALERT
    message = desk.alert(parcel, Envelope(delivery_id, channel.target, now))
    return Alert(Delivery(delivery_id, channel, kind, message, now), parcel.document_id, parcel.event_ids)


def _seal_digests(store: Store, letterhead: Letterhead, digest: Schedule) -> _Batch:
    now, due = notices.due_digests(store, SEALED_AT_ONCE)
    desk = _Desk(store, letterhead)
    written = [(one, _guarded(partial(_seal_digest, store, desk, one, digest, now))) for one in due]
    broken = [one for one, sealed in written if sealed is None]
    for one in broken:
        notices.put_off_digest(store, one, DEFECT_WAIT_S)
    return _Batch(sum(sealed or False for _, sealed in written), len(broken))


def _seal_digest(store: Store, desk: _Desk, due: DueDigest, digest: Schedule, now: datetime) -> bool:
    channel = due.recipient.channel
    here = routing.local(digest, due.recipient.time_zone)
    period = routing.period(here, due.due_at)
    delivery_id = derive_id("digest", channel.id, period)
    message = desk.digest(due, Envelope(delivery_id, channel.target, now))
    delivery = Delivery(delivery_id, channel, DeliveryKind.DIGEST, message, now)
    return notices.seal_digest(store, delivery, due, period, schedule.next_after(here, now))


class _Desk:
    """Writes messages; what many recipients are told in the same words is written once."""

    def __init__(self, store: Store, letterhead: Letterhead) -> None:
        self._store = store
        self._letterhead = letterhead
        self._contents: dict[tuple[tuple[str, ...], ChannelKind, bool, str], tuple[tuple[Telling, ...], Message]] = {}

    def alert(self, parcel: _Parcel, envelope: Envelope) -> Message:
        recipient = parcel.recipient
        key = (parcel.event_ids, recipient.channel.kind, recipient.plan is Plan.OPERATOR, recipient.time_zone)
        if key not in self._contents:
            told = tellings.tellings(self._store, parcel.event_ids)
            self._contents[key] = told, _without_defects(told, lambda shown: self._content(parcel, shown))
        told, content = self._contents[key]
        if recipient.channel.kind is ChannelKind.WEBHOOK:
            return content
        if parcel.document_id is not None:
            envelope = replace(envelope, thread=email.thread_root(recipient.channel.id, told[0].document.ref))
        return email.addressed(content, envelope, self._letterhead)

    def _content(self, parcel: _Parcel, told: tuple[Telling, ...]) -> Message:
        if parcel.recipient.channel.kind is ChannelKind.WEBHOOK:
            return webhook.event(told[0])
        write = email.alert if parcel.document_id is not None else email.operator
        return write(told, parcel.recipient.time_zone, self._letterhead)

    def digest(self, due: DueDigest, envelope: Envelope) -> Message:
        told = tellings.tellings(self._store, due.event_ids)
        standings = tellings.standings(self._store, due.subscriber_id)
        span = Span(due.since, envelope.sealed_at)
        zone = due.recipient.time_zone
        if due.recipient.channel.kind is ChannelKind.WEBHOOK:
            return _without_defects(told, lambda shown: webhook.digest(shown, standings, span))
        content = _without_defects(told, lambda shown: email.digest(shown, standings, span, zone, self._letterhead))
        return email.addressed(content, envelope, self._letterhead)


def _without_defects(told: tuple[Telling, ...], write: Callable[[tuple[Telling, ...]], Message]) -> Message:
    """The message; where a quotation in it would be wrong, without quotations: a wrong one is worse than none."""
    try:
        return write(told)
    except QuotationDefect:
        log.exception("a message quotes what its reading doesn't have, and is sent without quotations")
        return write(tuple(replace(telling, exhibit=None) for telling in told))


# ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────


def send_due(
    store: Store,
    notifiers: Mapping[ChannelKind, Notifier],
    policy: DeliveryPolicy,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Sends what is sealed and due, one after another; returns how many the other side took.

    Ends early once `stopping` says so. May run in several threads and processes at once.
    """
    for delivery_id in deliveries.park_stranded(store, policy):
        log.error("parked", extra={"delivery": delivery_id})
    sent = 0
    for _ in range(SENT_AT_ONCE):
        if stopping():
            break
        delivery = deliveries.claim(store, policy)
        if delivery is None:
            break
        sent += _send(store, notifiers, policy, delivery)
    return sent


def _send(store: Store, notifiers: Mapping[ChannelKind, Notifier], policy: DeliveryPolicy, delivery: Delivery) -> bool:
    error = _attempt(notifiers, delivery)
    fields = {"delivery": delivery.id, "channel": delivery.channel.kind.value, "attempt": delivery.attempts}
    if error is None:
        deliveries.settle_sent(store, delivery)
        log.info("sent", extra=fields)
        return True
    delay_s = routing.wait_s(delivery.attempts, policy, error.retry_after_s)
    if error.permanent or deliveries.hopeless(store, delivery, delay_s, policy):
        deliveries.settle_parked(store, delivery, str(error))
        log.error("parked", extra={**fields, "reason": str(error)})
    else:
        deliveries.put_off(store, delivery, str(error), delay_s, policy)
        log.warning("put off", extra={**fields, "reason": str(error), "delay_s": delay_s})
    return False


def _attempt(notifiers: Mapping[ChannelKind, Notifier], delivery: Delivery) -> NotifyError | None:
    """Hands a delivery over; whatever stands in the way of it stands in the way of this one alone."""
    notifier = notifiers.get(delivery.channel.kind)
    if notifier is None:
        section = delivery.channel.kind.value
        return NotifyError(f"Nothing is configured to send by {section}: fill in [{section}].", permanent=False)
    try:
        notifier.send(delivery)
    except NotifyError as error:
        return error
    except MonitorError as error:
        return NotifyError(str(error), permanent=False)
    except Exception as error:
        log.exception("a notifier failed", extra={"delivery": delivery.id})
        return NotifyError(f"A defect of terms-monitor: {type(error).__name__}; see the log.", permanent=False)
    return None
