"""The redline of a change as values: which words went, which came, what stands around them.

Shared by the terminal, the e-mail, the page and Markdown, so that they never tell different stories. Every run quotes
a reading by its offsets; `prove` checks each quotation against the readings before anything is sent.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.citing import cite
from monitor.core.comparing.pairing import counterparts_before
from monitor.core.comparing.wording import Effort, compare_words
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

    A run that isn't shown (unchanged and far from any change, or too long a change) says by `hidden` how many words
    it has; a page has it behind a fold. `elsewhere`: the path of the provision that moved text went to or came from;
    `in_place`: it stayed where it was, and only what it stands under is another; `elsewhere` says so once in a row.
    """

    mark: Mark
    start: int
    end: int
    text: str = ""
    hidden: int = 0
    elsewhere: str = ""
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The redline of one provision; of one that only has another number or place without runs, except in `whole`.

    `op` is None where nothing is said to have happened to it. `heading`: an unchanged heading or label as written,
    which the runs leave out. `was`: what it was called or where it stood before, where that differs and no run shows
    it. `parts`: the paths of those it was split into or merged from. `old` and `new` are its ordinals.
    """

    op: Op | None
    also: tuple[Op, ...]
    path: str
    runs: tuple[Run, ...]
    words_added: int = 0
    words_removed: int = 0
    was: str = ""
    sentences_added: int = 0
    sentences_removed: int = 0
    sentences_modified: int = 0
    heading: str = ""
    parts: tuple[str, ...] = ()
    old: int | None = None
    new: int | None = None

    @property
    def ops(self) -> tuple[Op, ...]:
        return () if self.op is None else (self.op, *self.also)

    @property
    def is_quiet(self) -> bool:
        """Whether it stands on both sides and nothing, or nothing but another number, happened to it."""
        return self.old is not None and self.new is not None and self.ops in ((), (Op.RENUMBERED,))


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
    mechanical: bool = False  # whether the text of what only has another number or place is shown


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
        words += sum(len(_WORD.findall(run.text)) for run in passage.runs if not run.hidden)
        if passages and limits.words is not None and words > limits.words:
            break
        passages.append(passage)
    result = Redline(tuple(passages), len(comparison.changes) - len(passages))
    prove(result, old, new)
    return result


def whole(comparison: Comparison, old: Reading, new: Reading, limits: Limits = WHOLE) -> tuple[Passage, ...]:
    """Both texts from beginning to end: the changed provisions and all others between them, in the order of the new
    text. What was removed stands where it would. Raises QuotationDefect as `redline` does.
    """
    placed = [*_changed(comparison, old, new, limits), *_others(comparison, old, new)]
    passages = tuple(passage for _, passage in sorted(placed, key=lambda item: item[0]))
    prove(Redline(passages), old, new)
    return passages


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
    is_bare = is_mechanical(change) and not limits.mechanical
    heading, runs = ("", []) if is_bare else _after_heading(_runs(change, old, new), change.new, new)
    return Passage(
        op=change.op,
        also=change.also,
        path=change.path,
        runs=tuple(_noted_once(_fold(runs, limits))),
        words_added=change.words_added,
        words_removed=change.words_removed,
        sentences_added=change.sentences_added,
        sentences_removed=change.sentences_removed,
        sentences_modified=change.sentences_modified,
        was=_was(change, old, new, is_shown=any(run.mark is not Mark.EQUAL for run in runs)),
        heading=heading,
        parts=tuple(cite(old if change.op is Op.MERGED else new, part) for part in change.parts),
        old=change.old,
        new=change.new,
    )


def _was(change: ProvisionChange, old: Reading, new: Reading, *, is_shown: bool) -> str:
    """What the provision was called: its label, or where the title differs too both; empty for the same name, and
    where the runs show it. Of a moved one its old path, or if that is the same what it stood after."""
    if change.old is None or change.new is None:
        return ""
    before, after = old.provisions[change.old], new.provisions[change.new]
    if Op.MOVED in (change.op, *change.also):
        path = cite(old, change.old)
        return path if path != change.path or change.old == 0 else f"after {cite(old, change.old - 1)}"
    if is_shown:
        return ""
    if before.title != after.title:
        return f"{before.label} {before.title}".strip()
    return before.label if before.label != after.label else ""


def _after_heading(runs: list[Run], ordinal: int | None, new: Reading) -> tuple[str, list[Run]]:
    """An unchanged heading or label at the beginning of the runs, which the path says already, and what follows it."""
    if ordinal is None or not runs or runs[0].mark is not Mark.EQUAL:
        return "", runs
    first, provision = runs[0], new.provisions[ordinal]
    if not first.start == provision.start < provision.body_start <= first.end:
        return "", runs
    rest = _quote(Mark.EQUAL, new, provision.body_start, first.end)
    return new.text[provision.start : provision.body_start], [rest, *runs[1:]] if rest.text else runs[1:]


def _runs(change: ProvisionChange, old: Reading, new: Reading) -> list[Run]:
    """The whole passage as runs: from its segments, or where it has none its provisions' own text."""
    if change.segments:
        return [run for segment in change.segments if (run := _run(segment, old, new)).text]
    if change.new is not None:
        return [_all(Mark.INSERTED if change.old is None else Mark.EQUAL, new, change.new)]
    assert change.old is not None, "a change of a provision has one before or after"
    return [_all(Mark.DELETED, old, change.old)]


