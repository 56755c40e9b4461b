"""All branches of a check: from what was seen and what is recalled to one Outcome. Pure; the effects are record's.

The order of the questions is the design: did it answer, can it be the terms, did a word change, was it there before,
is it to be believed already. Only then is there a new version.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.assess import assess
from monitor.core.compare import COMPARE, compare
from monitor.core.identity import hand_on, mint, shared
from monitor.core.lines import MAIN, borne, edit, ended, nearest
from monitor.core.model import (
    Announcement,
    Archived,
    Change,
    Comparison,
    Current,
    Difference,
    Document,
    Event,
    EventKind,
    Failed,
    Failure,
    FailureKind,
    Held,
    Incident,
    NotModified,
    Outcome,
    Pending,
    Policy,
    Reading,
    Recalled,
    Reread,
    Result,
    Returned,
    Seen,
    Suspect,
    SuspectKind,
    Unchanged,
    Unreadable,
    Verified,
    Version,
    change_id,
    derive_id,
)
from monitor.core.sameness import difference
from monitor.core.schedule import backoff_s, next_after
from monitor.core.validity import Standing, doubt, standing

_OTHERS = frozenset({SuspectKind.WRONG_DOCUMENT, SuspectKind.WRONG_LANGUAGE})
RETRY_AFTER_MAX_S = 7 * 86_400.0  # a server may ask for patience, but not for ever


def decide(document: Document, seen: Seen, recalled: Recalled, policy: Policy, now: datetime) -> Outcome:
    """What a check comes to, when it is next due, and what somebody may want to be told. There is always an outcome."""
    match seen:
        case Verified():
            result = Reread() if recalled.rereadings else NotModified(seen.sameness)
            return _good(document, result, recalled, now)
        case Failure():
            return _failed(document, seen, recalled, policy, now)
        case Unreadable():
            return _blind(document, Suspect(seen.kind, seen.reason), recalled, policy, now)
        case Reading():
            return _announcing(document, seen, recalled, _read(document, seen, recalled, policy, now), now)


# ── A text was read ──────────────────────────────────────────────────────────────────────────────────────────────


def _read(document: Document, reading: Reading, recalled: Recalled, policy: Policy, now: datetime) -> Outcome:
    current = recalled.current
    if current is None:
        return _good(document, _first(document, reading, now), recalled, now)
    differs = difference(current.reading, reading)
    if differs in (Difference.NONE, Difference.MARKUP):
        result = Reread() if recalled.rereadings else Unchanged(differs)
        return _good(document, result, recalled, now)
    other = borne(reading, recalled.others) if differs is not Difference.COSMETIC else None
    if other is not None:
        return _switched(document, current, other, recalled, now)
    nearest_line = nearest(reading, (current, *recalled.others))
    if recalled.equal:
        return _returned(document, reading, nearest_line, recalled, now)
    return _new(document, reading, nearest_line, recalled, policy, now)


def _first(document: Document, reading: Reading, now: datetime) -> Archived:
    version = _version(document, reading, None, None, number=1, seen_from=now, now=now)
    return Archived(version, reading, mint(reading))


def _switched(document: Document, current: Current, other: Current, recalled: Recalled, now: datetime) -> Outcome:
    """Another line is shown, at its own current version: seen and recorded, told to nobody."""
    comparison = compare(current.reading, other.reading, shared(current.identities, other.identities))
    change = _change(current, other.version, other.reading, comparison, now)
    result = Returned(other.version, other.reading, other.identities, change)
    return _good(document, result, recalled, now, line=other.line)


def _returned(document: Document, reading: Reading, current: Current, recalled: Recalled, now: datetime) -> Outcome:
    """Back to an earlier text. The first flip is told; from the second on both texts are current, each for a line."""
    version = recalled.equal[0]
    identities = _as_before(reading, recalled.before or current)
    comparison = compare(current.reading, reading, shared(current.identities, identities))
    change = _change(current, version, reading, comparison, now)
    result = Returned(version, reading, identities, change)
    if comparison.difference is not Difference.CHANGE:
        return _good(document, result, recalled, now, line=current.line)
    if _alternates(current.version, version, recalled.returns):
        variants = None if recalled.reopens else _variants(document, current.version, version, now)
        return _good(document, result, recalled, now, variants, line=recalled.line_of_equal)
    return _good(document, result, recalled, now, _event(document, EventKind.RETURN, change, now), line=current.line)


def _as_before(reading: Reading, before: Current) -> tuple[str, ...]:
    """The identities of a reading of a version that was read before: what came back is what it was."""
    return hand_on(reading, compare(before.reading, reading), before.identities)


def _alternates(current: Version, version: Version, returns: frozenset[str]) -> bool:
    """Whether a return is no news: it was told, either way, or the text had been left already when `current` came."""
    told = {change_id(current.id, version.id), change_id(version.id, current.id)} & returns
    return bool(told) or version.seen_from > current.seen_from


def _variants(document: Document, one: Version, other: Version, now: datetime) -> Event:
    first, second = sorted((one.number, other.number))
    text = (
        f"Versions {first} and {second} are shown in turn, variants since {now:%Y-%m-%d %H:%M} UTC: "
        "each is watched for changes of its own, and a switch between them isn't told."
    )
    return Event(EventKind.VARIANTS, document.ref, now.isoformat(), now, version_id=other.id, text=text)


def _new(
    document: Document, reading: Reading, current: Current, recalled: Recalled, policy: Policy, now: datetime
) -> Outcome:
    """A text that was never seen before, as the next one of the line it is nearest to, if it is believed."""
    is_change = difference(current.reading, reading) is Difference.CHANGE
    doubtful = doubt(reading, current.reading, document.platform_name) if is_change else None
    if doubtful is None:
        return _archived(document, reading, current, recalled, seen_from=now, now=now)
    pending = _seen_again(recalled.pending, reading, doubtful, now)
    if _believed(pending, reading, current.reading, policy, now):
        return _archived(document, reading, current, recalled, seen_from=pending.first_seen, now=now)
    return _held(document, pending, recalled, policy, now)


def _archived(
    document: Document, reading: Reading, current: Current, recalled: Recalled, *, seen_from: datetime, now: datetime
) -> Outcome:
    comparison = compare(current.reading, reading)
    version = _version(
        document,
        reading,
        current.version,
        comparison.difference,
        number=recalled.last_number + 1,
        seen_from=seen_from,
        now=now,
    )
    change = _change(current, version, reading, comparison, seen_from)
    result = Archived(version, reading, hand_on(reading, comparison, current.identities), change)
    told = comparison.difference is Difference.CHANGE and not _told_of_another_line(change, current, reading, recalled)
    event = _event(document, EventKind.CHANGE, change, now) if told else None
    return _good(document, result, recalled, now, event, line=current.line)


def _told_of_another_line(change: Change, current: Current, reading: Reading, recalled: Recalled) -> bool:
    """Whether another variant showed this edit first, since both were lines of their own."""
    if not recalled.edits:
        return False
    started = {one.name: one.started_at for one in recalled.lines}
    mine = edit(current.reading, reading, change.comparison)
    return any(
        one.edit == mine and one.line != current.line and one.at > max(started[one.line], started[current.line])
        for one in recalled.edits
    )


def _version(
    document: Document,
    reading: Reading,
    parent: Version | None,
    kind: Difference | None,
    *,
    number: int,
    seen_from: datetime,
    now: datetime,
) -> Version:
    parent_id = parent.id if parent else None
    return Version(
        id=derive_id("version", str(document.ref), parent_id or "", reading.words_hash),
        ref=document.ref,
        number=number,
        parent_id=parent_id,
        difference=kind,
        snapshots=reading.snapshots,
        seen_from=seen_from,
        recorded_at=now,
    )


def _change(
    current: Current, version: Version, reading: Reading, comparison: Comparison, seen_from: datetime
) -> Change:
    return Change(
        old_version_id=current.version.id,
        new_version_id=version.id,
        old_reading_id=current.reading.id,
        new_reading_id=reading.id,
        compare=COMPARE,
        comparison=comparison,
        assessment=assess(current.reading, reading, comparison, seen_from=seen_from),
    )


def _event(document: Document, kind: EventKind, change: Change, now: datetime) -> Event:
    return Event(kind, document.ref, change.id, now, change.id, change.new_version_id, change.assessment.headline)


# ── A coming version is announced ────────────────────────────────────────────────────────────────────────────────


def _announcing(document: Document, reading: Reading, recalled: Recalled, outcome: Outcome, now: datetime) -> Outcome:
    """The outcome with what the pages announce for days they didn't name before; nothing of what isn't believed.

    What stands in a text that is told as changed is told with it, and not again.
    """
    if isinstance(outcome.result, Held | Suspect):
        return outcome
    coming = (one for one in reading.announcements if one.takes_effect > now.date())
    new = tuple(one for one in coming if one.takes_effect not in recalled.announced)
    is_told = any(event.kind in (EventKind.CHANGE, EventKind.RETURN) for event in outcome.events)
    events = (_announcement(document, one, now) for one in new if not (is_told and one.quote in reading.text))
    return replace(outcome, announced=new, events=(*outcome.events, *events), until=reading.until)


def _announcement(document: Document, announcement: Announcement, now: datetime) -> Event:
    day = announcement.takes_effect.isoformat()
    text = f"A new version is announced for {day}: “{announcement.quote}”"
    return Event(EventKind.ANNOUNCED, document.ref, day, now, text=text)


# ── A text isn't believed yet ────────────────────────────────────────────────────────────────────────────────────


def _seen_again(pending: Pending | None, reading: Reading, doubtful: Unreadable, now: datetime) -> Pending:
    if pending is not None and pending.words_hash == reading.words_hash:
        return replace(pending, looks=pending.looks + 1)
    return Pending(reading.words_hash, doubtful.kind, doubtful.reason, first_seen=now, looks=1)


def _believed(pending: Pending, reading: Reading, current: Reading, policy: Policy, now: datetime) -> bool:
    seen_for_s = (now - pending.first_seen).total_seconds()
    if pending.kind is SuspectKind.DIFFERS_A_LOT:
        return pending.looks >= 2 and seen_for_s >= policy.second_look_s
    sounds_like = standing(reading, current) if pending.kind in _OTHERS else Standing.TERMS
    needed_s = {
        Standing.TERMS: policy.agreement_s,
        Standing.FEW_LEGAL_WORDS: max(policy.agreement_s, policy.replacement_s),
        Standing.NO_TERMS: math.inf,
    }[sounds_like]
    return pending.looks >= 2 and seen_for_s > needed_s


def _held(document: Document, pending: Pending, recalled: Recalled, policy: Policy, now: datetime) -> Outcome:
    """Look again soon. A text that only differs a lot is no blindness, unless it is another one each time; one that
    looks cut short or wrong is."""
    is_another = recalled.pending is not None and recalled.pending.words_hash != pending.words_hash
    if pending.kind is SuspectKind.DIFFERS_A_LOT and not is_another:
        return replace(
            _good(document, Held(pending), recalled, now),
            next_check_at=now + timedelta(seconds=policy.second_look_s),
            pending=pending,
            incident=recalled.incident,  # what isn't believed yet ends no blindness
            closed=None,
            events=(),
        )
    blind = _blind(document, Held(pending), recalled, policy, now)
    assert blind.incident is not None
    looks = blind.incident.looks if is_another else pending.looks
    wait_s = backoff_s(looks, policy.second_look_s, policy.retry_max_s)
    return replace(blind, pending=pending, next_check_at=now + timedelta(seconds=wait_s))


# ── Nothing could be seen ────────────────────────────────────────────────────────────────────────────────────────


def _failed(document: Document, failure: Failure, recalled: Recalled, policy: Policy, now: datetime) -> Outcome:
    outcome = _blind(document, Failed(failure.kind, failure.reason), recalled, policy, now)
    asked_s = min(failure.retry_after_s or 0.0, RETRY_AFTER_MAX_S)
    outcome = replace(outcome, next_check_at=max(outcome.next_check_at, now + timedelta(seconds=asked_s)))
    assert outcome.incident is not None
    if recalled.withdrawn or recalled.current is None or not _gone_for_good(outcome.incident, policy, now):
        return outcome
    version_id = recalled.current.version.id
    # About the incident, because the same version may come back and go again.
    about = outcome.incident.since.isoformat()
    event = Event(EventKind.WITHDRAWAL, document.ref, about, now, version_id=version_id, text=failure.reason)
    return replace(outcome, withdrawn=True, events=(*outcome.events, event))


def _gone_for_good(incident: Incident, policy: Policy, now: datetime) -> bool:
    """410 says so itself and is believed after a day; 404 may be a mistake and is believed after days."""
    agreement_s = {FailureKind.GONE: policy.agreement_s, FailureKind.NOT_FOUND: policy.withdrawal_s}
    needed_s = next((seconds for kind, seconds in agreement_s.items() if kind == incident.kind), None)
    return needed_s is not None and (now - incident.kind_since).total_seconds() >= needed_s


def _blind(
    document: Document, result: Suspect | Failed | Held, recalled: Recalled, policy: Policy, now: datetime
) -> Outcome:
    """An incident opened or carried on; told to the operator once it has lasted. A pending text stays pending."""
    why = result.pending if isinstance(result, Held) else result
    before = recalled.incident or Incident(why.kind, why.reason, since=now, kind_since=now, looks=0)
    kind_since = before.kind_since if before.kind == why.kind else now
    incident = replace(before, kind=why.kind, reason=why.reason, kind_since=kind_since, looks=before.looks + 1)
    events: tuple[Event, ...] = ()
    if not incident.told and incident.looks >= policy.incident_after:
        incident = replace(incident, told=True)
        events = (Event(EventKind.INCIDENT, document.ref, incident.since.isoformat(), now, text=why.reason),)
    usual = next_after(document.schedule, now)
    retry = now + timedelta(seconds=backoff_s(incident.looks, policy.retry_first_s, policy.retry_max_s))
    return Outcome(
        result=result,
        next_check_at=min(usual, retry),
        rereadings=recalled.rereadings,
        pending=recalled.pending,
        incident=incident,
        withdrawn=recalled.withdrawn,
        events=events,
    )


# ── The terms were seen ──────────────────────────────────────────────────────────────────────────────────────────


def _good(
    document: Document,
    result: Result,
    recalled: Recalled,
    now: datetime,
    event: Event | None = None,
    *,
    line: str | None = None,
) -> Outcome:
    """An outcome of a look that saw the terms: whatever was pending is forgotten, an incident closes itself.

    `line` is the one seen, without a name the one that was seen last.
    """
    line = line or (recalled.lines[0].name if recalled.lines else MAIN)
    ending = () if isinstance(result, Held) else ended(recalled.lines, line, now)
    events = [one for one in (event or _settled(document, recalled, line, ending, now),) if one]
    closed = recalled.incident
    if closed is not None and closed.told:
        text = f"It can be seen again; it could not since {closed.since:%Y-%m-%d %H:%M} UTC."
        events.append(Event(EventKind.INCIDENT_CLOSED, document.ref, closed.since.isoformat(), now, text=text))
    return Outcome(
        result=result,
        next_check_at=next_after(document.schedule, now),
        line=line,
        ended=ending,
        rereadings=recalled.rereadings,
        unread=recalled.unread,
        closed=closed,
        events=tuple(events),
    )


def _settled(document: Document, recalled: Recalled, line: str, ending: tuple[str, ...], now: datetime) -> Event | None:
    """What is to be told when one variant is left of several, and it isn't the text that was told last."""
    unsaid = recalled.unsaid
    left = {one.name for one in recalled.lines} - set(ending)
    if unsaid is None or not ending or left != {line} or recalled.lines[0].name != line:
        return None
    return Event(
        EventKind.RETURN, document.ref, unsaid.change_id, now, unsaid.change_id, unsaid.version_id, unsaid.headline
    )
