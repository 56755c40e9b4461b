"""The daemon: a clock, workers and signals. What is due stands in the database; nothing here remembers any of it.

APScheduler only ticks. Each job drains its kind of due work and returns; a job that is still busy skips its ticks.
So a stop loses nothing, a restart recovers nothing, and several daemons may share one database.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from types import FrameType
from urllib.parse import urlsplit

from apscheduler.executors.pool import ThreadPoolExecutor as ClockThreads
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.app import App, reconfigured
from monitor.check import check
from monitor.config import Settings
from monitor.core.errors import ConfigError, MonitorError, PoolClosed, StoreError, StoreUnavailable
from monitor.core.model import DeliveryState, DocumentRef, Failed, Outcome, Suspect
from monitor.deliver import seal, send_due
from monitor.spread import spread
from monitor.store.audience import deliveries
from monitor.store.queue import Claim, claim, spread_out
from monitor.store.recording import result_name

log = logging.getLogger(__name__)

SENDERS = 4  # a receiver that hangs delays no more than a quarter of the others
GRACE_S = 5.0  # what is under way may finish; with what closing takes this stays within 10 s
CALM_S = 10.0  # so long nothing must have failed before the database is called usable again
SEALED_MAX = 100_000  # counted at the end of a single run
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Daemon:
    """Works until it is told to stop. `load` reads the configuration again when asked to."""

    def __init__(self, app: App, load: Callable[[], Settings]) -> None:
        self._app = app
        self._started = app.settings
        self._load = load
        self._stopping = threading.Event()
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._idle = threading.Condition()
        self._busy = 0
        self._database_down = False
        self._database_failed_s = 0.0  # on the monotonic clock
        self._reload_asked = threading.Event()

    def run(self) -> bool:
        """Watch until SIGTERM or SIGINT. True if all that was under way had finished by then; what hadn't is left to
        its lease, and threads that still wait for a network are still there."""
        with self._listening():
            spread_out(self._app.store, self._app.settings.schedule.catch_up)
            scheduler = self._clock()
            scheduler.start()
            log.info("watching", extra={"documents": len(self._app.settings.documents)})
            try:
                self._obey()
            finally:
                log.info("stopping")
                self._stopping.set()
                scheduler.shutdown(wait=False)
            return self._finish()

    # ── The clock ────────────────────────────────────────────────────────────────────────────────────────────────

    def _clock(self) -> BackgroundScheduler:
        settings = self._app.settings
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped tick is how a busy job looks, not news
        jobs = [self._work] * settings.fetch.workers + [self._tell, self._reload] + [self._send] * SENDERS
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ClockThreads(len(jobs))},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for job in jobs:
            scheduler.add_job(self._tick, "interval", args=(job,), seconds=settings.schedule.tick)
        return scheduler

    def _tick(self, job: Callable[[], None]) -> None:
        """Let a job drain what is due. What the database refuses is said and tried again with a later tick."""
        with self._counted():
            try:
                job()
                self._note_database("")
            except PoolClosed:
                log.debug("a check is left to its lease")
            except StoreUnavailable as error:
                self._note_database(str(error))
            except StoreError as error:
                log.error("the archive can't be read", extra={"reason": str(error)})

    def _note_database(self, reason: str) -> None:
        """Say once that the database can't be used, and once that it can again.

        Every job meets the same trouble, and some of their work goes well meanwhile: on a full disk one may still read.
        """
        now_s = time.monotonic()
        with self._idle:
            before = self._database_down
            if reason:
                self._database_failed_s = now_s
            self._database_down = after = bool(reason) or (before and now_s < self._database_failed_s + CALM_S)
        if after and not before and not self._stopping.is_set():
            log.error("the database can't be used, trying on", extra={"reason": reason})
        if before and not after:
            log.info("the database can be used again")

    def _work(self) -> None:
        while not self._stopping.is_set() and check_next(self._app):
            pass

    def _tell(self) -> None:
        spread_and_seal(self._app)

    def _send(self) -> None:
        app = self._app
        send_due(app.store, app.notifiers, app.delivery_policy, self._stopping.is_set)

    # ── Signals ──────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _listening(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._heard) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heard(self, number: int, _: FrameType | None) -> None:
        self._signals.put(number)  # SimpleQueue.put may interrupt itself; nothing else is safe here

    def _obey(self) -> None:
        """Return when told to stop. A reload is a job like others: it may wait for the database, a stop must not."""
        while self._signals.get() == signal.SIGHUP:
            self._reload_asked.set()

    def _reload(self) -> None:
        """Where asked to, take the configuration that is there now; if it can't be used, say why and keep the old."""
        if not self._reload_asked.is_set():
            return
        self._reload_asked.clear()
        try:
            settings = self._load()
            app = reconfigured(self._app, settings)
        except MonitorError as error:
            problems = error.problems if isinstance(error, ConfigError) else (error,)
            for problem in problems:
                log.error("a problem of the new configuration", extra={"problem": str(problem)})
            log.error("the new configuration is refused, the old one stays in force")
            return
        for section in needing_restart(self._started, settings):
            log.warning("this change takes effect only with a restart", extra={"section": section})
        self._app = app
        log.info("reloaded", extra={"documents": len(settings.documents)})

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _finish(self) -> bool:
        """Wait for what is under way; then end the readings that still run, which lets their threads go."""
        deadline = time.monotonic() + GRACE_S
        if self._wait_until(deadline):
            return True
        self._app.pool.close()
        finished = self._wait_until(time.monotonic() + 0.5)
        if not finished:
            log.warning("left to their leases", extra={"busy": self._busy})
        return finished

    def _wait_until(self, deadline: float) -> bool:
        with self._idle:
            return self._idle.wait_for(lambda: self._busy == 0, deadline - time.monotonic())


