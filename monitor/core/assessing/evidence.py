"""The edits of a change with the sentences around them: what every assessment is founded on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.comparing.clauses import label_end
from monitor.core.dates import find_dates
from monitor.core.model import Comparison, Op, ProvisionChange, Reading, SegmentKind

_BOUNDARY = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n")
_REACH = 1_500  # characters; a sentence that reaches further is cut, so that cost stays bounded
_WORD = re.compile(r"[^\W_]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that went and came in one place, and the sentences they stand in.

    `within`: a sentence was changed, rather than whole ones taken out or put in.
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


def edits(old: Reading, new: Reading, comparison: Comparison) -> tuple[Edit, ...]:
    """The edits of all changed provisions, in order; without labels and the dates a document states of itself."""
    dates_old, dates_new = _stated(old), _stated(new)
    found = []
    for change in comparison.changes:
        if {change.op, *change.also} <= {Op.MOVED, Op.RENUMBERED}:
            continue
        for gone, come in _spans(change):
            if not _is_label(old, change.old, gone, new, change.new, come) and not (
                _covered(gone, dates_old) and _covered(come, dates_new)
            ):
                found.append(_edit(old, new, change, gone, come))
    return tuple(edit for edit in found if _WORD.search(edit.words) or edit.words.strip())


def _spans(change: ProvisionChange) -> Iterator[tuple[Span, Span]]:
    """The old and new span of each edit: neighbouring segments that aren't equal are one."""
    gone: Span | None = None
    come: Span | None = None
    for segment in change.segments:
        if segment.kind is SegmentKind.EQUAL:
            if gone and come:
                yield gone, come
            gone = come = None
            continue
        gone = (gone[0] if gone else segment.old_start, segment.old_end)
        come = (come[0] if come else segment.new_start, segment.new_end)
    if gone and come:
        yield gone, come


def _edit(old: Reading, new: Reading, change: ProvisionChange, gone: Span, come: Span) -> Edit:
    gone, come = _stripped(old.text, gone), _stripped(new.text, come)
    before = _sentence(old, change.old, gone)
    after = _sentence(new, change.new, come)
    title_of = new.provisions[change.new] if change.new is not None else None
    if title_of is None and change.old is not None:
        title_of = old.provisions[change.old]
    return Edit(
        deleted=old.text[slice(*gone)],
        inserted=new.text[slice(*come)],
        old_sentence=old.text[slice(*before)],
        new_sentence=new.text[slice(*after)],
        title=title_of.title if title_of else "",
        within=_has_more(old.text, before, gone) and _has_more(new.text, after, come),
    )


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
    boundaries = [match.span() for match in _BOUNDARY.finditer(reading.text, start, end)]
    first = max((stop for _, stop in boundaries if stop <= span[0]), default=start)
    last = min((begin for begin, _ in boundaries if begin >= span[1]), default=end)
    return (first, max(last, span[1]))


def _has_more(text: str, sentence: Span, span: Span) -> bool:
    return _WORD.search(text[sentence[0] : span[0]] + text[span[1] : sentence[1]]) is not None


def _is_label(old: Reading, before: int | None, gone: Span, new: Reading, after: int | None, come: Span) -> bool:
    if before is None or after is None:
        return False
    return gone[1] <= label_end(old, before) and come[1] <= label_end(new, after)


def _stated(reading: Reading) -> tuple[Span, ...]:
    return tuple((found.start, found.end) for found in find_dates(reading.text, reading.language) if found.stated)


def _covered(span: Span, dates: tuple[Span, ...]) -> bool:
    return span[0] == span[1] or any(start <= span[0] and span[1] <= end for start, end in dates)
