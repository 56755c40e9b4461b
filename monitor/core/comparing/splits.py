"""Provisions that were split into neighbours, or merged from them: only where it is clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.comparing.align import Pairing
from monitor.core.comparing.clauses import Clause
from monitor.core.comparing.likeness import dice

_PARTS_MAX = 4
_WORDS_MIN = 8  # fewer words don't make it clear
_CLEAR = 0.85  # of the words of whole and parts together
_GAIN = 0.1  # by which the parts together are liker to the whole than the paired one alone


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


def _divisions(
    wholes: Sequence[Clause],
    parts: Sequence[Clause],
    pairs: Sequence[tuple[int, int]],
    taken: Sequence[int | None],
) -> Iterator[Division]:
    used: set[int] = set()
    for whole, paired in pairs:
        if wholes[whole].words == parts[paired].words or len(wholes[whole].words) < _WORDS_MIN:
            continue
        found = _division(wholes[whole], parts, paired, taken, used)
        if found is not None:
            used.update(found.parts)
            yield found


def _division(
    whole: Clause, parts: Sequence[Clause], paired: int, taken: Sequence[int | None], used: set[int]
) -> Division | None:
    alone = dice(whole.unigrams, parts[paired].unigrams)
    best: tuple[float, range] | None = None
    for run in _runs(parts, paired, taken, used):
        words: Counter[str] = Counter()
        for ordinal in run:
            words.update(parts[ordinal].unigrams)
        likeness = dice(whole.unigrams, words)
        if likeness >= max(_CLEAR, alone + _GAIN) and (best is None or likeness > best[0]):
            best = (likeness, run)
    return Division(whole.ordinal, tuple(best[1]), paired) if best else None


def _runs(parts: Sequence[Clause], paired: int, taken: Sequence[int | None], used: set[int]) -> Iterator[range]:
    """The runs of neighbours that hold the paired one and otherwise only provisions without a counterpart."""
    for length in range(2, _PARTS_MAX + 1):
        for first in range(max(0, paired - length + 1), paired + 1):
            run = range(first, first + length)
            others = [ordinal for ordinal in run if ordinal != paired]
            if run.stop <= len(parts) and all(_is_loose(parts[at], taken, used) for at in others):
                yield run


def _is_loose(part: Clause, taken: Sequence[int | None], used: set[int]) -> bool:
    return taken[part.ordinal] is None and part.ordinal not in used and len(part.words) > 0
