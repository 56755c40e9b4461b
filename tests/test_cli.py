"""The command line: facts for people and programs, one clear sentence for what can't be, never a traceback."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from typer.testing import CliRunner

from monitor.cli.root import COMMANDS, app, load
from monitor.demo.site import PAGES, Face, render
from monitor.demo.stage import Stage
from tests.due import wait_until_due
from tests.terminal import on_a_terminal

CONNECTOR_TERMS = "aurelle/connector-terms"
BLIND = "cindermarket/terms"
HEAVY = {"bs4", "lxml", "selectolax", "httpx", "jinja2", "apscheduler", "alembic", "monitor.daemon"}


def monitor(*arguments: str, config: Path | None = None) -> Result:
    """What the command prints and ends with. An exception that isn't an exit is a defect and raised."""
    given = ["--config", str(config)] if config else []
    result = CliRunner().invoke(app, [*given, *arguments], catch_exceptions=False)
    logging.getLogger().handlers.clear()  # `run` logs to the standard error that the runner has taken away again
    assert "Traceback" not in result.output
    return result


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An archive in which one document has two versions, of which was told, and another can't be seen."""
    with Stage(tmp_path_factory.mktemp("watched")) as stage:
        first = monitor("check", config=stage.config)
        assert first.exit_code == 0, first.output
        stage.site.show(CONNECTOR_TERMS, Face.EDITED)
        stage.site.show(BLIND, Face.CHALLENGE)
        second = monitor("check", config=stage.config)
        assert second.exit_code == 1, second.output
        assert "not seen  this can't be the terms (challenge)" in second.output
        monitor("run", "--once", config=stage.config)  # tells of the change
        yield stage


# ── Before anything runs ─────────────────────────────────────────────────────────────────────────────────────────


def test_help_shows_every_command_with_what_it_is_for_and_the_exit_codes() -> None:
    help_ = monitor("--help").output
    for word in (
        "run",
        "check",
        "list",
        "history",
        "show",
        "diff",
        "explain",
        "compare",
        "apply",
        "suggest",
        "deliveries",
        "init",
        "doctor",
        "demo",
    ):
        assert f"│ {word} " in help_
    assert "the database can't be used" in help_
    assert "terms-monitor 0." in monitor("--version").output


def test_the_overview_says_of_each_command_what_the_command_says_of_itself() -> None:
    for entry in COMMANDS:
        assert load(entry.name).help.splitlines()[0] == entry.help


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--version"], {*HEAVY, "sqlalchemy", "pydantic", "rich"}),
        (["--help"], {*HEAVY, "sqlalchemy", "pydantic"}),
        (["list"], HEAVY),
        (["history", CONNECTOR_TERMS], HEAVY),
        (["history", CONNECTOR_TERMS, "--provision", "1"], HEAVY),
        (["accepted"], HEAVY),
        (["diff", CONNECTOR_TERMS], HEAVY),
        (["doctor", "--health"], HEAVY),
    ],
)
def test_a_command_imports_only_what_it_needs(watched: Stage, arguments: list[str], spared: set[str]) -> None:
    program = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    program += "from monitor.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"TERMS_MONITOR_CONFIG": str(watched.config)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert not spared & set(ran.stderr.split())


