"""Identities of provisions: minted at first sight, handed on from reading to reading, never given to something else.

A published identity is a fact about a reading, kept beside it. A better matcher speaks for later versions only.
"""

from __future__ import annotations

from monitor.core.model import Comparison, Reading
from monitor.core.model.watched import derive_id


def mint(reading: Reading) -> tuple[str, ...]:
    """New identities for the provisions of a document's first reading, by ordinal."""
    return _minted(reading, ())


def hand_on(reading: Reading, comparison: Comparison, identities: tuple[str, ...]) -> tuple[str, ...]:
    """The identities of `reading`, by ordinal, where `comparison` led to it and `identities` are the old reading's.

    What is paired inherits; of a provision that was split the part that is its pair does (it went on under its title,
    or has most of its words), and what was merged from several inherits from its pair. All others are minted.
    """
    result = list(_minted(reading, identities))
    for new, old in _heirs(comparison).items():
        result[new] = identities[old]
    return tuple(result)


def shared(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """The provisions of two readings that have one identity, (old ordinal, new ordinal), in the order of the new."""
    ordinals = {identity: ordinal for ordinal, identity in enumerate(old)}
    return tuple((ordinals[identity], ordinal) for ordinal, identity in enumerate(new) if identity in ordinals)


def _minted(reading: Reading, before: tuple[str, ...]) -> tuple[str, ...]:
    """An identity for each ordinal that nothing has yet.

    What came before is part of it, because a document may return to an earlier reading, whose identities may live on.
    """
    after = derive_id("identities", *before)
    return tuple(derive_id("provision", reading.id, after, str(provision.ordinal)) for provision in reading.provisions)


def _heirs(comparison: Comparison) -> dict[int, int]:
    """Who inherits from whom (new ordinal to old), each at most once on both sides: the pairs without other parts."""
    changed = [(change.old, change.new) for change in comparison.changes if None not in (change.old, change.new)]
    new_of, old_of = dict(changed), {new: old for old, new in changed}
    return {new: old for old, new in comparison.pairs if new_of.get(old, new) == new and old_of.get(new, old) == old}
