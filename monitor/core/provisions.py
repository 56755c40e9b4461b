"""The tree of provisions of a text: what a lawyer would cite, with spans that are the whole text without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.core.defining import defines, term_of
from monitor.core.headings import GAP_MAX, TITLED, VISUAL, Seen, seen_by
from monitor.core.labels import Label, Style, label_of
from monitor.core.model import Block, BlockKind, Provision, ProvisionKind
from monitor.core.placing import LEAVES, Open, continues, counted_from, place, prefix, rank
from monitor.core.reading.lines import CELL_SEPARATOR

_TITLE_CHARS_MAX = 200
_TITLE_LINES_MAX = 10  # a heading further down is no title of the whole
_TITLE_CHARS_BEFORE_MAX = 600  # of menus and slogans
_TITLE_VISUAL_LINES_MAX = 2
_LINE_CHARS_MIN = 40  # a shorter line that ends without a sign isn't one that was broken
_LINE_CHARS_MAX = 110
_WRAPPED_SHARE_MIN = 0.3
_LIST_ITEMS_MIN = 5
_PARTS_MAX = 8  # of a number; lists may be nested without end
_PARAGRAPHS = (Style.DECIMAL, Style.NAMED, Style.ORDINAL)
_NUMBERED = (*_PARAGRAPHS, Style.UPPER, Style.UPPER_ROMAN)
_SECTIONS = (ProvisionKind.SECTION, ProvisionKind.PREAMBLE)


def provisions_of(text: str, blocks: Sequence[Block]) -> tuple[Provision, ...]:
    """The provisions in order. Each ends where the next begins; text that goes on after its section's items,
    definitions or table rows is a provision without label and title under that section."""
    seen = seen_by(text, blocks)
    title = _document_title(seen)
    builder = _Builder(text, is_wrapped=_is_wrapped(seen), is_list=_is_list(seen, title))
    for index, one in enumerate(seen):
        builder.add(one, is_title=index == title)
    return builder.finish()


def _is_list(seen: Sequence[Seen], title: int | None) -> bool:
    """Whether a text is one long list, numbered by the page, with nothing else that says how it is divided."""
    others = (one for index, one in enumerate(seen) if index != title)
    if any(one.level or one.label for one in others):
        return False
    return sum(bool(one.block.label) and one.block.level <= 1 for one in seen) >= _LIST_ITEMS_MIN


def _is_wrapped(seen: Sequence[Seen]) -> bool:
    """Whether the lines of a text are those of a page of paper: many end in the middle of a sentence."""
    lines = [one.line for one in seen if one.kind is BlockKind.PARAGRAPH and not one.level]
    cut = sum(len(line) <= _LINE_CHARS_MAX and _ends_open(line) for line in lines)
    return cut > _WRAPPED_SHARE_MIN * len(lines)


def _ends_open(line: str) -> bool:
    return line[-1:].isalnum() or line[-1:] in ",-–("


def _document_title(seen: Sequence[Seen]) -> int | None:
    """The index of the heading that stands above all others, near the top: the title of the document itself."""
    headings = [(index, one) for index, one in enumerate(seen) if one.level]
    if not headings or headings[0][1].label:
        return None
    index, first = headings[0]
    if first.level == VISUAL:
        return index if index < _TITLE_VISUAL_LINES_MAX and first.line.isupper() else None
    is_above = all(other.level > first.level for _, other in headings[1:])
    is_first = index < _TITLE_LINES_MAX and first.block.start <= _TITLE_CHARS_BEFORE_MAX
    return index if is_above and is_first else None


@dataclass(slots=True)
class _Builder:
    text: str
    is_wrapped: bool = False
    is_list: bool = False
    done: list[Open] = field(default_factory=list)
    stack: list[Open] = field(default_factory=list)
    under: dict[tuple[Style, str], tuple[Style | None, str]] = field(default_factory=dict)
    begun: set[tuple[int, Style, str]] = field(default_factory=set)
    titled: dict[tuple[Style, str], tuple[int, list[int]]] = field(default_factory=dict)
    last: str = ""
    last_kind: BlockKind = BlockKind.HEADING

    def add(self, one: Seen, *, is_title: bool) -> None:
        """Put one block where it belongs: a provision of its own, or the body of the one that is open."""
        if is_title:
            self._title(one)
        elif one.level:
            self._heading(one)
        elif one.kind is BlockKind.ROW:
            self._row(one)
        elif one.kind is BlockKind.HEADER_ROW or not (self._labelled(one) or self._definition(one)):
            self._body(one)
        self.last, self.last_kind = one.line, one.kind

    def finish(self) -> tuple[Provision, ...]:
        """The provisions that were opened, each ending where the next begins."""
        ends = [*(provision.start for provision in self.done[1:]), len(self.text)][: len(self.done)]
        return tuple(
            Provision(p.ordinal, p.kind, p.label, p.title, p.depth, p.parent, p.start, min(p.body_start, end), end)
            for p, end in zip(self.done, ends, strict=True)
        )

    def _open(self, kind: ProvisionKind, block: Block, label: str = "", title: str = "", body_start: int = -1) -> Open:
        parent = self.stack[-1] if self.stack else None
        opened = Open(
            ordinal=len(self.done),
            kind=kind,
            label=label,
            title=title.strip()[:_TITLE_CHARS_MAX],
            depth=parent.depth + 1 if parent else 1,
            parent=parent.ordinal if parent else None,
            start=block.start,
            body_start=block.start if body_start < 0 else body_start,
            defines=defines(title) or (parent is not None and parent.defines and kind is not ProvisionKind.ROW),
        )
        if not self.done:
            opened.start = 0
        self.done.append(opened)
        self.stack.append(opened)
        return opened

    # ── Sections ─────────────────────────────────────────────────────────────────────────────────────────────

    def _title(self, one: Seen) -> None:
        """The title of the document opens the preamble; nothing stands under it."""
        if self.done:
            self.done[-1].has_body = True
        self.stack.clear()
        self._open(ProvisionKind.PREAMBLE, one.block, "", one.line, one.block.end + 1)

    def _heading(self, one: Seen) -> None:
        label = one.label
        if label and label.bare and not self._follows(label, one.level):
            label = None
        before = self.done[-1] if self.done else None
        if before is not None and label is None and self._goes_on(before):
            before.title, before.body_start = one.line.strip()[:_TITLE_CHARS_MAX], one.block.end + 1
            before.level = before.level or one.level
            return
        level = self._close_for_heading(one.level, label)
        title = one.line[label.end :] if label else one.line
        opened = self._open(ProvisionKind.SECTION, one.block, _cited(label), title, one.block.end + 1)
        opened.level = level
        if label:
            opened.counts(label, label.styles[0], body=False)
            self.begun.add((one.level, label.styles[0][0], label.word))

    def _follows(self, label: Label, level: int) -> bool:
        """Whether a bare number counts on from the heading before it, and so isn't the "3" of "3 months"."""
        count = label.styles[0][1]
        beside = next((open_.count for open_ in reversed(self.stack) if open_.level == level and open_.count), 0)
        return 1 <= count - beside <= GAP_MAX if beside else count == 1

    def _goes_on(self, before: Open) -> bool:
        """Whether a heading is the title of the bare label ("Article 5") in the line before it."""
        is_bare = bool(before.label) and not before.title and not before.has_body
        return is_bare and before.kind is ProvisionKind.SECTION

    def _close_for_heading(self, level: int, label: Label | None) -> int:
        """Close what doesn't go on under a heading, and give its level: the numbers say more than what the page makes
        of it, where they count on."""
        at = counted_from(self.stack, level, label) if label else None
        if at is not None:
            beside = self.stack[at].level
            del self.stack[at:]
            return min(level, beside) if 0 < beside < TITLED else level
        while self.stack and not self.stack[-1].level:
            self.stack.pop()
        at = prefix(self.stack, label.parts) if label else None
        if at is not None:
            del self.stack[at + 1 :]
            return level
        while self.stack and self.stack[-1].level >= level and not self._contains(self.stack[-1], level, label):
            self.stack.pop()
        return level

    def _contains(self, top: Open, level: int, label: Label | None) -> bool:
        """Whether a heading stands under one of its own level: "1." under "Part A", and under a heading without a
        number where "1." was there before."""
        if label is None or top.level != level:
            return False
        style, count = label.styles[0]
        key, above = (style, label.word), (top.style, top.word)
        if top.style is None:
            return count == 1 and len(label.parts) <= 1 and (level, *key) in self.begun
        if above == key or rank(style, label.text) <= rank(top.style, top.label):
            return False
        if count == 1:
            self.under[key] = above
        return self.under.get(key) == above

    # ── Rows and definitions ─────────────────────────────────────────────────────────────────────────────────

    def _row(self, one: Seen) -> None:
        self._close_leaves()
        self._open(ProvisionKind.ROW, one.block, "", one.line.split(CELL_SEPARATOR)[0])

    def _definition(self, one: Seen) -> bool:
        self_defines = bool(self.stack) and self.stack[-1].defines
        term = term_of(one.line, among_definitions=self_defines)
        if not term:
            return False
        self._close_leaves()
        self._close_list(one.block.level if one.kind is BlockKind.ITEM else 0)
        self._open(ProvisionKind.DEFINITION, one.block, "", term).list_depth = 0
        return True

    def _close_leaves(self) -> None:
        while self.stack and self.stack[-1].kind in LEAVES:
            self.stack.pop()

    def _close_list(self, depth: int) -> Open | None:
        """Close the items of the page's lists that are as deep as this one, with all that stands in them."""
        if not depth:
            return None
        lowest: int | None = None
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at].list_depth >= depth:
                lowest = at
            elif self.stack[at].list_depth:
                break
        if lowest is None:
            return None
        replaced = self.stack[lowest]
        del self.stack[lowest:]
        return replaced

    # ── Numbered paragraphs and items ────────────────────────────────────────────────────────────────────────

    def _labelled(self, one: Seen) -> bool:
        if one.kind is BlockKind.ITEM and one.block.label:
            self._item_by_page(one)
            return True
        label = one.label
        if label is None or self._is_loose(one, label):
            return False
        placed = place(self.stack, label, titled=one.titled) or self._place_title(one, label)
        if placed is None:
            return False
        at, style, count = placed
        is_section = label.text[0] not in "([（" and style in (_NUMBERED if one.titled else _PARAGRAPHS)
        if is_section and at == 1 and self.stack[0].kind is ProvisionKind.PREAMBLE:
            at = 0
        if one.titled and is_section and at == len(self.stack) and (label.styles[0][0], label.word) not in self.titled:
            at -= bool(at and self.stack[-1].level == VISUAL and self.stack[-1].has_body)
        beside = self.stack[at] if label.inserted and at < len(self.stack) else None
        del self.stack[at:]
        self._numbered(one, label, ProvisionKind.SECTION if is_section else ProvisionKind.ITEM, (style, count))
        if beside is not None:  # 3a stands in the list of the page that 3 stands in, and 4 goes on after it
            self.stack[-1].list_depth = beside.list_depth
        return True

    def _place_title(self, one: Seen, label: Label) -> tuple[int, Style, int] | None:
        """Where a numbered title goes that counts on from one that headings without a number closed."""
        style, count = label.styles[0]
        last = self.titled.get((style, label.word))
        if not one.titled or last is None or not 1 <= count - last[0] <= GAP_MAX:
            return None
        around = last[1]
        if [above.ordinal for above in self.stack[: len(around)]] == around:
            return len(around), style, count
        at = next((at for at, above in enumerate(self.stack) if not 0 < above.level < TITLED), len(self.stack))
        return at, style, count

    def _is_loose(self, one: Seen, label: Label) -> bool:
        """Whether a label without a word after it continues nothing, and so is only a number."""
        return one.alone and not label.word and not continues(self.stack, label)

    def _numbered(self, one: Seen, label: Label, kind: ProvisionKind, place: tuple[Style, int]) -> None:
        """Open a provision that begins with its label."""
        title, length = self._titled(one)
        body_start = one.block.start + label.end + length
        if one.titled:
            body_start = one.block.end + 1
        opened = self._open(kind, one.block, _cited(label), title, body_start)
        opened.counts(label, place, body=not one.titled and not one.alone)
        opened.level = TITLED if one.titled and kind is ProvisionKind.SECTION else 0
        if opened.level and len(opened.parts) <= 1:
            self.titled[place[0], label.word] = (place[1], [above.ordinal for above in self.stack[:-1]])
        opened.list_depth = one.block.level if one.kind is BlockKind.ITEM else 0

    def _titled(self, one: Seen) -> tuple[str, int]:
        """The title of a numbered provision, and how much of the line after its label that takes."""
        if one.titled:
            return one.rest, len(one.rest)
        if one.run_in:
            return one.run_in, one.run_in_length
        return term_of(one.rest, among_definitions=bool(self.stack) and self.stack[-1].defines), 0

    def _item_by_page(self, one: Seen) -> None:
        """An item of an ordered list, whose number the page shows."""
        depth = one.block.level
        shown = label_of(f"{one.block.label} X", heading=False)
        style, count = self._counted(shown, depth) if shown else (None, 0)
        self._close_leaves()
        replaced = self._close_items(one, style, count)
        spelled = one.label
        if spelled and spelled.firm:  # the page numbers the list and hides that, because the text does so itself
            self._numbered(one, spelled, ProvisionKind.ITEM, spelled.styles[0])
            self.stack[-1].list_depth = depth
            return
        title, length = self._titled(one)
        above = self.stack[-1] if self.stack else None
        goes_on = replaced is not None and replaced.kind is ProvisionKind.SECTION and count == replaced.count + 1
        is_section = style in _NUMBERED and (above is None or above.kind in _SECTIONS)
        is_section = is_section and (one.titled or goes_on or self._heads(one, above, title))
        if is_section and above is not None and above.kind is ProvisionKind.PREAMBLE:
            self.stack.pop()
        body_start = one.block.end + 1 if one.titled else one.block.start + length
        kind = ProvisionKind.SECTION if is_section else ProvisionKind.ITEM
        opened = self._open(kind, one.block, one.block.label.rstrip(".:"), title, body_start)
        if shown is not None and style is not None:
            opened.counts(shown, (style, count))
            around = above.parts[:_PARTS_MAX] if above is not None and above.list_depth else ()
            opened.parts = (*around, count) if shown.parts else ()
        opened.level = TITLED if is_section and one.titled else 0
        opened.list_depth = depth
        opened.has_body = not one.titled

    def _counted(self, shown: Label, depth: int) -> tuple[Style, int]:
        """How an item's label counts: "i" may be the ninth or the first, whatever comes after the one before it."""
        listed = next((one for one in reversed(self.stack) if 0 < one.list_depth <= depth), None)
        beside = listed if listed is not None and listed.list_depth == depth else None
        if beside is not None:
            for style, count in shown.styles:
                if style is beside.style and count == beside.count + 1:
                    return style, count
        return next(((style, count) for style, count in shown.styles if count == 1), shown.styles[0])

    def _heads(self, one: Seen, above: Open | None, title: str) -> bool:
        """Whether an item of the outermost list is a section: the text has no other, or it has a title."""
        is_first = above is None or above.kind is ProvisionKind.PREAMBLE
        return is_first and one.block.level <= 1 and (self.is_list or bool(title))

    def _close_items(self, one: Seen, style: Style | None, count: int) -> Open | None:
        """Close the items that this one stands beside, and give the one it comes after. A list that begins again below
        the text of a titled item stands in that."""
        if one.titled:
            for at in range(len(self.stack) - 1, -1, -1):
                above = self.stack[at]
                if above.level and above.style is style and above.count + 1 == count and not above.form:
                    del self.stack[at:]
                    return above
        if count == 1 and self.last_kind is BlockKind.PARAGRAPH and not one.titled:
            for above in self.stack:
                if above.level == TITLED and above.list_depth == one.block.level:
                    above.list_depth = 0
        return self._close_list(one.block.level)

    # ── What has no label ────────────────────────────────────────────────────────────────────────────────────

    def _body(self, one: Seen) -> None:
        if not self.done:
            self._open(ProvisionKind.PREAMBLE, one.block)
        before = self.done[-1]
        if self._belongs_to(before, one) or self._is_broken(before, one):
            before.has_body = True
            return
        while self.stack and self.stack[-1].kind not in _SECTIONS:
            self.stack.pop()
        kind = ProvisionKind.SECTION if self.stack else ProvisionKind.PREAMBLE
        self._open(kind, one.block).has_body = True
        self.stack.pop()

    def _belongs_to(self, before: Open, one: Seen) -> bool:
        """Whether a paragraph or bullet goes on in the provision before it, or comes back to the section around."""
        block = one.block
        if before.kind is ProvisionKind.ROW:
            return False
        if before.kind is ProvisionKind.DEFINITION:
            return one.kind is BlockKind.ITEM
        if before.kind is ProvisionKind.ITEM and before.list_depth:
            return block.level > before.list_depth or (
                block.level == before.list_depth and one.kind is BlockKind.PARAGRAPH
            )
        return True

    def _is_broken(self, before: Open, one: Seen) -> bool:
        """Whether a paragraph is the next line of the one before it, which a page broke in the middle."""
        if one.kind is not BlockKind.PARAGRAPH or before.kind is ProvisionKind.ROW:
            return False
        is_full = self.is_wrapped and _LINE_CHARS_MIN <= len(self.last) <= _LINE_CHARS_MAX
        return _ends_open(self.last) and (one.line[:1].islower() or is_full)


def _cited(label: Label | None) -> str:
    return label.text.rstrip(".:： ") if label else ""
