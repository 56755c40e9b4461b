"""`monitor run`: watches until it is stopped."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer

from monitor import log
from monitor.app import open_app
from monitor.cli.invocation import Invocation
from monitor.config import LogFormat, LogSection, load
from monitor.daemon import Daemon, run_once


def run(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do all that is due, then end: for cron.")] = False,
) -> None:
    """Watch until stopped: check what is due, tell who is to be told.

    SIGTERM and Ctrl-C stop it within 10 seconds, SIGHUP makes it read the configuration again. With --once it ends
    with 0 where every document could be seen and every message sent, and with 1 otherwise.
    """
    path = ctx.ensure_object(Invocation).config
    settings = load(path, check_secrets=True)
    _set_up_log(settings.log)
    for warning in settings.warnings:
        logging.getLogger(__name__).warning("check your configuration", extra={"note": warning})
    with open_app(settings) as app:
        if once:
            raise typer.Exit(0 if run_once(app) else 1)
        finished = Daemon(app, lambda: load(path, check_secrets=True)).run()
    if not finished:
        # Threads that still wait for a network would keep the process; their checks are left to their leases.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


def _set_up_log(section: LogSection) -> None:
    log.set_up(section.level, json_lines=section.format is LogFormat.JSON)
