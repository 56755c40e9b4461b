"""Which provision of the new text is which of the old: by content first, by title and place second.

Pairs that are known beforehand come first, then sure ones (equal and unique on both sides, whatever their numbers),
then equal ones in their context (over the same children, under the same parents, or beside a pair), then near ones by
likeness. Everything is counted and bounded: no result depends on the clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from monitor.core.comparing.clauses import Clause
from monitor.core.comparing.likeness import Likeness, shared_words
from monitor.core.comparing.order import common, longest_increasing
from monitor.core.comparing.pairing import Pairing, equal_pairs, grouped
from monitor.core.comparing.splits import pair_heirs
from monitor.core.model import ProvisionKind

_UNLIKE = 0.2  # of their words in common, or less: known to be the same, but hardly for a reader
_WORDS_ALONE_MIN = 4  # a shorter body says too little to be matched without its title
_FEATURE_OWNERS_MAX = 20  # a pair of words in more provisions than this tells nothing
_CANDIDATES_MAX = 4  # of one provision, by shared pairs of words
_FALLING_OFF = 5  # a candidate with less than this part of what the best one shares isn't looked at
_TELLING_WORDS = 32  # as many have pairs of words that lead to their counterpart
_CHILDREN_PRODUCT_MAX = 400  # unmatched children of one pair of parents that are compared each with each
_LIKE_MIN = 0.25  # of preambles, which are paired before anything speaks against it
_LINES_MIN = 0.5  # of the longer body, by characters
_ROUNDS = 3


def align(old: Sequence[Clause], new: Sequence[Clause], known: Iterable[tuple[int, int]] = ()) -> Pairing:
    """The best pairing that is found of two lists of provisions, each in the order of its text.

    `known` are pairs (old ordinal, new ordinal) that are the same provision whatever their words: an identity that
    lasted through small steps is stronger than likeness. They hold unless the words themselves stand elsewhere. The
    result doesn't depend on which list is the old one: where nothing else decides, their texts do.
    """
    if [clause.text for clause in old] <= [clause.text for clause in new]:
        return _aligned(old, new, known)
    pairing, flipped = Pairing(old, new), _aligned(new, old, [(second, first) for first, second in known])
    for second, first in flipped.pairs():
        pairing.pair(first, second)
    pairing.coarse = flipped.coarse
    return pairing


def _aligned(old: Sequence[Clause], new: Sequence[Clause], known: Iterable[tuple[int, int]]) -> Pairing:
    pairing = Pairing(old, new)
    _pair_known(pairing, known)
    _pair_unique(pairing, lambda clause: (clause.provision.title, clause.body.rstrip()))
    _pair_preambles(pairing, _LIKE_MIN)
    _pair_by_lines(pairing)
    likeness = Likeness(pairing)
    for _ in range(_ROUNDS):
        if pairing.is_done:
            break
        before = pairing.pairs()
        _pair_unique(pairing, lambda clause: clause.whole if clause.title or clause.words else None)
        _pair_unique(pairing, _enough_words)
        _pair_unique(pairing, _title_or_body)
        _pair_unique(pairing, _cells_beside_count)
        _pair_above(pairing)
        _pair_in_place(pairing, of_as_many=True)
        _pair_beside(pairing)
        _pair_in_place(pairing)
        _pair_under_parents(pairing)
        _pair_near(pairing, likeness)
        if pairing.pairs() == before:
            break
    _pair_preambles(pairing, 0.0)
    _pair_in_order(pairing)
    _pair_rewritten(pairing)
    _note_overlooked(pairing)
    pair_heirs(pairing)
    return pairing


def _pair_known(pairing: Pairing, known: Iterable[tuple[int, int]]) -> None:
    """The pairs known beforehand, but for those of which either has its own words elsewhere on the other side.

    They stand there whole, or most of them in a provision of which nothing is known, while the two, under titles that
    differ, have hardly a word in common.
    """
    known = tuple(known)
    if not known:
        return
    sure = Pairing(pairing.old, pairing.new)
    _pair_unique(sure, _enough_words)
    known = tuple(
        (old, new) for old, new in known if sure.new_of[old] in (None, new) and sure.old_of[new] in (None, old)
    )
    unlike = {pair for pair in known if _is_unlike(pairing.old[pair[0]], pairing.new[pair[1]])}
    for old, new in known:
        if (old, new) not in unlike:
            pairing.pair(old, new)
    olds, news = {old for old, _ in unlike}, {new for _, new in unlike}
    others_old = [clause for clause in pairing.left_old() if clause.ordinal not in olds]
    others_new = [clause for clause in pairing.left_new() if clause.ordinal not in news]
    gone = {old for old, _ in _alike([pairing.old[old] for old in sorted(olds)], others_new)}
    come = {new for _, new in _alike(others_old, [pairing.new[new] for new in sorted(news)])}
    for old, new in sorted(unlike):
        if old not in gone and new not in come:
            pairing.pair(old, new)


def _is_unlike(old: Clause, new: Clause) -> bool:
    return old.title != new.title and shared_words(old, new) < _UNLIKE


def _alike(old: list[Clause], new: list[Clause]) -> Iterator[tuple[int, int]]:
    """Those of the two that have most words in common."""
    first, second = {one.ordinal: one for one in old}, {one.ordinal: one for one in new}
    for one, other in _by_shared_words(old, new):
        if shared_words(first[one], second[other]) >= Likeness.ENOUGH:
            yield one, other


def _pair_preambles(pairing: Pairing, like_min: float) -> None:
    """The preambles, if they have one title or are so like: what stood before all headings may have got one since."""
    if pairing.old and pairing.new:
        old, new = pairing.old[0], pairing.new[0]
        is_alone = old.kind is ProvisionKind.PREAMBLE and new.kind is ProvisionKind.PREAMBLE
        is_named_alike = bool(old.title) and old.title == new.title
        if is_alone and (is_named_alike or shared_words(old, new) >= like_min):
            pairing.pair(old.ordinal, new.ordinal)


def _pair_by_lines(pairing: Pairing) -> None:
    """Long provisions of one title that have most of their lines in common: no need to look at their words."""
    named = equal_pairs(
        pairing.left_old(),
        pairing.left_new(),
        lambda clause: (clause.kind, clause.title) if clause.title and "\n" in clause.body.rstrip() else None,
        once=True,
    )
    for old, new in named:
        shared = sum(map(len, {*old.body.split("\n")} & {*new.body.split("\n")}))
        if pairing.parents_match(old, new) and shared >= _LINES_MIN * max(len(old.body), len(new.body)):
            pairing.pair(old.ordinal, new.ordinal)


def _enough_words(clause: Clause) -> tuple[str, ...] | None:
    """The words of a body that says enough to be known without its title."""
    return clause.words if len(clause.words) >= _WORDS_ALONE_MIN else None


def _title_or_body(clause: Clause) -> Hashable | None:
    """The words of what is only a title or only a body: which of them it is taken for depends on what stands beside."""
    is_either = bool(clause.title) is not bool(clause.words)
    return (clause.kind, clause.title or clause.words) if is_either else None


def _pair_unique(pairing: Pairing, key: Callable[[Clause], Hashable | None]) -> None:
    for old, new in equal_pairs(pairing.left_old(), pairing.left_new(), key, once=True):
        pairing.pair(old.ordinal, new.ordinal)


def _cells_beside_count(clause: Clause) -> Hashable | None:
    """What a row says that is only counted: its number is no key."""
    return clause.words[len(clause.title) :] or None if clause.is_counted_row else None


def _pair_above(pairing: Pairing) -> None:
    """Equal provisions by what stands under them: a heading that is repeated goes with its own."""
    votes: Counter[tuple[int, int]] = Counter()
    for old, new in pairing.pairs():
        first, second = pairing.old[old].parent, pairing.new[new].parent
        if first is None or second is None or not _free(pairing, first, second):
            continue
        if pairing.old[first].whole == pairing.new[second].whole:
            votes[(first, second)] += 1
    for first, second in sorted(votes, key=lambda pair: (-votes[pair], pair)):
        pairing.pair(first, second)


def _pair_under_parents(pairing: Pairing) -> None:
    """Equal provisions under paired parents, in their order. Parents come before children, so pairs flow down."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for clause in reversed(pairing.left_old()):
        waiting[(clause.parent, clause.whole)].append(clause.ordinal)
    for clause in pairing.left_new():
        parent = None if clause.parent is None else pairing.old_of[clause.parent]
        if clause.parent is not None and parent is None:
            continue
        counterparts = waiting.get((parent, clause.whole))
        if counterparts:
            pairing.pair(counterparts.pop(), clause.ordinal)