@pytest.mark.parametrize(("typed", "offered"), [("monitor di", "diff"), ("monitor deliveries --st", "--state")])
def test_the_shell_completes_commands_and_their_options(typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_MONITOR_COMPLETE": "complete_bash"}
    ran = subprocess.run(
        [Path(sys.executable).with_name("monitor")], env=os.environ | words, capture_output=True, text=True
    )
    assert ran.stdout.split() == [offered], ran.stderr


def test_an_initial_configuration_can_be_used_and_is_not_written_over(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    assert monitor("init", config=config).exit_code == 0
    validated = monitor("validate", config=config)
    assert validated.exit_code == 0, validated.output
    again = monitor("init", config=config)
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert monitor("init", "--force", config=config).exit_code == 0
    nowhere = monitor("init", config=tmp_path / "no" / "such.toml")
    assert nowhere.exit_code == 2
    assert "can't be written: no such file or directory" in nowhere.stderr


def test_the_schema_is_one_and_accepts_what_init_writes() -> None:
    schema = json.loads(monitor("schema").output)
    jsonschema.validators.validator_for(schema).check_schema(schema)


def test_all_problems_of_a_configuration_are_shown_at_once(tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(
        '[schedul]\nevery = "6h"\n\n[[platforms]]\nname = "A"\n[[platforms.documents]]\nurl = "ftp://x"\n'
    )
    result = monitor("validate", config=config)
    assert result.exit_code == 2
    assert 'Did you mean "schedule"?' in result.stderr
    assert "ftp://x" in result.stderr
    as_json = monitor("validate", "--json", config=config)
    facts = json.loads(as_json.stdout)
    assert (as_json.exit_code, facts["valid"], len(facts["problems"]) >= 3) == (2, False, True)


@pytest.mark.parametrize("command", ["run", "list", "validate", "doctor", "check"])
def test_a_missing_configuration_is_one_sentence(tmp_path: Path, command: str) -> None:
    result = monitor(command, config=tmp_path / "none.toml")
    assert result.exit_code in (1, 2)
    assert '"monitor init" writes one' in result.output + result.stderr


def test_a_database_that_can_not_be_used_is_one_sentence(tmp_path: Path) -> None:
    config = tmp_path / "terms-monitor.toml"
    config.write_text('[database]\nurl = "sqlite:///archive.db"\n[operator]\naddress = "o@example.org"\n')
    missing = monitor("list", config=config)
    assert missing.exit_code == 3
    assert "There is no database at" in missing.stderr
    assert not (tmp_path / "archive.db").exists()
    (tmp_path / "archive.db").write_text("no database at all, but long enough to look at " * 10)
    broken = monitor("run", "--once", config=config)
    assert broken.exit_code == 3
    assert broken.stderr.count("monitor:") == 1


# ── Checking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_checking_a_document_says_what_came_of_it(watched: Stage) -> None:
    result = monitor("check", "brightloom/terms", config=watched.config)
    assert result.exit_code == 0
    assert result.stdout.startswith("brightloom/terms  verified")
    as_json = json.loads(monitor("check", "brightloom/terms", "--json", config=watched.config).stdout)
    assert as_json["brightloom/terms"]["result"]["sameness"] == "not_modified"


def test_any_url_can_be_looked_at_and_nothing_is_recorded(watched: Stage) -> None:
    url = watched.site.url(PAGES[0])
    before = monitor("list", "--json", config=watched.config).stdout
    result = monitor("check", url, config=watched.config)
    assert result.exit_code == 0
    assert "Connector Terms" in result.stdout
    assert "What a connector is" in result.stdout
    assert json.loads(monitor("check", url, "--json", config=watched.config).stdout)["seen"]["title"]
    challenge = monitor("check", watched.site.url(PAGES[4]), config=watched.config)
    assert challenge.exit_code == 1
    assert "can't be the terms of anything (challenge)" in challenge.stderr
    assert monitor("list", "--json", config=watched.config).stdout == before


def test_a_private_address_is_refused_without_a_configuration_that_allows_it(watched: Stage, tmp_path: Path) -> None:
    result = monitor("check", watched.site.url(PAGES[0]), config=tmp_path / "none.toml")
    assert result.exit_code == 1
    assert "(refused)" in result.stderr
    assert f'write allow_private = ["127.0.0.1"] under [fetch] in {tmp_path / "none.toml"}' in result.stderr


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_where_every_document_stands(watched: Stage) -> None:
    lines = monitor("list", config=watched.config).stdout.splitlines()
    assert len(lines) == 1 + len(PAGES)
    blind = next(line for line in lines if line.startswith(BLIND))
    assert "not seen since" in blind
    facts = json.loads(monitor("list", "--json", config=watched.config).stdout)
    assert {f"{one['ref']['platform']}/{one['ref']['document']}": one["number"] for one in facts}[CONNECTOR_TERMS] == 2


def test_a_history_has_the_versions_and_when_it_was_not_seen(watched: Stage) -> None:
    history = monitor("history", "connector-terms", config=watched.config).stdout
    assert "2 (current)" in history
    assert "high" in history
    blind = monitor("history", BLIND, config=watched.config).stdout
    assert "Not seen from" in blind
    facts = json.loads(monitor("history", BLIND, "--json", config=watched.config).stdout)
    assert {check["kind"] for check in facts["checks"] if check["kind"]} == {"challenge"}


def test_a_version_is_shown_as_it_was_read_with_its_evidence(watched: Stage) -> None:
    first = monitor("show", CONNECTOR_TERMS, "--version", "1", config=watched.config).stdout
    assert "for 30 days" in first
    assert "sha256 " in first
    assert "for 90 days" in monitor("show", CONNECTOR_TERMS, config=watched.config).stdout
    none = monitor("show", CONNECTOR_TERMS, "--version", "9", config=watched.config)
    assert (none.exit_code, none.stderr.count("\n")) == (2, 1)
    assert "no version 9" in none.stderr


def test_a_diff_is_a_redline_and_its_json_a_change_record(watched: Stage) -> None:
    shown = monitor("diff", CONNECTOR_TERMS, config=watched.config).stdout
    assert "[-30-]{+90+} days" in shown
    diff = ["--config", str(watched.config), "diff", CONNECTOR_TERMS]
    coloured = CliRunner().invoke(app, diff, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}, color=True).stdout
    assert "\x1b[31;9m30\x1b[0m" in coloured or "\x1b[9;31m30\x1b[0m" in coloured
    plain = CliRunner().invoke(app, diff, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}, color=True).stdout
    assert "[-30-]" in plain
    backwards = monitor("diff", CONNECTOR_TERMS, "--from", "2", "--to", "1", config=watched.config).stdout
    assert "[-90-]{+30+} days" in backwards
    record = json.loads(monitor("diff", CONNECTOR_TERMS, "--json", config=watched.config).stdout)
    schema = json.loads((Path(__file__).parent.parent / "docs" / "schemas" / "change-1.json").read_text())
    jsonschema.validate(record, schema)
    only_one = monitor("diff", "brightloom/terms", config=watched.config)
    assert only_one.exit_code == 2
    assert "no earlier version" in only_one.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("conector-terms", "Did you mean aurelle/connector-terms?"),
        ("terms", "brightloom/terms or cindermarket/terms"),
        ("aurelle", "aurelle/connector-terms or aurelle/privacy"),
        ("zzz", 'See "monitor list".'),
    ],
)
def test_an_unknown_document_is_answered_with_the_nearest(watched: Stage, words: str, said: str) -> None:
    for command in ("history", "show", "diff", "check"):
        result = monitor(command, words, config=watched.config)
        assert result.exit_code == 2
        assert said in result.stderr


