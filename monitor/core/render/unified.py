"""A change as a patch in the format of diff -u, as patch and git apply take it; hunks are headed by their provision."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from monitor.core.citing import cite
from monitor.core.comparing.order import common
from monitor.core.model import Reading
from monitor.core.render.sheet import Sheet
from monitor.core.render.words import one_line

CONTEXT_LINES = 3
HEADING_MAX = 100

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


_Placed = tuple[Reading, list[int]]  # with where its lines start


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines old[old_start:old_end] become new[new_start:new_end]."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def unified(sheet: Sheet, *, unfolded: bool = False) -> str:
    """The patch that makes the new text of the old one; empty where they are equal.

    The texts are those that were read, in UTF-8 (`monitor show --json` has them); their SHA-256 stand above the patch,
    where patch and git apply pass over them.
    """
    old, new = sheet.old.reading, sheet.new.reading
    before, after = _LINE.findall(old.text), _LINE.findall(new.text)
    context = len(before) if unfolded else CONTEXT_LINES
    blocks = list(_blocks(before, after))
    if not blocks:
        return ""
    name = f"{_UNFIT.sub('-', sheet.name).strip('-.') or 'terms'}.txt"
    lines = [*_head(sheet), f"--- a/{name}\n", f"+++ b/{name}\n"]
    starts = (_starts(before), _starts(after))
    for hunk in _hunks(blocks, context):
        begin = max(0, hunk[0].old_start - context)
        end = min(len(before), hunk[-1].old_end + context)
        heading = _heading(hunk[0], (old, starts[0]), (new, starts[1]))
        ranges = f"{_range(begin, end, '-')} {_new_range(hunk, begin, end)}"
        lines.append(f"@@ {ranges} @@ {heading}".rstrip() + "\n")
        lines += _body(hunk, begin, end, before, after)
    return "".join(lines)


def _head(sheet: Sheet) -> Iterator[str]:
    section = sheet.section
    yield f"# {one_line(f'{section.platform} · {section.document}')}: {one_line(section.headline, 500)}\n"
    for side in (sheet.old, sheet.new):
        seen = f", seen {side.seen}" if side.seen else ""
        yield f"# {side.name}{seen}: SHA-256 of its text {side.text_hash}\n"
    yield f"# {one_line(section.command, 2_000)} --format unified\n"


def _blocks(before: list[str], after: list[str]) -> Iterator[_Block]:
    """What lies between the lines that stand on both sides; of very many, between equal beginnings and ends."""
    shared = common(before, after)
    at_old = at_new = 0
    for old, new in (*shared, (len(before), len(after))):
        if (at_old, at_new) != (old, new):
            yield _Block(at_old, old, at_new, new)
        at_old, at_new = old + 1, new + 1


def _hunks(blocks: list[_Block], context: int) -> Iterator[list[_Block]]:
    """The blocks together whose context would touch."""
    hunk = blocks[:1]
    for block in blocks[1:]:
        if block.old_start - hunk[-1].old_end > 2 * context:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _new_range(hunk: list[_Block], begin: int, end: int) -> str:
    start = hunk[0].new_start - (hunk[0].old_start - begin)
    return _range(start, hunk[-1].new_end + (end - hunk[-1].old_end), "+")


def _range(start: int, end: int, sign: str) -> str:
    """Lines counted from 1; of none the line before them is named (POSIX diff, unified format)."""
    return f"{sign}{start + 1 if end > start else start},{end - start}"


def _body(hunk: list[_Block], begin: int, end: int, before: list[str], after: list[str]) -> Iterator[str]:
    at = begin
    for block in hunk:
        yield from (_written(" ", line) for line in before[at : block.old_start])
        yield from (_written("-", line) for line in before[block.old_start : block.old_end])
        yield from (_written("+", line) for line in after[block.new_start : block.new_end])
        at = block.old_end
    yield from (_written(" ", line) for line in before[at:end])


def _written(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _heading(block: _Block, old: _Placed, new: _Placed) -> str:
    """The path of the provision in which the first changed line stands, in the new text if it is there."""
    (reading, starts), line = (new, block.new_start) if block.new_end > block.new_start else (old, block.old_start)
    found = bisect_right([provision.start for provision in reading.provisions], starts[line])
    return one_line(cite(reading, found - 1), HEADING_MAX) if found else ""


def _starts(lines: list[str]) -> list[int]:
    """Where each line starts in its text."""
    return [0, *accumulate(map(len, lines))]
