"""E-mails: alerts that thread by document, digests that also say what couldn't be seen, notes to the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime, parseaddr
from itertools import groupby

from monitor.core.model import DocumentRef, EventKind, Message, derive_id
from monitor.core.render.facts import Envelope, Letterhead, Span, Standing, Telling
from monitor.core.render.sections import ALERT, DIGEST, Section, command, outcome, section
from monitor.core.render.template import render
from monitor.core.render.words import capital, count, in_a_row, moment, one_line

OPERATOR_SECTIONS_MAX = 20
DIGEST_SECTIONS_MAX = 10
SUBJECT_LENGTH_MAX = 150

Values = dict[str, object]  # what a template is given


@dataclass(frozen=True, slots=True)
class Row:
    """How one document stands, in a sentence; `alarming` where silence would be misread."""

    name: str
    state: str
    alarming: bool


@dataclass(frozen=True, slots=True)
class Unshown:
    """A change that a digest only mentions, and the command that shows it."""

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The documents of one platform."""

    name: str
    rows: tuple[Row, ...]


def thread_root(channel_id: str, ref: DocumentRef) -> str:
    """The stable id that all alerts of one document to one channel answer to."""
    return derive_id("thread", channel_id, str(ref))


def alert(tellings: tuple[Telling, ...], time_zone: str, letterhead: Letterhead) -> Message:
    """What an e-mail about events of one document says, in the order given. Raises QuotationDefect, see redline.

    The same for every recipient in a zone; `addressed` makes it somebody's.
    """
    document = tellings[0].document
    said = outcome(tellings[0]) if len(tellings) == 1 else _news(tellings)
    subject = f"{document.platform_name} · {document.name}: {said}"
    sections = tuple(section(telling, ALERT, time_zone) for telling in tellings)
    exhibit = tellings[-1].exhibit
    proving = f"monitor show {document.ref} --version {exhibit.new_version.number}" if exhibit else ""
    values: Values = {"sections": sections, "proving": proving, "following": document.platform_name}
    return _message("alert", subject, values, time_zone, letterhead)


def operator(tellings: tuple[Telling, ...], time_zone: str, letterhead: Letterhead) -> Message:
    """What an e-mail to the operator says about incidents and variants, of one document or many."""
    if len(tellings) == 1:
        document = tellings[0].document
        subject = f"{document.platform_name} · {document.name}: {outcome(tellings[0])}"
    else:
        incidents = all(telling.event.kind is not EventKind.VARIANTS for telling in tellings)
        subject = f"{count(len(tellings), 'incident')} opened or closed" if incidents else f"{len(tellings)} notes"
    shown = tellings[:OPERATOR_SECTIONS_MAX]
    sections = tuple(section(telling, ALERT, time_zone) for telling in shown)
    values: Values = {"sections": sections, "left_out": len(tellings) - len(shown)}
    return _message("operator", subject, values, time_zone, letterhead)


def digest(
    tellings: tuple[Telling, ...],
    standings: tuple[Standing, ...],
    span: Span,
    time_zone: str,
    letterhead: Letterhead,
) -> Message:
    """What a digest says, changes or none: what changed, what was verified when, what couldn't be seen.

    Raises QuotationDefect, see redline.
    """
    sections = tuple(section(telling, DIGEST, time_zone) for telling in tellings[:DIGEST_SECTIONS_MAX])
    headline = digest_headline(tellings, standings)
    until = moment(span.until, time_zone)
    platforms = platform_rows(standings, lambda at: moment(at, time_zone))
    values: Values = {
        "sections": sections,
        "headline": headline,
        "span": f"From {moment(span.since, time_zone)} to {until}." if span.since else f"Up to {until}.",
        "platforms": platforms,
        "more": tuple(_unshown(telling) for telling in tellings[DIGEST_SECTIONS_MAX:]),
        "following": ", ".join(platform.name for platform in platforms) or "no platform yet",
    }
    return _message("digest", f"Digest: {headline}", values, time_zone, letterhead)


