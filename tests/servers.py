"""Real HTTP(S) servers on 127.0.0.1 for tests, well-behaved and otherwise. A thread per connection, any free port.

    with Site() as site:
        site.on("/terms", page("<h1>Terms</h1>"))
        site.on("/old", redirect("/terms"))
        httpx.get(site.url("/old"))
        assert [request.path for request in site.requests] == ["/old", "/terms"]

A Reply is a function that gets the request's Exchange; those below are the usual ones.
"""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import trustme


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. `path` has the query; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Exchange:
    """One request and the connection to answer it on. After a reply the connection is closed."""

    request: Request
    write: Callable[[bytes], None]
    ending: threading.Event  # set when the server closes: whoever waits, waits on this

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Test", *(f"{name}: {value}" for name, value in headers.items())]
        self.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


Reply = Callable[[Exchange], None]


def page(body: str | bytes = b"", status: int = 200, **headers: str) -> Reply:
    """A whole page. Headers by keyword, with _ for -: `page("…", content_type="text/html")`."""
    data = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": "text/html; charset=utf-8"} | {_header(name): value for name, value in headers.items()}

    def reply(exchange: Exchange) -> None:
        exchange.head(status, {**named, "Content-Length": str(len(data))})
        exchange.write(data)

    return reply


def redirect(location: str, status: int = 302, **headers: str) -> Reply:
    return page(b"", status, location=location, **headers)


def raw(*parts: bytes) -> Reply:
    """Exactly these bytes, then the connection ends."""

    def reply(exchange: Exchange) -> None:
        for part in parts:
            exchange.write(part)

    return reply


def hung(exchange: Exchange) -> None:
    """Takes the request and never answers."""
    exchange.ending.wait()


def drip(every_s: float, head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n") -> Reply:
    """The head, then a byte now and then, for ever. With an empty head, never a whole header."""

    def reply(exchange: Exchange) -> None:
        exchange.write(head or b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not exchange.ending.wait(every_s):
            exchange.write(b"x")

    return reply


def cut(body: bytes, announced: int) -> Reply:
    """A page that ends before the length it announces."""
    return raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % announced, body)


def chunked(*parts: bytes, ends: bool = True, **headers: str) -> Reply:
    """A page in chunks, with or without the last one that says that it is whole."""
    named = "".join(f"{_header(name)}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{named}\r\n".encode()
    pieces = [b"%x\r\n%b\r\n" % (len(part), part) for part in parts]
    return raw(head, *pieces, *([b"0\r\n\r\n"] if ends else []))


@dataclass
class Site:
    """A server whose paths answer as they are told to; unknown ones with 404. Use it as a context manager."""

    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    defects: list[BaseException | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._replies: dict[str, Reply] = {}
        self._ending = threading.Event()
        self._server = _Server(self)

    def on(self, path: str, reply: Reply) -> None:
        """From now on that path (without its query) is answered so."""
        self._replies[path] = reply

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        assert not self.defects, self.defects

    def answer(self, request: Request, write: Callable[[bytes], None]) -> None:
        self.requests.append(request)
        reply = self._replies.get(request.path.partition("?")[0], page("nothing here", 404))
        reply(Exchange(request, write, self._ending))


def authority(*names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A made-up certificate authority: (the server's context for these names, a client's that trusts it)."""
    made_up = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made_up.issue_cert(*names).configure_cert(server)
    client = ssl.create_default_context()
    made_up.configure_trust(client)
    return server, client


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, site: Site) -> None:
        self.site = site
        super().__init__((site.host, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):  # a client that hangs up is no defect of the test's
            self.site.defects.append(error)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        # TLS is begun here, on the connection's own thread: a client that says nothing must not stop the others.
        if self.server.site.tls is not None:
            self.request.settimeout(self.timeout)
            self.request = self.server.site.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        if self.server.site.tls is not None:
            self.request.close()  # the server closes only the plain socket it knows

    def handle(self) -> None:
        self.handle_one_request()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.site.answer(Request(self.command, self.path, headers, body), self._write)

    do_GET = do_POST = do_HEAD = do_PUT = _answer  # noqa: N815 - the names http.server looks for

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _header(keyword: str) -> str:
    return keyword.replace("_", "-").title()
