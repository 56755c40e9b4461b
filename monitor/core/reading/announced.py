"""What a page announces: that its agreement changes, or a new version of it takes effect, on a coming date.

Only what the page says of its own agreement, with a date after the day it was captured. A clause on how changes are
made announces none, nor does a product, a price or a law that comes into force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from monitor.core.dates import DateRole, FoundDate, find_dates
from monitor.core.model import Announcement
from monitor.core.reading.coming import KINDS, LAW, RENEWED, UNTIL, UNTIL_AFTER, WORDS, Words

_AHEAD = timedelta(days=730)  # further off it is a slip of the pen, or of the pattern
_LINE_CHARS_MAX = 4_000
_QUOTE_CHARS_MAX = 500
_NEAR_CHARS = 45  # between a date and what takes effect then
_CLAUSE_CHARS = 110  # between the agreement and its verb
_OWN_CHARS = 45  # "our updated and simplified Terms"
_LABEL_CHARS_MAX = 90  # "Effective 1 March 2027" under a heading
_ANNOUNCEMENTS_MAX = 4
_SHORT_WORDS = """jan feb mar apr jun jul aug sep sept oct okt nov dec dez déc janv févr ene ago dic gen mag giu lug set
    ott inc ltd nr no art r"""
_SENTENCE_END = re.compile(
    r"(?<!\b\d)(?<!\b\d\d)"
    + "".join(rf"(?<!\b(?i:{word}))" for word in _SHORT_WORDS.split())
    + r"[.!?][”\"')]?\s+(?![a-zß-ÿąćęłńóśźż])(?=\S)|[。！？]"
)
_EAST_ASIAN = re.compile(
    r"([0-9０-９]{4})\s*[年/.-]\s*([0-9０-９]{1,2})\s*[月/.-]\s*([0-9０-９]{1,2})(?![0-9０-９])\s*日?"
)


def may_announce(text: str, language: str | None, on: date) -> bool:
    """Whether a text has a date after `on`; the cost grows with the years that it names, not with its length."""
    for year in range(on.year, (on + _AHEAD).year + 1):
        for match in re.finditer(str(year), text):
            around = text[max(0, match.start() - 24) : match.end() + 16].replace("\n", " ")
            if any(_is_ahead(found.value, on) for found in sure_dates(around, language)):
                return True
    return False


def announced(
    lines: Iterable[str], language: str | None, on: date, own: str, snapshot_id: str = ""
) -> tuple[Announcement, ...]:
    """What the lines of a page announce, one for each coming date, in their order; `own` names the page's agreement."""
    words = WORDS.get(language or "")
    if words is None:
        return ()
    found: dict[date, Announcement] = {}
    before = ""
    for line in lines:
        if len(line) <= _LINE_CHARS_MAX:
            for value, quote in _announced(line, before, words, language, on):
                if value not in found and _is_own(quote, own):
                    found[value] = Announcement(value, quote, snapshot_id=snapshot_id)
        before = line
    return tuple(found.values())[:_ANNOUNCEMENTS_MAX]


def sure_dates(text: str, language: str | None) -> Iterator[FoundDate]:
    """The dates of a text that name a day, without those like 02/03/2027 that mean one day here and another there."""
    is_sure = language not in (None, "en")
    day_first = {} if is_sure else {found.start: found.value for found in _dates(text, "fr")}
    for found in _dates(text, language):
        names_a_day = len(re.findall(r"\d+", text[found.start : found.end])) > 1
        is_in_an_address = text[max(0, found.start - 1) : found.start] in ("-", "/", "=", "_")
        if names_a_day and not is_in_an_address and (is_sure or day_first.get(found.start) == found.value):
            yield found


def _dates(text: str, language: str | None) -> Iterator[FoundDate]:
    """The dates of a text; in Chinese and Japanese also where no space parts them from the words around."""
    if language not in ("zh", "ja"):
        yield from find_dates(text, language)
        return
    for match in _EAST_ASIAN.finditer(text):
        with suppress(ValueError):
            yield FoundDate(*match.span(), date(*map(int, match.groups())), DateRole.OTHER, stated=False)


