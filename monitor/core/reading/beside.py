"""What stands beside the region of a page and belongs to it all the same: a second article, an annex, the section with
the next number, a table, the line with its date."""

from __future__ import annotations

from collections.abc import Iterator

from bs4.element import Tag

from monitor.core.dates import DateRole, find_dates
from monitor.core.labels import Label, Style, label_of
from monitor.core.reading.looks import HEADING_TAGS
from monitor.core.reading.page import Measure, Page
from monitor.core.reading.vocabulary import COOKIES, legal_terms
from monitor.core.reading.why import Why

_CHARS_MIN = 8  # "1.5.2026"
_DATED_CHARS_MAX = 200
_LEGAL_TERMS_MIN = 4
_ROWS_MIN = 3


def widen(page: Page, region: Tag) -> Tag:
    """The region, or the element around it that also bears what belongs to it; the others in there are left out."""
    around = [(parent, _beside(page, parent, inner)) for parent, inner in _way_out(region)]
    if not any(measures for _, measures in around):
        return region
    belonging = _Belonging(page, region)
    top, kept = region, set[int]()
    for parent, measures in around:
        own = {id(measure.tag) for measure in measures if belonging.has(measure)}
        if own:
            top, kept = parent, kept | own
    for parent, inner in _way_out(region):
        if inner is top:
            break
        for child in parent.contents:
            if isinstance(child, Tag) and child is not inner and id(child) not in kept:
                page.dropped.setdefault(id(child), Why.OUTSIDE)
    return top


def _way_out(region: Tag) -> Iterator[tuple[Tag, Tag]]:
    """Each element around the region with the one in it that bears the region."""
    inner = region
    for parent in region.parents:
        yield parent, inner
        inner = parent


def _beside(page: Page, parent: Tag, inner: Tag) -> list[Measure]:
    """What of an element isn't the region, bears words and isn't mostly links."""
    children = (child for child in parent.contents if child is not inner and id(child) not in page.dropped)
    measures = (page.measures.get(id(child)) for child in children)
    return [one for one in measures if one is not None and one.plain >= _CHARS_MIN and one.links * 2 < one.chars]


class _Belonging:
    """Tells of an element whether it belongs to the region. What the region has is found out once, where asked."""

    def __init__(self, page: Page, region: Tag) -> None:
        self._page = page
        self._region = region
        self._last: int | None = None
        self._is_dated: bool | None = None

    def has(self, measure: Measure) -> bool:
        """Whether an element belongs. Asked from the inside out: the next section counts on from the one before."""
        text = measure.tag.get_text(" ", strip=True)
        if not text or COOKIES.search(text):  # consent managers talk like policies, and stand beside every page
            return False
        if len(text) <= _DATED_CHARS_MAX and not measure.fields and _states_date(text):
            return not self._has_date()
        if measure.is_prose and legal_terms(text) >= _LEGAL_TERMS_MIN:
            return True
        return self._goes_on(measure) or _is_table(measure.tag)

    def _has_date(self) -> bool:
        if self._is_dated is None:
            self._is_dated = _states_date(self._region.get_text("\n", strip=True))
        return self._is_dated

    def _goes_on(self, measure: Measure) -> bool:
        """Whether it begins with the number that follows the last one of the region, or as an annex does."""
        first = next(_labels(measure.tag), None)
        if first is None:
            return False
        if self._last is None:
            self._last = max((_number(label) for label in _labels(self._region)), default=0)
        if self._last and _number(first) == self._last + 1:
            self._last = max(_number(label) for label in _labels(measure.tag))
            return True
        return bool(first.word and first.firm)


def _states_date(text: str) -> bool:
    """Whether a text says when it was changed or takes effect."""
    found = find_dates(text, stated_only=True)
    return any(one.stated and one.role is not DateRole.OTHER for one in found)


def _is_table(tag: Tag) -> bool:
    """Whether an element bears a table with a header: of subprocessors, of fees."""
    return tag.find("th") is not None and len(tag.find_all("tr", limit=_ROWS_MIN)) == _ROWS_MIN


def _labels(tag: Tag) -> Iterator[Label]:
    for heading in tag.find_all(list(HEADING_TAGS)):
        label = label_of(heading.get_text(" ", strip=True), heading=True)
        if label is not None:
            yield label


def _number(label: Label) -> int:
    """The number of a section; 0 for one within a section and for other ways to count."""
    return next((number for style, number in label.styles if style is Style.DECIMAL and label.depth == 1), 0)
