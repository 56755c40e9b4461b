"""Queries for people: what was looked at, and what could be seen when. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.core.model import DocumentRef, Incident
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.history import ROWS_MAX, document_id_of, incident_of

_UNCHANGED = "unchanged"
_MISSES = ("archived", "returned", "held", "suspect")  # what an audit found that the gate would have passed over


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A look that didn't just verify. `kind` and `reason` say why, where nothing could be seen or believed."""

    at: datetime
    attempt: int
    result: str
    kind: str | None
    reason: str | None
    snapshot_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audits:
    """Looks read in full although the gate saw no difference: how many, how often there was one, last of which
    document."""

    looks: int
    misses: int
    newest: DocumentRef | None


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """A time in which a document couldn't be seen; `closed_at` is None while it lasts."""

    ref: DocumentRef
    incident: Incident
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerificationEntry:
    """We looked `looks` times from `first_at` to `last_at`, and it was version `number` each time."""

    number: int
    first_at: datetime
    last_at: datetime
    looks: int
    ended_at: datetime | None


def checks(store: Store, ref: DocumentRef, limit: int = ROWS_MAX) -> tuple[CheckEntry, ...]:
    """The newest checks of a document that didn't just verify, newest first."""

    def read(connection: Connection) -> tuple[CheckEntry, ...]:
        mine = select(t.check).where(t.check.c.document_id == document_id_of(connection, ref))
        told = mine.where(t.check.c.result != _UNCHANGED)  # an audit that found nothing
        rows = connection.execute(told.order_by(t.check.c.attempt.desc()).limit(limit))
        return tuple(
            CheckEntry(row.at, row.attempt, row.result, row.kind, row.reason, tuple(row.snapshot_ids)) for row in rows
        )

    return store.read(read)


def audits(store: Store) -> Audits:
    """How often the gate was put to the test, over all documents and since the archive began, and what it missed."""
    check, document = t.check, t.document
    missed = check.c.audited & check.c.result.in_(_MISSES)

    def read(connection: Connection) -> Audits:
        counts = select(func.count(), func.count().filter(missed)).where(check.c.audited)
        looks, misses = connection.execute(counts).one()
        both = check.join(document, document.c.id == check.c.document_id)
        newest = select(document.c.platform_id, document.c.slug).select_from(both).where(missed)
        row = connection.execute(newest.order_by(check.c.at.desc()).limit(1)).one_or_none()
        return Audits(looks, misses, DocumentRef(row.platform_id, row.slug) if row else None)

    return store.read(read)


def incidents(store: Store, ref: DocumentRef | None = None, limit: int = ROWS_MAX) -> tuple[IncidentEntry, ...]:
    """The newest times in which a document, or any, couldn't be seen, newest first."""

    def read(connection: Connection) -> tuple[IncidentEntry, ...]:
        both = t.incident.join(t.document, t.document.c.id == t.incident.c.document_id)
        wanted = select(t.incident, t.document.c.platform_id, t.document.c.slug).select_from(both)
        if ref is not None:
            wanted = wanted.where(t.incident.c.document_id == document_id_of(connection, ref))
        rows = connection.execute(wanted.order_by(t.incident.c.since.desc(), t.incident.c.id.desc()).limit(limit))
        return tuple(
            IncidentEntry(DocumentRef(row.platform_id, row.slug), incident_of(row), row.closed_at) for row in rows
        )

    return store.read(read)


def verifications(store: Store, ref: DocumentRef, limit: int = ROWS_MAX) -> tuple[VerificationEntry, ...]:
    """The newest intervals in which every look found the same version, newest first."""

    def read(connection: Connection) -> tuple[VerificationEntry, ...]:
        both = t.verification.join(t.version, t.version.c.id == t.verification.c.version_id)
        mine = t.verification.c.document_id == document_id_of(connection, ref)
        wanted = select(t.verification, t.version.c.number).select_from(both).where(mine)
        rows = connection.execute(wanted.order_by(t.verification.c.id.desc()).limit(limit))
        return tuple(VerificationEntry(row.number, row.first_at, row.last_at, row.looks, row.ended_at) for row in rows)

    return store.read(read)