def needing_restart(started: Settings, new: Settings) -> tuple[str, ...]:
    """The parts of a configuration that differ from what a running daemon started with and can't take over."""
    parts = {
        "database": (started.database, new.database),
        "reading": (started.reading, new.reading),
        "log": (started.log, new.log),
        "fetch.workers": (started.fetch.workers, new.fetch.workers),
        "schedule.tick": (started.schedule.tick, new.schedule.tick),
    }
    return tuple(name for name, (before, after) in parts.items() if before != after)


# ── One piece of work each ───────────────────────────────────────────────────────────────────────────────────────


def check_next(app: App) -> Checked | None:
    """Check the document that has been due longest; None where none is due or free."""
    claimed = claim(app.store, lease_s=app.lease_s, per_host=app.settings.fetch.per_host)
    return None if claimed is None else _check(app, claimed)


@dataclass(frozen=True, slots=True)
class Checked:
    """A document and what its check came to: None where it was lost to somebody else and nothing was recorded."""

    ref: DocumentRef
    outcome: Outcome | None

    @property
    def seen(self) -> bool:
        """Whether the document could be seen."""
        return self.outcome is not None and not isinstance(self.outcome.result, (Failed, Suspect))


def _check(app: App, claimed: Claim) -> Checked:
    ref = claimed.document.ref
    began = time.monotonic()
    try:
        outcome = check(app.store, app.fetcher, app.pool, app.settings.policy, claimed)
    except Exception as error:
        error.add_note(f"while {ref} was checked")
        raise
    fields: dict[str, object] = {"document": ref, "took_s": round(time.monotonic() - began, 3)}
    if outcome is None:
        log.warning("another check was faster, nothing is recorded", extra=fields)
    else:
        log.info("checked", extra=fields | _result_fields(outcome))
    return Checked(ref, outcome)


def _result_fields(outcome: Outcome) -> dict[str, object]:
    fields: dict[str, object] = {"result": result_name(outcome.result), "next": outcome.next_check_at}
    if isinstance(outcome.result, (Failed, Suspect)):
        fields |= {"kind": outcome.result.kind.value, "reason": outcome.result.reason}
    return fields


def spread_and_seal(app: App) -> None:
    """From events to messages that lie ready to be sent."""
    spread(app.store, app.periods)
    seal(app.store, app.letterhead, app.settings.digest)


# ── Without a clock ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Round:
    """What doing all that was due came to: documents checked and not seen, messages sent and still unsent."""

    checked: int
    unseen: int
    sent: int
    unsent: int

    @property
    def complete(self) -> bool:
        """Whether every document could be seen and every message sent."""
        return self.unseen == 0 and self.unsent == 0


def run_once(app: App, tell: Callable[[Checked], None] = lambda _: None) -> Round:
    """Do all that is due by now, each document at most once; `tell` hears of each check, from several threads."""
    with ThreadPoolExecutor(app.settings.fetch.workers) as threads:
        drained = threads.map(lambda _: _drain(app, tell), range(app.settings.fetch.workers))
        checked = [one for some in drained for one in some]
    spread_and_seal(app)
    sealed = len(deliveries(app.store, DeliveryState.SEALED, limit=SEALED_MAX))
    sent = send_due(app.store, app.notifiers, app.delivery_policy)
    unseen = sum(not one.seen for one in checked)
    unsent = max(0, sealed - sent)  # another process may have sealed and sent some meanwhile
    log.info("done", extra={"checked": len(checked), "unseen": unseen, "unsent": unsent})
    return Round(len(checked), unseen, sent, unsent)


def _drain(app: App, tell: Callable[[Checked], None]) -> list[Checked]:
    """Check what is due until nothing is, or until a document with a very short interval comes a second time."""
    checked: list[Checked] = []
    while one := check_next(app):
        checked.append(one)
        tell(one)
        if any(one.ref == before.ref for before in checked[:-1]):
            break
    return checked


def check_now(app: App, refs: tuple[DocumentRef, ...], tell: Callable[[Checked], None]) -> None:
    """Check documents whether due or not, several hosts at once; `tell` hears of each from one thread at a time.

    One that somebody else is checking, or that is paused, is told with no outcome.
    """
    hosts: defaultdict[str, list[DocumentRef]] = defaultdict(list)
    declared = {document.ref: document for document in app.settings.documents}
    for ref in refs:
        hosts[urlsplit(declared[ref].sources[0].url).netloc].append(ref)
    lock = threading.Lock()

    def check_host(mine: list[DocumentRef]) -> None:
        for ref in mine:
            claimed = claim(app.store, lease_s=app.lease_s, per_host=app.settings.fetch.per_host, only=ref)
            checked = Checked(ref, None) if claimed is None else _check(app, claimed)
            with lock:
                tell(checked)

    with ThreadPoolExecutor(app.settings.fetch.workers) as threads:
        for _ in threads.map(check_host, hosts.values()):
            pass
