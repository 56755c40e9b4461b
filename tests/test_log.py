"""The log: one line for one thing that happened, whatever its values hold."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from monitor.log import VALUE_LENGTH_MAX, set_up

log = logging.getLogger("monitor.test")
NOW = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Puts back what set_up replaces, because pytest logs too."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # so that they are not closed
    yield
    root.handlers, root.level = handlers, level


def written(message: str, json_lines: bool = False, **fields: object) -> str:
    """What one record of INFO comes to."""
    stream = io.StringIO()
    set_up("info", json_lines, stream)
    log.handle(_record(message, fields))
    return stream.getvalue()


def _record(message: str, fields: dict[str, object]) -> logging.LogRecord:
    record = log.makeRecord(log.name, logging.INFO, __file__, 1, message, (), None, extra=fields)
    record.created = NOW.timestamp()
    return record


def test_a_line_has_time_level_message_and_fields() -> None:
    assert written("checked", document="mistral-ai/terms", result="unchanged", looks=3) == (
        "2026-04-01T06:00:00Z INFO  checked document=mistral-ai/terms result=unchanged looks=3\n"
    )


def test_a_json_line_has_the_same_with_types() -> None:
    due = datetime(2026, 4, 1, 8, 30, tzinfo=timezone(timedelta(hours=2)))

    assert json.loads(
        written("checked", json_lines=True, due=due, looks=3, good=True, ratio=float("nan"), none=None)
    ) == {
        "at": "2026-04-01T06:00:00Z",
        "level": "info",
        "logger": "monitor.test",
        "message": "checked",
        "due": "2026-04-01T06:30:00Z",
        "looks": 3,
        "good": True,
        "ratio": "nan",
        "none": None,
    }


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("a b", '"a b"'),
        ("", '""'),
        ('say "no"', r'"say \"no\""'),
        ("a=b", '"a=b"'),
        ("grün", "grün"),
        ("a\nlevel=info b", r'"a\nlevel=info b"'),
        ("\x1b[31m", r'"\u001b[31m"'),
        ("\u202eback", r'"\u202eback"'),
    ],
    ids=["space", "nothing", "quote", "equals", "letter", "newline", "terminal code", "direction"],
)
def test_a_value_that_is_not_one_plain_word_is_quoted(value: str, quoted: str) -> None:
    assert written("checked", reason=value) == f"2026-04-01T06:00:00Z INFO  checked reason={quoted}\n"


@given(message=st.text(), value=st.text())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_value_holds_it_is_one_line(message: str, value: str) -> None:
    text = written(message.replace("%", "%%"), reason=value)
    line = written(message.replace("%", "%%"), json_lines=True, reason=value)

    assert len(text.splitlines()) == len(line.splitlines()) == 1
    assert text.rstrip("\n").isprintable()
    assert json.loads(line)["reason"] == value


def test_a_long_value_is_cut() -> None:
    assert len(written("checked", reason="a" * 100_000)) < VALUE_LENGTH_MAX + 100


def test_a_traceback_is_indented_under_its_line_and_inside_the_json() -> None:
    for json_lines in (False, True):
        stream = io.StringIO()
        set_up("info", json_lines, stream)
        try:
            raise ValueError("first\n2026-04-01T06:00:00Z INFO  forged")
        except ValueError:
            log.exception("crashed")
        lines = stream.getvalue().splitlines()
        if json_lines:
            assert "forged" in json.loads(lines[0])["traceback"]
            assert len(lines) == 1
        else:
            assert " ERROR crashed" in lines[0]
            assert len(lines) > 3
            assert all(line.startswith("    ") for line in lines[1:])


def test_only_what_is_important_enough_is_written() -> None:
    stream = io.StringIO()
    set_up("warning", False, stream)
    log.info("checked")
    log.warning("lost")
    assert stream.getvalue().split()[1:] == ["WARN", "lost"]


def test_libraries_that_write_for_each_request_are_quiet_below_warnings() -> None:
    stream = io.StringIO()
    set_up("debug", False, stream)
    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("apscheduler.executors").warning("missed")
    assert stream.getvalue().split()[1:] == ["WARN", "missed"]


def test_setting_up_again_replaces_what_was_there() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up("info", False, first)
    set_up("info", True, second)
    log.info("checked")
    assert first.getvalue() == ""
    assert json.loads(second.getvalue())["message"] == "checked"
