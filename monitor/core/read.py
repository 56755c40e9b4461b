"""From the bytes of a document's sources to its reading: text, blocks, provisions and hashes. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from monitor.core.dates import find_dates, stated
from monitor.core.decode import decode
from monitor.core.fingerprint import is_html
from monitor.core.labels import label_of
from monitor.core.memory import NOTHING, name_of
from monitor.core.model import (
    Announcement,
    Block,
    BlockKind,
    Document,
    Frame,
    Memory,
    Reading,
    ReadingDeclaration,
    Snapshot,
    SuspectKind,
    Unreadable,
    made_by,
)
from monitor.core.provisions import provisions_of
from monitor.core.reading.announcing import announcements
from monitor.core.reading.extract import Extract, extract
from monitor.core.reading.frames import framed_url
from monitor.core.reading.language import language_of
from monitor.core.reading.lines import Line
from monitor.core.reading.markdown import as_html, is_markdown
from monitor.core.reading.pdf_file import is_pdf
from monitor.core.reading.pdf_lines import pdf_lines
from monitor.core.reading.plain import plain_lines
from monitor.core.reading.recollect import leave_restless
from monitor.core.reading.scripts import HIDDEN_CHARS_MIN, SHOWN_CHARS_MAX, script_page
from monitor.core.reading.select import Missed
from monitor.core.reading.trace import Trace
from monitor.core.reading.vocabulary import legal_terms
from monitor.core.reading.why import Why
from monitor.core.sameness import hashes, normalise
from monitor.core.validity import binary, cut_off, judge, sent_home

READER = "5"

_TITLE_CHARS_MAX = 300  # sentences quote it
_SHELL_CHARS_MAX = 10_000  # safely below what a fingerprint calls a shell: the two count spaces differently
_SHELL_OWN_CHARS_MAX = 400
_HIDDEN_TIMES = 2  # data in scripts is the document if it is so many times longer than what is shown
_FRAMING_CHARS_MAX = 1_500
_FRAMING_TERMS_MAX = 4  # legal words; an agreement has more
_MAY_FRAME = (SuspectKind.APP_SHELL, SuspectKind.EMPTY, SuspectKind.CONSENT)
assert _SHELL_CHARS_MAX < SHOWN_CHARS_MAX


def read(
    document: Document, captures: tuple[Snapshot, ...], memories: tuple[Memory, ...], traces: list[Trace] | None = None
) -> Reading | Unreadable:
    """The reading of a document from one capture of each of its sources, in the order they are declared.

    Unreadable, with a sentence, where a capture can't be the terms by itself or a selector of the declaration matches
    nothing. Whether it fits the version that is current is for `validity.doubt`.

    `memories` are those of the sources, in their order, or none. What another reader remembered counts for nothing,
    and so does all of it where the declaration selects what is read.

    With `traces` all that each capture shows is added there, as far as it came: the very lines that are read, and
    between them those that aren't, with the reason.
    """
    lines: list[Line] = []
    title = ""
    extracts: list[Extract] = []
    memories = _in_force(document.reading, memories) or (NOTHING,) * len(captures)
    for capture, memory in zip(captures, memories, strict=True):
        extracted = _extract(capture, document.reading, memory, traces)
        if isinstance(extracted, Unreadable):
            return extracted
        lines.extend(extracted.lines)
        title = title or extracted.title
        extracts.append(extracted)
    if unreadable := _missed_everywhere([extracted.missed for extracted in extracts]):
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
    if unreadable := _wrong_language(reading, document.reading.language):
        return unreadable
    untils = [extracted.versions.until for extracted in extracts if extracted.versions.until]
    announced = _announcements(document, captures, extracts, reading)
    return replace(reading, announcements=announced, until=min(untils, default=None))


def read_by(document: Document) -> str:
    """Names today's reader with the document's declaration, as `Reading.made_by` does of what they read."""
    return made_by(READER, document.reading.key)


def _in_force(declaration: ReadingDeclaration, memories: tuple[Memory, ...]) -> tuple[Memory, ...]:
    """The memories that count, empty where none does."""
    mine = tuple(memory if memory.reader == READER else NOTHING for memory in memories)
    return () if declaration.select or all(memory == NOTHING for memory in mine) else mine


def _extract(
    capture: Snapshot, declaration: ReadingDeclaration, memory: Memory, traces: list[Trace] | None
) -> Extract | Unreadable:
    content_type = capture.header("content-type")
    trace: Trace | None = None if traces is None else []
    html: str | None = None
    if is_pdf(capture.body):
        extracted = _extract_pdf(capture.body, declaration)
    elif unreadable := binary(capture.body, content_type):
        return unreadable
    elif is_html(capture.body, content_type):
        html = decode(capture.body, content_type)
        extracted = _extract_page(html, declaration, memory, trace, capture.fetched_at.date())
    else:
        extracted = _extract_plain(capture, declaration, trace)
    if isinstance(extracted, Unreadable):
        return extracted
    leave_restless(extracted.every, memory)
    if traces is not None:
        traces.append(trace or list(extracted.every))
    verdict = judge(extracted) or sent_home(capture, extracted) or (cut_off(html) if html else None)
    if html is not None and (frame := _frame(capture, html, extracted, verdict)) is not None:
        reason = f"The terms were expected, but the page only frames another document: {frame.url}."
        return Unreadable(SuspectKind.FRAME, reason, frame)
    return verdict or extracted


def _frame(page: Snapshot, html: str, extracted: Extract, verdict: Unreadable | None) -> Frame | None:
    """The document that a page frames which doesn't bear the terms itself, or hardly says a word of its own."""
    text = " ".join(line.text for line in extracted.lines)
    if verdict is None and (len(text) > _FRAMING_CHARS_MAX or legal_terms(text) >= _FRAMING_TERMS_MAX):
        return None
    if verdict is not None and verdict.kind not in _MAY_FRAME:
        return None
    url = framed_url(html, page.url, sure=verdict is None)
    return None if url is None or url == page.url else Frame(page.source_id, url)


