"""An HTML page to the lines of its document, by the declaration where it says how, else by general features."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.core.memory import NOTHING
from monitor.core.model import Memory, ReadingDeclaration, Unreadable
from monitor.core.reading.beside import widen
from monitor.core.reading.ends import drop_ends
from monitor.core.reading.lines import Gaps, Line, lines_of
from monitor.core.reading.page import Page, choose_region, drop_furniture, left_out, parse
from monitor.core.reading.recollect import LAYOUT, is_known_furniture, is_known_text, recollect
from monitor.core.reading.refine import refine
from monitor.core.reading.select import Missed, Part, matches, select
from monitor.core.reading.trace import Cut, Trace, traced
from monitor.core.reading.versions import NO_VERSIONS, Versions, mark_versions
from monitor.core.reading.why import Why


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of one capture, and what its page shows besides, by which it is judged.

    `every` has the lines that aren't read as well, marked with the reason; `missed` what `remove` didn't find;
    `versions` what a page that holds several versions says of the others.
    """

    every: tuple[Line, ...]
    title: str = ""
    visible_text: str = ""
    script_chars: int = 0
    has_password: bool = False
    missed: tuple[Missed, ...] = ()
    versions: Versions = NO_VERSIONS

    @property
    def lines(self) -> tuple[Line, ...]:
        """Those that are read."""
        return tuple(line for line in self.every if line.why is None)


def extract(
    html: str,
    declaration: ReadingDeclaration,
    trace: Trace | None = None,
    memory: Memory = NOTHING,
    *,
    on: date,
    bare: bool = False,
) -> Extract | Unreadable:
    """The lines of a page. A selector that can't be used or that `select` has for nothing makes it Unreadable.

    With `trace` all that is on the page is added there, in its order: the very lines that are read, and the others.
    Of several versions on the page the one in force `on` that day is read. A `bare` page is the document and has no
    furniture around it. What the `memory` says of the layout counts for other pages, where nothing is selected.
    """
    page = parse(html)
    versions = NO_VERSIONS
    missed = _remove(page, declaration)
    if isinstance(missed, Unreadable):
        return missed
    if declaration.select:
        parts = select(page, declaration.select)
        if isinstance(parts, Unreadable):
            return parts
        cuts = [_cut(page, part) for part in parts]
    elif bare:
        cuts = [_cut(page, Part(page.soup))]
        versions = mark_versions(cuts[0].lines, on)
    else:
        drop_furniture(page)
        drop_ends(page)
        cuts = [_cut(page, Part(widen(page, choose_region(page))))]
        versions = mark_versions(cuts[0].lines, on)
        refine(cuts[0].lines)
    has_moved = not declaration.select and not bare and _may_have_moved(page, cuts[0], memory)
    every = [line for cut in cuts for line in cut.lines]
    if has_moved or trace is not None:
        every = list(traced(page, cuts, Why.SELECT if declaration.select else Why.OUTSIDE))
    if has_moved:
        recollect(every, memory)
    if trace is not None:
        trace.extend(every)
    shown = f"{page.visible_text} {page.noscript_text}".strip()
    return Extract(tuple(every), page.title, shown, page.script_chars, page.has_password, missed, versions)


def _remove(page: Page, declaration: ReadingDeclaration) -> tuple[Missed, ...] | Unreadable:
    """Leave out what `remove` matches; returns the selectors that match nothing."""
    missed: list[Missed] = []
    for selector in declaration.remove:
        found = matches(page, selector, "remove")
        if isinstance(found, Unreadable):
            return found
        if isinstance(found, Missed):
            missed.append(found)
        else:
            page.dropped.update((id(tag), Why.REMOVE) for tag in found)
    return tuple(missed)


def _cut(page: Page, part: Part) -> Cut:
    gaps: Gaps = []
    dropped = page.dropped
    if part.opened:
        lines = lines_of(part.root, lambda tag: id(tag) in dropped or part.is_outside(tag), gaps)
    else:
        lines = lines_of(part.root, lambda tag: id(tag) in dropped, gaps)
    return Cut(part, lines, gaps)


def _may_have_moved(page: Page, cut: Cut, memory: Memory) -> bool:
    """Whether something remembered stands elsewhere on the page than before. Cheap, where nothing did: the lines of
    what is left out aren't made but where there is plain text."""
    left, read = frozenset(memory.left), frozenset(memory.read)
    if left and any(line.why is None and is_known_furniture(line, left) for line in cut.lines):
        return True
    if any(line.why in LAYOUT and is_known_text(line, read) for line in cut.lines):
        return True
    roots = left_out(page, cut.part.root) if read else ()
    return any(is_known_text(line, read) for root in roots for line in lines_of(root, lambda tag: False))
