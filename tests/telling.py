"""Tellings for tests: a made-up platform's terms in two versions, compared for real."""

from __future__ import annotations

from datetime import UTC, date, datetime

from monitor.core.compare import COMPARE, compare
from monitor.core.model import (
    Announcement,
    Assessment,
    Change,
    Difference,
    Document,
    DocumentRef,
    Event,
    EventKind,
    Flag,
    Schedule,
    Severity,
    Signal,
    Source,
    Version,
)
from monitor.core.render.facts import Evidence, Exhibit, Telling
from tests.readings import reading_of

SEEN = datetime(2026, 4, 6, 6, 0, tzinfo=UTC)

_SCOPE = (
    "These terms govern your use of the connectors that Nordhost offers, whichever plan you are on, and they form part"
    " of the agreement between you and us about the platform as a whole."
)
_INTEREST = (
    "Late payments bear interest at the statutory rate, which is published on our site each January and applies from"
    " the day after the due date until payment has been received in full"
)

OLD = f"""
# Connector Terms
{_SCOPE}
## 1. Fees
You pay the fees in the order form within 30 days of the invoice. {_INTEREST}.
## 2. Data
### 2.1 Retention
We keep connector logs for 30 days and delete them afterwards.
### 2.2 Training
We do not use your inputs to train our models.
## 3. Subprocessors
|= Name | Purpose | Place
| Kelvin Cloud | Hosting | Norway
| Bluepost | E-mail | Ireland
## 4. Support
Support is by e-mail on business days.
## 5. Law
The law of Norway applies.
"""
NEW = f"""
# Connector Terms
{_SCOPE}
## 1. Fees
You pay the fees in the order form within 14 days of the invoice. {_INTEREST}, and a fee of €40.
## 2. Data
### 2.1 Retention
We keep connector logs for 90 days and may keep aggregated statistics afterwards.
### 2.2 Training
We may use your inputs to train our models, unless you object in your settings.
### 2.3 Legal holds
We keep what a court orders us to keep for as long as it orders.
## 3. Subprocessors
|= Name | Purpose | Place
| Kelvin Cloud | Hosting | Norway, Sweden
| Tally Analytics | Usage statistics | United States
## 4. Law
The law of Norway applies.
"""


def document(name: str = "Connector Terms", platform: str = "Nordhost") -> Document:
    slug = name.lower().replace(" ", "-")
    ref = DocumentRef(platform.lower().replace(" ", "-"), slug)
    return Document(ref, platform, name, (Source(f"https://nordhost.example/legal/{slug}"),), Schedule(every_s=3600))


def telling(
    old: str = OLD,
    new: str = NEW,
    *,
    kind: EventKind = EventKind.CHANGE,
    headline: str = "Payment is due in 14 days instead of 30; inputs may be used for training",
    about: Document | None = None,
    at: datetime = SEEN,
) -> Telling:
    """The telling of the change from one text to another, in the notation of tests/readings.py."""
    about = about or document()
    before, after = reading_of(old), reading_of(new)
    ref = about.ref
    first = Version("1" * 32, ref, 3, None, None, before.snapshots, at, at)
    second = Version("2" * 32, ref, 4, first.id, Difference.CHANGE, after.snapshots, at, at)
    assessment = Assessment(
        "rules-1",
        headline,
        Severity.HIGH,
        signals=(Signal.NUMBER, Signal.NEGATION),
        topics=("fees", "training"),
        flags=(Flag.SILENT_EDIT,),
        stated_date=date(2026, 1, 15),
        notice_days=30,
    )
    change = Change(first.id, second.id, before.id, after.id, COMPARE, compare(before, after), assessment)
    evidence = (Evidence(after.snapshots[0][:32], about.sources[0].url, after.snapshots[0], at),)
    event = Event(kind, ref, change.id, at, change.id, second.id, headline)
    return Telling(event, about, Exhibit(change, before, after, first, second, evidence))


def withdrawal(about: Document | None = None) -> Telling:
    about = about or document()
    text = "The page answers 410 Gone: its owner says that it is gone for good."
    return Telling(Event(EventKind.WITHDRAWAL, about.ref, "v", SEEN, text=text), about)


def incident(about: Document | None = None) -> Telling:
    about = about or document()
    text = "The page answered with a bot challenge instead of the terms, three times in a row."
    return Telling(Event(EventKind.INCIDENT, about.ref, SEEN.isoformat(), SEEN, text=text), about)


def variants() -> Telling:
    about = document()
    text = "Versions 3 and 4 are shown in turn, variants since 2026-04-06 06:00 UTC."
    return Telling(Event(EventKind.VARIANTS, about.ref, SEEN.isoformat(), SEEN, text=text), about)


def announcement() -> Telling:
    """The announcement that docs/webhook.md shows."""
    about, at = document(), datetime(2027, 1, 15, 6, tzinfo=UTC)
    quote = "We are updating our Terms. The new version takes effect on 1 March 2027."
    snapshot_id = "0b1f2c3d4e5f60718293a4b5c6d7e8f9"
    said = Announcement(date(2027, 3, 1), quote, f"{about.sources[0].url}/next", snapshot_id)
    text = f"A new version is announced for 2027-03-01: “{quote}”"
    event = Event(EventKind.ANNOUNCED, about.ref, "2027-03-01", at, text=text)
    evidence = (Evidence(snapshot_id, about.sources[0].url, "a" * 64, at),)
    return Telling(event, about, announced=said, evidence=evidence)
