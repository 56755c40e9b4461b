"""A page that holds several versions of one agreement: the one in force is read, the others are marked.

Only what is headed as a version (a date of its own, "previous", "current", "new") and begins and goes on like the
others is one. Annexes for countries, several agreements and lists of changes aren't: their headings name something
else, or most of their paragraphs differ. Where nothing tells which version is in force everything is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise

from monitor.core.dates import DateRole
from monitor.core.model import Announcement, BlockKind
from monitor.core.reading.announced import sure_dates
from monitor.core.reading.coming import COMING, CURRENT, PREVIOUS, UNTIL, UNTIL_AFTER, WORDS
from monitor.core.reading.language import language_of
from monitor.core.reading.lines import Line
from monitor.core.reading.vocabulary import words_of
from monitor.core.reading.why import Why

_HEAD_CHARS_MAX = 140
_HEADS_MAX = 40  # a page with more of them is a list of dates
_OPENING_LINES = 6  # among them stands the first heading under the head of a version
_PART_LINES_MIN = 5
_PART_CHARS_MIN = 400
_SHARED_MIN = 0.5  # of the characters of either, in paragraphs that stand in both
_SHARED_WITHOUT_HEADINGS_MIN = 0.7
_REPEATED_MIN = 0.2  # of all characters; half of the half that is the second version would be 0.25
_LANGUAGE_CHARS = 20_000


class _State(Enum):
    """What the head of a version says of it in words."""

    PREVIOUS = PREVIOUS
    CURRENT = CURRENT
    COMING = COMING


_VERSION = re.compile(
    r"\b(?:versions?|fassung|versi[óo]n|versiones?|versão|versie|wersj\w+)\b|版本|版|バージョン", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d|[./-]\s?\d{2}\b|[０-９]{4}")
# What the head of a version says besides the name of the agreement.
_FUNCTION_WORDS = words_of(
    """a an the of from as at on in to until till is are was valid effective effect force date dated applies applicable
    apply last updated revised modified our this these and with starting beginning since through
    der die das dem den des vom von ab bis gültig gilt gelten seit am zum stand unsere letzte aktualisierung in kraft
    le la les du de des au aux à partir jusqu jusqu'au depuis en vigueur applicable valable dès compter date effet
    el los las del al desde hasta vigente vigentes vigor válida válido válidas a actualización última fecha
    il i gli dal dalla al fino in vigore valida valido validi efficace ultimo aggiornamento
    o os as do da dos das até em vigência válida válido válidos última
    het een van vanaf tot geldig per laatst bijgewerkt geldt
    od do dnia z obowiązująca obowiązujący obowiązuje ważna ważny data wejścia życie w r"""
)
_DATED = re.compile(r"\d[\d\s./-]*|[年月日より从起自至まで施行生效改定適用適用適用有效發布发布日期以降]+")
_RANGE = re.compile(r"\s*(?:-|–|—|to|through|until|bis|au|al|hasta|até|tot|do|至|～|~)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Head:
    """The line that heads a version: from when to when it is in force, and what it calls the agreement.

    `label` is the line that says so: the head itself, or the label of the tab in which the version stands.
    """

    at: int
    label: int
    start: date | None
    end: date | None
    state: _State | None
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One version: lines[begin:end]. Without a head it is what stands before the first head."""

    begin: int
    end: int
    head: _Head | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """What a page that holds several versions says besides: those still to come, and until when the reading holds.

    `until` is the day from which another version is in force, or another one is over.
    """

    coming: tuple[Announcement, ...] = ()
    until: date | None = None


NO_VERSIONS = Versions()


