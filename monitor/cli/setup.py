"""`monitor init`, `monitor validate`, `monitor schema`: the configuration file before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.invocation import Invocation
from monitor.cli.output import Json, count, print_json, remark
from monitor.config import example, json_schema, load
from monitor.core.errors import BadInput, ConfigError, Problem

Problems = tuple[Problem, ...]


def init(
    ctx: typer.Context,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a commented configuration file.

    Example: monitor --config /etc/terms-monitor.toml init
    """
    path = ctx.ensure_object(Invocation).config
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError:
        raise BadInput(f"{path} is there already: expected a name that is free. --force writes over it.") from None
    except OSError as error:
        raise BadInput(f"{path} can't be written: {(error.strerror or 'an error').lower()}.") from None
    typer.echo(f"Wrote {path}. Fill in what you watch and who is told, then: monitor validate")


def validate(ctx: typer.Context, as_json: Json = False) -> None:
    """Check the configuration file, all problems at once.

    Every secret it names is looked for. Ends with 0 where it can be used and with 2 where it can't.
    """
    path = ctx.ensure_object(Invocation).config
    if as_json:
        _validate_as_json(path)
        return
    settings = load(path, check_secrets=True)
    for warning in settings.warnings:
        remark(f"note: {warning}")
    subscribers = [subscriber for subscriber in settings.subscribers if subscriber.platforms]
    watched = f"{count(len(settings.documents), 'document')} of {count(len(settings.platforms), 'platform')}"
    typer.echo(f"{path} can be used: {watched}, {count(len(subscribers), 'subscriber')}.")


def _validate_as_json(path: Path) -> None:
    problems: Problems = ()
    warnings: tuple[str, ...] = ()
    try:
        warnings = load(path, check_secrets=True).warnings
    except ConfigError as error:
        problems = error.problems
    print_json({"path": str(path), "valid": not problems, "problems": problems, "warnings": warnings})
    if problems:
        raise typer.Exit(2)


def schema() -> None:
    """Print the configuration's JSON Schema, for editors.

    Example: monitor schema > terms-monitor.schema.json
    """
    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
