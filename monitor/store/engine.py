"""The way into the database: `Store` reads, writes and tells the time, on SQLite or PostgreSQL by URL alone.

It knows nothing of the tables. Migrations are in schema.py, what is asked and recorded in the modules beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TypeVar

import sqlalchemy
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from monitor.core.errors import StoreUnavailable
from monitor.store.unavailable import must_be_repeated, shown, unavailable
from monitor.store.writer import Writer, begun

T = TypeVar("T")

READ_TIMEOUT_S = 10.0  # how long SQLite waits for a lock of another process
WRITE_TIMEOUT_S = 1.0  # the writer tries again by itself, and can be asked to give up in between
CONNECT_TIMEOUT_S = 10
POOL_SIZE = 5
POOL_OVERFLOW = 45  # one connection for each worker at most, closed again after use
REPEATS = 8  # of a PostgreSQL transaction that lost against another
REPEAT_FIRST_S = 0.005

Clock = Callable[[], datetime]


class Store:
    """One database. Every method may be called from any thread.

    `fn` gets a connection inside a transaction. It must not keep it, commit, or do anything but SQL: a write may be
    rolled back and run again.
    """

    def __init__(self, url: URL, readers: Engine, writers: Engine, clock: Clock | None) -> None:
        self._url = url
        self._readers = readers
        self._writers = writers
        self._clock = clock
        self._writer = Writer(writers, url) if _is_sqlite(url) else None

    @staticmethod
    def open(url: str, clock: Clock | None = None) -> Store:
        """The store at `url`: sqlite:///relative.db, sqlite:////absolute.db or postgresql://user:password@host/name.

        `clock` replaces the database's own clock, for tests and replays. A missing SQLite file is made. Raises
        StoreUnavailable where the database can't be opened, reached or written.
        """
        parsed = parse_url(url)
        if _is_sqlite(parsed):
            readers, writers = sqlite_engine(parsed, writing=False), sqlite_engine(parsed, writing=True)
        else:
            readers = writers = postgresql_engine(parsed)
        try:
            with connecting(parsed), begun(writers) as connection:
                _try_to_write(connection)
        except BaseException:
            writers.dispose()
            raise
        return Store(parsed, readers, writers, clock)

    @property
    def url(self) -> str:
        """Where the database is, for a person: without the password."""
        return shown(self._url)

    def read(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, run in a transaction that sees one state of the database and may not write."""
        with connecting(self._url), self._readers.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                return fn(connection)

    def write(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` returns, once what it wrote is committed; nothing is written where it raises."""
        if self._writer is not None:
            return self._writer.write(fn)
        return self._write_straight(fn)

    def now(self, connection: Connection) -> datetime:
        """The database's time in whole milliseconds, which everything in a check goes by; or the given clock's."""
        value = _database_time(connection) if self._clock is None else self._clock().astimezone(UTC)
        return value.replace(microsecond=value.microsecond // 1000 * 1000)

    def close(self) -> None:
        """Finishes the writes under way and closes every connection."""
        if self._writer is not None:
            self._writer.close()
        self._readers.dispose()
        self._writers.dispose()

    def _write_straight(self, fn: Callable[[Connection], T]) -> T:
        for attempt in range(REPEATS):
            try:
                with connecting(self._url), self._writers.begin() as connection:
                    return fn(connection)
            except DBAPIError as error:
                if not must_be_repeated(error) or attempt == REPEATS - 1:
                    raise
                time.sleep(REPEAT_FIRST_S * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


def parse_url(url: str) -> URL:
    """The URL as SQLAlchemy understands it, with our drivers. Raises StoreUnavailable where it is none of ours."""
    try:
        parsed = sqlalchemy.make_url(url)
    except (ArgumentError, ValueError):
        # The text isn't shown: what can't be parsed may hold a password anywhere.
        raise StoreUnavailable(f"The database's URL can't be understood: expected {_FORMS}.") from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    raise StoreUnavailable(f"The database's URL is {shown(parsed)}: expected {_FORMS}.")


_FORMS = "sqlite:///file.db, sqlite:////absolute/file.db or postgresql://user:password@host/name"


def sqlite_engine(url: URL, *, writing: bool) -> Engine:
    """An engine on a SQLite file whose transactions are real: SQLAlchemy's begin is BEGIN (IMMEDIATE to write)."""
    engine = sqlalchemy.create_engine(
        url,
        connect_args={"timeout": WRITE_TIMEOUT_S if writing else READ_TIMEOUT_S, "check_same_thread": False},
        pool_size=1 if writing else POOL_SIZE,
        max_overflow=0 if writing else POOL_OVERFLOW,
    )
    pragmas = ["foreign_keys=ON", "synchronous=FULL"]
    pragmas += ["journal_mode=WAL"] if writing else ["query_only=ON"]
    opening = "BEGIN IMMEDIATE" if writing else "BEGIN"
    file = Path(url.database or "")
    opened: list[tuple[int, int] | None] = []

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlalchemy.engine.interfaces.DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # Python's own BEGIN would come too late and break savepoints
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        opened.append(_identity(file))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _identity(file) != opened[0]:  # SQLite would go on in the file it opened, which nobody finds again
            raise StoreUnavailable(
                f"The database {file} was removed or replaced while it was in use: put it back, or stop this program, "
                "put the right file there and start again."
            )
        connection.exec_driver_sql(opening)

    return engine


def postgresql_engine(url: URL) -> Engine:
    """An engine on PostgreSQL by psycopg 3. Raises StoreUnavailable where the extra isn't installed."""
    try:
        return sqlalchemy.create_engine(
            url,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            "A PostgreSQL database needs the package psycopg, which isn't installed: "
            "install it with pip install 'terms-monitor[postgres]'."
        ) from error


class Lock(IntEnum):
    """What only one process may do at a time on PostgreSQL. The numbers are ours among a server's advisory locks."""

    MIGRATE = 7_305_011
    DECLARE = 7_305_012
    CLAIM = 7_305_013


def lock(connection: Connection, what: Lock) -> None:
    """Waits until nobody else does `what`, and keeps others from it until the transaction ends.

    On SQLite every transaction that writes is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(what))))


@contextmanager
def connecting(url: URL) -> Iterator[None]:
    """Turns what says that the database can't be used, inside its block, into a StoreUnavailable with one sentence."""
    try:
        yield
    except DBAPIError as error:
        sentence = unavailable(error, url)
        if sentence is None:
            raise
        raise StoreUnavailable(sentence) from error


def _identity(file: Path) -> tuple[int, int] | None:
    """What tells a file from another in its place; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite"


def _try_to_write(connection: Connection) -> None:
    """SQLite opens a file that it may not write as if nothing were wrong. Whoever opened it rolls this back."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 1")


def _database_time(connection: Connection) -> datetime:
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return moment.astimezone(UTC)
    text: str = connection.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").scalar_one()
    return datetime.fromisoformat(text)
