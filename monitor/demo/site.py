"""The made-up platforms: a local web site whose legal pages change when the demo says so. All texts are our own.

The dates they state are counted from the day of the run, so that a change made now is dated now.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jinja2

from monitor.core.render.words import day

POLL_S = 0.05  # how soon a server notices that it is to close


class Face(Enum):
    """What a page shows at the moment."""

    FIRST = "as it was first"
    EDITED = "with its words edited"
    REDESIGNED = "in a new design, word for word the same"
    CHALLENGE = "hidden behind a bot challenge"


@dataclass(frozen=True, slots=True)
class Page:
    """One legal page of a made-up platform."""

    platform: str
    platform_name: str
    document: str
    name: str
    quiet: bool = False  # the same bytes on every visit, with an ETag

    @property
    def ref(self) -> str:
        return f"{self.platform}/{self.document}"

    @property
    def template(self) -> str:
        return f"{self.platform}_{self.document.replace('-', '_')}.j2"


PAGES = (
    Page("aurelle", "Aurelle AI", "connector-terms", "Connector Terms"),
    Page("aurelle", "Aurelle AI", "privacy", "Privacy Policy"),
    Page("brightloom", "Brightloom", "terms", "Commercial Terms", quiet=True),
    Page("brightloom", "Brightloom", "subprocessors", "Subprocessors", quiet=True),
    Page("cindermarket", "Cindermarket", "terms", "Terms of Use"),
    Page("cindermarket", "Cindermarket", "privacy", "Privacy Policy"),
)

_templates = jinja2.Environment(loader=jinja2.PackageLoader("monitor.demo", "pages"), autoescape=True)


class Site:
    """Serves PAGES on a port of its own of this machine, each with the face it was last given, until `close`."""

    def __init__(self) -> None:
        self._today = datetime.now(UTC).date()
        self._lock = threading.Lock()
        self._faces = {page.ref: Face.FIRST for page in PAGES}
        self._visits: Counter[tuple[str, Face]] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name="demo-site", daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, page: Page) -> str:
        return f"http://127.0.0.1:{self.port}/{page.ref}"

    def show(self, ref: str, face: Face) -> None:
        """From now on the page `platform/document` has this face."""
        with self._lock:
            self._faces[ref] = face
            self._visits[ref, face] = 0

    def visits(self, ref: str) -> int:
        """How often the page was asked for since it has its present face."""
        with self._lock:
            return self._visits[ref, self._faces[ref]]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _visit(self, page: Page) -> tuple[Face, int]:
        with self._lock:
            face = self._faces[page.ref]
            self._visits[page.ref, face] += 1
            return face, sum(count for (ref, _), count in self._visits.items() if ref == page.ref)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = next((page for page in PAGES if f"/{page.ref}" == self.path), None)
                if page is None:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                face, visit = site._visit(page)
                body = render(page, face, 0 if page.quiet else visit, site._today)
                etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if page.quiet and self.headers.get("If-None-Match") == etag:
                    self._answer(HTTPStatus.NOT_MODIFIED, etag, b"")
                else:
                    # A wall that answers 200 is the hard case: only what it says gives it away.
                    self._answer(HTTPStatus.OK, etag if page.quiet else "", body)

            def _answer(self, status: HTTPStatus, etag: str, body: bytes) -> None:
                self.send_response(status)
                if etag:
                    self.send_header("ETag", etag)
                if body:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: the demo shows what the daemon says of it."""

        return Handler


def render(page: Page, face: Face, visit: int, today: date) -> bytes:
    """The bytes of a page with a face on a day; whatever isn't terms on it differs from visit to visit."""
    template = "challenge.j2" if face is Face.CHALLENGE else page.template
    layout = "second_layout.j2" if face is Face.REDESIGNED else "first_layout.j2"
    token = hashlib.sha256(f"{page.ref} {visit}".encode()).hexdigest()[:24]
    return (
        _templates.get_template(template)
        .render(
            layout=layout,
            title=page.name,
            platform=page.platform_name,
            edited=face is Face.EDITED,
            day=lambda days: day(today + timedelta(days=days)),
            year=today.year,
            visit=visit,
            visit_token=token,
        )
        .encode()
    )
