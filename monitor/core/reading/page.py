"""A parsed page, and which part of it may bear the document: the region to read and the furniture inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from monitor.core.reading.vocabulary import (
    CHROME_PAIRS,
    CHROME_ROLES,
    CHROME_TAGS,
    CHROME_WORDS,
    CONSENT_SHAPES,
    CONSENT_WORDS,
    HIDDEN_CLASSES,
    OUTER_CHROME_WORDS,
)

UNREAD_TAGS = frozenset(
    [
        "script",
        "style",
        "template",
        "svg",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "select",
        "datalist",
        "option",
        "textarea",
        "input",
        "math",
        "noscript",
        "button",
    ]
)
_FURNITURE_SHARE_MAX = 0.4  # what holds more of the page's plain text is no furniture, whatever it is called
_REGION_SHARE_MIN = 0.5
_NARROWER_SHARE_MIN = 0.9
_NOSCRIPT_BELOW_CHARS = 400
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MAIN_TAGS = frozenset({"main", "article"})


@dataclass(slots=True)
class Measure:
    """How much an element bears: characters of text, and how many of them are links."""

    chars: int = 0
    links: int = 0

    @property
    def plain(self) -> int:
        return self.chars - self.links


@dataclass(slots=True)
class Page:
    """A parsed page. `dropped` has the ids (of Python objects) of the elements that aren't read."""

    soup: BeautifulSoup
    title: str
    visible_chars: int
    visible_text: str
    script_chars: int
    has_password: bool
    measures: dict[int, Measure] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


def parse(html: str) -> Page:
    """The page of a text that is already decoded: given bytes, BeautifulSoup would guess, at many times the cost."""
    soup = BeautifulSoup(html, "lxml")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    _unwrap_needed_noscript(soup)
    page = Page(soup, title, 0, "", 0, soup.find("input", type="password") is not None)
    _measure(page)
    page.visible_chars = page.measures[id(soup)].chars
    return page


def children(tag: Tag) -> Iterable[PageElement]:
    """What stands in an element and can be seen: its elements and texts, without comments and the like."""
    for child in tag.contents:
        if not isinstance(child, PreformattedString):
            yield child


def drop_furniture(page: Page) -> None:
    """Mark what isn't terms: navigation, banners, dialogs, asides, forms, sharing, consent."""
    whole = page.measures[id(page.soup)]
    for tag in page.soup.find_all(True):
        measure = page.measures.get(id(tag))
        if measure is None or not _is_furniture(tag):
            continue
        if measure.plain > _FURNITURE_SHARE_MAX * whole.plain and not (_is_dialog(tag) and measure.chars < 2500):
            continue
        if not any(id(parent) in page.dropped for parent in tag.parents):
            page.dropped.add(id(tag))
            _forget(page, tag, measure)


def choose_region(page: Page) -> Tag:
    """The smallest element that bears nearly all the text that isn't furniture, with its main heading."""
    whole = page.measures[id(page.soup)].plain
    region: Tag = page.soup
    mains = [tag for tag in page.soup.find_all(_is_main) if not _inside_dropped(page, tag)]
    best = max(mains, key=lambda tag: page.measures[id(tag)].plain, default=None)
    if best is not None and page.measures[id(best)].plain >= _REGION_SHARE_MIN * whole:
        region = _with_heading(page, best)
    return _narrow(page, region)


def _measure(page: Page) -> None:
    """Count characters of text and of links for each element, bottom up, without recursion."""
    texts: list[str] = []
    root: Tag = page.soup
    stack: list[tuple[Tag, int, Measure, bool]] = [(root, 0, Measure(), False)]
    while stack:
        tag, at, measure, in_link = stack.pop()
        contents = tag.contents
        while at < len(contents):
            child = contents[at]
            at += 1
            if isinstance(child, Tag):
                if child.name in UNREAD_TAGS and child.name not in ("button", "iframe"):
                    if child.name == "script":
                        page.script_chars += sum(len(text) for text in child.strings)
                    continue
                stack.append((tag, at, measure, in_link))
                stack.append((child, 0, Measure(), in_link or child.name == "a"))
                break
            if type(child) is NavigableString and (stripped := child.strip()):
                texts.append(stripped)
                measure.chars += len(stripped)
                if in_link:
                    measure.links += len(stripped)
        else:
            page.measures[id(tag)] = measure
            if stack:
                above = stack[-1][2]
                above.chars += measure.chars
                above.links += measure.links
    page.visible_text = " ".join(texts)


