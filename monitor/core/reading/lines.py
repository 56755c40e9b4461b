"""From a part of a page to lines: headings, paragraphs, items and rows, in the order in which they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bs4.element import NavigableString, PageElement, Tag

from monitor.core.model import BlockKind
from monitor.core.reading.contacts import decode_address
from monitor.core.reading.numerals import numeral
from monitor.core.reading.page import UNREAD_TAGS, is_for_screen_readers, is_hidden
from monitor.core.reading.vocabulary import LINK_SUFFIX

CELL_SEPARATOR = " | "

_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_BOLD_TAGS = frozenset({"b", "strong"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD_HEADING_CHARS_MAX = 120
_SCREEN_READER_CHARS_MAX = 80
_CELL_CHARS_MAX = 1500  # longer cells are a page's layout, not a table
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_BLOCK_STYLE = re.compile(r"display:\s*(?:block|flex|grid|table|list-item)")
_ANCHOR_TEXT = frozenset(["#", "¶", "§", "🔗", "🔗︎", "⚓", "\u200b", "link", "permalink"])


@dataclass(slots=True)
class Line:
    """One line of text with what the page shows about it. `links` are characters in links, `inner` those within."""

    kind: BlockKind
    text: str
    level: int = 0
    label: str = ""
    links: int = 0
    inner: int = 0
    hidden: bool = False


def lines_of(root: Tag, is_dropped: Callable[[Tag], bool]) -> list[Line]:
    """The lines of `root` without what is dropped. Depth is no limit: the walk keeps its own stack."""
    writer = _Writer(is_dropped)
    iterators: list[Iterator[PageElement]] = []
    open_tags: list[Tag] = []
    writer.enter(root)
    open_tags.append(root)
    iterators.append(iter(root.contents))
    while iterators:
        for child in iterators[-1]:
            if isinstance(child, Tag):
                if writer.enter(child):
                    open_tags.append(child)
                    iterators.append(iter(child.contents))
                    break
            elif type(child) is NavigableString:
                writer.write(child)
        else:
            iterators.pop()
            writer.leave(open_tags.pop())
    writer.flush()
    return writer.lines


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

    def enter(self, tag: Tag) -> bool:
        """Begin an element; False where nothing in it is read."""
        name = tag.name
        if name == "br":
            self._break()
            return False
        if name in UNREAD_TAGS and not (name == "button" and self._is_heading_button(tag)):
            return False
        if self.is_dropped(tag) or (is_for_screen_readers(tag) and len(tag.get_text()) < _SCREEN_READER_CHARS_MAX):
            return False
        token = tag.get("data-cfemail") if name in ("span", "a") else None
        if isinstance(token, str):
            self._add(decode_address(token))
            return False
        if _is_block(tag):
            self.flush()
        self._begin(tag)
        return True

    def _begin(self, tag: Tag) -> None:
        name = tag.name
        if is_hidden(tag):
            self.hidden += 1
        if level := _heading_level(tag):
            self.heading = level
        if name in _BOLD_TAGS or _is_bold(tag):
            self.bold += 1
        begin = getattr(self, f"_begin_{name}", None)
        if begin is not None:
            begin(tag)

    def leave(self, tag: Tag) -> None:
        """End an element that was entered."""
        name = tag.name
        end = getattr(self, f"_end_{name}", None)
        if end is not None:
            end()
        if _is_block(tag):
            self.flush()
        if _heading_level(tag):
            self.heading = 0
        if is_hidden(tag):
            self.hidden -= 1
        if name in _BOLD_TAGS or _is_bold(tag):
            self.bold -= 1

    def _break(self) -> None:
        if self.heading:
            self.parts.append(" ")
        else:
            self.flush()

    def _is_heading_button(self, tag: Tag) -> bool:
        """A button that folds a section out bears its heading."""
        return bool(self.heading) or tag.has_attr("aria-expanded") or tag.has_attr("aria-controls")

    # Links: what is said to screen readers goes, and so do the signs that only link to a heading.

    def _begin_a(self, tag: Tag) -> None:
        href = tag.get("href")
        self.link.append(href if isinstance(href, str) else "")
        self.link_from.append(len(self.parts))

    def _end_a(self) -> None:
        start = self.link_from.pop()
        href = self.link.pop()
        text = "".join(self.parts[start:])
        kept = LINK_SUFFIX.sub("", text)
        if self.heading and href.startswith("#") and text.strip().casefold() in _ANCHOR_TEXT:
            kept = ""
        if kept != text:
            self.parts[start:] = [kept]

    # Lists

    def _begin_ul(self, tag: Tag) -> None:
        self.lists.append(_List())

    def _begin_ol(self, tag: Tag) -> None:
        style = tag.get("style")
        if isinstance(style, str) and "list-style" in style and "none" in style:
            self.lists.append(_List())
            return
        kind = tag.get("type")
        start = _number(tag.get("start"))
        is_reversed = tag.has_attr("reversed")
        if start is None:
            start = len(tag.find_all("li", recursive=False)) if is_reversed else 1
        self.lists.append(
            _List(kind if isinstance(kind, str) and kind in "1aAiI" else "1", start, -1 if is_reversed else 1)
        )

    def _end_ul(self) -> None:
        self.flush()
        self.lists.pop()
        self.item_open = False

    _end_ol = _end_ul

    def _begin_li(self, tag: Tag) -> None:
        self.item_open, self.item = True, None
        if not self.lists or not self.lists[-1].numbering:
            return
        open_list = self.lists[-1]
        value = _number(tag.get("value"))
        number = open_list.next if value is None else value
        open_list.next = number + open_list.step
        self.item = numeral(number, open_list.numbering) + "."

    def _end_li(self) -> None:
        self.flush()
        self.item_open = False

    def _begin_dt(self, tag: Tag) -> None:
        self.bold += 1

    def _end_dt(self) -> None:
        self.flush()
        self.bold -= 1

    def _begin_pre(self, tag: Tag) -> None:
        self.pre += 1

    def _end_pre(self) -> None:
        self.flush()
        self.pre -= 1

    # Details: the summary heads its section.

    def _begin_details(self, tag: Tag) -> None:
        self.details.append(self.last_heading)

    def _end_details(self) -> None:
        self.flush()
        self.last_heading = self.details.pop()

    def _begin_summary(self, tag: Tag) -> None:
        if tag.find(list(_HEADINGS)) is None:
            self.heading = max(1, self.details[-1] if self.details else self.last_heading) + 1

    def _end_summary(self) -> None:
        self.flush()
        self.heading = 0

    # Tables

    def _begin_table(self, tag: Tag) -> None:
        self.layout.append(_is_layout(tag))

    def _end_table(self) -> None:
        if self.rows and not self.layout[-1]:
            self._end_tr()
        self.layout.pop()
        self.flush()

    def _begin_tr(self, tag: Tag) -> None:
        if self.layout and not self.layout[-1]:
            self.rows.append(_Row())
            self.parts.clear()

    def _end_tr(self) -> None:
        if not self.rows or not self.layout or self.layout[-1]:
            return
        row = self.rows.pop()
        cells = row.cells
        if any(cells):
            kind = BlockKind.HEADER_ROW if row.header else BlockKind.ROW
            self.lines.append(Line(kind, CELL_SEPARATOR.join(cells), 0, "", self.links, self.inner, self.hidden > 0))
        self.parts.clear()
        self.bold_chars = self.chars = self.links = self.inner = 0

    def _begin_td(self, tag: Tag) -> None:
        if self.rows and not self.layout[-1]:
            self.rows[-1].header = False
            self.parts.clear()

    def _begin_th(self, tag: Tag) -> None:
        if self.rows and not self.layout[-1]:
            self.parts.clear()

    def _end_td(self) -> None:
        if self.rows and not self.layout[-1]:
            self.rows[-1].cells.append(" ".join("".join(self.parts).split()))
            self.parts.clear()

    _end_th = _end_td


def _is_block(tag: Tag) -> bool:
    if tag.name in _BLOCK_TAGS:
        return True
    style = tag.get("style")
    return isinstance(style, str) and _BLOCK_STYLE.search(style) is not None


def _heading_level(tag: Tag) -> int:
    level = _HEADINGS.get(tag.name, 0)
    if level == 0 and tag.get("role") == "heading":
        level = _number(tag.get("aria-level")) or 2
    return min(max(level, 0), 9)


def _is_bold(tag: Tag) -> bool:
    style = tag.get("style")
    return isinstance(style, str) and _BOLD_STYLE.search(style) is not None


def _number(value: object) -> int | None:
    """A small whole number of an attribute; pages write anything there."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,6}\s*", value):
        return int(value)
    return None


def _is_layout(table: Tag) -> bool:
    """Whether a table only lays out the page: its cells hold headings, tables or whole passages, or there is one."""
    if table.get("role") == "presentation" or table.find(["table", "h1", "h2", "h3", "h4"]) is not None:
        return True
    widths = [len(row.find_all(["td", "th"], recursive=False)) for row in table.find_all("tr")]
    if max(widths, default=0) <= 1:
        return True
    return any(len(cell.get_text()) > _CELL_CHARS_MAX for cell in table.find_all("td")) and table.find("th") is None
