"""A parsed page, and which part of it may bear the document: the region to read and the furniture inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from monitor.core.reading.looks import HEADING_TAGS
from monitor.core.reading.soup import soup_of
from monitor.core.reading.vocabulary import (
    CHROME_ROLES,
    CHROME_TAGS,
    CONSENT_SHAPES,
    CONSENT_WORDS,
    COOKIE_WORDS,
    DIALOG_WORDS,
    EXTRA_WORDS,
    MENU_WORDS,
    OUTER_CHROME_WORDS,
    PICKED_WORDS,
    PICKER_WORDS,
    legal_terms,
    words_of,
)
from monitor.core.reading.why import Why

UNREAD_TAGS = words_of(
    """script style template svg title meta link iframe object embed canvas audio video map select datalist option
    textarea input math noscript button"""
)
_FURNITURE_SHARE_MAX = 0.4  # what holds more of the page's plain text is no furniture, whatever it is called
_DIALOG_CHARS_MAX = 2500  # a longer dialog may hold the agreement
_REGION_SHARE_MIN = 0.5
_NARROWER_SHARE_MIN = 0.9
_NOSCRIPT_CHARS_MIN = 400
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PROSE_CHARS_MIN = 100  # a text this long without an element in it is a sentence of something
_COOKIE_BANNER_CHARS = (60, 900)
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_EAST_CHARS = 3  # letters that say what one sign of Chinese or Japanese does
WORDS_CHARS_MIN = 20  # running text in Chinese may be so short
_COOKIE_DIALOG_FIELDS_MIN = 4
_COOKIE_DIALOG_TIMES_MIN = 4  # how often it speaks of cookies
_POLICY_PROSE_MIN = 800  # with so much running text elsewhere, the dialog isn't what the page has to say
_CHROME_TERMS_MAX = 4
_OTHER_SECTIONS_MIN = 2
_ID_WORDS_MAX = 3  # longer ids are made from headings
_FIELD_TAGS = frozenset({"input", "textarea", "button", "select"})
LEAF_TAGS = frozenset({"p", "table", "ul", "ol", "dl", "pre"})
_FOOT_WORDS = words_of("footer colophon bottombar")
_WHY_BY_ROLE = {
    "banner": Why.HEADER,
    "contentinfo": Why.FOOTER,
    "search": Why.FORM,
    "dialog": Why.DIALOG,
    "alertdialog": Why.DIALOG,
    "tooltip": Why.DIALOG,
}
_NEVER_NAMED = words_of("html body main article h1 h2 h3 h4 h5 h6 p tr td th tbody thead")


@dataclass(slots=True)
class Measure:
    """What an element bears, all within it counted: characters of text, those of links and those of running
    text (a sign of Chinese or Japanese counts as three), main headings, menus, form fields.

    `first` is its place in the order of the page, from 0; `last` the place after its last descendant's.
    """

    tag: Tag
    first: int
    in_main: bool
    in_link: bool
    last: int = 0
    chars: int = 0
    links: int = 0
    prose: int = 0
    h1: int = 0
    navs: int = 0
    fields: int = 0

    @property
    def plain(self) -> int:
        """Characters that aren't a link's."""
        return self.chars - self.links

    @property
    def is_prose(self) -> bool:
        """Whether most of it is running text."""
        return self.prose >= _PROSE_CHARS_MIN * 2 and self.prose * 2 >= self.chars

    def add(self, other: Measure, sign: int = 1) -> None:
        """Count what a descendant bears, or with -1 take it out again."""
        self.chars += sign * other.chars
        self.links += sign * other.links
        self.prose += sign * other.prose
        self.h1 += sign * other.h1
        self.navs += sign * other.navs
        self.fields += sign * other.fields


@dataclass(slots=True)
class Page:
    """A parsed page with a measure of each element, in order. `dropped` has the ids (of Python objects) of elements
    that aren't read, with the reason."""

    soup: BeautifulSoup
    title: str = ""
    visible_text: str = ""
    noscript_text: str = ""
    script_chars: int = 0
    has_password: bool = False
    measures: dict[int, Measure] = field(default_factory=dict)
    mains: list[Measure] = field(default_factory=list)
    noscripts: list[Tag] = field(default_factory=list)
    dropped: dict[int, Why] = field(default_factory=dict)