def test_messages_are_listed_and_shown_as_they_were_sent(watched: Stage) -> None:
    wait_until_due(watched.config)
    assert monitor("run", "--once", config=watched.config).exit_code == 1  # a page can't be seen
    listed = json.loads(monitor("deliveries", "--json", config=watched.config).stdout)
    alert = next(one for one in listed if one["kind"] == "alert" and one["channel_kind"] == "email")
    assert alert["state"] == "sent"
    assert CONNECTOR_TERMS in monitor("deliveries", config=watched.config).stdout
    one = monitor("deliveries", alert["id"][:12], config=watched.config).stdout
    assert "Subject: Aurelle AI" in one
    assert monitor("deliveries", "--state", "parked", config=watched.config).stdout == ""
    none = monitor("deliveries", "nosuch", config=watched.config)
    assert none.exit_code == 2
    assert "found none" in none.stderr


def test_a_single_run_speaks_to_people_in_words_and_to_cron_in_log_lines(watched: Stage) -> None:
    wait_until_due(watched.config)
    code, shown = on_a_terminal("run", "--once", config=watched.config)
    assert code == 1
    assert re.search(r"^\d+ documents checked, \d not seen; ", shown, re.MULTILINE)  # on a slow machine some twice
    assert "brightloom/terms  verified" in shown
    assert " INFO " not in shown
    wait_until_due(watched.config)
    command = [sys.executable, "-m", "monitor", "--config", str(watched.config), "run", "--once"]
    cron = subprocess.run(command, capture_output=True, text=True)
    assert (cron.returncode, cron.stdout) == (1, "")
    assert re.search(r" INFO  done checked=\d+ unseen=\d ", cron.stderr)


