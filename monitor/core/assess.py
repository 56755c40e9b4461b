"""What a change means: a headline, signals, topics, dates and a severity, by rules over the words that changed.

Everything said is found in the two texts; nothing is guessed and no model is asked. An assessment under better rules
is made again from the same readings, so none of this is part of the history.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.core.assessing.evidence import Edit, edits
from monitor.core.assessing.tally import Tally, tally
from monitor.core.assessing.vocabulary import CONSENT, MODALITY, NEGATION, NUMBER, TOPICS, WEIGHTY, Topic
from monitor.core.model import (
    Assessment,
    Comparison,
    Difference,
    Flag,
    Op,
    ProvisionChange,
    Reading,
    SegmentKind,
    Severity,
    Signal,
)

RULES = "4"  # raised with every change that can give another assessment of the same change

_HEADLINE_MAX = 200
_NAMED_MAX = 5
_BACKDATED_AFTER = timedelta(days=7)  # a page is looked at within days; a date further back was put back
_DECISIVE = frozenset({Signal.NEGATION, Signal.NUMBER, Signal.CONSENT})


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one edit tells: its signals, what its sentences are about, and which weighty words are among its own."""

    edit: Edit
    signals: frozenset[Signal]
    topics: frozenset[Topic]

    @property
    def is_high(self) -> bool:
        """Words of a weighty topic came or went, or a sentence on one got another number, negation or consent."""
        if not self.edit.within:
            return any(TOPICS[topic].search(self.edit.words) for topic in self.topics & WEIGHTY)
        decisive = self.signals & _DECISIVE
        return Signal.CONSENT in decisive or bool(decisive and self.topics & WEIGHTY)


def assess(old: Reading, new: Reading, comparison: Comparison, *, seen_from: datetime) -> Assessment:
    """The assessment of a comparison of these two readings. `seen_from` is when the new text was first seen."""
    is_change = comparison.difference is Difference.CHANGE
    by_change = edits(old, new, comparison) if is_change else ()
    found = tuple(_finding(edit) for of_change in by_change for edit in of_change)
    signals = {signal for finding in found for signal in finding.signals}
    topics = {topic for finding in found for topic in finding.topics}
    weighty_first = sorted(topics, key=lambda topic: (topic not in WEIGHTY, list(Topic).index(topic)))
    return Assessment(
        rules=RULES,
        headline=_headline_of_change(tally(comparison, by_change)) if is_change else _headline(new, comparison),
        severity=_severity(found, comparison, by_change) if is_change else Severity.NONE,
        signals=tuple(signal for signal in Signal if signal in signals),
        topics=tuple(topic.value for topic in weighty_first),
        flags=_flags(old, new, is_change, seen_from.date()),
        stated_date=new.dates.updated or new.dates.effective,
        notice_days=_notice_days(new, seen_from.date()),
    )


def _finding(edit: Edit) -> _Finding:
    sentences = edit.sentences
    topics = frozenset(topic for topic, pattern in TOPICS.items() if pattern.search(sentences))
    return _Finding(edit, frozenset(_signals_of(edit)), topics)


def _headline(new: Reading, comparison: Comparison) -> str:
    if comparison.difference is Difference.DATE_ONLY:
        day = new.dates.updated or new.dates.effective
        return f"Only the stated date changed, to {day}." if day else "Only the stated date changed."
    return "No words changed in meaning."


def _headline_of_change(counted: Tally) -> str:
    """One plain sentence that names what changed, the weightiest first."""
    if counted.counted:
        return _with_names(counted.changed, (*counted.counted, *counted.shifted))
    if counted.shifted:
        return _headline_of_moves(counted)
    return f"{counted.everything}." if counted.renumbered else "Words changed."


