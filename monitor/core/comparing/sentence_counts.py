"""How many sentences a change adds, removes and modifies.

Only those of bodies count: what happens to a heading is told as a new title or number. An old and a new sentence are
one where at least half of either stands in the other; it is modified, counted once, where words of it came or went. So
a sentence cut in two by a full stop is one modified sentence, and none where no word of it changed. A sentence of which
no such counterpart is left was modified where another one takes its place between the same neighbours, else it was
removed or added. Text that only moved, within the provision or between provisions, doesn't count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from monitor.core.comparing.sentences import Span, sentences
from monitor.core.model import Comparison, Op, ProvisionChange, Reading, Segment, SegmentKind

_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+")
_MOVED = (SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN)


@dataclass(frozen=True, slots=True)
class SentenceCounts:
    """How many sentences came, went and changed."""

    added: int = 0
    removed: int = 0
    modified: int = 0


def with_sentences(comparison: Comparison, old: Reading, new: Reading) -> Comparison:
    """The comparison of these two readings with its sentences counted, for each change and in sum."""
    counts = [sentence_counts(change, old, new) for change in comparison.changes]
    return replace(
        comparison,
        changes=tuple(
            replace(
                change, sentences_added=one.added, sentences_removed=one.removed, sentences_modified=one.modified
            )
            for change, one in zip(comparison.changes, counts, strict=True)
        ),
        sentences_added=sum(one.added for one in counts),
        sentences_removed=sum(one.removed for one in counts),
        sentences_modified=sum(one.modified for one in counts),
    )


def sentence_counts(change: ProvisionChange, old: Reading, new: Reading) -> SentenceCounts:
    """The sentences of one change. None where no word changed."""
    if not change.words_added and not change.words_removed:
        return SentenceCounts()
    ordinals = _ordinals(change)
    bodies = (_bodies(old, ordinals[0]), _bodies(new, ordinals[1]))
    modified = 0
    gone: list[_Alone] = []
    come: list[_Alone] = []
    for number, region in enumerate(_regions(change.segments, old.text)):
        pairing = _pairing(region, (old.text, new.text), bodies)
        modified += pairing.modified()
        gone.extend(pairing.alone(0, number))
        come.extend(pairing.alone(1, number))
    return _in_place(gone, come, modified)


def _ordinals(change: ProvisionChange) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The provisions that a change covers, in the old and the new text."""
    before = () if change.old is None else (change.old,)
    after = () if change.new is None else (change.new,)
    return change.parts if change.op is Op.MERGED else before, change.parts if change.op is Op.SPLIT else after


def _bodies(reading: Reading, ordinals: Iterable[int]) -> tuple[Span, ...]:
    provisions = (reading.provisions[ordinal] for ordinal in ordinals)
    return tuple((provision.body_start, provision.end) for provision in provisions)


def _regions(segments: Iterable[Segment], old: str) -> Iterator[list[Segment]]:
    """The segments of each group of lines in which something changed. No sentence goes over the end of a line."""
    region: list[Segment] = []
    for segment in segments:
        newlines = _newlines(segment, old)
        if newlines is None:
            region.append(segment)
            continue
        first, last = newlines
        yield from _if_changed([*region, _cut(segment, 0, first)])
        region = [_cut(segment, last + 1, segment.old_end - segment.old_start)]
    yield from _if_changed(region)


def _newlines(segment: Segment, old: str) -> Span | None:
    """Where the first and the last line in an equal segment end."""
    if segment.kind is not SegmentKind.EQUAL:
        return None
    first = old.find("\n", segment.old_start, segment.old_end)
    last = old.rfind("\n", segment.old_start, segment.old_end)
    return None if first < 0 else (first - segment.old_start, last - segment.old_start)


def _cut(segment: Segment, start: int, end: int) -> Segment:
    old, new = segment.old_start, segment.new_start
    return Segment(SegmentKind.EQUAL, old + start, old + end, new + start, new + end)


def _if_changed(region: list[Segment]) -> Iterator[list[Segment]]:
    if any(segment.kind is not SegmentKind.EQUAL for segment in region):
        yield region


