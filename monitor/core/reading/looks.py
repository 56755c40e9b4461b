"""What an element looks like, as far as its own markup tells: a block, a heading, bold, hidden, mere layout."""

from __future__ import annotations

import re

from bs4.element import Tag

from monitor.core.reading.vocabulary import HIDDEN_CLASSES, words_of

HEADING_TAGS = {f"h{level}": level for level in range(1, 7)}
_BOLD_TAGS = frozenset({"b", "strong"})
_BLOCK_TAGS = words_of(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary
    table tbody td tfoot th thead tr ul"""
)
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_BLOCK_STYLE = re.compile(r"display:\s*(?:block|flex|grid|table|list-item)")
_LAYS_OUT = frozenset({"table", "h1", "h2", "h3", "h4"})  # what stands in no cell of a table but in a layout's
_CELL_CHARS_MAX = 1500  # longer cells are a page's layout, not a table


def is_block(tag: Tag) -> bool:
    """Whether an element stands on lines of its own."""
    if tag.name in _BLOCK_TAGS:
        return True
    style = tag.get("style")
    return isinstance(style, str) and _BLOCK_STYLE.search(style) is not None


def heading_level(tag: Tag) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    level = HEADING_TAGS.get(tag.name, 0)
    if level == 0 and tag.get("role") == "heading":
        level = number(tag.get("aria-level")) or 2
    return min(max(level, 0), 9)


def is_bold(tag: Tag) -> bool:
    """Whether an element sets its text in bold."""
    if tag.name in _BOLD_TAGS:
        return True
    style = tag.get("style")
    return isinstance(style, str) and _BOLD_STYLE.search(style) is not None


def number(value: object) -> int | None:
    """A small whole number of an attribute; pages write anything there."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,6}\s*", value):
        return int(value)
    return None


def is_layout(table: Tag) -> bool:
    """Whether a table only lays out the page: its cells hold headings, tables or whole passages, or there is one."""
    if table.get("role") == "presentation" or _holds_any(table, _LAYS_OUT):
        return True
    widths = [len(row.find_all(["td", "th"], recursive=False)) for row in table.find_all("tr")]
    if max(widths, default=0) <= 1:
        return True
    return any(len(cell.get_text()) > _CELL_CHARS_MAX for cell in table.find_all("td")) and table.find("th") is None


def _holds_any(tag: Tag, names: frozenset[str]) -> bool:
    """Whether any element within another has one of the names. `find` would go down to the last one first: of tables
    nested without end that takes the square of their number."""
    waiting = tag.contents[::-1]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, Tag):
            if inner.name in names:
                return True
            waiting.extend(inner.contents[::-1])
    return False


def is_hidden(tag: Tag) -> bool:
    """Whether an element isn't shown at first: folded text, or a second copy of what is shown."""
    if tag.has_attr("hidden"):
        return True
    style = tag.get("style")
    return isinstance(style, str) and "display:none" in style.replace(" ", "").lower()


def is_for_screen_readers(tag: Tag) -> bool:
    """Whether an element is shown to screen readers only."""
    given = tag.get("class")
    return isinstance(given, list) and not HIDDEN_CLASSES.isdisjoint(given)
