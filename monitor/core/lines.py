"""Lines: the variants of a document that are shown in turn (regions, tests). Pure.

A line points at the version that is current for one variant. A look belongs to the line whose text it bears; a new text
belongs to the line it is nearest to. Lines that aren't seen any more end, so that they never pile up.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.core.comparing.likeness import dice
from monitor.core.model import Comparison, Current, Difference, Line, Op, ProvisionChange, Reading
from monitor.core.sameness import difference, meaning

MAIN = "main"  # the one line of most documents, and the first of the others
LINES_MAX = 8  # open ones of a document: each new text is compared with all of them
UNSEEN_MAX = timedelta(days=14)  # a line not seen for longer ends; should it be seen again, it is opened again

_SAME_WORDS = (Difference.NONE, Difference.MARKUP)


def name_of(number: int) -> str:
    """The name of a document's line, by how many there have been with it."""
    return MAIN if number == 1 else f"variant-{number}"


def borne(reading: Reading, currents: tuple[Current, ...]) -> Current | None:
    """The line whose current version the reading bears: in its words, else in its meaning; the first one of several."""
    same_words = (one for one in currents if difference(one.reading, reading) in _SAME_WORDS)
    same_meaning = (one for one in currents if one.reading.meaning_hash == reading.meaning_hash)
    return next(same_words, None) or next(same_meaning, None)


def nearest(reading: Reading, currents: tuple[Current, ...]) -> Current:
    """The line that a text which none of them bears is compared with: it shares most pairs of neighbouring words.

    The first one of several that are as near. Cost: one pass over each text.
    """
    same_undated = [one for one in currents if one.reading.undated_hash == reading.undated_hash]
    currents = tuple(same_undated) or currents
    if len(currents) == 1:
        return currents[0]
    shingles = _shingles(reading.text)
    return max(currents, key=lambda one: dice(shingles, _shingles(one.reading.text)))


def ended(lines: tuple[Line, ...], seen: str, now: datetime) -> tuple[str, ...]:
    """The names of the open lines that end when line `seen` was seen: long unseen ones, and those over the limit."""
    others = sorted((one for one in lines if one.name != seen), key=lambda one: one.seen_at, reverse=True)
    return tuple(
        one.name for place, one in enumerate(others, start=2) if place > LINES_MAX or now - one.seen_at > UNSEEN_MAX
    )


def edit(old: Reading, new: Reading, comparison: Comparison) -> str:
    """A hash of the provisions that a change touched, before and after: equal for the same edit of two variants.

    Where they stand and how they are numbered doesn't count, nor what is cosmetic. Variants that word the touched
    provision differently have different edits.
    """
    parts = sorted("\x1f".join((change.op, *_before_and_after(old, new, change))) for change in comparison.changes)
    return hashlib.sha256("\x1e".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _before_and_after(old: Reading, new: Reading, change: ProvisionChange) -> tuple[str, str]:
    olds = change.parts if change.op is Op.MERGED else (change.old,)
    news = change.parts if change.op is Op.SPLIT else (change.new,)
    return _words(old, olds), _words(new, news)


def _words(reading: Reading, ordinals: tuple[int | None, ...]) -> str:
    provisions = [reading.provisions[ordinal] for ordinal in ordinals if ordinal is not None]
    texts = [f"{one.title}\n{reading.text[one.body_start : one.end]}" for one in provisions]
    return " ".join(token for text in texts for token in meaning(text))


def _shingles(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(meaning(text)))
