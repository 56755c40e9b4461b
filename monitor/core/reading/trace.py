"""All that a page shows, in its order: the lines that are read, and between them those of what was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import NavigableString, PageElement, Tag

from monitor.core.model import BlockKind
from monitor.core.reading.lines import Gaps, Line, lines_of
from monitor.core.reading.looks import is_for_screen_readers
from monitor.core.reading.page import Page
from monitor.core.reading.select import Part
from monitor.core.reading.why import Why

Trace = list[Line]

_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]{0,39}", re.ASCII)
_CLASSES_MAX = 2
_CONTROLS = frozenset({"button", "select", "textarea", "option", "datalist"})


@dataclass(frozen=True, slots=True)
class Cut:
    """What was read of one part of a page: its lines, and the elements left out between them."""

    part: Part
    lines: list[Line]
    gaps: Gaps


def traced(page: Page, cuts: list[Cut], outside: Why) -> Iterator[Line]:
    """Every line of a page. What no cut reaches is left out for the reason `outside`, or for one of its own."""
    by_root = {id(cut.part.root): cut for cut in cuts}
    ancestors = {id(parent) for cut in cuts for parent in cut.part.root.parents}
    waiting: list[PageElement] = [page.soup]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            cut = by_root.get(id(node))
            if cut is not None:
                yield from _with_gaps(page, cut.lines, cut.gaps, outside)
            elif id(node) in ancestors:
                waiting.extend(reversed(node.contents))
            else:
                yield from _left_out(page, node, outside)
        elif type(node) is NavigableString and node.strip():
            yield Line(BlockKind.PARAGRAPH, " ".join(node.split()), why=outside)


def _with_gaps(page: Page, lines: list[Line], gaps: Gaps, outside: Why) -> Iterator[Line]:
    at = 0
    for index, tag in gaps:
        yield from lines[at:index]
        at = max(at, index)
        yield from _left_out(page, tag, outside)
    yield from lines[at:]


def _left_out(page: Page, root: Tag, outside: Why) -> Iterator[Line]:
    """The lines of an element that isn't read; what in it was left out for another reason keeps that."""
    why = page.dropped.get(id(root))
    if root.name in _CONTROLS or (why is None and is_for_screen_readers(root)):
        yield from _whole(root, why or (Why.CONTROL if root.name in _CONTROLS else Why.SCREEN_READER))
        return
    why = why or outside
    _part_links(root)
    gaps: Gaps = []
    is_removed = why is Why.REMOVE  # whatever is in it
    lines = lines_of(
        root, lambda tag: not is_removed and page.dropped.get(id(tag), why) is not why and tag is not root, gaps
    )
    name = name_of(root)
    for line in lines:
        line.why, line.element = why, name
    yield from _with_gaps(page, lines, [gap for gap in gaps if gap[1] is not root], why)


def _whole(tag: Tag, why: Why) -> Iterator[Line]:
    """An element that is a few words, however it is built."""
    if text := " ".join(tag.get_text(" ").split()):
        yield Line(BlockKind.PARAGRAPH, text, why=why, element=name_of(tag))


def _part_links(root: Tag) -> None:
    """Links of a menu touch where only styles part them. What is read is made by now: the page may be touched up."""
    for link in root.find_all("a"):
        if isinstance(link.next_sibling, Tag):
            link.insert_after(" ")


def name_of(tag: Tag) -> str:
    """An element as a CSS selector that a person knows it by: `nav#top.site-nav`. Odd names are left out."""
    given: str | list[str] = tag.get("class") or ""
    classes = [one for one in (given.split() if isinstance(given, str) else given) if _PLAIN_NAME.fullmatch(one)]
    own = tag.get("id")
    by_id = f"#{own}" if isinstance(own, str) and _PLAIN_NAME.fullmatch(own) else ""
    return "".join([tag.name, by_id, *(f".{one}" for one in classes[:_CLASSES_MAX])])
