"""What a recorded look teaches of its sources, for the next ones to remember. Pure; as long as reading once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher

from monitor.core.model import Document, Lesson, Memory, Place, Reading, Snapshot, Stir
from monitor.core.read import READER, read
from monitor.core.reading.lines import Line
from monitor.core.reading.recollect import FURNITURE, is_slight, is_weighty, key_of
from monitor.core.reading.trace import Trace
from monitor.core.reading.why import Why

_BLOCK_LINES_MAX = 20  # more than this is no counter and no teaser
_GAP_LINES_MAX = 5
_NEW_SHARE_MIN = 0.5  # else it is an edit, or the same lines in another order


def lessons(
    document: Document,
    captures: tuple[Snapshot, ...],
    memories: tuple[Memory, ...],
    before: Reading | None,
    at: datetime,
) -> tuple[Lesson, ...]:
    """One lesson for each source of a document whose text was recorded, from the captures that bear it.

    `memories` are those that it was read under, `before` is the reading it was compared with, if there was one. Empty
    where the declaration selects what is read: then there is nothing to learn.
    """
    if document.reading.select:
        return ()
    traces: list[Trace] = []
    read(document, captures, memories, traces)
    start = 0
    found = []
    for capture, trace in zip(captures, traces, strict=True):
        mine = [line for line in trace if line.why is None]
        stirs = () if before is None else tuple(_stirs(before, traces, range(start, start + len(mine)), at))
        found.append(Lesson(capture.source_id, READER, tuple(_read(trace)), tuple(_left(trace)), stirs))
        start += len(mine)
    return tuple(found)


def _read(trace: Trace) -> Iterator[str]:
    """What was read of a page, also outside the section of this document: it may be another's."""
    yield from (key_of(line.text) for line in trace if line.why in (None, Why.SECTION))


def _left(trace: Trace) -> Iterator[str]:
    yield from (key_of(line.text) for line in trace if line.why in FURNITURE and is_slight(line))


def _stirs(before: Reading, traces: list[Trace], mine: range, at: datetime) -> Iterator[Stir]:
    """What was replaced by other lines in a source, where that is all that changed in any of them."""
    new = [line for trace in traces for line in trace if line.why is None]
    old = [Line(block.kind, before.text[block.start : block.end]) for block in before.blocks]
    changed = [(old[gone], new[come], come) for gone, come in _changed(old, new)]
    if not all(_is_replaced(gone, come) for gone, come, _ in changed):
        return
    for gone, come, span in changed:
        if not mine.start <= span.start <= span.stop <= mine.stop:
            continue
        first, last = span.start == mine.start, span.stop == mine.stop
        place = Place("" if first else key_of(new[span.start - 1].text), "" if last else key_of(new[span.stop].text))
        came = key_of("\n".join(line.text for line in come))
        longest = max(len(line.text) for line in (*gone, *come))
        yield Stir(place, came, at, max(len(gone), len(come)), longest)


def _changed(old: list[Line], new: list[Line]) -> list[tuple[slice, slice]]:
    """Which lines gave way to which. Changes with only a few slight lines between them are one."""
    matcher = SequenceMatcher(None, [key_of(one.text) for one in old], [key_of(one.text) for one in new], False)
    found: list[tuple[slice, slice]] = []
    for tag, gone, gone_end, come, come_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        if found and _is_small_gap(new[found[-1][1].stop : come]):
            gone, come = found[-1][0].start, found.pop()[1].start
        found.append((slice(gone, gone_end), slice(come, come_end)))
    return found


def _is_small_gap(lines: list[Line]) -> bool:
    return len(lines) <= _GAP_LINES_MAX and not any(map(is_weighty, lines))


def _is_replaced(gone: list[Line], come: list[Line]) -> bool:
    """Whether a few lines with nothing to turn on gave way to mostly other ones."""
    if not gone or not come or max(len(gone), len(come)) > _BLOCK_LINES_MAX or any(map(is_weighty, (*gone, *come))):
        return False
    old = {line.text for line in gone}
    return sum(line.text not in old for line in come) >= _NEW_SHARE_MIN * len(come)
