"""The whole configuration file as declared: sections, platforms with their documents, subscribers."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema

from monitor.config.addresses import Address, Url
from monitor.config.sections import (
    CHANNELS_MAX,
    ChannelTable,
    DatabaseSection,
    DeliverySection,
    EmailSection,
    FetchSection,
    LogSection,
    OperatorSection,
    ReadingSection,
    ScheduleSection,
    Section,
    WebhookSection,
    key,
)
from monitor.config.values import Kind, Language, Line, Selection, Slug, TimeZone, Unfit, When, suggestion
from monitor.core.model import Plan

PLATFORMS_MAX = 1_000
DOCUMENTS_PER_PLATFORM_MAX = 200
URLS_PER_DOCUMENT_MAX = 20
SELECTORS_MAX = 50
SUBSCRIBERS_MAX = 10_000
PLATFORMS_PER_SUBSCRIBER = 10  # the database can't hold more either: store/tables.py, SLOTS
PLANS = (Plan.FREE, Plan.WATCHER, Plan.PROFESSIONAL)  # those one can subscribe to


class DocumentTable(Section):
    """One agreement to watch."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["url"]}, {"required": ["urls"]}]})

    name: Line = Field(description="What it is called.")
    id: Slug | None = key(
        None,
        "Names it in commands and keeps its history when name or URL change. Default: made from the name. "
        "Before you change a name, write down the id it has had.",
    )
    url: Url | None = key(None, "The page. Exactly one of url and urls is given.")
    urls: tuple[Url, ...] = key(
        (), "The pages of a document that is spread over several, in their order.", max_length=URLS_PER_DOCUMENT_MAX
    )
    schedule: When | None = key(None, "When it is checked: an interval or cron. Default: schedule.every.")
    time_zone: TimeZone | None = key(None, "The time zone of a cron expression. Default: schedule.time_zone.")
    section: Line | None = key(None, "The heading of the only section to watch.")
    select: tuple[Selection, ...] = key(
        (), "Only what these match is read. Each must match something on every page.", max_length=SELECTORS_MAX
    )
    remove: tuple[Selection, ...] = key(
        (), "What these match isn't read. Each must match something on one page at least.", max_length=SELECTORS_MAX
    )
    language: Language | None = key(None, "The language to ask for; a page in another one isn't taken for it.")


class PlatformTable(Section):
    """A platform whose terms are watched. What leaves the file is paused, never deleted."""

    name: Line = Field(description="What it is called.")
    id: Slug | None = key(
        None,
        "Names it in commands and subscriptions and keeps its history when the name changes. "
        "Default: made from the name.",
    )
    documents: tuple[DocumentTable, ...] = key((), "Its agreements.", max_length=DOCUMENTS_PER_PLATFORM_MAX)


def parse_plan(value: object) -> Plan:
    """A plan that one can subscribe to: the operator's isn't one."""
    if isinstance(value, str) and value in PLANS:
        return Plan(value)
    raise Unfit(mend=suggestion(value, PLANS) if isinstance(value, str) else "")


SubscriberPlan = Annotated[
    Plan,
    PlainValidator(parse_plan),
    WithJsonSchema({"enum": list(PLANS)}),
    Kind(" or ".join(PLANS), "one of " + ", ".join(f'"{plan}"' for plan in PLANS)),
]


class SubscriberTable(Section):
    """Somebody who is told of changes."""

    address: Address = Field(description="The e-mail address; it names the subscriber.")
    plan: SubscriberPlan = Field(
        description="free: one platform, a weekly digest; watcher: ten platforms, told the same day; "
        "professional: ten platforms, told at once.",
    )
    platforms: tuple[Slug, ...] = Field(
        description="The ids of the platforms to follow, at most ten.",
        json_schema_extra={"minItems": 1, "maxItems": PLATFORMS_PER_SUBSCRIBER, "uniqueItems": True},
    )
    time_zone: TimeZone | None = key(None, "Where the subscriber lives. Default: schedule.time_zone.")
    channels: tuple[ChannelTable, ...] = key(
        (), "How the subscriber is told. Default: by e-mail to the address.", max_length=CHANNELS_MAX
    )


class ConfigFile(Section):
    """The configuration of terms-monitor."""

    model_config = ConfigDict(title="terms-monitor configuration")

    database: DatabaseSection = key({}, "Where the archive is kept.")
    fetch: FetchSection = key({}, "How pages are fetched.")
    reading: ReadingSection = key({}, "The processes in which pages are read and compared.")
    schedule: ScheduleSection = key({}, "When documents are looked at, and how long things may take.")
    email: EmailSection | None = key(None, "The mail server. Without it nothing is sent by e-mail.")
    webhook: WebhookSection = key({}, "How webhooks are called.")
    delivery: DeliverySection = key({}, "How often a message is tried that couldn't be handed over.")
    operator: OperatorSection = key({}, "Who runs this installation.")
    log: LogSection = key({}, "What the daemon writes.")
    platforms: tuple[PlatformTable, ...] = key((), "What is watched.", max_length=PLATFORMS_MAX)
    subscribers: tuple[SubscriberTable, ...] = key((), "Who is told.", max_length=SUBSCRIBERS_MAX)
