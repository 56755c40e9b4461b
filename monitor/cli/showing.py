"""In which format a change is shown, and where it is written to: what `monitor diff` and `monitor compare` share."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from monitor.cli.output import WIDTH_PIPED, SafeConsole, as_json_text, console, print_exactly, remark, write_file
from monitor.core.errors import BadInput
from monitor.core.render.sheet import Sheet


class Format(StrEnum):
    TERMINAL = "terminal"
    HTML = "html"
    SIDE_BY_SIDE = "side-by-side"
    MARKDOWN = "markdown"
    UNIFIED = "unified"
    JSON = "json"


AsFormat = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        case_sensitive=False,
        help="terminal; a page to read and print: html or side-by-side; markdown; unified, a patch; json.",
        show_choices=False,
        metavar="FORMAT",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file, not to standard output.")
]
Whole = Annotated[bool, typer.Option("--whole", help="Don't fold what is unchanged.")]


def chosen(wanted: Format | None, *, as_json: bool) -> Format:
    """The format that is meant. Raises BadInput where two are."""
    if as_json and wanted not in (None, Format.JSON):
        raise BadInput(f"--json and --format {wanted} ask for two formats: leave one of them away.")
    return Format.JSON if as_json else wanted or Format.TERMINAL


def show(
    form: Format,
    output: Path | None,
    sheet: Callable[[], Sheet],
    *,
    whole: bool,
    facts: Callable[[], object],
    speak: Callable[[Console], None],
) -> None:
    """Show a change: `speak` prints it for a terminal, `facts` is its JSON, all else is made of `sheet`."""
    if form is Format.TERMINAL and output is None:
        speak(console())
        return
    if form is Format.TERMINAL:
        text = _spoken(speak)
    elif form is Format.JSON:
        text = as_json_text(facts())
    else:
        text = _rendered(form, sheet(), whole=whole)
    if output is not None:
        write_file(output, text)
        remark(f"Wrote {output}.")
        return
    print_exactly(text)


def _spoken(speak: Callable[[Console], None]) -> str:
    out = SafeConsole(width=WIDTH_PIPED, no_color=True, force_terminal=False)
    with out.capture() as captured:
        speak(out)
    return captured.get()


def _rendered(form: Format, sheet: Sheet, *, whole: bool) -> str:
    """Made by what only these formats need: a terminal doesn't wait for templates."""
    if form is Format.MARKDOWN:
        from monitor.core.render.markdown import markdown

        return markdown(sheet, unfolded=whole)
    if form is Format.UNIFIED:
        from monitor.core.render.unified import unified

        return unified(sheet, unfolded=whole)
    from monitor.core.render.page import Layout, page

    layout = Layout.SIDE_BY_SIDE if form is Format.SIDE_BY_SIDE else Layout.INLINE
    return page(sheet, layout, unfolded=whole)
