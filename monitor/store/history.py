"""Queries for people: what is watched and what the archive holds. Only reads. What could be seen when: `sightings`."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from monitor.core.errors import NotFound
from monitor.core.model import (
    Announcement,
    Assessment,
    Change,
    Comparison,
    DocumentRef,
    Hop,
    Incident,
    Pending,
    Reading,
    Severity,
    Version,
    derive_id,
)
from monitor.store import tables as t
from monitor.store.archive import load_reading, newest_reading, versions_of
from monitor.store.engine import Store
from monitor.store.recalling import pending_of
from monitor.store.values import unpack, unplain
from monitor.store.variants import LineEntry, is_shown, lines_of, variants_of

NEAR_MAX = 3
ROWS_MAX = 200  # of what grows with every day


@dataclass(frozen=True, slots=True)
class DocumentState:
    """Where a document stands. `since` is when its current version was first seen, `verified_at` when last.

    `number` is that of the current version, None where nothing was archived yet. `blind` is the incident under way.
    `lines` are the variants where more than one is shown in turn; the current version is then that of the last look.
    """

    ref: DocumentRef
    platform_name: str
    name: str
    urls: tuple[str, ...]
    number: int | None
    since: datetime | None
    verified_at: datetime | None
    last_check_at: datetime | None
    last_result: str | None
    blind: Incident | None
    next_check_at: datetime
    checked_now: bool
    paused_at: datetime | None
    withdrawn_at: datetime | None
    lines: tuple[LineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version and what changed with it: nothing for the first one. `current`: for any line."""

    version: Version
    current: bool
    change_id: str | None
    headline: str | None
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a kept snapshot says of itself, without its bytes."""

    snapshot_id: str
    url: str
    chain: tuple[Hop, ...]
    status: int
    body_hash: str
    body_bytes: int
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class VersionRead:
    """A version with a reading of it, the identities of its provisions, and the snapshots that bear it."""

    version: Version
    current: bool
    reading: Reading
    identities: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Two versions of a document. `change` is what was recorded between them: None for two that never were neighbours.

    The readings are those that the change cites, else the newest that may be compared, else the newest.
    """

    old: VersionRead
    new: VersionRead
    change: Change | None


@dataclass(frozen=True, slots=True)
class AnnouncementEntry:
    """A coming version as a page announced it, and when that was first seen."""

    announcement: Announcement
    at: datetime


def documents(store: Store) -> tuple[DocumentState, ...]:
    """Every document ever watched, by platform and document, and where it stands."""
    verified = (
        select(t.verification.c.document_id, func.max(t.verification.c.last_at).label("verified_at"))
        .group_by(t.verification.c.document_id)
        .subquery()
    )
    open_incident = (t.incident.c.document_id == t.document.c.id) & t.incident.c.closed_at.is_(None)
    joined = (
        t.document.join(t.platform, t.platform.c.id == t.document.c.platform_id)
        .outerjoin(t.line, is_shown())
        .outerjoin(t.version, t.version.c.id == t.line.c.version_id)
        .outerjoin(t.incident, open_incident)
        .outerjoin(verified, verified.c.document_id == t.document.c.id)
    )
    incident = [t.incident.c[name] for name in ("kind", "reason", "since", "kind_since", "looks", "told")]
    columns = (t.document, t.platform.c.name.label("platform_name"), t.version.c.number, t.version.c.seen_from)
    wanted = select(*columns, verified.c.verified_at, *incident).select_from(joined)
    ordered = wanted.order_by(t.document.c.platform_id, t.document.c.slug)

    def read(connection: Connection) -> tuple[DocumentState, ...]:
        now = store.now(connection)
        lines = variants_of(connection)
        return tuple(_state(row, now, lines.get(row.id, ())) for row in connection.execute(ordered))

    return store.read(read)


def pending(store: Store, ref: DocumentRef) -> Pending | None:
    """The text of a document that isn't believed yet, if any."""
    return store.read(lambda connection: pending_of(connection, document_id_of(connection, ref)))


def versions(store: Store, ref: DocumentRef) -> tuple[VersionEntry, ...]:
    """The versions of a document in the order of recording, each with what changed."""

    def read(connection: Connection) -> tuple[VersionEntry, ...]:
        document_id = document_id_of(connection, ref)
        mine = select(t.version).where(t.version.c.document_id == document_id).order_by(t.version.c.number)
        found = versions_of(connection, ref, connection.execute(mine))
        current_ids = _current_ids(connection, document_id)
        return tuple(_entry(connection, version, current_ids) for version in found)

    return store.read(read)


