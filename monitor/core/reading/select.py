"""What the selectors of a declaration match on a page: elements, or what stands between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import soupsieve
from bs4.element import NavigableString, PageElement, Tag

from monitor.core.model import Range, Selector, SuspectKind, Unreadable
from monitor.core.reading.page import Page

Span = tuple[int, int]  # the place of a node in the order of the page, and the place after all that is in it


@dataclass(frozen=True, slots=True)
class Missed:
    """A selector matched nothing; `where` is the end of a sentence about it."""

    selector: Selector
    where: str

    def verdict(self, key: str) -> Unreadable:
        """That it is an error: what a selector was written for would be lost, or taken for terms, in silence."""
        what = "range" if isinstance(self.selector, Range) else "selector"
        quoted = str(self.selector) if isinstance(self.selector, Range) else f"“{self.selector}”"
        meant = "the terms" if key == "select" else "what isn't terms"
        return Unreadable(
            SuspectKind.SELECTOR,
            f"The {what} {quoted} was expected to match {meant}, but {self.where}: "
            f"the page was rebuilt or isn't the document; check `{key}` in the config.",
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page to be read: `root` whole, or of what is in it only `chosen`, to which the way leads through
    `opened` (ids of Python objects, both)."""

    root: Tag
    opened: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()

    def is_outside(self, tag: Tag) -> bool:
        """Whether an element within `root` isn't chosen."""
        return id(tag.parent) in self.opened and id(tag) not in self.opened and id(tag) not in self.chosen


def matches(page: Page, selector: Selector, key: str) -> list[Tag] | Missed | Unreadable:
    """What a selector matches, in the order of the page. Unreadable where it isn't one."""
    try:
        if isinstance(selector, Range):
            return _between(page, selector)
        found = list(soupsieve.select(selector, page.soup))
    except soupsieve.SelectorSyntaxError as error:
        reason = str(error).splitlines()[0]
        return Unreadable(
            SuspectKind.SELECTOR,
            f"`{key}` was expected to have CSS selectors, but “{selector}” isn't one ({reason}): mend it.",
        )
    return found or Missed(selector, "nothing on the page matches it")


def select(page: Page, selectors: tuple[Selector, ...]) -> list[Part] | Unreadable:
    """The parts that selectors choose, in the order of the page, each element once."""
    chosen: dict[int, Tag] = {}
    ranges: dict[int, Range] = {}  # by the ids of what they chose
    for selector in selectors:
        found = matches(page, selector, "select")
        if isinstance(found, Unreadable):
            return found
        if isinstance(found, Missed):
            return found.verdict("select")
        chosen.update((id(tag), tag) for tag in found)
        if isinstance(selector, Range):
            ranges.update((id(tag), selector) for tag in found)
    in_order = (tag for tag in page.soup.find_all(True) if id(tag) in chosen)
    outermost = [tag for tag in in_order if not any(id(parent) in chosen for parent in tag.parents)]
    return list(_parts(outermost, ranges))


def _parts(tags: list[Tag], ranges: dict[int, Range]) -> Iterator[Part]:
    """Each element as a part of its own, but those of one range together, so that a list or table stays one."""
    together: dict[Range, list[Tag]] = {}
    for tag in tags:
        if id(tag) in ranges:
            together.setdefault(ranges[id(tag)], []).append(tag)
    for tag in tags:
        if id(tag) not in ranges:
            yield Part(tag)
        elif members := together.pop(ranges[id(tag)], None):
            yield _part(members)


def _part(members: list[Tag]) -> Part:
    if len(members) == 1:
        return Part(members[0])
    shared = {id(parent) for parent in members[0].parents}
    for tag in members[1:]:
        shared &= {id(parent) for parent in tag.parents}
    root = next(parent for parent in members[0].parents if id(parent) in shared)
    opened: dict[int, Tag] = {}
    for tag in members:
        for parent in tag.parents:
            opened[id(parent)] = parent
            if parent is root:
                break
    for parent in opened.values():
        for child in list(parent.contents):
            _as_tag(child, parent)
    return Part(root, frozenset(opened), frozenset(id(tag) for tag in members))


# ── Ranges ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _between(page: Page, between: Range) -> list[Tag] | Missed:
    """The outermost nodes that stand wholly in a range; text without an element of its own is given one."""
    spans = _spans(page.soup)
    first = soupsieve.select_one(between.start, page.soup)
    if first is None:
        return Missed(between, f"nothing on the page matches its start “{between.start}”")
    start = spans[id(first)][0 if between.with_start else 1]
    ends = (spans[id(tag)][1 if between.with_end else 0] for tag in soupsieve.iselect(between.end, page.soup))
    end = next((end for end in ends if end > start), None)
    if end is None:
        return Missed(between, f"nothing after its start matches its end “{between.end}”")

    def is_inside(span: Span) -> bool:
        return start <= span[0] and span[1] <= end

    def is_partly_inside(span: Span) -> bool:
        return span[0] < end and start < span[1]

    found = list(_outermost(page.soup, spans, is_inside, is_partly_inside))
    return found or Missed(between, "nothing stands between its start and its end")


def _outermost(
    soup: Tag, spans: dict[int, Span], is_inside: Callable[[Span], bool], is_partly: Callable[[Span], bool]
) -> Iterator[Tag]:
    waiting: list[tuple[Tag, PageElement]] = [(soup, child) for child in reversed(soup.contents)]
    while waiting:
        parent, node = waiting.pop()
        span = spans[id(node)]
        if is_inside(span):
            tag = _as_tag(node, parent)
            if tag is not None:
                yield tag
        elif isinstance(node, Tag) and is_partly(span):
            waiting.extend((node, child) for child in reversed(node.contents))


def _as_tag(node: PageElement, parent: Tag) -> Tag | None:
    """The node as an element, so that it can be chosen or left out: bare text is wrapped, comments are nothing."""
    if isinstance(node, Tag):
        return node
    if type(node) is not NavigableString or not node.strip():
        return None
    wrapper = Tag(name="span")
    node.wrap(wrapper)
    assert wrapper.parent is parent
    return wrapper


def _spans(soup: Tag) -> dict[int, Span]:
    """Where each node begins and ends, without recursion."""
    spans: dict[int, Span] = {}
    count = 0
    stack: list[tuple[Tag, int, Iterator[PageElement]]] = [(soup, 0, iter(soup.contents))]
    while stack:
        tag, began, contents = stack[-1]
        for child in contents:
            count += 1
            if isinstance(child, Tag):
                stack.append((child, count, iter(child.contents)))
                break
            spans[id(child)] = (count, count + 1)
        else:
            stack.pop()
            count += 1
            spans[id(tag)] = (began, count)
    return spans
