"""The change record: by its published schema, and exact in both directions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings, strategies as st

from monitor.core.assess import assess
from monitor.core.compare import COMPARE, compare
from monitor.core.errors import BadInput
from monitor.core.identity import hand_on, mint
from monitor.core.model import (
    Change,
    Difference,
    Document,
    DocumentRef,
    Reading,
    Schedule,
    Source,
    Version,
)
from monitor.core.record import apply, change_record, edits, unapply
from tests.readings import reading_of

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = json.loads((DOCS / "schemas" / "change-1.json").read_text(encoding="utf-8"))

OLD = """
Effective: 2 March 2026
## 1. Licence
Halcyon grants Partner a licence.
## 2. Liability
Liability is limited to EUR 10,000.
"""
NEW = """
Effective: 1 June 2026
## 1. Licence
Halcyon grants Partner a licence.
## 2. Security
Partner must encrypt Partner Data.
## 3. Liability
Liability is limited to EUR 100.
"""


def record_of(old: Reading, new: Reading) -> dict[str, object]:
    ref = DocumentRef("halcyon", "connector-terms")
    seen = [datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 4, 2, 6, tzinfo=UTC)]
    first = Version("0" * 32, ref, 1, None, None, old.snapshots, seen[0], seen[0])
    second = Version("1" * 32, ref, 2, first.id, Difference.CHANGE, new.snapshots, seen[1], seen[1])
    comparison = compare(old, new)
    change = Change(
        first.id, second.id, old.id, new.id, COMPARE, comparison, assess(old, new, comparison, seen_from=seen[1])
    )
    source = Source("https://legal.halcyon.example/connector-terms")
    document = Document(ref, "Halcyon AI", "Connector Terms", (source,), Schedule(every_s=3600))
    identities = mint(old)
    return change_record(
        document,
        change,
        old,
        new,
        first,
        second,
        old_identities=identities,
        new_identities=hand_on(new, comparison, identities),
    )


def example() -> dict[str, object]:
    return record_of(reading_of(OLD), reading_of(NEW))


def test_a_record_follows_the_published_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(example())))


def test_the_record_shown_in_the_docs_is_the_one_the_code_makes() -> None:
    page = (DOCS / "change-record.md").read_text(encoding="utf-8")
    shown = page.split("```json\n")[1].split("```")[0]
    assert json.loads(shown) == json.loads(json.dumps(example()))


def test_every_property_of_the_schema_is_explained_in_the_docs() -> None:
    page = (DOCS / "change-record.md").read_text(encoding="utf-8")
    assert [name for name in SCHEMA["properties"] if f"`{name}" not in page] == []


def test_a_record_is_exact_in_both_directions_and_after_a_trip_through_json() -> None:
    old, new = reading_of(OLD), reading_of(NEW)
    record = json.loads(json.dumps(record_of(old, new)))
    assert apply(record, old.text) == new.text
    assert unapply(record, new.text) == old.text


def test_a_record_refuses_a_text_that_it_is_not_about() -> None:
    old = reading_of(OLD)
    with pytest.raises(BadInput, match=r"another text: expected '10,000' at character \d+, found '20,000'"):
        apply(example(), old.text.replace("10,000", "20,000"))
    with pytest.raises(BadInput, match="another text: expected a result with the SHA-256"):
        apply(example(), old.text.replace("grants Partner", "grants partner"))


def test_a_record_of_another_schema_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadInput, match="Upgrade terms-monitor if the record is newer"):
        apply({**example(), "schema_version": 2}, reading_of(OLD).text)
    with pytest.raises(BadInput, match="Expected the edits of a change record"):
        apply({**example(), "edits": [{"old": 1}]}, reading_of(OLD).text)


TEXTS = st.lists(
    st.sampled_from(
        ["Fees", "are", "1.5 %", "15 %", "not", "30 days", ".", ",", "\n", " ", "規約", "é", "\u00a0", "😀"]
    ),
    max_size=40,
).map(" ".join)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_edits_make_either_text_of_the_other(old: str, new: str) -> None:
    forward = backward = ""
    at_old = at_new = 0
    for edit in edits(old, new):
        assert old[edit.old_start : edit.old_end] == edit.old
        assert new[edit.new_start : edit.new_end] == edit.new
        forward += old[at_old : edit.old_start] + edit.new
        backward += new[at_new : edit.new_start] + edit.old
        at_old, at_new = edit.old_end, edit.new_end
    assert (forward + old[at_old:], backward + new[at_new:]) == (new, old)
