"""The redline of a change as values: which words went, which came, what stands around them.

Shared by the terminal, the e-mail and the page, so that they never tell different stories. Every run quotes a
reading by its offsets; `prove` checks each quotation against the readings before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.citing import cite
from monitor.core.model import Comparison, Op, ProvisionChange, Reading, Segment


class Mark(StrEnum):
    """What became of a run's words."""

    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_OUT = "moved_out"
    MOVED_IN = "moved_in"

    @property
    def is_old(self) -> bool:
        """Whether the words stand in the old text alone."""
        return self in (Mark.DELETED, Mark.MOVED_OUT)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text: `text` is reading.text[start:end], of the old reading where it went, else of the new one.

    A run that isn't shown (unchanged and far from any change, or too long a change) has an empty `text`, and
    `hidden` says how many words it stands for. `elsewhere`: the path of the provision that moved text went to or
    came from.
    """

    mark: Mark
    start: int
    end: int
    text: str = ""
    hidden: int = 0
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The redline of one provision; without runs where it only has another number or place.

    `was`: what it was called before, where that differs and no run shows it.
    """

    op: Op
    also: tuple[Op, ...]
    path: str
    runs: tuple[Run, ...]
    words_added: int
    words_removed: int
    was: str = ""
    sentences_added: int = 0
    sentences_removed: int = 0
    sentences_modified: int = 0

    @property
    def ops(self) -> tuple[Op, ...]:
        return (self.op, *self.also)


