"""The command `monitor`. One file per group of commands; expected errors become one sentence and an exit code."""

import sys
from io import TextIOWrapper


def main() -> None:
    """The way in from the shell.

    The commands are imported here and not above: each worker process imports the main module again and needs none.
    """
    from monitor.cli.root import app

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a locale without some sign is no reason to end
    app()
