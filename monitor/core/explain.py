"""What of a page is read and what isn't, block by block with the reason: the trace of the very reading. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from monitor.core.model import BlockKind, Document, Memory, Reading, Snapshot, Unreadable
from monitor.core.read import read
from monitor.core.reading.lines import Line
from monitor.core.reading.trace import Trace
from monitor.core.reading.why import Why

_UNPARTED = re.compile(r"[぀-ヿ㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Shown:
    """One block of a page. `why` is the reason for which it isn't read, None where it is; `element` names what was
    left out as a CSS selector, where it was left out as a whole."""

    kind: BlockKind
    text: str
    level: int = 0
    label: str = ""
    why: Why | None = None
    element: str = ""

    @property
    def words(self) -> int:
        """How many words it has; in scripts that don't part them two signs count as one."""
        return len(self.text.split()) + len(_UNPARTED.findall(self.text)) // 2


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks that follow each other and are all read, or all left out as one element for one reason."""

    blocks: tuple[Shown, ...]

    @property
    def why(self) -> Why | None:
        """The reason for which they are left out, None where they are read."""
        return self.blocks[0].why

    @property
    def element(self) -> str:
        """The element that was left out, where it was one."""
        return self.blocks[0].element

    @property
    def words(self) -> int:
        """How many words they have together."""
        return sum(block.words for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Explained:
    """What reading a document came to, and the blocks of each of its sources as far as it came."""

    seen: Reading | Unreadable
    sources: tuple[tuple[Shown, ...], ...]

    @property
    def blocks(self) -> tuple[Shown, ...]:
        """Those of every source."""
        return tuple(block for source in self.sources for block in source)

    @property
    def kept(self) -> tuple[Shown, ...]:
        """The blocks that are read: the lines of the reading, where there is one."""
        return tuple(block for block in self.blocks if block.why is None)

    @property
    def left_out(self) -> tuple[Shown, ...]:
        """The blocks that aren't."""
        return tuple(block for block in self.blocks if block.why is not None)

    def reasons(self) -> tuple[tuple[Why, int], ...]:
        """The reasons for which blocks are left out with the number of their words, the weightiest first."""
        counted: Counter[Why] = Counter()
        for block in self.left_out:
            assert block.why is not None
            counted[block.why] += block.words
        return tuple(counted.most_common())


def explain(document: Document, captures: tuple[Snapshot, ...], memories: tuple[Memory, ...]) -> Explained:
    """The reading of a document with all that its pages show. As pure, and as long, as reading it."""
    traces: list[Trace] = []
    seen = read(document, captures, memories, traces)
    return Explained(seen, tuple(tuple(map(_shown, trace)) for trace in traces))


def _shown(line: Line) -> Shown:
    return Shown(line.kind, line.text, line.level, line.label, line.why, line.element)


def runs(blocks: Iterable[Shown]) -> tuple[Run, ...]:
    """The blocks of a page in runs, in its order."""
    return tuple(Run(tuple(members)) for _, members in groupby(blocks, lambda block: (block.why, block.element)))
