"""What every command is given. Imports nothing heavy: the root of the command line needs it for `--version` too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from monitor.config import Settings


@dataclass
class Invocation:
    """Where the configuration is; it is read when it is first needed."""

    config: Path

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises ConfigError with every problem."""
        from monitor.config import load

        return load(self.config)


def settings_of(ctx: typer.Context) -> Settings:
    """The configuration of this invocation."""
    return ctx.ensure_object(Invocation).settings
