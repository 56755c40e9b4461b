"""Identities of provisions: minted at first sight, handed on from reading to reading, never given to something else.

A published identity is a fact about a reading, kept beside it. A better matcher speaks for later versions only.
"""

from __future__ import annotations

from collections import defaultdict

from monitor.core.model import Comparison, Provision, Reading
from monitor.core.model.watched import derive_id


def mint(reading: Reading) -> tuple[str, ...]:
    """New identities for the provisions of a document's first reading, by ordinal."""
    return _minted(reading, ())


def hand_on(reading: Reading, comparison: Comparison, identities: tuple[str, ...]) -> tuple[str, ...]:
    """The identities of `reading`, by ordinal, where `comparison` led to it and `identities` are the old reading's.

    What is paired inherits. Of a provision that was split the largest part inherits, and what was merged from several
    inherits from the one that is its pair. All others are minted.
    """
    result = list(_minted(reading, identities))
    for new, old in _heirs(reading, comparison).items():
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


def _heirs(reading: Reading, comparison: Comparison) -> dict[int, int]:
    """Who inherits from whom (new ordinal to old), each at most once on both sides."""
    parts: dict[int, list[int]] = defaultdict(list)
    for old, new in comparison.pairs:
        parts[old].append(new)
    main = {change.new: change.old for change in comparison.changes if change.parts}
    heirs: dict[int, int] = {}
    for old, candidates in sorted(parts.items()):
        heir = max(candidates, key=lambda new: (main.get(new) in (None, old), _size(reading.provisions[new]), -new))
        if main.get(heir, old) == old:
            heirs.setdefault(heir, old)
    return heirs


def _size(provision: Provision) -> int:
    return provision.end - provision.start
