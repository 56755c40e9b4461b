"""`monitor compare`: the redline of two files, without a database or a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.files import capture_of, document_of
from monitor.cli.output import Json, console, print_json
from monitor.cli.redlining import TERMINAL, WHOLE, show_redline
from monitor.core.assessing.evidence import edits
from monitor.core.assessing.tally import tally
from monitor.core.compare import compare as compare_readings
from monitor.core.errors import BadInput
from monitor.core.model import Difference, Reading, Unreadable
from monitor.core.read import read
from monitor.core.redline import redline
from monitor.core.sameness import difference

SAME = {
    Difference.NONE: "The words are the same.",
    Difference.MARKUP: "The words are the same; only the markup differs.",
}


def compare(
    old: Annotated[Path, typer.Argument(help="The earlier text: an HTML, text or Markdown file.")],
    new: Annotated[Path, typer.Argument(help="The later text.")],
    whole: Annotated[bool, typer.Option("--whole", help="Don't fold what is unchanged.")] = False,
    as_json: Json = False,
) -> None:
    """The redline of two files, without a database.

    Example: monitor compare terms-march.html terms-july.html
    """
    before, after = read_file(old), read_file(new)
    same = difference(before, after)
    comparison = compare_readings(before, after)
    shown = redline(comparison, before, after, WHOLE if whole or as_json else TERMINAL)
    if as_json:
        print_json({"old": str(old), "new": str(new), "comparison": comparison, "passages": shown.passages})
        return
    out = console()
    if same in SAME:
        out.print(SAME[same])
        return
    kind = comparison.difference.value.replace("_", " ")
    counted = tally(comparison, edits(before, after, comparison)).everything or "No provision changed"
    words = f"+{comparison.words_added} −{comparison.words_removed} words"
    out.print(f"{counted} ({kind}), {words}\n", style="bold")
    show_redline(out, shown)


def read_file(path: Path) -> Reading:
    """The reading of a file. Raises BadInput where there is none or where its text can't be the terms of anything."""
    reading = read(document_of(path), (capture_of(path),), ())
    if isinstance(reading, Unreadable):
        raise BadInput(f"{path} can't be read as terms: {reading.reason}")
    return reading