def _pair_beside(pairing: Pairing) -> None:
    """Equal provisions that follow or precede a pair: how repeated boilerplate finds its own."""
    for step in (1, -1):
        edges = (-1, -1), *pairing.pairs(), (len(pairing.old), len(pairing.new))
        for pair in edges[::step]:
            old, new = pair[0] + step, pair[1] + step
            while _free(pairing, old, new) and pairing.old[old].whole == pairing.new[new].whole:
                pairing.pair(old, new)
                old, new = old + step, new + step


def _pair_in_place(pairing: Pairing, *, of_as_many: bool = False) -> None:
    """Equal provisions that stand in the same order between two pairs: what is repeated stays where it was.

    With `of_as_many` only those of which there are as many on both sides; of others it isn't clear which one is left.
    """
    pairs = pairing.pairs()
    kept = longest_increasing([old for old, _ in pairs], [1] * len(pairs))
    anchors = [pair for at, pair in enumerate(pairs) if at in kept]
    for (old, new), (next_old, next_new) in pairwise([(-1, -1), *anchors, (len(pairing.old), len(pairing.new))]):
        if next_old == old + 1 or next_new == new + 1:
            continue
        before = [clause for clause in pairing.old[old + 1 : next_old] if pairing.new_of[clause.ordinal] is None]
        after = [clause for clause in pairing.new[new + 1 : next_new] if pairing.old_of[clause.ordinal] is None]
        count_old, count_new = (Counter(clause.whole for clause in side) for side in (before, after))
        shared = count_old.keys() & count_new.keys()
        if of_as_many:
            shared = {one for one in shared if count_old[one] == count_new[one]}
        before = [clause for clause in before if clause.whole in shared]
        after = [clause for clause in after if clause.whole in shared]
        for first, second in common([c.whole for c in before], [c.whole for c in after]):
            pairing.pair(before[first].ordinal, after[second].ordinal)


