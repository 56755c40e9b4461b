"""What is recalled, decided and recorded: versions, events and the outcome of a check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.core.model.changed import Change, Difference
from monitor.core.model.memory import Lesson
from monitor.core.model.read import Announcement, Reading
from monitor.core.model.seen import Failure, FailureKind, Sameness, SuspectKind, Unreadable, Verified
from monitor.core.model.watched import DocumentRef, derive_id


@dataclass(frozen=True, slots=True)
class Version:
    """The fact that the terms differed from what came before. Immutable; holds no text."""

    id: str
    ref: DocumentRef
    number: int
    parent_id: str | None
    difference: Difference | None  # None for the first one
    snapshots: tuple[str, ...]
    seen_from: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Current:
    """The version that is current for a line, with a reading of it and the identities of its provisions by ordinal."""

    line: str
    version: Version
    reading: Reading
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A variant of a document: a named pointer to the version that is current for it.

    `read_by` says under which reader and declaration that version was read, or was tried to be, last.
    """

    name: str
    version_id: str
    read_by: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ToldEdit:
    """An edit of a line that was told: which (`lines.edit`), and when."""

    line: str
    edit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A change that came with a switch between lines, and so was told to nobody."""

    change_id: str
    version_id: str
    headline: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A text not yet believed: which, why, since when, and how often it was seen."""

    words_hash: str
    kind: SuspectKind
    reason: str
    first_seen: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class Incident:
    """A document can't be seen `since`, lately because of `kind` (the same since `kind_since`), for `looks` looks.

    `told` is false until it has lasted long enough to tell the operator.
    """

    kind: str
    reason: str
    since: datetime
    kind_since: datetime
    looks: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the archive knows when a check is decided.

    `lines`: the open ones, the one seen last first. `current` is the version of that one, `others` those of the others;
    only known where something was read. `equal`: earlier versions whose meaning_hash is the seen one's, current for no
    line; `before`: the first of them as it was read then. `line_of_equal`: the name of the line that the first of them
    would be current for, if it got one; `reopens`: it had been. `returns`: the changes that bear one of `equal` and
    were told as returns. `edits`: what was told of each line lately, where there are several and none bears the text.
    `unsaid`: how the line seen last differs from what was told last. `last_number`: of the newest version, 0 where
    there is none. `rereadings`: readings of current versions that the story made again. `unread`: lines whose version
    today's reader can't read again, each with what `Line.read_by` is to say. `announced`: the days of coming versions
    that were announced before.
    """

    lines: tuple[Line, ...] = ()
    current: Current | None = None
    others: tuple[Current, ...] = ()
    equal: tuple[Version, ...] = ()
    before: Current | None = None
    line_of_equal: str = ""
    reopens: bool = False
    returns: frozenset[str] = frozenset()
    edits: tuple[ToldEdit, ...] = ()
    unsaid: Unsaid | None = None
    last_number: int = 0
    pending: Pending | None = None
    incident: Incident | None = None
    withdrawn: bool = False
    rereadings: tuple[Current, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    announced: frozenset[date] = frozenset()


class EventKind(StrEnum):
    CHANGE = "change"
    RETURN = "return"
    ANNOUNCED = "announced"
    VARIANTS = "variants"
    WITHDRAWAL = "withdrawal"
    CORRECTION = "correction"
    INCIDENT = "incident"
    INCIDENT_CLOSED = "incident_closed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something somebody may want to be told. `about` names what it is about: a change, a version or an incident; of
    an announcement the day on which the coming version takes effect.
    """

    kind: EventKind
    ref: DocumentRef
    about: str
    at: datetime
    change_id: str | None = None
    version_id: str | None = None
    text: str = ""

    @property
    def id(self) -> str:
        return derive_id("event", self.kind, str(self.ref), self.about)


@dataclass(frozen=True, slots=True)
class NotModified:
    """Verified without reading: the version that is current still is."""

    sameness: Sameness


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Read, and no word of the terms changed (`difference` is none or markup)."""

    difference: Difference


@dataclass(frozen=True, slots=True)
class Archived:
    """A new version. `change` is None for the first one of a document."""

    version: Version
    reading: Reading
    identities: tuple[str, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """Only our own reading changed: a new reading of the current version, never a version, never told."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The text equals that of an earlier version in meaning; `change` is the difference from what was current."""

    version: Version
    reading: Reading
    identities: tuple[str, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Held:
    """A text that isn't believed yet; looked at again before it counts."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Suspect:
    """The page answered but can't be the terms."""

    kind: SuspectKind
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The page didn't answer, or with an error."""

    kind: FailureKind
    reason: str


Result = NotModified | Unchanged | Archived | Reread | Returned | Held | Suspect | Failed
Seen = Verified | Reading | Failure | Unreadable


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check comes to; recorded in one transaction.

    `line`: the one whose text was seen, which the result moves; `ended`: lines that end with it. `rereadings`: new
    readings of current versions, made on the way; `unread`: see `Recalled`. `pending` and `incident` are the state
    after the check. `events` are what somebody may want to be told. `closed` is the incident that this check ended,
    if any. `withdrawn`: the document is gone for good, as far as anyone can tell. `announced`: what the pages announce
    for days that they didn't name before, told by an event of its own or with a change. `until`: see `Reading`.
    `lessons`: what the look teaches of its sources, where its text is recorded.
    """

    result: Result
    next_check_at: datetime
    line: str = "main"
    ended: tuple[str, ...] = ()
    rereadings: tuple[Current, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    pending: Pending | None = None
    incident: Incident | None = None
    closed: Incident | None = None
    withdrawn: bool = False
    events: tuple[Event, ...] = ()
    announced: tuple[Announcement, ...] = ()
    until: date | None = None
    lessons: tuple[Lesson, ...] = ()
