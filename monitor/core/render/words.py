"""How things are written: text that can't turn itself around, times, counts and sentences."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.core.model import Flag, Severity, Signal

# What a text can act by: controls (but for line break and tab), half characters, line and paragraph separators, what
# turns the direction (embeddings, overrides, isolates), and what can't be seen (interlinear annotation, tags).
ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)

HEADLINE_MAX = 300  # characters

FLAGS = {
    Flag.SILENT_EDIT: "Silent edit: words changed, the date the document states of itself did not.",
    Flag.BACKDATED: "Backdated: it says it was in force before it was first seen.",
}
SIGNALS = {
    Signal.NEGATION: "a negation",
    Signal.NUMBER: "a number",
    Signal.CONSENT: "consent",
    Signal.MODALITY: "an obligation or permission",
}
SEVERITIES = {Severity.HIGH: "High", Severity.MEDIUM: "Medium", Severity.LOW: "Low", Severity.NONE: "None"}


def clean(text: str) -> str:
    """The text with control characters and direction overrides shown as what they are (⟨U+202E⟩), never obeyed."""
    return ACTING.sub(number, text)


def number(sign: re.Match[str]) -> str:
    """A sign by its number in Unicode."""
    return f"⟨U+{ord(sign[0]):04X}⟩"


def one_line(text: str, limit: int = 200) -> str:
    """The text as one clean line of at most `limit` characters: fit for a header or a list."""
    line = clean(" ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def moment(at: datetime, time_zone: str) -> str:
    """A time as a person writes it: 6 April 2026, 08:00 CEST."""
    here = at.astimezone(ZoneInfo(time_zone))
    zone = here.tzname() or ""
    return f"{day(here)}, {here:%H:%M} {zone if zone.isalpha() else 'UTC' + zone}"


def day(at: date) -> str:
    """A day as a person writes it: 6 April 2026."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


# Not strftime's %B, which speaks the language of whatever locale the process was started in.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def count(number: int, noun: str, plural: str = "") -> str:
    """1 provision, 2 provisions."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def in_a_row(numbers: tuple[int, ...]) -> str:
    """1 and 2; 1, 2 and 5."""
    *first, last = (str(number) for number in numbers)
    return f"{', '.join(first)} and {last}" if first else last


def capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def words_changed(counted: Counted) -> str:
    """+12 −3 words; empty where no word came or went."""
    added, removed = counted.words_added, counted.words_removed
    if not added and not removed:
        return ""
    signs = [f"+{added}"] * bool(added) + [f"−{removed}"] * bool(removed)
    return "\u00a0".join((*signs, "word" if added + removed == 1 else "words"))


class Counted(Protocol):
    """Whatever carries counts of words and sentences: a comparison, a change, a passage."""

    @property
    def words_added(self) -> int: ...
    @property
    def words_removed(self) -> int: ...
    @property
    def sentences_added(self) -> int: ...
    @property
    def sentences_removed(self) -> int: ...
    @property
    def sentences_modified(self) -> int: ...


def counts_of(counted: Counted) -> str:
    """2 sentences changed, 1 added · +12 −3 words; empty where neither a sentence nor a word changed."""
    parts = (sentences_changed(counted), words_changed(counted))
    return " · ".join(part for part in parts if part)


def sentences_changed(counted: Counted) -> str:
    """2 sentences changed, 1 added; empty where none did."""
    numbers = (counted.sentences_modified, counted.sentences_added, counted.sentences_removed)
    told = [(number, verb) for number, verb in zip(numbers, ("changed", "added", "removed"), strict=True) if number]
    nouns = [count(number, "sentence") for number, _ in told[:1]] + [str(number) for number, _ in told[1:]]
    return ", ".join(f"{noun} {verb}" for noun, (_, verb) in zip(nouns, told, strict=True))
