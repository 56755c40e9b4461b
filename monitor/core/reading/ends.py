"""What stands above and below an agreement without being called so: the header of a legal hub, a footer of links."""

from __future__ import annotations

from bs4.element import NavigableString, Tag

from monitor.core.reading.page import LEAF_TAGS, WORDS_CHARS_MIN, Measure, Page, drop, is_apart, is_dropped
from monitor.core.reading.vocabulary import legal_terms
from monitor.core.reading.why import Why

_FOOT_LINKS_MIN = 8
_FOOT_PROSE_MAX = 600
_FOOT_LINK_SHARE_MIN = 0.6
_HUB_TITLES = 2  # that of the site and that of the document


def drop_ends(page: Page) -> None:
    """Mark such a header and footer. Furniture that is called so must be marked before."""
    if (head := _hub_header(page)) is not None:
        drop(page, head, Why.HEADER)
    if (foot := _foot(page)) is not None:
        drop(page, foot, Why.FOOTER)


def _hub_header(page: Page) -> Measure | None:
    """A header with a main heading that isn't the document's: the page has one more, which alone sounds legal."""
    if page.measures[id(page.soup)].h1 < _HUB_TITLES:
        return None
    titles = [one for one in page.measures.values() if one.tag.name == "h1" and not is_dropped(page, one)]
    if len(titles) != _HUB_TITLES:
        return None
    first, second = titles
    header = first.tag.find_parent("header")
    above = page.measures.get(id(header)) if header is not None else None
    if above is None or above.in_main or not is_apart(above, second):
        return None
    is_legal = [legal_terms(measure.tag.get_text(" ")) > 0 for measure in (first, second)]
    return above if is_legal == [False, True] else None


def _foot(page: Page) -> Measure | None:
    """A footer that isn't called so: the last thing on the page, most of it links, no legal word beside them."""
    left = [measure for measure in page.mains if not is_dropped(page, measure)]
    waiting = [child for child in page.soup.contents if isinstance(child, Tag)]
    while waiting:
        shown = [page.measures[id(tag)] for tag in waiting if id(tag) in page.measures and id(tag) not in page.dropped]
        shown = [measure for measure in shown if measure.chars >= WORDS_CHARS_MIN]
        if not shown:
            return None
        last = shown[-1]
        if last.in_main or last in left:
            return None
        if len(shown) > 1 and _is_foot(last):
            return last
        waiting = [child for child in last.tag.contents if isinstance(child, Tag)]
    return None


def _is_foot(measure: Measure) -> bool:
    """Whether an element is mostly links, what was dropped of it counted, and no legal word or address beside them."""
    tag = measure.tag
    if measure.h1 or measure.prose > _FOOT_PROSE_MAX or tag.name in LEAF_TAGS or tag.find("table") is not None:
        return False
    if len(tag.find_all("a", limit=_FOOT_LINKS_MIN)) < _FOOT_LINKS_MIN:
        return False
    linked, beside = _texts(tag)
    is_mostly_links = len(linked) >= _FOOT_LINK_SHARE_MIN * (len(linked) + len(beside))
    return is_mostly_links and "@" not in beside and legal_terms(beside) == 0


def _texts(tag: Tag) -> tuple[str, str]:
    """The text of an element in links and beside them."""
    linked: list[str] = []
    beside: list[str] = []
    for text in tag.find_all(string=True):
        if type(text) is NavigableString and (stripped := text.strip()):
            (beside if text.find_parent("a") is None else linked).append(stripped)
    return " ".join(linked), " ".join(beside)
