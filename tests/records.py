"""Change records for tests, and the one that docs/change-record.md shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.core.assess import assess
from monitor.core.compare import COMPARE, compare
from monitor.core.identity import hand_on, mint
from monitor.core.model import (
    Change,
    Comparison,
    Difference,
    Document,
    DocumentRef,
    Reading,
    Schedule,
    Source,
    Version,
)
from monitor.core.record import change_record
from tests.readings import reading_of

OLD = """
Effective: 2 March 2026
## 1. Licence
Halcyon grants Partner a licence. Halcyon may suspend access to the connector at any time without notice.
## 2. Liability
Liability is limited to EUR 10,000.
"""
NEW = """
Effective: 1 June 2026
## 1. Licence
Halcyon grants Partner a licence.
## 2. Security
Partner must encrypt Partner Data. Halcyon may suspend access to the connector at any time without notice.
## 3. Liability
Liability is limited to EUR 100.
"""


def record_of(old: Reading, new: Reading, comparison: Comparison | None = None) -> dict[str, object]:
    """The record of the change from `old` to `new`, as whoever receives it reads it."""
    ref = DocumentRef("halcyon", "connector-terms")
    seen = [datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 4, 2, 6, tzinfo=UTC)]
    first = Version("0" * 32, ref, 1, None, None, old.snapshots, seen[0], seen[0])
    second = Version("1" * 32, ref, 2, first.id, Difference.CHANGE, new.snapshots, seen[1], seen[1])
    comparison = comparison or compare(old, new)
    change = Change(
        first.id, second.id, old.id, new.id, COMPARE, comparison, assess(old, new, comparison, seen_from=seen[1])
    )
    source = Source("https://legal.halcyon.example/connector-terms")
    document = Document(ref, "Halcyon AI", "Connector Terms", (source,), Schedule(every_s=3600))
    identities = mint(old)
    record = change_record(
        document,
        change,
        old,
        new,
        first,
        second,
        old_identities=identities,
        new_identities=hand_on(new, comparison, identities),
    )
    received: dict[str, object] = json.loads(json.dumps(record))
    return received


def example() -> dict[str, object]:
    """The record that the docs show."""
    return record_of(reading_of(OLD), reading_of(NEW))
