"""A provision's whole life, from the changes recorded between the versions of a line. Only reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection, select

from monitor.core.citing import cite
from monitor.core.compare import compare
from monitor.core.errors import NotFound
from monitor.core.identity import shared
from monitor.core.life import Step, Text, step, touching
from monitor.core.locate import locate, near
from monitor.core.model import Comparison, DocumentRef, Op, Version, change_id
from monitor.store import tables as t
from monitor.store.archive import load_reading, newest_reading, versions_of
from monitor.store.engine import Store
from monitor.store.history import document_id_of
from monitor.store.stretches import Stretch, stretches_of
from monitor.store.values import unpack

CANDIDATES_MAX = 6  # named where several provisions may be meant


class Cause(StrEnum):
    """Why a text came after another."""

    FIRST = "first"  # it was the first one of all
    CHANGE = "change"
    RETURN = "return"  # to a version that had been current before
    REREADING = "rereading"  # the same version, divided into other provisions by a newer reader


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happened to a provision when a version became current. `before` is the version that was current until then.

    `step` is None for the first version of all, which has no change. `new` is the text with it, `old` the one before.
    """

    cause: Cause
    version: Version
    since: datetime
    path: str
    before: Version | None
    step: Step | None
    old: Text | None
    new: Text


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a provision: its identity, how it is cited now (or was last, in version `number`), and its events.

    `here`: the current version has it. `worded_since` is when its words last changed. `track`: the versions in which
    it was looked for, one after the other.
    """

    ref: DocumentRef
    identity: str
    path: str
    number: int
    here: bool
    events: tuple[LifeEvent, ...]
    worded_since: datetime
    track: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    version: Version
    identity: str
    path: str


def life(store: Store, ref: DocumentRef, words: str) -> Life:
    """The life of the provision that is meant by `words`: see `core.locate`.

    It is looked for in the current version, else in the newest one that has it. Raises NotFound where several may be
    meant, naming them, or none, naming near ones.
    """

    def read(connection: Connection) -> Life:
        document_id = document_id_of(connection, ref)
        track = stretches_of(connection, ref, document_id)
        found = _find(connection, ref, document_id, track, words)
        if not any(one.version.id == found.version.id for one in track):
            track = stretches_of(connection, ref, document_id, found.version.id)
        events = tuple(_events(connection, track, found.identity))
        worded = [one for one in events if one.step is None or _is_worded(one.step)] or list(events)
        here = found.identity in _newest(connection, track[-1].version.id).identities
        return Life(ref, found.identity, found.path, found.version.number, here, events, worded[-1].since, track)

    return store.read(read)


def _is_worded(made: Step) -> bool:
    return bool(made.words_added or made.words_removed or {Op.ADDED, Op.REMOVED} & set(made.ops))


# ── Which one is meant ───────────────────────────────────────────────────────────────────────────────────────────


def _find(connection: Connection, ref: DocumentRef, document_id: int, track: tuple[Stretch, ...], words: str) -> _Found:
    for version, reading_id in _readings(connection, ref, document_id, track):
        text = _text(connection, reading_id)
        ordinals = locate(text.reading, text.identities, words)
        if len(ordinals) > 1:
            raise NotFound(_several(ref, version, text, ordinals, words))
        if ordinals:
            return _Found(version, text.identities[ordinals[0]], cite(text.reading, ordinals[0]))
    current = track[-1].version
    alike = near(_newest(connection, current.id).reading, words)
    named = " or ".join(f'"{path}"' for path in alike)
    mend = f"Did you mean {named}?" if alike else f"monitor show {ref} has the text of the current version."
    raise NotFound(f"No version of {ref} has a provision {words!r}. {mend}")


def _readings(
    connection: Connection, ref: DocumentRef, document_id: int, track: tuple[Stretch, ...]
) -> Iterator[tuple[Version, str]]:
    """The newest reading of each version, then the older ones: a newer reader may divide the text otherwise."""
    versions = []
    for version in _newest_first(connection, ref, document_id, track):
        versions.append(version)
        yield version, newest_reading(connection, version.id)
    for version in versions:
        newest = newest_reading(connection, version.id)
        columns = (t.reading.c[name] for name in ("id", "reader", "declaration"))
        mine = select(*columns).where(t.reading.c.version_id == version.id)
        rows = connection.execute(mine.order_by(t.reading.c.recorded_at.desc(), t.reading.c.id)).all()
        by_reader = {(row.reader, row.declaration): row.id for row in reversed(rows)}
        own = next((row.reader, row.declaration) for row in rows if row.id == newest)
        yield from ((version, one) for key, one in reversed(by_reader.items()) if key != own)


def _newest_first(
    connection: Connection, ref: DocumentRef, document_id: int, track: tuple[Stretch, ...]
) -> Iterator[Version]:
    """The current version, then what was current before it on its line, then all others."""
    seen: set[str] = set()
    for stretch in reversed(track):
        if stretch.version.id not in seen:
            seen.add(stretch.version.id)
            yield stretch.version
    others = select(t.version).where(t.version.c.document_id == document_id, t.version.c.id.not_in(seen))
    rows = connection.execute(others.order_by(t.version.c.number.desc())).all()
    yield from versions_of(connection, ref, rows)


def _several(ref: DocumentRef, version: Version, text: Text, ordinals: tuple[int, ...], words: str) -> str:
    """The candidates by their paths, and by their identities where several have the same path."""
    paths = [cite(text.reading, ordinal) for ordinal in ordinals[:CANDIDATES_MAX]]
    same = len(set(paths)) < len(paths)
    ids = [f" ({text.identities[at][:12]})" if same else "" for at in ordinals]
    named = [f'"{path}"{id_}' for path, id_ in zip(paths, ids, strict=False)]
    more = f", and {len(ordinals) - CANDIDATES_MAX} more" if len(ordinals) > CANDIDATES_MAX else ""
    by = "the identity in brackets" if same else "its path"
    return (
        f"{words!r} may be {len(ordinals)} provisions of {ref}, version {version.number}: {', '.join(named)}{more}. "
        f"Say which one by {by}."
    )


def _newest(connection: Connection, version_id: str) -> Text:
    return _text(connection, newest_reading(connection, version_id))


# ── What happened to it ──────────────────────────────────────────────────────────────────────────────────────────


def _events(connection: Connection, track: tuple[Stretch, ...], identity: str) -> Iterator[LifeEvent]:
    """The events in order. Only readings between which something happened to it are loaded."""
    told = _Told(connection, identity)
    steps = [_recorded(connection, *pair) for pair in pairwise(track)]
    # Each version as it was read when it came, and as it was read when the next one came, or last.
    came = [_first_reading(connection, track[0].version.id), *(one.new_id for one in steps)]
    left = [*(one.old_id for one in steps), newest_reading(connection, track[-1].version.id)]
    yield from told.first(track[0], came[0])
    for at, stretch in enumerate(track):
        if at > 0:
            cause = Cause.RETURN if stretch.returned else Cause.CHANGE
            yield from told.step(cause, track[at - 1], stretch, steps[at - 1])
        if told.has(came[at]) != told.has(left[at]):
            yield from told.step(Cause.REREADING, stretch, stretch, _Recorded(came[at], left[at]))


@dataclass(frozen=True, slots=True)
class _Recorded:
    """Two readings, and what was recorded of their difference, if anything was."""

    old_id: str
    new_id: str
    comparison: bytes | None = None


class _Told:
    """What is told of one provision; `_places` has its ordinals by reading."""

    def __init__(self, connection: Connection, identity: str) -> None:
        self._connection = connection
        self._identity = identity
        mine = select(t.provision.c.reading_id, t.provision.c.ordinal).where(t.provision.c.identity == identity)
        self._places = {row.reading_id: row.ordinal for row in connection.execute(mine)}

    def has(self, reading_id: str) -> bool:
        """Whether a reading has the provision."""
        return reading_id in self._places

    def first(self, stretch: Stretch, reading_id: str) -> Iterator[LifeEvent]:
        """That the first version of all has it, if it does."""
        if self.has(reading_id):
            text = _text(self._connection, reading_id)
            path = cite(text.reading, self._places[reading_id])
            yield LifeEvent(Cause.FIRST, stretch.version, stretch.since, path, None, None, None, text)

    def step(self, cause: Cause, before: Stretch, after: Stretch, recorded: _Recorded) -> Iterator[LifeEvent]:
        """What happened to it between two readings, if anything did."""
        was, now = self._places.get(recorded.old_id), self._places.get(recorded.new_id)
        if was is None and now is None:
            return
        comparison = None if recorded.comparison is None else unpack(Comparison, recorded.comparison)
        if comparison is not None and None not in (was, now) and not touching(comparison, was, now):
            return
        old, new = _text(self._connection, recorded.old_id), _text(self._connection, recorded.new_id)
        if comparison is None:
            comparison = compare(old.reading, new.reading, shared(old.identities, new.identities))
        made = step(self._identity, comparison, old, new)
        if made is not None:
            yield LifeEvent(cause, after.version, after.since, made.path or made.was, before.version, made, old, new)


def _recorded(connection: Connection, before: Stretch, after: Stretch) -> _Recorded:
    made = select(t.change).where(t.change.c.id == change_id(before.version.id, after.version.id))
    row = connection.execute(made).one_or_none()
    if row is not None:
        return _Recorded(row.old_reading_id, row.new_reading_id, row.comparison)
    return _Recorded(newest_reading(connection, before.version.id), newest_reading(connection, after.version.id))


def _first_reading(connection: Connection, version_id: str) -> str:
    mine = select(t.reading.c.id).where(t.reading.c.version_id == version_id)
    found: str = connection.execute(mine.order_by(t.reading.c.recorded_at, t.reading.c.id).limit(1)).scalar_one()
    return found


def _text(connection: Connection, reading_id: str) -> Text:
    return Text(*load_reading(connection, reading_id))
