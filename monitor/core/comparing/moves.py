"""Which of the paired provisions moved: as few as explain the new order."""

from __future__ import annotations

from collections import defaultdict

from monitor.core.comparing.clauses import Clause
from monitor.core.comparing.order import longest_increasing
from monitor.core.comparing.pairing import Pairing
from monitor.core.model import ProvisionKind

_ORDER_MATTERS = frozenset({ProvisionKind.SECTION})  # rows, definitions and items may be listed in any order


def moved(pairing: Pairing) -> frozenset[int]:
    """The ordinals in the new text of provisions that moved; what moved along with its parent isn't counted."""
    out = _out_of_order_among_siblings(pairing) | _into_other_parents(pairing)
    out |= _out_of_order_besides(pairing, out)
    return frozenset(new for new in out if pairing.new[new].parent not in out)


def _out_of_order_among_siblings(pairing: Pairing) -> set[int]:
    families: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for old, new in pairing.pairs():
        if pairing.new[new].kind in _ORDER_MATTERS and pairing.parents_match(pairing.old[old], pairing.new[new]):
            families[pairing.new[new].parent].append((old, new))
    out = set()
    for family in families.values():
        weights = [_weight(pairing.new[new]) for _, new in family]
        kept = longest_increasing([old for old, _ in family], weights)
        out |= {new for at, (_, new) in enumerate(family) if at not in kept}
    return out


def _into_other_parents(pairing: Pairing) -> set[int]:
    """What stands under another parent than before, and elsewhere in the order too: not a mere change of levels.

    Of as many that could have stayed, those did that have kept their parents.
    """
    pairs = pairing.pairs()
    is_kept_in = [pairing.parents_match(pairing.old[old], pairing.new[new]) for old, new in pairs]
    heavy = sum(_weight(clause) for clause in pairing.new)
    weights = [_weight(pairing.new[new]) + heavy * kept for (_, new), kept in zip(pairs, is_kept_in, strict=True)]
    kept = longest_increasing([old for old, _ in pairs], weights)
    return {new for at, (_, new) in enumerate(pairs) if at not in kept and not is_kept_in[at]}


def _out_of_order_besides(pairing: Pairing, out: set[int]) -> set[int]:
    """What still isn't in order when all that moved is left aside, with what is under it: provisions that changed
    their levels, too, passed it."""
    aside: set[int] = set()
    for clause in pairing.new:
        if clause.ordinal in out or clause.parent in aside:
            aside.add(clause.ordinal)
    pairs = [(old, new) for old, new in pairing.pairs() if new not in aside and pairing.new[new].kind in _ORDER_MATTERS]
    kept = longest_increasing([old for old, _ in pairs], [_weight(pairing.new[new]) for _, new in pairs])
    return {new for at, (_, new) in enumerate(pairs) if at not in kept}


def _weight(clause: Clause) -> int:
    """How much it says: what weighs more stayed, and what weighs less moved past it."""
    return len(clause.text) + 1