@pytest.mark.parametrize("command", ["list", "deliveries"])
def test_a_table_keeps_names_whole_on_a_narrow_terminal(watched: Stage, command: str) -> None:
    code, shown = on_a_terminal(command, config=watched.config)
    assert code == 0
    assert CONNECTOR_TERMS in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert BLIND not in shown or f"{BLIND}  " in shown


def test_what_stands_in_red_and_green_can_be_told_apart_without_strokes(watched: Stage) -> None:
    _, shown = on_a_terminal("diff", CONNECTOR_TERMS, config=watched.config)
    assert "for 30 90 days" in shown
    assert not any(line.endswith("  ") for line in shown.splitlines())


# ── Two files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_files_are_compared_without_configuration_or_database(tmp_path: Path) -> None:
    old, new = tmp_path / "old.html", tmp_path / "new.html"
    old.write_bytes(render(PAGES[0], Face.FIRST, 1, date(2026, 4, 1)))
    new.write_bytes(render(PAGES[0], Face.EDITED, 2, date(2026, 4, 1)))
    assert "[-30-]{+90+} days" in monitor("compare", str(old), str(new)).stdout
    assert "The words are the same." in monitor("compare", str(old), str(old)).stdout
    facts = json.loads(monitor("compare", str(old), str(new), "--json").stdout)
    assert (facts["schema"], facts["difference"]) == ("terms-monitor/change", "change")
    (tmp_path / "empty.html").write_text("")
    for bad, said in (("empty.html", "can't be read as terms"), ("none.html", "no such file"), (".", "is a directory")):
        result = monitor("compare", str(old), str(tmp_path / bad))
        assert result.exit_code == 2
        assert said in result.stderr


# ── The doctor ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_doctor_finds_all_well_where_all_is_well(watched: Stage) -> None:
    result = monitor("doctor", config=watched.config)
    assert result.exit_code == 0, result.output
    for about in ("configuration", "database", "clock", "work", "mail server", "pages", "webhooks"):
        assert f"ok   {about}: " in result.stdout
    assert monitor("doctor", "--health", config=watched.config).stdout.startswith("ok   work")


def test_the_doctor_names_what_can_not_be_seen_and_what_was_given_up(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        assert monitor("check", config=stage.config).exit_code == 0
        stage.mailbox.close()
        stage.site.show(CONNECTOR_TERMS, Face.EDITED)
        stage.site.show(BLIND, Face.CHALLENGE)
        wait_until_due(stage.config)
        assert monitor("run", "--once", config=stage.config).exit_code == 1
        with closing(sqlite3.connect(tmp_path / "archive.db")) as archive, archive:  # as after three days
            archive.execute("UPDATE delivery SET state = 'parked', settled_at = sealed_at WHERE last_error <> ''")
        told = monitor("doctor", config=stage.config).stdout
    assert f"warn documents: {BLIND} can't be seen since " in told
    assert "warn messages: 1 delivery given up, the newest because: The mail server 127.0.0.1:" in told
    assert 'See "monitor deliveries --state parked".' in told


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    config = tmp_path / "terms-monitor.toml"
    config.write_text(f"""
[email]
host = "127.0.0.1"
port = {port}
security = "none"
from = "m@example.org"
[operator]
address = "o@example.org"
[[platforms]]
name = "A"
documents = [{{ name = "T", url = "https://no-such-host.invalid/terms" }}]
""")
    result = monitor("doctor", config=config)
    assert result.exit_code == 1
    assert "warn database: there is none at" in result.stdout
    assert "fail mail server: The mail server 127.0.0.1" in result.stdout
    assert "fail pages: the name no-such-host.invalid has no address" in result.stdout
    facts = json.loads(monitor("doctor", "--json", config=config).stdout)
    assert all(one["mend"] for one in facts if one["verdict"] == "fail")
    assert monitor("doctor", "--health", config=config).exit_code == 3
