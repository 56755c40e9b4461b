"""Markdown as a sheet of blocks: edited as an author edits it, counted through again, and read.

It knows nothing of how the product finds provisions. Where a block stands is found by its letters in the text read.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from monitor.core.model import Op, Reading

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_UNDERLINE = re.compile(r"(=+|-{3,})\s*")
_BULLET = re.compile(r"\s*[*+-]\s+(?=\S)")
_COUNTED = re.compile(r"\s*(?:\(?[a-z]{1,4}\)|\d{1,2}[.)])\s+(?=\S)")
_NUMBER = re.compile(r"(\**)(\d{1,2})(\\?[.)]?)(?=\s)")
_UNDER = re.compile(r"(\**)(\d{1,2})(?=\\?\.\d)")
_LABEL = re.compile(r"\W*[\d.\\]*")
_REFERENCE = re.compile(r"(?<=\b[Ss]ection )(\d{1,2})(?![\d%])|(?<=\b[Aa]rticle )(\d{1,2})(?![\d%])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>")
_NUMBERED_MIN = 4


class Form(Enum):
    """What a block is in Markdown."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    COUNTED = "counted"
    ROW = "row"
    FRAME = "frame"  # the header row of a table and the line under it


@dataclass(slots=True, eq=False)
class Block:
    """One block of a sheet. `was` is its source before all edits, None where it is new; `top` its section's number, which
    it `counts` if it is that section's heading."""

    source: str
    form: Form
    level: int = 0
    was: str | None = None
    top: int = 0
    counts: bool = False
    edited: bool = False

    @property
    def words(self) -> list[str]:
        return self.source.split()

    @property
    def is_running(self) -> bool:
        """Whether it is a plain paragraph: no label, no term in quotes, no link to take apart."""
        return self.form is Form.PARAGRAPH and self.source[:1].isalpha() and not _LINK.search(self.source)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a perfect comparison says of the provision that these blocks stand in, before and after."""

    op: Op
    old: Block | None
    new: Block | None
    parts: tuple[Block, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A text that is edited, what is true of the edits so far, and which words came and went.

    `facts` are alternatives for each edit: one of them has to be told. `loose` are words that may be marked.
    """

    blocks: list[Block]
    facts: list[tuple[tuple[Fact, ...], ...]] = field(default_factory=list)
    gone: Counter[str] = field(default_factory=Counter)
    come: Counter[str] = field(default_factory=Counter)
    loose: Counter[str] = field(default_factory=Counter)

    def say(self, *alternatives: tuple[Fact, ...]) -> None:
        self.facts.append(alternatives)

    def change(self, gone: str, come: str) -> None:
        """Note words that were taken out and put in."""
        self.gone.update(letters_of(gone))
        self.come.update(letters_of(come))

    def free(self, first: int, end: int) -> bool:
        return 0 <= first < end <= len(self.blocks) and not any(block.edited for block in self.blocks[first:end])

    def pick(self, rng: random.Random, fits: Callable[[Block], bool]) -> int | None:
        """The place of a block that no edit has touched and that fits."""
        found = [at for at, block in enumerate(self.blocks) if not block.edited and fits(block)]
        return rng.choice(found) if found else None

    def sections(self) -> Iterator[tuple[int, int]]:
        """Untouched sections of running text alone, with nothing under them: their heading and where they end."""
        for at, block in enumerate(self.blocks):
            if block.form is not Form.HEADING:
                continue
            end = at + 1
            while end < len(self.blocks) and self.blocks[end].is_running:
                end += 1
            is_closed = end == len(self.blocks) or (
                self.blocks[end].form is Form.HEADING and self.blocks[end].level <= block.level
            )
            if end > at + 1 and is_closed and self.free(at, end):
                yield at, end

    def pick_section(self, rng: random.Random, words_min: int) -> tuple[int, int] | None:
        found = [
            (at, end)
            for at, end in self.sections()
            if sum(len(block.words) for block in self.blocks[at + 1 : end]) >= words_min
        ]
        return rng.choice(found) if found else None

    def source(self) -> str:
        """The Markdown."""
        parts: list[str] = []
        before: Block | None = None
        for block in self.blocks:
            joined = before is not None and before.form in _TIGHT and block.form in _TIGHT[before.form]
            mark = "#" * block.level + " " if block.form is Form.HEADING else ""
            parts.append(("" if before is None else "\n" if joined else "\n\n") + mark + block.source)
            before = block
        return "".join(parts)

    def count_through(self) -> None:
        """Number the sections again in their order, and follow it in what is numbered under them and refers to them."""
        moved: dict[str, str] = {}
        number = 0
        for block in self.blocks:
            if block.counts:
                number += 1
            if block.top and block.top != number:
                pattern = _NUMBER if block.counts else _UNDER
                fresh = pattern.sub(lambda found: found[1] + str(number) + (found[3] if found.re is _NUMBER else ""), block.source, count=1)
                was = block.source
                if fresh != was:
                    moved[str(block.top)] = str(number)
                    block.source = fresh
                    self.loose.update(letters_of(" ".join(label for one in (block.source, was) for label in _LABEL.findall(one)[:1])))
                    if block.was is not None:
                        self.say((Fact(Op.RENUMBERED, block, block),))
        for block in self.blocks:
            if block.was is not None and block.form is not Form.HEADING:
                self._follow(block, moved)

    def _follow(self, block: Block, moved: dict[str, str]) -> None:
        fresh = _REFERENCE.sub(lambda found: moved.get(found[0], found[0]), block.source)
        if fresh != block.source:
            found = [match[0] for match in _REFERENCE.finditer(block.source) if match[0] in moved]
            self.change(" ".join(found), " ".join(moved[one] for one in found))
            block.source = fresh
            self.say((Fact(Op.MODIFIED, block, block),))


