"""The change record: by its published schema, and exact in both directions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings, strategies as st
from typer.testing import CliRunner

from monitor.cli.root import app
from monitor.core.applying import apply, check_quotes, unapply
from monitor.core.compare import compare
from monitor.core.errors import BadInput
from monitor.core.model import Op, ProvisionChange, Segment, SegmentKind
from monitor.core.record import edits
from tests.readings import reading_of
from tests.records import NEW, OLD, example, record_of

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "change-record.md").read_text(encoding="utf-8")
SCHEMA = json.loads((DOCS / "schemas" / "change-1.json").read_text(encoding="utf-8"))


def closed(schema: object) -> object:
    """The schema without room for properties that it doesn't name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if inner.keys() >= {"required", "properties"} else inner


def test_a_record_follows_the_published_schema_and_has_nothing_beside_it() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(example())


def test_a_record_of_two_files_follows_it_too_and_has_what_two_files_can_have(tmp_path: Path) -> None:
    for name, text in (("old.txt", OLD), ("new.txt", NEW)):
        (tmp_path / name).write_text(text.replace("## ", "").strip() * 3)
    paths = [str(tmp_path / name) for name in ("old.txt", "new.txt")]
    made = CliRunner().invoke(app, ["compare", *paths, "--json"]).stdout
    record = json.loads(made)
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(record)
    assert [record[side]["file"]["path"] for side in ("old", "new")] == paths
    assert {"document", "assessment", "net", "versions_between"}.isdisjoint(record)
    assert record["edits"]
    assert made == CliRunner().invoke(app, ["compare", *paths, "--format", "json"]).stdout
    for missing in ("net", "assessment"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({name: value for name, value in example().items() if name != missing}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**example(), "old": record["old"]}, SCHEMA)


def test_a_split_provision_names_its_parts_and_moved_text_where_it_went() -> None:
    old = reading_of("## 1. Data\nWe keep the data of all users for thirty days. We sell nothing to anybody at all.")
    new = reading_of(
        "## 1. Data\nWe keep the data of all users for thirty days.\n## 2. Sale\nWe sell nothing to anybody."
    )
    at = old.text.index(" We sell")
    moved = Segment(SegmentKind.MOVED_OUT, at, len(old.text), at, at, elsewhere=1)
    came = Segment(SegmentKind.MOVED_IN, at, at, at, len(new.text), elsewhere=0)
    split = ProvisionChange(Op.SPLIT, "1 Data", 0, 0, parts=(0, 1), segments=(moved, came))
    comparison = replace(compare(old, new), changes=(split,), pairs=((0, 0), (0, 1)))
    record = record_of(old, new, comparison)
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(record)
    (change,) = record["provisions"]  # type: ignore[misc]
    assert [part["path"] for part in change["parts"]] == ["1 Data", "2 Sale"]
    assert change["parts"][0]["identity"] == change["before"]["identity"] != change["parts"][1]["identity"]
    assert [one["elsewhere"]["path"] for one in change["segments"]] == ["2 Sale", "1 Data"]
    assert change["segments"][0]["text"] == old.text[at:]
    assert change["segments"][1]["text"] == new.text[at:]


@pytest.mark.parametrize("language", ["python", "js"])
def test_the_programs_in_the_docs_make_the_new_text_of_the_old_one(language: str, tmp_path: Path) -> None:
    command = {"python": sys.executable, "js": shutil.which("node")}[language]
    if command is None:
        pytest.skip("there is no node here")
    old, new = (reading_of(text.replace("Halcyon", "😀 Halcyon")) for text in (OLD, NEW))
    (tmp_path / "change.json").write_text(json.dumps(record_of(old, new)), encoding="utf-8")
    (tmp_path / "old.txt").write_text(old.text, encoding="utf-8", newline="")
    program = PAGE.split(f"```{language}\n")[1].split("```")[0]
    done = subprocess.run([command, "-"], input=program.encode(), cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == new.text


def test_every_property_of_the_schema_is_explained_in_the_docs() -> None:
    assert [name for name in SCHEMA["properties"] if f"`{name}" not in PAGE] == []


def test_a_record_is_exact_in_both_directions() -> None:
    old, new = reading_of(OLD), reading_of(NEW)
    assert apply(example(), old.text) == new.text
    assert unapply(example(), new.text) == old.text


def test_a_record_refuses_a_text_that_it_is_not_about() -> None:
    old = reading_of(OLD)
    with pytest.raises(BadInput, match=r"another text: .* At character \d+ it expects '10,000', found '20,000'"):
        apply(example(), old.text.replace("10,000", "20,000"))
    with pytest.raises(BadInput, match=r"expected one with the SHA-256 \w+, found \w+. Give it the exact text"):
        apply(example(), old.text.replace("grants Partner", "grants partner"))


def test_a_record_that_was_tampered_with_is_refused() -> None:
    def tampered(**values: object) -> dict[str, object]:
        record = example()
        record["edits"][-1] |= values  # type: ignore[index]
        return record

    old = reading_of(OLD).text
    with pytest.raises(BadInput, match="damaged: its edits don't make the new text"):
        apply(tampered(new="EUR 1"), old)
    for edit in ({"old_start": -4}, {"old_start": 10**9}, {"old_start": 0, "old_end": 3, "old": old[:3]}):
        with pytest.raises(BadInput, match="damaged: its edit at character"):
            apply(tampered(**edit), old)
    with pytest.raises(BadInput, match="Expected the edits of a change record"):
        apply(tampered(new="\ud800"), old)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("provisions", 1, "after", "text"), "1. Licence\nHalcyon grants Partner everything.\n"),
        (("provisions", 1, "before", "start"), 3),
        (("provisions", 1, "before", "start"), -1),
        (("provisions", 3, "segments", 3, "text"), "EUR 10"),
        (("provisions", 3, "segments", 2, "new_end"), 10**12),
        (("provisions", 3, "segments", 0, "kind"), "inserted"),
    ],
)
def test_a_record_that_quotes_what_does_not_stand_there_is_refused(
    tmp_path: Path, where: tuple[str | int, ...], value: object
) -> None:
    record = example()
    inner: Any = record
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    for name, content in (
        ("change.json", json.dumps(record)),
        ("old.txt", reading_of(OLD).text),
        ("new.txt", reading_of(NEW).text),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    for text, options in (("old.txt", []), ("new.txt", ["--reverse"])):
        done = CliRunner().invoke(app, ["apply", str(tmp_path / "change.json"), "--to", str(tmp_path / text), *options])
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert re.search(
            r"damaged: in '.*' it quotes '.*' at character -?\d+ of its (old|new) text, where", done.stderr
        )


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"edits": None}, "found something else: input should be a valid tuple."),
        ({"edits": [{"old_start": "x"}]}, "found something else: 0.old_start: Input should be a valid integer"),
        ({"edits": [], "old": {}}, "it doesn't say which text is its old one"),
        ({"provisions": 3}, "Expected the provisions of a change record, found something else"),
    ],
)
def test_what_is_wrong_with_a_record_is_one_sentence(broken: dict[str, object], said: str) -> None:
    old = reading_of(OLD).text
    with pytest.raises(BadInput) as wrong:
        check_quotes({**example(), **broken}, old, apply({**example(), **broken}, old))
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_the_command_that_is_proposed_is_harmless_whoever_wrote_the_record() -> None:
    with pytest.raises(BadInput, match=r"names as 'old': monitor show halcyon/connector-terms --version 1 "):
        apply(example(), "another text")
    hostile = {**example(), "document": {"platform": "$(reboot)", "id": "; reboot"}}
    with pytest.raises(BadInput, match=r"monitor show '\$\(reboot\)/; reboot' --version 1 --reading \w+ --text"):
        apply(hostile, "another text")


