"""A store whose clock a test moves, with documents that change: for tests of spreading and delivering."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, select

from monitor.core.model import (
    Channel,
    ChannelKind,
    Document,
    Event,
    EventKind,
    Failed,
    FailureKind,
    Incident,
    Look,
    Plan,
    Schedule,
    Subscriber,
)
from monitor.store.declare import declare
from monitor.store.documents import claim, record
from monitor.store.engine import Store
from tests.recorded import document, later, see

MONDAY = datetime(2026, 4, 6, 6, 0, tzinfo=UTC)
WEEKLY = Schedule(cron="0 8 * * 1")
TERMS, PRIVACY = document("terms", "acme"), document("privacy", "acme")
OTHER = document("terms", "other", host="other.example")
OPERATOR = Subscriber(
    "ops@example.org", Plan.OPERATOR, (), (Channel(ChannelKind.EMAIL, "ops@example.org", "ops@example.org"),)
)


@dataclass
class World:
    """A store, and the hand on its clock."""

    store: Store
    now: datetime
    subscribers: tuple[Subscriber, ...] = ()
    documents: tuple[Document, ...] = (TERMS, PRIVACY, OTHER)
    _looks: int = field(default=0)

    def declare(self, *subscribers: Subscriber) -> None:
        """From now on these are the subscribers, and nobody else."""
        self.subscribers = subscribers
        declare(self.store, self.documents, subscribers, WEEKLY)

    def waits(self, **period: float) -> None:
        self.now += timedelta(**period)

    def changes(self, about: Document = TERMS) -> None:
        """The document changes, and is checked a minute later; its first text comes before."""
        if not self._looks:
            for one in self.documents:
                see(self.store, f"{one.name} at first", one)
        self._looks += 1
        self.waits(minutes=1)
        see(self.store, f"{about.name} as changed {self._looks} times", about)

    def fails(self, about: Document = TERMS) -> None:
        """The document can't be seen, for long enough to tell the operator."""
        claimed = claim(self.store, lease_s=60, per_host=99, only=about.ref)
        assert claimed is not None
        reason = "The page answered with a bot challenge."
        incident = Incident("challenge", reason, claimed.now, claimed.now, 3, told=True)
        event = Event(EventKind.INCIDENT, about.ref, claimed.now.isoformat(), claimed.now, text=reason)
        failed = Failed(FailureKind.HTTP, reason)
        outcome = later(claimed, result=failed, incident=incident, events=(event,))
        assert record(self.store, claimed, Look((), None), outcome)

    def rows(self, table: Table) -> list[Row[Any]]:
        return self.store.read(lambda connection: list(connection.execute(select(table).order_by(*table.primary_key))))


@contextmanager
def world(url: str) -> Iterator[World]:
    """A world at six o'clock UTC on a Monday, in which nobody is subscribed yet."""
    made = World(None, MONDAY)  # type: ignore[arg-type]
    made.store = Store.open(url, clock=lambda: made.now)
    made.declare()
    try:
        yield made
    finally:
        made.store.close()


def reader(address: str, plan: Plan, *platforms: str, time_zone: str = "UTC", webhook: str = "") -> Subscriber:
    """A subscriber who is told by e-mail, or where an address is given by webhook."""
    kind = ChannelKind.WEBHOOK if webhook else ChannelKind.EMAIL
    return Subscriber(address, plan, platforms, (Channel(kind, webhook or address, address),), time_zone)
