"""What a check sees: answers and failures, snapshots kept of them, and what the gate makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.model.watched import Source


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a redirect chain."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Any HTTP response, also an error or one cut short. `body` is decoded from its content coding, empty with a 304.

    `chain` has every hop, the last being the answer itself. `complete` is false where the connection ended before
    the length the server had announced. `framed`: the source's page only framed the document that answers; the page
    is a hop of the chain then, and the validators of the answer say nothing about it.
    """

    source: Source
    chain: tuple[Hop, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    complete: bool = True
    framed: bool = False

    def header(self, name: str) -> str | None:
        """The last value of a header, by its name in any case."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)

    @property
    def url(self) -> str:
        """Where the answer came from, after redirects."""
        return self.chain[-1].url if self.chain else self.source.url


class FailureKind(StrEnum):
    """Why nothing usable came back."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REFUSED = "refused"  # the address may not be called
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"
    HTTP = "http"  # an HTTP error status
    NOT_FOUND = "not_found"  # 404
    GONE = "gone"  # 410
    PARKED = "parked"  # reading this capture failed again and again: parked until the reader changes


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """No response. `reason` is a sentence for a person."""

    source: Source
    kind: FailureKind
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes of a source as received, with where they came from: evidence.

    `fingerprint` hashes what a person could see on the page; two answers with one fingerprint are kept once.
    """

    id: str
    source_id: str
    chain: tuple[Hop, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    body_hash: str
    fingerprint: str
    fetched_at: datetime
    complete: bool = True

    def header(self, name: str) -> str | None:
        """The last value of a header, by its name in any case."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)

    @property
    def url(self) -> str:
        """Where the bytes came from, after redirects."""
        return self.chain[-1].url if self.chain else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the gate needs of a kept snapshot: names, not bytes."""

    snapshot_id: str
    body_hash: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KnownSource:
    """What is known of a source when a document that reads it is checked.

    `last_kept`: the newest snapshot kept, whatever was decided about it. `bears`: the snapshot that the source's last
    good answer bore; `etag` and `last_modified` are that answer's validators. `read`: the snapshot this document
    last read a version or a verification from. `memory` names what is remembered of the source, empty where nothing is.
    """

    source: Source
    last_kept: Kept | None = None
    bears: Kept | None = None
    read: Kept | None = None
    etag: str | None = None
    last_modified: str | None = None
    answered_at: datetime | None = None
    memory: str = ""


class Sameness(StrEnum):
    """The layer on which a look was found to be the same, cheapest first."""

    NOT_MODIFIED = "not_modified"
    BYTES = "bytes"
    FINGERPRINT = "fingerprint"


@dataclass(frozen=True, slots=True)
class Verified:
    """Every source still bears what this document last read."""

    sameness: Sameness


@dataclass(frozen=True, slots=True)
class Failure:
    """A source didn't answer, or answered with an error."""

    kind: FailureKind
    reason: str
    retry_after_s: float | None = None


class SuspectKind(StrEnum):
    """Why a page that answered can't be believed to be the terms."""

    CHALLENGE = "challenge"
    ERROR_PAGE = "error_page"
    LOGIN = "login"
    CONSENT = "consent"
    APP_SHELL = "app_shell"
    FRAME = "frame"  # the page only frames another document
    EMPTY = "empty"
    BINARY = "binary"
    SELECTOR = "selector"  # a selector of the declaration matched nothing
    CUT_SHORT = "cut_short"
    WRONG_DOCUMENT = "wrong_document"
    WRONG_LANGUAGE = "wrong_language"
    DIFFERS_A_LOT = "differs_a_lot"


@dataclass(frozen=True, slots=True)
class Frame:
    """A document that the page of a source frames instead of bearing it."""

    source_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The page answered, but what it bears can't be the terms. `frame` is where they may be instead."""

    kind: SuspectKind
    reason: str
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class SourceLook:
    """What one source showed in one check: what is to be remembered of it, whatever is decided.

    `keep`: a snapshot to keep as evidence. `bears`: the snapshot a good answer bore, new or kept before. `like`: one
    kept before whose fingerprint an answer has that is read in full all the same.
    """

    source: Source
    keep: Snapshot | None = None
    bears: Kept | None = None
    etag: str | None = None
    last_modified: str | None = None
    answered_at: datetime | None = None
    like: Kept | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the gate makes of the answers. `verdict` is None where the sources must be read.

    `audited`: they are read although their fingerprints say that nothing changed, to see what the gate misses.
    """

    sources: tuple[SourceLook, ...]
    verdict: Verified | Failure | Unreadable | None
    audited: bool = False