def _extract_page(
    html: str, declaration: ReadingDeclaration, memory: Memory, trace: Trace | None, on: date
) -> Extract | Unreadable:
    """The lines of a page, or of the data in its scripts where the page shows little without running them."""
    shown = extract(html, declaration, trace, memory, on=on)
    if isinstance(shown, Unreadable) or declaration.select or len(shown.visible_text) > _SHELL_CHARS_MAX:
        return shown
    own = _own(shown)
    chars = sum(len(line.text) for line in own.lines)
    if chars > _SHELL_OWN_CHARS_MAX and judge(own) is None:
        return shown
    hidden_trace: Trace = []
    hidden = extract(script_page(html), ReadingDeclaration(), hidden_trace, memory, on=on)
    assert isinstance(hidden, Extract)
    if sum(len(line.text) for line in hidden.lines) < max(HIDDEN_CHARS_MIN, _HIDDEN_TIMES * chars):
        return shown
    if trace is not None:
        trace[:] = hidden_trace
    return replace(shown, every=hidden.every, versions=hidden.versions)


def _own(shown: Extract) -> Extract:
    """What a page shows of its own, whatever is remembered of it: a shell is one because of what it bears, not because
    another capture bore the same menus."""
    lines = (replace(line, why=None) if line.why is Why.REMEMBERED else line for line in shown.every)
    return replace(shown, every=tuple(lines))


def _extract_pdf(body: bytes, declaration: ReadingDeclaration) -> Extract | Unreadable:
    lines = pdf_lines(body)
    if isinstance(lines, Unreadable):
        return lines
    return _unselected(lines, " ".join(line.text for line in lines), declaration, "a PDF file")


def _extract_plain(capture: Snapshot, declaration: ReadingDeclaration, trace: Trace | None) -> Extract | Unreadable:
    content_type = capture.header("content-type")
    text = decode(capture.body, content_type)
    if is_markdown(text, content_type, capture.url):
        return extract(as_html(text), declaration, trace, on=capture.fetched_at.date(), bare=True)
    return _unselected(tuple(plain_lines(text)), text, declaration, "plain text")


def _unselected(
    lines: tuple[Line, ...], text: str, declaration: ReadingDeclaration, found: str
) -> Extract | Unreadable:
    """The lines of what is no page; no selector finds anything in it."""
    where = f"the answer is {found}, which has no elements"
    if declaration.select:
        return Missed(declaration.select[0], where).verdict("select")
    missed = tuple(Missed(selector, where) for selector in declaration.remove)
    return Extract(lines, visible_text=text, missed=missed)


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


def _announcements(
    document: Document, captures: tuple[Snapshot, ...], extracts: list[Extract], reading: Reading
) -> tuple[Announcement, ...]:
    """What the captures announce, one for each coming date."""
    language = (document.reading.language or reading.language or "")[:2].lower() or None
    own = f"{document.name} {reading.title}"
    found: dict[date, Announcement] = {}
    for capture, extracted in zip(captures, extracts, strict=True):
        for one in announcements(capture, extracted, language, own):
            found.setdefault(one.takes_effect, one)
    return tuple(found.values())


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
    document: Document, captures: tuple[Snapshot, ...], memories: tuple[Memory, ...], lines: list[Line], title: str
) -> Reading:
    text, blocks = _lay_out(lines)
    language = language_of(text)
    provisions = provisions_of(text, blocks)
    dates = find_dates(text, (document.reading.language or language or "")[:2].lower() or None, stated_only=True)
    hashed = hashes(text, blocks, provisions, dates)
    first_heading = next((line.text for line in lines if line.kind is BlockKind.HEADING), "")
    return Reading(
        snapshots=tuple(capture.id for capture in captures),
        reader=READER,
        declaration=document.reading.key,
        memories=tuple(map(name_of, memories)) if any(memory != NOTHING for memory in memories) else (),
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
