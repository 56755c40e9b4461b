"""Plain text to lines: what was wrapped at a width is joined again, headings are known by their looks."""

from __future__ import annotations

import re
from itertools import groupby

from monitor.core.labels import label_of
from monitor.core.model import BlockKind
from monitor.core.reading.lines import Line

_WRAPPED_CHARS_MAX = 120  # a text with longer lines isn't wrapped: each of its lines is a paragraph
_WRAPPED_SHARE = 0.95  # of the lines are no longer than the width; the rest are long addresses
_RAGGED_CHARS = 6
_HEADING_CHARS_MAX = 100
_INDENT_CHARS = 2
_RULE = re.compile(r"\s*(?:([-*_=~#+])\s*)(?:\1\s*){2,}")
_ITEM = re.compile(r"(\s*)[*+•·‣▪●○–-]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;。！？：；][\"”’»)\]]*$")


def plain_lines(text: str) -> list[Line]:
    """The lines of a text: one paragraph, heading or item each."""
    raw = [line.expandtabs(4).rstrip() for line in text.splitlines()]
    width = _width(raw)
    lines: list[Line] = []
    for is_gap, block in groupby(raw, key=lambda line: not line.strip()):
        if not is_gap:
            lines.extend(_block(list(block), width))
    return lines


def _width(raw: list[str]) -> int:
    """The width at which the text was wrapped; 0 where it wasn't."""
    lengths = sorted(len(line) for line in raw if line.strip())
    if not lengths:
        return 0
    width = lengths[int(len(lengths) * _WRAPPED_SHARE)] if len(lengths) > 1 else lengths[0]
    return width if width <= _WRAPPED_CHARS_MAX else 0


def _block(block: list[str], width: int) -> list[Line]:
    """The lines of what stands between two empty lines."""
    if len(block) == 2 and _RULE.fullmatch(block[1]):
        return [Line(BlockKind.HEADING, _text(block[:1]), 1 if block[1].strip()[0] in "=#*" else 2)]
    block = [line for line in block if not _RULE.fullmatch(line)]
    if len(block) == 1 and (level := _heading_level(block[0].strip())):
        return [Line(BlockKind.HEADING, _text(block), level)]
    groups: list[list[str]] = []
    for line in block:
        if groups and (_hangs(groups[-1][0], line) or _goes_on(groups[-1][-1], line, width)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_line(group) for group in groups]


def _heading_level(text: str) -> int:
    """The level of a short line that stands alone: in capitals or with a number; 0 for any other."""
    if len(text) > _HEADING_CHARS_MAX or _SENTENCE_END.search(text) or sum(map(str.isalpha, text)) < 3:
        return 0
    label = label_of(text, heading=True)
    if label is None:
        return 2 if text.isupper() else 0
    return 1 + label.depth if text[label.end : label.end + 1].isupper() or not text[label.end :].isascii() else 0


def _hangs(first: str, line: str) -> bool:
    """Whether a line stands under the text of an item that began above."""
    item = _ITEM.match(first)
    return item is not None and _ITEM.match(line) is None and len(line) - len(line.lstrip()) >= item.end()


def _goes_on(above: str, line: str, width: int) -> bool:
    """Whether a line continues the one above: that one was full, and this begins neither an item nor a number."""
    if width == 0 or _ITEM.match(line):
        return False
    first = line.split(maxsplit=1)[0]
    has_room = len(above) + 1 + len(first) + _RAGGED_CHARS < width
    if label_of(line.strip(), heading=False) and (has_room or _SENTENCE_END.search(above)):
        return False
    return not has_room


def _line(group: list[str]) -> Line:
    if item := _ITEM.match(group[0]):
        return Line(BlockKind.ITEM, _text([group[0][item.end() :], *group[1:]]), len(item[1]) // _INDENT_CHARS + 1)
    return Line(BlockKind.PARAGRAPH, _text(group))


def _text(group: list[str]) -> str:
    return " ".join(" ".join(group).split())
