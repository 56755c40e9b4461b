"""Another maker of known edits: it edits blocks of a page as authors do, has the page read, and scores what is told.

It knows nothing of how provisions are found or compared: a provision is known by the block that it begins with. Its
edits are those that `mutating` doesn't make; each changes blocks that no other has used, and returns whether it did.
"""

from __future__ import annotations

import html
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cards import marked_words, words_of
from texts import DOCUMENT, SEEN, Texts, snapshot_of

from monitor.core.model import Comparison, Difference, Op, Provision, Reading
from monitor.core.read import read

_TRIES = 12
_CHARS = range(3_000, 60_000)
_LOST_MAX = 5  # blocks that the reader may leave out between two others
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>")
_MARKS = re.compile(r"\*\*|(?<!\w)_+|_+(?!\w)|\\(?=.)")
_BLOCK = re.compile(r"(#{1,6}|\s*[*+-])\s+(.*)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])")
_LABEL = re.compile(r"\W*(?:\w{1,4}[.)]|\d[\d.]*|(?:[^\W\d]+ )?\d+)(?=\W)")
_CLAUSE = re.compile(r"(\d{1,2}\.)(\d{1,2})(?=\.?\s)")
_ITEM = re.compile(r"(\(?)([a-z])(?=[.)]\s)")


@dataclass(slots=True, eq=False)
class Block:
    """One element of the page. `was` is its text before all edits; None: it is new."""

    tag: str
    text: str
    was: str | None = None

    @property
    def is_running(self) -> bool:
        return self.tag == "p" and len(self.text.split()) > 9 and not _LABEL.match(self.text)


@dataclass(slots=True)
class Page:
    """A page that is being edited, and which words the edits of its blocks took away and brought."""

    blocks: list[Block]
    used: set[int] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)

    def use(self, blocks: Sequence[Block]) -> None:
        self.used.update(map(id, blocks))

    def free(self, blocks: Sequence[Block]) -> bool:
        return not any(id(block) in self.used for block in blocks)

    def change(self, block: Block, text: str, gone: str, come: str) -> None:
        """Another text for a block, and which words that takes away and brings."""
        block.text = text
        self.gone.append(gone)
        self.come.append(come)
        self.use([block])


Edit = Callable[[Page, random.Random, Sequence[Block]], bool]


