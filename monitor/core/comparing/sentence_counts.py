"""How many sentences a change adds, removes and modifies.

Only those of bodies count: what happens to a heading is told as a new title or number. An old and a new sentence are
one where at least half of either stands in the other; it is modified, counted once, where words of it came or went. So
a sentence cut in two by a full stop is one modified sentence, and none where no word of it changed. A sentence of which
no such counterpart is left was modified where another one takes its place between the same neighbours, else it was
removed or added. Text that only moved, within the provision or between provisions, doesn't count; a sentence that
moved and was reworded is modified where words of it went and where words of it came, and once in the sum of all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.core.model import Comparison, Op, ProvisionChange, Reading, Segment, SegmentKind
from monitor.core.sentences import Span, sentences

_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+")
_CHANGED = (SegmentKind.DELETED, SegmentKind.INSERTED)
_MOVED = (SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN)


@dataclass(frozen=True, slots=True)
class SentenceCounts:
    """How many sentences came, went and changed."""

    added: int = 0
    removed: int = 0
    modified: int = 0


_Move = tuple[int | None, int | None]  # from which provision of the old text to which of the new one


@dataclass(frozen=True, slots=True)
class _Found:
    """The sentences of one change. `gone` and `come`: those that were reworded as they moved, where they stood and
    where they stand; `modified` doesn't have them."""

    added: int = 0
    removed: int = 0
    modified: int = 0
    gone: Counter[_Move] = field(default_factory=Counter)
    come: Counter[_Move] = field(default_factory=Counter)

    def counts(self) -> SentenceCounts:
        return SentenceCounts(self.added, self.removed, self.modified + (self.gone | self.come).total())


def with_sentences(comparison: Comparison, old: Reading, new: Reading) -> Comparison:
    """The comparison of these two readings with its sentences counted, for each change and in sum."""
    found = [_found(change, old, new) for change in comparison.changes]
    reworded = sum((one.gone for one in found), Counter[_Move]()) | sum((one.come for one in found), Counter[_Move]())
    return replace(
        comparison,
        changes=tuple(
            _with_counts(change, one.counts()) for change, one in zip(comparison.changes, found, strict=True)
        ),
        sentences_added=sum(one.added for one in found),
        sentences_removed=sum(one.removed for one in found),
        sentences_modified=sum(one.modified for one in found) + reworded.total(),
    )


def sentence_counts(change: ProvisionChange, old: Reading, new: Reading) -> SentenceCounts:
    """The sentences of one change. None where no word changed."""
    return _found(change, old, new).counts()


def _with_counts(change: ProvisionChange, counts: SentenceCounts) -> ProvisionChange:
    return replace(
        change, sentences_added=counts.added, sentences_removed=counts.removed, sentences_modified=counts.modified
    )


def _found(change: ProvisionChange, old: Reading, new: Reading) -> _Found:
    if not change.words_added and not change.words_removed:
        return _Found()
    before, after = _ordinals(change)
    bodies = _bodies(old, before), _bodies(new, after)
    regions = [_region(lines, (old.text, new.text), bodies) for lines in _changed_lines(change.segments, old.text)]
    _set_aside(regions)
    left, right = (
        Counter((number, place) for number, region in enumerate(regions) for place in region.unpaired(side))
        for side in (0, 1)
    )
    replaced = (left & right).total()
    return _Found(
        added=right.total() - replaced,
        removed=left.total() - replaced,
        modified=sum(region.modified() for region in regions) + replaced,
        gone=Counter((here, there) for region in regions for here, there in region.reworded(0)),
        come=Counter((there, here) for region in regions for here, there in region.reworded(1)),
    )


