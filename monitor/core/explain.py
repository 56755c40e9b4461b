"""What of a page is read and what isn't, block by block with the reason: the trace of the very reading. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from monitor.core.model import BlockKind, Document, Reading, Snapshot, Unreadable
from monitor.core.read import read
from monitor.core.reading.lines import Line
from monitor.core.reading.trace import Trace
from monitor.core.reading.why import Why


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
        """How many words it has; for scripts without spaces between words, runs of signs."""
        return len(self.text.split())


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

    def reasons(self) -> tuple[tuple[Why, int], ...]:
        """The reasons for which blocks are left out with the number of their words, the weightiest first."""
        counted: Counter[Why] = Counter()
        for block in self.blocks:
            if block.why is not None:
                counted[block.why] += block.words
        return tuple(counted.most_common())


def explain(document: Document, captures: tuple[Snapshot, ...], memories: tuple[str, ...]) -> Explained:
    """The reading of a document with all that its pages show. As pure, and as long, as reading it."""
    traces: list[Trace] = []
    seen = read(document, captures, memories, traces)
    return Explained(seen, tuple(tuple(map(_shown, trace)) for trace in traces))


def _shown(line: Line) -> Shown:
    return Shown(line.kind, line.text, line.level, line.label, line.why, line.element)