def emptied(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """The only paragraph under a heading goes, and the heading stays."""
    heading, body = _section(page, rng)
    if body is not None:
        page.use([heading])
        page.blocks.remove(body)
    return body is not None


def rewritten(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """All that stands under a heading becomes something else."""
    heading, body = _section(page, rng)
    fresh = _sentence(rng, other)
    if body is None or not fresh:
        return False
    page.change(body, fresh, body.text, fresh)
    page.use([heading])
    return True


def heading_word(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """The last word of a heading becomes another one."""
    heads = [one for one in page.blocks if one.tag[0] == "h" and " " in one.text and page.free([one])]
    fresh = [word for word in _sentence(rng, other).split() if word.isalpha()]
    block = rng.choice(heads) if heads and fresh else None
    if block is None or _LABEL.match(block.text) or fresh[0].casefold() in block.text.casefold():
        return False
    kept, _, gone = block.text.rpartition(" ")
    page.change(block, f"{kept} {fresh[0]}", gone, fresh[0])
    return True


def clause_added(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """A clause 3.2 comes between others, which count on."""
    return _counted_added(page, rng, other, _CLAUSE)


def clause_removed(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """A clause 3.2 goes, and those after it count back."""
    return _counted_removed(page, rng, _CLAUSE)


def item_added(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """An item (b) comes between others, which count on."""
    return _counted_added(page, rng, other, _ITEM)


def item_removed(page: Page, rng: random.Random, other: Sequence[Block]) -> bool:
    """An item (b) goes, and those after it count back."""
    return _counted_removed(page, rng, _ITEM)


EDITS: dict[str, Edit] = {
    "section emptied": emptied,
    "section rewritten": rewritten,
    "word of a heading": heading_word,
    "clause added": clause_added,
    "clause removed": clause_removed,
    "item added": item_added,
    "item removed": item_removed,
}


# ── Making one ───────────────────────────────────────────────────────────────────────────────────────────────────

_Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Edited:
    """A page before and after known edits, as it was read, and the operations that are true of each provision."""

    agreement: str
    edits: tuple[str, ...]
    old: Reading
    new: Reading
    expected: dict[_Pair, frozenset[Op]]
    gone: Counter[str]
    come: Counter[str]

    def faults(self, told: Comparison) -> list[str]:
        """What a comparison says wrongly; nothing where it is exact."""
        if not self.expected and told.difference is not Difference.CHANGE:
            return []
        said = {(change.old, change.new): frozenset({change.op, *change.also}) for change in told.changes}
        wrong = [(ops, said.get(pair, ())) for pair, ops in self.expected.items() if said.get(pair) != ops]
        found = [f"{'+'.join(sorted(ops))} told as {'+'.join(sorted(other)) or 'nothing'}" for ops, other in wrong]
        found += [f"extra {'+'.join(sorted(ops))}" for pair, ops in said.items() if pair not in self.expected]
        return found or list(self._wrong_words(told))

    def _wrong_words(self, told: Comparison) -> Iterator[str]:
        changes = [change for change in told.changes if change.op is not Op.RENUMBERED]
        gone, come = marked_words(self.old, self.new, changes)
        if gone - self.gone or come - self.come:
            yield "marks more words than changed"
        if self.gone - self.come - gone or self.come - self.gone - come:
            yield "misses changed words"


def sources_of(texts: Texts) -> list[tuple[str, str]]:
    """The last version of each agreement of an ordinary length with some headings."""
    last = [(one.name, texts.text(one.versions[-1])) for one in texts.agreements() if one.versions]
    return [(name, text) for name, text in last if len(text) in _CHARS and text.count("\n#") > 2]


def made(
    sources: Sequence[tuple[str, str]], rng: random.Random, names: Sequence[str], *, exactly: bool
) -> Edited | None:
    """A page with the edits named, as far as it has places for them; None where none was found."""
    for _ in range(_TRIES):
        agreement, markdown = rng.choice(sources)
        page, other = Page(blocks_of(markdown)), blocks_of(rng.choice(sources)[1])
        before = list(page.blocks)
        done = tuple(name for name in names if EDITS[name](page, rng, other))
        if done and (len(done) == len(names) or not exactly):
            found = _edited(agreement, done, before, page)
            if found is not None:
                return found
    return None


def blocks_of(markdown: str) -> list[Block]:
    """Headings, bullets and paragraphs of a text, without links and emphasis."""
    blocks: list[Block] = []
    held: list[str] = []
    for line in [*markdown.split("\n"), ""]:
        marked = _BLOCK.match(line)
        if held and (marked or not line.strip()):
            blocks.append(Block("p", " ".join(held)))
            held = []
        if marked:
            tag = f"h{len(marked[1])}" if marked[1].startswith("#") else "li"
            blocks.append(Block(tag, marked[2]))
        elif line.strip():
            held.append(line.strip())
    for block in blocks:
        block.text = block.was = _MARKS.sub("", _LINK.sub(lambda link: link[1] or "", block.text)).strip()
    return [block for block in blocks if _letters(block.text)]


def _edited(agreement: str, edits: tuple[str, ...], before: Sequence[Block], page: Page) -> Edited | None:
    """A page and what is true of its edits; None where it isn't read as it was meant."""
    old, new = _reading([Block(block.tag, block.was or "") for block in before]), _reading(page.blocks)
    if old is None or new is None:
        return None
    was, now = _heads(before, old, lambda block: block.was or ""), _heads(page.blocks, new, lambda block: block.text)
    kept = {id(block) for block in page.blocks}
    heads, begun = {id(block) for block in was.values()} & kept, {id(block) for block in now.values()}
    meant = heads | {id(block) for block in page.blocks if block.was is None}
    if len(was) < len(old.provisions) or len(now) < len(new.provisions) or not heads <= begun <= meant:
        return None
    gone = [block.was or "" for block in before if id(block) not in kept]
    come = [block.text for block in page.blocks if block.was is None]
    words = words_of(" ".join([*page.gone, *gone])), words_of(" ".join([*page.come, *come]))
    return Edited(agreement, edits, old, new, _expected(old, was, new, now), *words)


def _reading(blocks: Sequence[Block]) -> Reading | None:
    drawn = "".join(f"<{block.tag}>{html.escape(block.text)}</{block.tag}>" for block in blocks)
    listed = re.sub(r"(?:<li>(?:(?!</li>).)*</li>)+", r"<ul>\g<0></ul>", drawn)
    body = f"<!doctype html><html><body><main>{listed}</main></body></html>".encode()
    seen = read(DOCUMENT, (snapshot_of(DOCUMENT, body, "text/html; charset=utf-8", SEEN),), ())
    return seen if isinstance(seen, Reading) else None


def _heads(blocks: Sequence[Block], reading: Reading, text: Callable[[Block], str]) -> dict[int, Block]:
    """The block that each provision begins with, as far as blocks are found again."""
    starts = {own.start: own.ordinal for own in reading.provisions}
    said = [_letters(text(block)) for block in blocks]
    found: dict[int, Block] = {}
    at = 0
    for line in reading.blocks:
        letters = _letters(reading.text[line.start : line.end])
        near = [place for place in range(at, min(at + _LOST_MAX, len(said))) if said[place] == letters]
        at = near[0] + 1 if near else at
        if near and line.start in starts:
            found[starts[line.start]] = blocks[near[0]]
    return found


def _expected(old: Reading, was: dict[int, Block], new: Reading, now: dict[int, Block]) -> dict[_Pair, frozenset[Op]]:
    place = {id(block): ordinal for ordinal, block in was.items()}
    pairs = {place[id(block)]: ordinal for ordinal, block in now.items() if id(block) in place}
    kept = {pair: frozenset(_ops(old, old.provisions[pair[0]], new, new.provisions[pair[1]])) for pair in pairs.items()}
    expected: dict[_Pair, frozenset[Op]] = {pair: ops for pair, ops in kept.items() if ops}
    expected |= {(ordinal, None): frozenset({Op.REMOVED}) for ordinal in was if ordinal not in pairs}
    return expected | {(None, ordinal): frozenset({Op.ADDED}) for ordinal in set(now) - set(pairs.values())}


def _ops(old: Reading, first: Provision, new: Reading, second: Provision) -> Iterator[Op]:
    is_titled = bool(first.title) is bool(second.title)  # else what was the title is read as the body
    if first.label != second.label:
        yield Op.RENUMBERED
    if is_titled and _letters(first.title) != _letters(second.title):
        yield Op.RETITLED
    starts = [own.body_start if is_titled else own.start + len(own.label) for own in (first, second)]
    if _letters(old.text[starts[0] : first.end]) != _letters(new.text[starts[1] : second.end]):
        yield Op.MODIFIED


# ── What edits have in common ────────────────────────────────────────────────────────────────────────────────────


def _section(page: Page, rng: random.Random) -> tuple[Block, Block | None]:
    """A heading with one paragraph of running text under it; without it where there is none."""
    follows = list(pairwise([*page.blocks, Block("h1", "")]))
    found = [
        (heading, body)
        for (heading, body), (_, after) in pairwise(follows[1:])
        if heading.tag[0] == after.tag[0] == "h" and body.is_running and page.free([heading, body])
    ]
    return rng.choice(found) if found else (page.blocks[0], None)


def _runs(page: Page, pattern: re.Pattern[str]) -> list[list[Block]]:
    """Neighbours that count 1, 2, 3 or a, b, c in one form: three or more."""
    found: list[list[Block]] = [[]]
    for block in page.blocks:
        label = pattern.match(block.text) if block.tag == "p" else None
        count = 0 if label is None else int(label[2]) if label[2].isdecimal() else ord(label[2]) - ord("a") + 1
        if count != len(found[-1]) + 1:
            found.append([])
        if count == len(found[-1]) + 1:
            found[-1].append(block)
    return [run for run in found if len(run) >= 3 and page.free(run)]


def _counted_added(page: Page, rng: random.Random, other: Sequence[Block], pattern: re.Pattern[str]) -> bool:
    runs, fresh = _runs(page, pattern), _sentence(rng, other)
    if not runs or not fresh:
        return False
    run = rng.choice(runs)
    place = rng.randrange(1, len(run))
    new = Block("p", f"{run[place].text.split(maxsplit=1)[0]} {fresh}")
    for block in run[place:]:
        _count_on(block, pattern, 1)
    page.blocks.insert(page.blocks.index(run[place]), new)
    page.use([new, *run])
    return True


def _counted_removed(page: Page, rng: random.Random, pattern: re.Pattern[str]) -> bool:
    runs = _runs(page, pattern)
    if not runs:
        return False
    run = rng.choice(runs)
    place = rng.randrange(1, len(run) - 1)
    for block in run[place + 1 :]:
        _count_on(block, pattern, -1)
    page.use(run)
    page.blocks.remove(run[place])
    return True


def _count_on(block: Block, pattern: re.Pattern[str], by: int) -> None:
    label = pattern.match(block.text)
    assert label is not None
    count = str(int(label[2]) + by) if label[2].isdecimal() else chr(ord(label[2]) + by)
    block.text = f"{label[1]}{count}{block.text[label.end() :]}"


def _sentence(rng: random.Random, blocks: Sequence[Block]) -> str:
    sentences = [one for block in blocks if block.is_running for one in _SENTENCE.split(block.text)[1:]]
    found = [one for one in sentences if 6 <= len(one.split()) <= 40 and one.endswith(".")]
    return rng.choice(found) if found else ""


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
