"""The words that changed inside a pair of texts, as few and as readable as a careful editor would mark them.

Words, numbers, dates, addresses and links stay whole; Chinese and Japanese go by character. Whole sentences that are
found once on both sides are matched first, and before them whole lines; what lies between goes to diff-match-patch with
every word mapped to one code point. Its time-out is off, since a result must never depend on the machine's speed, and
its time goes by the square of what differs: longer texts are aligned by bit vectors, with the same result in length.
What is too large even for them is split at runs of words found once, or given as one replacement.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from diff_match_patch import diff_match_patch

from monitor.core.comparing.order import CELLS_MAX, common, longest_increasing
from monitor.core.comparing.tokens import aligned_places, count_words, has_word, is_cjk, offsets_of, only_words, tokens
from monitor.core.model import Segment, SegmentKind
from monitor.core.sentences import sentences

_STOPS = frozenset(".!?;")  # an edit begins well after one and white space
_STOPS_CJK = frozenset("。！？；")  # and right after one of these

_PATCHED_WORDS_MAX = 64  # both sides together; beyond it diff-match-patch may take long
_RUN = 7  # tokens: four words with the space between them, or seven characters
_ISLAND_MAX = 5  # characters with the space around them: "the" between two replacements
_ISLAND_SHORE_MIN = 16  # tokens that each of the two replacements has
_LIKE_MIN = 0.25  # of the words; less is a replacement, whose few shared words would only be islands
_LIKE_TOKENS_MIN = 16  # shorter texts are always compared word by word

_SWAPPED = {SegmentKind.DELETED: SegmentKind.INSERTED, SegmentKind.INSERTED: SegmentKind.DELETED}


class Effort:
    """How much fine comparing is left for one comparison, counted in pairs of words and never in time."""

    def __init__(self, pairs: int = 4_000_000_000) -> None:
        self._left = pairs

    def spend(self, pairs: int) -> bool:
        """Whether that much was left."""
        self._left -= pairs
        return self._left >= 0


@dataclass(frozen=True, slots=True)
class Wording:
    """Segments that together are exactly both spans, and how many words they take away and add."""

    segments: tuple[Segment, ...]
    words_added: int
    words_removed: int
    coarse: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """Tokens old[old_start:old_end] became new[new_start:new_end]. What lies between two edits is equal."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    def moved_by(self, old: int, new: int) -> _Edit:
        return _Edit(self.old_start + old, self.old_end + old, self.new_start + new, self.new_end + new)

    @property
    def is_empty(self) -> bool:
        return self.old_start == self.old_end and self.new_start == self.new_end

    @property
    def size(self) -> int:
        return self.old_end - self.old_start + self.new_end - self.new_start

    @property
    def is_replacement(self) -> bool:
        return self.old_start < self.old_end and self.new_start < self.new_end


def compare_words(old: str, new: str, old_at: int, new_at: int, effort: Effort) -> Wording:
    """The word diff of two texts that stand at these offsets of two readings.

    It doesn't depend on which of them is the old one: where nothing else decides, their texts do.
    """
    if old == new:
        return Wording(joined_equals([_equal(old_at, old_at + len(old), new_at)]), 0, 0, coarse=False)
    if old > new:
        return _swapped(compare_words(new, old, new_at, old_at, effort))
    segments: list[Segment] = []
    added = removed = 0
    coarse = False
    at, there = 0, 0
    for region in _regions(old, new):
        segments.append(_equal(old_at + at, old_at + region.old_start, new_at + there))
        piece = _compared(region, old, new, old_at, new_at, effort)
        segments += piece.segments
        added, removed, coarse = added + piece.words_added, removed + piece.words_removed, coarse or piece.coarse
        at, there = region.old_end, region.new_end
    segments.append(_equal(old_at + at, old_at + len(old), new_at + there))
    return Wording(joined_equals(segments), added, removed, coarse)


def _equal(start: int, end: int, new_start: int) -> Segment:
    return Segment(SegmentKind.EQUAL, start, end, new_start, new_start + end - start)


