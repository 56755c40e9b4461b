"""How our values lie in columns: canonical JSON, plain in JSON columns, compressed in binary ones; and blobs."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

import zstandard
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core import canonical
from monitor.core.errors import StoreError

T = TypeVar("T")

CODEC = "zstd"
_LEVEL = 3  # beyond it a page shrinks by 2 % and takes several times as long
_UNPACKED_BYTES_MAX = 256 * 1024 * 1024


def plain(value: object) -> Any:
    """A value for a JSON column."""
    return json.loads(canonical.dump(value))


def unplain(kind: type[T], stored: object) -> T:
    """The value of type `kind` that `plain` put into a JSON column."""
    return canonical.load(kind, json.dumps(stored).encode())


def pack(value: object) -> bytes:
    """A value for a binary column: canonical JSON, compressed."""
    return compress(canonical.dump(value))


def unpack(kind: type[T], stored: bytes) -> T:
    """The value of type `kind` that `pack` put into a binary column."""
    return canonical.load(kind, decompress(stored))


def compress(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def decompress(data: bytes) -> bytes:
    """Raises StoreError where the bytes were damaged."""
    try:
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=_UNPACKED_BYTES_MAX)
    except zstandard.ZstdError as error:
        raise StoreError(f"Stored bytes are damaged: {error}. Restore the database from a backup.") from error


def blob_bytes(digest: str, codec: str, data: bytes) -> bytes:
    """The bytes of a blob, checked against the hash that names it. Raises StoreError where they aren't those."""
    if codec != CODEC:
        raise StoreError(
            f"The blob {digest} is stored as {codec}, which this program doesn't know: install a newer one."
        )
    body = decompress(data)
    found = hashlib.sha256(body).hexdigest()
    if found != digest:
        raise StoreError(
            f"The archive is damaged: expected bytes with the hash {digest}, found {found}. "
            "Restore the database from a backup."
        )
    return body


def insert_new(connection: Connection, table: Table, *rows: dict[str, object]) -> None:
    """Inserts the rows whose keys aren't there yet; those that are stay as they are."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).on_conflict_do_nothing(), list(rows))
