"""What is read: text, blocks and provisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.core.model.watched import derive_id


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADER_ROW = "header_row"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a reading's text: text[start:end]. `level` is a heading's level or an item's depth, from 1.

    `label` is an item's number that the page shows but doesn't spell (an ordered list), else empty.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    label: str = ""


class ProvisionKind(StrEnum):
    PREAMBLE = "preamble"
    SECTION = "section"
    ITEM = "item"
    DEFINITION = "definition"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Provision:
    """The smallest unit one cites. The spans of all provisions, in order, are the whole text without a gap.

    `start:end` has its heading and own body, not its children; `body_start` is where the body begins, after heading
    or label. `label` is its own number as written ("9.2", "(a)"), `title` its heading without the number or, for a
    row, its key; `parent` the ordinal of the provision it stands in.
    """

    ordinal: int
    kind: ProvisionKind
    label: str
    title: str
    depth: int
    parent: int | None
    start: int
    body_start: int
    end: int


@dataclass(frozen=True, slots=True)
class StatedDates:
    """Dates a document states of itself: of its last change and of its coming into force."""

    updated: date | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a page says of a coming version of its agreement: the day it takes effect, and the words that say so.

    `quote` stands word for word on the page that `snapshot_id` is of; `url` is where it links to, if it does.
    """

    takes_effect: date
    quote: str
    url: str = ""
    snapshot_id: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text and provisions of a version as one reader saw them. Blocks are the lines of `text`, joined by newlines.

    `words_hash`: of the words as written. `meaning_hash`: of the words without what is cosmetic. `undated_hash`: the
    same without the dates the document states of itself. `announcements` are what the pages say besides, in the text
    or around it. `until`: the day from which the same pages read otherwise, because another of the versions they hold
    is in force then. No hash has a part in these two.
    """

    snapshots: tuple[str, ...]
    reader: str
    declaration: str
    memories: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    provisions: tuple[Provision, ...]
    words_hash: str
    meaning_hash: str
    undated_hash: str
    title: str = ""
    language: str | None = None
    dates: StatedDates = StatedDates()
    announcements: tuple[Announcement, ...] = ()
    until: date | None = None

    @property
    def id(self) -> str:
        return derive_id("reading", *self.snapshots, self.reader, self.declaration, *self.memories)

    @property
    def made_by(self) -> str:
        """Names the reader and the declaration it was made under; see `made_by`."""
        return made_by(self.reader, self.declaration)

    def comparable_with(self, other: Reading) -> bool:
        """Only readings made under one reader version, declaration and memories may be compared."""
        return (self.reader, self.declaration, self.memories) == (other.reader, other.declaration, other.memories)


def made_by(reader: str, declaration: str) -> str:
    """A name for a reader's version with the reading part of a declaration: where it differs, one reads again."""
    return derive_id("made by", reader, declaration)
