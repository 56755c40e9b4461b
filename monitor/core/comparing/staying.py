"""Text that stays where it stood while the provisions around it are others: a heading came, went or moved past it.

The two whole texts are compared as if they had no provisions. What that leaves unmarked, though the changes of
provisions say that it went from one and came in another, hasn't moved: it stands under another heading.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.core.comparing.wording import Effort, compare_words, count_words, tokens
from monitor.core.model import SegmentKind

_WORDS_MIN = 3  # fewer that are no line of their own may stand anywhere
_CHARS_MIN = 9  # the same for texts without spaces, whose words are signs
_ALONE_MIN = 8  # words that say enough whatever stands around them
_PAIRS_MAX = 40_000_000  # of words that are compared finely: two texts of 6,000 words rewritten
_SHARE_MIN = 0.25  # of what two provisions have marked; less is a replacement with islands

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """old.text[old_start:old_end] is new.text[new_start:new_end], and neither went nor came."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    def part(self, start: int, end: int) -> Kept:
        """The part from `start` to `end` of the old text."""
        shift = self.new_start - self.old_start
        return Kept(start, end, start + shift, end + shift)


@dataclass(frozen=True, slots=True)
class Marked:
    """A span that is marked as gone or come, in one provision."""

    start: int
    end: int
    ordinal: int


class Staying:
    """What a comparison of two whole texts leaves unmarked."""

    def __init__(self, old: str, new: str, kept: Sequence[Kept] = ()) -> None:
        self._old = old
        self._new = new
        self._kept = kept
        self._starts = [one.old_start for one in kept]
        self._ends = [one.old_end for one in kept]

    @classmethod
    def between(cls, old: str, new: str) -> Staying:
        """What stays of two texts. Where they are long and little of them is equal, less of it is found."""
        segments = compare_words(old, new, 0, 0, Effort(_PAIRS_MAX)).segments
        kept = [Kept(s.old_start, s.old_end, s.new_start, s.new_end) for s in segments if s.kind is SegmentKind.EQUAL]
        return cls(old, new, kept)

    def counterpart(self, start: int, end: int) -> Span | None:
        """Where text[start:end] of the old text stands in the new one, if all of it stays."""
        at = bisect_left(self._ends, end)
        if at == len(self._kept) or self._kept[at].old_start > start:
            return None
        part = self._kept[at].part(start, end)
        return part.new_start, part.new_end

    def within(self, start: int, end: int) -> Iterator[Kept]:
        """What stays of text[start:end] of the old text."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        for kept in self._kept[first:last]:
            yield kept.part(max(start, kept.old_start), min(end, kept.old_end))

    def of(self, gone: Sequence[Marked], come: Sequence[Marked]) -> list[Kept]:
        """What stays of text that is marked as gone here and as come there, where it says enough. Both are sorted."""
        starts, ends = [span.start for span in come], [span.end for span in come]
        found: list[tuple[Kept, int, int]] = []
        for span in gone:
            for kept in self.within(span.start, span.end):
                for there in come[bisect_right(ends, kept.new_start) : bisect_left(starts, kept.new_end)]:
                    shift = kept.old_start - kept.new_start
                    start, end = max(there.start, kept.new_start) + shift, min(there.end, kept.new_end) + shift
                    found.append((kept.part(start, end), span.ordinal, there.ordinal))
        dense = self._dense(gone, come, found)
        return [kept for kept, one, other in found if self._is_telling(kept, dense, one, other)]

    def _dense(
        self, gone: Sequence[Marked], come: Sequence[Marked], found: list[tuple[Kept, int, int]]
    ) -> set[tuple[int, int]]:
        """The pairs of provisions that have much of what is marked in either of them in common."""
        marked_old, marked_new, together = Counter[int](), Counter[int](), Counter[tuple[int, int]]()
        for span in gone:
            marked_old[span.ordinal] += _words(self._old, span.start, span.end)
        for span in come:
            marked_new[span.ordinal] += _words(self._new, span.start, span.end)
        for kept, one, other in found:
            together[one, other] += _words(self._old, kept.old_start, kept.old_end)
        return {
            (one, other)
            for (one, other), words in together.items()
            if words >= _SHARE_MIN * min(marked_old[one], marked_new[other])
        }

    def _is_telling(self, kept: Kept, dense: set[tuple[int, int]], one: int, other: int) -> bool:
        said = self._old[kept.old_start : kept.old_end]
        words = _words(said, 0, len(said))
        if words >= _ALONE_MIN or (words and self._is_line(kept)):
            return True
        return (one, other) in dense and words >= _WORDS_MIN and len(said.strip()) >= _CHARS_MIN

    def _is_line(self, kept: Kept) -> bool:
        """Whether it is whole lines of both texts."""
        return _is_line(self._old, kept.old_start, kept.old_end) and _is_line(self._new, kept.new_start, kept.new_end)


def _words(text: str, start: int, end: int) -> int:
    return count_words(tokens(text[start:end]))


def _is_line(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    first, last = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
    return text[:first].rstrip(" \t")[-1:] in ("", "\n") and text[last:].lstrip(" \t")[:1] in ("", "\n")


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Spans without what is taken of them; both are sorted and none overlap among themselves."""
    left = list(taken)
    result, at = [], 0
    for start, end in spans:
        while at < len(left) and left[at][1] <= start:
            at += 1
        place = at
        while place < len(left) and left[place][0] < end:
            if start < left[place][0]:
                result.append((start, left[place][0]))
            start = max(start, left[place][1])
            place += 1
        if start < end:
            result.append((start, end))
    return result
