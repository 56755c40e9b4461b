"""Provisions made ready for alignment: their words, titles and labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from monitor.core.model import BlockKind, Provision, ProvisionKind, Reading
from monitor.core.sameness import meaning

WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+")
_COUNT_CHARS_MAX = 3
_NAME_CHARS_MAX = 200


@dataclass(frozen=True)
class Clause:
    """A provision with its words, which are only found out where they are asked for: most provisions are equal.

    `depths` has the depth of list items by where they start in the text.
    """

    provision: Provision
    head: str
    body: str
    depths: Mapping[int, int]

    @property
    def ordinal(self) -> int:
        return self.provision.ordinal

    @property
    def kind(self) -> ProvisionKind:
        return self.provision.kind

    @property
    def parent(self) -> int | None:
        return self.provision.parent

    @cached_property
    def text(self) -> str:
        """As it stands, label, title and body, without the white space at its end."""
        return f"{self.head}{self.body}".rstrip()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Those of its own body, lower-cased; Chinese and Japanese by character."""
        return words_of(self.body)

    @cached_property
    def title(self) -> tuple[str, ...]:
        """The words of its title."""
        return words_of(self.provision.title)

    @cached_property
    def name(self) -> tuple[str, ...]:
        """What it is known by: its title or, where nothing was taken for one, a first line that is short."""
        line = self.text[self.label_length :].split("\n", 1)[0]
        return self.title or (words_of(line) if len(line) <= _NAME_CHARS_MAX else ())

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0]

    @cached_property
    def label_length(self) -> int:
        """How much of the head the label takes, with the signs and space after it."""
        return _label_length(self.head, self.provision.label)

    @cached_property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """The lines of the body: an item's depth (0: not an item) and its text."""
        found, at = [], self.provision.body_start
        for line in self.body.split("\n"):
            found.append((self.depths.get(at, 0), line))
            at += len(line) + 1
        return tuple(found)

    @property
    def is_counted_row(self) -> bool:
        """Whether it is a row whose first cell only counts: "12", but not a year."""
        key = self.provision.title
        return self.kind is ProvisionKind.ROW and key.rstrip(".").isdecimal() and len(key) <= _COUNT_CHARS_MAX

    @cached_property
    def whole(self) -> tuple[ProvisionKind, tuple[str, ...], tuple[str, ...]]:
        """What is equal where title and body are, whatever the label."""
        return (self.kind, self.title, self.words)

    @cached_property
    def unigrams(self) -> Counter[str]:
        return Counter(self.words)

    @cached_property
    def bigrams(self) -> Counter[tuple[str, str]]:
        """Pairs of neighbouring words; the edges count as words, so that a body of one word has two."""
        return Counter(zip(("", *self.words), (*self.words, ""), strict=True)) if self.words else Counter()

    @cached_property
    def sorted_lines(self) -> tuple[str, ...]:
        """The lines of the body with each flat list in one order, whatever its own."""
        return tuple(_without_list_order(self.lines))

    @cached_property
    def title_meaning(self) -> tuple[str, ...]:
        return meaning(self.provision.title.casefold())


def clauses(reading: Reading) -> tuple[Clause, ...]:
    """The provisions of a reading, by ordinal, ready to be aligned."""
    depths = {block.start: block.level for block in reading.blocks if block.kind is BlockKind.ITEM}
    return tuple(_clause(provision, reading.text, depths) for provision in reading.provisions)


def means_the_same(old: Clause, new: Clause) -> bool:
    """Whether two bodies have the same meaning; the order of a flat list isn't part of it."""
    if old.body == new.body:
        return True
    if has_one_name(old, new):
        return (*old.title, *old.words) == (*new.title, *new.words)
    first, second = _differing(old.sorted_lines, new.sorted_lines)
    return meaning("\n".join(first)) == meaning("\n".join(second))


def has_one_heading(old: Clause, new: Clause) -> bool:
    """Whether label and title are the same to the letter."""
    first, second = old.provision, new.provision
    return first.label == second.label and first.title == second.title


def has_one_name(old: Clause, new: Clause) -> bool:
    """Whether the words that are the title of the one begin the other, in which they were taken for its body."""
    if bool(old.title) is bool(new.title):
        return False
    titled, other = (old, new) if old.title else (new, old)
    return other.words[: len(titled.title)] == titled.title


def has_one_line(old: Clause, new: Clause) -> bool:
    """Whether both begin with the same line, the number in it taken for a label on one side only."""
    return bool(old.label_length) is not bool(new.label_length) and old.first_line == new.first_line


def label_end(reading: Reading, ordinal: int) -> int:
    """Where a provision's label ends in the text, with the signs and space after it; its start if it has none."""
    provision = reading.provisions[ordinal]
    head = reading.text[provision.start : provision.body_start]
    return provision.start + _label_length(head, provision.label)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text for alignment: lower-cased, without signs; Chinese and Japanese by character."""
    return tuple(WORD.findall(text.lower()))


def _clause(provision: Provision, text: str, depths: Mapping[int, int]) -> Clause:
    head, body = text[provision.start : provision.body_start], text[provision.body_start : provision.end]
    return Clause(provision, head, body, depths)


def _label_length(head: str, label: str) -> int:
    if not label or not head.lstrip().startswith(label):
        return 0
    end = head.index(label) + len(label)
    return end + len(head[end:]) - len(head[end:].lstrip(" .):–—-\t\u00a0"))


def _differing(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines between those with which both begin and end."""
    least, start, end = min(len(old), len(new)), 0, 0
    while start < least and old[start] == new[start]:
        start += 1
    while end < least - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


def _without_list_order(lines: tuple[tuple[int, str], ...]) -> list[str]:
    """The lines, with each run of items of one depth sorted."""
    result: list[str] = []
    run: list[str] = []
    run_depth = 0
    for depth, line in (*lines, (0, "")):
        if depth != run_depth:
            result += sorted(run)
            run, run_depth = [], depth
        if depth:
            run.append(line)
        else:
            result.append(line)
    return result
