"""What is read of a page and what isn't, as one HTML page that needs nothing else: no script, no request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from monitor.core.explain import Explained, Run, Shown, runs
from monitor.core.model import BlockKind, Reading
from monitor.core.reading.lines import CELL_SEPARATOR
from monitor.core.reading.why import WORDS
from monitor.core.render.template import render
from monitor.core.render.words import capital, count, day

UNFOLDED_MAX = 5  # blocks of a run that is left out; the others are folded
SEGMENTS_MAX = 600
LANGUAGES = {
    "en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "zh": "Chinese", "ja": "Japanese",
}  # fmt: skip
_ROWS = (BlockKind.ROW, BlockKind.HEADER_ROW)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: for each whether it heads the table, and its cells."""

    rows: tuple[tuple[bool, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A run of blocks as the page shows it. `why` is empty for what is read."""

    why: str
    element: str
    words: int
    pieces: tuple[Shown | Rows, ...]
    folded: tuple[Shown | Rows, ...]
    folded_count: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the strip that shows the whole page at a glance."""

    kept: bool
    words: int
    said: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the legend. `share` is in per cent: of the page, or of what the weightiest reason left out."""

    said: str
    words: int
    share: float


def page(name: str, origin: str, urls: tuple[str, ...], explained: Explained) -> str:
    """The HTML page. `origin` says in a few words where the page comes from and when."""
    kept, left = (sum(block.words for block in blocks) for blocks in (explained.kept, explained.left_out))
    total = max(1, kept + left)
    sources = tuple(
        (url, tuple(map(_panel, runs(blocks)))) for url, blocks in zip(urls, explained.sources, strict=False)
    )
    reasons = explained.reasons()
    most = max((words for _, words in reasons), default=0) or 1
    values: dict[str, object] = {
        "name": name,
        "origin": origin,
        "sources": sources,
        "verdict": verdict(explained),
        "is_read": isinstance(explained.seen, Reading),
        "facts": facts(explained),
        "kept": Reason("read", kept, 100 * kept / total),
        "left": Reason("left out", left, 100 * left / total),
        "kept_blocks": len(explained.kept),
        "left_blocks": len(explained.left_out),
        "reasons": tuple(Reason(WORDS[why], words, 100 * words / most) for why, words in reasons),
        "segments": tuple(_segments(explained)),
        "language": explained.seen.language if isinstance(explained.seen, Reading) else None,
    }
    return render("explain.html.j2", values)


def verdict(explained: Explained) -> str:
    """What reading came to, in a sentence."""
    seen = explained.seen
    if not isinstance(seen, Reading):
        return seen.reason
    parts = count(len(seen.provisions), "provision")
    return f"Read as “{seen.title}”, {parts}." if seen.title else f"Read, {parts}."


def facts(explained: Explained) -> tuple[tuple[str, str], ...]:
    """What the text says of itself: its language and dates."""
    seen = explained.seen
    if not isinstance(seen, Reading):
        return ()
    language = LANGUAGES.get(seen.language or "", seen.language)
    named = (("Language", language), ("Updated", seen.dates.updated), ("Effective", seen.dates.effective))
    return tuple((name, value if isinstance(value, str) else day(value)) for name, value in named if value is not None)


def _panel(run: Run) -> Panel:
    if run.why is None:
        return Panel("", "", run.words, tuple(_pieces(run.blocks)), (), 0)
    # What would leave one or two behind a fold isn't folded.
    shown = len(run.blocks) if len(run.blocks) <= UNFOLDED_MAX + 2 else UNFOLDED_MAX
    first, others = run.blocks[:shown], run.blocks[shown:]
    said = capital(WORDS[run.why])
    return Panel(said, run.element, run.words, tuple(_pieces(first)), tuple(_pieces(others)), len(others))


def _pieces(blocks: tuple[Shown, ...]) -> Iterator[Shown | Rows]:
    for is_table, members in groupby(blocks, lambda block: block.kind in _ROWS):
        if is_table:
            yield Rows(
                tuple((row.kind is BlockKind.HEADER_ROW, tuple(row.text.split(CELL_SEPARATOR))) for row in members)
            )
        else:
            yield from members


def _segments(explained: Explained) -> Iterator[Segment]:
    """The whole page in stretches that are read and stretches that aren't."""
    stretches = groupby(explained.blocks, lambda block: block.why is None)
    for index, (kept, members) in enumerate(stretches):
        if index >= SEGMENTS_MAX:
            return
        blocks = tuple(members)
        words = sum(block.words for block in blocks)
        said = "read" if kept else ", ".join(dict.fromkeys(WORDS[block.why] for block in blocks if block.why))
        yield Segment(kept, words, f"{count(words, 'word')}: {said}")
