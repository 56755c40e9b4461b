"""The way out: an httpx transport that connects only to addresses that were checked, and ends by a deadline.

A name is looked up once, each of its addresses is checked, and the checked address itself is connected to, so that
a second, different answer of the name server can't get between; TLS and the Host header keep the name. Redirects are
checked because each hop is a request of its own. Every request has a new connection: most hosts are called once a
day, and a pool's bookkeeping grows with the square of its idle connections.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import certifi
import httpcore
import httpx

from monitor.core.addresses import Address, AddressPolicy
from monitor.net.deadline import Deadline
from monitor.net.resolve import Resolve, resolve_within, system_resolve

DEADLINE = "monitor.deadline"  # the request extension that holds a request's own Deadline
SCHEMES = ("http", "https")


class AddressRefused(httpx.ConnectError):
    """The address may not be called."""


class TlsFailed(httpx.ConnectError):
    """No secure connection could be made: a certificate that can't be trusted, or no common protocol."""


def guarded_client(
    policy: AddressPolicy,
    *,
    deadline_s: float,
    connect_s: float = 10.0,
    read_s: float = 20.0,
    headers: dict[str, str] | None = None,
    ssl_context: ssl.SSLContext | None = None,
    resolve: Resolve = system_resolve,
) -> httpx.Client:
    """A thread-safe client whose every connection keeps to `policy` and whose every request ends by `deadline_s`.

    It follows no redirects, keeps no cookies and reads no proxy or netrc from the environment. Beside httpx's errors
    it raises AddressRefused, NameNotFound, TlsFailed (each an httpx.ConnectError) and DeadlinePassed (a
    TimeoutException); their messages are sentences.
    """
    return httpx.Client(
        transport=GuardedTransport(policy, deadline_s=deadline_s, ssl_context=ssl_context, resolve=resolve),
        headers={"Connection": "close"} | (headers or {}),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(read_s, connect=connect_s),
        follow_redirects=False,
        trust_env=False,
    )


def trusted_context() -> ssl.SSLContext:
    """A TLS context that trusts the public authorities and those this machine's operator added to the system's."""
    context = _SettledContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificates and names
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    ssl.SSLContext.set_alpn_protocols(context, ["http/1.1"])
    return context


class _SettledContext(ssl.SSLContext):
    """A context whose application protocol stays as it was made.

    httpcore sets it anew before each handshake, which frees what the handshake of another thread may just be copying.
    """

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Changes nothing."""


class GuardedTransport(httpx.BaseTransport):
    """One new, checked connection per request. `deadline_s` holds for requests that bring no Deadline of their own."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        deadline_s: float,
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._policy = policy
        self._deadline_s = deadline_s
        self._ssl_context = ssl_context or trusted_context()
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response, its body not yet read; closing it closes the connection."""
        if request.url.scheme not in SCHEMES:
            raise httpx.UnsupportedProtocol(f"expected http or https, found {request.url.scheme}", request=request)
        deadline = request.extensions.get(DEADLINE) or Deadline.after(self._deadline_s)
        connection = httpcore.HTTPConnection(
            _url(request).origin,
            ssl_context=self._ssl_context,
            network_backend=_GuardedBackend(self._policy, self._resolve, deadline),
        )
        try:
            with _as_httpx_errors():
                response = connection.handle_request(_httpcore_request(request))
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, connection),
            extensions={"http_version": response.extensions["http_version"]},
        )


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only, trying one after the other, each with its share of the time."""

    def __init__(self, policy: AddressPolicy, resolve: Resolve, deadline: Deadline) -> None:
        self._policy = policy
        self._resolve = resolve
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        connecting = Deadline.after(self._deadline.within(timeout))
        addresses = resolve_within(self._resolve, host, port, connecting.left_s())
        self._check(host, port, addresses)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for position, address in enumerate(addresses):
            share_s = connecting.left_s() / (len(addresses) - position)
            if share_s == 0.0:
                break
            try:
                stream = self._sockets.connect_tcp(str(address), port, share_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectTimeout("no time was left to connect")

    def _check(self, host: str, port: int, addresses: tuple[Address, ...]) -> None:
        """Refuses the host if any of its addresses may not be called: an honest one has none to hide among others."""
        for address in addresses:
            why = self._policy.refusal(host, port, address)
            if why is not None:
                named = f"{address}" if str(address) == host else f"{host} ({address})"
                raise AddressRefused(f"{named} may not be called: {why}")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step has the shorter of its own time-out and what is left until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._timed(timeout) as seconds:
            return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self._timed(timeout) as seconds:
            self._stream.write(buffer, seconds)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            with self._timed(timeout) as seconds:
                secured = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except httpcore.ConnectError as error:
            raise TlsFailed(_tls_reason(error.__cause__ or error)) from error
        return _TimedStream(secured, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    @contextmanager
    def _timed(self, timeout: float | None) -> Iterator[float]:
        try:
            yield self._deadline.within(timeout)
        except httpcore.TimeoutException:
            self._deadline.within(None)  # says so where it was the deadline that ended the step
            raise


class _Body(httpx.SyncByteStream):
    """A response's body as it comes from the wire; closing it closes the connection."""

    def __init__(self, response: httpcore.Response, connection: httpcore.HTTPConnection) -> None:
        self._response = response
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def _url(request: httpx.Request) -> httpcore.URL:
    url = request.url
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _httpcore_request(request: httpx.Request) -> httpcore.Request:
    if not isinstance(request.stream, httpx.SyncByteStream):
        raise TypeError("expected a request with a synchronous body")
    return httpcore.Request(
        method=request.method,
        url=_url(request),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _tls_reason(error: BaseException) -> str:
    """Why TLS failed, in OpenSSL's words but without its numbers."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate can't be trusted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLError) and error.reason:
        return f"no secure connection could be agreed on: {error.reason.replace('_', ' ').lower()}"
    return "the connection ended while it was being secured"


_HTTPX_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    try:
        yield
    except tuple(_HTTPX_ERRORS) as error:
        raise _HTTPX_ERRORS[type(error)](str(error)) from error
