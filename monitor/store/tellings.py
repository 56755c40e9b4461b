"""What a message is made from, read from the archive: events with their changes and evidence, documents' standings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from monitor.core.model import (
    Announcement,
    Assessment,
    Change,
    Comparison,
    Document,
    DocumentRef,
    Event,
    EventKind,
    Hop,
    Version,
)
from monitor.core.render.facts import Evidence, Exhibit, Standing, Telling
from monitor.store import tables as t
from monitor.store.archive import load_reading, versions_of
from monitor.store.engine import Store
from monitor.store.values import unpack, unplain
from monitor.store.variants import LineEntry, is_shown, variants_of


def tellings(store: Store, event_ids: Iterable[str]) -> tuple[Telling, ...]:
    """The events of these ids in their order, each with its document and what there is to show of it."""
    return store.read(lambda connection: tuple(_telling(connection, event_id) for event_id in event_ids))


def _telling(connection: Connection, event_id: str) -> Telling:
    query = (
        select(t.event, t.document.c.platform_id, t.document.c.slug, t.document.c.declaration)
        .join(t.document, t.document.c.id == t.event.c.document_id)
        .where(t.event.c.id == event_id)
    )
    row = connection.execute(query).one()
    ref = DocumentRef(row.platform_id, row.slug)
    event = Event(EventKind(row.kind), ref, row.about, row.at, row.change_id, row.version_id, row.text)
    exhibit = _exhibit(connection, ref, row.change_id) if row.change_id is not None else None
    document = unplain(Document, row.declaration)
    if event.kind is not EventKind.ANNOUNCED:
        return Telling(event, document, exhibit)
    announced = _announcement(connection, row.document_id, event.about)
    return Telling(event, document, exhibit, announced, _evidence(connection, t.snapshot.c.id == announced.snapshot_id))


def _announcement(connection: Connection, document_id: int, day: str) -> Announcement:
    table = t.announcement
    mine = (table.c.document_id == document_id, table.c.takes_effect == date.fromisoformat(day))
    row = connection.execute(select(table).where(*mine)).one()
    return Announcement(row.takes_effect, row.quote, row.url, row.snapshot_id)


def _exhibit(connection: Connection, ref: DocumentRef, change_id: str) -> Exhibit:
    row = connection.execute(select(t.change).where(t.change.c.id == change_id)).one()
    change = Change(
        row.old_version_id,
        row.new_version_id,
        row.old_reading_id,
        row.new_reading_id,
        row.compare,
        unpack(Comparison, row.comparison),
        _assessment(connection, change_id),
    )
    old, old_identities = load_reading(connection, row.old_reading_id)
    new, new_identities = load_reading(connection, row.new_reading_id)
    return Exhibit(
        change,
        old,
        new,
        _version(connection, ref, row.old_version_id),
        _version(connection, ref, row.new_version_id),
        _evidence_of(connection, row.new_version_id),
        old_identities,
        new_identities,
    )


def _assessment(connection: Connection, change_id: str) -> Assessment:
    """The latest one: rules improve, and what is sent is kept as it was sent."""
    query = (
        select(t.assessment.c.data)
        .where(t.assessment.c.change_id == change_id)
        .order_by(t.assessment.c.recorded_at.desc(), t.assessment.c.rules.desc())
        .limit(1)
    )
    return unplain(Assessment, connection.execute(query).scalar_one())


def _version(connection: Connection, ref: DocumentRef, version_id: str) -> Version:
    row = connection.execute(select(t.version).where(t.version.c.id == version_id)).one()
    (version,) = versions_of(connection, ref, [row])
    return version


def _evidence_of(connection: Connection, version_id: str) -> tuple[Evidence, ...]:
    """The snapshots that bear a version, in the order of its sources."""
    borne = select(t.version_snapshot).where(t.version_snapshot.c.version_id == version_id)
    ids = [row.snapshot_id for row in connection.execute(borne.order_by(t.version_snapshot.c.position))]
    found = {one.snapshot_id: one for one in _evidence(connection, t.snapshot.c.id.in_(ids))}
    return tuple(found[snapshot_id] for snapshot_id in ids)


def _evidence(connection: Connection, which: ColumnElement[bool]) -> tuple[Evidence, ...]:
    query = (
        select(t.snapshot.c.id, t.snapshot.c.chain, t.snapshot.c.fetched_at, t.blob.c.hash)
        .join(t.blob, t.blob.c.id == t.snapshot.c.blob_id)
        .where(which)
    )
    return tuple(
        Evidence(row.id, unplain(tuple[Hop, ...], row.chain)[-1].url, row.hash, row.fetched_at)
        for row in connection.execute(query)
    )


def standings(store: Store, subscriber_id: int) -> tuple[Standing, ...]:
    """How each document of the platforms that a subscriber follows stands now."""
    verified = (
        select(func.max(t.verification.c.last_at))
        .where(t.verification.c.document_id == t.document.c.id)
        .scalar_subquery()
    )
    followed = select(t.subscription.c.platform_id).where(
        t.subscription.c.subscriber_id == subscriber_id, t.subscription.c.ended_at.is_(None)
    )
    query = (
        select(
            t.document.c.id,
            t.document.c.declaration,
            t.document.c.withdrawn_at,
            func.coalesce(t.document.c.paused_at, t.platform.c.paused_at).label("paused_at"),
            t.version.c.number,
            verified.label("verified_at"),
            t.incident.c.since,
            t.incident.c.reason.label("unseen_because"),
            t.incident.c.told,
            t.pending.c.first_seen,
            t.pending.c.reason.label("pending_because"),
        )
        .select_from(
            t.document.join(t.platform, t.platform.c.id == t.document.c.platform_id)
            .outerjoin(t.line, is_shown())
            .outerjoin(t.version, t.version.c.id == t.line.c.version_id)
            .outerjoin(t.incident, (t.incident.c.document_id == t.document.c.id) & t.incident.c.closed_at.is_(None))
            .outerjoin(t.pending, t.pending.c.document_id == t.document.c.id)
        )
        .where(t.document.c.platform_id.in_(followed))
        .order_by(t.document.c.platform_id, t.document.c.slug)
    )

    def read(connection: Connection) -> tuple[Standing, ...]:
        lines = variants_of(connection, t.document.c.platform_id.in_(followed))
        return tuple(_standing(row, lines.get(row.id, ())) for row in connection.execute(query))

    return store.read(read)


def _standing(row: Row[*tuple[Any, ...]], lines: tuple[LineEntry, ...]) -> Standing:
    return Standing(
        document=unplain(Document, row.declaration),
        version=row.number,
        verified_at=row.verified_at,
        unseen_since=row.since,
        unseen_because=row.unseen_because or "",
        unseen_for_long=bool(row.told),
        pending_since=row.first_seen,
        pending_because=row.pending_because or "",
        paused_at=row.paused_at,
        withdrawn_at=row.withdrawn_at,
        variants=tuple(sorted(one.number for one in lines)),
        variants_since=lines[1].started_at if lines else None,
    )
