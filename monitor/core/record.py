"""The change record: a change as JSON that others can check, apply and quote.

Its shape is published as docs/schemas/change-1.json and explained in docs/change-record.md. Besides what happened to
each provision it has `edits`, every difference of the two texts in order, so that the one text can be made of the
other exactly, in both directions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType

from monitor.core.citing import cite
from monitor.core.compare import COMPARE
from monitor.core.comparing.wording import Effort, compare_words
from monitor.core.model import (
    Assessment,
    Change,
    Comparison,
    Document,
    Op,
    ProvisionChange,
    Reading,
    Segment,
    SegmentKind,
    Version,
    derive_id,
)

SCHEMA = "terms-monitor/change"
SCHEMA_VERSION = 1

# In the order in which people read them.
_PROPERTIES = (
    *("schema", "schema_version", "id", "document", "old", "new", "net", "versions_between", "compare", "difference"),
    *("coarse", "counts", "assessment", "provisions", "edits"),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """old_text[old_start:old_end] is `old` and became `new`, which is new_text[new_start:new_end]."""

    old_start: int
    old_end: int
    old: str
    new_start: int
    new_end: int
    new: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: its reading, what bears it, and the identities of its provisions by ordinal, if known."""

    reading: Reading
    borne: dict[str, object]
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file that is compared with another one: its path as given, the SHA-256 of its bytes, and its reading."""

    path: str
    sha256: str
    reading: Reading


def change_record(
    document: Document,
    change: Change,
    old: Reading,
    new: Reading,
    old_version: Version,
    new_version: Version,
    *,
    old_identities: tuple[str, ...] = (),
    new_identities: tuple[str, ...] = (),
) -> dict[str, object]:
    """The JSON of a change, by the schema of `SCHEMA_VERSION`. Identities are named where they are given."""
    before = Side(old, _version(old_version), old_identities)
    after = Side(new, _version(new_version), new_identities)
    archived = {
        "document": document_facts(document),
        "net": not _are_neighbours(old_version, new_version),
        "versions_between": max(0, abs(new_version.number - old_version.number) - 1),
        "assessment": _assessment(change.assessment),
    }
    return _record(change.id, change.compare, change.comparison, before, after, archived)


def files_record(comparison: Comparison, old: File, new: File) -> dict[str, object]:
    """The JSON of what is different between two files, by the same schema: without what only the archive knows."""
    before, after = (Side(one.reading, {"file": {"path": one.path, "sha256": one.sha256}}) for one in (old, new))
    return _record(derive_id("files", old.sha256, new.sha256), COMPARE, comparison, before, after)


def _record(
    change_id: str,
    compare: str,
    comparison: Comparison,
    old: Side,
    new: Side,
    archived: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, object]:
    found = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "id": change_id,
        "old": _side(old),
        "new": _side(new),
        "compare": compare,
        "difference": comparison.difference.value,
        "coarse": comparison.coarse,
        "counts": _counts(comparison),
        "provisions": [_provision_change(item, old, new) for item in comparison.changes],
        "edits": [asdict(edit) for edit in edits(old.reading.text, new.reading.text)],
        **archived,
    }
    return {name: found[name] for name in _PROPERTIES if name in found}


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Every difference of two texts, in order and without overlap."""
    found: list[Edit] = []
    for segment in compare_words(old, new, 0, 0, Effort()).segments:
        if segment.kind is SegmentKind.EQUAL:
            continue
        start_old, start_new = segment.old_start, segment.new_start
        if found and (found[-1].old_end, found[-1].new_end) == (start_old, start_new):
            last = found.pop()
            start_old, start_new = last.old_start, last.new_start
        texts = old[start_old : segment.old_end], new[start_new : segment.new_end]
        found.append(Edit(start_old, segment.old_end, texts[0], start_new, segment.new_end, texts[1]))
    return tuple(found)


def document_facts(document: Document) -> dict[str, object]:
    """Which agreement of which platform, and where it is read, as records and webhook calls say it."""
    return {
        "platform": document.ref.platform,
        "platform_name": document.platform_name,
        "id": document.ref.document,
        "name": document.name,
        "urls": [source.url for source in document.sources],
    }


def _version(version: Version) -> dict[str, object]:
    return {
        "version": version.id,
        "number": version.number,
        "seen_from": _moment(version.seen_from),
        "snapshots": list(version.snapshots),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        **side.borne,
        "reading": side.reading.id,
        "reader": side.reading.reader,
        "text_length": len(side.reading.text),
        "text_sha256": text_hash(side.reading.text),
    }


def _counts(comparison: Comparison) -> dict[str, object]:
    by_op = Counter(change.op.value for change in comparison.changes)
    return {
        "words_added": comparison.words_added,
        "words_removed": comparison.words_removed,
        "sentences_added": comparison.sentences_added,
        "sentences_removed": comparison.sentences_removed,
        "sentences_modified": comparison.sentences_modified,
        "provisions": dict(sorted(by_op.items())),
    }


def _assessment(assessment: Assessment) -> dict[str, object]:
    return {
        "rules": assessment.rules,
        "headline": assessment.headline,
        "severity": assessment.severity.value,
        "signals": [signal.value for signal in assessment.signals],
        "topics": list(assessment.topics),
        "flags": [flag.value for flag in assessment.flags],
        "stated_date": assessment.stated_date.isoformat() if assessment.stated_date else None,
        "notice_days": assessment.notice_days,
    }


def _provision_change(change: ProvisionChange, old: Side, new: Side) -> dict[str, object]:
    return {
        "op": change.op.value,
        "also": [op.value for op in change.also],
        "path": change.path,
        "before": None if change.old is None else _provision(old, change.old),
        "after": None if change.new is None else _provision(new, change.new),
        "parts": [_named(old if change.op is Op.MERGED else new, part) for part in change.parts],
        "words_added": change.words_added,
        "words_removed": change.words_removed,
        "sentences_added": change.sentences_added,
        "sentences_removed": change.sentences_removed,
        "sentences_modified": change.sentences_modified,
        "segments": [_segment(segment, old, new) for segment in change.segments],
    }


def _named(side: Side, ordinal: int) -> dict[str, object]:
    """How a provision is named, without its text."""
    return {
        "ordinal": ordinal,
        "identity": side.identities[ordinal] if side.identities else None,
        "path": cite(side.reading, ordinal),
    }


def _provision(side: Side, ordinal: int) -> dict[str, object]:
    provision = side.reading.provisions[ordinal]
    return {
        **_named(side, ordinal),
        "kind": provision.kind.value,
        "label": provision.label,
        "title": provision.title,
        "start": provision.start,
        "end": provision.end,
        "text": side.reading.text[provision.start : provision.end],
    }


def _segment(segment: Segment, old: Side, new: Side) -> dict[str, object]:
    is_new = segment.kind in (SegmentKind.INSERTED, SegmentKind.MOVED_IN)
    other = old if is_new else new
    return {
        "kind": segment.kind.value,
        "text": _text(new, segment.new_start, segment.new_end)
        if is_new
        else _text(old, segment.old_start, segment.old_end),
        "old_start": segment.old_start,
        "old_end": segment.old_end,
        "new_start": segment.new_start,
        "new_end": segment.new_end,
        "elsewhere": None if segment.elsewhere is None else _named(other, segment.elsewhere),
        "in_place": segment.in_place,
    }


def _text(side: Side, start: int, end: int) -> str:
    return side.reading.text[start:end]


def _are_neighbours(old: Version, new: Version) -> bool:
    """Whether one of the versions came right after the other."""
    return new.parent_id == old.id or old.parent_id == new.id


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text_hash(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
