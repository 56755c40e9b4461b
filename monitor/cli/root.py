"""The root of the command line: options for every command, and what errors become.

Exit codes: 0 all is well; 1 something asked about isn't; 2 the command or the configuration can't be used; 3 the
database can't be used.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from monitor import __version__
from monitor.cli.invocation import Invocation
from monitor.core.errors import MonitorError, StoreError

OK, PROBLEMS, USAGE, DATABASE = 0, 1, 2, 3

# Not a defect wherever it is met: nothing more can be written to where the output goes.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the overview shows it: `help` is the first line of its own, `function` stands in `module`."""

    name: str
    panel: str
    help: str
    module: str
    function: str = ""


COMMANDS = (
    Entry("run", "Watch", "Watch until stopped: check what is due, tell who is to be told.", "run"),
    Entry("check", "Watch", "Check documents now, or see what is read of any URL.", "check"),
    Entry("list", "Look", "Every document: version, last verified, seen or not.", "look", "list_"),
    Entry("history", "Look", "A document's versions, and when it couldn't be seen.", "look"),
    Entry("show", "Look", "The text of a version, with the evidence that bears it.", "look"),
    Entry("diff", "Look", "The redline between two versions of a document.", "diff"),
    Entry("accept", "Look", "Record that a subscriber has read and accepted a version.", "accept"),
    Entry("accepted", "Look", "What subscribers accepted, and what changed since.", "accept"),
    Entry("explain", "Look", "What is read of a page, what is left out, and why.", "explain"),
    Entry("compare", "Look", "The redline of two files, without a database.", "compare"),
    Entry("apply", "Look", "Make the new text of the old one by a change record.", "apply"),
    Entry("deliveries", "Look", "The messages: sent, on their way, or parked with the reason.", "told"),
    Entry("init", "Set up", "Write a commented configuration file.", "setup"),
    Entry("suggest", "Set up", "Propose entries for a page and the legal documents it links.", "suggest"),
    Entry("validate", "Set up", "Check the configuration file, all problems at once.", "setup"),
    Entry("schema", "Set up", "Print the configuration's JSON Schema, for editors.", "setup"),
    Entry("doctor", "Set up", "Does everything work that the configuration needs?", "doctor"),
    Entry("demo", "Set up", "See it work on made-up platforms, without internet.", "demo"),
)

HELP = """
Watch the terms of online platforms and tell which provision changed.

[bold]First steps[/bold]

  monitor demo                              see it work, without internet
  monitor check https://example.org/terms   what would be read of a page
  monitor explain https://example.org/terms what isn't read, and why
  monitor init                              write a configuration file
  monitor suggest https://example.org/terms propose entries for it
  monitor validate && monitor doctor        is it right, does it all work
  monitor run                               watch

[bold]Exit codes[/bold]

  0  all is well
  1  something asked about isn't: a page, a message, a check of doctor
  2  the command or the configuration can't be used
  3  the database can't be used
"""


class Commands(TyperGroup):
    """Imports a command when it is to run (everything together takes a second), and speaks its expected errors.

    Until then an entry stands for it in overviews and completion. Defects keep their traceback.
    """

    def __init__(self, **attributes: Any) -> None:
        entries = {one.name: TyperCommand(one.name, help=one.help, rich_help_panel=one.panel) for one in COMMANDS}
        super().__init__(**(attributes | {"commands": entries}))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the arguments name, with what is left for it."""
        name, entry, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else entry, rest

    def invoke(self, ctx: Any) -> Any:
        """The command's result. Ends the process with the error's exit code where there was one."""
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            from monitor.cli.output import complain

            complain(str(error))
            raise typer.Exit(_exit_code(error)) from None
        except OSError as error:
            if error.errno not in _FULL:
                raise
            from monitor.cli.output import complain

            complain(f"It can't be written: {(error.strerror or 'an error').lower()}.")
            raise typer.Exit(USAGE) from None


def load(name: str) -> Any:
    """The command itself, with its module."""
    entry = next(one for one in COMMANDS if one.name == name)
    function = getattr(import_module(f"monitor.cli.{entry.module}"), entry.function or name)
    alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
    alone.command(name)(function)
    return get_command(alone)


def _exit_code(error: MonitorError) -> int:
    if isinstance(error, StoreError):
        return DATABASE
    return USAGE


app = typer.Typer(
    name="monitor",
    cls=Commands,
    help=HELP,
    rich_markup_mode="rich",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its frames show local variables, and those hold secrets
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"terms-monitor {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="TERMS_MONITOR_CONFIG", help="The configuration file.")
    ] = Path("terms-monitor.toml"),
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    ctx.obj = Invocation(config)
