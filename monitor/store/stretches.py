"""Which version was current for a line, and from when on: what a date and a provision's life ask for. Only reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, select

from monitor.core.errors import NotFound
from monitor.core.model import DocumentRef, Severity, Version, change_id
from monitor.store import tables as t
from monitor.store.archive import versions_of
from monitor.store.engine import Store
from monitor.store.history import assessment_of, document_id_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a version was current for a line: from `since` to the next one's.

    `returned`: it had been current before. It was verified `looks` times, last at `verified_at`.
    """

    version: Version
    since: datetime
    returned: bool = False
    looks: int = 0
    verified_at: datetime | None = None


def stretches(store: Store, ref: DocumentRef) -> tuple[Stretch, ...]:
    """The stretches of the line that was seen last, in the order of time. Raises NotFound where nothing is archived."""
    return store.read(lambda connection: stretches_of(connection, ref, document_id_of(connection, ref)))


def stretches_of(
    connection: Connection, ref: DocumentRef, document_id: int, version_id: str | None = None
) -> tuple[Stretch, ...]:
    """The stretches of the line seen last; of one that had the version, where given; else how that version came to be.

    Before a line's first look there are the versions that its first one comes from: a variant has their history.
    """
    mine = t.line.c.document_id == document_id
    lines = connection.execute(
        select(t.line).where(mine).order_by(t.line.c.ended_at.is_not(None), t.line.c.attempt.desc())
    )
    rows = connection.execute(select(t.version).where(t.version.c.document_id == document_id))
    versions = {version.id: version for version in versions_of(connection, ref, rows)}
    for line in lines.all():
        found = _stretches(connection, document_id, line.name, line.version_id, versions)
        if version_id is None or any(one.version.id == version_id for one in found):
            return found
    if version_id is None:
        raise NotFound(f"Nothing of {ref} has been archived yet: monitor check {ref} looks at it now.")
    return tuple(Stretch(one, one.seen_from) for one in _ancestry(version_id, versions))


@dataclass(frozen=True, slots=True)
class Comeback:
    """An earlier version was current again at `at`, after `after`, and what that changed where it was recorded."""

    version: Version
    at: datetime
    after: Version
    current: bool
    headline: str | None
    severity: Severity | None


def comebacks(store: Store, ref: DocumentRef) -> tuple[Comeback, ...]:
    """When an earlier version of the line seen last became current again. They have no number of their own."""

    def read(connection: Connection) -> tuple[Comeback, ...]:
        try:
            track = stretches_of(connection, ref, document_id_of(connection, ref))
        except NotFound:
            return ()
        pairs = [(before, one) for before, one in pairwise(track) if one.returned]
        return tuple(_comeback(connection, before.version, one, is_last=one is track[-1]) for before, one in pairs)

    return store.read(read)


def _comeback(connection: Connection, after: Version, stretch: Stretch, *, is_last: bool) -> Comeback:
    made = assessment_of(connection, change_id(after.id, stretch.version.id))
    told = (None, None) if made is None else (made.headline, made.severity)
    return Comeback(stretch.version, stretch.since, after, is_last, *told)


def current_at(track: tuple[Stretch, ...], at: datetime) -> Stretch | None:
    """The stretch in which a moment lies; None where the archive begins later."""
    return next((one for one in reversed(track) if one.since <= at), None)


def _stretches(
    connection: Connection, document_id: int, line: str, version_id: str, versions: dict[str, Version]
) -> tuple[Stretch, ...]:
    table = t.verification
    mine = select(table).where(table.c.document_id == document_id, table.c.line == line)
    intervals = connection.execute(mine.order_by(table.c.id)).all()
    first = intervals[0].version_id if intervals else version_id
    found = [Stretch(one, one.seen_from) for one in _ancestry(first, versions)]
    for row in intervals:
        if row.version_id != found[-1].version.id:
            version = versions[row.version_id]
            returned = any(one.version.id == version.id for one in found)
            found.append(Stretch(version, row.first_at if returned else version.seen_from, returned))
        last = found.pop()
        found.append(replace(last, looks=last.looks + row.looks, verified_at=row.last_at))
    return _in_order(found)


def _ancestry(version_id: str, versions: dict[str, Version]) -> list[Version]:
    """A version after all that it comes from, the first one first."""
    found = [versions[version_id]]
    while found[-1].parent_id is not None:
        found.append(versions[found[-1].parent_id])
    return found[::-1]


def _in_order(found: list[Stretch]) -> tuple[Stretch, ...]:
    """None begins before the one it followed, though a text that was held is dated from its first sight."""
    ordered = found[:1]
    for before, one in pairwise(found):
        ordered.append(replace(one, since=max(one.since, before.since)))
    return tuple(ordered)
