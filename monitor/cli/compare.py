"""`monitor compare`: the redline of two files, without a database or a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from monitor.cli.files import capture_of, document_of
from monitor.cli.output import Json
from monitor.cli.redlining import TERMINAL, WHOLE, counted, show_redline
from monitor.cli.showing import AsFormat, Output, Whole, chosen, show
from monitor.core.compare import compare as compare_readings
from monitor.core.errors import BadInput
from monitor.core.model import Reading, Snapshot, Unreadable
from monitor.core.read import read
from monitor.core.record import File, files_record
from monitor.core.redline import redline
from monitor.core.render.sheet import SAME, Sheet, of_files


def compare(
    old: Annotated[Path, typer.Argument(help="The earlier text: an HTML, text or Markdown file.")],
    new: Annotated[Path, typer.Argument(help="The later text.")],
    form: AsFormat = None,
    output: Output = None,
    whole: Whole = False,
    as_json: Json = False,
) -> None:
    """The redline of two files, without a database.

    JSON is a change record (docs/schemas/change-1.json), without what only an archive knows.

    Example: monitor compare terms-march.html terms-july.html --format side-by-side --output terms.html
    """
    wanted = chosen(form, as_json=as_json)
    before, after = _read(old), _read(new)
    comparison = compare_readings(before[0], after[0])
    sheet = of_files((str(old), *before), (str(new), *after), comparison)
    show(
        wanted,
        output,
        lambda: sheet,
        whole=whole,
        facts=lambda: files_record(comparison, _file(old, *before), _file(new, *after)),
        speak=lambda out: _print(out, sheet, whole=whole),
    )


def _file(path: Path, reading: Reading, capture: Snapshot) -> File:
    return File(str(path), capture.body_hash, reading)


def _print(out: Console, sheet: Sheet, *, whole: bool) -> None:
    comparison = sheet.comparison
    if comparison.difference in SAME:
        out.print(SAME[comparison.difference])
        return
    out.print(Text(f"{sheet.section.headline} {counted(comparison)}".rstrip() + "\n", "bold"))
    show_redline(out, redline(comparison, sheet.old.reading, sheet.new.reading, WHOLE if whole else TERMINAL))


def _read(path: Path) -> tuple[Reading, Snapshot]:
    """The reading of a file, and its bytes. Raises BadInput where its text can't be the terms of anything."""
    capture = capture_of(path)
    reading = read(document_of(path), (capture,), ())
    if isinstance(reading, Unreadable):
        raise BadInput(f"{path} can't be read as terms: {reading.reason}")
    return reading, capture
