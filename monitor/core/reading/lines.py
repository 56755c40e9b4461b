"""From a part of a page to lines: headings, paragraphs, items and rows, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bs4.element import NavigableString, PageElement, Tag

from monitor.core.labels import label_of
from monitor.core.model import BlockKind
from monitor.core.reading.contacts import decode_address
from monitor.core.reading.looks import (
    HEADING_TAGS,
    heading_level,
    is_block,
    is_bold,
    is_for_screen_readers,
    is_hidden,
    is_layout,
    number,
)
from monitor.core.reading.numerals import numeral
from monitor.core.reading.page import UNREAD_TAGS
from monitor.core.reading.vocabulary import LINK_SUFFIX, words_of
from monitor.core.reading.why import Why

CELL_SEPARATOR = " | "

_BOLD_HEADING_CHARS_MAX = 120
_SCREEN_READER_CHARS_MAX = 80
_INSIDE_MAX = 50
_SUFFIX_WORDS_MAX = 16
_ANCHOR_TEXT = words_of("# ¶ § 🔗 🔗︎ ⚓ ​ link permalink")


@dataclass(slots=True)
class Line:
    """One line of text with what the page shows about it. `links` are characters in links, `inner` those within.

    `why` says why it isn't read, where it isn't; then `element` may name the element that was left out.
    """

    kind: BlockKind
    text: str
    level: int = 0
    label: str = ""
    links: int = 0
    inner: int = 0
    hidden: bool = False
    why: Why | None = None
    element: str = ""


Gaps = list[tuple[int, Tag]]  # what was left out: before which line it stands, and the element


def lines_of(root: Tag, is_dropped: Callable[[Tag], bool], gaps: Gaps | None = None) -> list[Line]:
    """The lines of `root` without what is dropped. Depth is no limit: the walk keeps its own stack.

    Elements that aren't read are noted in `gaps` where that is given.
    """
    writer = _Writer(is_dropped, gaps)
    opened = writer.enter(root)
    stack = [(opened, iter(root.contents))] if opened is not None else []
    while stack:
        opened, contents = stack[-1]
        for child in contents:
            if isinstance(child, Tag):
                inner = writer.enter(child)
                if inner is not None:
                    stack.append((inner, iter(child.contents)))
                    break
            elif type(child) is NavigableString:
                writer.write(child)
        else:
            stack.pop()
            writer.leave(opened)
    writer.flush()
    return writer.lines


class _Opened(NamedTuple):
    """What entering an element changed, to be undone when it is left."""

    name: str
    block: bool
    heading: bool
    hidden: bool
    bold: bool


@dataclass(slots=True)
class _List:
    """An open list: how it numbers, and the number of its next item."""

    numbering: str = ""
    next: int = 1
    step: int = 1


@dataclass(slots=True)
class _Row:
    """An open table row: its finished cells."""

    cells: list[str] = field(default_factory=list)
    header: bool = True


@dataclass(slots=True)
class _Writer:
    """Gathers text until a block ends. Counters say how deep the walk is inside something."""

    is_dropped: Callable[[Tag], bool]
    gaps: Gaps | None = None
    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    bold_chars: int = 0
    chars: int = 0
    links: int = 0
    inner: int = 0
    bold: int = 0
    hidden: int = 0
    pre: int = 0
    heading: int = 0
    last_heading: int = 0
    details: list[int] = field(default_factory=list)
    link: list[str] = field(default_factory=list)
    link_from: list[int] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    item: str | None = None
    item_open: bool = False
    rows: list[_Row] = field(default_factory=list)
    layout: list[bool] = field(default_factory=list)

    # ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, text: str) -> None:
        """Add text as it stands; white space is settled when the block ends."""
        if self.pre and "\n" in text:
            first, *rest = text.split("\n")
            self._add(first)
            for line in rest:
                self.flush()
                self._add(line)
            return
        self._add(text)

    def _add(self, text: str) -> None:
        if not text:
            return
        self.parts.append(text)
        count = len(text.strip())
        self.chars += count
        if self.bold:
            self.bold_chars += count
        if self.link:
            self.links += count
            if self.link[-1].startswith("#"):
                self.inner += count

    def flush(self) -> None:
        """End the block: what was gathered becomes a line, or white space inside a table's cell."""
        if self.rows and not self.layout[-1]:
            self.parts.append(" ")
            return
        text = " ".join("".join(self.parts).split())
        if text:
            self.lines.append(self._line(text))
            self.item_open = False
            self.item = None
        self.parts.clear()
        self.bold_chars = self.chars = self.links = self.inner = 0

    def _line(self, text: str) -> Line:
        hidden = self.hidden > 0
        if self.heading:
            self.last_heading = self.heading
            return Line(BlockKind.HEADING, text, self.heading, "", self.links, self.inner, hidden)
        if self.item_open:
            return Line(BlockKind.ITEM, text, max(1, len(self.lists)), self.item or "", self.links, self.inner, hidden)
        if self._is_bold_heading(text):
            return Line(BlockKind.HEADING, text, min(self.last_heading, 6) + 1, "", self.links, self.inner, hidden)
        return Line(BlockKind.PARAGRAPH, text, len(self.lists), "", self.links, self.inner, hidden)

    def _is_bold_heading(self, text: str) -> bool:
        if self.lists or len(text) > _BOLD_HEADING_CHARS_MAX or self.bold_chars < self.chars or not self.chars:
            return False
        return text[-1] not in ".,;:。；" or text[:-1].isupper() or (text[-1] == ":" and len(text) < 60)

    # ── Elements ─────────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, tag: Tag) -> _Opened | None:
        """Begin an element; None where nothing in it is read."""
        name = tag.name
        if name == "br":
            self._break()
            return None
        if self._is_unread(tag):
            if self.gaps is not None:
                self.gaps.append((len(self.lines) + bool(self.parts), tag))
            return None
        token = tag.get("data-cfemail")
        if isinstance(token, str):
            self._add(decode_address(token))
            return None
        level = heading_level(tag)
        opened = _Opened(name, is_block(tag), level > 0, is_hidden(tag), is_bold(tag))
        if opened.block:
            self.flush()
        self.heading = level or self.heading
        self.hidden += opened.hidden
        self.bold += opened.bold
        if name in _BEGIN:
            _BEGIN[name](self, tag)
        return opened

    def _is_unread(self, tag: Tag) -> bool:
        if tag.name in UNREAD_TAGS and not (tag.name == "button" and self._is_heading_button(tag)):
            return True
        return self.is_dropped(tag) or _is_spoken_label(tag)

    def leave(self, opened: _Opened) -> None:
        """End an element that was entered."""
        if opened.name in _END:
            _END[opened.name](self)
        if opened.block:
            self.flush()
        if opened.heading:
            self.heading = 0
        self.hidden -= opened.hidden
        self.bold -= opened.bold

    def _break(self) -> None:
        if self.heading:
            self.parts.append(" ")
        else:
            self.flush()

    def _is_heading_button(self, tag: Tag) -> bool:
        """A button that folds a section out bears its heading."""
        if self.heading or tag.has_attr("aria-expanded") or tag.has_attr("aria-controls"):
            return True
        return isinstance(tag.find_next_sibling(), Tag) and label_of(tag.get_text().strip(), heading=True) is not None

    # Links: what is said to screen readers goes, and so do the signs that only link to a heading.

    def begin_a(self, tag: Tag) -> None:
        href = tag.get("href")
        self.link.append(href if isinstance(href, str) else "")
        self.link_from.append(len(self.parts))

    def end_a(self) -> None:
        start = self.link_from.pop()
        href = self.link.pop()
        text = "".join(self.parts[start:])
        kept = _without_suffix(text)
        if self.heading and href.startswith("#") and text.strip().casefold() in _ANCHOR_TEXT:
            kept = ""
        if kept != text:
            self.parts[start:] = [kept]
            cut = len(text.strip()) - len(kept.strip())
            self.chars -= cut
            self.links -= cut

    # Lists

    def begin_ul(self, tag: Tag) -> None:
        self.lists.append(_List())

    def begin_ol(self, tag: Tag) -> None:
        style = tag.get("style")
        if isinstance(style, str) and "list-style" in style and "none" in style:
            self.lists.append(_List())
            return
        kind = tag.get("type")
        start = number(tag.get("start"))
        is_reversed = tag.has_attr("reversed")
        if start is None:
            start = len(tag.find_all("li", recursive=False)) if is_reversed else 1
        self.lists.append(
            _List(kind if isinstance(kind, str) and kind in "1aAiI" else "1", start, -1 if is_reversed else 1)
        )

    def end_list(self) -> None:
        self.flush()
        self.lists.pop()
        self.item_open = False

    def begin_li(self, tag: Tag) -> None:
        self.item_open, self.item = True, None
        if not self.lists or not self.lists[-1].numbering:
            return
        open_list = self.lists[-1]
        value = number(tag.get("value"))
        count = open_list.next if value is None else value
        open_list.next = count + open_list.step
        self.item = numeral(count, open_list.numbering) + "."

    def end_li(self) -> None:
        self.flush()
        self.item_open = False

    def begin_dt(self, tag: Tag) -> None:
        self.bold += 1

    def end_dt(self) -> None:
        self.flush()
        self.bold -= 1

    def begin_pre(self, tag: Tag) -> None:
        self.pre += 1

    def end_pre(self) -> None:
        self.flush()
        self.pre -= 1

    # Details: the summary heads its section.

    def begin_details(self, tag: Tag) -> None:
        self.details.append(self.last_heading)

    def end_details(self) -> None:
        self.flush()
        self.last_heading = self.details.pop()

    def begin_summary(self, tag: Tag) -> None:
        if not any(isinstance(inner, Tag) and inner.name in HEADING_TAGS for inner in _first_inside(tag)):
            self.heading = max(1, self.details[-1] if self.details else self.last_heading) + 1

    def end_summary(self) -> None:
        self.flush()
        self.heading = 0

    # Tables

    def begin_table(self, tag: Tag) -> None:
        self.layout.append(is_layout(tag))

    def end_table(self) -> None:
        if self.rows and not self.layout[-1]:
            self.end_tr()
        self.layout.pop()
        self.flush()

    def begin_tr(self, tag: Tag) -> None:
        if self.layout and not self.layout[-1]:
            self._end_stray()
            self.rows.append(_Row())

    def end_tr(self) -> None:
        if not self.rows or not self.layout or self.layout[-1]:
            return
        self._end_stray()
        row = self.rows.pop()
        cells = row.cells
        if any(cells):
            kind = BlockKind.HEADER_ROW if row.header else BlockKind.ROW
            self.lines.append(Line(kind, CELL_SEPARATOR.join(cells), 0, "", self.links, self.inner, self.hidden > 0))
        self.bold_chars = self.chars = self.links = self.inner = 0

    def begin_td(self, tag: Tag) -> None:
        if self.rows and not self.layout[-1]:
            self._end_stray()
            self.rows[-1].header = False

    def begin_th(self, tag: Tag) -> None:
        if self.rows and not self.layout[-1]:
            self._end_stray()

    def end_cell(self) -> None:
        if self.rows and not self.layout[-1]:
            self.rows[-1].cells.append(" ".join("".join(self.parts).split()))
            self.parts.clear()

    def _end_stray(self) -> None:
        """Text of a row outside its cells, where it shouldn't be but is seen, is a cell by itself."""
        stray = " ".join("".join(self.parts).split())
        if self.rows and stray:
            self.rows[-1].cells.append(stray)
        self.parts.clear()