def parse(html: str) -> Page:
    """The page of a text that is already decoded, measured."""
    page = Page(soup_of(html))
    _survey(page)
    page.noscript_text = " ".join(tag.get_text(" ") for tag in page.noscripts)
    if len(page.noscript_text) > max(_NOSCRIPT_CHARS_MIN, len(page.visible_text)):
        # Some pages keep the whole document in <noscript> and show little without it.
        for tag in page.noscripts:
            tag.unwrap()
        page = Page(page.soup)
        _survey(page)
    return page


def drop_furniture(page: Page) -> None:
    """Mark what isn't terms: navigation, banners, dialogs, asides, forms, sharing, consent."""
    whole = page.measures[id(page.soup)].plain
    end = 0
    for measure in page.measures.values():
        why = None if measure.first < end else _furniture(measure)
        if why is None:
            continue
        if measure.plain > _FURNITURE_SHARE_MAX * whole and not _is_large_furniture(page, measure, why):
            continue
        end = measure.last
        drop(page, measure, why)


def drop(page: Page, measure: Measure, why: Why) -> None:
    """Mark an element as not read; what is around it no longer counts its text."""
    page.dropped.setdefault(id(measure.tag), why)  # what `remove` took out stays called so
    for parent in measure.tag.parents:
        page.measures[id(parent)].add(measure, -1)


def choose_region(page: Page) -> Tag:
    """The smallest element that bears nearly all the text that isn't furniture, with its main heading."""
    whole = page.measures[id(page.soup)]
    region = whole
    by_size = sorted(page.mains, key=lambda main: main.plain, reverse=True)
    best = next((main for main in by_size if not is_dropped(page, main)), None)
    if best is not None and best.plain >= _REGION_SHARE_MIN * whole.plain:
        region = _with_heading(page, best)
    return _narrow(page, region).tag


def left_out(page: Page, region: Tag) -> Iterator[Tag]:
    """The elements around a region, and those dropped by a rule, that bear more than a few plain words."""
    for key, why in page.dropped.items():
        if why is not Why.REMOVE and page.measures[key].plain >= WORDS_CHARS_MIN:
            yield page.measures[key].tag
    inner = region
    for parent in region.parents:
        for child in parent.contents:
            beside = None if child is inner or id(child) in page.dropped else page.measures.get(id(child))
            if beside is not None and beside.plain >= WORDS_CHARS_MIN:
                yield beside.tag
        inner = parent


def is_apart(one: Measure, other: Measure) -> bool:
    """Whether neither of two elements holds the other."""
    return one.last <= other.first or other.last <= one.first


def _is_large_furniture(page: Page, measure: Measure, why: Why) -> bool:
    """Whether what holds much of a page's text is furniture all the same: the agreement stands beside it."""
    if measure.chars < _DIALOG_CHARS_MAX and _is_dialog(measure.tag):
        return True
    whole = page.measures[id(page.soup)]
    if measure.h1 or whole.prose - measure.prose < _POLICY_PROSE_MIN:
        return False
    if why is Why.COOKIES:
        return measure.fields >= _COOKIE_DIALOG_FIELDS_MIN
    is_bar = why in (Why.HEADER, Why.FOOTER) and measure.navs > 0 and whole.h1 > 0
    return is_bar and legal_terms(measure.tag.get_text(" ")) <= _CHROME_TERMS_MAX


def _survey(page: Page) -> None:
    """Walk the page once, without recursion, and measure every element bottom up."""
    texts: list[str] = []
    stack = [(_enter(page, page.soup, None), iter(page.soup.contents))]
    while stack:
        measure, contents = stack[-1]
        for child in contents:
            if isinstance(child, Tag):
                if child.name in UNREAD_TAGS and child.name != "button":
                    _note_unread(page, measure, child)
                    continue
                stack.append((_enter(page, child, measure), iter(child.contents)))
                break
            if type(child) is NavigableString and (stripped := child.strip()):
                texts.append(stripped)
                extent = _extent(stripped)
                measure.chars += extent
                if measure.in_link:
                    measure.links += extent
                elif extent >= _PROSE_CHARS_MIN:
                    measure.prose += extent
        else:
            stack.pop()
            measure.last = len(page.measures)
            if stack:
                stack[-1][0].add(measure)
    page.visible_text = " ".join(texts)


