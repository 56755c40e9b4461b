"""What the doctor tries of the network: the mail server, and the hosts of pages and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from monitor.app import new_email_notifier
from monitor.cli.finding import Finding, Verdict
from monitor.cli.output import count
from monitor.config import Settings
from monitor.core.errors import NotifyError
from monitor.core.model import ChannelKind
from monitor.net import AddressPolicy, NameNotFound, system_resolve
from monitor.net.resolve import resolve_within

RESOLVE_S = 5.0
LOOKUPS = 16
_PORTS = {"http": 80, "https": 443}


# ── Mail server ──────────────────────────────────────────────────────────────────────────────────────────────────


def mail(settings: Settings) -> Iterator[Finding]:
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


def addresses(settings: Settings) -> Iterator[Finding]:
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
