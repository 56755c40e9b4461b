"""Where a numbered line goes on or begins among the provisions that are open: the rules of numbering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.headings import GAP_MAX, TITLED, VISUAL
from monitor.core.labels import Label, Style, is_annex, is_wide
from monitor.core.model import ProvisionKind

LEAVES = (ProvisionKind.ROW, ProvisionKind.DEFINITION)
_LISTED = (Style.LOWER, Style.LOWER_ROMAN, Style.UPPER_ROMAN)
_RANKS = {Style.UPPER: 2, Style.UPPER_ROMAN: 2, Style.NAMED: 3, Style.ORDINAL: 3, Style.DECIMAL: 5}
_RANK_WIDE, _RANK_SIGN, _RANK_LEAST = 1, 4, 6


@dataclass(slots=True)
class Open:
    """A provision while it is built. `level` is a heading's; `list_depth` an item's in the page's lists; `form` the
    signs around its label, by which "(a)" isn't taken to go on after "b."."""

    ordinal: int
    kind: ProvisionKind
    label: str
    title: str
    depth: int
    parent: int | None
    start: int
    body_start: int
    level: int = 0
    list_depth: int = 0
    style: Style | None = None
    count: int = 0
    inserted: int = 0
    parts: tuple[int, ...] = ()
    word: str = ""
    form: str = ""
    has_body: bool = False
    defines: bool = False

    def counts(self, label: Label, place: tuple[Style, int], body: bool = True) -> None:
        """Take on how a label counts."""
        self.style, self.count = place
        self.inserted = label.inserted
        self.parts = label.parts or ((label.styles[0][1],) if label.styles[0][0] is Style.NAMED else ())
        self.word, self.form = label.word, form(label)
        self.has_body = body


def place(stack: Sequence[Open], label: Label, *, titled: bool) -> tuple[int, Style, int] | None:
    """Where in the stack a label goes on or begins a sequence: (how much stays open, style, number)."""
    if len(label.parts) > 1:
        return _place_decimal(stack, label)
    for own in (form(label), None):
        for found in _counting(stack, label, own, titled=titled):
            return found
    leaf = len(stack)
    while leaf and stack[leaf - 1].kind in LEAVES and not label.firm:
        leaf -= 1
    for style, count in label.styles:
        if count == 1 or style is Style.NAMED:
            return leaf, style, count
    return None


def continues(stack: Sequence[Open], label: Label) -> bool:
    """Whether a label is the next of one that is open, or the first of a list."""
    if len(label.parts) > 1:
        return True
    return any(
        above.style is style and _steps(above, label, count) == 1 for above in stack for style, count in label.styles
    ) or any(count == 1 for _, count in label.styles)


def _steps(above: Open, label: Label, count: int) -> int:
    """How many steps of a sequence a label is behind another: one from 7 to 8 or 7A, and from 7A to 7B or 8."""
    return 1 if count == above.count and label.inserted > above.inserted else count - above.count


def counted_from(stack: Sequence[Open], level: int, label: Label) -> int | None:
    """Where in the stack the label stands that this one goes on from: a heading's of its level, or a paragraph's
    where no heading of the level has a number."""
    style, count = label.styles[0]
    beside: int | None = None
    for at in range(len(stack) - 1, -1, -1):
        above = stack[at]
        if above.level == level and above.style is not None and above.style is not style:
            return None
        if above.style is style is Style.NAMED and above.word == label.word and count == 1 and above.count > 1:
            return at  # nobody puts Article 1 under Article 15: a table of contents has ended
        follows = (
            above.style is style
            and above.word == label.word
            and 1 <= _steps(above, label, count) <= GAP_MAX
            and len(above.parts) == len(label.parts or above.parts)
            and above.parts[:-1] == label.parts[:-1]
        )
        if follows and above.level == level:
            return at
        is_near = above.level in (0, TITLED) or (above.level < level and count == above.count + 1)
        if follows and beside is None and is_near and above.kind is ProvisionKind.SECTION:
            beside = at
        if above.level == level and above.style is style:
            return None
    return beside


def prefix(stack: Sequence[Open], parts: tuple[int, ...]) -> int | None:
    """Where in the stack the number stands that these parts go on: 4.2 for 4.2.1."""
    for at in range(len(stack) - 1, -1, -1):
        above = stack[at].parts
        if above and len(above) < len(parts) and above == parts[: len(above)]:
            return at
    return None


def rank(style: Style, label: str) -> int:
    """How wide what a label names is: parts hold articles, articles hold numbers. Annexes stand in nothing."""
    if style is Style.NAMED:
        if is_annex(label):
            return 0
        return _RANK_WIDE if is_wide(label) else _RANK_SIGN if label[0] == "§" else _RANKS[style]
    return _RANKS.get(style, _RANK_LEAST)


def form(label: Label) -> str:
    """The sign that closes a label, by which (2) isn't taken for the next of 1."""
    return ")" if label.text[-1:] in ")]）" else ""


def _counting(
    stack: Sequence[Open], label: Label, own: str | None, *, titled: bool
) -> Iterator[tuple[int, Style, int]]:
    """The places where a label counts on, the nearest first: beside labels of its own form, or of any."""
    for at in range(len(stack) - 1, -1, -1):
        above = stack[at]
        if own is not None and above.form != own:
            continue
        for style, count in label.styles:
            if above.style is not style or len(above.parts) > 1 or above.word != label.word:
                continue
            goes_on = 1 <= _steps(above, label, count) <= (GAP_MAX if label.firm else 1)
            again = own is not None and count == 1
            if goes_on or (again and _begins_again(stack, at, style, titled=titled)):
                yield at, style, count


def _begins_again(stack: Sequence[Open], at: int, style: Style, *, titled: bool) -> bool:
    """Whether the first of a list begins another beside the one in the stack: nobody puts (a) under (d), or 1.
    under 1. where that is no title."""
    above, is_top = stack[at], at == len(stack) - 1
    if style in _LISTED:
        return True
    if above.level == TITLED:
        return titled and not any(one.level == VISUAL and not one.label for one in stack[at:])
    return is_top and above.count == 1


def _place_decimal(stack: Sequence[Open], label: Label) -> tuple[int, Style, int] | None:
    parts = label.parts
    for at in range(len(stack) - 1, -1, -1):
        above = stack[at].parts
        if not above:
            continue
        if len(above) == len(parts) and above[:-1] == parts[:-1]:
            return at, Style.DECIMAL, parts[-1]
        if len(above) < len(parts) and above == parts[: len(above)]:
            return at + 1, Style.DECIMAL, parts[-1]
    beside = next((at for at, above in enumerate(stack) if len(above.parts) == len(parts)), None)
    if beside is not None and parts > stack[beside].parts:
        return beside, Style.DECIMAL, parts[-1]
    return None if parts[-1] > 1 else (_sections_open(stack), Style.DECIMAL, parts[-1])


def _sections_open(stack: Sequence[Open]) -> int:
    at = len(stack)
    while at and not stack[at - 1].level:
        at -= 1
    return at
