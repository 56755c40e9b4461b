"""The way into the database: many writers, failing writes, other processes, crashes, and what can't be used."""

from __future__ import annotations

import builtins
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from monitor.core.errors import StoreUnavailable
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.writer import GROUP_S


def add(name: str) -> Callable[[Connection], str]:
    """A write of one platform."""

    def write(connection: Connection) -> str:
        connection.execute(insert(t.platform).values(id=name, name=name))
        return name

    return write


def names(store: Store) -> list[str]:
    return store.read(lambda connection: list(connection.execute(select(t.platform.c.id)).scalars()))


def test_a_failing_write_takes_nothing_of_the_others_with_it(store: Store) -> None:
    def write(number: int) -> str:
        if number % 3 == 0:
            return store.write(lambda connection: add("same")(connection) + add(f"lost-{number}")(connection))
        return store.write(add(f"p{number}"))

    with ThreadPoolExecutor(20) as threads:
        futures = [threads.submit(write, number) for number in range(100)]
    failed = [number for number, future in enumerate(futures) if future.exception()]
    assert len(failed) == 33
    assert all(isinstance(futures[number].exception(), IntegrityError) for number in failed)
    assert [future.result() for number, future in enumerate(futures) if number % 3] == [
        f"p{number}" for number in range(100) if number % 3
    ]
    found = names(store)
    assert len(found) == 66 + 2
    assert sum(name.startswith("lost") for name in found) == 1


def test_a_write_that_raises_writes_nothing_and_raises_in_its_caller(store: Store) -> None:
    def write(connection: Connection) -> None:
        add("half")(connection)
        raise ZeroDivisionError("a defect")

    with pytest.raises(ZeroDivisionError, match="a defect"):
        store.write(write)
    assert store.write(add("whole")) == "whole"
    assert names(store) == ["whole"]


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match=r"it can't be written|can only be read"):
        store.read(add("never"))
    assert store.write(add("p")) == "p"
    assert names(store) == ["p"]


def test_the_clock_is_the_databases_unless_another_is_given(store: Store, store_url: str) -> None:
    moment = store.read(store.now)
    assert abs(datetime.now(UTC) - moment) < timedelta(seconds=5)
    assert moment.microsecond % 1000 == 0
    given = Store.open(store_url, lambda: datetime(2026, 4, 1, tzinfo=UTC))
    assert given.read(given.now) == given.write(given.now) == datetime(2026, 4, 1, tzinfo=UTC)
    given.close()


