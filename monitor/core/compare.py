"""Compares two readings provision by provision: which were added, removed, modified, moved, and in which words.

It says what the texts say, exactly, and judges nothing; that is the business of assess.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.core.citing import cite
from monitor.core.comparing.align import align
from monitor.core.comparing.clauses import Clause, clauses, has_one_heading, has_one_line, has_one_name, means_the_same
from monitor.core.comparing.moves import moved
from monitor.core.comparing.moving import with_moves
from monitor.core.comparing.pairing import Pairing, counterparts_before
from monitor.core.comparing.sentence_counts import with_sentences
from monitor.core.comparing.splits import merges, splits
from monitor.core.comparing.tokens import count_words, tokens
from monitor.core.comparing.wording import Effort, Wording, compare_words, joined_equals
from monitor.core.model import Comparison, Difference, Op, ProvisionChange, Reading, Segment, SegmentKind
from monitor.core.sameness import difference, meaning

COMPARE = "4"  # raised with every change that can give another answer for the same two readings

_SMALL = (Difference.NONE, Difference.MARKUP)
_WEIGHTIEST_FIRST = (Op.SPLIT, Op.MERGED, Op.MODIFIED, Op.MOVED, Op.RETITLED, Op.RENUMBERED)


def compare(old: Reading, new: Reading, known: Iterable[tuple[int, int]] = ()) -> Comparison:
    """The difference of two readings.

    `known` are pairs (old ordinal, new ordinal) known to be the same provision, by `identity.shared`: for readings that
    aren't neighbours, between which a provision may have been rewritten step by step.

    Only provisions that something happened to are listed, the smallest ones; a parent isn't counted again for its
    children. `Comparison.pairs` has every provision that is found on both sides, also unchanged ones.
    """
    kind = difference(old, new)
    pairing = align(clauses(old), clauses(new), known)
    if kind in _SMALL:
        return Comparison(difference=kind, pairs=pairing.pairs())
    return with_sentences(_Comparing(old, new, pairing, kind).comparison(), old, new)


_Placed = tuple[tuple[int, int], ProvisionChange]  # with its place in the order of the new text


class _Comparing:
    """One comparison: the two readings, what is paired in them, and how much fine work is left."""

    def __init__(self, old: Reading, new: Reading, pairing: Pairing, kind: Difference) -> None:
        self._old = old
        self._new = new
        self._pairing = pairing
        self._kind = kind
        self._moved = moved(pairing)
        self._splits = {division.whole: division for division in splits(pairing)}
        self._merges = {division.whole: division for division in merges(pairing)}
        self._effort = Effort()
        self._coarse = pairing.coarse

    def comparison(self) -> Comparison:
        placed = [*self._of_pairs(), *self._added(), *self._removed()]
        changes = tuple(change for _, change in sorted(placed, key=lambda item: item[0]))
        changes = with_moves(changes, self._pairing.pairs(), self._old, self._new, self._effort)
        return Comparison(
            difference=self._settled(changes),
            changes=changes,
            pairs=self._pairs_with_parts(),
            words_added=sum(change.words_added for change in changes),
            words_removed=sum(change.words_removed for change in changes),
            coarse=self._coarse,
        )

    def _settled(self, changes: tuple[ProvisionChange, ...]) -> Difference:
        """The kind of difference, once it is known what happened: other numbers, another order of a list, or a number
        that only on one side reads as a label is no change."""
        if self._kind is not Difference.CHANGE:
            return self._kind
        if all(change.op is Op.RENUMBERED for change in changes):
            return Difference.COSMETIC
        is_worded = any(change.words_added or change.words_removed for change in changes)
        if not is_worded and meaning(self._old.text) == meaning(self._new.text):
            return Difference.COSMETIC
        return Difference.CHANGE

    def _of_pairs(self) -> Iterator[_Placed]:
        for old, new in self._pairing.pairs():
            ops = self._ops(self._pairing.old[old], self._pairing.new[new])
            if ops:
                yield (new, 0), self._changed(old, new, ops)

    def _ops(self, old: Clause, new: Clause) -> tuple[Op, ...]:
        """What happened to a pair, what matters most first."""
        found = set()
        if old.ordinal in self._splits:
            found.add(Op.SPLIT)
            parts = [self._pairing.new[part] for part in self._splits[old.ordinal].parts]
            is_modified = old.words != _joined_words(parts)
        elif new.ordinal in self._merges:
            found.add(Op.MERGED)
            parts = [self._pairing.old[part] for part in self._merges[new.ordinal].parts]
            is_modified = new.words != _joined_words(parts)
        else:
            is_modified = self._is_modified(old, new)
        if is_modified:
            found.add(Op.MODIFIED)
        if new.ordinal in self._moved:
            found.add(Op.MOVED)
        if not has_one_heading(old, new) and not has_one_line(old, new):
            if old.title_meaning != new.title_meaning and not has_one_name(old, new):
                found.add(Op.RETITLED)
            if old.provision.label != new.provision.label:
                found.add(Op.RENUMBERED)
        return tuple(op for op in _WEIGHTIEST_FIRST if op in found)

    def _is_modified(self, old: Clause, new: Clause) -> bool:
        """Whether the meaning of the body differs; in a difference that is cosmetic as a whole, its words."""
        if self._kind is Difference.COSMETIC and not has_one_name(old, new):
            return old.body.split() != new.body.split()
        return not means_the_same(old, new)

    def _changed(self, old: int, new: int, ops: tuple[Op, ...]) -> ProvisionChange:
        parts: tuple[int, ...] = ()
        if ops[0] is Op.SPLIT:
            parts = self._splits[old].parts
            wording = self._spans(range(old, old + 1), range(parts[0], parts[-1] + 1))
        elif ops[0] is Op.MERGED:
            parts = self._merges[new].parts
            wording = self._spans(range(parts[0], parts[-1] + 1), range(new, new + 1))
        else:
            wording = self._pair(self._pairing.old[old], self._pairing.new[new])
        self._coarse |= wording.coarse
        if parts and not wording.words_added and not wording.words_removed:
            ops = tuple(op for op in ops if op is not Op.MODIFIED)
        return ProvisionChange(
            op=ops[0],
            path=cite(self._new, new),
            old=old,
            new=new,
            also=ops[1:],
            parts=parts,
            segments=wording.segments,
            words_added=wording.words_added,
            words_removed=wording.words_removed,
        )

    def _pair(self, old: Clause, new: Clause) -> Wording:
        """Label, title and body compared each with its own. A new label isn't a changed word."""
        first, second = old.provision, new.provision
        if has_one_line(old, new):
            return self._words((first.start, first.end), (second.start, second.end))
        old_title, new_title = first.start + old.label_length, second.start + new.label_length
        label = self._words((first.start, old_title), (second.start, new_title))
        if bool(old.title) is not bool(new.title):  # what was a title may stand in the body now
            whole = self._words((old_title, first.end), (new_title, second.end))
            return _together(replace(label, words_added=0, words_removed=0), whole)
        title = self._words((old_title, first.body_start), (new_title, second.body_start))
        body = self._words((first.body_start, first.end), (second.body_start, second.end))
        return _together(replace(label, words_added=0, words_removed=0), title, body)

    def _spans(self, old: range, new: range) -> Wording:
        first, second = self._old.provisions, self._new.provisions
        return self._words(
            (first[old[0]].start, first[old[-1]].end),
            (second[new[0]].start, second[new[-1]].end),
        )

    def _words(self, old: tuple[int, int], new: tuple[int, int]) -> Wording:
        return compare_words(
            self._old.text[old[0] : old[1]], self._new.text[new[0] : new[1]], old[0], new[0], self._effort
        )

    def _added(self) -> Iterator[_Placed]:
        parts = {part for division in self._splits.values() for part in division.parts}
        before = counterparts_before(self._pairing.old_of)
        for group in _smallest(self._pairing.left_new(), parts):
            first, clause = group[0], group[-1]
            at = _end(self._old, before[first.ordinal])
            change = ProvisionChange(
                op=Op.ADDED,
                path=cite(self._new, clause.ordinal),
                old=None,
                new=clause.ordinal,
                segments=(Segment(SegmentKind.INSERTED, at, at, first.provision.start, clause.provision.end),),
                words_added=sum(map(_words_in, group)),
            )
            yield (clause.ordinal, 0), change

    def _removed(self) -> Iterator[_Placed]:
        parts = {part for division in self._merges.values() for part in division.parts}
        before = counterparts_before(self._pairing.new_of)
        for group in _smallest(self._pairing.left_old(), parts):
            first, clause = group[0], group[-1]
            at = _end(self._new, before[first.ordinal])
            change = ProvisionChange(
                op=Op.REMOVED,
                path=cite(self._old, clause.ordinal),
                old=clause.ordinal,
                new=None,
                segments=(Segment(SegmentKind.DELETED, first.provision.start, clause.provision.end, at, at),),
                words_removed=sum(map(_words_in, group)),
            )
            yield (before[clause.ordinal], 1 + clause.ordinal), change

    def _pairs_with_parts(self) -> tuple[tuple[int, int], ...]:
        found = set(self._pairing.pairs())
        found |= {(division.whole, part) for division in self._splits.values() for part in division.parts}
        found |= {(part, division.whole) for division in self._merges.values() for part in division.parts}
        return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))


def _joined_words(parts: list[Clause]) -> tuple[str, ...]:
    return tuple(word for part in parts for word in part.words)


def _smallest(left: list[Clause], parts: set[int]) -> list[list[Clause]]:
    """Those that are no parts of a split or merger, each with the headings that stand directly over it and came or
    went with it: they aren't listed for themselves, since nothing happened to them alone."""
    groups: list[list[Clause]] = []
    for clause in left:
        if clause.ordinal in parts:
            continue
        above = groups[-1][-1] if groups else None
        if above and not above.words and clause.parent == above.ordinal == clause.ordinal - 1:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _end(reading: Reading, ordinal: int) -> int:
    return reading.provisions[ordinal].end if ordinal >= 0 else 0


def _words_in(clause: Clause) -> int:
    return count_words(tokens(clause.head[clause.label_length :])) + count_words(tokens(clause.body))


def _together(*parts: Wording) -> Wording:
    return Wording(
        segments=joined_equals([segment for part in parts for segment in part.segments]),
        words_added=sum(part.words_added for part in parts),
        words_removed=sum(part.words_removed for part in parts),
        coarse=any(part.coarse for part in parts),
    )
