"""The way from a source's URL to where its page is: each hop, its cookies, and when to give up."""

from __future__ import annotations

import httpx

from monitor.core.model import FailureKind, Hop, Source
from monitor.fetch.reasons import Unfetchable, bare, shown
from monitor.net import SCHEMES


class Journey:
    """One fetch on its way. `url` is where it is now, `chain` what was seen so far, without credentials."""

    def __init__(self, source: Source, redirects_max: int) -> None:
        self.source = source
        self.url = source.url
        self.chain: list[Hop] = []
        self.cookies = httpx.Cookies()
        self._redirects_max = redirects_max
        self._asked: set[tuple[object, ...]] = set()

    def bare_url(self) -> httpx.URL:
        """Where to send the request: without credentials and fragment. Raises httpx.InvalidURL."""
        return _callable(httpx.URL(self.url))

    def arrive(self, response: httpx.Response) -> None:
        """Remembers a hop and the cookies it set."""
        self._asked.add(self._state())
        self.cookies.extract_cookies(response)
        self.chain.append(Hop(str(self.bare_url()), response.status_code))

    def go_on(self, location: str) -> None:
        """Moves to where a redirect points. Raises Unfetchable."""
        try:
            self.url = str(_callable(self.bare_url().join(location)))
        except (httpx.InvalidURL, ValueError) as error:  # urljoin raises the second
            raise Unfetchable(FailureKind.REDIRECTS, f"it redirects to {shown(location)}: {error}") from error
        if self._state() in self._asked:
            raise Unfetchable(FailureKind.REDIRECTS, f"it redirects in a circle: {self._path()}")
        if len(self.chain) > self._redirects_max:
            raise Unfetchable(
                FailureKind.REDIRECTS,
                f"it redirects more than {self._redirects_max} times, at last to {shown(self.url)}",
            )

    def _state(self) -> tuple[object, ...]:
        """What the next answer can depend on: a page that redirects to itself after setting a cookie is no circle."""
        cookies = sorted((cookie.domain, cookie.path, cookie.name, cookie.value or "") for cookie in self.cookies.jar)
        return (str(self.bare_url()), *cookies)

    def _path(self) -> str:
        urls = [hop.url for hop in self.chain]
        return " → ".join(shown(url) for url in [*urls[urls.index(self.url) :], self.url])


def _callable(url: httpx.URL) -> httpx.URL:
    """The URL without credentials and fragment. Raises httpx.InvalidURL for one that can't be called."""
    try:
        named = bool(url.host)
    except UnicodeError as error:  # a host that only looks like IDNA
        raise httpx.InvalidURL(str(error)) from error
    if url.scheme not in SCHEMES or not named:
        raise httpx.InvalidURL("expected http or https and a host")
    return bare(url)
