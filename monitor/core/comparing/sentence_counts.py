"""How many sentences a change adds, removes and modifies.

Only those of bodies count: what happens to a heading is told as a new title or number. An old and a new sentence are
one where at least half of either stands in the other; it is modified, counted once, where words of it came or went. So
a sentence cut in two by a full stop is one modified sentence, and none where no word of it changed. A sentence of which
no such counterpart is left was modified where another one takes its place between the same neighbours, else it was
removed or added. Text that only moved, within the provision or between provisions, doesn't count; a sentence that
moved and was reworded is modified where words of it went and where words of it came, and once in the sum of all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from monitor.core.comparing.clauses import WORD
from monitor.core.model import Comparison, Op, ProvisionChange, Reading, SegmentKind
from monitor.core.sentences import Span, sentences

_CHANGED = (SegmentKind.DELETED, SegmentKind.INSERTED)
_MOVED = (SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN)

_Told = TypeVar("_Told", ProvisionChange, Comparison)
_Move = tuple[int | None, int | None]  # from which provision of the old text to which of the new one


@dataclass(frozen=True, slots=True)
class _Counts:
    """The sentences of one change. `gone` and `come`: those that were reworded as they moved, where they stood and
    where they stand; `modified` doesn't have them."""

    added: int = 0
    removed: int = 0
    modified: int = 0
    gone: tuple[_Move, ...] = ()
    come: tuple[_Move, ...] = ()

    @property
    def reworded(self) -> int:
        """How many were reworded as they moved: once, if both sides of the move are told here."""
        return (Counter(self.gone) | Counter(self.come)).total() if self.gone or self.come else 0


def with_sentences(comparison: Comparison, old: Reading, new: Reading) -> Comparison:
    """The comparison of these two readings with its sentences counted, for each change and in sum. A change has none
    where no word changed."""
    counts = [_counts(change, old, new) for change in comparison.changes]
    whole = _Counts(
        added=sum(one.added for one in counts),
        removed=sum(one.removed for one in counts),
        modified=sum(one.modified for one in counts),
        gone=tuple(move for one in counts for move in one.gone),
        come=tuple(move for one in counts for move in one.come),
    )
    changes = tuple(_with(change, one) for change, one in zip(comparison.changes, counts, strict=True))
    return _with(replace(comparison, changes=changes), whole)


def _with(told: _Told, counts: _Counts) -> _Told:
    return replace(
        told,
        sentences_added=counts.added,
        sentences_removed=counts.removed,
        sentences_modified=counts.modified + counts.reworded,
    )


def _counts(change: ProvisionChange, old: Reading, new: Reading) -> _Counts:
    if not change.words_added and not change.words_removed:
        return _Counts()
    lines, new_lines = _changed_lines(change, old.text)
    before = change.parts if change.op is Op.MERGED else () if change.old is None else (change.old,)
    after = change.parts if change.op is Op.SPLIT else () if change.new is None else (change.new,)
    left, right = _Side(old, before, *lines), _Side(new, after, *new_lines)
    shared = _shared_words(change, left, right)
    _set_aside(left, right)
    links = sorted(pair for pair, words in shared.items() if _are_one(left.found[pair[0]], right.found[pair[1]], words))
    gone, come = left.alone([one for one, _ in links]), right.alone([other for _, other in links])
    removed, added = ([place for place, one in side if not one.has_moved] for side in (gone, come))
    replaced = (Counter(removed) & Counter(added)).total() if removed and added else 0
    return _Counts(
        added=len(added) - replaced,
        removed=len(removed) - replaced,
        modified=_modified(links, left, right) + replaced,
        gone=tuple((one.ordinal, one.elsewhere) for _, one in gone if one.has_moved),
        come=tuple((one.elsewhere, one.ordinal) for _, one in come if one.has_moved),
    )


def _changed_lines(change: ProvisionChange, old: str) -> tuple[Span, Span]:
    """From the first to the last line in which something changed, on both sides. No sentence goes over a line's end."""
    first, last = change.segments[0], change.segments[-1]
    before = after = 0
    if first.kind is SegmentKind.EQUAL:
        before = max(0, old.rfind("\n", first.old_start, first.old_end) + 1 - first.old_start)
    if last.kind is SegmentKind.EQUAL:
        line_end = old.find("\n", last.old_start, last.old_end)
        after = last.old_end - line_end if line_end >= 0 else 0
    return (first.old_start + before, last.old_end - after), (first.new_start + before, last.new_end - after)