def mark_versions(lines: list[Line], on: date) -> Versions:
    """Mark the lines of versions that aren't in force on a day, and the label of the one that is."""
    places = [at for at, line in enumerate(lines) if _may_head(line)] if _repeats(lines) else []
    if not places:
        return NO_VERSIONS
    language = language_of("\n".join(line.text for line in lines)[:_LANGUAGE_CHARS])
    heads = [head for at in places if (head := _head(lines[at].text, at, language)) is not None]
    parts = _parts(lines, heads) if len(heads) <= _HEADS_MAX else []
    chosen = _in_force(parts, on) if parts else None
    if chosen is None:
        return NO_VERSIONS
    for part in parts:
        if part is not chosen:
            why = Why.COMING_VERSION if _is_coming(part, on) or _follows(part, chosen, on) else Why.EARLIER_VERSION
            for line in lines[part.begin : part.end]:
                line.why = line.why or why
    heads = [part.head for part in parts if part.head]
    for head in heads:
        if head.label != head.at or (head is chosen.head and _is_label(head, lines)):
            lines[head.label].why = lines[head.label].why or Why.PICKER
    coming = {head.start: head.text for head in heads if head.start and head.start > on}
    ends = [head.end + timedelta(days=1) for head in heads if head.end and head.end >= on]
    return Versions(tuple(Announcement(*one) for one in coming.items()), min((*coming, *ends), default=None))


def _is_label(head: _Head, lines: list[Line]) -> bool:
    """Whether a head only tells the version from the others on the page, and would go when they go."""
    says_which = head.state is not None or head.end is not None or lines[head.at].kind is BlockKind.HEADING
    return says_which and not head.name


def _repeats(lines: list[Line]) -> bool:
    """Whether much of the text stands on the page twice, as it must where there are two versions of it."""
    again: set[str] = set()
    total = repeated = 0
    for line in lines:
        total += len(line.text)
        repeated += len(line.text) if line.text in again else 0
        again.add(line.text)
    return repeated >= _REPEATED_MIN * total


# ── Heads ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _may_head(line: Line) -> bool:
    if len(line.text) > _HEAD_CHARS_MAX or line.kind in (BlockKind.ROW, BlockKind.HEADER_ROW):
        return False
    if _YEAR.search(line.text):
        return True
    return _VERSION.search(line.text) is not None or (line.kind is BlockKind.HEADING and _state(line.text) is not None)


def _state(text: str) -> _State | None:
    return next((state for state in _State if state.value.search(text)), None)


def _head(text: str, at: int, language: str | None) -> _Head | None:
    """What a line says as the head of a version; None where it says nothing of the kind."""
    words = WORDS.get(language or "")
    start, end, rest, has_role = _dates(text, language)
    state, name, is_version = _state(rest), _name(rest), _VERSION.search(rest) is not None
    has_role = has_role or (words is not None and words.effect.search(rest) is not None)
    if not (start or end or state) or not (has_role or state or is_version):
        return None
    if name and (words is None or words.document.search(name) is None):
        return None  # "New members" are no version, "New terms" are
    if not name and not is_version and not (start or end):
        return None
    return _Head(at, at, start, end, state, name, text)


def _dates(text: str, language: str | None) -> tuple[date | None, date | None, str, bool]:
    """From when to when, the text without its dates, and whether one is said to be of a change or of an effect."""
    start = end = None
    rest, last, has_role = text, 0, False
    for found in sure_dates(text, language):
        ends = UNTIL.search(text[: found.start]) or UNTIL_AFTER.match(text[found.end :])
        if ends or (start is not None and _RANGE.fullmatch(text[last : found.start])):
            end = end or found.value
        else:
            start = start or found.value
        has_role = has_role or found.role is not DateRole.OTHER
        rest = rest.replace(text[found.start : found.end], " ")
        last = found.end
    return start, end, rest, has_role


def _name(rest: str) -> str:
    """The agreement's name in a head, without what is said of the version: empty where it has none."""
    for state in _State:
        rest = state.value.sub(" ", rest)
    rest = _DATED.sub(" ", _VERSION.sub(" ", rest))
    words = re.findall(r"[^\W\d_]+", rest.casefold())
    return " ".join(word for word in words if word not in _FUNCTION_WORDS)


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(lines: list[Line], heads: list[_Head]) -> list[_Part]:
    """The versions of the page in order, at least two; none where it doesn't hold several versions of one text."""
    for group in (*_by_opening(lines, heads), _labelled(lines, heads)):
        parts = _cut(lines, group)
        if len(parts) > 1 and _is_one_agreement(lines, parts):
            return parts
    return []


