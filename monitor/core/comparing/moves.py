"""Which of the paired provisions moved: as few as explain the new order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monitor.core.comparing.align import Pairing
from monitor.core.model import ProvisionKind

_ORDER_MATTERS = frozenset({ProvisionKind.SECTION})  # rows, definitions and items may be listed in any order


def moved(pairing: Pairing) -> frozenset[int]:
    """The ordinals in the new text of provisions that moved; what moved along with its parent isn't counted."""
    out = _out_of_order_among_siblings(pairing) | _into_other_parents(pairing)
    return frozenset(new for new in out if pairing.new[new].parent not in out)


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


def _out_of_order_among_siblings(pairing: Pairing) -> set[int]:
    families: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for old, new in pairing.pairs():
        if pairing.new[new].kind in _ORDER_MATTERS and pairing.parents_match(pairing.old[old], pairing.new[new]):
            families[pairing.new[new].parent].append((old, new))
    out = set()
    for family in families.values():
        weights = [len(pairing.new[new].words) + 1 for _, new in family]
        kept = longest_increasing([old for old, _ in family], weights)
        out |= {new for at, (_, new) in enumerate(family) if at not in kept}
    return out


def _into_other_parents(pairing: Pairing) -> set[int]:
    """What stands under another parent than before, and elsewhere in the order too: not a mere change of levels."""
    pairs = pairing.pairs()
    weights = [len(pairing.new[new].words) + 1 for _, new in pairs]
    kept = longest_increasing([old for old, _ in pairs], weights)
    out = set()
    for at, (old, new) in enumerate(pairs):
        before, after = pairing.old[old].parent, pairing.new[new].parent
        known = before is not None and after is not None
        if at not in kept and known and pairing.new_of[before or 0] not in (None, after):
            out.add(new)
    return out