def test_a_line_break_too_many_is_named() -> None:
    with pytest.raises(BadInput, match=r"It has 190 characters, 1 more than expected, a line break at its end\."):
        apply(example(), reading_of(OLD).text + "\n")


def test_a_record_of_another_schema_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadInput, match="Upgrade terms-monitor if the record is newer"):
        apply({**example(), "schema_version": 2}, reading_of(OLD).text)
    with pytest.raises(BadInput, match="Expected the edits of a change record"):
        apply({**example(), "edits": [{"old": 1}]}, reading_of(OLD).text)


def test_anybody_can_apply_a_record_to_a_file_and_back(tmp_path: Path) -> None:
    old, new = (reading_of(text).text.encode() for text in (OLD, NEW))
    for name, content in {
        "change.json": json.dumps(example()).encode(),
        "call.json": json.dumps({"type": "terms.changed", "data": example()}).encode(),
        "old.txt": old,
        "new.txt": new,
        "other.txt": old.replace(b"\n", b"\r\n"),
        "page.txt": "Gebühren".encode("latin-1"),
    }.items():
        (tmp_path / name).write_bytes(content)

    def applied(record: str, text: str, *options: str) -> tuple[int, bytes]:
        arguments = ["apply", str(tmp_path / record), "--to", str(tmp_path / text), *options]
        done = CliRunner().invoke(app, arguments)
        return done.exit_code, done.stdout_bytes or done.stderr_bytes

    assert applied("change.json", "old.txt") == (0, new)
    assert applied("call.json", "new.txt", "--reverse") == (0, old)
    code, said = applied("change.json", "other.txt")
    assert (code, said.count(b"\n")) == (1, 1)
    assert b"about another text" in said
    for record, text, complaint in (
        ("old.txt", "old.txt", b"is no change record"),
        ("change.json", "page.txt", b"isn't UTF-8"),
        ("none.json", "old.txt", b"can't be read"),
    ):
        code, said = applied(record, text)
        assert (code, complaint in said) == (2, True)


ALPHABET = st.sampled_from(
    ["Fees", "are", "1.5 %", "not", ".", "\n", " ", "規約", "é", "e\u0301", "\u00a0", "😀", "\0", "\r\n", "\u2028", "|"]
)
TEXTS = st.lists(ALPHABET, max_size=40).map("".join) | st.text(max_size=40)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_edits_make_either_text_of_the_other(old: str, new: str) -> None:
    forward = backward = ""
    at_old = at_new = 0
    for edit in edits(old, new):
        assert old[edit.old_start : edit.old_end] == edit.old
        assert new[edit.new_start : edit.new_end] == edit.new
        assert edit.old != edit.new
        forward += old[at_old : edit.old_start] + edit.new
        backward += new[at_new : edit.new_start] + edit.old
        at_old, at_new = edit.old_end, edit.new_end
    assert (forward + old[at_old:], backward + new[at_new:]) == (new, old)


def test_texts_that_have_nothing_in_common_are_one_edit_however_long() -> None:
    old, new = "規約" * 250_000, "fees are due. " * 40_000
    assert [(edit.old, edit.new) for edit in edits(old, new)] == [(old, new)]