def _compared(region: _Edit, old: str, new: str, old_at: int, new_at: int, effort: Effort) -> Wording:
    """The wording of a region of two texts, which is given in characters."""
    first, second = tokens(old[region.old_start : region.old_end]), tokens(new[region.new_start : region.new_end])
    end_old, end_new = _ends(first, second)
    differ = _Differ(first[:end_old], second[:end_new], effort)
    edits = _tidied(differ.edits(), first[:end_old], second[:end_new])
    if end_old < len(first) or end_new < len(second):
        edits.append(_Edit(end_old, len(first), end_new, len(second)))
    offsets = offsets_of(first, old_at + region.old_start), offsets_of(second, new_at + region.new_start)
    return Wording(
        segments=tuple(_segments(edits, *offsets)),
        words_added=sum(count_words(second[edit.new_start : edit.new_end]) for edit in edits),
        words_removed=sum(count_words(first[edit.old_start : edit.old_end]) for edit in edits),
        coarse=differ.coarse,
    )


def _swapped(wording: Wording) -> Wording:
    """The same wording with its sides swapped; what went is told before what came."""
    segments: list[Segment] = []
    for segment in wording.segments:
        kind = _SWAPPED.get(segment.kind, segment.kind)
        flipped = Segment(kind, segment.new_start, segment.new_end, segment.old_start, segment.old_end)
        last = segments[-1] if segments else None
        if kind is SegmentKind.DELETED and last and last.kind is SegmentKind.INSERTED:
            last = replace(segments.pop(), old_start=flipped.old_end, old_end=flipped.old_end)
            flipped = replace(flipped, new_start=last.new_start, new_end=last.new_start)
            segments += [flipped, last]
        else:
            segments.append(flipped)
    return Wording(tuple(segments), wording.words_removed, wording.words_added, wording.coarse)


