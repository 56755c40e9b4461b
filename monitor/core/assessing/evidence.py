"""The edits of a change with the sentences around them: what every assessment is founded on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from monitor.core.comparing.clauses import label_end
from monitor.core.dates import find_dates
from monitor.core.model import Comparison, ProvisionChange, Reading, SegmentKind

_BOUNDARY = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")
_REACH = 1_500  # characters; a sentence that reaches further is cut, so that cost stays bounded
_WORD = re.compile(r"[^\W_]")
_EDITED = (SegmentKind.DELETED, SegmentKind.INSERTED)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that went and came in one place, and the sentences they stand in.

    `within`: a sentence was changed, rather than whole ones taken out or put in. Several places in one sentence are
    one edit.
    """

    deleted: str
    inserted: str
    old_sentence: str
    new_sentence: str
    title: str
    within: bool

    @property
    def words(self) -> str:
        """What went and what came."""
        return f"{self.deleted}\n{self.inserted}"

    @property
    def sentences(self) -> str:
        """The sentences before and after, with the title they stand under."""
        return f"{self.title}\n{self.old_sentence}\n{self.new_sentence}"


def edits(old: Reading, new: Reading, comparison: Comparison) -> tuple[tuple[Edit, ...], ...]:
    """The edits of each change, in order; without labels and the dates a document states of itself."""
    scene = _Scene(old, new, _stated(old), _stated(new))
    return tuple(tuple(scene.edits(change)) for change in comparison.changes)


@dataclass(frozen=True, slots=True)
class _Scene:
    """The two readings, and where each states its own dates."""

    old: Reading
    new: Reading
    old_dates: tuple[Span, ...]
    new_dates: tuple[Span, ...]

    def edits(self, change: ProvisionChange) -> Iterator[Edit]:
        title = self._title(change)
        for (before, after), places in groupby(self._places(change), key=lambda place: place[2:]):
            spans = list(places)
            yield Edit(
                deleted="\n".join(self.old.text[slice(*gone)] for gone, _, _, _ in spans),
                inserted="\n".join(self.new.text[slice(*come)] for _, come, _, _ in spans),
                old_sentence=self.old.text[slice(*before)],
                new_sentence=self.new.text[slice(*after)],
                title=title,
                within=all(
                    _has_more(self.old.text, before, gone) and _has_more(self.new.text, after, come)
                    for gone, come, _, _ in spans
                ),
            )

    def _places(self, change: ProvisionChange) -> Iterator[tuple[Span, Span, Span, Span]]:
        """What went and what came in each place, and the sentence it stands in before and after."""
        for old_span, new_span in _spans(change):
            gone, come = _stripped(self.old.text, old_span), _stripped(self.new.text, new_span)
            dated = _covered(gone, self.old_dates) and _covered(come, self.new_dates)
            empty = gone[0] == gone[1] and come[0] == come[1]
            if not dated and not empty and not self._is_label(change, gone, come):
                yield gone, come, _sentence(self.old, change.old, gone), _sentence(self.new, change.new, come)

    def _is_label(self, change: ProvisionChange, gone: Span, come: Span) -> bool:
        if change.old is None or change.new is None:
            return False
        return gone[1] <= label_end(self.old, change.old) and come[1] <= label_end(self.new, change.new)

    def _title(self, change: ProvisionChange) -> str:
        if change.new is not None:
            return self.new.provisions[change.new].title
        return self.old.provisions[change.old].title if change.old is not None else ""


def _spans(change: ProvisionChange) -> Iterator[tuple[Span, Span]]:
    """The old and new span of each edit: neighbouring deleted and inserted segments are one. Moved text is none."""
    for is_edit, group in groupby(change.segments, key=lambda segment: segment.kind in _EDITED):
        run = list(group)
        if is_edit:
            yield (run[0].old_start, run[-1].old_end), (run[0].new_start, run[-1].new_end)


def _stripped(text: str, span: Span) -> Span:
    """A span without the white space at its edges; it belongs to no sentence."""
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    return (start, max(start, span[1] - len(piece) + len(piece.rstrip())))


def _sentence(reading: Reading, ordinal: int | None, span: Span) -> Span:
    """The sentence, or sentences, that a span stands in; nothing where the provision is missing on this side."""
    if ordinal is None:
        return span
    provision = reading.provisions[ordinal]
    start = min(span[0], max(provision.start, span[0] - _REACH))
    end = max(span[1], min(provision.end, span[1] + _REACH))
    start = max(start, reading.text.rfind("\n", start, span[0]) + 1)  # no sentence goes on in another line
    line_end = reading.text.find("\n", span[1], end)
    end = end if line_end < 0 else line_end
    boundaries = [match.span() for match in _BOUNDARY.finditer(reading.text, start, end)]
    first = max((stop for _, stop in boundaries if stop <= span[0]), default=start)
    last = min((begin for begin, _ in boundaries if begin >= span[1]), default=end)
    return (first, max(last, span[1]))


def _has_more(text: str, sentence: Span, span: Span) -> bool:
    return _WORD.search(text[sentence[0] : span[0]] + text[span[1] : sentence[1]]) is not None


def _stated(reading: Reading) -> tuple[Span, ...]:
    dates = find_dates(reading.text, reading.language, stated_only=True)
    return tuple((found.start, found.end) for found in dates)


def _covered(span: Span, dates: tuple[Span, ...]) -> bool:
    return span[0] == span[1] or any(start <= span[0] and span[1] <= end for start, end in dates)