@dataclass(slots=True)
class _Side:
    """The sentences on one side of a region, and how many words each has: all, that came or went, that moved."""

    text: str
    spans: list[Span]
    words: list[int] = field(init=False)
    changed: list[int] = field(init=False)
    moved: list[int] = field(init=False)

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

    def count(self, kind: SegmentKind, start: int, end: int) -> None:
        for at, first, last in self.touched(start, end):
            words = _count(self.text, first, last)
            self.words[at] += words
            self.changed[at] += words * (kind in (SegmentKind.DELETED, SegmentKind.INSERTED))
            self.moved[at] += words * (kind in _MOVED)


@dataclass(frozen=True, slots=True)
class _Alone:
    """A sentence without a counterpart: what it says, and between which neighbours it stands."""

    says: tuple[str, ...]
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Pairing:
    """The sentences of a region on both sides; `links` are those that are one, in order."""

    sides: tuple[_Side, _Side]
    links: Sequence[tuple[int, int]]

    def modified(self) -> int:
        """How many of the sentences that have counterparts are modified."""
        return sum(
            min(len(olds), len(news))
            for olds, news in self._linked()
            if any(self.sides[0].changed[at] for at in olds) or any(self.sides[1].changed[at] for at in news)
        )

    def alone(self, side: int, region: int) -> Iterator[_Alone]:
        """The sentences without a counterpart on one side that came or went, rather than moved."""
        mine = self.sides[side]
        linked = [link[side] for link in self.links]
        known = set(linked)
        for at, (start, end) in enumerate(mine.spans):
            if at not in known and mine.changed[at] and 2 * mine.moved[at] < mine.words[at]:
                yield _Alone(tuple(mine.text[start:end].split()), (region, bisect_right(linked, at)))

    def _linked(self) -> Iterator[tuple[set[int], set[int]]]:
        """Old and new sentences that are linked with one another, directly or through others."""
        olds: set[int] = set()
        news: set[int] = set()
        for old, new in self.links:
            if olds and old not in olds and new not in news:
                yield olds, news
                olds, news = set(), set()
            olds.add(old)
            news.add(new)
        if olds:
            yield olds, news


def _pairing(
    region: Sequence[Segment], texts: tuple[str, str], bodies: tuple[tuple[Span, ...], tuple[Span, ...]]
) -> _Pairing:
    old = _Side(texts[0], _within(texts[0], bodies[0], region[0].old_start, region[-1].old_end))
    new = _Side(texts[1], _within(texts[1], bodies[1], region[0].new_start, region[-1].new_end))
    shared: Counter[tuple[int, int]] = Counter()
    for segment in region:
        old.count(segment.kind, segment.old_start, segment.old_end)
        new.count(segment.kind, segment.new_start, segment.new_end)
        if segment.kind is SegmentKind.EQUAL:
            shift = segment.new_start - segment.old_start
            for at, start, end in old.touched(segment.old_start, segment.old_end):
                for other, first, last in new.touched(start + shift, end + shift):
                    shared[at, other] += _count(texts[1], first, last)
    links = [pair for pair, words in shared.items() if words and 2 * words >= min(old.words[pair[0]], new.words[pair[1]])]
    return _Pairing((old, new), sorted(links))


def _within(text: str, bodies: Iterable[Span], start: int, end: int) -> list[Span]:
    """The sentences of the bodies from `start` to `end`."""
    return [span for first, last in bodies for span in sentences(text, max(first, start), min(last, end))]


def _in_place(gone: Sequence[_Alone], come: Sequence[_Alone], modified: int) -> SentenceCounts:
    """The counts, with what came in the place of what went as modified, and without what only stands elsewhere."""
    elsewhere = Counter(one.says for one in gone) & Counter(one.says for one in come)
    left = Counter(one.place for one in _without(gone, elsewhere))
    right = Counter(one.place for one in _without(come, elsewhere))
    replaced = (left & right).total()
    return SentenceCounts(right.total() - replaced, left.total() - replaced, modified + replaced)


def _without(alone: Iterable[_Alone], elsewhere: Counter[tuple[str, ...]]) -> Iterator[_Alone]:
    left = Counter(elsewhere)
    for one in alone:
        if left[one.says]:
            left[one.says] -= 1
        else:
            yield one


def _count(text: str, start: int, end: int) -> int:
    return len(_WORD.findall(text, start, end))