def lines(store: Store, ref: DocumentRef) -> tuple[LineEntry, ...]:
    """The variants of a document in the order of their coming, ended ones too: one where it has none."""
    return store.read(lambda connection: lines_of(connection, document_id_of(connection, ref)))


def version(store: Store, ref: DocumentRef, number: int | None = None, reading_id: str | None = None) -> VersionRead:
    """One version, without a number the current one, in the reading asked for or its newest. Raises NotFound."""

    def read(connection: Connection) -> VersionRead:
        found = find_version(connection, ref, number)
        if reading_id is not None:
            _require_reading(connection, found, reading_id)
        return _version_read(connection, ref, found, reading_id=reading_id)

    return store.read(read)


def _require_reading(connection: Connection, version: Version, reading_id: str) -> None:
    mine = select(t.reading.c.id).where(t.reading.c.version_id == version.id)
    known = connection.execute(mine.order_by(t.reading.c.recorded_at.desc(), t.reading.c.id)).scalars().all()
    if reading_id not in known:
        named = " and ".join(known[:NEAR_MAX])
        raise NotFound(f"Version {version.number} of {version.ref} has no reading {reading_id}: it has {named}.")


def between(store: Store, ref: DocumentRef, old: int | None = None, new: int | None = None) -> Between:
    """Two versions and the change between them. Without numbers: the current version and the one it came from.

    Raises NotFound where one of them isn't there, or there is only one.
    """

    def read(connection: Connection) -> Between:
        later = find_version(connection, ref, new)
        earlier = find_version(connection, ref, old) if old is not None else _parent(connection, ref, later)
        change_id = derive_id("change", earlier.id, later.id)
        row = connection.execute(select(t.change).where(t.change.c.id == change_id)).one_or_none()
        if row is None:
            newest = _version_read(connection, ref, later)
            return Between(_version_read(connection, ref, earlier, newest.reading), newest, None)
        return Between(
            _version_read(connection, ref, earlier, reading_id=row.old_reading_id),
            _version_read(connection, ref, later, reading_id=row.new_reading_id),
            _change(connection, row),
        )

    return store.read(read)


def announcements(store: Store, ref: DocumentRef, limit: int = ROWS_MAX) -> tuple[AnnouncementEntry, ...]:
    """The coming versions that the pages of a document announced, those furthest ahead first."""

    def read(connection: Connection) -> tuple[AnnouncementEntry, ...]:
        table = t.announcement
        mine = select(table).where(table.c.document_id == document_id_of(connection, ref))
        rows = connection.execute(mine.order_by(table.c.takes_effect.desc()).limit(limit))
        return tuple(
            AnnouncementEntry(Announcement(row.takes_effect, row.quote, row.url, row.snapshot_id), row.at)
            for row in rows
        )

    return store.read(read)


def document_id_of(connection: Connection, ref: DocumentRef) -> int:
    """The row of a document. Raises NotFound with the documents whose names are near."""
    mine = (t.document.c.platform_id == ref.platform, t.document.c.slug == ref.document)
    found: int | None = connection.execute(select(t.document.c.id).where(*mine)).scalar_one_or_none()
    if found is not None:
        return found
    rows = connection.execute(select(t.document.c.platform_id, t.document.c.slug))
    known = [f"{row.platform_id}/{row.slug}" for row in rows]
    near = difflib.get_close_matches(str(ref), known, NEAR_MAX)
    mend = f"did you mean {' or '.join(near)}?" if near else "monitor list shows what is watched."
    raise NotFound(f"The archive has no document {ref}: {mend}")


# ── Rows as values ───────────────────────────────────────────────────────────────────────────────────────────────


def _state(row: Row[Any], now: datetime, lines: tuple[LineEntry, ...]) -> DocumentState:
    return DocumentState(
        ref=DocumentRef(row.platform_id, row.slug),
        platform_name=row.platform_name,
        name=row.name,
        urls=tuple(source["url"] for source in row.declaration["sources"]),
        number=row.number,
        since=row.seen_from,
        verified_at=row.verified_at,
        last_check_at=row.last_check_at,
        last_result=row.last_result,
        blind=None if row.since is None else incident_of(row),
        next_check_at=row.next_check_at,
        checked_now=row.lease_until is not None and row.lease_until > now,
        paused_at=row.paused_at,
        withdrawn_at=row.withdrawn_at,
        lines=lines,
    )


def incident_of(row: Row[Any]) -> Incident:
    """The incident of a row that has its columns."""
    return Incident(row.kind, row.reason, row.since, row.kind_since, row.looks, row.told)


