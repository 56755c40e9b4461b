"""What changed between two readings, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.core.model.watched import derive_id


class Difference(StrEnum):
    """The kind of difference between two texts, least first."""

    NONE = "none"
    MARKUP = "markup"
    COSMETIC = "cosmetic"
    DATE_ONLY = "date_only"
    CHANGE = "change"


class Op(StrEnum):
    """What happened to a provision."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    RETITLED = "retitled"
    SPLIT = "split"
    MERGED = "merged"


class SegmentKind(StrEnum):
    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_OUT = "moved_out"  # stands word for word in another provision now
    MOVED_IN = "moved_in"  # stood word for word in another provision before


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text inside a changed provision: old_text[old_start:old_end] became new_text[new_start:new_end].

    Equal runs have both, deleted and moved-out ones an empty new span, inserted and moved-in ones an empty old span.
    `elsewhere`: the provision that moved text went to (ordinal in the new text) or came from (in the old one).
    `in_place`: the moved text itself stayed where it was; a heading came, went or moved past it.
    """

    kind: SegmentKind
    old_start: int
    old_end: int
    new_start: int
    new_end: int
    elsewhere: int | None = None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """What happened to one provision. `old` and `new` are ordinals in the two readings, None where there is none.

    `op` is what matters most; `also` has whatever else happened to it (modified and moved). `path` is how a lawyer
    would cite it, in the new text or, where removed, in the old. `parts` are the ordinals it was split into (new) or
    merged from (old); the segments of such a change cover all of them. Of sentences those count as modified that some
    words of changed; text that only moved counts neither as words nor as sentences.
    """

    op: Op
    path: str
    old: int | None
    new: int | None
    also: tuple[Op, ...] = ()
    parts: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    sentences_added: int = 0
    sentences_removed: int = 0
    sentences_modified: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two readings, from `compare`.

    `changes` in the order of the new text. `pairs` has every matched (old ordinal, new ordinal): identities follow
    it. `coarse` is true where the texts were too large or too different for the fine answer.
    """

    difference: Difference
    changes: tuple[ProvisionChange, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    words_added: int = 0
    words_removed: int = 0
    sentences_added: int = 0
    sentences_removed: int = 0
    sentences_modified: int = 0
    coarse: bool = False


class Severity(StrEnum):
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Signal(StrEnum):
    """A kind of words whose change changes the meaning."""

    NEGATION = "negation"
    NUMBER = "number"
    CONSENT = "consent"
    MODALITY = "modality"


class Flag(StrEnum):
    SILENT_EDIT = "silent_edit"  # words changed, the stated date did not
    BACKDATED = "backdated"  # in force before it was seen


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a change means under one version of the rules."""

    rules: str
    headline: str
    severity: Severity
    signals: tuple[Signal, ...] = ()
    topics: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    stated_date: date | None = None
    notice_days: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The provision changes between two versions of a line, citing two readings."""

    old_version_id: str
    new_version_id: str
    old_reading_id: str
    new_reading_id: str
    compare: str
    comparison: Comparison
    assessment: Assessment

    @property
    def id(self) -> str:
        return change_id(self.old_version_id, self.new_version_id)


def change_id(old_version_id: str, new_version_id: str) -> str:
    """The id of the change from one version to another."""
    return derive_id("change", old_version_id, new_version_id)
