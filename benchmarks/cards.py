"""A text as a row of cards, one for each provision, with its lines: taken apart, edited, laid out and read again."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monitor.core.dates import find_dates, stated
from monitor.core.model import Block, BlockKind, Op, ProvisionChange, ProvisionKind, Reading, SegmentKind
from monitor.core.provisions import provisions_of
from monitor.core.sameness import hashes

WORDS_MIN = 8
_WORD = re.compile(r"\w+")
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text and what it looks like."""

    text: str
    kind: BlockKind
    level: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A provision: its lines, the first of them with the label and title, and its ordinal before all edits."""

    lines: tuple[TextLine, ...]
    kind: ProvisionKind
    label: str
    title: str
    depth: int
    body_at: int  # in the joined lines
    old: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def body(self) -> str:
        return self.text[self.body_at :]

    @property
    def is_headed(self) -> bool:
        """Whether it is a section with a title."""
        is_heading = self.lines[0].kind is BlockKind.HEADING
        return is_heading and self.kind is ProvisionKind.SECTION and bool(self.title)

    @property
    def is_plain(self) -> bool:
        """Whether its body is one or more lines of running text without a list."""
        return len(self.lines) > 1 and all(line.kind is BlockKind.PARAGRAPH for line in self.lines[1:])

    @property
    def is_long(self) -> bool:
        """Whether its body is worth an edit: enough words, and spaces between them."""
        return len(self.body.split()) >= WORDS_MIN and not _EAST.search(self.body)

    @property
    def bullets(self) -> list[int]:
        """The places of the lines of its first flat list."""
        places = [at for at, line in enumerate(self.lines) if line.kind is BlockKind.ITEM and not line.label]
        run = [at for at in places if at - places[0] == places.index(at)]
        return run if len({self.lines[at].level for at in run}) == 1 else []

    @property
    def longest_line(self) -> int:
        """The place of the line with most of the body."""
        return max(range(len(self.lines)), key=lambda at: len(self.lines[at].text) - self.body_offset(at))

    def body_offset(self, line_at: int) -> int:
        """Where in a line the body begins."""
        start = sum(len(line.text) + 1 for line in self.lines[:line_at])
        return max(0, self.body_at - start)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a perfect comparison says of one edit: the operation, on which provisions, in which words."""

    op: Op
    old: int | None
    new: Card | None
    parts: tuple[int, ...] = ()  # old ordinals of a merger
    new_parts: tuple[Card, ...] = ()  # of a split
    also: tuple[Op, ...] = ()
    removed: str = ""
    added: str = ""


@dataclass(slots=True)
class Draft:
    """A text that is being edited. `touched` are the ids of cards that an edit has used or stands beside."""

    cards: list[Card]
    touched: set[int]
    expected: list[Expected]

    def free(self, at: int) -> bool:
        return 0 <= at < len(self.cards) and id(self.cards[at]) not in self.touched

    def touch(self, *cards: Card) -> None:
        self.touched.update(id(card) for card in cards)

    def some(self, rng: random.Random, fits: Callable[[Card], bool]) -> int | None:
        """A place that no edit has touched yet and that fits."""
        found = [at for at, card in enumerate(self.cards) if self.free(at) and fits(card)]
        return rng.choice(found) if found else None

    def put(self, at: int, new: Card) -> None:
        """Another card in the place of one; both are touched."""
        self.touch(self.cards[at], new)
        self.cards[at] = new

    def same_parent(self, first: int, second: int) -> bool:
        """Whether nothing between two places stands above the first."""
        low, high = sorted((first, second))
        depth = self.cards[low].depth
        return all(card.depth >= depth for card in self.cards[low:high])

    def leaf(self, at: int) -> bool:
        """Whether nothing stands under a provision."""
        return at + 1 >= len(self.cards) or self.cards[at + 1].depth <= self.cards[at].depth


def cards_of(reading: Reading) -> list[Card]:
    """The provisions of a reading as cards."""
    lines: list[list[TextLine]] = [[] for _ in reading.provisions]
    at = 0
    for block in reading.blocks:
        while at + 1 < len(reading.provisions) and reading.provisions[at + 1].start <= block.start:
            at += 1
        lines[at].append(TextLine(reading.text[block.start : block.end], block.kind, block.level, block.label))
    return [
        Card(tuple(own), p.kind, p.label, p.title, p.depth, p.body_start - p.start, p.ordinal)
        for own, p in zip(lines, reading.provisions, strict=True)
    ]


def reading_of_cards(cards: Sequence[Card], like: Reading, name: str) -> Reading:
    """The reading of a text laid out from cards."""
    lines = [line for card in cards for line in card.lines]
    blocks, at = [], 0
    for line in lines:
        blocks.append(Block(line.kind, at, at + len(line.text), line.level, line.label))
        at += len(line.text) + 1
    text = "\n".join(line.text for line in lines)
    provisions, dates = provisions_of(text, blocks), find_dates(text)
    hashed = hashes(text, blocks, provisions, dates)
    return replace(
        like,
        snapshots=(name,),
        text=text,
        blocks=tuple(blocks),
        provisions=provisions,
        words_hash=hashed.words,
        meaning_hash=hashed.meaning,
        undated_hash=hashed.undated,
        dates=stated(dates),
    )


def is_read_as_meant(cards: Sequence[Card], reading: Reading) -> bool:
    """Whether each card is read as one provision, with the label and title it bears."""
    if len(cards) != len(reading.provisions):
        return False
    at = 0
    for card, provision in zip(cards, reading.provisions, strict=True):
        if provision.start != at or (provision.label, provision.title) != (card.label, card.title):
            return False
        if provision.depth != card.depth:
            return False
        at += len(card.text) + 1
    return True


def words_of(text: str) -> Counter[str]:
    """The words of a text, however often."""
    return Counter(word.casefold() for word in _WORD.findall(text))


def marked_words(old: Reading, new: Reading, changes: Sequence[ProvisionChange]) -> tuple[Counter[str], Counter[str]]:
    """The words that changes mark as gone and as new, however often."""
    gone, come = Counter[str](), Counter[str]()
    for segment in (segment for change in changes for segment in change.segments):
        if segment.kind is SegmentKind.DELETED:
            gone += words_of(old.text[segment.old_start : segment.old_end])
        elif segment.kind is SegmentKind.INSERTED:
            come += words_of(new.text[segment.new_start : segment.new_end])
    return gone, come
