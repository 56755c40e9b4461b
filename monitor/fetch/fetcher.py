"""Asks a source for its page and follows it to where it is, within limits of time and size.

Any HTTP response is an Answer, also an error or one cut short: what it is worth is judged by others. Requests are
repeatable: the same headers, and no cookie of an earlier fetch. A page's own refresh is not followed.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import httpx

from monitor import __version__
from monitor.core.model import Answer, FetchFailure, KnownSource, Source
from monitor.fetch.body import ACCEPTED, Body, receive
from monitor.fetch.journey import Journey
from monitor.fetch.reasons import FETCH_ERRORS, kind_and_reason
from monitor.net import DEADLINE, AddressPolicy, Deadline, GuardedTransport, Resolve, system_resolve

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"
LANGUAGE = "en"  # asked for where a source names none, so that every machine is answered alike
NOT_MODIFIED = 304
_ASCII = "".join(map(chr, range(0x20, 0x7F)))  # what a header may hold


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How long a fetch may take and how much it may bring. `deadline_s` is for all of it, redirects and DNS too."""

    connect_s: float = 10.0
    read_s: float = 20.0
    deadline_s: float = 60.0
    sent_bytes_max: int = 10_000_000
    body_bytes_max: int = 20_000_000
    redirects_max: int = 10


class Fetcher:
    """Fetches sources; one for the process with one TLS context, used from any thread.

    It speaks to httpx's transport itself: redirects and cookies are a Journey's, and httpx's own client raises more
    than its documented errors for some of the redirects that servers send.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        policy: AddressPolicy | None = None,
        name: str = "terms-monitor",
        contact: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._clock = clock
        self._timeout = httpx.Timeout(self._limits.read_s, connect=self._limits.connect_s).as_dict()
        self._headers = {
            "User-Agent": user_agent(name, contact),
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
        }
        self._transport = GuardedTransport(
            policy or AddressPolicy(),
            deadline_s=self._limits.deadline_s,
            ssl_context=ssl_context,
            resolve=resolve,
        )

    def fetch(self, source: Source, known: KnownSource) -> Answer | FetchFailure:
        """One look at the source. Asks whether it has changed where `known` says what its last good answer bore."""
        journey = Journey(source, self._limits.redirects_max)
        deadline = Deadline.after(self._limits.deadline_s)
        try:
            return self._follow(journey, known, deadline)
        except FETCH_ERRORS as error:
            kind, reason = kind_and_reason(error, journey.url)
            return FetchFailure(source, kind, reason, self._clock())

    def close(self) -> None:
        """Nothing is held between fetches, and nothing is cut off: a fetch under way ends by its deadline."""
        self._transport.close()

    def _follow(self, journey: Journey, known: KnownSource, deadline: Deadline) -> Answer:
        while True:
            response = self._send(journey, known, deadline)
            try:
                journey.arrive(response)
                if not response.has_redirect_location:
                    return self._answer(journey, response)
                journey.go_on(response.headers["location"])
            finally:
                response.close()

    def _send(self, journey: Journey, known: KnownSource, deadline: Deadline) -> httpx.Response:
        conditions = {} if journey.chain else _conditions(known)
        request = httpx.Request(
            "GET",
            journey.bare_url(),
            headers=self._headers | {"Accept-Language": journey.source.language or LANGUAGE} | conditions,
            extensions={"timeout": self._timeout, DEADLINE: deadline},
        )
        request.headers.encoding = "utf-8"  # a cookie may hold more than ASCII
        journey.cookies.set_cookie_header(request)
        response = self._transport.handle_request(request)
        response.request = request
        return response

    def _answer(self, journey: Journey, response: httpx.Response) -> Answer:
        body = Body(b"", complete=True)
        if response.status_code != NOT_MODIFIED:
            body = receive(
                response.iter_raw(),
                response.headers.get("content-encoding"),
                sent_max=self._limits.sent_bytes_max,
                decoded_max=self._limits.body_bytes_max,
            )
        return Answer(
            source=journey.source,
            chain=tuple(journey.chain),
            status=response.status_code,
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw),
            body=body.data,
            fetched_at=self._clock(),
            complete=body.complete,
        )


def user_agent(name: str, contact: str) -> str:
    """Who is asking, in which version, and whom to write to about it; beyond ASCII as a URL would have it."""
    product = name if "/" in name else f"{name}/{__version__}"
    return quote(f"{product} (+{contact})" if contact else product, safe=_ASCII)


def _conditions(known: KnownSource) -> dict[str, str]:
    """What makes a request conditional: the validators of the last good answer, if they can be sent back as they came.

    Only the first hop is asked so: another page's validators prove nothing.
    """
    if known.bears is None:
        return {}
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value and value.isascii()}
