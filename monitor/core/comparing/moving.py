"""Text that moved between provisions: sentences that went in one place and came in another are neither gone nor new.

Found after everything else, among the words that provision changes mark as deleted and inserted. Sentences are matched
word for word where they say enough or stand beside a match, and nearly so by the pairs of words they share; of a
sentence that was reworded as it moved, only the reworded words stay deleted and inserted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.core.comparing.clauses import label_end
from monitor.core.comparing.likeness import dice
from monitor.core.comparing.order import heaviest_increasing
from monitor.core.comparing.pairing import equal_pairs
from monitor.core.comparing.tokens import count_words, has_word, tokens
from monitor.core.comparing.wording import Effort, compare_words
from monitor.core.model import ProvisionChange, Reading, Segment, SegmentKind
from monitor.core.sentences import sentences

_WORDS_MIN = 8  # a shorter sentence may be said anywhere
_LINE_WORDS_MIN = 4  # a shorter line too, unless it stays in its provision or beside what moves
_ONCE_WORDS_MIN = 2  # a line that is said only once: a heading
_NEAR = 0.6  # of the pairs of words of both sentences
_OWNERS_MAX = 8  # three words that stand in more sentences than this tell nothing
_CANDIDATES_MAX = 3


@dataclass(frozen=True)
class _Sentence:
    """A sentence that went or came, or the part of it that did; `at` counts them, `change` is where it is marked."""

    at: int
    change: int
    start: int
    end: int
    says: tuple[str, ...]
    is_line: bool

    @cached_property
    def words(self) -> int:
        return count_words(self.says)

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """Pairs of neighbouring words and signs; the edges count as words."""
        return Counter(zip(("", *self.says), (*self.says, ""), strict=True))

    @property
    def triples(self) -> set[tuple[str, str, str]]:
        return set(zip(self.says, self.says[1:], self.says[2:], strict=False))

    @property
    def is_short_line(self) -> bool:
        """Whether it is a line that says enough where it is said only once."""
        return self.is_line and self.words >= _ONCE_WORDS_MIN

    @property
    def is_telling(self) -> bool:
        """Whether it says enough to be known again anywhere."""
        return self.words >= (_LINE_WORDS_MIN if self.is_line else _WORDS_MIN)


@dataclass(frozen=True, slots=True)
class _Move:
    """The text that stood here in the old text stands there in the new one; `in_place` if it didn't itself move."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    in_place: bool = False


def with_moves(
    changes: tuple[ProvisionChange, ...],
    pairs: Iterable[tuple[int, int]],
    old: Reading,
    new: Reading,
    effort: Effort,
) -> tuple[ProvisionChange, ...]:
    """The changes with text that moved told as moved, and not counted as words that went or came.

    `pairs` are the provisions that are found on both sides, changed or not.
    """
    if not {SegmentKind.DELETED, SegmentKind.INSERTED} <= {one.kind for change in changes for one in change.segments}:
        return changes
    matched = _matched(_marked(changes, SegmentKind.DELETED, old), _marked(changes, SegmentKind.INSERTED, new))
    if not matched:
        return changes
    found = {
        move: gone.change == come.change for gone, come in matched for move in _moves(gone, come, old, new, effort)
    }
    beside = [move for move, is_within in found.items() if not is_within]
    in_place = _in_place(beside, [*_equal_spans(changes, pairs, old, new)]) if beside else set()
    moves = sorted((replace(move, in_place=move in in_place) for move in found), key=lambda move: move.old_start)
    out = _Side(
        old.text, [(m.old_start, m.old_end, m.new_start, m.in_place) for m in moves], [p.start for p in new.provisions]
    )
    moves.sort(key=lambda move: move.new_start)
    into = _Side(
        new.text, [(m.new_start, m.new_end, m.old_start, m.in_place) for m in moves], [p.start for p in old.provisions]
    )
    return tuple(_retold(change, out, into) for change in changes)


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────────


def _marked(changes: tuple[ProvisionChange, ...], kind: SegmentKind, reading: Reading) -> list[_Sentence]:
    """The sentences among what is marked so, in the order of the text; without the labels they begin with."""
    spans = sorted(
        (*_span(segment), place)
        for place, change in enumerate(changes)
        for segment in change.segments
        if segment.kind is kind
    )
    starts = [provision.start for provision in reading.provisions]
    found: list[_Sentence] = []
    for start, end, place in spans:
        inside = range(bisect_right(starts, start) - 1, bisect_left(starts, end))
        labels = {starts[at]: label_end(reading, at) for at in inside if reading.provisions[at].label}
        for first, last, says in _cut(reading.text, start, end, labels):
            before, after = reading.text[max(0, first - 1) : first], reading.text[last : last + 1]
            is_line = (before in ("", "\n") or first in labels.values()) and after in ("", "\n")
            found.append(_Sentence(len(found), place, first, last, says, is_line))
    return found