def _extent(text: str) -> int:
    """The length of a text in Latin letters."""
    return len(text) if text.isascii() else len(text) + (_EAST_CHARS - 1) * len(_EAST.findall(text))


def _enter(page: Page, tag: Tag, above: Measure | None) -> Measure:
    is_main = tag.name in ("main", "article") or tag.get("role") in ("main", "article")
    measure = Measure(
        tag,
        first=len(page.measures),
        in_main=above is not None and (above.in_main or is_main),
        in_link=above is not None and (above.in_link or tag.name == "a"),
        h1=int(tag.name == "h1"),
        navs=int(tag.name == "nav"),
        fields=int(tag.name == "button"),
    )
    page.measures[id(tag)] = measure
    if is_main:
        page.mains.append(measure)
    return measure


def _note_unread(page: Page, above: Measure, tag: Tag) -> None:
    """What is worth knowing of an element whose text isn't read."""
    if tag.name == "script":
        page.script_chars += sum(len(text) for text in tag.strings)
    elif tag.name == "noscript":
        page.noscripts.append(tag)
    elif tag.name in _FIELD_TAGS:
        above.fields += 1
        page.has_password = page.has_password or tag.get("type") == "password"
    elif tag.name == "title" and not page.title:
        page.title = " ".join(tag.get_text().split())


def _furniture(measure: Measure) -> Why | None:
    """As what an element is no part of the terms; None where it may be one."""
    tag = measure.tag
    if measure.fields and _asks_for_cookies(measure):
        return Why.COOKIES
    role = tag.get("role")
    if tag.name == "aside" or role == "complementary":
        return None if measure.in_main and (measure.is_prose or _is_note(measure)) else Why.ASIDE
    if tag.name in CHROME_TAGS:
        return Why.DIALOG if tag.name == "dialog" else Why.NAVIGATION
    if tag.get("aria-modal") == "true":
        return Why.DIALOG
    if isinstance(role, str) and role.lower() in CHROME_ROLES:
        return _WHY_BY_ROLE.get(role.lower(), Why.NAVIGATION)
    if tag.name == "footer":
        return Why.FOOTER if not measure.in_main or _is_foot_inside(measure) else None
    if tag.name == "header":
        return Why.HEADER if not measure.in_main and (measure.navs or not measure.h1) else None
    if tag.name == "form":
        return Why.FORM if measure.fields > 0 and not measure.is_prose else None
    return _named_furniture(measure) if tag.name not in _NEVER_NAMED else None


def _is_foot_inside(measure: Measure) -> bool:
    """Whether a footer in the main part is the page's: links or a copyright line, not the date of an article."""
    if measure.is_prose:
        return False
    return measure.navs > 0 or measure.links * 2 >= measure.chars or "\N{COPYRIGHT SIGN}" in measure.tag.get_text()


def _is_note(measure: Measure) -> bool:
    """Whether an aside is a remark on the text: words that neither link anywhere nor ask for anything."""
    return measure.chars >= WORDS_CHARS_MIN and not measure.links and not measure.fields


def _asks_for_cookies(measure: Measure) -> bool:
    """Whether a short text beside buttons is about cookies: a banner, whatever it is called."""
    if measure.fields < 2 or not _COOKIE_BANNER_CHARS[0] <= measure.chars <= _COOKIE_BANNER_CHARS[1]:
        return False
    text = measure.tag.get_text().casefold()
    return any(word in text for word in COOKIE_WORDS)


def _named_furniture(measure: Measure) -> Why | None:
    """What a class or id calls an element, where that is furniture and the element looks so."""
    return next((why for words in _names(measure.tag) if (why := _called(words, measure)) is not None), None)