def _without_suffix(text: str) -> str:
    """A link's text without what is said to screen readers at its end. Only the last words are searched: some pages
    wrap whole articles in a link, full of white space, and the search takes more than the square of that."""
    words = text.split()
    end = " ".join(words[-_SUFFIX_WORDS_MAX:])
    kept = LINK_SUFFIX.sub("", end)
    if kept == end:
        return text
    start = text[: len(text) - len(text.lstrip())]
    return start + " ".join([*words[:-_SUFFIX_WORDS_MAX], kept])


def _is_spoken_label(tag: Tag) -> bool:
    """Whether an element is a few words for screen readers only."""
    if not is_for_screen_readers(tag):
        return False
    inside = list(_first_inside(tag))
    chars = sum(len(inner) for inner in inside if isinstance(inner, NavigableString))
    return chars < _SCREEN_READER_CHARS_MAX and len(inside) < _INSIDE_MAX


def _first_inside(tag: Tag) -> Iterator[PageElement]:
    """What is inside an element, in order, up to a limit: what is nested without end isn't walked at each level."""
    waiting = tag.contents[:_INSIDE_MAX][::-1]
    for _ in range(_INSIDE_MAX):
        if not waiting:
            return
        inner = waiting.pop()
        yield inner
        if isinstance(inner, Tag):
            waiting.extend(inner.contents[:_INSIDE_MAX][::-1])


_BEGIN: dict[str, Callable[[_Writer, Tag], None]] = {
    "a": _Writer.begin_a,
    "ul": _Writer.begin_ul,
    "ol": _Writer.begin_ol,
    "li": _Writer.begin_li,
    "dt": _Writer.begin_dt,
    "pre": _Writer.begin_pre,
    "details": _Writer.begin_details,
    "summary": _Writer.begin_summary,
    "table": _Writer.begin_table,
    "tr": _Writer.begin_tr,
    "td": _Writer.begin_td,
    "th": _Writer.begin_th,
}
_END: dict[str, Callable[[_Writer], None]] = {
    "a": _Writer.end_a,
    "ul": _Writer.end_list,
    "ol": _Writer.end_list,
    "li": _Writer.end_li,
    "dt": _Writer.end_dt,
    "pre": _Writer.end_pre,
    "details": _Writer.end_details,
    "summary": _Writer.end_summary,
    "table": _Writer.end_table,
    "tr": _Writer.end_tr,
    "td": _Writer.end_cell,
    "th": _Writer.end_cell,
}
