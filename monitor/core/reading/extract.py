"""An HTML page to the lines of its document, by the declaration where it says how, else by general features."""

from __future__ import annotations

from dataclasses import dataclass

import soupsieve
from bs4.element import Tag

from monitor.core.model import ReadingDeclaration, SuspectKind, Unreadable
from monitor.core.reading.lines import Line, lines_of
from monitor.core.reading.page import Page, choose_region, drop_furniture, parse
from monitor.core.reading.refine import refine


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of one capture, and what its page shows besides, by which it is judged."""

    lines: tuple[Line, ...]
    title: str = ""
    visible_text: str = ""
    script_chars: int = 0
    has_password: bool = False


def extract(html: str, declaration: ReadingDeclaration) -> Extract | Unreadable:
    """The lines of a page. A selector that can't be used or that matches nothing makes it Unreadable."""
    page = parse(html)
    for selector in declaration.remove:
        found = _matches(page, selector, "remove")
        if isinstance(found, Unreadable):
            return found
        page.dropped.update(id(tag) for tag in found)
    if declaration.select:
        selected = _selected(page, declaration.select)
        if isinstance(selected, Unreadable):
            return selected
        lines = [line for tag in selected for line in lines_of(tag, lambda tag: id(tag) in page.dropped)]
    else:
        drop_furniture(page)
        region = choose_region(page)
        lines = refine(lines_of(region, lambda tag: id(tag) in page.dropped))
    shown = f"{page.visible_text} {page.noscript_text}".strip()
    return Extract(tuple(lines), page.title, shown, page.script_chars, page.has_password)


def _selected(page: Page, selectors: tuple[str, ...]) -> list[Tag] | Unreadable:
    """What the selectors match, in the order of the page, each element once."""
    chosen: dict[int, Tag] = {}
    for selector in selectors:
        found = _matches(page, selector, "select")
        if isinstance(found, Unreadable):
            return found
        if not found:
            return Unreadable(
                SuspectKind.SELECTOR,
                f"The selector “{selector}” was expected to match the terms, but nothing on the page matches it: "
                "the page was rebuilt or isn't the document; check `select` in the config.",
            )
        chosen.update((id(tag), tag) for tag in found)
    in_order = (tag for tag in page.soup.find_all(True) if id(tag) in chosen)
    return [tag for tag in in_order if not any(id(parent) in chosen for parent in tag.parents)]


def _matches(page: Page, selector: str, key: str) -> list[Tag] | Unreadable:
    try:
        return list(soupsieve.select(selector, page.soup))
    except soupsieve.SelectorSyntaxError as error:
        reason = str(error).splitlines()[0]
        return Unreadable(
            SuspectKind.SELECTOR,
            f"`{key}` was expected to have CSS selectors, but “{selector}” isn't one ({reason}): mend it.",
        )