def _span(segment: Segment) -> tuple[int, int]:
    """Where deleted or inserted words stand in their own text."""
    if segment.kind in (SegmentKind.DELETED, SegmentKind.MOVED_OUT):
        return segment.old_start, segment.old_end
    return segment.new_start, segment.new_end


def _cut(text: str, start: int, end: int, labels: dict[int, int]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where the sentences of text[start:end] stand that have a word, and what they say: without labels and white
    space."""
    for first, last in sentences(text, start, end):
        said = text[min(labels.get(first, first), last) : last].lstrip()
        if has_word(said):
            yield last - len(said), last, tuple([piece for piece in tokens(said) if not piece.isspace()])


# ── Which went where ─────────────────────────────────────────────────────────────────────────────────────────────

_Pair = tuple[_Sentence, _Sentence]


def _matched(gone: list[_Sentence], come: list[_Sentence]) -> list[_Pair]:
    """Sentences that went with those that came. It doesn't depend on which are which: their words decide."""
    if [sentence.says for sentence in gone] <= [sentence.says for sentence in come]:
        return _Matching(gone, come).pairs()
    return [(first, second) for second, first in _Matching(come, gone).pairs()]


class _Matching:
    """The pairs found so far between two rows of sentences. It grows and is never taken back."""

    def __init__(self, first: list[_Sentence], second: list[_Sentence]) -> None:
        self._first = first
        self._second = second
        self._partner: dict[int, int] = {}  # of the first, by place
        self._taken: set[int] = set()  # of the second

    def pairs(self) -> list[_Pair]:
        self._pair_equal(lambda one: (one.change, one.says) if one.is_line else None)
        self._pair_equal(lambda one: one.says if one.is_telling or one.is_short_line else None, once=True)
        self._pair_beside()
        self._pair_equal(lambda one: one.says if one.is_telling else None)
        self._pair_near()
        self._pair_beside()
        return [(self._first[one], self._second[other]) for one, other in sorted(self._partner.items())]

    def _pair(self, one: int, other: int) -> None:
        if one not in self._partner and other not in self._taken:
            self._partner[one] = other
            self._taken.add(other)

    def _left(self) -> tuple[list[_Sentence], list[_Sentence]]:
        return (
            [sentence for sentence in self._first if sentence.at not in self._partner],
            [sentence for sentence in self._second if sentence.at not in self._taken],
        )

    def _pair_equal(self, key: Callable[[_Sentence], Hashable | None], *, once: bool = False) -> None:
        """Those that say the same, in their order; with `once` only what is said once on each side."""
        for one, other in equal_pairs(*self._left(), key, once=once):
            self._pair(one.at, other.at)

    def _pair_beside(self) -> None:
        """Equal ones that follow or precede a pair, however short."""
        for step in (1, -1):
            for pair in sorted(self._partner.items(), reverse=step < 0):
                one, other = pair[0] + step, pair[1] + step
                while self._is_free(one, other) and self._first[one].says == self._second[other].says:
                    self._pair(one, other)
                    one, other = one + step, other + step

    def _is_free(self, one: int, other: int) -> bool:
        if not (0 <= one < len(self._first) and 0 <= other < len(self._second)):
            return False
        return one not in self._partner and other not in self._taken

    def _pair_near(self) -> None:
        """Those that say nearly the same, the likest first."""
        scored = []
        for one, other in sorted({*self._sharing(), *self._neighbours()}):
            likeness = dice(self._first[one].pairs, self._second[other].pairs)
            if likeness >= _NEAR:
                scored.append((-likeness, one, other))
        for _, one, other in sorted(scored):
            self._pair(one, other)

    def _sharing(self) -> Iterator[tuple[int, int]]:
        """Telling sentences that share three words in a row which few others have."""
        first, second = ([one for one in side if one.words >= _WORDS_MIN] for side in self._left())
        owners: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for sentence in first:
            for triple in sentence.triples:
                owners[triple].append(sentence.at)
        for sentence in second:
            shared = Counter(
                at for triple in sentence.triples for at in owners.get(triple, ()) if len(owners[triple]) <= _OWNERS_MAX
            )
            best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES_MAX]
            yield from ((at, sentence.at) for at, _ in best)

    def _neighbours(self) -> Iterator[tuple[int, int]]:
        for one, other in self._partner.items():
            for step in (1, -1):
                if self._is_free(one + step, other + step):
                    yield one + step, other + step