def _by_opening(lines: list[Line], heads: list[_Head]) -> list[list[_Head]]:
    """Heads under which the same text begins, with the same heading or the same line; those of most versions first."""
    opening: dict[tuple[int, str], list[_Head]] = defaultdict(list)
    is_head = {head.at for head in heads}
    for head in heads:
        for way, first in enumerate(_openings(lines, head.at, is_head)):
            before = opening[way, _key(lines[first].text)]
            if before and first in _openings(lines, before[-1].at, is_head):
                before[-1] = _joined(before[-1], head)
            else:
                before.append(head)
    return sorted(opening.values(), key=len, reverse=True)


def _joined(one: _Head, other: _Head) -> _Head:
    """Two lines as one head: "Previous version", and its dates below. The second alone where they contradict."""
    said = [(head.start, head.end, head.state) for head in (one, other)]
    is_contrary = any(first and second and first != second for first, second in zip(*said, strict=True))
    start, end = one.start or other.start, one.end or other.end
    if is_contrary or (start and end and start >= end):
        return other  # the first one closes the version above: "Effective 1 March 2027" at its end
    return replace(
        one,
        start=one.start or other.start,
        end=one.end or other.end,
        state=one.state or other.state,
        name=one.name or other.name,
    )


def _openings(lines: list[Line], at: int, is_head: set[int]) -> tuple[int, ...]:
    """The lines with which a version begins, as far as one can tell: the first heading soon after its head, the first
    line."""
    after = [index for index in range(at + 1, min(at + 1 + _OPENING_LINES, len(lines))) if index not in is_head]
    headings = (index for index in after if lines[index].kind is BlockKind.HEADING)
    return (next(headings, after[0]), after[0]) if after else ()


def _labelled(lines: list[Line], heads: list[_Head]) -> list[_Head]:
    """The labels of tabs, one after the other, as heads of the texts that stand below in their order."""
    run: list[_Head] = []
    for head in heads:
        if run and head.at != run[-1].at + 1:
            if len(run) > 1:
                break
            run = []
        run.append(head)
    first = run[-1].at + 1 if len(run) > 1 else len(lines)
    if first >= len(lines):
        return []
    key = _key(lines[first].text)
    places = [at for at in range(first, len(lines)) if _key(lines[at].text) == key]
    if len(places) != len(run):
        return []
    return [replace(head, at=place) for head, place in zip(run, places, strict=True)]


def _cut(lines: list[Line], heads: list[_Head]) -> list[_Part]:
    """The parts that the heads begin, each with the title above it where all have the same one."""
    if not heads:
        return []
    begins = [head.at for head in heads]
    titles = [_title_above(lines, at) for at in begins]
    if all(titles) and len(set(titles)) == 1:
        begins = [at - 1 for at in begins]
    elif any(title and title != titles[0] for title in titles[1:]) or any(_is_mere_date(lines, head) for head in heads):
        return []  # each has a title of its own: several agreements, or annexes
    nexts = [*begins[1:], len(lines)]
    ends = [_end(lines, begin, end) for begin, end in zip(begins, nexts, strict=True)]
    if ends[:-1] != nexts[:-1]:
        return []  # something else begins between them
    parts = [_Part(begin, end, head) for begin, end, head in zip(begins, ends, heads, strict=True)]
    unheaded = _unheaded(lines, parts[0])
    return parts if unheaded is None else [unheaded, *parts]


def _unheaded(lines: list[Line], first: _Part) -> _Part | None:
    """What stands before the first head, if that is a version: from where its text begins as that of the first does."""
    head = first.head
    if head is None or _is_mere_date(lines, head):
        return None
    for opening in _openings(lines, head.at, {head.at}):
        key = _key(lines[opening].text)
        begin = next((at for at in range(first.begin) if _key(lines[at].text) == key), first.begin)
        part = _Part(begin, first.begin)
        if _shares(lines, part, first):
            return part
    return None


def _title_above(lines: list[Line], at: int) -> str:
    """The heading just above a head that is none itself, or ranks below it."""
    above, head = lines[at - 1] if at else None, lines[at]
    if above is None or above.kind is not BlockKind.HEADING:
        return ""
    return "" if head.kind is BlockKind.HEADING and head.level <= above.level else _key(above.text)


