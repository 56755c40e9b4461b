"""Brings the tables in line with the configuration, in one transaction. Nothing is deleted: what left the file is
paused or ended, and what comes back is resumed with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, insert, select, update

from monitor.core.model import Document, Schedule, Subscriber
from monitor.core.schedule import next_after
from monitor.store import tables as t
from monitor.store.engine import Lock, Store, lock
from monitor.store.subscribing import declare_subscribers
from monitor.store.values import insert_new, plain, unplain


@dataclass(frozen=True, slots=True)
class Declared:
    """What became different in the tables, counted for the log."""

    platforms_added: int = 0
    platforms_changed: int = 0
    documents_added: int = 0
    documents_changed: int = 0
    documents_paused: int = 0
    documents_resumed: int = 0
    subscribers_started: int = 0
    subscribers_changed: int = 0
    subscribers_ended: int = 0
    channels_started: int = 0
    channels_ended: int = 0
    subscriptions_started: int = 0
    subscriptions_ended: int = 0

    def __bool__(self) -> bool:
        return self != Declared()


def declare(
    store: Store, documents: tuple[Document, ...], subscribers: tuple[Subscriber, ...], digest: Schedule
) -> Declared:
    """Makes the tables say what the configuration says, and returns what was different.

    `digest` is when weekly digests go out, in each subscriber's own time zone. New documents, and those whose sources
    or reading changed, are due at once; a check of them that is under way loses its lease. Which platforms a
    subscriber may follow, and that they exist, is for the configuration to see to; the database refuses the rest.
    """

    def write(connection: Connection) -> Declared:
        lock(connection, Lock.DECLARE)
        now = store.now(connection)
        watched = {
            **_declare_platforms(connection, documents, now),
            **_declare_documents(connection, documents, now),
        }
        told = declare_subscribers(connection, subscribers, digest, now)
        return Declared(**watched, **told)

    return store.write(write)


def _declare_platforms(connection: Connection, documents: tuple[Document, ...], now: datetime) -> dict[str, int]:
    wanted = {document.ref.platform: document.platform_name for document in documents}
    present = {row.id: row for row in connection.execute(select(t.platform))}
    added = [{"id": key, "name": name} for key, name in wanted.items() if key not in present]
    if added:
        connection.execute(insert(t.platform), added)
    changed = 0
    for key, row in present.items():
        values = {"name": wanted.get(key, row.name), "paused_at": None if key in wanted else row.paused_at or now}
        if values != {"name": row.name, "paused_at": row.paused_at}:
            connection.execute(update(t.platform).where(t.platform.c.id == key).values(values))
            changed += 1
    return {"platforms_added": len(added), "platforms_changed": changed}


def _declare_documents(connection: Connection, documents: tuple[Document, ...], now: datetime) -> dict[str, int]:
    present = {(row.platform_id, row.slug): row for row in connection.execute(select(t.document))}
    counts = dict.fromkeys(("added", "changed", "paused", "resumed"), 0)
    for document in documents:
        row = present.pop((document.ref.platform, document.ref.document), None)
        what = _add(connection, document, now) if row is None else _align(connection, row, document, now)
        if what:
            counts[what] += 1
    for row in present.values():
        if row.paused_at is None:
            connection.execute(update(t.document).where(t.document.c.id == row.id).values(paused_at=now))
            counts["paused"] += 1
    return {f"documents_{what}": count for what, count in counts.items()}


def _add(connection: Connection, document: Document, now: datetime) -> str:
    values = {**_columns(document), "platform_id": document.ref.platform, "slug": document.ref.document}
    statement = insert(t.document).values(**values, next_check_at=now, attempt=0).returning(t.document.c.id)
    _declare_sources(connection, connection.execute(statement).scalar_one(), document, now)
    return "added"


def _align(connection: Connection, row: Row[Any], document: Document, now: datetime) -> str | None:
    before = unplain(Document, row.declaration)
    if before == document and row.paused_at is None:
        return None
    values = {**_columns(document), "paused_at": None}
    read_otherwise = (before.sources, before.reading) != (document.sources, document.reading)
    if read_otherwise or row.paused_at is not None:
        values |= {"next_check_at": now}
    elif before.schedule != document.schedule:
        values |= {"next_check_at": min(row.next_check_at, next_after(document.schedule, now))}
    if "next_check_at" in values:
        # A check under way goes by what was declared before: the fence takes its lease away.
        values |= {"lease_until": None, "attempt": t.document.c.attempt + 1}
    connection.execute(update(t.document).where(t.document.c.id == row.id).values(values))
    if read_otherwise:
        _declare_sources(connection, row.id, document, now)
    return "changed" if row.paused_at is None else "resumed"


def _columns(document: Document) -> dict[str, object]:
    host = urlsplit(document.sources[0].url).hostname or ""
    return {"name": document.name, "declaration": plain(document), "host": host}


def _declare_sources(connection: Connection, document_id: int, document: Document, now: datetime) -> None:
    """The document's sources in order. What it had read from any of them no longer counts, so that it is read anew."""
    reads = t.document_source
    mine = reads.c.document_id == document_id
    connection.execute(update(reads).where(mine, reads.c.ended_at.is_(None)).values(ended_at=now, read_id=None))
    for position, source in enumerate(document.sources):
        insert_new(connection, t.source, {"id": source.id, "url": source.url, "language": source.language})
        key = {"document_id": document_id, "source_id": source.id}
        insert_new(connection, reads, {**key, "position": position})
        one = update(reads).where(mine, reads.c.source_id == source.id)
        connection.execute(one.values(position=position, ended_at=None, read_id=None))