# ── Told as moved ────────────────────────────────────────────────────────────────────────────────────────────────


_Where = tuple[int, bool]  # the provision on the other side, and whether the text stays in place


def _moves(gone: _Sentence, come: _Sentence, old: Reading, new: Reading, effort: Effort) -> Iterator[_Move]:
    """What two sentences have in common, with at least one word in each piece."""
    if gone.says == come.says:
        yield _Move(gone.start, gone.end, come.start, come.end)
        return
    texts = old.text[gone.start : gone.end], new.text[come.start : come.end]
    for segment in compare_words(*texts, gone.start, come.start, effort).segments:
        if segment.kind is SegmentKind.EQUAL and has_word(old.text[segment.old_start : segment.old_end]):
            yield _Move(segment.old_start, segment.old_end, segment.new_start, segment.new_end)


def _equal_spans(
    changes: Iterable[ProvisionChange], pairs: Iterable[tuple[int, int]], old: Reading, new: Reading
) -> Iterator[_Move]:
    """What is the same on both sides and isn't marked, in changed provisions and in those that nothing happened to."""
    changed = set()
    for change in changes:
        changed.add(change.new)
        for one in change.segments:
            if one.kind is SegmentKind.EQUAL:
                yield _Move(one.old_start, one.old_end, one.new_start, one.new_end)
    for before, after in pairs:
        if after not in changed:
            first, second = old.provisions[before], new.provisions[after]
            yield _Move(first.start, first.end, second.start, second.end)


def _in_place(moves: Iterable[_Move], equal: Iterable[_Move]) -> set[_Move]:
    """The moves that are in one order with most of the text: not they moved, but the heading over them."""
    every = sorted((*moves, *equal), key=lambda move: move.new_start)
    kept = heaviest_increasing([one.old_start for one in every], [one.old_end - one.old_start for one in every])
    return {move for at, move in enumerate(every) if at in kept}.intersection(moves)


@dataclass(frozen=True, slots=True)
class _Side:
    """The moves on one side, in the order of its text: start, end, where they stand on the other side, in place."""

    text: str
    moves: list[tuple[int, int, int, bool]]
    other_starts: list[int]  # of the other side's provisions

    def parts(self, start: int, end: int) -> list[tuple[int, int, _Where | None]]:
        """What is marked from `start` to `end`, cut where moved text begins and ends, with where that stands.

        White space beside moved text goes with it, and moves that only white space keeps apart are one.
        """
        found: list[tuple[int, int, _Where | None]] = []
        at = start
        moves = self.moves[bisect_left(self.moves, (start,)) : bisect_left(self.moves, (end,))]
        for first, last, there, in_place in moves:
            elsewhere = (bisect_right(self.other_starts, there) - 1, in_place)
            if self.text[at:first].strip():
                found.append((at, first, None))
            elif found and found[-1][2] == elsewhere:
                first = found.pop()[0]
            elif found:
                found[-1] = (found[-1][0], first, found[-1][2])
            else:
                first = at
            found.append((first, last, elsewhere))
            at = last
        if not moves or self.text[at:end].strip():
            return [*found, (at, end, None)]
        return [*found[:-1], (found[-1][0], end, found[-1][2])]

    def words(self, start: int, end: int) -> int:
        """How many words of the text from `start` to `end` are moved."""
        moves = self.moves[bisect_left(self.moves, (start,)) : bisect_left(self.moves, (end,))]
        return sum(count_words(tokens(self.text[first:last])) for first, last, *_ in moves)


def _retold(change: ProvisionChange, out: _Side, into: _Side) -> ProvisionChange:
    segments: list[Segment] = []
    words_removed, words_added = change.words_removed, change.words_added
    for segment in change.segments:
        if segment.kind is SegmentKind.DELETED:
            words_removed -= out.words(segment.old_start, segment.old_end)
            for start, end, where in out.parts(segment.old_start, segment.old_end):
                segments.append(_told(replace(segment, old_start=start, old_end=end), SegmentKind.MOVED_OUT, where))
        elif segment.kind is SegmentKind.INSERTED:
            words_added -= into.words(segment.new_start, segment.new_end)
            for start, end, where in into.parts(segment.new_start, segment.new_end):
                segments.append(_told(replace(segment, new_start=start, new_end=end), SegmentKind.MOVED_IN, where))
        else:
            segments.append(segment)
    return replace(change, segments=tuple(segments), words_removed=words_removed, words_added=words_added)


def _told(segment: Segment, kind: SegmentKind, where: _Where | None) -> Segment:
    """A part of a segment, as moved if it stands somewhere else."""
    return replace(segment, kind=kind, elsewhere=where[0], in_place=where[1]) if where else segment
