"""What a message shows of one event, as values that the text and the HTML template share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.assessing.evidence import edits
from monitor.core.assessing.tally import Tally, tally
from monitor.core.model import Announcement, Document, EventKind, Severity
from monitor.core.redline import Limits, Passage, redline
from monitor.core.render.facts import Evidence, Exhibit, Telling
from monitor.core.render.words import (
    FLAGS,
    HEADLINE_MAX,
    SIGNALS,
    count,
    day,
    moment,
    one_line,
    sentences_changed,
    words_changed,
)

ALERT = Limits(passages=25, words=3_000, run_words=250, context=14)  # an e-mail over 102 kB is cut by its reader
DIGEST = Limits(passages=5, words=600, run_words=80, context=10)

_TITLES = {
    EventKind.CHANGE: "Changed",
    EventKind.RETURN: "Returned to an earlier text",
    EventKind.ANNOUNCED: "New version announced",
    EventKind.VARIANTS: "Shown in variants",
    EventKind.WITHDRAWAL: "Withdrawn",
    EventKind.INCIDENT: "Can't be seen",
    EventKind.INCIDENT_CLOSED: "Can be seen again",
}

_OUTCOMES = {
    EventKind.VARIANTS: "shown in variants",
    EventKind.WITHDRAWAL: "withdrawn",
    EventKind.INCIDENT: "can't be seen",
    EventKind.INCIDENT_CLOSED: "can be seen again",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table under a headline; with an address it is a link."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One event as it is shown. `command` prints everything that was cut; `warnings` are sentences.

    `evidence_of` is the number of the version that the evidence bears; 0 where it bears the event itself.
    """

    title: str
    headline: str
    platform: str
    document: str
    severity: Severity
    counts: str
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    left_out: int = 0
    command: str = ""
    evidence: tuple[Evidence, ...] = ()
    evidence_of: int = 0


def section(telling: Telling, limits: Limits, time_zone: str) -> Section:
    """What is shown of one event. Raises QuotationDefect where a quotation isn't in its reading."""
    if telling.announced is not None:
        return _coming(telling, telling.announced, time_zone)
    if telling.exhibit is None:
        return _bare(telling, time_zone)
    exhibit = telling.exhibit
    line = redline(exhibit.change.comparison, exhibit.old, exhibit.new, limits)
    return replace(
        summary(telling.document, exhibit, telling.event.at, time_zone),
        title=_TITLES.get(telling.event.kind, telling.event.kind.value),
        passages=line.passages,
        left_out=line.left_out,
        evidence=exhibit.evidence,
        evidence_of=exhibit.new_version.number,
    )


def summary(document: Document, exhibit: Exhibit, seen_at: datetime, time_zone: str) -> Section:
    """What is said of a change beside its redline."""
    return Section(
        title=_TITLES[EventKind.CHANGE],
        headline=one_line(exhibit.change.assessment.headline, HEADLINE_MAX),
        platform=document.platform_name,
        document=document.name,
        severity=exhibit.change.assessment.severity,
        counts=_counts(exhibit),
        facts=_facts(document, exhibit, seen_at, time_zone),
        warnings=_warnings(exhibit),
        command=_command(document, exhibit),
    )


def outcome(telling: Telling) -> str:
    """What a subject line says of one event: 2 provisions changed, 1 added."""
    if telling.event.kind in _OUTCOMES:
        return _OUTCOMES[telling.event.kind]
    if telling.announced is not None:
        return f"new version announced for {day(telling.announced.takes_effect)}"
    if telling.exhibit is None:
        return "changed"
    if telling.event.kind is EventKind.RETURN:
        return f"returned to version {telling.exhibit.new_version.number}"
    if telling.exhibit.change.comparison.coarse:
        return "rewritten"
    counted = _tally(telling.exhibit)
    return counted.changed or counted.everything or "changed"


def _counts(exhibit: Exhibit) -> str:
    """2 provisions changed, 1 added · 5 sentences changed · +12 −3 words."""
    comparison = exhibit.change.comparison
    told = _tally(exhibit).everything
    sentences = sentences_changed(comparison)
    if sentences.replace("sentence", "provision") == told:
        sentences = ""  # a sentence in each: nothing that the number of provisions doesn't say
    words = words_changed(comparison)
    return " · ".join(part for part in (told, sentences, words) if part)


def _tally(exhibit: Exhibit) -> Tally:
    comparison = exhibit.change.comparison
    return tally(comparison, edits(exhibit.old, exhibit.new, comparison))


def command(telling: Telling) -> str:
    """What to type to see everything there is about an event."""
    if telling.exhibit is None:
        return f"monitor history {telling.document.ref}"
    return _command(telling.document, telling.exhibit)


def _command(document: Document, exhibit: Exhibit) -> str:
    old, new = exhibit.old_version.number, exhibit.new_version.number
    return f"monitor diff {document.ref} --from {old} --to {new}"


def _bare(telling: Telling, time_zone: str) -> Section:
    facts = (*_where(telling.document), Fact("When", moment(telling.event.at, time_zone)))
    return Section(
        title=_TITLES.get(telling.event.kind, telling.event.kind.value),
        headline=one_line(telling.event.text, 500),
        platform=telling.document.platform_name,
        document=telling.document.name,
        severity=Severity.NONE,
        counts="",
        facts=facts,
        warnings=(),
    )


def _coming(telling: Telling, announced: Announcement, time_zone: str) -> Section:
    """An announcement: the day, the page's own words, and where they lead to."""
    takes_effect = Fact("Effective", day(announced.takes_effect))
    read_on = (Fact("Links to", announced.url, announced.url),) if announced.url else ()
    bare = _bare(telling, time_zone)
    return replace(
        bare,
        headline=one_line(f"“{announced.quote}”", 600),
        facts=(takes_effect, *read_on, *bare.facts),
        evidence=telling.evidence,
    )


def _where(document: Document) -> tuple[Fact, ...]:
    sources = document.sources
    label = "Source" if len(sources) == 1 else "Sources"
    return tuple(
        Fact(label if position == 0 else "", source.url, source.url) for position, source in enumerate(sources)
    )


def _facts(document: Document, exhibit: Exhibit, seen_at: datetime, time_zone: str) -> tuple[Fact, ...]:
    assessment = exhibit.change.assessment
    facts = [
        Fact("Versions", f"{exhibit.old_version.number} → {exhibit.new_version.number}"),
        Fact("Seen", moment(seen_at, time_zone)),
    ]
    if assessment.stated_date is not None:
        facts.append(Fact("Dated", f"{day(assessment.stated_date)}, by its own words"))
    if assessment.notice_days is not None:
        facts.append(Fact("Notice", f"takes effect {count(assessment.notice_days, 'day')} after it was seen"))
    if assessment.topics:
        facts.append(Fact("Topics", one_line(", ".join(assessment.topics).replace("_", " "))))
    if assessment.signals:
        facts.append(Fact("Touches", ", ".join(SIGNALS[signal] for signal in assessment.signals)))
    return (*facts, *_where(document))


def _warnings(exhibit: Exhibit) -> tuple[str, ...]:
    warnings = [FLAGS[flag] for flag in exhibit.change.assessment.flags]
    if exhibit.change.comparison.coarse:
        warnings.append("The two texts differ too much to say provision by provision what became of each.")
    return tuple(warnings)