_TIGHT = {
    Form.FRAME: (Form.FRAME, Form.ROW),
    Form.ROW: (Form.ROW,),
    Form.BULLET: (Form.BULLET,),
    Form.COUNTED: (),
}


def sheet_of(markdown: str) -> Sheet:
    """A text taken apart, with its numbered sections known if they count through from 1."""
    blocks = list(_blocks(markdown.split("\n")))
    for block in blocks:
        block.was = block.source
    _know_numbers(blocks)
    return Sheet(blocks)


def _blocks(lines: list[str]) -> Iterator[Block]:
    held: list[str] = []
    for at, line in enumerate([*lines, ""]):
        form = _form(line, lines[at - 1] if at else "", lines[at + 1] if at + 1 < len(lines) else "")
        if held and _UNDERLINE.fullmatch(line):
            yield Block(" ".join(held).replace("**", ""), Form.HEADING, 1 if line[0] == "=" else 2)
            held = []
            continue
        if held and (form is not Form.PARAGRAPH or not line.strip()):
            yield Block(" ".join(held), Form.PARAGRAPH)
            held = []
        heading = _HEADING.fullmatch(line)
        if heading and heading[2].strip("* "):
            yield Block(heading[2].replace("**", "").strip(), Form.HEADING, len(heading[1]))
        elif form is not Form.PARAGRAPH and not heading:
            yield Block(line, form)
        elif line.strip() and not heading:
            held.append(line if line.startswith(" ") else line.strip())


def _form(line: str, before: str, after: str) -> Form:
    if line.startswith("|"):
        is_rule = set(line) <= set("|-: ")
        return Form.FRAME if is_rule or not before.startswith("|") else Form.ROW
    if _HEADING.fullmatch(line):
        return Form.HEADING
    return Form.BULLET if _BULLET.match(line) else Form.COUNTED if _COUNTED.match(line) else Form.PARAGRAPH


def _know_numbers(blocks: Sequence[Block]) -> None:
    """Note each block's section, where the headings of one level are numbered 1, 2, 3 … without a gap."""
    headed = [
        (int(found[2]), block)
        for block in blocks
        if block.form is Form.HEADING and (found := _NUMBER.match(block.source))
    ]
    if [number for number, _ in headed] != list(range(1, len(headed) + 1)) or len(headed) < _NUMBERED_MIN:
        return
    if len({block.level for _, block in headed}) > 1:
        return
    numbers = {id(block): number for number, block in headed}
    current = 0
    for block in blocks:
        current = numbers.get(id(block), current)
        under = _UNDER.match(block.source)
        block.counts = id(block) in numbers
        if block.counts or (under and int(under[2]) == current):
            block.top = current


def places(blocks: Sequence[Block], reading: Reading, was: bool) -> dict[int, tuple[int, bool]]:
    """For each block (by id) the provision that it stands in, and whether it begins it, as far as it is found."""
    letters, offsets = _squashed(reading.text)
    starts = [provision.start for provision in reading.provisions]
    found: dict[int, tuple[int, bool]] = {}
    cursor, begun = 0, -1
    for block in blocks:
        source = block.was if was else block.source
        wanted = _squashed(_LINK.sub(lambda link: link[1] or "", source or ""))[0][:200]
        at = letters.find(wanted, cursor) if wanted else -1
        if at < 0 or at - cursor > 2_000:
            continue
        ordinal = bisect_right(starts, offsets[at]) - 1
        found[id(block)] = ordinal, ordinal != begun
        cursor, begun = at + len(wanted), ordinal
    return found


def _squashed(text: str) -> tuple[str, list[int]]:
    kept = [(letter, at) for at, sign in enumerate(text) if sign.isalnum() for letter in sign.casefold()]
    return "".join(letter for letter, _ in kept), [at for _, at in kept]


def letters_of(text: str) -> list[str]:
    """The words of Markdown without its signs."""
    return re.findall(r"[^\W_]+", _LINK.sub(lambda link: link[1] or " ", text).casefold())
