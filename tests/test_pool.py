"""The pool: what one task does to itself happens to no other."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from monitor.core.errors import BadInput, PoolClosed, PoolError
from monitor.pool import Pool


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(processes=2, deadline_s=1.0, memory_bytes=1 << 30) as pool:
        yield pool


def double(number: int) -> int:
    return 2 * number


def crash_on_five(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGSEGV)
    return double(number)


def backtrack() -> None:
    """Busy in C code that holds the lock of the interpreter for longer than anybody waits."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def refuse() -> None:
    raise BadInput("not this one")


def test_a_task_that_kills_its_process_fails_alone(pool: Pool) -> None:
    def attempt(number: int) -> int | str:
        try:
            return pool.call(crash_on_five, number)
        except PoolError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(attempt, range(30)))
    crash = "The process that computed it ended with signal 11 (SIGSEGV)."
    assert answers == [2 * number if number != 5 else crash for number in range(30)]


def test_a_task_that_hangs_is_ended_at_the_deadline_and_the_next_one_runs(pool: Pool) -> None:
    began = time.monotonic()
    with pytest.raises(PoolError, match="longer than the 1 s"):
        pool.call(backtrack)
    assert 1.0 <= time.monotonic() - began < 10.0
    assert pool.call(double, 4) == 8


def test_a_task_that_eats_memory_fails_and_the_next_one_runs(pool: Pool) -> None:
    with pytest.raises(PoolError, match="more than the 1024 MB"):
        pool.call(bytearray, 4 << 30)
    assert pool.call(double, 4) == 8


def test_an_error_of_the_function_is_raised_as_itself_and_says_where(pool: Pool) -> None:
    with pytest.raises(BadInput, match="not this one") as caught:
        pool.call(refuse)
    assert "in refuse" in caught.value.__notes__[0]
    before = pool.call(os.getpid)
    with pytest.raises(TypeError, match="can't leave its process"):
        pool.call(threading.Lock)
    assert pool.call(os.getpid) == before  # neither costs a worker


def test_a_worker_that_died_while_idle_is_replaced_before_it_gets_a_task(pool: Pool) -> None:
    idle = psutil.Process(pool.call(os.getpid))
    idle.kill()
    idle.wait(timeout=5)
    time.sleep(0.1)  # for the word of it to arrive
    assert pool.call(double, 1) == 2


def test_closing_ends_running_and_waiting_calls_at_once() -> None:
    pool = Pool(processes=1, deadline_s=60, memory_bytes=1 << 30)
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(pool.call, backtrack) for _ in range(2)]
        time.sleep(0.5)  # for one to run and the other to wait
        began = time.monotonic()
        pool.close()
        for call in calls:
            with pytest.raises(PoolClosed):
                call.result(timeout=5)
    assert time.monotonic() - began < 10
    with pytest.raises(PoolClosed):
        pool.call(double, 1)


PARENT = """
import sys, threading, time, os
sys.path.insert(0, {tests!r})
from test_pool import backtrack
from monitor.pool import Pool
if __name__ == "__main__":
    pool = Pool(processes=2, deadline_s=600, memory_bytes=1 << 30)
    pids = [pool.call(os.getpid)]
    threading.Thread(target=pool.call, args=(backtrack,), daemon=True).start()
    time.sleep(0.5)
    pids.append(pool.call(os.getpid))
    print(*pids, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process with a pool of an idle and a busy worker, leading a process group of its own."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(tests=str(Path(__file__).parent)))
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        busy, idle = map(int, process.stdout.readline().split())
        assert busy != idle
        yield process, [busy, idle]
        process.kill()


def test_workers_end_with_a_killed_parent_even_in_the_middle_of_c_code(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, workers = parent
    family = [psutil.Process(pid) for pid in workers] + psutil.Process(process.pid).children()
    process.kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_workers_are_deaf_to_the_signals_meant_for_the_daemon(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    _, workers = parent
    family = [psutil.Process(pid) for pid in workers]
    forkserver = family[0].parent()
    assert forkserver is not None
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        for one in (*family, forkserver):
            one.send_signal(number)
    gone, _ = psutil.wait_procs([*family, forkserver], timeout=0.5)
    assert gone == []
