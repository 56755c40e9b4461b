"""Processes to compute in: a page that hangs or eats memory costs its own check and nothing else.

Each worker has one pipe and one task. `ProcessPoolExecutor` is no good here: one killed worker breaks the pool, and
26 of 32 waiting tasks failed with it (docs/decisions/0007-a-pool-of-our-own.md).
"""

from __future__ import annotations

import atexit
import fcntl
import multiprocessing
import os
import resource
import select
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from monitor.core.errors import PoolClosed, PoolError

P = ParamSpec("P")
T = TypeVar("T")

PRELOAD = ("monitor.pool", "monitor.core.read", "monitor.core.decide")  # imported once, then forked
TASKS_MAX = 2_000  # then a worker is replaced, so that what leaks or fragments never adds up to the limit
END_S = 2.0  # how long a killed process may take to be gone

_forkserver = multiprocessing.get_context("forkserver")


class Pool:
    """Up to `processes` workers, started when first needed.

    A task that runs longer than `deadline_s` or whose worker needs more than `memory_bytes` of address space fails
    with PoolError, and its worker is replaced. Safe to use from many threads; leave it with `close` or as a context.
    """

    def __init__(self, processes: int, deadline_s: float, memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._change = threading.Condition()
        self._seats: list[_Worker | None] = [None] * processes  # free ones; None: a worker is to be started
        self._workers: set[_Worker] = set()
        self._closed = False
        _start_forkserver()
        atexit.register(self.close)  # before multiprocessing's own, which would wait for the workers

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` returns, computed in another process; waits until a worker is free.

        Raises PoolError where the task ran out of time or memory or took its process with it, PoolClosed once the
        pool is closed, and whatever the function itself raises.
        """
        worker = self._take()
        reply: _Reply | None = None
        try:
            reply = worker.run((function, args, kwargs), self._deadline_s)
        except EOFError as error:
            raise self._explain(worker) from error
        finally:
            keep = reply is not None and not reply.exhausted and worker.tasks < TASKS_MAX
            self._give_back(worker, keep=keep)
        if reply.exhausted:
            raise PoolError(f"It needed more than the {self._memory_bytes >> 20} MB of memory a page may take.")
        if reply.error is not None:
            raise reply.error
        value: T = reply.value
        return value

    def close(self) -> None:
        """End every worker at once; calls that still run or wait raise PoolClosed."""
        atexit.unregister(self.close)
        with self._change:
            self._closed = True
            workers, self._seats = tuple(self._workers), []
            self._change.notify_all()
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join(END_S)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _take(self) -> _Worker:
        with self._change:
            while not self._seats and not self._closed:
                self._change.wait()
            if self._closed:
                raise PoolClosed("The program is stopping.")
            worker = self._seats.pop()
            if worker is not None and worker.process.is_alive():
                return worker
            try:
                fresh = _Worker(self._memory_bytes)
            except BaseException:
                self._seats.append(None)
                raise
            self._workers = {fresh} | self._workers - {worker}
            return fresh

    def _give_back(self, worker: _Worker, *, keep: bool) -> None:
        if not keep:
            worker.end()
        with self._change:
            if not keep:
                self._workers.discard(worker)
            if not self._closed:
                # Seats are taken from the end: none is filled with a worker before all there are have work.
                self._seats.insert(len(self._seats) if keep else 0, worker if keep else None)
                self._change.notify()

    def _explain(self, worker: _Worker) -> PoolError | PoolClosed:
        if self._closed:
            return PoolClosed("The program is stopping.")
        if worker.overdue:
            return PoolError(f"It took longer than the {self._deadline_s:g} s a page may take.")
        worker.process.join(END_S)
        return PoolError(f"The process that computed it ended with {_ending(worker.process.exitcode)}.")


@dataclass(frozen=True, slots=True)
class _Reply:
    """What a worker answers: a value, the error its function raised, or that its memory was exhausted."""

    value: Any = None
    error: BaseException | None = None
    exhausted: bool = False


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, memory_bytes: int) -> None:
        self.tasks = 0
        self.overdue = False
        self._pipe, theirs = _forkserver.Pipe()
        self.process = _forkserver.Process(target=_work, args=(theirs, memory_bytes), daemon=True)
        self.process.start()
        theirs.close()

    def run(self, task: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]], deadline_s: float) -> _Reply:
        """The reply to one task. Raises EOFError where there is none, having set `overdue` if time was the reason."""
        self.tasks += 1
        try:
            self._pipe.send(task)
            self.overdue = not self._pipe.poll(deadline_s)
            if self.overdue:
                raise EOFError
            reply: _Reply = self._pipe.recv()
        except OSError as error:
            raise EOFError from error
        return reply

    def end(self) -> None:
        self.process.kill()
        self._pipe.close()
        self.process.join(END_S)


def _start_forkserver() -> None:
    """Start the process that workers are forked from, deaf to the signals that are meant for the daemon.

    systemd and terminals signal the whole group. What is being read when the daemon is asked to stop may finish, and
    must not look like a page that crashed its reader. Workers inherit the mask.
    """
    _forkserver.set_forkserver_preload(list(PRELOAD))
    resource_tracker.ensure_running()  # else the call below would, and unblock the signals again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection[Any, Any], memory_bytes: int) -> None:
    """The life of a worker: answer tasks until the parent is gone."""
    _die_with_the_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    while True:
        try:
            function, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        reply = _answer(function, args, kwargs)
        _send(pipe, reply)
        if reply.exhausted:
            return


def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Reply:
    try:
        return _Reply(value=function(*args, **kwargs))
    except MemoryError:
        return _Reply(exhausted=True)
    except Exception as error:
        error.add_note(f"In a worker process:\n{''.join(traceback.format_tb(error.__traceback__))}")
        return _Reply(error=error)


def _send(pipe: Connection[Any, Any], reply: _Reply) -> None:
    try:
        pipe.send(reply)
    except BrokenPipeError:
        return  # the parent has gone
    except Exception as error:  # a value or an error that can't be pickled
        pipe.send(_Reply(error=TypeError(f"{reply.error or reply.value!r} can't leave its process: {error}")))


def _die_with_the_parent() -> None:
    """Let the kernel end this process when the daemon ends, even in the middle of C code and after kill -9.

    The pipe that `sentinel` reads never bears anything but its end; O_ASYNC makes that end a SIGIO, which terminates.
    PR_SET_PDEATHSIG would not do: the parent it knows is the fork server, which lives as long as its workers.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    fd = parent.sentinel
    fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([fd], [], [], 0)[0]:  # it was gone before the line above
        os._exit(0)


def _ending(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"exit code {exitcode}"
    return f"signal {-exitcode} ({signal.Signals(-exitcode).name})"
