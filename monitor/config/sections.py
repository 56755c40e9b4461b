"""The sections of the configuration file, as immutable values with their defaults and meanings.

Sizes are bytes and times seconds, whatever unit the file used. The descriptions are the reference documentation.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.engine import make_url

from monitor.config.addresses import Address, Contact, Database, File, Host, Mailbox, Network, Url
from monitor.config.secret import Secret
from monitor.config.values import Line, Period, Size, Timeout, TimeZone, When
from monitor.core.model import ChannelKind

ALLOWED_MAX = 100  # entries of a list of hosts and networks
CHANNELS_MAX = 5  # ways to reach one subscriber
SAME_DAY_S_MAX = 43_200.0  # same-day means within 12 hours


def key(
    default: Any, meaning: str, *, ge: int | None = None, le: int | None = None, max_length: int | None = None
) -> Any:
    """A key that may be left out: its default as one would write it in the file, what it means, its limits."""
    return Field(default, description=meaning, validate_default=True, ge=ge, le=le, max_length=max_length)


class Section(BaseModel):
    """What all tables of the file have in common: they don't change, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DatabaseSection(Section):
    """Where the archive is kept."""

    url: Database = key(
        "sqlite:///terms-monitor.db",
        "SQLite or PostgreSQL. A relative SQLite path starts at the folder of this file.",
    )
    password: Secret | None = key(None, "The password of a PostgreSQL user.")

    def full_url(self) -> str:
        """The URL with the password in it, read now: for the one who connects, never for a message."""
        if self.password is None:
            return self.url
        return make_url(self.url).set(password=self.password.reveal()).render_as_string(hide_password=False)


class FetchSection(Section):
    """How pages are fetched."""

    contact: Contact | None = key(
        None,
        "An address or URL for the operators of watched sites; sent with every request. Default: operator.address.",
    )
    user_agent: Line = key("terms-monitor", "The name sent with every request; the contact is added to it.")
    connect_timeout: Timeout = key("10s", "How long a connection may take.")
    read_timeout: Timeout = key("20s", "How long a server may stay silent.")
    deadline: Timeout = key("60s", "How long a whole fetch may take, redirects included.")
    body_max: Size = key("20MB", "How large a page may be, both as sent and decompressed.")
    allow_private: tuple[Network, ...] = key(
        (), "Hosts and networks that may be watched though their addresses are private.", max_length=ALLOWED_MAX
    )
    workers: int = key(8, "How many documents are checked at once.", ge=1, le=256)
    per_host: int = key(2, "How many documents of one host are checked at once.", ge=1, le=64)
    fresh_for: Period = key("60s", "A source fetched so recently isn't fetched again for another document.")


class ReadingSection(Section):
    """The processes in which pages are read and compared."""

    processes: int = key(2, "How many; one for each processor core is best.", ge=1, le=128)
    deadline: Timeout = key("60s", "How long one page may take; the process that takes longer is ended.")
    memory_max: Size = key("1GB", "How much memory one process may use.")
    audit_every: int = key(
        50, "One of so many pages that look the same at a glance is read in full anyway; 0: none.", ge=0, le=10_000
    )


class ScheduleSection(Section):
    """When documents are looked at, and how long things may take."""

    every: When = key("6h", "When documents are checked that have no schedule of their own: an interval or cron.")
    time_zone: TimeZone = key("UTC", "The time zone of cron expressions, and of subscribers that have none.")
    digest: When = key("0 8 * * mon", "When digests are sent: an interval or cron.")
    same_day: Period = key("6h", "How long after it was found a watcher is told of a change; at most 12 hours.")
    second_look: Period = key("5m", "After this time a text that differs a lot is looked at again before it counts.")
    agreement: Period = key("24h", "How long a text that looks cut short or wrong must stay the same to count.")
    replacement: Period = key("7d", "The same for a wholly other text with hardly a legal word, as of a home page.")
    withdrawal: Period = key("3d", "How long a page must be missing (404) before it counts as withdrawn.")
    retry_first: Period = key("5m", "After this time a failed check is repeated; then after twice as long, and so on.")
    retry_max: Period = key("6h", "The longest time between repeated checks.")
    incident_after: int = key(3, "So many failed checks in a row are told to the operator.", ge=1, le=1000)
    catch_up: Period = key("10m", "Over this time checks are spread that were missed while the daemon was down.")
    tick: Timeout = key("1s", "How often the clock looks for what is due.")


class EmailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"

    @property
    def port(self) -> int:
        """The port by convention."""
        return {EmailSecurity.TLS: 465, EmailSecurity.STARTTLS: 587, EmailSecurity.NONE: 25}[self]


class EmailSection(Section):
    """The mail server that takes our messages. Without this section nothing is sent by e-mail."""

    host: Host = Field(description="The mail server.")
    port: int | None = key(None, "Its port. Default: 465 for tls, 587 for starttls, 25 for none.", ge=1, le=65_535)
    security: EmailSecurity = Field(
        EmailSecurity.STARTTLS,
        strict=False,
        description="tls: encrypted from the start; starttls: encrypted after a greeting; none: not encrypted.",
    )
    username: Line | None = key(None, "The user name, where the server asks for one.")
    password: Secret | None = key(None, "The password that belongs to it.")
    sender: Mailbox = Field(alias="from", description="The sender of every message.")
    reply_to: Address | None = key(None, "Where answers go. Default: to the sender.")
    timeout: Timeout = key("30s", "How long the server may stay silent.")
    ca_file: File | None = key(None, "Certificates to trust in place of the system's, as PEM.")

    @property
    def server_port(self) -> int:
        """The port to connect to."""
        return self.port or self.security.port


class WebhookSection(Section):
    """How webhooks are called."""

    timeout: Timeout = key("15s", "How long a receiver may take to answer.")
    allow_private: tuple[Network, ...] = key(
        (), "Hosts and networks that may be called though their addresses are private.", max_length=ALLOWED_MAX
    )
    ca_file: File | None = key(None, "Certificates to trust in place of the system's, as PEM.")


class DeliverySection(Section):
    """How often a message is tried that couldn't be handed over."""

    retry_first: Period = key("30s", "After this time it is tried again; then after twice as long, and so on.")
    retry_max: Period = key("1h", "The longest time between two tries.")
    give_up_after: Period = key("3d", "After this time it is parked, and `monitor deliveries` shows it.")


class LogLevel(StrEnum):
    """The least important lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """The form of the lines."""

    TEXT = "text"
    JSON = "json"


class LogSection(Section):
    """What the daemon writes to its standard error output."""

    level: LogLevel = Field(LogLevel.INFO, strict=False, description="The least important lines that are written.")
    format: LogFormat = Field(LogFormat.TEXT, strict=False, description="Lines for people or for programs.")


class ChannelTable(Section):
    """One way to reach a subscriber."""

    type: ChannelKind = Field(strict=False, description="How.")
    address: Address | None = key(None, "Of an e-mail channel. Default: the subscriber's own.")
    url: Url | None = key(None, "Of a webhook; it is called with POST.")
    secret: Secret | None = key(None, "Of a webhook: signs every call by Standard Webhooks.")


class OperatorSection(Section):
    """Who runs this installation; told of documents that can't be seen."""

    name: Line = key("terms-monitor", "The name that stands in messages.")
    address: Address | None = key(None, "The operator's e-mail address; also where people unsubscribe.")
    channels: tuple[ChannelTable, ...] = key(
        (), "How the operator is told. Default: by e-mail to the address.", max_length=CHANNELS_MAX
    )