def _announced(line: str, before: str, words: Words, language: str | None, on: date) -> Iterator[tuple[date, str]]:
    """The coming dates of a line on which something is announced, each with the words that announce it."""
    if not any(str(year) in line for year in range(on.year, (on + _AHEAD).year + 1)):
        return
    dates = [found for found in sure_dates(line, language) if _is_ahead(found.value, on)]
    spans = sentences_of(line) if dates else []
    for index, (start, end) in enumerate(spans):
        context = line[slice(*spans[index - 1])] if index else before[-_QUOTE_CHARS_MAX:]
        follows = _is_context(context, words, is_same_line=index > 0)
        for found in dates:
            if start <= found.start < end:
                how = _how(line[start:end], (found.start - start, found.end - start), words, follows=follows)
                if how is not None:
                    yield found.value, _quoted(line, spans[index - 1][0] if how and index else start, end)


def sentences_of(line: str) -> list[tuple[int, int]]:
    """Where each sentence of a line begins and ends."""
    ends = [match.end() for match in _SENTENCE_END.finditer(line)]
    return [(start, end) for start, end in pairwise([0, *ends, len(line)]) if start < end]


def _is_context(context: str, words: Words, *, is_same_line: bool) -> bool:
    """Whether what stands before a sentence says that the agreement is renewed, and the sentence may say when."""
    if words.maybe.search(context):
        return False
    if words.changing.search(context):
        return True
    return is_same_line and RENEWED.search(context) is not None and words.document.search(context) is not None


def _how(sentence: str, when: tuple[int, int], words: Words, *, follows: bool) -> bool | None:
    """Whether the sentence before it is a part of what it announces for a date; None where it announces nothing."""
    if words.maybe.search(sentence) or UNTIL.search(sentence[: when[0]]) or UNTIL_AFTER.match(sentence[when[1] :]):
        return None
    if words.changing.search(sentence):
        return False
    effects = [match.span() for match in words.effect.finditer(sentence)]
    effect = min(effects, key=lambda one: _gap(one, when), default=None)
    if effect is None or not _is_near(effect, when):
        return None
    if _takes_effect(sentence, effect, words):
        return follows
    is_said_of_it = len(sentence) <= _LABEL_CHARS_MAX or words.changes.search(sentence) is not None
    return True if follows and is_said_of_it else None


def _is_near(effect: tuple[int, int], when: tuple[int, int]) -> bool:
    """Whether a date is that of an effect: "takes effect on …" is close to it; in "From … our new terms apply" not."""
    return _gap(effect, when) <= (_NEAR_CHARS if effect[0] < when[0] else _CLAUSE_CHARS)


def _takes_effect(sentence: str, effect: tuple[int, int], words: Words) -> bool:
    """Whether it is the agreement itself, or a new one, that takes effect."""
    for match in words.document.finditer(sentence):
        gap = _between(sentence, match.span(), effect)
        if len(gap) > _CLAUSE_CHARS or LAW.search(gap) or any(sign in gap for sign in ";:。；"):
            continue
        if match.start() > effect[0] and any(sign.isdigit() or sign in ",，、" for sign in gap):
            continue  # "The act takes effect on 1 March 2027, and this policy …"
        before = sentence[max(0, match.start() - _OWN_CHARS) : match.start()]
        after = sentence[match.end() : match.end() + _OWN_CHARS]
        if words.own.search(before) or words.changes.search(before) or words.new.search(after):
            return True
    return False


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(other[0] - one[1], one[0] - other[1], 0)


def _between(text: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    first, second = sorted((one, other))
    return text[first[1] : max(first[1], second[0])]


def _is_ahead(value: date, on: date) -> bool:
    return on < value <= on + _AHEAD


def _is_own(quote: str, own: str) -> bool:
    """Whether what is announced may be the page's own agreement: not the privacy policy on a page of terms."""
    named = {index for index, kind in enumerate(KINDS) if kind.search(quote)}
    mine = {index for index, kind in enumerate(KINDS) if kind.search(own)}
    return not named or not mine or bool(named & mine)


def _quoted(line: str, start: int, end: int) -> str:
    """Word for word what the line says there, or its beginning."""
    quote = line[start:end].strip()
    return quote if len(quote) <= _QUOTE_CHARS_MAX else quote[:_QUOTE_CHARS_MAX].rsplit(" ", 1)[0]
