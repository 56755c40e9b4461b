"""The only place that builds things: from settings and their archive to a fetcher, a pool and notifiers."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.archive import open_store
from monitor.config import FetchSection, ReadingSection, Settings
from monitor.core.errors import ConfigError, Problem
from monitor.core.model import ChannelKind
from monitor.core.render.facts import Letterhead
from monitor.core.routing import DeliveryPolicy, Periods
from monitor.fetch import Fetcher, FetchLimits
from monitor.fetch.fetcher import user_agent
from monitor.net import AddressPolicy, guarded_client, trusted_context
from monitor.notify import Notifier
from monitor.notify.email import EmailNotifier, Security, SmtpServer
from monitor.notify.webhook import WebhookNotifier
from monitor.pool import Pool
from monitor.store.declare import declare
from monitor.store.engine import Store

LEASE_SPARE_S = 5.0  # of a check, for what is neither fetching nor reading
SMTP_STEPS_MAX = 10  # each may take a time-out
READS_MAX = 4  # of a check in the pool: read, read again, compare, decide


@dataclass(frozen=True)
class App:
    """Everything a story needs, built from one configuration."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    pool: Pool
    notifiers: Mapping[ChannelKind, Notifier]

    @property
    def lease_s(self) -> float:
        """How long a check may take before another worker may take its document over: longer than any really does."""
        sources = max((len(document.sources) for document in self.settings.documents), default=1)
        settings = self.settings
        return sources * settings.fetch.deadline + READS_MAX * settings.reading.deadline + LEASE_SPARE_S

    @property
    def periods(self) -> Periods:
        """How long a notice may wait."""
        return Periods(same_day_s=self.settings.schedule.same_day)

    @property
    def delivery_policy(self) -> DeliveryPolicy:
        """How a delivery is tried again."""
        delivery = self.settings.delivery
        email_s = self.settings.email.timeout * SMTP_STEPS_MAX if self.settings.email else 0.0
        lease_s = max(email_s, self.settings.webhook.timeout) + LEASE_SPARE_S
        return DeliveryPolicy(delivery.retry_first, delivery.retry_max, delivery.give_up_after, lease_s)

    @property
    def letterhead(self) -> Letterhead:
        """Who writes."""
        settings = self.settings
        sender = settings.email.sender if settings.email else ""
        reply_to = settings.email.reply_to if settings.email else None
        return Letterhead(sender, settings.operator.address or "", settings.operator.name, reply_to or "")


@contextmanager
def open_app(settings: Settings) -> Iterator[App]:
    """The app for `settings`, its database brought to this program's schema and in line with what is declared.

    Raises StoreError where the database can't be used and ConfigError where a secret is missing.
    """
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings, migrating=True))
        declare(store, settings.documents, settings.subscribers, settings.digest)
        pool = stack.enter_context(new_pool(settings.reading))
        yield App(settings, store, new_fetcher(settings.fetch, contact_of(settings)), pool, new_notifiers(settings))


def reconfigured(app: App, settings: Settings) -> App:
    """The app under new settings, with the same database and pool. Nothing of `app` is closed: it may be in use."""
    declare(app.store, settings.documents, settings.subscribers, settings.digest)
    settings = replace(settings, database=app.settings.database, reading=app.settings.reading)
    fetcher = new_fetcher(settings.fetch, contact_of(settings))
    return replace(app, settings=settings, fetcher=fetcher, notifiers=new_notifiers(settings))


def new_pool(reading: ReadingSection) -> Pool:
    """The processes to read in."""
    return Pool(reading.processes, reading.deadline, reading.memory_max)


def new_fetcher(fetch: FetchSection, contact: str) -> Fetcher:
    """The one client for pages, which tells watched sites how to reach the operator."""
    limits = FetchLimits(
        connect_s=fetch.connect_timeout,
        read_s=fetch.read_timeout,
        deadline_s=fetch.deadline,
        sent_bytes_max=fetch.body_max,
        body_bytes_max=fetch.body_max,
    )
    policy = AddressPolicy.allowing(fetch.allow_private)
    return Fetcher(limits, policy=policy, name=fetch.user_agent, contact=contact)


def contact_of(settings: Settings) -> str:
    """How the operators of watched sites can reach ours; empty where nothing is declared."""
    return settings.fetch.contact or settings.operator.address or ""


def new_notifiers(settings: Settings) -> Mapping[ChannelKind, Notifier]:
    """One for each kind of channel that can be reached."""
    client = guarded_client(
        AddressPolicy.allowing(settings.webhook.allow_private),
        deadline_s=settings.webhook.timeout,
        connect_s=settings.webhook.timeout,
        read_s=settings.webhook.timeout,
        headers={"User-Agent": user_agent(settings.fetch.user_agent, contact_of(settings))},
        ssl_context=trusting(settings.webhook.ca_file),
    )
    webhook = WebhookNotifier(client, lambda channel: settings.secret_of(channel.id))
    email = new_email_notifier(settings)
    return {ChannelKind.WEBHOOK: webhook} | ({ChannelKind.EMAIL: email} if email else {})


def new_email_notifier(settings: Settings) -> EmailNotifier | None:
    """The one for e-mail, None where no mail server is configured."""
    email = settings.email
    if email is None:
        return None
    server = SmtpServer(
        host=email.host,
        port=email.server_port,
        security=Security(email.security),
        username=email.username,
        password=email.password.reveal if email.password else None,
        timeout_s=email.timeout,
    )
    return EmailNotifier(server, trusting(email.ca_file))


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """A context that trusts only these certificates, or what everybody trusts where there is no file."""
    if ca_file is None:
        return trusted_context()
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        found = error.strerror or error.reason if isinstance(error, ssl.SSLError) else error.strerror
        problem = Problem("ca_file", "a file of certificates as PEM", (found or "something else").lower())
        raise ConfigError(str(ca_file), (problem,)) from None
