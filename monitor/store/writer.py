"""The one thread of a process that writes to SQLite, many writes to a transaction (design.md, decision 2).

Writers that each fight for SQLite's lock wait seconds and fail; one that commits for all of them writes thousands a
second. Each write has its own savepoint: one that fails takes nothing with it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from monitor.core.errors import StoreUnavailable
from monitor.store.unavailable import unavailable

T = TypeVar("T")

GROUP_MAX = 50
GROUP_S = 0.05  # no transaction takes on more writes after this, so that other processes get in
LOCKED_S = 30.0  # how long a lock held by another process is waited for, all tries together
LOCKED_PAUSE_S = 0.01


@dataclass(slots=True)
class _Write:
    """One caller's write, with what came of it."""

    fn: Callable[[Connection], Any]
    answer: Future[Any] = field(default_factory=Future)
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.value)


class Writer:
    """Runs functions on a connection that may write, and answers each caller after the COMMIT."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._letting_in = threading.Lock()  # a write that is let in comes before the end of the queue
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def write(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, once it is committed; raises what it raised, or StoreUnavailable."""
        assert threading.current_thread() is not self._thread, "a write can't wait for another write"
        write = _Write(fn)
        with self._letting_in:
            if self._closed.is_set():
                raise StoreUnavailable(f"The database {self._url.database} has been closed by this program.")
            self._queue.put(write)
        value: T = write.answer.result()
        return value

    def close(self) -> None:
        """Finishes the writes that were let in, unless another process keeps them waiting, and ends the thread."""
        with self._letting_in:
            if not self._closed.is_set():
                self._closed.set()
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            try:
                self._commit(group)
            except BaseException as error:
                # Nothing of the group was committed: every caller is told, whoever caused it.
                if self._closed.is_set():
                    group += iter(self._waiting, None)  # what failed this one would make each wait in turn
                for write in group:
                    write.error = self._told(error)
            for write in group:
                write.settle()

    def _commit(self, group: list[_Write]) -> None:
        """Commits the group, which grows by whatever is waiting."""
        with begun(self._engine, self._closed.is_set) as connection:
            until = time.monotonic() + GROUP_S
            self._attempt(connection, group[0])
            while len(group) < GROUP_MAX and time.monotonic() < until and (write := self._waiting()) is not None:
                group.append(write)
                self._attempt(connection, write)
            connection.commit()

    def _waiting(self) -> _Write | None:
        try:
            write = self._queue.get_nowait()
        except Empty:
            return None
        if write is None:
            self._queue.put(None)  # the end of the queue is for _run to meet
        return write

    def _attempt(self, connection: Connection, write: _Write) -> None:
        savepoint = connection.begin_nested()
        try:
            write.value = write.fn(connection)
            savepoint.commit()
        except BaseException as error:  # whatever it is, it is its caller's: this thread serves the others
            if not _in_transaction(connection):
                raise  # a full disk or the like: SQLite has rolled back the whole transaction
            savepoint.rollback()
            write.error = self._told(error)

    def _told(self, error: BaseException) -> BaseException:
        sentence = unavailable(error, self._url) if isinstance(error, DBAPIError) else None
        if sentence is None:
            return error
        told = StoreUnavailable(sentence)
        told.__cause__ = error
        return told


def begun(engine: Engine, hurried: Callable[[], bool] = lambda: False) -> Connection:
    """A connection in BEGIN IMMEDIATE, tried again while another process writes, until `hurried` says not to.

    SQLite's own timeout doesn't cover every kind of lock (the change to WAL is one), and nothing can interrupt it.
    """
    until = time.monotonic() + LOCKED_S
    while True:
        try:
            connection = engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            return connection
        except DBAPIError as error:
            if not _is_busy(error) or time.monotonic() > until or hurried():
                raise
        time.sleep(LOCKED_PAUSE_S)


def _is_busy(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _in_transaction(connection: Connection) -> bool:
    raw = connection.connection.dbapi_connection
    return isinstance(raw, sqlite3.Connection) and raw.in_transaction
