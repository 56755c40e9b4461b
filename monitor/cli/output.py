"""How the command line speaks: facts to standard output, as tables for people or JSON for programs; all else to
standard error. Colour and progress only on a terminal, and no colour where NO_COLOR is set (Rich sees to both)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

WIDTH_PIPED = 120
WIDTH_OF_LINES = 10_000  # a row of a table that isn't on a terminal is one line, for grep

Json = Annotated[bool, typer.Option("--json", help="Facts as JSON.")]


def console() -> Console:
    """Standard output for people."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=max(out.width, WIDTH_PIPED))


def complain(sentence: str) -> None:
    """One clear sentence on standard error."""
    _err().print(Text.assemble(("monitor: ", "bold red"), sentence))


def remark(sentence: str) -> None:
    """Something worth knowing that isn't a fact asked for, on standard error."""
    _err().print(Text(sentence, "dim"))


def _err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """A value of ours (dataclasses, enums, times) as JSON on standard output."""
    from monitor.core import canonical

    print_plain_json(json.loads(canonical.dump(value)))


def print_plain_json(value: object) -> None:
    """A value that is JSON already, on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(made: Table) -> None:
    """A table on standard output."""
    out = console()
    (out if out.is_terminal else Console(highlight=False, width=WIDTH_OF_LINES)).print(made)


def table(*columns: str) -> Table:
    """An empty table with these columns, in the one style of all tables."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def moment(value: datetime | None) -> str:
    """A time as people read it, in UTC; a dash for none."""
    return value.strftime("%Y-%m-%d %H:%M") if value else "–"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


@contextmanager
def progress(description: str, total: int) -> Iterator[Progress]:
    """A progress bar on a terminal's standard error, nothing elsewhere. Its only task has the id 0."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        bar.add_task(description, total=total)
        yield bar