def test_sqlite_is_safe_against_a_power_cut(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    pragmas = ("journal_mode", "synchronous", "foreign_keys")

    def settings(connection: Connection) -> list[object]:
        return [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in pragmas]

    assert store.write(settings) == ["wal", 2, 1]
    store.close()


def test_writes_wait_for_another_process_that_writes(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    begun = time.monotonic()
    assert store.write(add("patient")) == "patient"
    assert time.monotonic() - begun > 0.2
    other.close()
    store.close()


def test_closing_waits_for_no_lock_of_another_process(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(20) as threads:
        futures = [threads.submit(store.write, add(f"p{number}")) for number in range(20)]
        assert store._writer is not None
        while store._writer._queue.qsize() < 19:  # all but the one that waits for the lock
            time.sleep(0.001)
        begun = time.monotonic()
        store.close()
        assert time.monotonic() - begun < 3
        assert {type(future.exception()) for future in futures} == {StoreUnavailable}
    other.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_removed_or_replaced_is_not_written_as_if_it_were_there(
    sqlite_url: str, replaced: bool
) -> None:
    store = Store.open(sqlite_url)
    assert names(store) == []
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    aside = file.rename(file.with_name("aside.db"))
    if replaced:
        file.write_bytes(aside.read_bytes())
    for use in (lambda: store.write(add("lost")), lambda: names(store)):
        with pytest.raises(StoreUnavailable, match="was removed or replaced while it was in use: put it back"):
            use()
    aside.replace(file)
    assert store.write(add("kept")) == "kept"
    assert names(store) == ["kept"]
    store.close()


def test_a_group_that_cannot_be_committed_is_told_to_all_and_the_writer_goes_on(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)

    def undo_everything(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.rollback()  # as SQLite does by itself where the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    entered, held = threading.Event(), threading.Event()

    def hold(connection: Connection) -> bool:
        entered.set()
        return held.wait(10)

    with ThreadPoolExecutor(3) as threads:
        threads.submit(store.write, hold)
        assert entered.wait(10)
        futures = [_queued(threads, store, write) for write in (add("innocent"), undo_everything)]
        time.sleep(GROUP_S)  # so that the two make a group of their own
        held.set()
    assert [type(future.exception()) for future in futures] == [sqlite3.OperationalError] * 2
    assert store.write(add("after")) == "after"
    assert names(store) == ["after"]
    store.close()


def _queued(threads: ThreadPoolExecutor, store: Store, write: Callable[[Connection], object]) -> Future[object]:
    """The write, in the queue when this returns."""
    assert store._writer is not None
    before = store._writer._queue.qsize()
    future = threads.submit(store.write, write)
    while store._writer._queue.qsize() == before:
        time.sleep(0.001)
    return future


def test_closing_finishes_the_writes_under_way_and_refuses_more(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    entered = threading.Event()

    def slow(connection: Connection) -> str:
        entered.set()
        time.sleep(0.1)
        return add("slow")(connection)

    with ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(store.write, slow)
        entered.wait()
        store.close()
        assert under_way.result() == "slow"
    with pytest.raises(StoreUnavailable, match="has been closed by this program"):
        store.write(add("late"))
    store.close()


def test_transactions_that_lost_against_each_other_are_repeated(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    for name in ("a", "b"):
        store.write(add(name))
    both_hold_one = threading.Barrier(2)
    tries = []

    def rename(first: str, second: str) -> None:
        def write(connection: Connection) -> None:
            tries.append(first)
            for name in (first, second):
                connection.execute(text("UPDATE platform SET name = name || '!' WHERE id = :id"), {"id": name})
                if len(tries) <= 2 and name == first:
                    both_hold_one.wait(10)

        store.write(write)

    with ThreadPoolExecutor(2) as threads:
        for future in [threads.submit(rename, "a", "b"), threads.submit(rename, "b", "a")]:
            future.result()
    assert len(tries) == 3
    found = store.read(lambda connection: connection.execute(select(t.platform.c.name)).scalars().all())
    assert sorted(found) == ["a!!", "b!!"]
    store.close()


_WRITE_FOR_EVER = """
import sys
from sqlalchemy import insert
from concurrent.futures import ThreadPoolExecutor
from monitor.store import tables as t
from monitor.store.engine import Store
store = Store.open(sys.argv[1])
def go(thread):
    for number in range(10**9):
        name = f"{thread}-{number}"
        store.write(lambda c: (c.execute(insert(t.platform).values(id=name, name="1")),
                               c.execute(insert(t.source).values(id=name, url=name))))
        sys.stdout.write(name + chr(10))
        sys.stdout.flush()
with ThreadPoolExecutor(4) as threads:
    list(threads.map(go, range(4)))
"""


@pytest.mark.parametrize("after_s", [0.05, 0.15, 0.3])
def test_what_was_acknowledged_outlives_a_kill(sqlite_url: str, after_s: float) -> None:
    command = [sys.executable, "-c", _WRITE_FOR_EVER, sqlite_url]
    writing = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert writing.stdout is not None
    first = writing.stdout.readline()
    time.sleep(after_s)
    writing.send_signal(signal.SIGKILL)
    rest = writing.stdout.read()
    writing.wait()
    writing.stdout.close()
    acknowledged = {line for line in (first + rest).decode().split("\n")[:-1] if line}
    store = Store.open(sqlite_url)
    found = set(names(store))
    assert acknowledged
    assert acknowledged <= found
    sources = store.read(lambda connection: set(connection.execute(select(t.source.c.id)).scalars()))
    assert sources == found  # both rows of a write, or none
    assert store.read(lambda connection: connection.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
    store.close()


def test_a_database_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is no database. " * 100)
    (tmp_path / "folder.db").mkdir()
    told = {
        f"sqlite:///{tmp_path}/none/x.db": r"the folder .*none doesn't exist; make it, or correct the URL\.$",
        f"sqlite:///{tmp_path}/text.db": r"the file is not an SQLite database; name another file\.$",
        f"sqlite:///{tmp_path}/folder.db": r"it can't be opened; check that its folder may be written",
        "postgresql://me:secret@127.0.0.1:1/x": r"postgresql://me:\*\*\*@.*refused.*check the URL and that the server",
        "postgresql://me:secret@127.0.0.1:1/x?ssl=no": r'invalid connection option "ssl"; check the URL',
        "mysql://me:secret@host/x": r"mysql://me:\*\*\*@host/x: expected sqlite:///file\.db",
        "secret": r"can't be understood: expected sqlite:///file\.db",
        "sqlite://": r"expected sqlite:///file\.db",
    }
    for url, sentence in told.items():
        with pytest.raises(StoreUnavailable, match=sentence) as raised:
            Store.open(url)
        assert "secret" not in str(raised.value)
        assert "\n" not in str(raised.value)


def test_an_unwritable_file_is_refused_at_once(sqlite_url: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"it can't be written; check the permissions"):
        Store.open(sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")


def test_a_wrong_password_or_name_is_told_without_the_password(postgres: str) -> None:
    right = postgres.rpartition("/")[0]
    told = {
        right.replace("of-a-test", "wrong-one") + "/template": "password authentication failed",
        right + "/nothing": 'database "nothing" does not exist',
    }
    for url, sentence in told.items():
        with pytest.raises(StoreUnavailable, match=sentence) as raised:
            Store.open(url)
        assert "wrong-one" not in str(raised.value)
        assert "of-a-test" not in str(raised.value)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without_psycopg(name: str, *rest: object) -> object:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(StoreUnavailable, match=r"pip install 'terms-monitor\[postgres\]'"):
        Store.open("postgresql://me@localhost/x")


def test_a_server_that_goes_away_is_told_and_comes_back_by_itself(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    store.write(add("before"))
    end_me = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(StoreUnavailable, match="can't be used: the server is stopping or starting; try again"):
        store.write(lambda connection: connection.execute(end_me))
    assert store.write(add("after")) == "after"
    assert store.read(lambda connection: connection.execute(select(func.count()).select_from(t.platform)).scalar()) == 2
    store.close()
