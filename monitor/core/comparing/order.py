"""Order in sequences: what two of them have in common, and the longest part of one that is in order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

CELLS_MAX = 2_000_000_000  # about a second
CELLS_AT_ONCE = 160_000_000  # 20 MB of bits


def common(old: Sequence[T], new: Sequence[T], at_once: int = CELLS_AT_ONCE) -> list[tuple[int, int]]:
    """The places of a longest common subsequence of two sequences, in order.

    Where what differs has more than `CELLS_MAX` cells (items of the one times items of the other), only equal
    beginnings and ends are found. About `at_once` cells are kept in memory, a bit for each.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    first, second = old[start : len(old) - end], new[start : len(new) - end]
    middle = _common(first, second, at_once) if len(first) * len(second) <= CELLS_MAX else []
    return [
        *((at, at) for at in range(start)),
        *((start + one, start + other) for one, other in middle),
        *((len(old) - at, len(new) - at) for at in range(end, 0, -1)),
    ]


def _common(old: Sequence[T], new: Sequence[T], at_once: int) -> list[tuple[int, int]]:
    """By bit vectors, a bit for each item of `old`: Hyyrö, Bit-Parallel LCS-length Computation Revisited, 2004.

    Python's integers take a whole row in a few steps. A bit that is 0 in row `j` says that the common subsequence of
    `old` and `new[:j]` grows at that item. Of long sequences only some rows are kept, and those between made again on
    the way back.
    """
    places: dict[T, int] = {}
    for at, item in enumerate(old):
        places[item] = places.get(item, 0) | 1 << at
    first = (1 << len(old)) - 1
    height = 1 + at_once // (1 + len(old))
    blocks = [new[at : at + height] for at in range(0, len(new), height)]
    starts = [first]
    for block in blocks[:-1]:
        starts.append(_rows(block, places, starts[-1], first)[-1])
    found: list[tuple[int, int]] = []
    left = len(old)
    for number in reversed(range(len(blocks))):
        rows = _rows(blocks[number], places, starts[number], first)
        left = _walked_back(rows, left, number * height, found)
    found.reverse()
    return found


def _rows(items: Sequence[T], places: dict[T, int], start: int, every: int) -> list[int]:
    """The row before these items, which is given, and one for each of them."""
    rows, row = [start], start
    for item in items:
        equal = row & places.get(item, 0)
        if equal:
            row = (row + equal | row - equal) & every
        rows.append(row)
    return rows


def _walked_back(rows: list[int], left: int, at: int, found: list[tuple[int, int]]) -> int:
    """Note the items that are equal, from the last to the first, and return how many of `old` are before them."""
    row = len(rows) - 1
    while left and row:
        if rows[row] >> left - 1 & 1:
            left -= 1
            continue
        row -= 1
        if rows[row] >> left - 1 & 1:
            left -= 1
            found.append((left, at + row))
    return left


def longest_increasing(values: Sequence[int], weights: Sequence[int]) -> frozenset[int]:
    """The positions of a longest increasing subsequence; of equally long ones, one that weighs most."""
    heavy = 1 + sum(weights)
    return heaviest_increasing(values, [heavy + weight for weight in weights])


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> frozenset[int]:
    """The positions of the increasing subsequence that weighs most.

    A Fenwick tree of prefix maxima over the ranks of the values: O(n log n).
    """
    if all(one < other for one, other in pairwise(values)):
        return frozenset(range(len(values)))
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)), start=1)}
    tree: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)  # (weight, position)
    previous = [-1] * len(values)
    best = (0, -1)
    for position, value in enumerate(values):
        found = (0, -1)
        rank = ranks[value] - 1
        while rank > 0:
            found = max(found, tree[rank])
            rank -= rank & -rank
        previous[position] = found[1]
        entry = (found[0] + weights[position], position)
        best = max(best, entry)
        rank = ranks[value]
        while rank < len(tree):
            tree[rank] = max(tree[rank], entry)
            rank += rank & -rank
    kept, at = set(), best[1]
    while at >= 0:
        kept.add(at)
        at = previous[at]
    return frozenset(kept)
