"""The archive as a check uses it: recall what is known of a claimed document, record what the check comes to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Update, func, literal, select, update

from monitor.core.errors import NotFound
from monitor.core.memory import NOTHING
from monitor.core.model import (
    Archived,
    Current,
    DocumentRef,
    Hop,
    Line,
    Look,
    Memory,
    Outcome,
    Recalled,
    Returned,
    Seen,
    Snapshot,
    Unchanged,
)
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.instants import Instant
from monitor.store.queue import Claim as Claim, claim as claim, spread_out as spread_out
from monitor.store.recalling import recall_current, recall_document
from monitor.store.recording import packed, record_outcome, result_name
from monitor.store.values import blob_bytes, unpack, unplain


def recall(store: Store, claim: Claim, seen: Seen) -> Recalled:
    """What the archive knows that decides this check.

    After a look that was verified without reading, the current version isn't loaded: nothing is compared with it.
    """
    return store.read(lambda connection: recall_document(connection, claim.document.ref, claim.document_id, seen))


def current_of(store: Store, claim: Claim, line: Line) -> Current:
    """The version that is current for a line of the claimed document, in the reading that the line cites."""
    ref, document_id = claim.document.ref, claim.document_id
    return store.read(lambda connection: recall_current(connection, ref, document_id, line.name))


def snapshots(store: Store, ids: tuple[str, ...]) -> tuple[Snapshot, ...]:
    """The snapshots with their bytes, in the order asked for. Raises NotFound, and StoreError for damaged bytes."""
    if not ids:
        return ()

    def read(connection: Connection) -> dict[str, Snapshot]:
        both = t.snapshot.join(t.blob, t.snapshot.c.blob_id == t.blob.c.id)
        wanted = select(t.snapshot, t.blob.c.hash, t.blob.c.codec, t.blob.c.data).select_from(both)
        rows = connection.execute(wanted.where(t.snapshot.c.id.in_(ids)))
        return {row.id: _snapshot(row) for row in rows}

    found = store.read(read)
    missing = [one for one in ids if one not in found]
    if missing:
        raise NotFound(f"The archive has no snapshot {missing[0]}.")
    return tuple(found[one] for one in ids)


def memories(store: Store, names: tuple[str, ...]) -> tuple[Memory, ...]:
    """The memories by their names, in the order asked for; an empty name is that of no memory. Raises NotFound."""
    wanted = select(t.memory.c.hash, t.memory.c.data).where(t.memory.c.hash.in_(set(names) - {""}))
    rows = store.read(lambda connection: connection.execute(wanted).all()) if any(names) else []
    found = {row.hash: unpack(Memory, row.data) for row in rows} | {"": NOTHING}
    missing = [one for one in names if one not in found]
    if missing:
        raise NotFound(f"The archive has no memory {missing[0]}.")
    return tuple(found[one] for one in names)


def memories_of(store: Store, ref: DocumentRef) -> tuple[Memory, ...]:
    """What is remembered now of each source of a document, in its order."""
    reads, document = t.document_source, t.document
    named = (document.c.platform_id == ref.platform, document.c.slug == ref.document)
    mine = (reads.c.document_id == document.c.id, reads.c.ended_at.is_(None), t.source.c.id == reads.c.source_id)
    wanted = select(t.source.c.memory_hash).where(*named, *mine).order_by(reads.c.position)
    names = store.read(lambda connection: connection.execute(wanted).scalars().all())
    return memories(store, tuple(name or "" for name in names))


def record(store: Store, claim: Claim, look: Look, outcome: Outcome) -> bool:
    """Writes all that a check comes to in one transaction, and frees the document.

    False where the claim was lost meanwhile: then nothing is written.
    """
    compressed = packed(look, outcome)
    free = _free(claim, outcome)

    def write(connection: Connection) -> bool:
        if connection.execute(free).rowcount != 1:
            return False
        record_outcome(connection, claim, look, outcome, compressed)
        return True

    return store.write(write)


def _free(claim: Claim, outcome: Outcome) -> Update:
    """Ends the lease and says when the document is next due: of no effect once somebody else has claimed it."""
    document = t.document
    # Reread comes of a look that read the page anew, too, or of one that didn't and knows nothing of this.
    was_read = isinstance(outcome.result, Unchanged | Archived | Returned) or outcome.until is not None
    holds = {"until": outcome.until} if was_read else {}
    first_withdrawn = func.coalesce(document.c.withdrawn_at, literal(claim.now, Instant()))
    return (
        update(document)
        .where(document.c.id == claim.document_id, document.c.attempt == claim.attempt)
        .values(
            lease_until=None,
            next_check_at=outcome.next_check_at,
            last_check_at=claim.now,
            last_result=result_name(outcome.result),
            withdrawn_at=first_withdrawn if outcome.withdrawn else None,
            **holds,
        )
    )


def _snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(
        id=row.id,
        source_id=row.source_id,
        chain=unplain(tuple[Hop, ...], row.chain),
        status=row.status,
        headers=unplain(tuple[tuple[str, str], ...], row.headers),
        body=blob_bytes(row.hash, row.codec, row.data),
        body_hash=row.hash,
        fingerprint=row.fingerprint,
        fetched_at=row.fetched_at,
        complete=row.complete,
    )
