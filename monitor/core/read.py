"""From the bytes of a document's sources to its reading: text, blocks, provisions and hashes. Pure."""

from __future__ import annotations

from monitor.core.dates import find_dates, stated
from monitor.core.decode import decode
from monitor.core.fingerprint import is_html
from monitor.core.labels import label_of
from monitor.core.model import (
    Block,
    BlockKind,
    Document,
    Reading,
    ReadingDeclaration,
    Snapshot,
    SuspectKind,
    Unreadable,
    made_by,
)
from monitor.core.provisions import provisions_of
from monitor.core.reading.extract import Extract, extract
from monitor.core.reading.language import language_of
from monitor.core.reading.lines import Line
from monitor.core.reading.plain import plain_lines
from monitor.core.reading.select import Missed
from monitor.core.reading.trace import Trace
from monitor.core.reading.why import Why
from monitor.core.sameness import hashes, normalise
from monitor.core.validity import binary, judge

READER = "1"

_TITLE_CHARS_MAX = 300  # sentences quote it
_MARKDOWN_TYPES = ("text/markdown", "text/x-markdown")


def read(
    document: Document, captures: tuple[Snapshot, ...], memories: tuple[str, ...], traces: list[Trace] | None = None
) -> Reading | Unreadable:
    """The reading of a document from one capture of each of its sources, in the order they are declared.

    Unreadable, with a sentence, where a capture can't be the terms by itself or a selector of the declaration matches
    nothing. Whether it fits the version that is current is for `validity.doubt`.

    With `traces` all that each capture shows is added there, as far as it came: the very lines that are read, and
    between them those that aren't, with the reason.
    """
    lines: list[Line] = []
    title = ""
    missed: list[tuple[Missed, ...]] = []
    for capture in captures:
        extracted = _extract(capture, document.reading, traces)
        if isinstance(extracted, Unreadable):
            return extracted
        lines.extend(extracted.lines)
        title = title or extracted.title
        missed.append(extracted.missed)
    if unreadable := _missed_everywhere(missed):
        return unreadable
    if document.reading.section:
        lines = _section(lines, document.reading.section)
        if not lines:
            wanted = document.reading.section
            return Unreadable(
                SuspectKind.SELECTOR,
                f"The section “{wanted}” was expected, but no heading reads so: check `section` in the config.",
            )
    reading = _reading(document, captures, memories, lines, title)
    return _wrong_language(reading, document.reading.language) or reading


def read_by(document: Document) -> str:
    """Names today's reader with the document's declaration, as `Reading.made_by` does of what they read."""
    return made_by(READER, document.reading.key)


def _extract(capture: Snapshot, declaration: ReadingDeclaration, traces: list[Trace] | None) -> Extract | Unreadable:
    content_type = capture.header("content-type")
    if unreadable := binary(capture.body, content_type):
        return unreadable
    text = decode(capture.body, content_type)
    trace: Trace | None = None if traces is None else []
    if is_html(capture.body, content_type):
        extracted = extract(text, declaration, trace)
    else:
        kind = (content_type or "").split(";")[0].strip().lower()
        lines = plain_lines(text, markdown=kind in _MARKDOWN_TYPES)
        extracted = Extract(tuple(lines), visible_text=text)
    if isinstance(extracted, Unreadable):
        return extracted
    if traces is not None:
        traces.append(trace or list(extracted.every))
    return judge(extracted) or extracted


def _missed_everywhere(missed: list[tuple[Missed, ...]]) -> Unreadable | None:
    """A verdict where something that `remove` names stands on none of the pages."""
    for first in missed[0] if missed else ():
        if all(any(other.selector == first.selector for other in others) for others in missed):
            return first.verdict("remove")
    return None


def _wrong_language(reading: Reading, declared: str | None) -> Unreadable | None:
    """A verdict where the config says in which language the document is, and the text is in another one."""
    if declared is None or reading.language is None or declared[:2].lower() == reading.language:
        return None
    return Unreadable(
        SuspectKind.WRONG_LANGUAGE,
        f"The config says that the document is in “{declared}”, but the page is in “{reading.language}”.",
    )


def _section(lines: list[Line], wanted: str) -> list[Line]:
    """The lines under the heading named, to the next heading of its rank. The others are marked with the reason."""
    key = _heading_key(wanted)
    starts = (at for at, line in enumerate(lines) if line.kind is BlockKind.HEADING and _heading_key(line.text) == key)
    start = next(starts, len(lines))
    later = range(start + 1, len(lines))
    ends = (at for at in later if lines[at].kind is BlockKind.HEADING and lines[at].level <= lines[start].level)
    end = next(ends, len(lines))
    for line in (*lines[:start], *lines[end:]):
        line.why = Why.SECTION
    return lines[start:end]


def _heading_key(text: str) -> str:
    label = label_of(text, heading=True)
    return " ".join(normalise(text[label.end :] if label and label.end < len(text) else text).casefold().split())


def _reading(
    document: Document, captures: tuple[Snapshot, ...], memories: tuple[str, ...], lines: list[Line], title: str
) -> Reading:
    text, blocks = _lay_out(lines)
    language = language_of(text)
    provisions = provisions_of(text, blocks)
    dates = find_dates(text, (document.reading.language or language or "")[:2].lower() or None)
    hashed = hashes(text, blocks, provisions, dates)
    first_heading = next((line.text for line in lines if line.kind is BlockKind.HEADING), "")
    return Reading(
        snapshots=tuple(capture.id for capture in captures),
        reader=READER,
        declaration=document.reading.key,
        memories=memories,
        text=text,
        blocks=blocks,
        provisions=provisions,
        words_hash=hashed.words,
        meaning_hash=hashed.meaning,
        undated_hash=hashed.undated,
        title=(first_heading or title)[:_TITLE_CHARS_MAX],
        language=language,
        dates=stated(dates),
    )


def _lay_out(lines: list[Line]) -> tuple[str, tuple[Block, ...]]:
    """The text, its lines joined by newlines, and where in it each block stands."""
    blocks: list[Block] = []
    at = 0
    for line in lines:
        end = at + len(line.text)
        blocks.append(Block(line.kind, at, end, line.level, line.label))
        at = end + 1
    return "\n".join(line.text for line in lines), tuple(blocks)
