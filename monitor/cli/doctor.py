"""`monitor doctor`: does everything work that a configuration needs? Each line says what to do where it doesn't.

With --health it asks one cheap thing, for Docker: is what is due being done?
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.text import Text

from monitor.app import missing_file, new_email_notifier, open_store
from monitor.cli.output import Invocation, Json, console, count, print_json
from monitor.config import Settings, load
from monitor.core.errors import ConfigError, NotifyError, StoreError
from monitor.core.model import ChannelKind
from monitor.net import AddressPolicy, NameNotFound, system_resolve
from monitor.net.resolve import resolve_within
from monitor.store.engine import Store
from monitor.store.lateness import lateness

PANEL = "Set up"
SKEW_MAX = timedelta(seconds=5)
LATE_MAX = timedelta(minutes=10)  # a due check or message that nobody took up for so long: the daemon doesn't work
RESOLVE_S = 5.0
LOOKUPS = 16
_PORTS = {"http": 80, "https": 443}


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` says what to do where it isn't well."""

    about: str
    verdict: Verdict
    found: str
    mend: str = ""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(rich_help_panel=PANEL)(doctor)


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
    console().print(
        Text.assemble((f"{finding.verdict.value:4} ", style), (f"{finding.about}: ", "bold"), finding.found)
    )
    if finding.mend:
        console().print(Text(f"     {finding.mend}", "dim"))


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
    yield from _mail(settings)
    yield from _addresses(settings)


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


def _health(settings: Settings) -> Iterator[Finding]:
    with open_store(settings) as store:
        yield _late(store)


# ── Mail server ──────────────────────────────────────────────────────────────────────────────────────────────────


def _mail(settings: Settings) -> Iterator[Finding]:
    needed = any(channel.kind is ChannelKind.EMAIL for one in settings.subscribers for channel in one.channels)
    notifier = new_email_notifier(settings)
    if notifier is None or settings.email is None:
        if needed:
            yield Finding("mail server", Verdict.FAIL, "none is configured", "Fill in [email].")
        return
    where = f"{settings.email.host}:{settings.email.server_port}"
    try:
        notifier.check()
    except NotifyError as error:
        yield Finding(
            "mail server", Verdict.FAIL, str(error), "Check [email]: host, port, security, username, password."
        )
    else:
        yield Finding("mail server", Verdict.OK, f"{where} takes our mail")


# ── Addresses ────────────────────────────────────────────────────────────────────────────────────────────────────


def _addresses(settings: Settings) -> Iterator[Finding]:
    pages = {source.url for document in settings.documents for source in document.sources}
    hooks = {
        channel.target
        for subscriber in settings.subscribers
        for channel in subscriber.channels
        if channel.kind is ChannelKind.WEBHOOK
    }
    yield from _reachable("pages", pages, AddressPolicy.allowing(settings.fetch.allow_private), "fetch")
    yield from _reachable("webhooks", hooks, AddressPolicy.allowing(settings.webhook.allow_private), "webhook")


def _reachable(about: str, urls: set[str], policy: AddressPolicy, section: str) -> Iterator[Finding]:
    """One line for all hosts that may be called, and one for each that can't be or may not be."""
    parts = [urlsplit(url) for url in urls]
    hosts = sorted({(part.hostname or "", part.port or _PORTS[part.scheme]) for part in parts})
    with ThreadPoolExecutor(LOOKUPS) as threads:
        findings = list(threads.map(lambda one: _host(about, one[0], one[1], policy, section), hosts))
    yield from (finding for finding in findings if finding is not None)
    if good := findings.count(None):
        yield Finding(about, Verdict.OK, f"{count(good, 'host')} can be found and may be called")


def _host(about: str, host: str, port: int, policy: AddressPolicy, section: str) -> Finding | None:
    """What is wrong with a host, None where it can be found and may be called."""
    try:
        addresses = resolve_within(system_resolve, host, port, RESOLVE_S)
    except NameNotFound as error:
        return Finding(about, Verdict.FAIL, f"{error}.", "Check the URL, and the name server of this machine.")
    refusals = [policy.refusal(host, port, address) for address in addresses]
    if all(refusals):
        found = f"{host} may not be called: {refusals[0]}."
        return Finding(about, Verdict.FAIL, found, f'If it is meant, add "{host}" to allow_private in [{section}].')
    return None
