"""The settings: a validated configuration file in the words of the project. Immutable, and safe to print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from monitor.config.declared import ConfigFile, DocumentTable, PlatformTable, SubscriberTable
from monitor.config.secret import SecretTable
from monitor.config.sections import (
    ChannelTable,
    DatabaseSection,
    DeliverySection,
    EmailSection,
    EmailSecurity,
    FetchSection,
    LogSection,
    OperatorSection,
    ReadingSection,
    ScheduleSection,
    WebhookSection,
)
from monitor.config.values import slugify
from monitor.core.errors import NotFound
from monitor.core.model import (
    Channel,
    ChannelKind,
    Document,
    DocumentRef,
    Plan,
    Policy,
    ReadingDeclaration,
    Schedule,
    Source,
    Subscriber,
)

OPERATOR = "operator"  # names the operator among the subscribers, who may follow platforms under the same address


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform, as declared: its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the configuration file says. `warnings` has sentences about what works but may not be meant."""

    path: Path
    database: DatabaseSection
    fetch: FetchSection
    reading: ReadingSection
    schedule: ScheduleSection
    email: EmailSection | None
    webhook: WebhookSection
    delivery: DeliverySection
    operator: OperatorSection
    log: LogSection
    platforms: tuple[Platform, ...]
    documents: tuple[Document, ...]
    subscribers: tuple[Subscriber, ...]
    warnings: tuple[str, ...] = ()
    secrets: tuple[tuple[str, SecretTable], ...] = ()  # of webhooks: the id of the channel, where it is kept

    @property
    def policy(self) -> Policy:
        """The periods and limits by which checks are decided."""
        schedule = self.schedule
        return Policy(
            second_look_s=schedule.second_look,
            agreement_s=schedule.agreement,
            replacement_s=schedule.replacement,
            withdrawal_s=schedule.withdrawal,
            retry_first_s=schedule.retry_first,
            retry_max_s=schedule.retry_max,
            incident_after=schedule.incident_after,
            fresh_for_s=self.fetch.fresh_for,
            audit_every=self.reading.audit_every,
        )

    @property
    def digest(self) -> Schedule:
        """When digests are sent; who has a time zone of their own gets them by that one."""
        return replace(self.schedule.digest, time_zone=self.schedule.time_zone)

    def secret_of(self, channel_id: str) -> str:
        """The secret of a webhook, read now. Raises NotFound, or ConfigError where the secret is missing."""
        secret = next((secret for channel, secret in self.secrets if channel == channel_id), None)
        if secret is None:
            raise NotFound(f"The configuration has no webhook with the id {channel_id}.")
        return secret.reveal()


def settle(path: Path, file: ConfigFile) -> Settings:
    """The settings that a valid file makes."""
    return Settings(
        path=path,
        database=file.database,
        fetch=file.fetch,
        reading=file.reading,
        schedule=file.schedule,
        email=file.email,
        webhook=file.webhook,
        delivery=file.delivery,
        operator=file.operator,
        log=file.log,
        platforms=tuple(Platform(_id_of(platform), platform.name) for platform in file.platforms),
        documents=tuple(
            _document(platform, document, file.schedule)
            for platform in file.platforms
            for document in platform.documents
        ),
        subscribers=tuple(_subscribers(file)),
        warnings=tuple(_warnings(file)),
        secrets=tuple(_secrets(file)),
    )


def _id_of(table: PlatformTable | DocumentTable) -> str:
    return table.id or slugify(table.name)


def _document(platform: PlatformTable, document: DocumentTable, schedule: ScheduleSection) -> Document:
    urls = (document.url,) if document.url else document.urls
    return Document(
        ref=DocumentRef(_id_of(platform), _id_of(document)),
        platform_name=platform.name,
        name=document.name,
        sources=tuple(Source(url, document.language) for url in urls),
        schedule=replace(document.schedule or schedule.every, time_zone=document.time_zone or schedule.time_zone),
        reading=ReadingDeclaration(document.section, document.select, document.remove, document.language),
    )


def _subscribers(file: ConfigFile) -> Iterator[Subscriber]:
    zone = file.schedule.time_zone
    for person in file.subscribers:
        channels = tuple(_channel(table, person.address, person.address) for table in _channels(person))
        yield Subscriber(person.address, person.plan, person.platforms, channels, person.time_zone or zone)
    operator = _operator_channels(file)
    if operator:
        address = file.operator.address or ""
        channels = tuple(_channel(table, OPERATOR, address) for table in operator)
        yield Subscriber(OPERATOR, Plan.OPERATOR, (), channels, zone)


def _channels(person: SubscriberTable) -> tuple[ChannelTable, ...]:
    return person.channels or (ChannelTable(type=ChannelKind.EMAIL),)


def _operator_channels(file: ConfigFile) -> tuple[ChannelTable, ...]:
    """The operator's channels; by default the address, if there is one and a mail server."""
    if file.operator.channels or file.operator.address is None or file.email is None:
        return file.operator.channels
    return (ChannelTable(type=ChannelKind.EMAIL),)


def _channel(table: ChannelTable, subscriber: str, address: str) -> Channel:
    target = table.url if table.type is ChannelKind.WEBHOOK else table.address or address
    assert target is not None
    return Channel(table.type, target, subscriber)


def _secrets(file: ConfigFile) -> Iterator[tuple[str, SecretTable]]:
    for subscriber, table in _declared_channels(file):
        if table.secret is not None:
            yield _channel(table, subscriber, "").id, table.secret


def _declared_channels(file: ConfigFile) -> Iterator[tuple[str, ChannelTable]]:
    """Every channel that stands in the file, after the name of whom it reaches."""
    for person in file.subscribers:
        yield from ((person.address, table) for table in person.channels)
    yield from ((OPERATOR, table) for table in file.operator.channels)


def _warnings(file: ConfigFile) -> Iterator[str]:
    if not any(platform.documents for platform in file.platforms):
        yield "Nothing is watched: there is no [[platforms.documents]]."
    email = file.email
    if email is not None and email.security is EmailSecurity.NONE and email.password is not None:
        yield 'The password of the mail server is sent in clear: email.security is "none".'
    if not _operator_channels(file):
        yield "Nobody is told when a document can't be seen: that needs operator.address and [email], or a channel."
    for url in (table.url for _, table in _declared_channels(file) if table.url):
        if url.startswith("http:"):  # its path is left out, because it may be a secret
            yield f"A webhook is called without encryption: its URL begins with http://{urlsplit(url).hostname}."