def joined_equals(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Segments without empty ones, and equal neighbours as one."""
    result: list[Segment] = []
    for segment in segments:
        last = result[-1] if result else None
        if segment.kind is not SegmentKind.EQUAL:
            result.append(segment)
        elif last and last.kind is SegmentKind.EQUAL:
            result[-1] = replace(last, old_end=segment.old_end, new_end=segment.new_end)
        elif segment.old_start < segment.old_end:
            result.append(segment)
    return tuple(result)


def _regions(old: str, new: str) -> Iterator[_Edit]:
    """Where two texts differ, in characters: what lies between whole lines that both have, and a line on each side.

    In a long body little differs: only that is cut into tokens. The lines beside it are where an edit may slide.
    """
    first, second = old.split("\n"), new.split("\n")
    gaps = _gaps(_Edit(0, len(first), 0, len(second)), _singly(first, 0), _singly(second, 0))
    starts, new_starts = _line_starts(first), _line_starts(second)
    for gap in _widened([_trimmed(gap, first, second) for gap in gaps], len(first)):
        yield _Edit(
            starts[gap.old_start],
            min(starts[gap.old_end], len(old)),
            new_starts[gap.new_start],
            min(new_starts[gap.new_end], len(new)),
        )


def _widened(gaps: list[_Edit], lines: int) -> list[_Edit]:
    """Gaps with the equal line before and after each; those that meet are one."""
    result: list[_Edit] = []
    for gap in gaps:
        if gap.is_empty:
            continue
        before, after = min(1, gap.old_start, gap.new_start), min(1, lines - gap.old_end)
        start, end = gap.old_start - before, gap.old_end + after
        wide = _Edit(start, end, gap.new_start - before, gap.new_end + after)
        if result and result[-1].old_end >= start:
            last = result.pop()
            wide = _Edit(last.old_start, end, last.new_start, wide.new_end)
        result.append(wide)
    return result


def _line_starts(lines: list[str]) -> list[int]:
    """Where each line starts, and where one after the last would."""
    return offsets_of([f"{line}\n" for line in lines], 0)


def _ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """Where the words end, if the two don't end in the same white space: a text's last line has no line break."""
    if old and new and old[-1] != new[-1]:
        return len(old) - old[-1].isspace(), len(new) - new[-1].isspace()
    return len(old), len(new)


class _Differ:
    """The edits between two lists of tokens, from sentences down to words."""

    def __init__(self, old: list[str], new: list[str], effort: Effort) -> None:
        self._old = old
        self._new = new
        self._effort = effort
        self.coarse = False

    def edits(self) -> list[_Edit]:
        whole = _Edit(0, len(self._old), 0, len(self._new))
        gaps = _gaps(whole, _in_sentences(self._old), _in_sentences(self._new))
        return [edit for gap in gaps for edit in self._within(gap)]

    def _within(self, gap: _Edit) -> list[_Edit]:
        old, new = self._old[gap.old_start : gap.old_end], self._new[gap.new_start : gap.new_end]
        if not old or not new or _unlike(old, new):
            return [gap]
        words = aligned_places(old), aligned_places(new)
        pairs = len(words[0]) * len(words[1])
        if pairs <= CELLS_MAX and self._effort.spend(pairs):
            return _fine(old, new, words, gap)
        self.coarse = True
        parts = _gaps(gap, _runs(old, gap.old_start), _runs(new, gap.new_start))
        if parts == [gap]:
            return [gap]
        return [edit for part in parts for edit in self._within(part)]


def _unlike(old: list[str], new: list[str]) -> bool:
    first, second = (Counter(map(str.lower, only_words(side))) for side in (old, new))
    least = min(first.total(), second.total())
    return least >= _LIKE_TOKENS_MIN and (first & second).total() < _LIKE_MIN * least


_Piece = tuple[tuple[str, ...], int, int]  # what it says, where it starts and ends, in tokens


def _in_sentences(pieces: list[str]) -> list[_Piece]:
    """Sentences and the white space between them, each as its tokens and where it stands."""
    offsets = offsets_of(pieces, 0)
    edges = {0, len(pieces)}
    for offset in chain.from_iterable(sentences("".join(pieces), 0, offsets[-1])):
        at = bisect_left(offsets, offset)
        if offsets[at] == offset:  # else it is inside a token: 。 in a link
            edges.add(at)
    return [(tuple(pieces[start:end]), start, end) for start, end in pairwise(sorted(edges))]


def _singly(pieces: list[str], at: int) -> list[_Piece]:
    return [((token,), at + index, at + index + 1) for index, token in enumerate(pieces)]


def _runs(pieces: list[str], at: int) -> list[_Piece]:
    """Each token, known by those that follow it."""
    return [
        (tuple(pieces[index : index + _RUN]), at + index, at + index + 1) for index in range(len(pieces) - _RUN + 1)
    ]


def _gaps(within: _Edit, old: list[_Piece], new: list[_Piece]) -> list[_Edit]:
    """What lies between the pieces that are found once on both sides and in the same order."""
    if len(old) == len(new) == 1 and old[0][0] != new[0][0]:
        return [within]
    count_old, count_new = Counter(piece[0] for piece in old), Counter(piece[0] for piece in new)
    once = {piece[0]: piece for piece in old if count_old[piece[0]] == 1 == count_new[piece[0]]}
    shared = [(once[piece[0]], piece) for piece in new if piece[0] in once and has_word("".join(piece[0]))]
    kept = longest_increasing([first[1] for first, _ in shared], [len(first[0]) for first, _ in shared])
    gaps, old_at, new_at = [], within.old_start, within.new_start
    for first, second in (pair for at, pair in enumerate(shared) if at in kept):
        gaps.append(_Edit(old_at, first[1], new_at, second[1]))
        old_at, new_at = first[2], second[2]
    gaps.append(_Edit(old_at, within.old_end, new_at, within.new_end))
    return [gap for gap in gaps if gap.old_start < gap.old_end or gap.new_start < gap.new_end]


def _fine(old: list[str], new: list[str], places: tuple[list[int], list[int]], gap: _Edit) -> list[_Edit]:
    """The edits between two lists of tokens, at the place of `gap`, by what stands at these places."""
    first, second = ([side[at] for at in kept] for side, kept in zip((old, new), places, strict=True))
    pairs = _patched(first, second) if len(first) + len(second) <= _PATCHED_WORDS_MAX else common(first, second)
    edits, ends = [], (-1, -1)
    for pair in (*((places[0][one], places[1][other]) for one, other in pairs), (len(old), len(new))):
        edit = _trimmed(_Edit(ends[0] + 1, pair[0], ends[1] + 1, pair[1]), old, new)
        if not edit.is_empty:
            edits.append(edit.moved_by(gap.old_start, gap.new_start))
        ends = pair
    return edits


def _patched(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The places of the words that two lists have in common, by diff-match-patch."""
    codes: dict[str, str] = {}
    first, second = ("".join(codes.setdefault(word, _code(len(codes))) for word in side) for side in (old, new))
    patcher = diff_match_patch()
    patcher.Diff_Timeout = 0
    pairs, old_at, new_at = [], 0, 0
    for operation, text in patcher.diff_main(first, second, False):
        if operation == patcher.DIFF_EQUAL:
            pairs += [(old_at + step, new_at + step) for step in range(len(text))]
        old_at += len(text) if operation != patcher.DIFF_INSERT else 0
        new_at += len(text) if operation != patcher.DIFF_DELETE else 0
    return pairs


def _code(number: int) -> str:
    """A code point for a token: private ones, which diff-match-patch takes neither for letters nor for space."""
    return chr(0xF0000 + number)


def _tidied(edits: list[_Edit], old: list[str], new: list[str]) -> list[_Edit]:
    """Neighbours joined, islands drowned, equal edges cut off, and the rest slid to where one expects it."""
    trimmed = [_trimmed(edit, old, new) for edit in _without_islands(edits, old)]
    kept = [edit for edit in trimmed if not edit.is_empty]
    result: list[_Edit] = []
    for at, edit in enumerate(kept):
        back = edit.old_start - (result[-1].old_end if result else 0)
        forth = (kept[at + 1].old_start if at + 1 < len(kept) else len(old)) - edit.old_end
        result.append(_slid(edit, old, new, back, forth))
    return _without_islands(result, old)


def _without_islands(edits: list[_Edit], old: list[str]) -> list[_Edit]:
    """Neighbours as one, and what is equal between two edits drowned where that is easier to read."""
    result: list[_Edit] = []
    for edit in edits:
        while result and _is_drowned(result[-1], edit, old):
            last = result.pop()
            edit = _Edit(last.old_start, edit.old_end, last.new_start, edit.new_end)
        result.append(edit)
    return result


def _is_drowned(before: _Edit, after: _Edit, old: list[str]) -> bool:
    """Whether what stands between two edits is an island: signs beside a replacement, a short word in a long one."""
    between = old[before.old_end : after.old_start]
    if not between:
        return True
    if any("\n" in token for token in between):
        return False
    replacements = before.is_replacement + after.is_replacement
    if not any(map(has_word, between)):
        return replacements > 0
    if replacements == 2 and len(between) == 1 and is_cjk(between[0]):
        return True  # one character of several that make a word
    is_long = min(before.size, after.size) >= _ISLAND_SHORE_MIN
    return replacements == 2 and is_long and sum(map(len, between)) <= _ISLAND_MAX


def _trimmed(edit: _Edit, old: list[str], new: list[str]) -> _Edit:
    old_start, old_end, new_start, new_end = edit.old_start, edit.old_end, edit.new_start, edit.new_end
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        old_start, new_start = old_start + 1, new_start + 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    return _Edit(old_start, old_end, new_start, new_end)


def _slid(edit: _Edit, old: list[str], new: list[str], back: int, forth: int) -> _Edit:
    """A pure insertion or deletion moved, within equal text, to begin where a line, sentence or word begins."""
    if edit.is_replacement:
        return edit
    is_new = edit.new_start < edit.new_end
    side, start, end = (new, edit.new_start, edit.new_end) if is_new else (old, edit.old_start, edit.old_end)
    shifts, shift = [0], 0
    while -shift < back and side[start + shift - 1] == side[end + shift - 1]:
        shift -= 1
        shifts.append(shift)
    shift = 0
    while shift < forth and side[start + shift] == side[end + shift]:
        shift += 1
        shifts.append(shift)
    best = max(shifts, key=lambda by: (_boundary(side, start + by, end + by), -abs(by), by))
    return edit.moved_by(best, best)


def _boundary(side: list[str], start: int, end: int) -> int:
    """How natural it is that an edit begins here: at a line, a sentence, a word; rather than at a space."""
    before = side[start - 1] if start else "\n"
    first, last = side[start], side[end - 1]
    if "\n" in before:
        return 6 + ("\n" in last)
    if first.isspace():
        return 3 if not last.isspace() else 1
    if before.isspace():
        return 4 + (start > 1 and side[start - 2] in _STOPS)
    return 5 if before in _STOPS_CJK else 2


def _segments(edits: list[_Edit], old: list[int], new: list[int]) -> list[Segment]:
    """Segments for the edits and for what is equal around them; `old` and `new` are the offsets of the tokens."""
    segments, old_at, new_at = [], old[0], new[0]
    for edit in (*edits, _Edit(len(old) - 1, len(old) - 1, len(new) - 1, len(new) - 1)):
        first, second = old[edit.old_start], new[edit.new_start]
        if old_at < first:
            segments.append(Segment(SegmentKind.EQUAL, old_at, first, new_at, second))
        old_at, new_at = old[edit.old_end], new[edit.new_end]
        if first < old_at:
            segments.append(Segment(SegmentKind.DELETED, first, old_at, second, second))
        if second < new_at:
            segments.append(Segment(SegmentKind.INSERTED, old_at, old_at, second, new_at))
    return segments
