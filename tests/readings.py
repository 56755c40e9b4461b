"""Readings for tests, written in a light notation instead of pages.

    # Terms                 a heading (one # for each level), without a label
    ## 4. Security          a heading with its label
    Some text.              a paragraph of the provision above
    - a bullet              an item that belongs to the provision above
    (a) an item             a lettered item: a provision of its own
    |= Name | Place         a header row
    | Nordhost | Norway     a row: a provision of its own, its key in the first cell

Text before the first heading is the preamble.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from monitor.core.dates import find_dates, stated
from monitor.core.model import Block, BlockKind, Provision, ProvisionKind, Reading
from monitor.core.sameness import hashes

_HEADING = re.compile(r"(#+) (?:((?:\d+(?:\.\d+)*|[A-Z]|Article \d+)\.?) )?(.*)")
_ITEM = re.compile(r"(\([a-z]+\)) (.*)")


def reading_of(notation: str, *, snapshot: str = "") -> Reading:
    """The reading that a page with this content would give."""
    drawn = _Drawing()
    for line in notation.strip().split("\n"):
        if line.strip():
            drawn.draw(line.strip())
    text = "\n".join(drawn.lines)
    provisions = tuple(drawn.closed(len(text)))
    dates = find_dates(text)
    hashed = hashes(text, drawn.blocks, provisions, dates)
    return Reading(
        snapshots=(snapshot or hashlib.sha256(notation.encode()).hexdigest()[:32],),
        reader="test",
        declaration="test",
        memories=(),
        text=text,
        blocks=tuple(drawn.blocks),
        provisions=provisions,
        words_hash=hashed.words,
        meaning_hash=hashed.meaning,
        undated_hash=hashed.undated,
        title=drawn.title,
        dates=stated(dates),
    )


@dataclass
class _Drawing:
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    open: list[Provision] = field(default_factory=list)
    title: str = ""
    at: int = 0

    def draw(self, line: str) -> None:
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        if heading:
            level, label, title = len(heading[1]), heading[2] or "", heading[3]
            shown = f"{label} {title}" if label else title
            self.title = self.title or title
            self.provision(ProvisionKind.SECTION, label.rstrip("."), title, level, body_at=len(shown) + 1)
            self.block(BlockKind.HEADING, shown, level)
        elif item:
            self.provision(ProvisionKind.ITEM, item[1], "", 20, body_at=len(item[1]) + 1)
            self.block(BlockKind.ITEM, line, 1)
        elif line.startswith("|="):
            self.paragraph(BlockKind.HEADER_ROW, line[2:].strip())
        elif line.startswith("|"):
            self.provision(ProvisionKind.ROW, "", line[1:].split("|")[0].strip(), 20, body_at=0)
            self.block(BlockKind.ROW, line[1:].strip())
        elif line.startswith("- "):
            self.paragraph(BlockKind.ITEM, line[2:], 1)
        else:
            self.paragraph(BlockKind.PARAGRAPH, line)

    def paragraph(self, kind: BlockKind, text: str, level: int = 0) -> None:
        if not self.open:
            self.provision(ProvisionKind.PREAMBLE, "", "", 0, body_at=0)
        self.block(kind, text, level)

    def block(self, kind: BlockKind, text: str, level: int = 0) -> None:
        self.lines.append(text)
        self.blocks.append(Block(kind, self.at, self.at + len(text), level))
        self.at += len(text) + 1

    def provision(self, kind: ProvisionKind, label: str, title: str, depth: int, body_at: int) -> None:
        parent = self._parent(depth)
        self.open.append(
            Provision(len(self.open), kind, label, title, depth, parent, self.at, self.at + body_at, self.at)
        )

    def _parent(self, depth: int) -> int | None:
        for candidate in reversed(self.open):
            if candidate.kind is ProvisionKind.SECTION and candidate.depth < depth:
                return candidate.ordinal
        return None

    def closed(self, end: int) -> list[Provision]:
        """The provisions with their ends, each where the next one starts."""
        ends = [*(p.start for p in self.open[1:]), end]
        return [
            Provision(p.ordinal, p.kind, p.label, p.title, p.depth, p.parent, p.start, min(p.body_start, stop), stop)
            for p, stop in zip(self.open, ends, strict=True)
        ]