def _ordinals(change: ProvisionChange) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The provisions that a change covers, in the old and the new text."""
    before = () if change.old is None else (change.old,)
    after = () if change.new is None else (change.new,)
    return change.parts if change.op is Op.MERGED else before, change.parts if change.op is Op.SPLIT else after


_Body = tuple[int, int, int]  # where it starts and ends, and of which provision it is


def _bodies(reading: Reading, ordinals: Iterable[int]) -> tuple[_Body, ...]:
    provisions = (reading.provisions[ordinal] for ordinal in ordinals)
    return tuple((provision.body_start, provision.end, provision.ordinal) for provision in provisions)


def _changed_lines(segments: Iterable[Segment], old: str) -> Iterator[list[Segment]]:
    """The segments of each group of lines in which something changed. No sentence goes over the end of a line."""
    lines: list[Segment] = []
    for segment in segments:
        first, last = _line_ends(segment, old)
        if first < 0:
            lines.append(segment)
            continue
        yield from _if_changed([*lines, _cut(segment, segment.old_start, first)])
        lines = [_cut(segment, last + 1, segment.old_end)]
    yield from _if_changed(lines)


def _line_ends(segment: Segment, old: str) -> Span:
    """Where the first and the last line end that an equal segment has the end of; -1 if there is none."""
    if segment.kind is not SegmentKind.EQUAL:
        return -1, -1
    return old.find("\n", segment.old_start, segment.old_end), old.rfind("\n", segment.old_start, segment.old_end)


def _cut(segment: Segment, start: int, end: int) -> Segment:
    shift = segment.new_start - segment.old_start
    return Segment(SegmentKind.EQUAL, start, end, start + shift, end + shift)


def _if_changed(lines: list[Segment]) -> Iterator[list[Segment]]:
    if any(segment.kind is not SegmentKind.EQUAL for segment in lines):
        yield lines


@dataclass(slots=True)
class _Side:
    """The sentences on one side of some lines, and how many words each has: all, that came or went, that moved.

    `ordinals` are their provisions; `elsewhere` are those that moved text of them stands in on the other side. `aside`
    are the sentences that only stand elsewhere in the provision.
    """

    text: str
    spans: list[Span]
    ordinals: list[int]
    words: list[int] = field(init=False)
    changed: list[int] = field(init=False)
    moved: list[int] = field(init=False)
    elsewhere: dict[int, int | None] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words, self.changed, self.moved = ([0] * len(self.spans) for _ in range(3))

    def touched(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Each sentence that has a piece of text[start:end], with where that piece starts and ends."""
        at = max(0, bisect_right(self.spans, (start, end)) - 1)
        while at < len(self.spans) and self.spans[at][0] < end:
            first, last = max(start, self.spans[at][0]), min(end, self.spans[at][1])
            if first < last:
                yield at, first, last
            at += 1

    def count(self, segment: Segment, start: int, end: int) -> None:
        """Count the words of a segment, which is here from `start` to `end`, for the sentences they stand in."""
        for at, first, last in self.touched(start, end):
            words = _count(self.text, first, last)
            self.words[at] += words
            self.changed[at] += words * (segment.kind in _CHANGED)
            if segment.kind in _MOVED:
                self.moved[at] += words
                self.elsewhere.setdefault(at, segment.elsewhere)

    def has_moved(self, at: int) -> bool:
        """Whether a sentence stands elsewhere for the most part."""
        return 2 * self.moved[at] >= self.words[at]

    def changed_ones(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The sentences that words of came or went, and what they say."""
        return ((at, self.says(at)) for at, words in enumerate(self.changed) if words)

    def says(self, at: int) -> tuple[str, ...]:
        """The words of a sentence with their signs, whatever space is between them."""
        start, end = self.spans[at]
        return tuple(self.text[start:end].split())


@dataclass(frozen=True, slots=True)
class _Region:
    """The sentences of some lines on both sides, and how many words each old one shares with each new one."""

    sides: tuple[_Side, _Side]
    shared: Mapping[tuple[int, int], int]

    def links(self) -> list[tuple[int, int]]:
        """The old and new sentences that are one, in order."""
        old, new = self.sides
        return sorted(
            (first, second)
            for (first, second), words in self.shared.items()
            if words and 2 * words >= min(old.words[first], new.words[second])
            if first not in old.aside and second not in new.aside
        )

    def modified(self) -> int:
        """How many of the sentences that have counterparts are modified."""
        old, new = self.sides
        return sum(
            min(len(olds), len(news))
            for olds, news in _linked(self.links())
            if any(old.changed[at] for at in olds) or any(new.changed[at] for at in news)
        )

    def unpaired(self, side: int) -> Iterator[int]:
        """For each sentence without a counterpart that came or went, how many links are before it."""
        linked = [link[side] for link in self.links()]
        return (bisect_right(linked, at) for at in self._alone(side, linked) if not self.sides[side].has_moved(at))

    def reworded(self, side: int) -> Iterator[tuple[int, int | None]]:
        """For each sentence of which words came or went as it moved, its provision and the one it moved from or to."""
        mine = self.sides[side]
        for at in self._alone(side, (link[side] for link in self.links())):
            if mine.has_moved(at):
                yield mine.ordinals[at], mine.elsewhere.get(at)

    def _alone(self, side: int, linked: Iterable[int]) -> Iterator[int]:
        mine = self.sides[side]
        known = {*linked, *mine.aside}
        return (at for at, words in enumerate(mine.changed) if words and at not in known)


def _linked(links: Iterable[tuple[int, int]]) -> Iterator[tuple[set[int], set[int]]]:
    """Old and new sentences that are linked with one another, directly or through others."""
    olds: set[int] = set()
    news: set[int] = set()
    for old, new in links:
        if olds and old not in olds and new not in news:
            yield olds, news
            olds, news = set(), set()
        olds.add(old)
        news.add(new)
    if olds:
        yield olds, news


def _region(
    lines: Sequence[Segment], texts: tuple[str, str], bodies: tuple[Iterable[_Body], Iterable[_Body]]
) -> _Region:
    old = _side(texts[0], bodies[0], lines[0].old_start, lines[-1].old_end)
    new = _side(texts[1], bodies[1], lines[0].new_start, lines[-1].new_end)
    shared: Counter[tuple[int, int]] = Counter()
    for segment in lines:
        old.count(segment, segment.old_start, segment.old_end)
        new.count(segment, segment.new_start, segment.new_end)
        if segment.kind is SegmentKind.EQUAL:
            shift = segment.new_start - segment.old_start
            for at, start, end in old.touched(segment.old_start, segment.old_end):
                for other, first, last in new.touched(start + shift, end + shift):
                    shared[at, other] += _count(texts[1], first, last)
    return _Region((old, new), shared)


def _side(text: str, bodies: Iterable[_Body], start: int, end: int) -> _Side:
    """The sentences of the bodies from `start` to `end`."""
    found = [
        (span, ordinal)
        for first, last, ordinal in bodies
        for span in sentences(text, max(first, start), min(last, end))
    ]
    return _Side(text, [span for span, _ in found], [ordinal for _, ordinal in found])


def _set_aside(regions: Sequence[_Region]) -> None:
    """Set aside what went in one place and came in another, word for word."""
    gone, come = (Counter(says for one in regions for _, says in one.sides[side].changed_ones()) for side in (0, 1))
    elsewhere = gone & come
    for side in (0, 1):
        left = Counter(elsewhere)
        for one in (region.sides[side] for region in regions):
            for at, says in one.changed_ones():
                if left[says]:
                    left[says] -= 1
                    one.aside.add(at)


def _count(text: str, start: int, end: int) -> int:
    return len(_WORD.findall(text, start, end))
