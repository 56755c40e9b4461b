"""One document watched through time: the real check over a real archive, with a clock that is set and pages given.

Nothing in here decides anything. The only doubles stand where the process ends: the clock, and the fetcher, which
answers with recorded captures. A 304 is never simulated; the same bytes go through the gate like any others.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Table, func, select

from monitor.check import Computing, check
from monitor.core.model import (
    Answer,
    Document,
    Hop,
    KnownSource,
    Outcome,
    Policy,
    Schedule,
    Source,
)
from monitor.core.routing import FOR_SUBSCRIBERS
from monitor.store import tables
from monitor.store.declare import declare
from monitor.store.documents import claim
from monitor.store.engine import Store
from monitor.store.schema import migrate

P = ParamSpec("P")
T = TypeVar("T")

LEASE_S = 600.0
LAST_SHOWN_S = 48 * 3600.0  # how long the last capture of a history is shown while something is pending
DIGEST = Schedule(cron="0 7 * * 1")  # declared like any archive's; no digest is sent here


@dataclass(frozen=True, slots=True)
class Capture:
    """What a server answered at a moment. `url` is where the answer came from, after redirects."""

    at: datetime
    status: int
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def complete(self) -> bool:
        """False where the server had announced more bytes than came: the connection was cut."""
        announced = {name.lower(): value for name, value in self.headers}.get("content-length")
        return announced is None or int(announced) <= len(self.body)


@dataclass(frozen=True, slots=True)
class Looked:
    """One look: when, what it came to, how many alerts it raised, and the CPU seconds from claim to record."""

    at: datetime
    outcome: Outcome
    alerts: int
    cpu_s: float


class InThread:
    """The daemon's pool without its processes: a replay has a process per core already, each with its own document.

    What it can't show is a page that hangs or eats memory; `--pool` runs with the daemon's own.
    """

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns."""
        return function(*args, **kwargs)


class SetClock:
    """A clock that shows what it was set to, and is never set back."""

    def __init__(self) -> None:
        self._now = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Let time pass until `now`."""
        if now < self._now:
            raise ValueError(f"expected a time from {self._now} on, found {now}")
        self._now = now


class ShownPage:
    """The fetcher's double: whatever is asked for, the server shows the capture of the moment."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self.capture: Capture | None = None

    def fetch(self, source: Source, known: KnownSource) -> Answer:
        """The capture as an answer to an unconditional request."""
        assert self.capture is not None
        redirected = self.capture.url != source.url
        hops = (Hop(source.url, 302),) if redirected else ()
        return Answer(
            source=source,
            chain=(*hops, Hop(self.capture.url, self.capture.status)),
            status=self.capture.status,
            headers=self.capture.headers,
            body=self.capture.body,
            fetched_at=self._clock(),
            complete=self.capture.complete,
        )


class Watch:
    """An archive that watches one document."""

    def __init__(self, store: Store, clock: SetClock, document: Document, policy: Policy, pool: Computing) -> None:
        self.store = store
        self.document = document
        self._clock = clock
        self._policy = policy
        self._pool = pool
        self._page = ShownPage(clock)
        self._alerts = 0

    def show(self, capture: Capture, until: datetime | None) -> Iterator[Looked]:
        """Look at a capture at its time and, while something is pending, again whenever the archive wants to.

        `until` is the time of the next capture. The last capture is shown for two more days.
        """
        end = until or capture.at + timedelta(seconds=LAST_SHOWN_S)
        at = capture.at
        while True:
            looked = self.look(capture, at)
            yield looked
            if looked.outcome.pending is None or looked.outcome.next_check_at >= end:
                return
            if looked.outcome.next_check_at <= at:
                raise RuntimeError(f"{self.document.ref}: the next look is not after this one ({at})")
            at = looked.outcome.next_check_at

    def look(self, capture: Capture, at: datetime) -> Looked:
        """One check of the document at a time, as a worker of the daemon does it."""
        self._clock.set(at)
        self._page.capture = capture
        started = time.process_time()
        claimed = claim(self.store, lease_s=LEASE_S, per_host=1, only=self.document.ref)
        outcome = check(self.store, self._page, self._pool, self._policy, claimed) if claimed else None
        cpu_s = time.process_time() - started
        if outcome is None:
            raise RuntimeError(f"{self.document.ref}: nobody else is here, yet the look at {at} was not recorded")
        before = self._alerts
        if any(event.kind in FOR_SUBSCRIBERS for event in outcome.events):
            self._alerts = self._count(tables.event, tables.event.c.kind.in_(FOR_SUBSCRIBERS))
        return Looked(at, outcome, self._alerts - before, cpu_s)

    def versions(self) -> int:
        """How many versions the archive holds."""
        return self._count(tables.version)

    def alerts(self) -> int:
        """How many events for subscribers the archive holds."""
        return self._alerts

    def lines(self) -> int:
        """How many variants of the document are watched now."""
        return self._count(tables.line, tables.line.c.ended_at.is_(None))

    def withdrawn(self) -> bool:
        """Whether the archive holds that the document is gone for good."""
        return self._count(tables.document, tables.document.c.withdrawn_at.is_not(None)) > 0

    def blind_s(self) -> float:
        """For how many seconds in all the document could not be seen, up to now."""
        query = select(tables.incident.c.since, tables.incident.c.closed_at)
        rows = self.store.read(lambda connection: connection.execute(query).all())
        return sum((((closed_at or self._clock()) - since) for since, closed_at in rows), timedelta()).total_seconds()

    def _count(self, table: Table, *where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(*where)
        return self.store.read(lambda connection: connection.execute(query).scalar_one())


class Archives:
    """Empty archives by the dozen: migrated once, copied for every document, so that each is alone in its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._empty = folder / "empty.db"
        migrate(f"sqlite:///{self._empty}")

    @contextmanager
    def watching(self, document: Document, policy: Policy, pool: Computing) -> Iterator[Watch]:
        """A watch of one document from nothing; the archive is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            path = Path(own) / "archive.db"
            shutil.copyfile(self._empty, path)
            clock = SetClock()
            store = Store.open(f"sqlite:///{path}", clock=clock)
            try:
                declare(store, (document,), (), DIGEST)
                yield Watch(store, clock, document, policy, pool)
            finally:
                store.close()
