"""A change as one HTML page, inline or side by side: no script, no request, both texts whole with folds between."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from markupsafe import Markup

from monitor.core.citing import cite
from monitor.core.redline import Limits, Mark, Passage, Run, whole
from monitor.core.render.marks import is_moved, legible
from monitor.core.render.sheet import Sheet, proofs
from monitor.core.render.template import render
from monitor.core.render.words import count, one_line

CONTEXT = 30  # unchanged words kept on each side of a changed one
LISTED_MAX = 12  # changes that the list at the top names before it folds

_WORD = re.compile(r"\w+")


class Layout(StrEnum):
    INLINE = "inline"
    SIDE_BY_SIDE = "side-by-side"


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side: the words of the old and of the new text; or unchanged words, folded (`fold`)."""

    left: tuple[Run, ...] = ()
    right: tuple[Run, ...] = ()
    fold: Run | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One provision on the page. `anchor` where one can jump to it, with the neighbours one jumps to from there.

    `own` is its heading as written in the text, with `above` it where that stands; None where the path is the heading.
    """

    passage: Passage
    own: Run | None
    above: str
    runs: tuple[Run, ...]
    rows: tuple[Row, ...]
    anchor: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Provisions that are shown, or with `said` such as are folded because nothing happened to them."""

    parts: tuple[Part, ...]
    said: str = ""


def page(sheet: Sheet, layout: Layout = Layout.INLINE, *, unfolded: bool = False) -> str:
    """The HTML page of a change. Raises QuotationDefect where a quotation isn't in its reading."""
    limits = Limits(context=None if unfolded else CONTEXT)
    passages = whole(sheet.comparison, sheet.old.reading, sheet.new.reading, limits)
    stretches = tuple(_stretches(passages, sheet))
    shown = [part for stretch in stretches for part in stretch.parts if part.anchor]
    style = render("page.css.j2", {})
    values: dict[str, object] = {
        "section": sheet.section,
        "sides": (sheet.old, sheet.new),
        "proofs": proofs(sheet),
        "stretches": stretches,
        "listed": (shown[:LISTED_MAX], shown[LISTED_MAX:]),
        "anchors": _anchors(sheet, shown),
        "is_inline": layout is Layout.INLINE,
        "layout": "" if layout is Layout.INLINE else f" --format {layout}",
        "unfolded": unfolded,
        "moves": any(is_moved(run) and not run.in_place for passage in passages for run in passage.runs),
        "language": sheet.new.reading.language,
        "style": Markup(style),  # noqa: S704  our own file, and no value of a page goes into it
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    }
    return render("page.html.j2", values)


def _anchors(sheet: Sheet, shown: list[Part]) -> dict[Mark, dict[str, str]]:
    """Where moved text leads: out to a provision of the new text, in from one of the old, by their paths."""
    old = sheet.old.reading
    came = {part.passage.path: part.anchor for part in shown if part.passage.new is not None}
    went = {cite(old, part.passage.old): part.anchor for part in shown if part.passage.old is not None}
    return {Mark.MOVED_OUT: came, Mark.MOVED_IN: went}


def _stretches(passages: tuple[Passage, ...], sheet: Sheet) -> Iterator[Stretch]:
    """The provisions in order, quiet ones together; changed ones are numbered, so that one can jump between them."""
    last = sum(bool(passage.ops) and not passage.is_quiet for passage in passages)
    number = 0
    for is_quiet, members in groupby(passages, lambda passage: passage.is_quiet):
        group = tuple(members)
        if is_quiet:
            yield Stretch(tuple(_part(passage, sheet, 0, 0) for passage in group), _quiet(group))
            continue
        parts = []
        for passage in group:
            number += bool(passage.ops)
            parts.append(_part(passage, sheet, number if passage.ops else 0, last))
        yield Stretch(tuple(parts))


def _quiet(group: tuple[Passage, ...]) -> str:
    """3 unchanged provisions: 2.1 Scope to 2.3 Export (2 renumbered)."""
    first, last = (one_line(passage.path, 60) for passage in (group[0], group[-1]))
    renumbered = sum(bool(passage.ops) for passage in group)
    noted = f" ({renumbered} renumbered)" if renumbered else ""
    return f"{count(len(group), 'unchanged provision')}: {first}{f' to {last}' if len(group) > 1 else ''}{noted}"


def _part(passage: Passage, sheet: Sheet, number: int, last: int) -> Part:
    heading, runs = _own_heading(passage, sheet)
    above = None if heading is None else _above(one_line(passage.path), heading.text)
    if above is None and heading is not None:
        runs = (heading, *runs)
    shown = legible(runs)
    return Part(
        passage=passage,
        own=replace(heading, text=heading.text.strip()) if heading is not None and above is not None else None,
        above=above or "",
        runs=shown,
        rows=tuple(_rows(shown)),
        anchor=f"change-{number}" if number else "",
        before=f"change-{number - 1}" if number > 1 else "",
        after=f"change-{number + 1}" if 0 < number < last else "",
    )


def _own_heading(passage: Passage, sheet: Sheet) -> tuple[Run | None, tuple[Run, ...]]:
    """The heading or label at the beginning of a passage, if it is one run, and what follows it."""
    reading, ordinal = (sheet.old.reading, passage.old) if passage.new is None else (sheet.new.reading, passage.new)
    assert ordinal is not None, "a passage is of a provision of one of the texts"
    provision = reading.provisions[ordinal]
    start, body = provision.start, provision.body_start
    if passage.heading.strip():
        return Run(Mark.EQUAL, start, body, passage.heading), passage.runs
    first = passage.runs[0] if passage.runs else None
    if first is None or first.hidden or not first.start == start < body <= first.end or first.mark is Mark.EQUAL:
        return None, passage.runs
    heading = replace(first, end=body, text=first.text[: body - start])
    return heading, (replace(first, start=body, text=first.text[body - start :]), *passage.runs[1:])


def _above(path: str, heading: str) -> str | None:
    """What a path has before the heading ("4 Security" of "4 Security (a)"); None where it doesn't end in its words."""
    own = [word.group().casefold() for word in _WORD.finditer(heading)]
    tail = list(_WORD.finditer(path))[-len(own) :]
    if not own or [word.group().casefold() for word in tail] != own:
        return None
    return path[: tail[0].start()].rstrip(" ,(“§")


def _rows(runs: tuple[Run, ...]) -> Iterator[Row]:
    """The runs side by side, row by row: a fold goes across, so that what follows it stands level again."""
    for is_fold, members in groupby(runs, lambda run: bool(run.hidden) and run.mark is Mark.EQUAL):
        group = tuple(members)
        if is_fold:
            yield from (Row(fold=run) for run in group)
        else:
            yield Row(
                left=tuple(run for run in group if run.mark.is_old or run.mark is Mark.EQUAL),
                right=tuple(run for run in group if not run.mark.is_old),
            )
