"""A web server that shows recorded pages as they were at a time that passes faster than ours."""

from __future__ import annotations

import html
import json
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import zstandard
from histories import Corpus, RecordedDocument, moment, slug

_pack = zstandard.ZstdCompressor(level=1).compress  # a history is hundreds of pages that hardly differ


@dataclass(frozen=True, slots=True)
class Shown:
    """A recorded page. `packed`: its bytes, compressed only to fit into memory."""

    snapshot: int
    at: datetime
    content_type: str
    sha256: str
    packed: bytes

    @property
    def etag(self) -> str:
        """Names the bytes, as a strong validator."""
        return f'"{self.sha256[:32]}"'

    def body(self) -> bytes:
        """The bytes as recorded."""
        return zstandard.ZstdDecompressor().decompress(self.packed)


@dataclass(frozen=True, slots=True)
class Served:
    """The history of a document at a path that stays. `pages` in the order of time, at least one."""

    doc: int
    path: str
    name: str
    platform: str
    pages: tuple[Shown, ...]

    def at(self, now: datetime) -> Shown:
        """What is shown at a time: the newest page by then; before the first one that."""
        return self.pages[max(0, bisect_right(self.pages, now, key=lambda page: page.at) - 1)]


def load_served(
    corpus: Corpus, docs: Iterable[RecordedDocument], start: datetime | None, end: datetime | None
) -> tuple[Served, ...]:
    """The histories of the documents that were recorded between two times, with what each showed at the start."""
    packed: dict[str, bytes] = {}
    loaded = (_served(corpus, doc, start, end, packed) for doc in docs)
    return tuple(served for served in loaded if served is not None)


def _served(
    corpus: Corpus, doc: RecordedDocument, start: datetime | None, end: datetime | None, packed: dict[str, bytes]
) -> Served | None:
    recorded = [one for one in corpus.snapshots(doc.id) if end is None or moment(one) <= end]
    inside = [one for one in recorded if start is None or moment(one) >= start]
    if not inside:
        return None
    pages = []
    for one in [*recorded[: len(recorded) - len(inside)][-1:], *inside]:
        if one.sha256 not in packed:
            packed[one.sha256] = _pack(one.raw)
        content_type = one.mime if one.mime == "application/pdf" else f"{one.mime}; charset=utf-8"
        pages.append(Shown(one.id, moment(one), content_type, one.sha256, packed[one.sha256]))
    name = f"{doc.service}: {doc.terms_type} ({doc.id})"
    return Served(doc.id, f"/{slug(f'{doc.id} {doc.service} {doc.terms_type}')}", name, doc.company, tuple(pages))


class FastClock:
    """A time that starts at `start` and passes `speed` times as fast as ours."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.start = start
        self.speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The time it is in the recording."""
        return self.start + timedelta(seconds=(time.monotonic() - self._origin) * self.speed)


class HistoryServer:
    """Serves histories on a port until `close`: pages at their paths, an index at / and /index.json."""

    def __init__(self, served: tuple[Served, ...], clock: Callable[[], datetime], host: str, port: int) -> None:
        self.served = served
        self._server = ThreadingHTTPServer((host, port), _handler(served, clock))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="history", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def index(served: tuple[Served, ...], now: datetime) -> dict[str, object]:
    """What is being shown now and what is left to come, for whoever drives a test. Times are those of the recording."""
    return {
        "now": now.isoformat(),
        "end": max(one.pages[-1].at for one in served).isoformat(),
        "documents": [
            {
                "doc": one.doc,
                "path": one.path,
                "name": one.name,
                "platform": one.platform,
                "snapshot": one.at(now).snapshot,
                "recorded_at": one.at(now).at.isoformat(),
                "sha256": one.at(now).sha256,
                "shown_before": bisect_right(one.pages, now, key=lambda page: page.at),
                "pages": len(one.pages),
            }
            for one in served
        ],
    }


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to one request."""

    status: HTTPStatus
    content_type: str = ""
    body: bytes = b""
    validators: tuple[tuple[str, str], ...] = ()


def answer(served: tuple[Served, ...], now: datetime, path: str, headers: Message) -> Reply:
    """The reply to a GET at a time of the recording."""
    if path == "/index.json":
        return Reply(HTTPStatus.OK, "application/json", json.dumps(index(served, now), indent=1).encode())
    if path == "/":
        return Reply(HTTPStatus.OK, "text/html; charset=utf-8", _index_page(served, now).encode())
    asked = next((one for one in served if one.path == path), None)
    if asked is None:
        return Reply(HTTPStatus.NOT_FOUND, "text/plain", b"No document is served here; / lists them.")
    page = asked.at(now)
    validators = (("ETag", page.etag), ("Last-Modified", format_datetime(page.at, usegmt=True)))
    if _unmodified(page, headers.get("If-None-Match"), headers.get("If-Modified-Since")):
        return Reply(HTTPStatus.NOT_MODIFIED, validators=validators)
    return Reply(HTTPStatus.OK, page.content_type, page.body(), validators)


def _handler(served: tuple[Served, ...], clock: Callable[[], datetime]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = answer(served, clock(), self.path.partition("?")[0], self.headers)
            self.send_response(reply.status)
            for name, value in reply.validators:
                self.send_header(name, value)
            if reply.content_type:
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Nothing: / and /index.json say what is going on."""

    return Handler


def _unmodified(page: Shown, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """RFC 9110, 13.2.2: the tag decides where both are given."""
    if if_none_match is not None:
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return page.etag in tags or "*" in tags
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return page.at <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _index_page(served: tuple[Served, ...], now: datetime) -> str:
    rows = "".join(
        f'<tr><td><a href="{one.path}">{html.escape(one.name)}</a></td><td>{one.at(now).at:%Y-%m-%d %H:%M}</td>'
        f"<td>{bisect_right(one.pages, now, key=lambda page: page.at)} of {len(one.pages)}</td></tr>"
        for one in served
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Recorded histories</title>'
        f"<h1>Recorded histories</h1><p>It is {now:%Y-%m-%d %H:%M} UTC in the recording.</p>"
        f"<table><tr><th>document</th><th>recorded</th><th>page</th></tr>{rows}</table></html>"
    )
