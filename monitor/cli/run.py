"""`monitor run`: watches until it is stopped."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer
from rich.text import Text

from monitor import log
from monitor.app import App, open_app
from monitor.cli.invocation import Invocation
from monitor.cli.outcomes import spoken
from monitor.cli.output import console, count, print_hanging
from monitor.config import LogFormat, LogLevel, LogSection, load
from monitor.daemon import Checked, Daemon, Round, run_once


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
    for_people = once and sys.stdout.isatty()
    _set_up_log(settings.log, quiet=for_people and sys.stderr.isatty())
    for warning in settings.warnings:
        logging.getLogger(__name__).warning("check your configuration", extra={"note": warning})
    with open_app(settings) as app:
        if once:
            done = _show_once(app) if for_people else run_once(app)
            raise typer.Exit(0 if done.complete else 1)
        finished = Daemon(app, lambda: load(path, check_secrets=True)).run()
    if not finished:
        # Threads that still wait for a network would keep the process; their checks are left to their leases.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


def _set_up_log(section: LogSection, *, quiet: bool) -> None:
    level = LogLevel.WARNING if quiet and section.level in (LogLevel.DEBUG, LogLevel.INFO) else section.level
    log.set_up(level, json_lines=section.format is LogFormat.JSON)


def _show_once(app: App) -> Round:
    """A single run in words: a line for each document, and what it came to."""
    out = console()

    def tell(checked: Checked) -> None:
        print_hanging(out, Text.assemble((str(checked.ref), "bold"), "  ", spoken(checked.outcome)))

    done = run_once(app, tell)
    seen = f"{done.unseen} not seen" if done.unseen else "all seen"
    looks = f"{count(done.checked, 'document')} checked, {seen}" if done.checked else "No document was due"
    sent = f"{count(done.sent, 'message')} sent" if done.sent else "no message sent"
    left = f', {done.unsent} not yet (see "monitor deliveries")' if done.unsent else ""
    out.print(f"{looks}; {sent}{left}.")
    return done
