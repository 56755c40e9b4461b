"""Says in a sentence why a fetch brought nothing, and of what kind that is. No sentence holds credentials."""

from __future__ import annotations

import httpx

from monitor.core.model import FailureKind
from monitor.net import AddressRefused, DeadlinePassed, NameNotFound, TlsFailed

URL_CHARS_MAX = 200
DETAIL_CHARS_MAX = 200  # of what a library says, which may quote what the server sent


class Unfetchable(Exception):
    """A page that answered but can't be taken, with the kind of failure; the message is a sentence."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        self.kind = kind
        super().__init__(message)


# The first that fits, the more particular before the more general; None: the error's own message says it.
_KINDS: tuple[tuple[type[Exception], FailureKind, str | None], ...] = (
    (AddressRefused, FailureKind.REFUSED, None),
    (NameNotFound, FailureKind.DNS, None),
    (TlsFailed, FailureKind.TLS, None),
    (DeadlinePassed, FailureKind.TIMEOUT, None),
    (httpx.ConnectTimeout, FailureKind.TIMEOUT, "no connection could be made in time"),
    (httpx.TimeoutException, FailureKind.TIMEOUT, "it fell silent for longer than it may"),
    (httpx.ConnectError, FailureKind.CONNECT, "no connection could be made"),
    (httpx.NetworkError, FailureKind.CONNECT, "the connection broke off before an answer came"),
    (httpx.InvalidURL, FailureKind.PROTOCOL, "this is not an address that can be called"),
    (httpx.UnsupportedProtocol, FailureKind.PROTOCOL, None),
    (httpx.ProtocolError, FailureKind.PROTOCOL, "it did not answer in HTTP as expected"),
)
FETCH_ERRORS: tuple[type[Exception], ...] = (Unfetchable, *(expected for expected, _, _ in _KINDS))


def kind_and_reason(error: Exception, url: str) -> tuple[FailureKind, str]:
    """The kind of failure and a sentence about it that names the URL it happened at."""
    if isinstance(error, Unfetchable):
        kind, said = error.kind, str(error)
    else:
        kind, said = _of_httpx(error)
    return kind, f"{shown(url)}: {said.rstrip('.')}."


def bare(url: httpx.URL) -> httpx.URL:
    """A URL without credentials and fragment."""
    return url.copy_with(username=None, password=None, fragment=None)


def shown(url: str) -> str:
    """A URL as people may see it: without credentials, and not too long."""
    try:
        text = str(bare(httpx.URL(url)))
    except httpx.InvalidURL:
        return "what is no address"
    return text if len(text) <= URL_CHARS_MAX else text[: URL_CHARS_MAX - 1] + "…"


def _of_httpx(error: Exception) -> tuple[FailureKind, str]:
    for expected, kind, said in _KINDS:
        if isinstance(error, expected):
            detail = _detail(error)
            return kind, f"{said}: {detail}" if said and detail else said or str(error)
    raise error


def _detail(error: BaseException) -> str:
    """What the system or the protocol said, without error numbers."""
    if isinstance(error, httpx.InvalidURL | httpx.ProtocolError):
        return str(error)[:DETAIL_CHARS_MAX]
    cause = error.__cause__
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__
    return ""
