"""Lists of thanked people: who reported flaws, gave money or wrote a part. They change often and bind nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.model import BlockKind
from monitor.core.reading.lines import Line
from monitor.core.reading.vocabulary import THANKFUL, THANKS_HEADING, legal_terms

_NAMES_MIN = 8
_NAME_CHARS_MAX = 60
_NAME_WORDS_MAX = 6
_NAME_SHARE_MIN = 0.8
_SHORT_WORD = 3  # "van", "de la": names have small words, too
_NO_NAME = re.compile(r"[.;:!?。；：！？]$|[%§]|[$€£¥₹]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def thanked(lines: list[Line]) -> set[int]:
    """The indexes of lines that are names in a long list of thanked people.

    A list without words of thanks over it isn't taken for one, whatever it looks like: countries, affiliates and
    subprocessors are terms. Nor is a line with a legal word, a price or the form of a sentence.
    """
    found: set[int] = set()
    for start, end in _runs(lines):
        names = [index for index in range(start, end) if _is_name(lines[index].text)]
        entries = sum(1 for index in range(start, end) if not _is_number(lines[index]))
        if len(names) >= _NAMES_MIN and len(names) >= _NAME_SHARE_MIN * entries and _are_thanked(lines, start):
            found.update(names)
    return found


def _runs(lines: list[Line]) -> Iterator[tuple[int, int]]:
    """Stretches of short lines; years may part them."""
    start: int | None = None
    for index, line in enumerate(lines):
        if _is_entry(line) or (start is not None and _is_number(line)):
            start = index if start is None else start
        elif start is not None:
            yield start, index
            start = None
    if start is not None:
        yield start, len(lines)


def _is_entry(line: Line) -> bool:
    if line.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH) or len(line.text) > _NAME_CHARS_MAX:
        return False
    return not _NO_NAME.search(line.text)


def _is_number(line: Line) -> bool:
    return len(line.text) <= _NAME_CHARS_MAX and not any(sign.isalpha() for sign in line.text)


def _is_name(text: str) -> bool:
    words = text.split()
    if len(words) > _NAME_WORDS_MAX or not any(sign.isalpha() for sign in text) or legal_terms(text):
        return False
    return len(words) == 1 or not any(word[0].islower() for word in words if len(word) > _SHORT_WORD)


def _are_thanked(lines: list[Line], start: int) -> bool:
    """Whether what leads to a list thanks those on it: the sentence before it, or the heading over both."""
    before = next((index for index in range(start - 1, -1, -1) if not _is_number(lines[index])), None)
    if before is None:
        return False
    lead = lines[before]
    if lead.kind is BlockKind.HEADING:
        return THANKS_HEADING.fullmatch(lead.text) is not None
    last = _SENTENCE_END.split(lead.text.strip())[-1]
    if legal_terms(last):
        return False
    over = lines[before - 1] if before else lead
    is_under_thanks = over.kind is BlockKind.HEADING and THANKS_HEADING.fullmatch(over.text) is not None
    return is_under_thanks or THANKFUL.search(last) is not None
