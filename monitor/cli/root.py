"""The root of the command line: options for every command, and what errors become.

Exit codes: 0 all is well; 1 something asked about isn't; 2 the command or the configuration can't be used; 3 the
database can't be used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitor import __version__
from monitor.cli import demo, doctor, look, run, setup, told
from monitor.cli.output import Invocation, complain
from monitor.core.errors import MonitorError, StoreError

OK, PROBLEMS, USAGE, DATABASE = 0, 1, 2, 3

HELP = """
Watch the terms of online platforms and tell which provision changed.

[bold]First steps[/bold]

  monitor demo                              see it work, without internet
  monitor check https://example.org/terms   what would be read of a page
  monitor init                              write a configuration file
  monitor validate && monitor doctor        is it right, does it all work
  monitor run                               watch

[bold]Exit codes[/bold]

  0  all is well
  1  something asked about isn't: a page, a message, a check of doctor
  2  the command or the configuration can't be used
  3  the database can't be used
"""


class Sentences(TyperGroup):
    """Turns expected errors into their sentence on standard error and an exit code. Defects keep their traceback."""

    def invoke(self, ctx: Any) -> Any:
        """The command's result. Ends the process with the error's exit code where there was one."""
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            complain(str(error))
            raise typer.Exit(_exit_code(error)) from None


def _exit_code(error: MonitorError) -> int:
    if isinstance(error, StoreError):
        return DATABASE
    return USAGE


app = typer.Typer(
    name="monitor",
    cls=Sentences,
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


for group in (run, look, told, setup, doctor, demo):
    group.register(app)