def addressed(message: Message, envelope: Envelope, letterhead: Letterhead) -> Message:
    """The message with its headers, which don't change from one attempt to the next.

    Threads: RFC 5322, 3.6.4; the root needs no message of its own. Automatic mail: RFC 3834. Unsubscribing: RFC 2369.
    """
    domain = parseaddr(letterhead.sender)[1].rpartition("@")[2] or "localhost"
    headers = [
        ("From", letterhead.sender),
        ("To", envelope.recipient),
        ("Date", format_datetime(envelope.sealed_at)),
        ("Message-ID", f"<{envelope.delivery_id}@{domain}>"),
        ("List-Id", f"{letterhead.name} <terms-monitor.{domain}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    if letterhead.reply_to:
        headers.append(("Reply-To", letterhead.reply_to))
    if letterhead.operator:
        headers.append(("List-Unsubscribe", f"<mailto:{letterhead.operator}?subject=unsubscribe>"))
    if envelope.thread:
        root = f"<{envelope.thread}@{domain}>"
        headers += [("In-Reply-To", root), ("References", root)]
    return replace(message, headers=tuple(headers))


def digest_headline(tellings: tuple[Telling, ...], standings: tuple[Standing, ...]) -> str:
    """What a digest comes to: 2 changes, 1 of 7 documents not verified."""
    what = _news(tellings) if tellings else "No changes"
    unverified = sum(_state(standing, str)[1] for standing in standings)
    if unverified:
        return f"{what}, {unverified} of {count(len(standings), 'document')} not verified"
    return f"{what} in {count(len(standings), 'document')}"


def _news(tellings: tuple[Telling, ...]) -> str:
    """How many there are of what is told: 2 changes and 1 announcement."""
    announced = sum(telling.event.kind is EventKind.ANNOUNCED for telling in tellings)
    changes = len(tellings) - announced
    counts = ((changes, "change"), (announced, "announcement"))
    return " and ".join(count(number, noun) for number, noun in counts if number)


def platform_rows(standings: tuple[Standing, ...], when: Callable[[datetime], str]) -> tuple[Rows, ...]:
    """The standings by platform, in alphabetical order, each said in a sentence."""
    ordered = sorted(standings, key=lambda one: (one.document.platform_name.casefold(), one.document.name.casefold()))
    return tuple(
        Rows(name, tuple(Row(one.document.name, *_state(one, when)) for one in group))
        for name, group in groupby(ordered, key=lambda one: one.document.platform_name)
    )


def _state(standing: Standing, when: Callable[[datetime], str]) -> tuple[str, bool]:
    """How a document stands, and whether that means that a change could have been missed."""
    last = f"last verified {when(standing.verified_at)}" if standing.verified_at else "never yet verified"
    if standing.withdrawn_at is not None:
        return f"withdrawn by the platform, as seen {when(standing.withdrawn_at)}; {last}.", False
    if standing.paused_at is not None:
        return f"not watched since {when(standing.paused_at)}; {last}.", True
    if standing.unseen_since is not None:
        because = one_line(standing.unseen_because, 300).rstrip(".")
        if standing.unseen_for_long or standing.verified_at is None:
            return f"could not be seen since {when(standing.unseen_since)}: {because}. {capital(last)}.", True
        return f"version {standing.version}, {last}; the last look failed: {because}.", False
    if standing.pending_since is not None:
        because = one_line(standing.pending_because, 300).rstrip(".")
        there = f"a different text is there since {when(standing.pending_since)}, not yet believed"
        return f"{there}: {because}. {capital(last)}.", True
    if standing.verified_at is None:
        return f"{last}.", True
    return f"version {standing.version}, {last}{_in_turn(standing, when)}.", False


def _in_turn(standing: Standing, when: Callable[[datetime], str]) -> str:
    if standing.variants_since is None:
        return ""
    return f"; versions {in_a_row(standing.variants)} are shown in turn, variants since {when(standing.variants_since)}"


def _unshown(telling: Telling) -> Unshown:
    document = telling.document
    text = one_line(f"{document.platform_name} · {document.name}: {outcome(telling)}")
    return Unshown(text, command(telling))


def _message(template: str, subject: str, values: Values, time_zone: str, letterhead: Letterhead) -> Message:
    subject = one_line(subject, SUBJECT_LENGTH_MAX)
    sections: tuple[Section, ...] = values["sections"]  # type: ignore[assignment]
    shared: Values = {
        "subject": subject,
        "name": letterhead.name,
        "operator": letterhead.operator,
        "quoting": any(one.passages for one in sections),
        "left_out": 0,
        "time_zone": time_zone,
    }
    return Message(
        subject=subject,
        text=render(f"{template}.txt.j2", shared | values),
        html=render(f"{template}.html.j2", shared | values),
    )