def _free(pairing: Pairing, old: int, new: int) -> bool:
    if not (0 <= old < len(pairing.old) and 0 <= new < len(pairing.new)):
        return False
    return pairing.new_of[old] is None and pairing.old_of[new] is None


def _pair_near(pairing: Pairing, likeness: Likeness) -> None:
    """Pairs by likeness, the likest first; of equal ones those nearest in place."""
    if pairing.is_done:
        return
    likeness.look_again()
    scale = len(pairing.old) / max(1, len(pairing.new))
    scored = []
    for old, new in sorted(set(_candidates(pairing))):
        score = likeness.of(old, new)
        if score >= likeness.ENOUGH:
            scored.append((-score, abs(old - new * scale), old, new))
    for _, _, old, new in sorted(scored):
        pairing.pair(old, new)


def _candidates(pairing: Pairing) -> Iterator[tuple[int, int]]:
    old, new = pairing.left_old(), pairing.left_new()
    if old and new:
        yield from _by_shared_words(old, new)
        yield from _by_title(old, new)
        yield from _under_same_parents(pairing, old, new)
        yield from _in_gaps(pairing)
        yield from _by_children(pairing, new)


def _by_shared_words(old: list[Clause], new: list[Clause]) -> Iterator[tuple[int, int]]:
    owners: dict[tuple[str, str], list[int]] = defaultdict(list)
    for clause in old:
        for feature in clause.bigrams:
            owners[feature].append(clause.ordinal)
    asked = Counter(chain.from_iterable(clause.bigrams for clause in new))
    telling = {
        feature: ordinals
        for feature, ordinals in owners.items()
        if len(ordinals) <= _FEATURE_OWNERS_MAX and asked[feature] <= _FEATURE_OWNERS_MAX
    }
    for clause in new:
        features = clause.bigrams.keys() & telling.keys()
        shared = Counter(chain.from_iterable(telling[feature] for feature in features))
        best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES_MAX]
        yield from ((ordinal, clause.ordinal) for ordinal, count in best if count * _FALLING_OFF >= best[0][1])


