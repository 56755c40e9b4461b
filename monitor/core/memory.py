"""What a reader remembers of a source, and how a lesson changes it. Pure.

How a memory is used in reading stands in `reading.recollect`, how a lesson is drawn from a capture in `lessons`.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from monitor.core import canonical
from monitor.core.model import Lesson, Memory, Restless, Stir

NOTHING = Memory()

# A key has 8 signs, 11 bytes in the canonical form: the most that a memory can hold stays below 64 kB.
READ_MAX = 4_000
LEFT_MAX = 1_200
STIRS_MAX = 40
RESTLESS_MAX = 20
BYTES_MAX = 64 * 1024

RESTLESS_AFTER = 4  # changes of one place, each time to other words
RESTLESS_WITHIN = timedelta(days=14)


def name_of(memory: Memory) -> str:
    """The hash that names a memory (SHA-256 of its canonical form), empty where nothing is remembered."""
    return "" if memory == NOTHING else hashlib.sha256(canonical.dump(memory)).hexdigest()


def teach(memory: Memory, lesson: Lesson) -> Memory:
    """The memory after a lesson. What another reader remembered counts for nothing: its mistakes aren't handed on.

    A lesson that says nothing new changes nothing, so that a memory changes as rarely as the text.
    """
    if memory.reader != lesson.reader:
        memory = Memory(lesson.reader)
    read = _remember(memory.read, lesson.read)
    known = frozenset(read)
    left = tuple(key for key in lesson.left if key not in known)[:LEFT_MAX]
    stirs, restless = memory.stirs, memory.restless
    for stir in lesson.stirs:
        stirs = _stirred(stirs, stir)
        restless = _restless(restless, stirs, stir)
    return Memory(lesson.reader, read, left, stirs, restless)


def _remember(known: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """The lines known and shown. Where they are too many, those not shown any more go first, then the oldest."""
    old = frozenset(known)
    shown = tuple(dict.fromkeys(shown))[-READ_MAX:]
    fresh = tuple(key for key in shown if key not in old)
    if len(known) + len(fresh) > READ_MAX:
        now = frozenset(shown)
        known = (*(key for key in known if key not in now), *(key for key in known if key in now))
    return (*known, *fresh)[-READ_MAX:]


def _stirred(stirs: tuple[Stir, ...], stir: Stir) -> tuple[Stir, ...]:
    """The changes of late, with a new one unless it brought back what had been there: variants alternate, too."""
    lately = tuple(one for one in stirs if stir.at - one.at <= RESTLESS_WITHIN)
    if any(one.place == stir.place and one.came == stir.came for one in lately):
        return lately
    return (*lately, stir)[-STIRS_MAX:]


def _restless(known: tuple[Restless, ...], stirs: tuple[Stir, ...], stir: Stir) -> tuple[Restless, ...]:
    mine = tuple(one for one in stirs if one.place == stir.place)
    if len(mine) < RESTLESS_AFTER:
        return known
    found = Restless(stir.place, max(one.lines for one in mine), max(one.chars for one in mine))
    return (*(one for one in known if one.place != stir.place), found)[-RESTLESS_MAX:]