@dataclass(slots=True)
class _Sentence:
    """A sentence, and how many words it has: all, that came or went, that moved. `elsewhere` is the provision that
    moved text of it stands in on the other side; `aside` are those that only stand elsewhere in the provision."""

    at: int
    ordinal: int
    text: str
    words: int = 0
    changed: int = 0
    moved: int = 0
    elsewhere: int | None = None
    aside: bool = False

    @property
    def has_moved(self) -> bool:
        """Whether it stands elsewhere for the most part."""
        return 2 * self.moved >= self.words


class _Side:
    """The sentences of some bodies on one side, as far as they stand between `start` and `end`."""

    def __init__(self, reading: Reading, ordinals: Iterable[int], start: int, end: int) -> None:
        self.text = reading.text
        self.found: list[_Sentence] = []
        self._edges: list[int] = []  # where each starts and ends
        for body in (reading.provisions[ordinal] for ordinal in ordinals):
            for span in sentences(self.text, max(start, body.body_start), min(end, body.end)):
                self.found.append(_Sentence(len(self.found), body.ordinal, self.text[slice(*span)]))
                self._edges += span

    def at(self, place: int) -> _Sentence | None:
        """The sentence that the character there stands in."""
        edges = bisect_right(self._edges, place)
        return self.found[edges // 2] if edges % 2 else None

    def edges(self, start: int, end: int) -> list[int]:
        """Where sentences start and end between these, counted from `start`."""
        inside = self._edges[bisect_left(self._edges, start) : bisect_left(self._edges, end)]
        return [edge - start for edge in inside]

    def alone(self, linked: list[int]) -> list[tuple[int, _Sentence]]:
        """The sentences without a counterpart that words of came or went, and how many with one stand before each."""
        known = set(linked)
        left = (one for one in self.found if one.changed and not one.aside and one.at not in known)
        return [(bisect_right(linked, one.at), one) for one in left]


def _shared_words(change: ProvisionChange, old: _Side, new: _Side) -> Mapping[tuple[int, int], int]:
    """How many words each old sentence shares with each new one; the words of all are counted on the way."""
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for segment in change.segments:
        spans = (old, segment.old_start, segment.old_end), (new, segment.new_start, segment.new_end)
        sides = [(side, start) for side, start, end in spans if start < end]
        length = max(end - start for _, start, end in spans)
        edges = {0, length, *(edge for side, start in sides for edge in side.edges(start, start + length))}
        for first, last in pairwise(sorted(edges)):
            met = [one for side, start in sides if (one := side.at(start + first)) is not None]
            words = len(WORD.findall(sides[0][0].text, sides[0][1] + first, sides[0][1] + last)) if met else 0
            for one in met:
                one.words += words
                if segment.kind in _CHANGED:
                    one.changed += words
                elif segment.kind in _MOVED:
                    one.moved += words
                    one.elsewhere = segment.elsewhere if one.elsewhere is None else one.elsewhere
            if len(met) > 1:
                shared[met[0].at, met[1].at] += words
    return shared


def _set_aside(old: _Side, new: _Side) -> None:
    """Set aside what went in one place and came in another, word for word, whatever space is between them."""
    gone, come = ([one for one in side.found if one.changed] for side in (old, new))
    if not gone or not come:
        return
    says = {one.text: tuple(one.text.split()) for one in (*gone, *come)}
    elsewhere = Counter(says[one.text] for one in gone) & Counter(says[one.text] for one in come)
    for side in (gone, come):
        left = Counter(elsewhere)
        for one in side:
            one.aside = left[says[one.text]] > 0
            left[says[one.text]] -= one.aside


def _are_one(old: _Sentence, new: _Sentence, shared: int) -> bool:
    return 2 * shared >= min(old.words, new.words) and shared > 0 and not old.aside and not new.aside


def _modified(links: list[tuple[int, int]], old: _Side, new: _Side) -> int:
    """How many of the sentences that have counterparts are modified: of those that are linked with one another,
    directly or through others, as many as there are on the side that has fewer."""
    groups: list[tuple[set[int], set[int]]] = []
    for one, other in links:
        if not groups or (one not in groups[-1][0] and other not in groups[-1][1]):
            groups.append((set(), set()))
        groups[-1][0].add(one)
        groups[-1][1].add(other)
    return sum(
        min(len(olds), len(news))
        for olds, news in groups
        if any(old.found[at].changed for at in olds) or any(new.found[at].changed for at in news)
    )
