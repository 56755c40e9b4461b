"""The expected errors, drawn as a tree. A message says what was expected, what was found and how to mend it.

MonitorError
├── ConfigError          the configuration can't be used; carries every problem found
├── NotFound             a document, version or delivery that was asked for isn't in the archive
├── BadInput             an argument or file that can't be used
├── StoreError           the database can't be used
│   ├── SchemaMismatch   it is newer than this program, half-migrated or not ours
│   └── StoreUnavailable it can't be opened, reached or written
├── NotifyError          a message couldn't be handed over; permanent or worth another try
├── PoolError            a reading that ran out of time or memory, or took its process with it
└── PoolClosed           the program is stopping: nothing may be concluded from a reading that didn't finish

What happens while a page is fetched or read is not an error but a value: see Failure and Unreadable in model.py.
"""

from __future__ import annotations

from dataclasses import dataclass


class MonitorError(Exception):
    """Something expected went wrong; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a configuration file."""

    key: str
    expected: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.key}: expected {self.expected}, found {self.found}.{mend}"


class ConfigError(MonitorError):
    """The configuration can't be used; `problems` has every reason, in the order of the file."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


class NotFound(MonitorError):
    """What was asked for isn't in the archive."""


class BadInput(MonitorError):
    """An argument or a file that can't be used."""


class StoreError(MonitorError):
    """The database can't be used."""


class SchemaMismatch(StoreError):
    """The database is newer than this program, half-migrated or not one of ours."""


class StoreUnavailable(StoreError):
    """The database can't be opened, reached or written."""


class NotifyError(MonitorError):
    """A message couldn't be handed over. A permanent failure is parked, any other is tried again."""

    def __init__(self, message: str, *, permanent: bool, retry_after_s: float | None = None) -> None:
        self.permanent = permanent
        self.retry_after_s = retry_after_s
        super().__init__(message)


class PoolError(MonitorError):
    """A computation ran out of time or memory, or ended its process."""


class PoolClosed(MonitorError):
    """The program is stopping. Not a PoolError: a reading that was cut off says nothing about its page."""
