"""How many provisions changed: the one count that subjects, headlines, lists and the terminal share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from monitor.core.assessing.evidence import Edit
from monitor.core.model import Comparison, Op, ProvisionChange, SegmentKind

_MOVED = (SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN)

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
    only_moved: bool = False  # no word went or came, text only moved between or within provisions

    @property
    def changed(self) -> str:
        """What changed in words: 2 provisions changed, 1 added; empty where nothing did."""
        if self.only_moved:
            return f"Text moved in {len(self.counted)} provision{'s'[: len(self.counted) > 1]}"
        return _phrase(Counter(change.op for change in self.counted))

    @property
    def everything(self) -> str:
        """The same with what only has another number: 2 provisions changed, 1 added, 3 renumbered."""
        if self.only_moved:
            return ", ".join(filter(None, (self.changed, f"{self.renumbered} renumbered" if self.renumbered else "")))
        return _phrase(Counter(change.op for change in self.counted) + Counter({Op.RENUMBERED: self.renumbered}))


def tally(comparison: Comparison, by_change: tuple[tuple[Edit, ...], ...]) -> Tally:
    """The count of a comparison with its edits, from `edits`.

    Not counted is a provision in which nothing changed but a date that the document states of itself.
    """
    worded = [
        (change, bool(found))
        for change, found in zip(comparison.changes, by_change, strict=True)
        if has_moved_text(change) or not _is_silent(change, found)
    ]
    renumbered = sum(change.op is Op.RENUMBERED for change in comparison.changes)
    only_moved = bool(worded) and all(
        change.op is Op.MODIFIED and has_moved_text(change) and not is_edited for change, is_edited in worded
    )
    counted = sorted((change for change, _ in worded), key=_weight)
    return Tally(tuple(counted), renumbered, only_moved)


def _is_silent(change: ProvisionChange, found: tuple[Edit, ...]) -> bool:
    return change.op is Op.RENUMBERED or (change.op is Op.MODIFIED and bool(change.segments) and not found)


def has_moved_text(change: ProvisionChange) -> bool:
    """Whether text moved out of a provision or into it."""
    return any(segment.kind in _MOVED for segment in change.segments)


def _weight(change: ProvisionChange) -> tuple[int, int]:
    return (list(_VERBS).index(change.op), -change.words_added - change.words_removed)


def _phrase(counted: Counter[Op]) -> str:
    parts = [(counted[op], verb) for op, verb in _VERBS.items() if counted[op]]
    nouns = [" provision" if parts[0][0] == 1 else " provisions", *[""] * (len(parts) - 1)] if parts else []
    return ", ".join(f"{number}{noun} {verb}" for (number, verb), noun in zip(parts, nouns, strict=True))
