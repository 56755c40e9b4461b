"""Judgements by reading, joined with a replay: they say what a pair deserves, whatever answer a later reader gives."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # they are scripts beside each other, not a package

import judged  # noqa: E402

HEAD = "doc,from_snapshot,to_snapshot,class,alerted,verdict,reason\n"
JUDGED = """\
1,10,11,same,yes,right,a sentence outside the recorded part
1,11,12,same,yes,wrong,a menu
1,12,13,change,no,right,counters of a dialog
1,13,14,change,no,wrong,a fee was raised
1,14,15,flap,yes,variant,two regions
2,20,21,same,yes,wrong,a banner
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "judged.csv"
    path.write_text(HEAD + JUDGED, encoding="utf-8")
    return path


def row(before: int, kind: str, *, alerted: bool, label: str | None = None) -> dict[str, Any]:
    key = {"doc": 1, "from_snapshot": before, "to_snapshot": before + 1}
    return key | {"class": kind, "kind": label, "alerted": alerted, "result": "", "why": ""}


def replayed(*rows: dict[str, Any]) -> dict[str, Any]:
    """A replay of document 1 alone that lists these rows."""
    pairs = {"same": {"n": 50, "alerted": 3}, "change": {"n": 8, "alerted": 6}, "flap": {"n": 2, "alerted": 1}}
    return {"pairs": pairs, "to_read": list(rows), "per_document": [{"doc": 1}]}


THEN = (
    row(10, "same", alerted=True),
    row(11, "same", alerted=True),
    row(12, "change", alerted=False),
    row(13, "change", alerted=False),
    row(14, "flap", alerted=True, label="variant"),
)


def test_false_alerts_and_missed_changes_are_those_that_reading_found(table: Path) -> None:
    found = judged.figures(judged.read_table(table), replayed(*THEN))
    same, change, flap = found["same"], found["change"], found["flap"]
    assert (same.pairs, same.alerted, same.true, same.false, same.missed, same.unjudged) == (50, 3, 1, 1, 0, 0)
    assert (change.pairs, change.alerted, change.missed, change.silent, change.false) == (8, 6, 1, 1, 0)
    assert (flap.open, flap.false, flap.unjudged) == (1, 0, 0)


def test_a_judgement_holds_for_the_opposite_answer_of_a_later_reader(table: Path) -> None:
    found = judged.figures(judged.read_table(table), replayed())
    assert (found["same"].missed, found["same"].silent, found["same"].false) == (1, 1, 0)
    assert (found["change"].true, found["change"].false, found["change"].missed) == (1, 1, 0)


def test_a_surprising_answer_that_nobody_has_read_is_listed(table: Path) -> None:
    news = (
        row(30, "same", alerted=True),
        row(31, "change", alerted=False),
        row(32, "markup", alerted=True, label="bad_capture"),
        row(33, "flap", alerted=False, label="substantive"),
        row(34, "change", alerted=True, label="substantive"),
    )
    listed = judged.rows_of(replayed(*THEN, *news)).values()
    assert [one.key for one in judged.unjudged(judged.read_table(table), listed)] == [
        (30, 31),
        (31, 32),
        (32, 33),
        (33, 34),
    ]


def test_the_program_prints_raw_and_judged_figures(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay = tmp_path / "replay.json"
    replay.write_text(json.dumps(replayed(*THEN, row(30, "same", alerted=True))), encoding="utf-8")
    assert judged.main([str(replay), "--table", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "Raw: 3 of 50 (6.00%) pairs of class same alerted, 2 of 8 (25.00%) of class change silent.\n" in printed
    assert "1 of 50 (2.00%) false alerts, 1 of 8 (12.50%) missed changes of wording; 1 answers unjudged.\n" in printed
    assert "unjudged: document 1, 30 → 31, class same, alerted\n" in printed
    assert "a menu" in printed
    assert "a banner" not in printed  # its document was not replayed


@pytest.mark.parametrize("bad", ["1,10,11,same,yes,perhaps,?\n", "1,ten,11,same,yes,right,?\n", "1,10\n"])
def test_a_judgement_that_cannot_be_used_is_refused_with_its_line(table: Path, bad: str) -> None:
    table.write_text(HEAD + "1,8,9,same,yes,right,a sentence\n" + bad, encoding="utf-8")
    with pytest.raises(judged.BadInput, match="line 3: expected a judgement"):
        judged.read_table(table)


def test_a_pair_is_judged_once(table: Path) -> None:
    table.write_text(HEAD + 2 * "1,8,9,same,yes,right,a sentence\n", encoding="utf-8")
    with pytest.raises(judged.BadInput, match="judged twice"):
        judged.read_table(table)


def test_the_table_of_the_shared_corpus_gives_each_reason_in_few_words() -> None:
    table = judged.read_table(judged.TABLE)
    assert len(table) > 100
    assert all(1 <= len(judgement.reason.split()) <= 15 for judgement in table.values())
