"""`monitor doctor`: does everything work that a configuration needs? Each line says what to do where it doesn't.

With --health it asks one cheap thing, for Docker: is what is due being done?
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text

from monitor.archive import missing_file, open_store
from monitor.cli.finding import Finding, Verdict
from monitor.cli.invocation import Invocation
from monitor.cli.output import Json, console, count, moment, print_hanging, print_json
from monitor.config import Settings, load
from monitor.core.errors import ConfigError, StoreError
from monitor.core.model import DeliveryState
from monitor.store import audience, history, sightings
from monitor.store.engine import Store
from monitor.store.lateness import lateness

SKEW_MAX = timedelta(seconds=5)
PARKED_MAX = 100_000  # counted
INDENT = " " * len("warn ")
LATE_MAX = timedelta(minutes=10)  # a due check or message that nobody took up for so long: the daemon doesn't work


def doctor(
    ctx: typer.Context,
    health: Annotated[
        bool, typer.Option("--health", help="Only whether what is due is being done: for Docker.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Does everything work that the configuration needs?

    Tries the database, the clock, the mail server and every host; sends and records nothing. Ends
    with 0 where all is well (warnings too), with 1 where something isn't.
    """
    path = ctx.ensure_object(Invocation).config
    findings = []
    for finding in _health(load(path)) if health else _findings(ctx):
        findings.append(finding)
        if not as_json:
            _print(finding)
    if as_json:
        print_json(tuple(findings))
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    style = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}[finding.verdict]
    told = Text.assemble((f"{finding.verdict.value:4} ", style), (f"{finding.about}: ", "bold"), finding.found)
    out = console()
    print_hanging(out, told, INDENT)
    if finding.mend:
        print_hanging(out, Text(f"{INDENT}{finding.mend}", "dim"), INDENT)


def _findings(ctx: typer.Context) -> Iterator[Finding]:
    path = ctx.ensure_object(Invocation).config
    try:
        settings = load(path, check_secrets=True)
    except ConfigError as error:
        for problem in error.problems:
            found = f"expected {problem.expected}, found {problem.found}."
            yield Finding(f"configuration, {problem.key}", Verdict.FAIL, found, problem.mend)
        return
    watched = f"{count(len(settings.documents), 'document')}, {count(len(settings.subscribers), 'recipient')}"
    yield Finding("configuration", Verdict.OK, f"{path}: {watched}")
    for warning in settings.warnings:
        yield Finding("configuration", Verdict.WARN, warning)
    yield from _database(settings)
    from monitor.cli import (
        reach,  # what calls the network takes most of the time to import, and --health has no use for it
    )

    yield from reach.mail(settings)
    yield from reach.addresses(settings)


# ── Database and clock ───────────────────────────────────────────────────────────────────────────────────────────


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        file = missing_file(settings)
        if file is not None:
            yield Finding("database", Verdict.WARN, f"there is none at {file} yet", '"monitor run" makes it.')
            return
        with open_store(settings) as store:
            yield Finding("database", Verdict.OK, store.url)
            yield _clock(store)
            yield _late(store)
            yield _gate(store)
            yield from _parked(store)
            yield from _unseen(store)
    except StoreError as error:
        yield Finding("database", Verdict.FAIL, str(error))


def _clock(store: Store) -> Finding:
    skew = abs(store.read(store.now) - datetime.now(UTC))
    found = f"the database's differs from this machine's by {skew.total_seconds():.1f} s"
    if skew > SKEW_MAX:
        return Finding("clock", Verdict.WARN, found, "Set both by NTP: webhooks are signed with this machine's time.")
    return Finding("clock", Verdict.OK, found)


def _late(store: Store) -> Finding:
    late = lateness(store)
    if late <= LATE_MAX:
        return Finding("work", Verdict.OK, "nothing that is due is left lying")
    hours, minutes = divmod(int(late.total_seconds() // 60), 60)
    found = f"what is due has been waiting for {hours} h {minutes} min"
    return Finding("work", Verdict.FAIL, found, 'Is "monitor run" running? Its log says what is wrong.')


def _gate(store: Store) -> Finding:
    audits = sightings.audits(store)
    found = f"{count(audits.looks, 'page')} that looked the same at a glance read in full, {audits.misses} differed"
    if audits.newest is None:
        return Finding("gate", Verdict.OK, found)
    mend = "What differed was treated like any other change; please report pages that do so again and again."
    return Finding("gate", Verdict.WARN, f"{found}, the newest: {audits.newest}", mend)


def _parked(store: Store) -> Iterator[Finding]:
    parked = audience.deliveries(store, DeliveryState.PARKED, PARKED_MAX)
    if parked:
        newest = max(parked, key=lambda one: one.settled_at or one.sealed_at)
        found = f"{count(len(parked), 'delivery', 'deliveries')} given up, the newest because: {newest.last_error}"
        yield Finding("messages", Verdict.WARN, found, 'See "monitor deliveries --state parked".')


def _unseen(store: Store) -> Iterator[Finding]:
    for state in history.documents(store):
        if state.blind is not None and state.paused_at is None:
            found = f"{state.ref} can't be seen since {moment(state.blind.since)} UTC: {state.blind.reason}"
            yield Finding("documents", Verdict.WARN, found, f'See "monitor history {state.ref}".')


def _health(settings: Settings) -> Iterator[Finding]:
    with open_store(settings) as store:
        yield _late(store)
