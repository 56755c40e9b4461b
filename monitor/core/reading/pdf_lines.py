"""The rows of a PDF file to lines: running heads and page numbers gone, paragraphs joined, headings by their looks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.core.decode import whole_signs
from monitor.core.labels import label_of
from monitor.core.model import BlockKind, SuspectKind, Unreadable
from monitor.core.reading.lines import CELL_SEPARATOR, Line
from monitor.core.reading.pdf_file import Piece, Sheet, sheets_of
from monitor.core.reading.pdf_order import Row, in_reading_order, rows_of

_LETTERS_A_SHEET_MIN = 20  # a file with fewer is a scan
_UNKNOWN_SHARE_MAX = 0.1
_EDGE_ROWS = 3
_RUNNING_SHARE_MIN = 0.3  # running heads may differ on left and right pages
_RUNNING_PT = 4.0
_MARGIN_SHARE = 0.12
_LARGER = 1.1
_BOLDER = 1.3
_HEADING_CHARS_MAX = 200
_HEADING_LEVEL_MAX = 6
_SPACED = 1.3  # of the usual distance of lines
_SIZE_NOISE = 0.08
_INDENT_EMS = 1.2
_HANGING_EMS = 0.5
_ROOM_EMS = 1.5  # what a line has left where its next word was too long, beyond that word

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|pagina|página|strona|side|p\.?|s\.)\s*)?(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:/|\||of|von|sur|de|di|van|z|-)\s*\d{1,4})?\s*(?:页|頁|ページ)?\W*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•‣▪▫●○◦■□◆◇➢➤►▸✓✔\uf0b7\uf0a7\uf0d8·*–—o-](?:\s+|$)")
_SENTENCE_END = re.compile(r"[.!?:;。！？：；][\"”’»)\]]*$")
_LISTED_END = re.compile(r"[;,]\s\w{1,3}$")  # "; and" before the next item
_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPACED_OUT = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_-]){3,}(?!\S)")  # l e t t e r s
_SPACED_WORD = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_-])+(?!\S)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EAST = re.compile(r"[぀-ヿ㐀-鿿]")


def pdf_lines(body: bytes) -> tuple[Line, ...] | Unreadable:
    """The lines of a PDF file, or why it can't be read."""
    sheets = sheets_of(body)
    if isinstance(sheets, Unreadable):
        return sheets
    if problem := _illegible(sheets):
        return problem
    return tuple(_Writer(in_reading_order(_without_running(sheets))).lines())


