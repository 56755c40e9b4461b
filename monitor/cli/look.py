"""`monitor list`, `history`, `show`, `diff`: what the archive knows."""

from __future__ import annotations

import typer

from monitor.cli.compare import compare

PANEL = "Look"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(rich_help_panel=PANEL)(compare)
