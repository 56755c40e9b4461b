"""What a message is made from: an event with its change and evidence, and how each document stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import Announcement, Change, Document, Event, Reading, Version


@dataclass(frozen=True, slots=True)
class Evidence:
    """One snapshot that bears a version: the bytes as received can be hashed again."""

    snapshot_id: str
    url: str
    body_hash: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A change with the two readings it cites, their versions and identities, and the evidence of the new one."""

    change: Change
    old: Reading
    new: Reading
    old_version: Version
    new_version: Version
    evidence: tuple[Evidence, ...]
    old_identities: tuple[str, ...] = ()
    new_identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """One event to be told. `exhibit` is None where nothing was compared: a withdrawal, an incident.

    `announced` is what an announcement says, and `evidence` the page that says it.
    """

    event: Event
    document: Document
    exhibit: Exhibit | None = None
    announced: Announcement | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one followed document stands when a digest is made.

    `verified_at`: the last look that showed the current version, None if there never was one. `unseen_since` and
    `unseen_because`: of the open incident, which `unseen_for_long` says has lasted. `pending_because`: a new text is
    there but not believed yet. `variants`: the versions that are shown in turn since `variants_since`, where there are
    several; `version` is then the one that was seen last.
    """

    document: Document
    version: int | None = None
    verified_at: datetime | None = None
    unseen_since: datetime | None = None
    unseen_because: str = ""
    unseen_for_long: bool = False
    pending_since: datetime | None = None
    pending_because: str = ""
    paused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    variants: tuple[int, ...] = ()
    variants_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: `sender` is the From address, `reply_to` where answers go, if not there.

    `operator` is the address that takes unsubscriptions, empty where there is none.
    """

    sender: str
    operator: str
    name: str = "Terms Monitor"
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The time a digest speaks of: words in the mail, never a query. `since` is None for a channel's first one."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """What makes a message somebody's: its delivery's id, its recipient, when it was sealed, the thread it is in.

    `thread` is the stable root that all alerts of one document to one channel answer to; empty for no thread.
    """

    delivery_id: str
    recipient: str
    sealed_at: datetime
    thread: str = ""