def _illegible(sheets: tuple[Sheet, ...]) -> Unreadable | None:
    """A verdict where there is no text in the file: pictures of pages, or signs without names."""
    text = "".join(piece.text for sheet in sheets for piece in sheet.pieces)
    if sum(map(str.isalpha, text)) < _LETTERS_A_SHEET_MIN * max(1, len(sheets)):
        what = "bears no text: it is a scan, or its text is drawn"
    elif sum(1 for sign in text if sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff") > _UNKNOWN_SHARE_MAX * len(text):
        what = "doesn't say which letters its signs are"
    else:
        return None
    return Unreadable(SuspectKind.BINARY, f"A document was expected, but the PDF file {what}.")


# ── Running heads ────────────────────────────────────────────────────────────────────────────────────────────────


def _without_running(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The sheets without page numbers and what stands at the same place of many of them.

    A running head is kept where it comes first, unless the same words stand there anyway: it may be the title, and a
    running line may bear the date of the document.
    """
    edges = [_edge_rows(sheet) for sheet in sheets]
    keys = [{_key(line) for line in rows} for rows in edges]
    counts = Counter(key for found in keys for key in found)
    needed = max(2, _RUNNING_SHARE_MIN * len(sheets))
    running = {key for key, count in counts.items() if count >= needed}
    kept: set[tuple[str, int]] = set()
    cleaned = []
    for sheet, rows in zip(sheets, edges, strict=True):
        dropped: set[int] = set()
        for line in rows:
            key = _key(line)
            is_repeated = key in running and (key in kept or not _worth_keeping(line, sheet))
            if is_repeated or _is_page_number(line, sheet):
                dropped.update(map(id, line))
            kept.add(key)
        cleaned.append(replace(sheet, pieces=tuple(piece for piece in sheet.pieces if id(piece) not in dropped)))
    return tuple(cleaned)


def _edge_rows(sheet: Sheet) -> list[list[Piece]]:
    rows = rows_of(list(sheet.pieces))
    return rows if len(rows) <= 2 * _EDGE_ROWS else [*rows[:_EDGE_ROWS], *rows[-_EDGE_ROWS:]]


def _key(line: list[Piece]) -> tuple[str, int]:
    """What a running line is the same by on each page: its words but for numbers, and its height on the page."""
    return re.sub(r"\d+", "#", _text(line)), round(line[0].base / _RUNNING_PT)


def _text(line: list[Piece]) -> str:
    return " ".join(piece.text for piece in line)


def _worth_keeping(line: list[Piece], sheet: Sheet) -> bool:
    text = _text(line)
    if _COPYRIGHT.search(text) or _PAGE_NUMBER.fullmatch(text):
        return False
    if sum(1 for other in rows_of(list(sheet.pieces)) if _text(other).casefold() == text.casefold()) > 1:
        return False
    is_head = line[0].base < sheet.height / 2
    return (is_head and not any(map(str.isdigit, text))) or _YEAR.search(text) is not None


def _is_page_number(line: list[Piece], sheet: Sheet) -> bool:
    margin = _MARGIN_SHARE * sheet.height
    is_outside = line[0].base < margin or line[0].base > sheet.height - margin
    return is_outside and _PAGE_NUMBER.fullmatch(_text(line)) is not None


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Looks:
    """What is usual in a file: the size and weight of its text, the distance of its lines, the sizes of headings."""

    size: float
    weight: int
    distance: float
    larger: tuple[float, ...]

    def is_larger(self, row: Row) -> bool:
        return row.size >= _LARGER * self.size

    def is_bold(self, row: Row) -> bool:
        return row.weight > _BOLDER * self.weight and row.weight >= 300


class _Writer:
    """Joins rows to lines, one paragraph, heading, item or table row each."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self._looks = _looks(rows)
        self._words = Counter(word.casefold() for row in rows for word in _WORD.findall(_inside(row.text)))
        self._bullets = sorted({round(row.left) for row in rows if _BULLET.match(row.text)})

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        group: list[Row] = []
        for row in self._rows:
            if group and not self._goes_on(group, row):
                lines.append(self._line(group))
                group = []
            group.append(row)
        if group:
            lines.append(self._line(group))
        for line in lines:
            line.text = whole_signs(line.text)
        return [line for line in lines if line.text]

    # Where a line ends

    def _goes_on(self, group: list[Row], row: Row) -> bool:
        """Whether a row continues the paragraph or heading before it."""
        above = group[-1]
        if above.cells or row.cells or self._kind(above) != self._kind(row) or _BULLET.match(row.text):
            return False
        if abs(above.size - row.size) > _SIZE_NOISE * above.size:
            return False
        label = label_of(row.text, heading=self._is_heading(row))
        if self._is_heading(row):
            return (
                above.flow == row.flow
                and label is None
                and not self._is_apart(above, row, above.size / self._looks.size)
            )
        if _is_hyphenated(above.text):
            return True
        ends = _SENTENCE_END.search(above.text) is not None
        if label is not None and (ends or _LISTED_END.search(above.text) or self._has_room(above, row)):
            return False
        if above.flow != row.flow:
            return not ends
        if self._is_apart(above, row):
            return False
        if _BULLET.match(group[0].text) and row.left > group[0].left + _HANGING_EMS * row.size:
            return True
        return not self._has_room(above, row) and not _is_indented(above, row, ends=ends)

    def _is_apart(self, above: Row, row: Row, scale: float = 1.0) -> bool:
        return row.base - above.base > _SPACED * self._looks.distance * max(1.0, scale)

    def _has_room(self, above: Row, row: Row) -> bool:
        """Whether the first word of `row` would have stood in the row above: that one ended on purpose."""
        first = row.text.split(maxsplit=1)[0]
        sign = (row.right - row.left) / max(1, len(row.text))
        if _EAST.search(first):
            first = first[:2]
        return above.flow_right - above.right > sign * (len(first) + 1) + _ROOM_EMS * row.size

    # What a line is

    def _kind(self, row: Row) -> tuple[bool, bool]:
        return self._looks.is_larger(row), self._looks.is_bold(row)

    def _is_heading(self, row: Row) -> bool:
        return self._looks.is_larger(row) or self._looks.is_bold(row)

    def _line(self, group: list[Row]) -> Line:
        first = group[0]
        if first.cells:
            cells = (self._clean(cell) for cell in first.cells)
            kind = BlockKind.HEADER_ROW if self._looks.is_bold(first) else BlockKind.ROW
            return Line(kind, CELL_SEPARATOR.join(cells).strip())
        text = self._join(group)
        if bullet := _BULLET.match(text):
            return Line(BlockKind.ITEM, text[bullet.end() :], 1 + self._bullets.index(round(first.left)))
        if level := self._heading_level(first, text):
            return Line(BlockKind.HEADING, text, level)
        return Line(BlockKind.PARAGRAPH, text)

    def _heading_level(self, row: Row, text: str) -> int:
        """The level of a heading by its size, then by its weight or capitals; 0 for what is none."""
        if len(text) > _HEADING_CHARS_MAX:
            return 0
        if self._looks.is_larger(row):
            sizes = (size * (1 - _SIZE_NOISE) for size in self._looks.larger)
            at = next(index for index, size in enumerate(sizes) if row.size >= size)
            return min(at + 1, _HEADING_LEVEL_MAX - 1)
        below = min(len(self._looks.larger) + 1, _HEADING_LEVEL_MAX)
        is_capital = text.isupper() and sum(map(str.isalpha, text)) > 3 and not _SENTENCE_END.search(text)
        if is_capital and (not row.label_gap or label_of(text, heading=True)):
            return below
        if self._looks.is_bold(row) and text[-1] not in ".,;。；":
            return below
        return 0

    # Words

    def _join(self, group: list[Row]) -> str:
        text = group[0].text
        for row in group[1:]:
            text = self._joined(text, row.text)
        return self._clean(text)

    def _joined(self, before: str, after: str) -> str:
        if before.endswith("\u00ad"):
            return self._unhyphenated(before[:-1], after)
        if _is_hyphenated(before) and after[:1].islower():
            return self._unhyphenated(before[:-1], after)
        if before[-1:] in "-/" and not before.endswith((" -", " /")):
            return before + after
        if _EAST.match(before[-1:]) and _EAST.match(after[:1]):
            return before + after
        return f"{before} {after}"

    def _unhyphenated(self, before: str, after: str) -> str:
        """The two parts of a word as the rest of the document writes it: in one, with a hyphen, or as two words."""
        start, end = _last_word(before), _first_word(after)
        whole, parted = f"{start}{end}".casefold(), f"{start}-{end}".casefold()
        if self._words[whole] or not (start and end):
            return before + after
        are_words = self._words[start.casefold()] and self._words[end.casefold()]
        return f"{before}-{after}" if self._words[parted] or are_words else before + after

    def _clean(self, text: str) -> str:
        if _SPACED_OUT.search(text):
            text = _SPACED_WORD.sub(lambda found: found.group().replace(" ", ""), text)
        return " ".join(text.replace("\u00ad", "").split())


def _looks(rows: list[Row]) -> _Looks:
    sizes: Counter[float] = Counter()
    weights: Counter[int] = Counter()
    distances: Counter[float] = Counter()
    for row in rows:
        sizes[row.size] += len(row.text)
        weights[row.weight] += len(row.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    for above, below in pairwise(rows):
        if above.flow == below.flow and above.size == below.size == size and 0 < below.base - above.base < 3 * size:
            distances[round(below.base - above.base, 0)] += 1
    distance = distances.most_common(1)[0][0] if distances else 1.2 * size
    larger: list[float] = []
    for found in sorted((found for found in sizes if found >= _LARGER * size), reverse=True):
        if not larger or found < larger[-1] * (1 - _SIZE_NOISE):
            larger.append(found)
    return _Looks(size, weights.most_common(1)[0][0] if weights else 0, distance, tuple(larger))


def _is_indented(above: Row, row: Row, *, ends: bool) -> bool:
    """Whether a row begins a paragraph by standing further right than the end of the one before."""
    return ends and row.left - above.left > _INDENT_EMS * row.size and not above.label_gap


def _is_hyphenated(text: str) -> bool:
    return text.endswith("\u00ad") or (len(text) > 1 and text[-1] in "-‐" and text[-2].isalpha())


def _inside(text: str) -> str:
    """A row without the word that its end parts."""
    return text.rsplit(maxsplit=1)[0] if _is_hyphenated(text) and " " in text else text


def _last_word(text: str) -> str:
    found = _WORD.findall(text)
    return found[-1] if found else ""


def _first_word(text: str) -> str:
    found = _WORD.match(text)
    return found.group() if found else ""
