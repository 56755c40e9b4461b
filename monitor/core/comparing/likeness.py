"""How like two provisions are: by their words, and then by title, label and place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeVar

from monitor.core.comparing.clauses import Clause
from monitor.core.comparing.pairing import Pairing
from monitor.core.model import ProvisionKind

T = TypeVar("T", bound=Hashable)

_CONTAINED = 0.5  # all of one stands in the other, which was split from it or merged with others
_CONTAINED_SHARE = 0.8
_CONTAINED_WORDS_MIN = 20
_TITLE = 0.5  # the same title, found once in each text: the provision, whatever its body
_TITLE_REPEATED = 0.2
_KEY = 0.5  # the same key of a row, found once in each of two tables that are paired: the row, whatever its cells
_LABEL = 0.1
_PARENTS = 0.1
_BESIDE = 0.1


class Likeness:
    """Scores pairs of provisions. Shared words count up to 1; title, label, parents and neighbours add to it.

    What stands under headings counts as far as it was paired when `look_again` was called last.
    """

    ENOUGH: ClassVar[float] = 0.5

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._old = pairing.old
        self._new = pairing.new
        self._old_of = pairing.old_of
        self._shared: dict[tuple[int, int], Shared] = {}
        self._votes: tuple[Counter[tuple[int, int]], Counter[int], Counter[int]] = (Counter(), Counter(), Counter())

    @cached_property
    def _named_once(self) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
        """Titles and keys that one provision has alone, in the old text and in the new one."""
        return _once(self._old), _once(self._new)

    def look_again(self) -> None:
        """Take note of the pairs that were found since."""
        self._votes = self._children_votes()

    def of(self, old: int, new: int) -> float:
        """The likeness of two provisions, from 0; from `ENOUGH` on they may be taken for the same."""
        first, second = self._old[old], self._new[new]
        score = self._words_of(first, second).words if first.words and second.words else self._of_headings(old, new)
        if _is_named_alike(first, second):
            score = self._score_of_title(first, second, score)
        if first.provision.label and first.provision.label == second.provision.label:
            score += _LABEL
        if self._pairing.parents_match(first, second):
            score += _PARENTS
        beside = self._beside(old, new)
        if beside:
            score += _BESIDE
        if beside == 2 and _is_row_without_key(first) and _is_row_without_key(second):
            score += _KEY
        return score if first.kind is second.kind else score - _BESIDE

    def _score_of_title(self, first: Clause, second: Clause, shared: float) -> float:
        """What shared words and the same title come to. A section that went on under its title is that section."""
        olds, news = self._named_once
        if first.name in olds and second.name in news:
            return max(shared, self._words_of(first, second).contained) + _TITLE
        if _key(first) in olds and _key(second) in news and self._pairing.parents_match(first, second):
            return shared + _KEY
        return shared + _TITLE_REPEATED

    def _words_of(self, old: Clause, new: Clause) -> Shared:
        """Counted once for two provisions, however often they are asked for."""
        pair = (old.ordinal, new.ordinal)
        found = self._shared.get(pair)
        if found is None:
            found = self._shared[pair] = Shared.of(old, new)
        return found

    def _beside(self, old: int, new: int) -> int:
        """On how many of its sides one has the counterpart of the other's neighbour; the ends of the texts match."""
        before = self._old_of[new - 1] == old - 1 if new and old else new == old
        return before + self._pairing.is_followed_alike(old, new)

    def _of_headings(self, old: int, new: int) -> float:
        """For headings of which one has no body: by what stands under them; of those over nothing, by their words."""
        first, second = self._old[old], self._new[new]
        if first.words or second.words or self._votes[1][old] or self._votes[2][new]:
            return self._vote(old, new)
        return dice(Counter(first.title), Counter(second.title))

    def _vote(self, old: int, new: int) -> float:
        """For headings without a body: the share of their children that are paired with each other."""
        together, all_old, all_new = self._votes
        return 2 * together[(old, new)] / max(1, all_old[old] + all_new[new])

    def _children_votes(self) -> tuple[Counter[tuple[int, int]], Counter[int], Counter[int]]:
        together: Counter[tuple[int, int]] = Counter()
        for clause in self._new:
            counterpart = self._old_of[clause.ordinal]
            if counterpart is not None and clause.parent is not None:
                parent = self._old[counterpart].parent
                if parent is not None:
                    together[(parent, clause.parent)] += 1
        all_old = Counter(clause.parent for clause in self._old if clause.parent is not None)
        all_new = Counter(clause.parent for clause in self._new if clause.parent is not None)
        return together, all_old, all_new


def shared_words(old: Clause, new: Clause) -> float:
    """The share of words (half) and pairs of neighbouring words (half) that two bodies have in common, 0 to 1."""
    return Shared.of(old, new).words


@dataclass(frozen=True, slots=True)
class Shared:
    """What two bodies have in common, 0 to 1.

    `words`: half by their words, half by pairs of neighbouring ones. `contained`: the share of the shorter body's pairs
    of words that the longer one has too; 0 where it says too little.
    """

    words: float
    contained: float

    @classmethod
    def of(cls, old: Clause, new: Clause) -> Shared:
        """Counted for two bodies."""
        pairs = dice(old.bigrams, new.bigrams)
        shorter = min(len(old.words), len(new.words)) + 1
        is_telling = shorter > _CONTAINED_WORDS_MIN
        contained = pairs * (len(old.words) + len(new.words) + 2) / 2 / shorter if is_telling else 0.0
        words = (dice(old.unigrams, new.unigrams) + pairs) / 2
        return cls(max(words, _CONTAINED) if contained >= _CONTAINED_SHARE else words, contained)


def _is_row_without_key(clause: Clause) -> bool:
    return clause.kind is ProvisionKind.ROW and not clause.title


def _is_named_alike(first: Clause, second: Clause) -> bool:
    is_titled = bool(first.title or second.title)
    return is_titled and first.name == second.name and not first.is_counted_row


def _key(clause: Clause) -> tuple[int | None, ProvisionKind, tuple[str, ...]]:
    return (clause.parent, clause.kind, clause.title)


def _once(clauses: Sequence[Clause]) -> frozenset[Hashable]:
    counts = Counter[Hashable](clause.name for clause in clauses) + Counter[Hashable](map(_key, clauses))
    return frozenset(name for name, count in counts.items() if count == 1)


def dice(first: Counter[T], second: Counter[T]) -> float:
    """Dice's coefficient of two multisets: twice what they share, by what they have together."""
    if len(first) > len(second):
        first, second = second, first
    shared = sum([count if count < second[name] else second[name] for name, count in first.items() if name in second])
    return 2 * shared / max(1, first.total() + second.total())