def _headline_of_moves(counted: Tally) -> str:
    """One plain sentence on text that moved: from where to where, if that is one place each."""
    left = [change.path for change in counted.shifted if _has(change, SegmentKind.MOVED_OUT)]
    entered = [change.path for change in counted.shifted if _has(change, SegmentKind.MOVED_IN)]
    if left == entered and len(left) == 1:
        told = f"Text moved within {left[0]}."
    elif len(left) == len(entered) == 1:
        told = f"Text moved from {left[0]} to {entered[0]}."
    else:
        told = ""
    if told and len(told) <= _HEADLINE_MAX:
        return told
    named = _with_names(counted.changed, counted.shifted)
    return f"{named[0].upper()}{named[1:]}"


def _has(change: ProvisionChange, kind: SegmentKind) -> bool:
    return any(segment.kind is kind for segment in change.segments)


def _with_names(counts: str, told: tuple[ProvisionChange, ...]) -> str:
    """The counts, and as many names of provisions as there is room for."""
    names: list[str] = []
    for change in told[:_NAMED_MAX]:
        if len(f"{counts}: {'; '.join([*names, change.path])}; …") > _HEADLINE_MAX:
            break
        if change.path and change.path not in names:
            names.append(change.path)
    if not names:
        return f"{counts}."
    end = "; …" if len(names) < len(told) else "" if names[-1].endswith(".") else "."
    return f"{counts}: {'; '.join(names)}{end}"


def _signals_of(edit: Edit) -> set[Signal]:
    """The signals of one edit. Whole new sentences only give consent: all of them have numbers and negations."""
    signals = set()
    if _differs(CONSENT, edit):
        signals.add(Signal.CONSENT)
    if not edit.within:
        return signals
    if _trades(NEGATION, edit):
        signals.add(Signal.NEGATION)
    if _differs(NUMBER, edit):
        signals.add(Signal.NUMBER)
    if _trades(MODALITY, edit):
        signals.add(Signal.MODALITY)
    return signals


def _trades(kinds: Mapping[str, re.Pattern[str]], edit: Edit) -> bool:
    """Whether more or fewer words of a kind came than went."""
    return any(_how_many(pattern, edit.deleted) != _how_many(pattern, edit.inserted) for pattern in kinds.values())


def _differs(pattern: re.Pattern[str], edit: Edit) -> bool:
    """Whether an edit changes which words of a kind there are; in a sentence that was changed, as it reads now."""
    before, after = (edit.old_sentence, edit.new_sentence) if edit.within else (edit.deleted, edit.inserted)
    return _found(pattern, before) != _found(pattern, after)


def _how_many(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _found(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter("".join(match.group().lower().split()) for match in pattern.finditer(text))


def _severity(found: tuple[_Finding, ...], comparison: Comparison, by_change: tuple[tuple[Edit, ...], ...]) -> Severity:
    """High: what may limit rights or expose people. Medium: a number, a negation, a consent, a whole provision."""
    if any(finding.is_high for finding in found):
        return Severity.HIGH
    changes = zip(comparison.changes, by_change, strict=True)
    whole = any(change.op in (Op.ADDED, Op.REMOVED) and edits for change, edits in changes)  # not of moved text alone
    if whole or any(finding.signals or finding.topics & WEIGHTY for finding in found):
        return Severity.MEDIUM
    return Severity.LOW


def _flags(old: Reading, new: Reading, is_change: bool, seen: date) -> tuple[Flag, ...]:
    flags = []
    stated = new.dates.updated or new.dates.effective
    if is_change and stated is not None and new.dates == old.dates:
        flags.append(Flag.SILENT_EDIT)
    if is_change and stated is not None and new.dates != old.dates and seen - stated > _BACKDATED_AFTER:
        flags.append(Flag.BACKDATED)
    return tuple(flags)


def _notice_days(new: Reading, seen: date) -> int | None:
    """Whole days from the day the text was first seen to the day it takes effect, if that is still to come."""
    if new.dates.effective is None:
        return None
    days = (new.dates.effective - seen).days
    return days if days > 0 else None
