"""Two versions as one reader sees them: what was read by another one, or under other memories, is read again first.

Nothing is recorded. Without this a net change over a long time would tell what only the reader sees otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.cli.output import remark
from monitor.config import Settings
from monitor.core.compare import compare
from monitor.core.errors import BadInput, PoolError
from monitor.core.identity import hand_on
from monitor.core.model import Document, Memory, Reading, Unreadable
from monitor.store.documents import memories, snapshots
from monitor.store.engine import Store
from monitor.store.history import Between, VersionRead

if TYPE_CHECKING:
    from monitor.pool import Pool


def read_alike(settings: Settings, store: Store, two: Between) -> Between:
    """The two versions in readings that may be compared; else as they are, with a remark that says why.

    Neighbours stay as they were recorded. Of others each is read again by today's reader from its snapshots, where it
    wasn't, and its provisions keep their identities.
    """
    if two.change is not None or two.old.reading.comparable_with(two.new.reading):
        return two
    # Reading is most of what there is to import, and few comparisons need it.
    from monitor.app import new_pool

    try:
        document = _declared(settings, two)
        remembered = memories(store, two.new.reading.memories)
        with new_pool(settings.reading) as pool:
            new = _again(store, pool, document, two.new, remembered)
            old = _again(store, pool, document, two.old, remembered, like=new.reading)
        return Between(old, new, None)
    except (PoolError, BadInput) as why:
        remark(f"The versions were read by different readers, which may show as a difference: {why}")
        return two


def _declared(settings: Settings, two: Between) -> Document:
    """The document as it is declared now. Raises BadInput where it isn't, or has other sources than it had."""
    ref = two.new.version.ref
    document = next((one for one in settings.documents if one.ref == ref), None)
    if document is None:
        raise BadInput(f"{ref} isn't in the configuration any more, so that nothing says how it is to be read.")
    if any(len(side.reading.snapshots) != len(document.sources) for side in (two.old, two.new)):
        raise BadInput(f"{ref} has other sources now than it had then.")
    return document


def _again(
    store: Store,
    pool: Pool,
    document: Document,
    side: VersionRead,
    remembered: tuple[Memory, ...],
    like: Reading | None = None,
) -> VersionRead:
    """A version as today's reader sees it; as it is where it was read by that one, or may be compared with `like`."""
    from monitor.core.read import read, read_by

    before = side.reading
    if before.comparable_with(like) if like else before.made_by == read_by(document):
        return side
    captures = snapshots(store, before.snapshots)
    reading = pool.call(read, document, captures, remembered)
    if isinstance(reading, Unreadable):
        raise BadInput(f"version {side.version.number} can't be read again: {reading.reason}")
    comparison = pool.call(compare, before, reading)
    return replace(side, reading=reading, identities=hand_on(reading, comparison, side.identities))
