"""How the command line speaks: facts to standard output, as tables for people or JSON for programs; all else to
standard error. Colour and progress only on a terminal, and no colour where NO_COLOR is set (Rich sees to both).

What a page says stays text: signs that a terminal would obey are shown by their numbers, whatever is printed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from monitor.core.errors import BadInput
from monitor.core.render.words import ACTING, clean

WIDTH_MIN = 8  # of a line, also where a terminal says that it has no room at all
WIDTH_PIPED = 120
WIDTH_OF_ALL = 110  # where a table has room for every column
WIDTH_OF_LINES = 10_000  # a row of a table that isn't on a terminal is one line, for grep

Json = Annotated[bool, typer.Option("--json", help="Facts as JSON.")]


class SafeConsole(Console):
    """A console that no text can speak to: what a terminal would obey is shown as what it is, however it got here."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(highlight=False, **settings)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of anything that is printed; whatever it is made of comes through here."""
        return super().render(_cleaned(renderable) if isinstance(renderable, Text) else renderable, options)

    def render_str(self, text: str, **settings: Any) -> Text:
        """The text of a string."""
        return super().render_str(clean(text), **settings)


def _cleaned(text: Text) -> Text:
    signs = list(ACTING.finditer(text.plain))
    if not signs:
        return text
    shown = text.blank_copy()
    for piece in text.divide(sorted({at for sign in signs for at in sign.span()})):
        shown.append_text(Text(clean(piece.plain), "dim") if ACTING.match(piece.plain) else piece)
    return shown


def console() -> Console:
    """Standard output for people."""
    out = SafeConsole()
    return out if out.is_terminal else SafeConsole(width=max(out.width, WIDTH_PIPED))


def complain(sentence: str) -> None:
    """One clear sentence on standard error."""
    errors().print(Text.assemble(("monitor: ", "bold red"), sentence))


def remark(sentence: str) -> None:
    """Something worth knowing that isn't a fact asked for, on standard error."""
    errors().print(Text(sentence, "dim"))


def errors() -> Console:
    """Standard error for people."""
    return SafeConsole(stderr=True, soft_wrap=True)


def print_json(value: object) -> None:
    """A value of ours (dataclasses, enums, times) as JSON on standard output."""
    print_exactly(as_json_text(plain_json(value)))


def print_exactly(text: str) -> None:
    """A text on standard output to the letter, and in UTF-8 whatever the locale; not where a terminal would obey it."""
    if not sys.stdout or sys.stdout.isatty():  # where it was closed there is none, and nothing is printed
        typer.echo(clean(text), nl=False)
        return
    out = typer.get_binary_stream("stdout")
    out.write(text.encode(errors="replace"))
    out.flush()


def plain_json(value: object) -> object:
    """A value of ours as plain JSON values."""
    from monitor.core import canonical

    return json.loads(canonical.dump(value))


def as_json_text(value: object) -> str:
    """A value that is JSON already, as text. What a terminal would obey is escaped, which means the same."""
    return ACTING.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _escape(sign: re.Match[str]) -> str:
    return json.dumps(sign[0])[1:-1]


def write_file(path: Path, text: str) -> None:
    """Writes a text for whoever asked for it. Raises BadInput where it can't be written."""
    try:
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise BadInput(f"{path} can't be written: {(error.strerror or 'an error').lower()}.") from None


def print_hanging(out: Console, text: Text, indent: str = "  ") -> None:
    """A text whose further lines are indented; on one line where nobody watches, for grep."""
    if not out.is_terminal:
        out.print(text, soft_wrap=True)
        return
    first, *others = text.wrap(out, max(WIDTH_MIN, out.width - len(indent))) or [text]
    out.print(first)
    for line in others:
        out.print(Text.assemble(indent, line))


def is_wide() -> bool:
    """Whether there is room for more than the columns that matter most."""
    return console().width >= WIDTH_OF_ALL


def print_table(made: Table) -> None:
    """A table on standard output."""
    out = console()
    if out.is_terminal:
        out.print(made)
        return
    lines = SafeConsole(width=WIDTH_OF_LINES)
    with lines.capture() as captured:
        lines.print(made)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def table(*columns: str, whole: Collection[str] = ()) -> Table:
    """An empty table with these columns, in the one style of all tables; those in `whole` are kept on one line."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in whole)
    return made


def moment(value: datetime | None) -> str:
    """A time as people read it, in UTC; a dash for none."""
    return value.strftime("%Y-%m-%d %H:%M") if value else "–"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


@contextmanager
def progress(out: Console, description: str, total: int) -> Iterator[Progress]:
    """A progress bar under what `out` prints, or on standard error where only that is a terminal; else nothing.

    Its only task has the id 0.
    """
    where = out if out.is_terminal else SafeConsole(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=where, transient=True, disable=not where.is_terminal) as bar:
        bar.add_task(description, total=total)
        yield bar
