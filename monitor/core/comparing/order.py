"""Order in sequences: what two of them have in common, and the longest part of one that is in order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def common(old: Sequence[T], new: Sequence[T], differences_max: int) -> tuple[list[tuple[int, int]], int]:
    """The places of a longest common subsequence, and how many items stand on one side only.

    With more differences than `differences_max` only equal beginnings and ends are found. Myers' greedy algorithm (An
    O(ND) Difference Algorithm, 1986).
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle, differences = _common(old[start : len(old) - end], new[start : len(new) - end], differences_max)
    found = [
        *((at, at) for at in range(start)),
        *((start + first, start + second) for first, second in middle),
        *((len(old) - at, len(new) - at) for at in range(end, 0, -1)),
    ]
    return found, differences


def _common(old: Sequence[T], new: Sequence[T], differences_max: int) -> tuple[list[tuple[int, int]], int]:
    """By furthest reaching paths: `reach[k]` is how far in `old` one gets on diagonal k with so many differences."""
    reach = {1: 0}
    steps: list[dict[int, int]] = []
    for differences in range(differences_max + 1):
        steps.append(dict(reach))
        for k in range(-differences, differences + 1, 2):
            down = k == -differences or (k != differences and reach[k - 1] < reach[k + 1])
            at = reach[k + 1] if down else reach[k - 1] + 1
            while at < len(old) and at - k < len(new) and old[at] == new[at - k]:
                at += 1
            reach[k] = at
            if at >= len(old) and at - k >= len(new):
                return _walked_back(steps, len(old), len(new)), differences
    return [], differences_max


def _walked_back(steps: list[dict[int, int]], old: int, new: int) -> list[tuple[int, int]]:
    """The equal items on the path that reached the end."""
    found = []
    for differences in range(len(steps) - 1, -1, -1):
        reach, k = steps[differences], old - new
        down = k == -differences or (k != differences and reach[k - 1] < reach[k + 1])
        before_k = k + 1 if down else k - 1
        before_old = reach[before_k]
        while old > before_old + (0 if down else 1) and old > 0 and new > 0:
            old, new = old - 1, new - 1
            found.append((old, new))
        old, new = before_old, before_old - before_k
    found.reverse()
    return found


def longest_increasing(values: Sequence[int], weights: Sequence[int]) -> frozenset[int]:
    """The positions of a longest increasing subsequence; of equally long ones, one that weighs most.

    A Fenwick tree of prefix maxima over the ranks of the values: O(n log n).
    """
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)), start=1)}
    tree: list[tuple[int, int, int]] = [(0, 0, -1)] * (len(ranks) + 1)  # (length, weight, position)
    previous = [-1] * len(values)
    best = (0, 0, -1)
    for position, value in enumerate(values):
        found = (0, 0, -1)
        rank = ranks[value] - 1
        while rank > 0:
            found = max(found, tree[rank])
            rank -= rank & -rank
        previous[position] = found[2]
        entry = (found[0] + 1, found[1] + weights[position], position)
        best = max(best, entry)
        rank = ranks[value]
        while rank < len(tree):
            tree[rank] = max(tree[rank], entry)
            rank += rank & -rank
    kept, at = set(), best[2]
    while at >= 0:
        kept.add(at)
        at = previous[at]
    return frozenset(kept)
