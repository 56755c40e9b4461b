"""Assessing changes: signals, topics, severity, dates, and a headline that names what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.core.assess import RULES, assess
from monitor.core.assessing.evidence import edits
from monitor.core.assessing.tally import tally
from monitor.core.citing import cite
from monitor.core.compare import compare
from monitor.core.model import (
    Assessment,
    Comparison,
    Difference,
    Flag,
    Op,
    ProvisionChange,
    Segment,
    SegmentKind,
    Severity,
    Signal,
)
from tests.readings import reading_of

SEEN = datetime(2026, 4, 2, 6, tzinfo=UTC)
TERMS = """
# Connector Terms
Effective: 2 March 2026
## 1. Data
Halcyon will not sell Partner Data unless Partner has opted in. Each party must keep its keys.
Data is kept for 30 days.
## 2. Liability
The total liability of Halcyon is limited to EUR 10,000.
## 3. Law
The law of France governs. The courts of Paris decide.
## 4. Colour
The badge is blue and is shown in the directory.
"""


def assessed(old: str, new: str, *, seen_from: datetime = SEEN) -> Assessment:
    before, after = reading_of(old), reading_of(new)
    return assess(before, after, compare(before, after), seen_from=seen_from)


def after_edit(before: str, after: str) -> Assessment:
    assert before in TERMS
    return assessed(TERMS, TERMS.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "signal", "severity"),
    [
        ("will not sell", "may sell", Signal.NEGATION, Severity.HIGH),
        ("has opted in.", "has opted in, except for logs.", Signal.NEGATION, Severity.HIGH),
        ("unless Partner has opted in", "where Partner has not opted out", Signal.CONSENT, Severity.HIGH),
        ("EUR 10,000", "EUR 100", Signal.NUMBER, Severity.HIGH),
        ("30 days", "60 days", Signal.NUMBER, Severity.MEDIUM),
        ("must keep", "may keep", Signal.MODALITY, Severity.MEDIUM),
    ],
)
def test_words_that_change_the_meaning_are_signalled(
    before: str, after: str, signal: Signal, severity: Severity
) -> None:
    assessment = after_edit(before, after)
    assert signal in assessment.signals
    assert assessment.severity is severity
    assert assessment.rules == RULES


def test_another_word_without_a_signal_is_low() -> None:
    assessment = after_edit("blue", "green")
    assert (assessment.severity, assessment.signals, assessment.topics) == (Severity.LOW, (), ())


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("Any dispute will be resolved by binding arbitration.", "arbitration"),
        ("Jede Streitigkeit wird durch ein Schiedsgericht entschieden.", "arbitration"),
        ("Tout litige sera tranché par voie d'arbitrage.", "arbitration"),
        ("本規約に関する紛争は仲裁により解決します。", "arbitration"),
        ("Partner waives the right to take part in a class action.", "class_action"),
        ("We may use your content to train our models.", "training"),
        ("Wir dürfen Ihre Daten an Dritte verkaufen.", "data_sharing"),
        ("The subscription renews automatically each year.", "renewal"),
        ("Le prix est de dix euros.", "price"),
    ],
)
def test_a_new_sentence_on_a_weighty_topic_is_high_in_every_language(sentence: str, topic: str) -> None:
    assessment = after_edit("The courts of Paris decide.", f"The courts of Paris decide. {sentence}")
    assert topic in assessment.topics
    assert assessment.severity is Severity.HIGH


def test_a_prohibition_that_becomes_an_exception_is_a_changed_negation() -> None:
    before = "## 1. Training\nWe do not use your inputs to train models."
    after = "## 1. Training\nWe may use your inputs to train models unless you object."
    assert assessed(before, after).signals == (Signal.NEGATION, Signal.MODALITY)


def test_another_way_to_say_not_is_no_changed_negation() -> None:
    assert Signal.NEGATION not in assessed("## 1. Use\nYou cannot sell it.", "## 1. Use\nYou can not sell it.").signals


def test_a_number_in_a_whole_new_sentence_is_no_changed_number() -> None:
    assert Signal.NUMBER not in after_edit("Data is kept", "Logs are kept for 10 days.\nData is kept").signals


def test_a_number_in_words_is_a_number() -> None:
    before, after = "## 1. Frist\nMit einer Frist von einem Monat.", "## 1. Frist\nMit einer Frist von drei Monaten."
    assert Signal.NUMBER in assessed(before, after).signals


def test_words_that_change_under_the_same_stated_date_are_a_silent_edit() -> None:
    assert after_edit("30 days", "10 days").flags == (Flag.SILENT_EDIT,)
    dated = TERMS.replace("30 days", "10 days").replace("2 March 2026", "2 April 2026")
    assert assessed(TERMS, dated).flags == ()
    assert assessed("## 1. Fees\nFees are due.", "## 1. Fees\nFees are void.").flags == ()


def test_a_new_date_long_before_it_was_seen_is_backdated() -> None:
    new = TERMS.replace("30 days", "10 days").replace("2 March 2026", "9 March 2026")
    assert assessed(TERMS, new).flags == (Flag.BACKDATED,)
    assert assessed(TERMS, new, seen_from=datetime(2026, 3, 10, tzinfo=UTC)).flags == ()


def test_notice_is_counted_in_days_from_first_sight() -> None:
    new = TERMS.replace("30 days", "10 days").replace("2 March 2026", "1 June 2026")
    assessment = assessed(TERMS, new)
    assert (assessment.stated_date, assessment.notice_days) == (date(2026, 6, 1), 60)
    assert after_edit("30 days", "10 days").notice_days is None


def test_the_headline_names_what_changed_the_weightiest_first() -> None:
    new = TERMS.replace("30 days", "10 days") + "## 5. Export\nNo export to embargoed countries."
    assert assessed(TERMS, new).headline == "1 provision changed, 1 added: 1 Data; 5 Export."


@pytest.mark.parametrize(
    ("fees", "others", "headline"),
    [
        ([SegmentKind.MOVED_OUT], [[SegmentKind.MOVED_IN]], "Text moved from 1 Fees to 2 Data."),
        ([SegmentKind.MOVED_OUT, SegmentKind.MOVED_IN], [], "Text moved within 1 Fees."),
        ([SegmentKind.MOVED_OUT], [[SegmentKind.MOVED_IN]] * 2, "Text moved in 3 provisions: 1 Fees; 2 Data; 3 Law."),
        ([SegmentKind.MOVED_OUT], [[SegmentKind.INSERTED]], "1 provision changed, text moved in 1: 2 Data; 1 Fees."),
    ],
)
def test_text_that_only_moved_is_said_to_have_moved(
    fees: list[SegmentKind], others: list[list[SegmentKind]], headline: str
) -> None:
    terms = reading_of("## 1. Fees\nYou pay.\n## 2. Data\nWe keep it.\n## 3. Law\nThe law of France.")
    changes = []
    for provision, kinds in zip(terms.provisions, [fees, *others], strict=False):
        segments = tuple(
            Segment(
                kind,
                *((provision.body_start, provision.end) if kind is SegmentKind.MOVED_OUT else (provision.end,) * 2),
                *((provision.body_start, provision.end) if kind is not SegmentKind.MOVED_OUT else (provision.end,) * 2),
            )
            for kind in kinds
        )
        path, words = cite(terms, provision.ordinal), 3 * (SegmentKind.INSERTED in kinds)
        changes.append(
            ProvisionChange(
                Op.MODIFIED, path, provision.ordinal, provision.ordinal, segments=segments, words_added=words
            )
        )
    comparison = Comparison(Difference.CHANGE, tuple(changes))
    assert assess(terms, terms, comparison, seen_from=SEEN).headline == headline


def test_provisions_with_only_another_number_are_named_but_not_counted_as_changed() -> None:
    new = TERMS.replace("30 days", "10 days").replace("## 3.", "## 4.").replace("## 4. Colour", "## 5. Colour")
    new = new.replace("## 4. Law", "## 3. Export\nNo export to embargoed countries.\n## 4. Law")
    before, after = reading_of(TERMS), reading_of(new.replace("2 March 2026", "2 April 2026"))
    comparison = compare(before, after)
    counted = tally(comparison, edits(before, after, comparison))
    assert counted.changed == "1 provision changed, 1 added"
    assert counted.everything == "1 provision changed, 1 added, 2 renumbered"
    assert assess(before, after, comparison, seen_from=SEEN).headline.startswith("1 provision changed, 1 added: ")


def test_a_stated_date_beside_a_change_is_not_in_the_headline() -> None:
    new = TERMS.replace("30 days", "10 days").replace("2 March 2026", "2 April 2026")
    assert assessed(TERMS, new).headline == "1 provision changed: 1 Data."


def test_a_date_alone_is_said_to_be_one_and_has_no_severity() -> None:
    assessment = assessed(TERMS, TERMS.replace("2 March 2026", "2 April 2026"))
    assert assessment.headline == "Only the stated date changed, to 2026-04-02."
    assert (assessment.severity, assessment.flags) == (Severity.NONE, ())


def test_a_headline_is_bounded_however_much_changed() -> None:
    old = "\n".join(f"## {n}. A rather long title of a section about something\nFees: {n} EUR." for n in range(40))
    headline = assessed(old, old.replace("EUR", "USD")).headline
    assert headline.startswith("40 provisions changed: 0 A rather long title")
    assert headline.endswith("; …")
    assert len(headline) <= 200


def test_text_that_only_moved_between_provisions_is_no_edit_and_low() -> None:
    sentence = "Partner must not sell the badge nor lend it for more than 30 days to anyone."
    old = TERMS.replace("## 4. Colour", f"{sentence}\n## 4. Colour")
    assessment = assessed(old, f"{TERMS}{sentence}\n")
    assert assessment.headline == "Text moved from 3 Law to 4 Colour."
    assert (assessment.severity, assessment.signals) == (Severity.LOW, ())
