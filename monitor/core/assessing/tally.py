"""How many provisions changed: the one count that subjects, headlines, lists and the terminal share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from monitor.core.assessing.evidence import Edit
from monitor.core.model import Comparison, Op, ProvisionChange, SegmentKind

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
    """`counted` are the changes worth naming, the weightiest first; `shifted` those in which text came from or went to
    another place and no word changed beside; `renumbered` says how many are only a new number."""

    counted: tuple[ProvisionChange, ...]
    renumbered: int
    shifted: tuple[ProvisionChange, ...] = ()

    @property
    def changed(self) -> str:
        """What changed in words or place: 2 provisions changed, 1 added, text moved in 2; empty where nothing did."""
        return self._told(Counter())

    @property
    def everything(self) -> str:
        """The same with what only has another number: 2 provisions changed, 1 added, 3 renumbered."""
        return self._told(Counter({Op.RENUMBERED: self.renumbered}))

    def _told(self, beside: Counter[Op]) -> str:
        phrase = _phrase(Counter(change.op for change in self.counted) + beside)
        if not self.shifted:
            return phrase
        if not phrase:
            return f"text moved in {len(self.shifted)} {'provision' if len(self.shifted) == 1 else 'provisions'}"
        return f"{phrase}, text moved in {len(self.shifted)}"


def tally(comparison: Comparison, by_change: tuple[tuple[Edit, ...], ...]) -> Tally:
    """The count of a comparison with its edits, from `edits`.

    Not counted is a provision in which nothing changed but a date that the document states of itself.
    """
    shifted = tuple(change for change in comparison.changes if _is_shifted(change))
    worded = [
        change
        for change, found in zip(comparison.changes, by_change, strict=True)
        if change.op is not Op.RENUMBERED and not (change.op is Op.MODIFIED and change.segments and not found)
        if not _is_shifted(change)
    ]
    renumbered = sum(change.op is Op.RENUMBERED for change in comparison.changes)
    return Tally(tuple(sorted(worded, key=_weight)), renumbered, shifted)


def _is_shifted(change: ProvisionChange) -> bool:
    if change.op is not Op.MODIFIED or change.words_added or change.words_removed:
        return False
    return any(segment.kind in (SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN) for segment in change.segments)


def _weight(change: ProvisionChange) -> tuple[int, int]:
    return (list(_VERBS).index(change.op), -change.words_added - change.words_removed)


def _phrase(counted: Counter[Op]) -> str:
    parts = [(counted[op], verb) for op, verb in _VERBS.items() if counted[op]]
    nouns = [" provision" if parts[0][0] == 1 else " provisions", *[""] * (len(parts) - 1)] if parts else []
    return ", ".join(f"{number}{noun} {verb}" for (number, verb), noun in zip(parts, nouns, strict=True))
