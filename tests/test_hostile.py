"""What a hostile page, a careless operator or a script could do to the commands that show a change: nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import IO, TypeAlias

import pytest

from monitor.core import read as module
from monitor.core.model import Plan, Reread
from monitor.store.declare import declare
from monitor.store.engine import Store
from tests.recorded import subscriber
from tests.terminal import on_a_terminal
from tests.test_check import DAILY, MAIN, World
from tests.test_cli import monitor
from tests.test_life import CONFIG, ENDING, FIRST, WATCHED, cut_short, look_at, with_section

Ran: TypeAlias = "subprocess.CompletedProcess[bytes]"

TERMS, ANNA = str(WATCHED.ref), "anna@example.org"
# Sets a terminal's title, clears its screen, turns the direction of what follows; C1 and half a character besides.
SPEAKING = "\x1b]0;owned\x07\x1b[2J\u202eowned\u2066\x9b31m"
HOSTILE = with_section(
    FIRST,
    3,
    (f"Ending {SPEAKING}", f"{ENDING} {SPEAKING}"),
    (f"Copies {SPEAKING}", "All copies are returned to whom they belong, without delay and at no cost."),
)
LAST = with_section(HOSTILE, 8, ("Suspension", "We suspend nothing, whatever you do."))
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> Path:
    """Four versions: the second one says something to the terminal in headings and text, the third one is the first."""
    world = World()
    store = Store.open(sqlite_url, clock=lambda: world.now)
    declare(store, (WATCHED,), (subscriber(ANNA, Plan.PROFESSIONAL, "halcyon"),), DAILY)
    for sections in (FIRST, HOSTILE, FIRST, LAST):
        look_at(store, world, sections)
    store.close()
    path = tmp_path / "terms-monitor.toml"
    path.write_text(CONFIG.format(url=MAIN.url))
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ["history", TERMS],
        ["history", TERMS, "--json"],
        ["history", TERMS, "--provision", "3"],
        ["history", TERMS, "--provision", "owned"],
        ["show", TERMS],
        ["show", TERMS, "--json"],
        ["diff", TERMS],
        ["diff", TERMS, "--json"],
        ["diff", TERMS, "--format", "markdown"],
        ["diff", TERMS, "--format", "side-by-side"],
        ["diff", TERMS, "--accepted-by", SPEAKING],
        ["diff", SPEAKING],
    ],
)
def test_no_page_can_speak_to_a_terminal_through_any_command(config: Path, arguments: list[str]) -> None:
    said = monitor(*arguments, config=config)
    assert "owned" in said.output
    assert OBEYED.search(said.output) is None


def test_json_that_is_harmless_to_a_terminal_means_the_same(config: Path) -> None:
    text = json.loads(monitor("show", TERMS, "--json", config=config).stdout)["reading"]["text"]
    assert SPEAKING in text


@pytest.mark.parametrize("option", [["diff", TERMS, "--from"], ["diff", TERMS, "--to"], ["show", TERMS, "--version"]])
@pytest.mark.parametrize("number", [4, 2**31, 10**30])
def test_a_version_that_no_archive_can_have_is_one_sentence(config: Path, option: list[str], number: int) -> None:
    asked = monitor(*option, str(number), config=config)
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert asked.stderr == f"monitor: {TERMS} has no version {number}: it has 1 to 3.\n"


@pytest.mark.parametrize("columns", [1, 2, 3, 12])
def test_a_terminal_without_room_shows_what_there_is(config: Path, columns: int) -> None:
    for arguments in (["diff", TERMS], ["history", TERMS, "--provision", "3"], ["history", TERMS], ["show", TERMS]):
        code, shown = on_a_terminal(*arguments, config=config, columns=columns)
        assert (code, "Traceback" in shown) == (0, False)


def test_what_was_accepted_is_not_said_to_be_current_where_it_is_not(config: Path) -> None:
    monitor("accept", TERMS, "--for", ANNA, "--version", "2", config=config)
    asked = ("diff", TERMS, "--accepted-by", ANNA)
    same = monitor(*asked, "--to", "2", config=config)
    assert same.stdout == "No change: version 2 is the one that was accepted.\n"
    monitor("accept", TERMS, "--for", ANNA, config=config)
    same = monitor(*asked, config=config).stdout
    assert same.startswith("No change since ")
    assert "version 3, current since" in same


def test_a_text_that_is_back_is_listed_when_it_came_back_and_is_the_latest_change(config: Path, tmp_path: Path) -> None:
    history = monitor("history", TERMS, config=config).stdout
    assert re.findall(r"^\d.*? {2}", history, re.MULTILINE) == ["1  ", "2  ", "1 again  ", "3 (current)  "]
    assert re.search(r"^1 again +2026-\S+ \S+ +from 2 +\w+ +1 provision changed, 1 removed", history, re.MULTILINE)
    facts = json.loads(monitor("history", TERMS, "--json", config=config).stdout)["returns"]
    assert [(one["version"]["number"], one["after"]["number"], one["current"]) for one in facts] == [(1, 2, False)]
    world = World()
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}", clock=lambda: world.now)
    world.now += timedelta(days=90)
    look_at(store, world, FIRST)
    store.close()
    latest = monitor("diff", TERMS, config=config)
    assert "version 3 → 1" in latest.stdout
    assert "Version 1 is current again since" in latest.stderr
    back = world.now.strftime("%Y-%m-%d %H:%M")
    for numbers in ([], ["--from", "3", "--to", "1"]):
        assert f"version 3 → 1, back since {back} UTC" in monitor("diff", TERMS, *numbers, config=config).stdout
        marked = monitor("diff", TERMS, *numbers, "--format", "markdown", config=config).stdout
        assert f"- Seen: {world.now.day} {world.now:%B %Y}, " in marked
    assert "version 1 → 3, seen from" in monitor("diff", TERMS, "--from", "1", "--to", "3", config=config).stdout
    assert "1 again (current)" in monitor("history", TERMS, config=config).stdout


# ── Where the output goes ────────────────────────────────────────────────────────────────────────────────────────


def ran(config: Path, *arguments: str, stdout: int | IO[bytes] = subprocess.PIPE, **environment: str) -> Ran:
    """The command as a process of its own, in whatever locale."""
    command = [sys.executable, "-m", "monitor", "--config", str(config), *arguments]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=os.environ | environment)


def test_a_text_is_printed_to_the_letter_and_a_record_applies_to_it(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # that colours are wanted doesn't mean that nothing is piped
    old, new = (monitor("show", TERMS, "-n", number, "--text", config=config).stdout_bytes for number in "12")
    assert SPEAKING.encode() in new
    for name, content in (
        ("old.txt", old),
        ("change.json", monitor("diff", TERMS, "--to", "2", "--json", config=config).stdout_bytes),
    ):
        (tmp_path / name).write_bytes(content)
    made = monitor("apply", str(tmp_path / "change.json"), "--to", str(tmp_path / "old.txt"))
    assert made.stdout_bytes == new
    (tmp_path / "change.patch").write_bytes(
        monitor("diff", TERMS, "--to", "2", "--format", "unified", config=config).stdout_bytes
    )
    subprocess.run(["patch", "-s", "old.txt", "change.patch"], cwd=tmp_path, check=True)
    assert (tmp_path / "old.txt").read_bytes() == new
    assert "ask for two formats" in monitor("show", TERMS, "--text", "--json", config=config).stderr


def test_a_record_from_before_a_newer_reader_applies_to_the_reading_that_it_names(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    world.now += timedelta(days=90)
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}", clock=lambda: world.now)
    made = module._reading
    monkeypatch.setattr(module, "READER", "newer")
    monkeypatch.setattr(module, "_reading", lambda *args: cut_short(made(*args)))
    assert isinstance(look_at(store, world, LAST), Reread)
    store.close()
    record = tmp_path / "change.json"
    record.write_bytes(monitor("diff", TERMS, "--json", config=config).stdout_bytes)
    text = tmp_path / "new.txt"
    text.write_bytes(monitor("show", TERMS, "--text", config=config).stdout_bytes)
    refused = monitor("apply", str(record), "--to", str(text), "--reverse")
    assert refused.exit_code == 1
    how = re.search(r"monitor (show .* --reading \w+ --text)\.", refused.stderr)
    assert how is not None
    text.write_bytes(monitor(*how[1].split(), config=config).stdout_bytes)
    assert monitor("apply", str(record), "--to", str(text), "--reverse").exit_code == 0
    none = monitor("show", TERMS, "--reading", "f" * 32, config=config)
    assert (none.exit_code, f"has no reading {'f' * 32}: it has" in none.stderr) == (2, True)


@pytest.mark.parametrize("form", ["html", "json", "markdown", "terminal"])
def test_a_locale_that_lacks_a_sign_neither_stops_nor_garbles_what_is_piped(config: Path, form: str) -> None:
    done = ran(config, "diff", TERMS, "--format", form, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (
        "⟨U+202E⟩" if form in ("html", "markdown") else "\\u202e" if form == "json" else "\\u27e8U+202E"
    ).encode() in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("arguments", [["diff", TERMS], ["diff", TERMS, "--json"], ["show", TERMS, "--text"]])
def test_a_full_disk_is_one_sentence(config: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = ran(config, *arguments, stdout=full)
    assert (done.returncode, done.stderr) == (2, b"monitor: It can't be written: no space left on device.\n")


@pytest.mark.parametrize("arguments", [["diff", TERMS], ["diff", TERMS, "--json"], ["show", TERMS, "--text"]])
def test_an_output_that_is_closed_is_no_defect(config: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "monitor", "--config", str(config), *arguments]
    closed = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', *command], stderr=subprocess.PIPE)
    assert (closed.returncode, closed.stderr) == (0, b"")
