"""Versions and readings as they lie in the archive, and back as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.core.model import Difference, DocumentRef, Reading, Version
from monitor.store import tables as t
from monitor.store.values import unpack


def versions_of(connection: Connection, ref: DocumentRef, rows: Iterable[Row[Any]]) -> tuple[Version, ...]:
    """The versions of a document whose rows these are, in the same order."""
    rows = list(rows)
    borne = _snapshots(connection, [row.id for row in rows])
    return tuple(
        Version(
            id=row.id,
            ref=ref,
            number=row.number,
            parent_id=row.parent_id,
            difference=None if row.difference is None else Difference(row.difference),
            snapshots=tuple(borne[row.id]),
            seen_from=row.seen_from,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def load_reading(connection: Connection, reading_id: str) -> tuple[Reading, tuple[str, ...]]:
    """A reading, and the identities of its provisions by ordinal."""
    data = connection.execute(select(t.reading.c.data).where(t.reading.c.id == reading_id)).scalar_one()
    mine = select(t.provision.c.identity).where(t.provision.c.reading_id == reading_id)
    identities = connection.execute(mine.order_by(t.provision.c.ordinal)).scalars()
    return unpack(Reading, data), tuple(identities)


def newest_reading(connection: Connection, version_id: str, like: Reading | None = None) -> str:
    """The newest reading of a version, rather one that may be compared with `like`: its id."""
    columns = [t.reading.c[name] for name in ("id", "reader", "declaration", "memories")]
    mine = select(*columns).where(t.reading.c.version_id == version_id)
    rows = connection.execute(mine.order_by(t.reading.c.recorded_at.desc(), t.reading.c.id)).all()
    wanted = None if like is None else (like.reader, like.declaration, like.memories)
    comparable = [row.id for row in rows if (row.reader, row.declaration, tuple(row.memories)) == wanted]
    found: str = comparable[0] if comparable else rows[0].id
    return found


def _snapshots(connection: Connection, version_ids: list[str]) -> defaultdict[str, list[str]]:
    borne: defaultdict[str, list[str]] = defaultdict(list)
    table = t.version_snapshot
    rows = select(table.c.version_id, table.c.snapshot_id).where(table.c.version_id.in_(version_ids))
    for version_id, snapshot_id in connection.execute(rows.order_by(table.c.version_id, table.c.position)):
        borne[version_id].append(snapshot_id)
    return borne
