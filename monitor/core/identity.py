"""Identities of provisions: minted at first sight, handed on from reading to reading, never given to something else.

A published identity is a fact about a reading, kept beside it. A better matcher speaks for later versions only.
"""

from __future__ import annotations

from collections import defaultdict

from monitor.core.model import Comparison, Provision, Reading
from monitor.core.model.watched import derive_id


def mint(reading: Reading) -> tuple[str, ...]:
    """New identities for the provisions of a document's first reading, by ordinal."""
    return tuple(_minted(reading, provision.ordinal) for provision in reading.provisions)


def hand_on(reading: Reading, comparison: Comparison, identities: tuple[str, ...]) -> tuple[str, ...]:
    """The identities of `reading`, by ordinal, where `comparison` led to it and `identities` are the old reading's.

    What is paired inherits. Of a provision that was split the largest part inherits; one that was merged inherits from
    the part it is most like in size, that is, the one whose identity isn't taken. All others are minted.
    """
    result = [_minted(reading, provision.ordinal) for provision in reading.provisions]
    for new, old in _heirs(reading, comparison).items():
        result[new] = identities[old]
    return tuple(result)


def _minted(reading: Reading, ordinal: int) -> str:
    return derive_id("provision", reading.id, str(ordinal))


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