def _is_mere_date(lines: list[Line], head: _Head) -> bool:
    """Whether a head is a line like "Effective 1 March 2027", which may belong to whatever stands above or below."""
    is_said = head.state is not None or head.end is not None or _VERSION.search(head.text) is not None
    return not is_said and head.label == head.at and lines[head.at].kind is not BlockKind.HEADING


def _end(lines: list[Line], begin: int, end: int) -> int:
    """Where a part ends: at the next head, or before that at a heading that ranks above its own, as none in it does."""
    levels = [(at, lines[at].level) for at in range(begin, end) if lines[at].kind is BlockKind.HEADING]
    if len(levels) < 2 or levels[0][0] != begin or levels[1][1] < levels[0][1]:
        return end
    return next((at for at, level in levels if level < levels[0][1]), end)


def _is_one_agreement(lines: list[Line], parts: list[_Part]) -> bool:
    """Whether parts are versions of one text: named alike, told apart by what their heads say, and mostly the same."""
    heads = [part.head for part in parts if part.head]
    if len({head.name for head in heads if head.name}) > 1:
        return False
    if len({(head.start, head.end, head.state) for head in heads}) < len(heads):
        return False
    return all(_shares(lines, one, other) for one, other in pairwise(parts))


def _shares(lines: list[Line], one: _Part, other: _Part) -> bool:
    """Whether most of either part stands in the other, in paragraphs that are the same."""
    first, second = (_body(lines, part) for part in (one, other))
    if min(len(first), len(second)) < _PART_LINES_MIN:
        return False
    has_headings = any(line.kind is BlockKind.HEADING for line in lines[one.begin + 2 : one.end])
    least = _SHARED_MIN if has_headings else _SHARED_WITHOUT_HEADINGS_MIN
    common = sum(len(key) for key in first & second)
    return all(
        sum(map(len, body)) >= _PART_CHARS_MIN * _density(body) and common >= least * sum(map(len, body))
        for body in (first, second)
    )


def _density(body: set[str]) -> float:
    """Chinese and Japanese say in fewer signs what others say in many."""
    return 0.4 if any("\u3040" <= sign <= "\u9fff" for sign in "".join(body)[:200]) else 1.0


def _body(lines: list[Line], part: _Part) -> set[str]:
    return {key for line in lines[part.begin : part.end] if (key := _key(line.text))}


def _key(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


# ── Which is in force ────────────────────────────────────────────────────────────────────────────────────────────


def _in_force(parts: list[_Part], on: date) -> _Part | None:
    """The one in force on a day: the latest that has begun and not ended. None where nothing tells."""
    begun = [part for part in parts if not _is_coming(part, on)]
    ending = [part for part in begun if part.head and part.head.end and part.head.end >= on]
    if len(ending) == 1:
        return ending[0]  # it says itself that it still holds
    open_ones = [part for part in begun if not _has_ended(part, on)] or begun
    named = [part for part in open_ones if not _is(part, _State.PREVIOUS)] or open_ones
    current = [part for part in named if _is(part, _State.CURRENT)]
    if len(current) == 1:
        return current[0]
    if len(named) == 1:
        return named[0]
    starts = {part.head.start: part for part in named if part.head and part.head.start}
    if not starts or len(starts) < len(named):
        return None
    return starts[max(starts)]


def _is_coming(part: _Part, on: date) -> bool:
    head = part.head
    if head is None:
        return False
    return head.start > on if head.start else head.state is _State.COMING and head.end is None


def _follows(part: _Part, chosen: _Part, on: date) -> bool:
    """Whether a version of which nothing is said comes after the one in force, because that one is going to end."""
    return part.head is None and chosen.head is not None and chosen.head.end is not None and chosen.head.end >= on


def _has_ended(part: _Part, on: date) -> bool:
    return part.head is not None and part.head.end is not None and part.head.end < on


def _is(part: _Part, state: _State) -> bool:
    return part.head is not None and part.head.state is state
