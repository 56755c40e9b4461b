"""How many provisions changed: the one count that subjects, headlines, lists and the terminal share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from monitor.core.assessing.evidence import Edit
from monitor.core.model import Comparison, Op, ProvisionChange

_VERBS = {
    Op.MODIFIED: "changed",
    Op.ADDED: "added",
    Op.REMOVED: "removed",
    Op.SPLIT: "split",
    Op.MERGED: "merged",
    Op.MOVED: "moved",
    Op.RETITLED: "retitled",
    Op.RENUMBERED: "renumbered",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """`counted` are the changes worth naming, the weightiest first; `renumbered` those that are only a new number."""

    counted: tuple[ProvisionChange, ...]
    renumbered: int

    @property
    def changed(self) -> str:
        """What changed in words: 2 provisions changed, 1 added; empty where nothing did."""
        return _phrase(Counter(change.op for change in self.counted))

    @property
    def everything(self) -> str:
        """The same with what only has another number: 2 provisions changed, 1 added, 3 renumbered."""
        return _phrase(Counter(change.op for change in self.counted) + Counter({Op.RENUMBERED: self.renumbered}))


def tally(comparison: Comparison, by_change: tuple[tuple[Edit, ...], ...]) -> Tally:
    """The count of a comparison with its edits, from `edits`.

    Not counted is a provision in which nothing changed but a date that the document states of itself.
    """
    worded = [
        change
        for change, found in zip(comparison.changes, by_change, strict=True)
        if change.op is not Op.RENUMBERED and not (change.op is Op.MODIFIED and change.segments and not found)
    ]
    renumbered = sum(change.op is Op.RENUMBERED for change in comparison.changes)
    return Tally(tuple(sorted(worded, key=_weight)), renumbered)


def _weight(change: ProvisionChange) -> tuple[int, int]:
    return (list(_VERBS).index(change.op), -change.words_added - change.words_removed)


def _phrase(counted: Counter[Op]) -> str:
    parts = [(counted[op], verb) for op, verb in _VERBS.items() if counted[op]]
    nouns = [" provision" if parts[0][0] == 1 else " provisions", *[""] * (len(parts) - 1)] if parts else []
    return ", ".join(f"{number}{noun} {verb}" for (number, verb), noun in zip(parts, nouns, strict=True))
