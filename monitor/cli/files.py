"""A file on disk as a document and its capture, for commands that need neither a database nor a configuration."""

from __future__ import annotations

import hashlib
import mimetypes
from datetime import UTC, datetime
from pathlib import Path

from monitor.core.errors import BadInput
from monitor.core.fingerprint import fingerprint_of_bytes
from monitor.core.model import Document, DocumentRef, Schedule, Snapshot, Source

FILE_BYTES_MAX = 50_000_000


def document_of(path: Path) -> Document:
    """A document that is this file, and read without any declaration."""
    return Document(DocumentRef("files", "file"), "Files", path.stem, (_source(path),), Schedule(every_s=1.0))


def capture_of(path: Path) -> Snapshot:
    """What the file holds, as if it had been fetched. Raises BadInput where it can't be read."""
    body = _bytes(path)
    kind = mimetypes.guess_type(path.name)[0] or "text/html"
    digest = hashlib.sha256(body).hexdigest()
    return Snapshot(
        id=digest[:32],
        source_id=_source(path).id,
        chain=(),
        status=200,
        headers=(("content-type", kind),),
        body=body,
        body_hash=digest,
        fingerprint=fingerprint_of_bytes(body),
        fetched_at=datetime.now(UTC),
    )


def _source(path: Path) -> Source:
    return Source(path.absolute().as_uri())


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise BadInput(f"{path} can't be read: {(error.strerror or 'an error').lower()}.") from None
    if len(body) > FILE_BYTES_MAX:
        raise BadInput(f"{path} is too large: expected at most {FILE_BYTES_MAX // 1_000_000} MB.")
    return body
