"""The log: a constant message and typed fields, as lines for people or JSON for programs.

    log.info("checked", extra={"document": ref, "result": "unchanged"})
    2026-04-01T06:00:00Z INFO  checked document=mistral-ai/terms result=unchanged

Whatever a value holds, it can't begin a line of its own: what isn't printable is escaped.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

VALUE_LENGTH_MAX = 2_000
QUIET = ("httpx", "httpcore", "apscheduler", "alembic")  # they write a line for each request or tick

_LEVELS = {logging.WARNING: "WARN", logging.CRITICAL: "FATAL"}  # five letters at most, so that lines align
_STANDARD = logging.makeLogRecord({}).__dict__.keys() | {"message", "asctime", "taskName"}


def set_up(level: str, json_lines: bool = False, stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error by default) from `level` on, in place of what was set up before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else TextLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


class TextLines(logging.Formatter):
    """One line for each record, and the lines of a traceback indented under it."""

    def format(self, record: logging.LogRecord) -> str:
        """The time in UTC, the level, the message and the fields as name=value."""
        level = _LEVELS.get(record.levelno, record.levelname)
        words = [_moment(record), f"{level:<5}", _escaped(record.getMessage())]
        words += [f"{name}={_quoted(value)}" for name, value in _fields(record)]
        return "\n".join([" ".join(words), *(f"    {_escaped(line)}" for line in self._traceback(record))])

    def _traceback(self, record: logging.LogRecord) -> list[str]:
        return self.formatException(record.exc_info).splitlines() if record.exc_info else []


class JsonLines(logging.Formatter):
    """One JSON object on one line for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """An object with at, level, logger, message, the fields, and a traceback where there is one."""
        line: dict[str, object] = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((name, _plain(value)) for name, value in _fields(record) if name not in line)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fields(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, value in record.__dict__.items() if name not in _STANDARD)


def _plain(value: object) -> object:
    """The value as JSON has it: numbers and truth as they are, a time in UTC, anything else as its text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)  # JSON has no infinity
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = str(value)
    return text if len(text) <= VALUE_LENGTH_MAX else text[:VALUE_LENGTH_MAX] + "…"


def _quoted(value: object) -> str:
    """The value as one word: quoted where it has a space, a quote or an equals sign, or is empty."""
    plain = _plain(value)
    text = _escaped(str(plain))
    return text if text and not set(text) & set(' "=\\') else json.dumps(str(plain))


def _escaped(text: str) -> str:
    """The text without anything that isn't printable: line breaks, terminal codes, marks that turn its direction."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
