"""The tree of provisions of a text: what a lawyer would cite, with spans that are the whole text without a gap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.core.labels import Label, Style, label_of
from monitor.core.model import Block, BlockKind, Provision, ProvisionKind
from monitor.core.reading.lines import CELL_SEPARATOR

_GAP_MAX = 3  # labels of a sequence may leave out so many: "(a), (c)" after (b) was deleted
_TITLE_CHARS_MAX = 200
_TITLE_LINES_MAX = 10  # a heading further down is no title of the whole
_RUN_IN = re.compile(r"([^\W\d_][^.:;!?\n]{1,70}?)(?:[.:]\s+|\s+[–—-]\s+)(?=[\"“„«‘'(\[]?[^\W\d_])")
_RUN_IN_WORDS_MAX = 4
_LIGHT_CHARS_MAX = 4  # "of", "and", "with", "der": they may be written small in a heading
_DEFINITION = re.compile(
    r"""[\"“”„«「『]\s?(?P<term>[^\"“”„»」』\n]{1,80}?)\s?[\"”“»」』]\s*(?:\([^)]{1,60}\)\s*)?
    (?:,\s*|or\s+[\"“][^\"”]{1,80}[\"”]\s+)?
    (?:(?:shall\s+|will\s+)?(?:means?|includes?|refers?\s+to|have|has|is|are)\b|bedeute|bezeichne|meint\b|sind\b|ist\b|désigne|signifie|s'entend|significa|designa
    |indica|se\s+refiere|refere-se|betekent|oznacza|[:：–—-]|とは|是?指|は)""",
    re.IGNORECASE | re.VERBOSE,
)


def provisions_of(text: str, blocks: Sequence[Block]) -> tuple[Provision, ...]:
    """The provisions in order. Each ends where the next begins; text that goes on after its section's items,
    definitions or table rows is a provision without label and title under that section."""
    builder = _Builder(text)
    title = _document_title(text, blocks)
    for index, block in enumerate(blocks):
        builder.add(block, is_title=index == title)
    return builder.finish()


def _document_title(text: str, blocks: Sequence[Block]) -> int | None:
    """The index of the heading that stands above all others, near the top: the title of the document itself."""
    headings = [(index, block.level) for index, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    if not headings:
        return None
    index, level = headings[0]
    if label_of(text[blocks[index].start : blocks[index].end], heading=True):
        return None
    is_above = all(other > level for _, other in headings[1:])
    return index if is_above and index < _TITLE_LINES_MAX else None


@dataclass(slots=True)
class _Open:
    """A provision while it is built. `level` is a heading's; `list_depth` an item's in the page's lists."""

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
    parts: tuple[int, ...] = ()
    has_body: bool = False


@dataclass(slots=True)
class _Builder:
    text: str
    done: list[_Open] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def add(self, block: Block, *, is_title: bool) -> None:
        """Put one block where it belongs: a provision of its own, or the body of the one that is open."""
        line = self.text[block.start : block.end]
        if is_title:
            self._title(block, line)
        elif block.kind is BlockKind.HEADING:
            self._heading(block, line)
        elif block.kind is BlockKind.ROW:
            self._row(block, line)
        elif not self._labelled(block, line) and not self._definition(block, line):
            self._body(block)

    def finish(self) -> tuple[Provision, ...]:
        """The provisions that were opened, each ending where the next begins."""
        ends = [*(provision.start for provision in self.done[1:]), len(self.text)][: len(self.done)]
        return tuple(
            Provision(p.ordinal, p.kind, p.label, p.title, p.depth, p.parent, p.start, min(p.body_start, end), end)
            for p, end in zip(self.done, ends, strict=True)
        )

    def _open(self, kind: ProvisionKind, block: Block, label: str = "", title: str = "", body_start: int = -1) -> _Open:
        parent = self.stack[-1] if self.stack else None
        opened = _Open(
            ordinal=len(self.done),
            kind=kind,
            label=label,
            title=title[:_TITLE_CHARS_MAX],
            depth=parent.depth + 1 if parent else 1,
            parent=parent.ordinal if parent else None,
            start=block.start,
            body_start=block.start if body_start < 0 else body_start,
        )
        if not self.done:
            opened.start = 0
        self.done.append(opened)
        self.stack.append(opened)
        return opened

    # ── Sections ─────────────────────────────────────────────────────────────────────────────────────────────

    def _title(self, block: Block, line: str) -> None:
        """The title of the document opens the preamble; nothing stands under it."""
        if self.done:
            self.done[-1].has_body = True
        self.stack.clear()
        self._open(ProvisionKind.PREAMBLE, block, "", line, block.end + 1)

    def _heading(self, block: Block, line: str) -> None:
        label = label_of(line, heading=True)
        if label and label.bare and not self._follows(label, block.level):
            label = None
        before = self.done[-1] if self.done else None
        if before is not None and self._goes_on(before, block, label):
            before.title, before.body_start = line[:_TITLE_CHARS_MAX], block.end + 1
            return
        self._close_for_heading(block.level, label)
        title = line[label.end :] if label else line
        opened = self._open(ProvisionKind.SECTION, block, _cited(label), title, block.end + 1)
        opened.level = block.level
        if label:
            opened.style, opened.count = label.styles[0]
            opened.parts = label.parts

    def _follows(self, label: Label, level: int) -> bool:
        """Whether a bare number counts on from the heading before it, and so isn't the "3" of "3 months"."""
        count = label.styles[0][1]
        beside = next((open_.count for open_ in reversed(self.stack) if open_.level == level), 0)
        return 1 <= count - beside <= _GAP_MAX if beside else count == 1

    def _goes_on(self, before: _Open, block: Block, label: Label | None) -> bool:
        """Whether a heading is the title of the bare label ("Article 5") in the heading before it."""
        return label is None and bool(before.level and before.label) and not before.title and not before.has_body

    def _close_for_heading(self, level: int, label: Label | None) -> None:
        while self.stack and not self.stack[-1].level:
            self.stack.pop()
        parts = label.parts if label else ()
        if len(parts) > 1:
            for at in range(len(self.stack) - 1, -1, -1):
                above = self.stack[at].parts
                if above and above == parts[: len(above)] and len(above) < len(parts):
                    del self.stack[at + 1 :]
                    return
        while self.stack and self.stack[-1].level >= level:
            self.stack.pop()

    # ── Rows and definitions ─────────────────────────────────────────────────────────────────────────────────

    def _row(self, block: Block, line: str) -> None:
        self._close_leaves()
        self._open(ProvisionKind.ROW, block, "", line.split(CELL_SEPARATOR)[0])

    def _definition(self, block: Block, line: str) -> bool:
        found = _DEFINITION.match(line)
        if found is None or block.kind is BlockKind.HEADER_ROW:
            return False
        self._close_leaves()
        while self.stack and self.stack[-1].kind is ProvisionKind.ITEM and self.stack[-1].list_depth >= block.level > 0:
            self.stack.pop()
        self._open(ProvisionKind.DEFINITION, block, "", found.group("term").strip())
        return True

    def _close_leaves(self) -> None:
        while self.stack and self.stack[-1].kind in (ProvisionKind.ROW, ProvisionKind.DEFINITION):
            self.stack.pop()

    # ── Numbered paragraphs and items ────────────────────────────────────────────────────────────────────────

    def _labelled(self, block: Block, line: str) -> bool:
        if block.kind is BlockKind.HEADER_ROW:
            return False
        if block.kind is BlockKind.ITEM and block.label:
            self._item_by_page(block, line)
            return True
        label = label_of(line, heading=False)
        if label is None:
            return False
        place = self._place(label, block)
        if place is None:
            return False
        at, style, count = place
        del self.stack[at:]
        rest = line[label.end :]
        run_in = _run_in(rest) if style in (Style.DECIMAL, Style.NAMED) else None
        kind = (
            ProvisionKind.SECTION
            if style in (Style.DECIMAL, Style.NAMED) and label.text[0] not in "([（"
            else ProvisionKind.ITEM
        )
        body_start = block.start + label.end + (run_in.end() if run_in else 0)
        opened = self._open(kind, block, _cited(label), run_in.group(1) if run_in else "", body_start)
        opened.style, opened.count, opened.parts = style, count, label.parts
        opened.list_depth = block.level if block.kind is BlockKind.ITEM else 0
        opened.has_body = True
        return True

    def _item_by_page(self, block: Block, line: str) -> None:
        """An item of an ordered list, whose number the page shows."""
        self._close_leaves()
        while self.stack and self.stack[-1].kind is ProvisionKind.ITEM and self.stack[-1].list_depth >= block.level:
            self.stack.pop()
        spelled = label_of(line, heading=False)
        if spelled and spelled.firm:  # the page numbers the list and hides that, because the text does so itself
            opened = self._open(ProvisionKind.ITEM, block, _cited(spelled), "", block.start + spelled.end)
        else:
            opened = self._open(ProvisionKind.ITEM, block, block.label.rstrip(".:"))
        opened.list_depth = block.level
        opened.has_body = True

    def _place(self, label: Label, block: Block) -> tuple[int, Style, int] | None:
        """Where in the stack a label goes on or begins a sequence: (how much stays open, style, number)."""
        if len(label.parts) > 1:
            return self._place_decimal(label)
        for at in range(len(self.stack) - 1, -1, -1):
            above = self.stack[at]
            for style, count in label.styles:
                gap = count - above.count
                if above.style is style and len(above.parts) <= 1 and 1 <= gap <= (_GAP_MAX if label.firm else 1):
                    return at, style, count
        leaf = len(self.stack)
        while leaf and self.stack[leaf - 1].kind in (ProvisionKind.ROW, ProvisionKind.DEFINITION) and not label.firm:
            leaf -= 1
        for style, count in label.styles:
            if count == 1 or style is Style.NAMED:
                return leaf, style, count
        return None

    def _place_decimal(self, label: Label) -> tuple[int, Style, int] | None:
        parts = label.parts
        for at in range(len(self.stack) - 1, -1, -1):
            above = self.stack[at].parts
            if not above:
                continue
            if len(above) == len(parts) and above[:-1] == parts[:-1]:
                return (at, Style.DECIMAL, parts[-1]) if parts[-1] > above[-1] else None
            if len(above) < len(parts) and above == parts[: len(above)]:
                return at + 1, Style.DECIMAL, parts[-1]
        if parts[-1] > 1:
            return None
        return self._sections_open(), Style.DECIMAL, parts[-1]

    def _sections_open(self) -> int:
        at = len(self.stack)
        while at and not self.stack[at - 1].level:
            at -= 1
        return at

    # ── What has no label ────────────────────────────────────────────────────────────────────────────────────

    def _body(self, block: Block) -> None:
        if not self.done:
            self._open(ProvisionKind.PREAMBLE, block)
        before = self.done[-1]
        if self._belongs_to(before, block):
            before.has_body = True
            return
        while self.stack and self.stack[-1].kind not in (ProvisionKind.SECTION, ProvisionKind.PREAMBLE):
            self.stack.pop()
        kind = ProvisionKind.SECTION if self.stack else ProvisionKind.PREAMBLE
        self._open(kind, block).has_body = True
        self.stack.pop()

    def _belongs_to(self, before: _Open, block: Block) -> bool:
        """Whether a paragraph or bullet goes on in the provision before it, or comes back to the section around."""
        if before.kind is ProvisionKind.ROW:
            return False
        if before.kind is ProvisionKind.DEFINITION:
            return block.kind is BlockKind.ITEM
        if before.kind is ProvisionKind.ITEM and before.list_depth:
            return block.level > before.list_depth or (
                block.level == before.list_depth and block.kind is BlockKind.PARAGRAPH
            )
        return True


def _run_in(text: str) -> re.Match[str] | None:
    """A heading that stands in the line of its text ("Training. We …"): a few words, or all of weight capitalised."""
    found = _RUN_IN.match(text)
    if found is None:
        return None
    words = found.group(1).split()
    weighty = [word for word in words if len(word) > _LIGHT_CHARS_MAX]
    is_capitalised = all(word[0].isupper() or not word[0].isalpha() for word in weighty)
    return found if len(words) <= _RUN_IN_WORDS_MAX or is_capitalised else None


def _cited(label: Label | None) -> str:
    return label.text.rstrip(".:： ") if label else ""