def _entry(connection: Connection, version: Version, current_ids: tuple[str, ...]) -> VersionEntry:
    current = version.id in current_ids
    if version.parent_id is None:
        return VersionEntry(version, current, None, None, None)
    change_id = derive_id("change", version.parent_id, version.id)
    assessment = _assessment(connection, change_id)
    return VersionEntry(version, current, change_id, assessment.headline, assessment.severity)


def assessment_of(connection: Connection, change_id: str) -> Assessment | None:
    """The newest assessment of a change, where one was recorded."""
    mine = select(t.assessment.c.data).where(t.assessment.c.change_id == change_id)
    newest = mine.order_by(t.assessment.c.recorded_at.desc(), t.assessment.c.rules.desc()).limit(1)
    data = connection.execute(newest).scalar_one_or_none()
    return None if data is None else unplain(Assessment, data)


def _assessment(connection: Connection, change_id: str) -> Assessment:
    found = assessment_of(connection, change_id)
    assert found is not None, "a recorded change is assessed"
    return found


def _change(connection: Connection, row: Row[Any]) -> Change:
    return Change(
        old_version_id=row.old_version_id,
        new_version_id=row.new_version_id,
        old_reading_id=row.old_reading_id,
        new_reading_id=row.new_reading_id,
        compare=row.compare,
        comparison=unpack(Comparison, row.comparison),
        assessment=_assessment(connection, row.id),
    )


def _current_ids(connection: Connection, document_id: int) -> tuple[str, ...]:
    """The versions that are current for the open lines, that of the line seen last first."""
    mine = (t.line.c.document_id == document_id, t.line.c.ended_at.is_(None))
    return tuple(
        connection.execute(select(t.line.c.version_id).where(*mine).order_by(t.line.c.attempt.desc())).scalars()
    )


def find_version(connection: Connection, ref: DocumentRef, number: int | None) -> Version:
    """A version by its number, or the current one. Raises NotFound."""
    document_id = document_id_of(connection, ref)
    mine = select(t.version).where(t.version.c.document_id == document_id)
    newest = connection.execute(
        select(func.max(t.version.c.number)).where(t.version.c.document_id == document_id)
    ).scalar_one()
    if newest is None or (number is not None and number > newest):  # asked before a number that no column can hold is
        raise NotFound(_no_version(ref, number, newest))
    current_ids = _current_ids(connection, document_id)[:1]
    which = t.version.c.number == number if number is not None else t.version.c.id.in_(current_ids)
    found = versions_of(connection, ref, connection.execute(mine.where(which)))
    if not found:
        raise NotFound(_no_version(ref, number, newest))
    return found[0]


def _no_version(ref: DocumentRef, number: int | None, newest: int | None) -> str:
    if newest is None:
        return f"Nothing of {ref} has been archived yet: monitor check {ref} looks at it now."
    return f"{ref} has no version {number}: it has 1 to {newest}." if newest > 1 else f"{ref} has version 1 only."


def _parent(connection: Connection, ref: DocumentRef, version: Version) -> Version:
    if version.parent_id is None:
        raise NotFound(f"{ref} has no earlier version than {version.number} to compare with.")
    rows = connection.execute(select(t.version).where(t.version.c.id == version.parent_id))
    return versions_of(connection, ref, rows)[0]


def _version_read(
    connection: Connection,
    ref: DocumentRef,
    version: Version,
    like: Reading | None = None,
    *,
    reading_id: str | None = None,
) -> VersionRead:
    reading, identities = load_reading(connection, reading_id or newest_reading(connection, version.id, like))
    current = version.id in _current_ids(connection, document_id_of(connection, ref))
    return VersionRead(version, current, reading, identities, _evidence(connection, version))


def _evidence(connection: Connection, version: Version) -> tuple[Evidence, ...]:
    joined = t.version_snapshot.join(t.snapshot, t.snapshot.c.id == t.version_snapshot.c.snapshot_id)
    joined = joined.join(t.blob, t.blob.c.id == t.snapshot.c.blob_id)
    wanted = select(t.snapshot, t.blob.c.hash, t.blob.c.size).select_from(joined)
    mine = wanted.where(t.version_snapshot.c.version_id == version.id).order_by(t.version_snapshot.c.position)
    return tuple(_evidence_of(row) for row in connection.execute(mine))


def _evidence_of(row: Row[Any]) -> Evidence:
    chain = unplain(tuple[Hop, ...], row.chain)
    url = chain[-1].url if chain else ""
    return Evidence(row.id, url, chain, row.status, row.hash, row.size, row.fetched_at)
