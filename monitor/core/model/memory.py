"""What earlier captures of a source taught the reader, and the lesson that one capture is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a few neighbouring lines stand: the keys of the lines before and after them, empty at the beginning and
    the end of what a source bears."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stir:
    """A few neighbouring lines that were replaced while all the others stood still: when, and the key of what came.

    `lines` and `chars` are how many there were and how long the longest was, before or after, whichever is more.
    """

    place: Place
    came: str
    at: datetime
    lines: int
    chars: int


@dataclass(frozen=True, slots=True)
class Restless:
    """A place whose lines kept changing: no terms. `lines` and `chars` bound what may be left out there."""

    place: Place
    lines: int
    chars: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What a reader remembers of a source. Bounded and immutable; lines are named by a key of their words.

    `read`: lines that were read as terms, the oldest first. `left`: short lines that the page of the last lesson had
    besides, each as often as it had it, and that never were terms. `restless`: places whose lines kept changing;
    `stirs`: changes of places that may turn out to be restless.
    """

    reader: str = ""
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    stirs: tuple[Stir, ...] = ()
    restless: tuple[Restless, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one capture teaches of its source: the lines that were read and those that were left out, by their keys,
    and what was replaced since the version before, if that is all that changed."""

    source_id: str
    reader: str
    read: tuple[str, ...]
    left: tuple[str, ...]
    stirs: tuple[Stir, ...] = ()