def _unwrap_needed_noscript(soup: BeautifulSoup) -> None:
    """Read <noscript> where the page shows little without it: some keep the whole document there."""
    found = soup.find_all("noscript")
    if not found:
        return
    inside = sum(len(tag.get_text()) for tag in found)
    if inside > _NOSCRIPT_BELOW_CHARS and len(soup.get_text()) - inside < inside:
        for tag in found:
            tag.unwrap()


def _is_furniture(tag: Tag) -> bool:
    if tag.name in CHROME_TAGS:
        return True
    role = tag.get("role")
    if isinstance(role, str) and role.lower() in CHROME_ROLES:
        return True
    if tag.get("aria-modal") == "true":
        return True
    if tag.name in ("header", "footer"):
        return tag.find_parent(_is_main) is None and not (
            tag.name == "header" and tag.find("h1") and not tag.find("nav")
        )
    if tag.name == "form":
        return tag.find(["input", "textarea", "button"]) is not None
    return _is_named_furniture(tag)


def _is_named_furniture(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6", "p", "tr", "td", "tbody"):
        return False
    names = _names(tag)
    if not names:
        return False
    classes = set(names)
    for name in names:
        words = _words(name)
        if words & CHROME_WORDS or (words & CONSENT_WORDS and words & CONSENT_SHAPES):
            return True
        if words & CHROME_PAIRS[0] and words & CHROME_PAIRS[1]:
            return True
        if words & OUTER_CHROME_WORDS and len(words) <= 2 and tag.find_parent(_is_main) is None and not tag.find("h1"):
            return True
    return bool(classes & {"versions", "print", "no-print"} and tag.name == "div" and tag.find("select"))


def _names(tag: Tag) -> list[str]:
    given: str | list[str] = tag.get("class") or ""
    names = list(given) if isinstance(given, list) else given.split()
    own = tag.get("id")
    return [*names, own] if isinstance(own, str) else names


_split: dict[str, frozenset[str]] = {}  # class names repeat within a page and across pages
_SPLIT_MAX = 20_000


def _words(name: str) -> frozenset[str]:
    found = _split.get(name)
    if found is None:
        if len(_split) > _SPLIT_MAX:
            _split.clear()
        # Utility classes ("md:share-none") and long generated ones say nothing.
        found = frozenset(word.lower() for word in _WORD.findall(name)) if len(name) < 60 else frozenset()
        _split[name] = found
    return found


def _is_dialog(tag: Tag) -> bool:
    return (
        tag.name == "dialog"
        or tag.get("role") in ("dialog", "alertdialog")
        or any(_words(name) & CONSENT_WORDS for name in _names(tag))
    )


def _is_main(tag: Tag) -> bool:
    return tag.name in _MAIN_TAGS or tag.get("role") in ("main", "article")


def _forget(page: Page, tag: Tag, measure: Measure) -> None:
    for parent in tag.parents:
        above = page.measures.get(id(parent))
        if above is not None:
            above.chars -= measure.chars
            above.links -= measure.links


def _inside_dropped(page: Page, tag: Tag) -> bool:
    return id(tag) in page.dropped or any(id(parent) in page.dropped for parent in tag.parents)


def _with_heading(page: Page, region: Tag) -> Tag:
    """The region, or an element around it that also has the page's main heading and little else."""
    if region.find("h1") is not None:
        return region
    own = page.measures[id(region)].plain
    for parent in region.parents:
        measure = page.measures.get(id(parent))
        if measure is None or measure.plain * _NARROWER_SHARE_MIN > own:
            return region
        if any(not _inside_dropped(page, heading) for heading in parent.find_all("h1")):
            return parent
    return region


def _narrow(page: Page, region: Tag) -> Tag:
    """Go down while one child bears nearly everything and no main heading is left behind."""
    has_heading = region.find("h1") is not None
    while True:
        own = page.measures[id(region)].plain
        for child in region.contents:
            measure = page.measures.get(id(child)) if isinstance(child, Tag) else None
            if measure is not None and measure.plain >= _NARROWER_SHARE_MIN * own and own:
                break
        else:
            return region
        assert isinstance(child, Tag)
        if id(child) in page.dropped or child.name in ("p", "table", "ul", "ol", "dl", "pre"):
            return region
        if has_heading and child.find("h1") is None:
            return region
        region = child


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