def _note_overlooked(pairing: Pairing) -> None:
    """Whether some are left over that might have had a counterpart, but for words that stand in too many places."""
    old, new = pairing.left_old(), pairing.left_new()
    asked = [Counter(feature for clause in side for feature in clause.bigrams) for side in (old, new)]
    for clause in new:
        shared = [feature for feature in clause.bigrams if feature in asked[0]]
        common_ones = [feature for feature in shared if max(side[feature] for side in asked) > _FEATURE_OWNERS_MAX]
        if shared == common_ones and len(shared) >= Likeness.ENOUGH * len(clause.bigrams) > 0:
            pairing.coarse = True
            return


def _by_title(old: list[Clause], new: list[Clause]) -> Iterator[tuple[int, int]]:
    titled = grouped(old, lambda clause: clause.title or None)
    for clause in new:
        counterparts = titled.get(clause.title, []) if clause.title else []
        if len(counterparts) <= _FEATURE_OWNERS_MAX:
            yield from ((counterpart.ordinal, clause.ordinal) for counterpart in counterparts)


def _under_same_parents(pairing: Pairing, old: list[Clause], new: list[Clause]) -> Iterator[tuple[int, int]]:
    families = grouped(old, lambda clause: ("under", clause.parent))
    for children in grouped(new, lambda clause: ("under", clause.parent)).values():
        parent = children[0].parent
        counterpart = None if parent is None else pairing.old_of[parent]
        if parent is not None and counterpart is None:
            continue
        others = families.get(("under", counterpart), [])
        if len(children) * len(others) <= _CHILDREN_PRODUCT_MAX:
            few = [child for child in children if len(child.words) < _TELLING_WORDS]
            yield from (
                (other.ordinal, child.ordinal)
                for other in others
                for child in (few if len(other.words) >= _TELLING_WORDS else children)
            )


def _in_gaps(pairing: Pairing) -> Iterator[tuple[int, int]]:
    """Provisions left between the same two pairs: the first with the first, from either end."""
    new, last_old = 0, -1
    while new < len(pairing.new):
        counterpart = pairing.old_of[new]
        if counterpart is not None:
            last_old, new = counterpart, new + 1
            continue
        start = new
        while new < len(pairing.new) and pairing.old_of[new] is None:
            new += 1
        old = last_old + 1
        while old < len(pairing.old) and pairing.new_of[old] is None:
            old += 1
        gap_old, gap_new = range(last_old + 1, old), range(start, new)
        yield from zip(gap_old, gap_new, strict=False)
        yield from zip(reversed(gap_old), reversed(gap_new), strict=False)


def _by_children(pairing: Pairing, new: list[Clause]) -> Iterator[tuple[int, int]]:
    left = {clause.ordinal for clause in new}
    for old, child in pairing.pairs():
        parent, counterpart = pairing.new[child].parent, pairing.old[old].parent
        if parent in left and counterpart is not None and parent is not None and pairing.new_of[counterpart] is None:
            yield counterpart, parent


def _pair_in_order(pairing: Pairing) -> None:
    """What is still left and equal is told apart by nothing: it is paired in its order."""
    for old, new in equal_pairs(pairing.left_old(), pairing.left_new(), lambda clause: clause.whole):
        pairing.pair(old.ordinal, new.ordinal)


def _pair_rewritten(pairing: Pairing) -> None:
    """What alone is left between the same two neighbours under its title or number, however little it still says of
    what it said; and a heading over nothing, which has no other words than its own."""
    for clause in pairing.left_new():
        new = clause.ordinal
        before = pairing.old_of[new - 1] if new else -1
        if before is None or before + 1 >= len(pairing.old) or not pairing.is_followed_alike(before + 1, new):
            continue
        other = pairing.old[before + 1]
        if other.kind is clause.kind and pairing.parents_match(other, clause) and _is_called_alike(other, clause):
            pairing.pair(other.ordinal, new)


def _is_called_alike(old: Clause, new: Clause) -> bool:
    if old.title or new.title:
        return old.title == new.title or not (old.words or new.words)
    return bool(old.provision.label) and old.provision.label == new.provision.label
