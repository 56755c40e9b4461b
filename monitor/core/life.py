"""One provision through one step of its document: what happened to it, and which provisions it came from or went into.

Told by identity, so that a new number, title or place doesn't hide it. A whole life is these steps in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.citing import cite
from monitor.core.model import Comparison, Op, ProvisionChange, Reading


class Kinship(StrEnum):
    """How another provision is related to the one whose life is told."""

    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"
    MERGED_FROM = "merged_from"
    MERGED_INTO = "merged_into"
    FOLLOWS = "follows"  # it has the words of a provision that went by with another identity
    FOLLOWED_BY = "followed_by"


@dataclass(frozen=True, slots=True)
class Relative:
    """An edge of lineage: the other provision's identity, and its path in the reading that has it."""

    kinship: Kinship
    identity: str
    path: str


@dataclass(frozen=True, slots=True)
class Text:
    """One side of a step: a reading with the identities of its provisions by ordinal."""

    reading: Reading
    identities: tuple[str, ...]

    def ordinal(self, identity: str) -> int | None:
        """Where the provision stands, or None where the reading doesn't have it."""
        return self.identities.index(identity) if identity in self.identities else None


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a provision between two readings.

    `path` is in the new reading, `was` in the old one; empty where it wasn't there. `changes` are those of the
    comparison that bear it, ready for a redline; there are none where it is a heading over others that came or went.
    """

    ops: tuple[Op, ...]
    path: str
    was: str
    changes: tuple[ProvisionChange, ...] = ()
    relatives: tuple[Relative, ...] = ()

    @property
    def words_added(self) -> int:
        return sum(change.words_added for change in self.changes)

    @property
    def words_removed(self) -> int:
        return sum(change.words_removed for change in self.changes)


def step(identity: str, comparison: Comparison, old: Text, new: Text) -> Step | None:
    """What happened to the provision with this identity; None where nothing did, or neither reading has it."""
    before, after = old.ordinal(identity), new.ordinal(identity)
    if before is None and after is None:
        return None
    changes = touching(comparison, before, after)
    ops = tuple(dict.fromkeys(op for change in changes for op in (change.op, *change.also)))
    if not ops and before is not None and after is not None:
        return None
    relatives = tuple(one for change in changes for one in _relatives(change, old, new, before, after))
    if not changes and old.reading.text == new.reading.text:
        relatives = (_by_place(old, new, before, after),)
        ops = (Op.SPLIT,) if before is None else (Op.MERGED,)
    return Step(
        ops=ops or ((Op.ADDED,) if before is None else (Op.REMOVED,)),
        path="" if after is None else cite(new.reading, after),
        was="" if before is None else cite(old.reading, before),
        changes=changes,
        relatives=tuple(dict.fromkeys(one for one in relatives if one.identity != identity)),
    )


def touching(comparison: Comparison, before: int | None, after: int | None) -> tuple[ProvisionChange, ...]:
    """The changes that bear a provision, by its ordinals in the two readings."""
    return tuple(change for change in comparison.changes if _bears(change, before, after))


def _bears(change: ProvisionChange, before: int | None, after: int | None) -> bool:
    olds, news = _sides(change)
    return (before is not None and before in olds) or (after is not None and after in news)


def _sides(change: ProvisionChange) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    """The ordinals of everything a change covers, in the old and in the new reading."""
    olds = change.parts if change.op is Op.MERGED else (change.old,)
    news = change.parts if change.op is Op.SPLIT else (change.new,)
    return olds, news


def _relatives(
    change: ProvisionChange, old: Text, new: Text, before: int | None, after: int | None
) -> Iterator[Relative]:
    """Who the provision came from or went into by this change; itself among them."""
    olds, news = _sides(change)
    backward, forward = {
        Op.SPLIT: (Kinship.SPLIT_FROM, Kinship.SPLIT_INTO),
        Op.MERGED: (Kinship.MERGED_FROM, Kinship.MERGED_INTO),
    }.get(change.op, (Kinship.FOLLOWS, Kinship.FOLLOWED_BY))
    if before in olds:
        yield from (Relative(forward, new.identities[one], cite(new.reading, one)) for one in news if one is not None)
    if after in news:
        yield from (Relative(backward, old.identities[one], cite(old.reading, one)) for one in olds if one is not None)


def _by_place(old: Text, new: Text, before: int | None, after: int | None) -> Relative:
    """Whose text the provision's is on the side that doesn't have it: one text, divided into provisions otherwise."""
    (mine, ordinal), other, kinship = (
        ((old, before), new, Kinship.MERGED_INTO) if after is None else ((new, after), old, Kinship.SPLIT_FROM)
    )
    assert ordinal is not None, "one side has it"
    start = mine.reading.provisions[ordinal].start
    at = next(one.ordinal for one in reversed(other.reading.provisions) if one.start <= start)
    return Relative(kinship, other.identities[at], cite(other.reading, at))
