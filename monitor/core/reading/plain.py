"""Plain text and Markdown to lines."""

from __future__ import annotations

import re

from monitor.core.model import BlockKind
from monitor.core.reading.lines import CELL_SEPARATOR, Line

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"^(=+|-+)\s*$")
_ITEM = re.compile(r"^(\s*)(?:[*+•–-]|(\d{1,3}[.)]))\s+(.*)$")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.{1,1000}?)(?<=\S)\1(?![\w*])")
_INDENT_CHARS = 2


def plain_lines(text: str, *, markdown: bool) -> list[Line]:
    """The lines of a text. Lines that a full stop or an empty line doesn't part are one paragraph."""
    lines: list[Line] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if paragraph:
            joined = " ".join(" ".join(paragraph).split())
            lines.append(Line(BlockKind.PARAGRAPH, _inline(joined) if markdown else joined))
            paragraph.clear()

    for raw in text.splitlines():
        line = raw.expandtabs(4).rstrip()
        if markdown and _UNDERLINE.match(line) and len(paragraph) == 1:
            level = 1 if line.startswith("=") else 2
            lines.append(Line(BlockKind.HEADING, _inline(paragraph.pop()), level))
            continue
        if not line.strip() or _RULE.match(line):
            end_paragraph()
            continue
        special = _special(line, markdown=markdown)
        if special is None:
            paragraph.append(line.strip())
            continue
        end_paragraph()
        if special.text:
            lines.append(special)
    end_paragraph()
    return lines


def _special(line: str, *, markdown: bool) -> Line | None:
    """A heading, item or row that a line is by itself; None for a line of a paragraph. An empty one is left out."""
    if not markdown:
        return None
    if heading := _HEADING.match(line):
        return Line(BlockKind.HEADING, _inline(heading.group(2)), len(heading.group(1)))
    if _TABLE_RULE.match(line):
        return Line(BlockKind.ROW, "")
    if line.lstrip().startswith("|") and line.endswith("|"):
        cells = [_inline(cell.strip()) for cell in line.strip()[1:-1].split("|")]
        return Line(BlockKind.ROW, CELL_SEPARATOR.join(cells))
    if item := _ITEM.match(line):
        return Line(
            BlockKind.ITEM, _inline(item.group(3)), len(item.group(1)) // _INDENT_CHARS + 1, item.group(2) or ""
        )
    return None


def _inline(text: str) -> str:
    """The words of Markdown text without its signs for links and emphasis."""
    text = _LINK.sub(r"\1", text)
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("\\", "") if "\\" in text else text