def _called(words: frozenset[str], measure: Measure) -> Why | None:
    if not words.isdisjoint(CONSENT_WORDS) and not words.isdisjoint(CONSENT_SHAPES):
        return None if _is_section_among_others(measure) else Why.COOKIES
    if not words.isdisjoint(DIALOG_WORDS) and _is_cookie_dialog(measure):
        return Why.COOKIES
    if measure.is_prose:
        return None
    if not words.isdisjoint(MENU_WORDS):
        return Why.NAVIGATION if measure.links * 2 >= measure.chars else None
    if not words.isdisjoint(EXTRA_WORDS):
        return Why.EXTRA
    if not words.isdisjoint(PICKED_WORDS) and not words.isdisjoint(PICKER_WORDS):
        return Why.PICKER
    if len(words) > 2 or words.isdisjoint(OUTER_CHROME_WORDS) or measure.in_main or measure.h1:
        return None
    return Why.HEADER if words.isdisjoint(_FOOT_WORDS) else Why.FOOTER


def _is_cookie_dialog(measure: Measure) -> bool:
    """Whether what is named like a dialog has many buttons and speaks of cookies all the time."""
    if measure.in_main or measure.h1 or measure.fields < _COOKIE_DIALOG_FIELDS_MIN:
        return False
    return measure.tag.get_text().casefold().count("cookie") >= _COOKIE_DIALOG_TIMES_MIN


def _is_section_among_others(measure: Measure) -> bool:
    """Whether an element with a name of consent is a section of the text: running text under a heading, nothing to
    press, and others like it beside it."""
    if measure.fields or not measure.is_prose:
        return False
    heading = measure.tag.find(list(HEADING_TAGS))
    if not isinstance(heading, Tag):
        return False
    beside = (one for one in measure.tag.find_next_siblings(measure.tag.name) if one.find(heading.name) is not None)
    before = (one for one in measure.tag.find_previous_siblings(measure.tag.name) if one.find(heading.name) is not None)
    return sum(1 for _ in beside) + sum(1 for _ in before) >= _OTHER_SECTIONS_MIN


def _names(tag: Tag) -> Iterator[frozenset[str]]:
    """The words of each class of an element, and of its id where that isn't made from a heading."""
    given: str | list[str] = tag.get("class") or ""
    for name in given.split() if isinstance(given, str) else given:
        yield _words(name)
    own = tag.get("id")
    if isinstance(own, str):
        words = _words(own)
        is_short = len(words) <= _ID_WORDS_MAX and words.isdisjoint(EXTRA_WORDS)
        if is_short and not _is_section_on_consent(tag, words):
            yield words


def _is_section_on_consent(tag: Tag, words: frozenset[str]) -> bool:
    """Whether an id is the heading of a section of the text, which asks for nothing: "consent", "cookie-notice"."""
    if words.isdisjoint(CONSENT_WORDS) or tag.find_parent(["main", "article"]) is None:
        return False
    heading = tag.find(list(HEADING_TAGS))
    return heading is not None and words <= _words(heading.get_text()) and tag.find(list(_FIELD_TAGS)) is None


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
        or any(words & CONSENT_WORDS for words in _names(tag))
    )


def is_dropped(page: Page, measure: Measure) -> bool:
    """Whether an element isn't read, by itself or with one around it."""
    return id(measure.tag) in page.dropped or any(id(parent) in page.dropped for parent in measure.tag.parents)


def _with_heading(page: Page, region: Measure) -> Measure:
    """The region, or an element around it that also has the page's main heading and little else."""
    if region.h1:
        return region
    for parent in region.tag.parents:
        above = page.measures[id(parent)]
        if above.plain * _NARROWER_SHARE_MIN > region.plain:
            break
        if above.h1:
            return above
    return region


def _narrow(page: Page, region: Measure) -> Measure:
    """Go down while one child bears nearly everything, and no main heading or running text is left behind."""
    while True:
        for child in region.tag.contents:
            inner = page.measures.get(id(child))
            if inner is not None and region.plain and inner.plain >= _NARROWER_SHARE_MIN * region.plain:
                break
        else:
            return region
        assert inner is not None
        if id(inner.tag) in page.dropped or inner.tag.name in LEAF_TAGS or inner.prose < region.prose:
            return region
        if region.h1 and not inner.h1:
            return region
        region = inner