@dataclass(frozen=True, slots=True)
class Redline:
    """Passages in the order of the new text, mechanical ones last; `left_out` counts those beyond the limits."""

    passages: tuple[Passage, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a change is shown. `context`: unchanged words kept on each side of a changed one."""

    passages: int | None = None
    words: int | None = None  # of all passages together
    run_words: int | None = None  # of one deleted or inserted run
    context: int | None = None


WHOLE = Limits()

# What happens to a provision without a word of its own changing.
MECHANICAL = frozenset({Op.RENUMBERED, Op.MOVED})

FOLD_MIN = 4  # folding fewer words than this would save nothing
# Chinese and Japanese by character; what has no end isn't one word.
_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\s぀-ヿ㐀-鿿豈-﫿]{1,100}")


class QuotationDefect(Exception):
    """A defect of ours: a redline quotes words that its reading doesn't have. Never sent."""


def redline(comparison: Comparison, old: Reading, new: Reading, limits: Limits = WHOLE) -> Redline:
    """The redline of a comparison of `old` and `new`, cut to `limits`.

    At least one passage is shown, however long; a passage that would go over the word limit is left out with all
    that follow. Raises QuotationDefect where the comparison's offsets don't fit the readings.
    """
    passages: list[Passage] = []
    words = 0
    for change in sorted(comparison.changes, key=is_mechanical):
        if limits.passages is not None and len(passages) >= limits.passages:
            break
        passage = _passage(change, old, new, limits)
        words += sum(len(_WORD.findall(run.text)) for run in passage.runs)
        if passages and limits.words is not None and words > limits.words:
            break
        passages.append(passage)
    result = Redline(tuple(passages), len(comparison.changes) - len(passages))
    prove(result, old, new)
    return result


def is_mechanical(change: ProvisionChange) -> bool:
    """Whether no word of the provision changed, only its number or its place."""
    return MECHANICAL.issuperset((change.op, *change.also))


def prove(redline: Redline, old: Reading, new: Reading) -> None:
    """Checks that every run quotes its reading exactly, and that deletions come from the old text alone."""
    for passage in redline.passages:
        for run in passage.runs:
            source = old if run.mark.is_old else new
            if run.text and source.text[run.start : run.end] != run.text:
                raise QuotationDefect(
                    f"{passage.path}: expected {run.text[:60]!r} at {run.start}:{run.end} of reading {source.id}, "
                    f"found {source.text[run.start : run.end][:60]!r}"
                )


def _passage(change: ProvisionChange, old: Reading, new: Reading, limits: Limits) -> Passage:
    runs = [] if is_mechanical(change) else _after_heading(_runs(change, old, new), change, new)
    return Passage(
        op=change.op,
        also=change.also,
        path=change.path,
        runs=tuple(_fold(runs, limits)),
        words_added=change.words_added,
        words_removed=change.words_removed,
        was="" if any(run.mark is not Mark.EQUAL for run in runs) else _was(change, old, new),
        sentences_added=change.sentences_added,
        sentences_removed=change.sentences_removed,
        sentences_modified=change.sentences_modified,
    )


def _was(change: ProvisionChange, old: Reading, new: Reading) -> str:
    """What the provision was called: its label, or where the title differs too both; empty for the same name."""
    if change.old is None or change.new is None:
        return ""
    before, after = old.provisions[change.old], new.provisions[change.new]
    if before.title != after.title:
        return f"{before.label} {before.title}".strip()
    return before.label if before.label != after.label else ""


def _after_heading(runs: list[Run], change: ProvisionChange, new: Reading) -> list[Run]:
    """The runs without an unchanged heading at their beginning: the path says it already."""
    if change.new is None or not runs or runs[0].mark is not Mark.EQUAL:
        return runs
    first, provision = runs[0], new.provisions[change.new]
    if not first.start == provision.start < provision.body_start < first.end:
        return runs
    return [_quote(Mark.EQUAL, new, provision.body_start, first.end), *runs[1:]]


def _runs(change: ProvisionChange, old: Reading, new: Reading) -> list[Run]:
    """The whole passage as runs: from its segments, or where it has none its provisions' own text."""
    if change.segments:
        return [run for segment in change.segments if (run := _run(segment, old, new)).text]
    if change.new is not None:
        provision = new.provisions[change.new]
        mark = Mark.INSERTED if change.old is None else Mark.EQUAL
        return [_quote(mark, new, provision.start, provision.end)]
    assert change.old is not None, "a change of a provision has one before or after"
    provision = old.provisions[change.old]
    return [_quote(Mark.DELETED, old, provision.start, provision.end)]


def _run(segment: Segment, old: Reading, new: Reading) -> Run:
    mark = Mark(segment.kind.value)
    if mark is not Mark.EQUAL:
        reading, other = (old, new) if mark.is_old else (new, old)
        start, end = (segment.old_start, segment.old_end) if mark.is_old else (segment.new_start, segment.new_end)
        elsewhere = "" if segment.elsewhere is None else cite(other, segment.elsewhere)
        return replace(_quote(mark, reading, start, end), elsewhere=elsewhere)
    run = _quote(Mark.EQUAL, new, segment.new_start, segment.new_end)
    if old.text[segment.old_start : segment.old_end] != run.text:
        raise QuotationDefect(f"expected equal words in both readings, found other ones at old {segment.old_start}")
    return run


def _quote(mark: Mark, reading: Reading, start: int, end: int) -> Run:
    if not 0 <= start <= end <= len(reading.text):
        raise QuotationDefect(f"expected offsets within {len(reading.text)} characters, found {start}:{end}")
    return Run(mark, start, end, reading.text[start:end])


def _fold(runs: list[Run], limits: Limits) -> Iterator[Run]:
    """Runs with long unchanged text folded and long changes cut, at word boundaries."""
    for position, run in enumerate(runs):
        if run.mark is Mark.EQUAL and limits.context is not None:
            yield from _middle(run, _kept(position, len(runs), limits.context))
        elif run.mark is not Mark.EQUAL and limits.run_words is not None:
            yield from _middle(run, (limits.run_words, 0))
        else:
            yield run


def _kept(position: int, count: int, context: int) -> tuple[int, int]:
    """How many words of an unchanged run are kept at its head and tail: context only beside a change."""
    if count == 1:
        return context, 0  # nothing but unchanged text (moved): its beginning tells which it is
    return (context if position > 0 else 0, context if position < count - 1 else 0)


def _middle(run: Run, kept: tuple[int, int]) -> Iterator[Run]:
    """The run with everything between its first and last kept words hidden."""
    words = list(_WORD.finditer(run.text))
    head, tail = kept
    hidden = len(words) - head - tail
    if hidden < FOLD_MIN:
        yield run
        return
    begin = words[head - 1].end() if head else 0
    finish = words[len(words) - tail].start() if tail else len(run.text)
    if begin:
        yield replace(run, end=run.start + begin, text=run.text[:begin])
    yield replace(run, start=run.start + begin, end=run.start + finish, text="", hidden=hidden)
    if finish < len(run.text):
        yield replace(run, start=run.start + finish, text=run.text[finish:])
