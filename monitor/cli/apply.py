"""`monitor apply`: the one text of a change record made of the other, without a database or a configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.files import bytes_of
from monitor.cli.output import complain, print_exactly
from monitor.core.applying import apply as applied, check_quotes, unapply
from monitor.core.errors import BadInput

PROBLEM = 1  # something asked about isn't


def apply(
    record: Annotated[Path, typer.Argument(help="A change record, or a webhook call that carries one.")],
    to: Annotated[Path, typer.Option("--to", help="The old version's text, exactly, in UTF-8.")],
    reverse: Annotated[bool, typer.Option("--reverse", help="Make the old text of the new one.")] = False,
) -> None:
    """Make the new text of the old one by a change record.

    The text goes to standard output, exactly. Both texts are checked against the SHA-256 that the record names, and
    what it quotes of each provision against both, so that anybody can verify a record; ends with 1 where something
    differs.

    Example: monitor apply change.json --to march.txt > july.txt
    """
    facts, text = _record(record), _text(to)
    try:
        made = unapply(facts, text) if reverse else applied(facts, text)
        check_quotes(facts, *((made, text) if reverse else (text, made)))
    except BadInput as error:
        complain(str(error))
        raise typer.Exit(PROBLEM) from None
    print_exactly(made)


def _record(path: Path) -> Mapping[str, object]:
    """The change record in a file. Raises BadInput where there is none."""
    try:
        found = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is no change record: expected JSON, found something else ({error}).") from None
    if isinstance(found, dict) and "schema" not in found:
        found = found.get("data")
    if not isinstance(found, dict):
        raise BadInput(f"{path} is no change record: expected an object of schema terms-monitor/change, found none.")
    return found


def _text(path: Path) -> str:
    """The text of a file, to the letter: line ends too. Raises BadInput where it can't be read."""
    try:
        return bytes_of(path).decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} isn't UTF-8: found something else at byte {error.start}.") from None