def _run(segment: Segment, old: Reading, new: Reading) -> Run:
    mark = Mark(segment.kind.value)
    if mark is not Mark.EQUAL:
        reading, other = (old, new) if mark.is_old else (new, old)
        start, end = (segment.old_start, segment.old_end) if mark.is_old else (segment.new_start, segment.new_end)
        elsewhere = "" if segment.elsewhere is None else cite(other, segment.elsewhere)
        return replace(_quote(mark, reading, start, end), elsewhere=elsewhere, in_place=segment.in_place)
    run = _quote(Mark.EQUAL, new, segment.new_start, segment.new_end)
    if old.text[segment.old_start : segment.old_end] != run.text:
        raise QuotationDefect(f"expected equal words in both readings, found other ones at old {segment.old_start}")
    return run


# ── Both texts from beginning to end ─────────────────────────────────────────────────────────────────────────────

_Placed = tuple[tuple[int, int, int], Passage]  # with its place in the order of the new text


def _changed(comparison: Comparison, old: Reading, new: Reading, limits: Limits) -> Iterator[_Placed]:
    before = _before(comparison, old)
    shown = replace(limits, mechanical=True)
    for change in comparison.changes:
        passage = _passage(change, old, new, shown)
        if change.new is not None:
            yield (min(_new_ordinals(change, new)), 0, 0), passage
        else:
            yield (before[min(_old_ordinals(change, old))], 1, min(_old_ordinals(change, old))), passage


def _others(comparison: Comparison, old: Reading, new: Reading) -> Iterator[_Placed]:
    """Provisions that no change quotes: unchanged ones, and headings that came or went with all under them."""
    before = _before(comparison, old)
    partners = {second: first for first, second in comparison.pairs}
    quoted_old = {ordinal for change in comparison.changes for ordinal in _old_ordinals(change, old)}
    quoted_new = {ordinal for change in comparison.changes for ordinal in _new_ordinals(change, new)}
    effort = Effort()
    for ordinal in sorted(set(range(len(new.provisions))) - quoted_new):
        if ordinal in partners:
            yield (ordinal, 0, 0), _unchanged(partners[ordinal], ordinal, old, new, effort)
        else:
            came = Passage(None, (), cite(new, ordinal), (_all(Mark.INSERTED, new, ordinal),), new=ordinal)
            yield (ordinal, 0, 0), came
    for ordinal in sorted(set(range(len(old.provisions))) - quoted_old - set(partners.values())):
        gone = Passage(None, (), cite(old, ordinal), (_all(Mark.DELETED, old, ordinal),), old=ordinal)
        yield (before[ordinal], 1, ordinal), gone


def _new_ordinals(change: ProvisionChange, new: Reading) -> set[int]:
    """The provisions of the new text that the segments of a change quote: its own, its parts, headings over it."""
    spans = [(one.new_start, one.new_end) for one in change.segments if one.new_start < one.new_end]
    return _within(spans, new) | ({change.new} if change.new is not None else set())


def _old_ordinals(change: ProvisionChange, old: Reading) -> set[int]:
    spans = [(one.old_start, one.old_end) for one in change.segments if one.old_start < one.old_end]
    return _within(spans, old) | ({change.old} if change.old is not None else set())


def _within(spans: list[tuple[int, int]], reading: Reading) -> set[int]:
    """The provisions that stand between the first and the last of these offsets."""
    if not spans:
        return set()
    start, end = min(spans)[0], max(stop for _, stop in spans)
    first = bisect_left(reading.provisions, start, key=lambda provision: provision.start)
    last = bisect_right(reading.provisions, end, key=lambda provision: provision.end)
    return set(range(first, last))


def _before(comparison: Comparison, old: Reading) -> list[int]:
    return counterparts_before(map(dict(comparison.pairs).get, range(len(old.provisions))))


def _unchanged(before: int, after: int, old: Reading, new: Reading, effort: Effort) -> Passage:
    """A provision that nothing happened to. Signs that differ in it nonetheless are marked for who looks."""
    was, there = old.provisions[before], new.provisions[after]
    first, second = old.text[was.start : was.end], new.text[there.start : there.end]
    runs = [_all(Mark.EQUAL, new, after)]
    if first.rstrip("\n") != second.rstrip("\n"):
        wording = compare_words(first, second, was.start, there.start, effort)
        runs = [_run(segment, old, new) for segment in wording.segments]
    heading, runs = _after_heading(runs, after, new)
    return Passage(None, (), cite(new, after), tuple(runs), heading=heading, old=before, new=after)


# ── Quoting and folding ──────────────────────────────────────────────────────────────────────────────────────────


def _all(mark: Mark, reading: Reading, ordinal: int) -> Run:
    provision = reading.provisions[ordinal]
    return _quote(mark, reading, provision.start, provision.end)


def _quote(mark: Mark, reading: Reading, start: int, end: int) -> Run:
    if not 0 <= start <= end <= len(reading.text):
        raise QuotationDefect(f"expected offsets within {len(reading.text)} characters, found {start}:{end}")
    return Run(mark, start, end, reading.text[start:end])


def _fold(runs: list[Run], limits: Limits) -> Iterator[Run]:
    """Runs with long unchanged text folded and long changes cut, at word boundaries."""
    for position, run in enumerate(runs):
        is_unchanged = run.mark is Mark.EQUAL or run.in_place
        if is_unchanged and limits.context is not None:
            yield from _middle(run, _kept(position, len(runs), limits.context))
        elif not is_unchanged and limits.run_words is not None:
            yield from _middle(run, (limits.run_words, 0))
        else:
            yield run


def _noted_once(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs, of which only the first in a row says under what else the text stays in place."""
    last: tuple[Mark, str] | None = None
    for run in runs:
        where = (run.mark, run.elsewhere)
        yield replace(run, elsewhere="") if run.in_place and where == last else run
        last = where if run.in_place else last


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
    yield replace(run, start=run.start + begin, end=run.start + finish, text=run.text[begin:finish], hidden=hidden)
    if finish < len(run.text):
        yield replace(run, start=run.start + finish, text=run.text[finish:])
