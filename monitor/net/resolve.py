"""Looks up the addresses of a name in bounded time.

The system's resolver can't be interrupted, so it is asked on a thread of its own that is left behind when time is up;
how many may be left behind is limited.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

import httpx

from monitor.core.addresses import Address

Resolve = Callable[[str, int], tuple[Address, ...]]

LOOKUPS_MAX = 64  # lookups that may be under way or left behind at once
ADDRESSES_MAX = 16  # a name with more is answered with its first

_seats = threading.BoundedSemaphore(LOOKUPS_MAX)


class NameNotFound(httpx.ConnectError):
    """A name has no address, or none could be learnt in time."""


def system_resolve(host: str, port: int) -> tuple[Address, ...]:
    """The addresses of a host in the order the system prefers. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in found))[:ADDRESSES_MAX]


def resolve_within(resolve: Resolve, host: str, port: int, timeout_s: float) -> tuple[Address, ...]:
    """At least one address of the host; raises NameNotFound where there is none in time."""
    with suppress(ValueError):
        return (ip_address(host),)  # a literal needs no thread
    if not _seats.acquire(timeout=timeout_s):
        raise NameNotFound(f"the name {host} could not be looked up: {LOOKUPS_MAX} other lookups are still waiting")
    lookup = _Lookup(resolve, host, port)
    threading.Thread(target=lookup.run, name=f"lookup {host}", daemon=True).start()
    if not lookup.done.wait(timeout_s):
        raise NameNotFound(f"the name {host} could not be looked up within {timeout_s:.3g} s")
    if lookup.error is not None and not isinstance(lookup.error, OSError | UnicodeError):
        raise lookup.error
    if not lookup.addresses:
        detail = f": {_said(lookup.error)}" if lookup.error else ""
        raise NameNotFound(f"the name {host} has no address{detail}") from lookup.error
    return lookup.addresses


class _Lookup:
    """One lookup, run on its own thread; gives its seat back when the resolver returns at last."""

    def __init__(self, resolve: Resolve, host: str, port: int) -> None:
        self._resolve, self._host, self._port = resolve, host, port
        self.done = threading.Event()
        self.addresses: tuple[Address, ...] = ()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.addresses = self._resolve(self._host, self._port)
        except Exception as error:  # handed to the thread that waits, which raises what it doesn't expect
            self.error = error
        finally:
            _seats.release()
            self.done.set()


def _said(error: Exception) -> str:
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else str(error)
