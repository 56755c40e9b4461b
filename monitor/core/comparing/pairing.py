"""The pairs of provisions of two texts, while they are being found and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from monitor.core.comparing.clauses import Clause

T = TypeVar("T")


class Pairing:
    """The pairs found so far, both ways, by ordinal.

    `coarse`: some are left over on both sides that say the same in so many places that nobody looked which is which.
    """

    def __init__(self, old: Sequence[Clause], new: Sequence[Clause]) -> None:
        self.old = old
        self.new = new
        self.new_of: list[int | None] = [None] * len(old)
        self.old_of: list[int | None] = [None] * len(new)
        self.coarse = False

    def pair(self, old: int, new: int) -> None:
        """Pair two provisions, unless one of them has its counterpart already."""
        if self.new_of[old] is None and self.old_of[new] is None:
            self.new_of[old], self.old_of[new] = new, old

    def hand_over(self, old: int, new: int, *, to_old: int | None = None, to_new: int | None = None) -> None:
        """Take a pair back and give one of its two to another provision, which has no counterpart yet."""
        self.new_of[old] = self.old_of[new] = None
        self.pair(old if to_old is None else to_old, new if to_new is None else to_new)

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every (old, new), in the order of the new text."""
        return tuple((old, new) for new, old in enumerate(self.old_of) if old is not None)

    @property
    def is_done(self) -> bool:
        """Whether one of the two has nothing left that could be paired."""
        return None not in self.new_of or None not in self.old_of

    def left_old(self) -> list[Clause]:
        return [clause for clause in self.old if self.new_of[clause.ordinal] is None]

    def left_new(self) -> list[Clause]:
        return [clause for clause in self.new if self.old_of[clause.ordinal] is None]

    def is_followed_alike(self, old: int, new: int) -> bool:
        """Whether what follows the one is the counterpart of what follows the other; the ends of the texts match."""
        is_last = old + 1 == len(self.old), new + 1 == len(self.new)
        return all(is_last) if any(is_last) else self.old_of[new + 1] == old + 1

    def parents_match(self, old: Clause, new: Clause) -> bool:
        """Whether both stand at the top, or in provisions that are paired with each other."""
        if old.parent is None or new.parent is None:
            return old.parent is new.parent
        return self.new_of[old.parent] == new.parent


def grouped(things: Iterable[T], key: Callable[[T], Hashable | None]) -> dict[Hashable, list[T]]:
    """Things by their key, in their order; those whose key is None are left out."""
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for thing in things:
        name = key(thing)
        if name is not None:
            groups[name].append(thing)
    return groups


def equal_pairs(
    old: Iterable[T], new: Iterable[T], key: Callable[[T], Hashable | None], *, once: bool = False
) -> Iterator[tuple[T, T]]:
    """Things of equal keys, in their order; with `once` only those that are alone with their key on each side."""
    first, second = grouped(old, key), grouped(new, key)
    for name, ones in first.items():
        others = second.get(name, [])
        if not once or len(ones) == len(others) == 1:
            yield from zip(ones, others, strict=False)


def counterparts_before(partners: Iterable[int | None]) -> list[int]:
    """For each provision, by the counterparts of all in order, that of the nearest earlier one that has one, or -1."""
    result, last = [], -1
    for partner in partners:
        result.append(last)
        last = last if partner is None else partner
    return result
