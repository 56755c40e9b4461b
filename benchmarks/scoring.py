"""Which recorded pair an alert belongs to, and the totals over pairs. Pure.

A pair is two consecutive snapshots. It is alerted when looking at its second one raised an alert. Where the text was
held back, the alert that comes when it is believed belongs to the pair that brought the text, if it comes within 48
hours and no other text came first; so one alert is one pair's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harness import Looked

from monitor.core.model import (
    Archived,
    Failed,
    Held,
    NotModified,
    Outcome,
    Reread,
    Result,
    Returned,
    Suspect,
    Unchanged,
)

BELIEVED_WITHIN = timedelta(hours=48)


@dataclass(slots=True)
class Pair:
    """A recorded pair and what the monitor made of it: filled in while its history is replayed."""

    doc: int
    from_snapshot: int | None
    to_snapshot: int
    at: datetime
    kind: str  # the corpus' class of the pair; empty where it isn't scored
    alerted: bool = False
    result: str = ""
    why: str = ""
    suspect: str = ""  # what the last look at the second snapshot came to, where it was suspect or held
    suspect_why: str = ""


@dataclass(slots=True)
class Attribution:
    """Follows one history look by look and gives each alert to its pair."""

    _held: tuple[Pair, str] | None = field(default=None)  # the pair that brought a text that isn't believed, its hash

    def follow(self, pair: Pair, looked: Looked) -> None:
        """Take in a look at a pair's second snapshot."""
        if looked.alerts:
            self._give(pair, looked)
        pending = looked.outcome.pending
        if pending is None:
            self._held = None
        elif self._held is None or self._held[1] != pending.words_hash:
            self._held = (pair, pending.words_hash)
        if looked.alerts or not pair.alerted:
            pair.result, pair.why = named(looked.outcome.result), why(looked.outcome)
        is_suspect = isinstance(looked.outcome.result, Suspect | Held)
        pair.suspect = named(looked.outcome.result) if is_suspect else ""
        pair.suspect_why = why(looked.outcome) if is_suspect else ""

    def _give(self, pair: Pair, looked: Looked) -> None:
        if self._held is None or self._held[1] != words_hash(looked.outcome.result):
            pair.alerted = True
            return
        brought = self._held[0]
        if looked.at - brought.at <= BELIEVED_WITHIN:
            brought.alerted = True
            brought.result, brought.why = named(looked.outcome.result), why(looked.outcome)
        elif brought is not pair:
            pair.alerted = True


def words_hash(result: Result) -> str | None:
    """The hash of the text that a result made current, if it did."""
    return result.reading.words_hash if isinstance(result, Archived | Returned) else None


def named(result: Result) -> str:
    """A result in two words at most: what it was and of which kind."""
    match result:
        case NotModified():
            return f"not_modified {result.sameness}"
        case Unchanged():
            return f"unchanged {result.difference}"
        case Archived():
            return f"archived {result.version.difference or 'first'}"
        case Returned():
            return f"returned {result.change.comparison.difference}"
        case Held():
            return f"held {result.pending.kind}"
        case Suspect():
            return f"suspect {result.kind}"
        case Failed():
            return f"failed {result.kind}"
        case Reread():
            return "reread"


def why(outcome: Outcome) -> str:
    """What the monitor would say of it, in a sentence; empty where there is nothing to say."""
    match outcome.result:
        case Archived(change=change) | Returned(change=change) if change is not None:
            counts = f"{change.comparison.words_added} words added, {change.comparison.words_removed} removed"
            return f"{change.assessment.headline} ({counts})"
        case Held(pending=pending):
            return pending.reason
        case Suspect(reason=reason) | Failed(reason=reason):
            return reason
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person judged a pair to be."""

    kind: str
    sure: bool


def by_class(pairs: Iterable[Pair]) -> dict[str, dict[str, int]]:
    """For each class of scored pairs how many there are and how many raised an alert."""
    counts = Counter[tuple[str, str]]()
    for pair in pairs:
        if pair.kind:
            counts.update({(pair.kind, "n"): 1, (pair.kind, "alerted"): int(pair.alerted)})
    return {kind: {name: counts[kind, name] for name in ("n", "alerted")} for kind in sorted({k for k, _ in counts})}


def by_label(pairs: Iterable[Pair], labels: dict[tuple[int, int], Judged]) -> dict[str, dict[str, int]]:
    """For each judged kind how many pairs there are and how many raised an alert, in all and of the sure ones."""
    counts = Counter[tuple[str, str]]()
    for pair in pairs:
        judged = label(pair, labels)
        if judged is not None:
            alerted = int(pair.alerted)
            seen = {"n": 1, "alerted": alerted, "n_sure": int(judged.sure), "alerted_sure": alerted * judged.sure}
            counts.update({(judged.kind, name): number for name, number in seen.items()})
    names = ("n", "alerted", "n_sure", "alerted_sure")
    return {kind: {name: counts[kind, name] for name in names} for kind in sorted({k for k, _ in counts})}


def suspects(pairs: Iterable[Pair]) -> list[dict[str, object]]:
    """Each capture whose last look was suspect or held: why, and the class of the pair it is the second of."""
    return [
        {
            "doc": pair.doc,
            "snapshot": pair.to_snapshot,
            "class": pair.kind,
            "kind": pair.suspect,
            "why": pair.suspect_why,
        }
        for pair in pairs
        if pair.suspect
    ]


def label(pair: Pair, labels: dict[tuple[int, int], Judged]) -> Judged | None:
    """The judgement on a pair, if a person gave one."""
    return None if pair.from_snapshot is None else labels.get((pair.from_snapshot, pair.to_snapshot))


def to_read(pairs: Iterable[Pair], labels: dict[tuple[int, int], Judged]) -> list[dict[str, object]]:
    """Each alert on a pair of class same, each silence on one of class change, and every judged pair."""
    rows: list[dict[str, object]] = []
    for pair in pairs:
        judged = label(pair, labels)
        surprising = (pair.kind == "same" and pair.alerted) or (pair.kind == "change" and not pair.alerted)
        if judged is None and not surprising:
            continue
        rows.append(
            {
                "doc": pair.doc,
                "from_snapshot": pair.from_snapshot,
                "to_snapshot": pair.to_snapshot,
                "class": pair.kind,
                "kind": judged.kind if judged else None,
                "alerted": pair.alerted,
                "result": pair.result,
                "why": pair.why,
            }
        )
    return rows
