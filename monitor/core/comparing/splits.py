"""Provisions that were split into neighbours, or merged from them: only where it is clear by their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.comparing.clauses import Clause
from monitor.core.comparing.pairing import Pairing

_WORDS_MIN = 5  # in a part; fewer don't make it clear
_OPENING = 3  # words that a part begins with as the whole did
_CLEAR = 0.7  # of a part's pairs of words are those that its counterpart lost


@dataclass(frozen=True, slots=True)
class Division:
    """One provision on one side is these neighbours on the other; `paired` is the one of them that is its pair."""

    whole: int
    parts: tuple[int, ...]
    paired: int


def splits(pairing: Pairing) -> tuple[Division, ...]:
    """Old provisions whose words stand in several neighbours of the new text, one of them the pair."""
    return tuple(_divisions(pairing.old, pairing.new, pairing.pairs(), pairing.old_of))


def merges(pairing: Pairing) -> tuple[Division, ...]:
    """New provisions whose words stood in several neighbours of the old text, one of them the pair."""
    flipped = sorted((new, old) for old, new in pairing.pairs())
    return tuple(_divisions(pairing.new, pairing.old, flipped, pairing.new_of))


def pair_heirs(pairing: Pairing) -> None:
    """Pair what was split or merged with the part that goes on under its name, however short that part is."""
    for division in splits(pairing):
        heir = _heir(pairing.old[division.whole], [pairing.new[part] for part in division.parts])
        if heir is not None and heir != division.paired:
            pairing.hand_over(division.whole, division.paired, to_new=heir)
    for division in merges(pairing):
        heir = _heir(pairing.new[division.whole], [pairing.old[part] for part in division.parts])
        if heir is not None and heir != division.paired:
            pairing.hand_over(division.paired, division.whole, to_old=heir)


def _heir(whole: Clause, parts: Sequence[Clause]) -> int | None:
    """The part with the title of the whole or, where it has none, the one that begins as it does."""
    if whole.title:
        named = [part for part in parts if part.title == whole.title]
    else:
        named = [part for part in parts if not part.title and part.words[:_OPENING] == whole.words[:_OPENING]]
    return named[0].ordinal if named else None


def _divisions(
    wholes: Sequence[Clause],
    parts: Sequence[Clause],
    pairs: Sequence[tuple[int, int]],
    taken: Sequence[int | None],
) -> Iterator[Division]:
    used: set[int] = set()
    if None not in taken:
        return
    for whole, paired in pairs:
        if wholes[whole].body == parts[paired].body or len(wholes[whole].words) < len(parts[paired].words) + _WORDS_MIN:
            continue
        lost = wholes[whole].bigrams - parts[paired].bigrams
        before = _grown(parts, range(paired - 1, -1, -1), taken, used, lost)
        after = _grown(parts, range(paired + 1, len(parts)), taken, used, lost)
        if before or after:
            found = (*reversed(before), paired, *after)
            used.update(found)
            yield Division(whole, found, paired)


def _grown(
    parts: Sequence[Clause],
    neighbours: range,
    taken: Sequence[int | None],
    used: set[int],
    lost: Counter[tuple[str, str]],
) -> list[int]:
    """The neighbours, as far as they have no counterpart and are made of lost words, which are taken off `lost`.

    A heading without a body belongs to the part that follows it.
    """
    grown: list[int] = []
    headings: list[int] = []
    for ordinal in neighbours:
        part = parts[ordinal]
        if taken[ordinal] is not None or ordinal in used:
            break
        if not part.words:
            headings.append(ordinal)
        elif len(part.words) >= _WORDS_MIN and _share(part, lost) >= _CLEAR:
            grown += [*headings, ordinal]
            headings = []
            lost -= part.bigrams
        else:
            break
    return grown


def _share(part: Clause, lost: Counter[tuple[str, str]]) -> float:
    shared = sum(min(count, lost[pair]) for pair, count in part.bigrams.items())
    return shared / part.bigrams.total()
