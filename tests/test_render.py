"""What people read: redlines that quote exactly, and mails that a page can't write in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.core.compare import compare
from monitor.core.model import Comparison, Difference, EventKind, Op, ProvisionChange, Segment, SegmentKind
from monitor.core.redline import Limits, Mark, QuotationDefect, Redline, redline
from monitor.core.render import email
from monitor.core.render.facts import Letterhead, Span, Standing, Telling
from monitor.core.render.sections import section
from monitor.core.render.words import clean, counts_of, one_line
from tests.readings import reading_of
from tests.telling import NEW, OLD, SEEN, document, incident, telling, variants, withdrawal

LETTERHEAD = Letterhead("Terms Monitor <monitor@example.org>", "ops@example.org")


def drawn(old: str, new: str, **limits: int) -> Redline:
    before, after = reading_of(old), reading_of(new)
    return redline(compare(before, after), before, after, Limits(**limits))


def written(line: Redline) -> list[str]:
    """Each passage in one line: what went in square brackets, what came in braces."""
    signs = {Mark.DELETED: "[{}]", Mark.INSERTED: "{{{}}}", Mark.EQUAL: "{}"}
    shown = (
        "".join(signs[run.mark].format(f"<{run.hidden}>" if run.hidden else run.text) for run in passage.runs)
        for passage in line.passages
    )
    return [" ".join(text.split()) for text in shown]


def alert(*tellings: Telling) -> tuple[str, str]:
    message = email.alert(tellings, "Europe/Oslo", LETTERHEAD)
    return message.text, message.html


# ── Counts ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "sentences", "said"),
    [
        ((12, 3), (1, 0, 2), "2 sentences changed, 1 added · +12 −3 words"),
        ((1, 0), (0, 0, 1), "1 sentence changed · +1 word"),
        ((0, 9), (0, 3, 0), "3 sentences removed · −9 words"),
        ((2, 0), (0, 0, 0), "+2 words"),
        ((0, 0), (0, 0, 0), ""),
    ],
)
def test_counts_name_only_what_there_is(words: tuple[int, int], sentences: tuple[int, int, int], said: str) -> None:
    added, removed, modified = sentences
    counted = Comparison(
        Difference.CHANGE,
        words_added=words[0],
        words_removed=words[1],
        sentences_added=added,
        sentences_removed=removed,
        sentences_modified=modified,
    )
    assert counts_of(counted).replace("\u00a0", " ") == said


def test_a_mail_counts_sentences_where_that_says_more_than_the_number_of_provisions() -> None:
    one = "# Terms\n## 1. Fees\nYou pay within 30 days. We remind you.\n## 2. Law\nNorway."
    two = one.replace("30", "14")
    three = two.replace("remind", "will remind")
    counts = [section(telling(one, new), Limits(), "UTC").counts.replace("\u00a0", " ") for new in (two, three)]
    assert counts == [
        "1 provision changed · +1 −1 words",
        "1 provision changed · 2 sentences changed · +2 −1 words",
    ]


# ── Redlines ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_redline_shows_each_changed_provision_with_what_went_and_what_came() -> None:
    old = "# Terms\n## 1. Fees\nYou pay within 30 days.\n## 2. Law\nNorway."
    new = "# Terms\n## 1. Fees\nYou pay within 14 days.\n## 2. Law\nNorway.\n## 3. Age\nYou are 18."
    line = drawn(old, new)
    assert written(line) == ["You pay within [30]{14} days.", "{3. Age You are 18.}"]
    assert [passage.ops for passage in line.passages] == [(Op.MODIFIED,), (Op.ADDED,)]


def test_what_only_has_another_number_is_named_after_what_has_other_words() -> None:
    old = "# Terms\n## 1. Fees\nYou pay.\n## 2. Law\nNorway.\n## 3. Age\nYou are 18."
    line = drawn(old, "# Terms\n## 1. Law\nNorway.\n## 2. Age\nYou are 21.")
    assert written(line) == ["[1. Fees You pay. ]", "[3]{2}. Age You are [18]{21}.", ""]
    assert [(passage.ops, passage.was) for passage in line.passages][2] == ((Op.RENUMBERED,), "2")


def test_unchanged_words_far_from_a_change_are_folded_and_counted() -> None:
    far = " ".join(f"word{number}" for number in range(50))
    line = drawn(
        f"# Terms\n## 1. Fees\nPay 30 now. {far} End.", f"# Terms\n## 1. Fees\nPay 14 now. {far} End!", context=3
    )
    assert written(line)[0].startswith("Pay [30]{14} now. word0 word1<")
    assert re.search(r"<(\d+)> ?word4\d", written(line)[0])


def test_a_long_change_is_cut_and_says_how_much_more_there_is() -> None:
    long = " ".join(f"word{number}" for number in range(500))
    line = drawn("# Terms\n## 1. Law\nNorway.", f"# Terms\n## 1. Law\nNorway.\n## 2. More\n{long}", run_words=10)
    assert written(line) == ["{2. More word0 word1 word2 word3 word4 word5 word6 word7}{<492>}"]


def test_what_is_left_out_is_counted() -> None:
    line = drawn(OLD, NEW, passages=2)
    assert len(line.passages) == 2
    assert line.left_out == len(drawn(OLD, NEW).passages) - 2
    assert len(drawn(OLD, NEW, words=1).passages) == 1


WORDS = ["you", "we", "may", "not", "pay", "keep", "data", "30", "14", "days", "€5", "law"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    min_size=1,
    max_size=6,
).map(lambda bodies: "# Terms\n" + "\n".join(f"## {n}. Part\n{body}" for n, body in enumerate(bodies, 1)))


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.integers(1, 5))
def test_every_quotation_is_an_exact_part_of_its_reading(old: str, new: str, context: int) -> None:
    before, after = reading_of(old), reading_of(new)
    for limits in (Limits(), Limits(context=context, run_words=context, passages=3, words=20)):
        for passage in redline(compare(before, after), before, after, limits).passages:
            for run in passage.runs:
                source = before if run.mark.is_old else after
                assert run.hidden or source.text[run.start : run.end] == run.text != ""


@pytest.mark.parametrize(
    "segment",
    [
        Segment(SegmentKind.INSERTED, 0, 0, 0, 10_000),
        Segment(SegmentKind.DELETED, 5, 3, 0, 0),
        Segment(SegmentKind.EQUAL, 0, 5, 2, 7),
    ],
)
def test_a_quotation_that_its_reading_does_not_have_is_a_defect(segment: Segment) -> None:
    before, after = reading_of("# Terms\nPay soon."), reading_of("# Terms\nPay now.")
    change = ProvisionChange(Op.MODIFIED, "Terms", 0, 0, segments=(segment,))
    with pytest.raises(QuotationDefect):
        redline(Comparison(Difference.CHANGE, (change,)), before, after)


@pytest.mark.parametrize("words", ["甲方应当遵守法律。" * 4_000, "x" * 100_000, "\u0301" * 100_000])
def test_a_text_without_spaces_is_cut_as_well(words: str) -> None:
    for old, new in ((f"{words}A{words}", f"{words}B{words}"), ("We agree.", words)):
        text, html = alert(telling(f"# Terms\n{old}", f"# Terms\n{new}"))
        assert re.search("unchanged words|more words inserted", text)
        assert max(len(text), len(html)) < 70_000


# ── Mails ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_alert_says_what_changed_where_when_and_how_to_check_it() -> None:
    text, html = alert(telling())
    for said in (
        "Nordhost · Connector Terms",
        "Payment is due in 14 days instead of 30",
        "Changed · 4 provisions changed, 2 added, 2 removed, 1 renumbered",
        "high severity",
        "Versions  3 → 4",
        "Seen      6 April 2026, 08:00 CEST",
        "Dated     15 January 2026, by its own words",
        "Notice    takes effect 30 days after it was seen",
        "Silent edit",
        "https://nordhost.example/legal/connector-terms",
        "within [-30-]{+14+} days of the invoice.",
        "monitor show nordhost/connector-terms --version 4",
    ):
        assert said in text
    page = LexborHTMLParser(html)
    assert [node.text() for node in page.css("del")[:2]] == ["30", "30"]
    assert [node.text() for node in page.css("ins")[:2]] == ["14", ", and a fee of €40"]


def test_what_is_cut_names_the_command_that_shows_all() -> None:
    old = "# Terms\n" + "\n".join(f"## {n}. Part\nYou pay {n} crowns." for n in range(1, 60))
    text, html = alert(telling(old, old.replace("crowns", "euros")))
    for body in (text, " ".join(LexborHTMLParser(html).text().split())):
        assert "and 34 more provisions. To see all: monitor diff nordhost/connector-terms --from 3 --to 4" in body


def test_a_page_cannot_write_markup_into_a_mail() -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(1)"> & </del> {{ 7*7 }}'
    about = replace(document(), name=hostile, platform_name=hostile)
    _, html = alert(telling(OLD, NEW.replace("14 days", f"14 days {hostile}"), headline=hostile, about=about))
    page = LexborHTMLParser(html)
    assert page.css("script, img, [onerror]") == []
    assert hostile in page.css_first("title").text()
    assert "{{ 7*7 }}" in page.text()
    assert len(page.css("del")) == len(LexborHTMLParser(alert(telling())[1]).css("del"))


def test_a_source_that_is_no_web_address_is_no_link() -> None:
    about = replace(document(), sources=(replace(document().sources[0], url="javascript:alert(1)"),))
    _, html = alert(telling(about=about))
    assert [node.attributes["href"] for node in LexborHTMLParser(html).css("a")] == [
        "mailto:ops@example.org?subject=unsubscribe"
    ]


def test_text_cannot_turn_itself_around_or_ring_a_bell() -> None:
    text, html = alert(telling(OLD, NEW.replace("14 days", "\u202e14 days\u202c \x07\x1b[31m")))
    for body in (text, html):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", body)
        assert "⟨U+202E⟩14" in body
        assert "⟨U+202C⟩ ⟨U+0007⟩⟨U+001B⟩" in " ".join(body.split())


@given(st.text())
def test_a_header_is_one_printable_line(text: str) -> None:
    line = one_line(text, 100)
    assert len(line) <= 100
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", line)
    line.encode()


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_several_changes_of_a_document_are_told_in_one_mail() -> None:
    message = email.alert((telling(), telling(NEW, OLD, kind=EventKind.RETURN)), "UTC", LETTERHEAD)
    assert message.subject == "Nordhost · Connector Terms: 2 changes"
    assert message.text.count("Versions  3 → 4") == 2


@pytest.mark.parametrize(
    ("one", "subject"),
    [
        (telling(), "Nordhost · Connector Terms: 4 provisions changed, 2 added, 2 removed"),
        (telling(kind=EventKind.RETURN), "Nordhost · Connector Terms: returned to version 4"),
        (withdrawal(), "Nordhost · Connector Terms: withdrawn"),
        (replace(telling(), exhibit=None), "Nordhost · Connector Terms: changed"),
    ],
)
def test_a_subject_says_what_happened(one: Telling, subject: str) -> None:
    message = email.alert((one,), "UTC", LETTERHEAD)
    assert message.subject == subject
    assert one.event.text in message.text


def test_a_digest_says_how_far_its_silence_can_be_trusted() -> None:
    ago = SEEN - timedelta(days=3)
    standings = (
        Standing(document("A"), 4, SEEN),
        Standing(document("B"), 2, ago, unseen_since=ago, unseen_because="it asks for a login.", unseen_for_long=True),
        Standing(document("C"), 2, ago, unseen_since=SEEN, unseen_because="it was slow."),
        Standing(document("D"), 1, ago, pending_since=SEEN, pending_because="it is much shorter."),
        Standing(document("E"), 1, ago, paused_at=SEEN),
        Standing(document("F")),
        Standing(document("G"), 1, ago, withdrawn_at=SEEN),
        Standing(document("H"), 5, SEEN, variants=(2, 3, 5), variants_since=ago),
    )
    message = email.digest((), standings, Span(None, SEEN), "UTC", LETTERHEAD)
    assert message.subject == "Digest: No changes, 4 of 8 documents not verified"
    seen, then = "6 April 2026, 06:00 UTC", "3 April 2026, 06:00 UTC"
    for said in (
        f"- A: version 4, last verified {seen}.",
        f"! B: could not be seen since {then}: it asks for a login. Last verified {then}.",
        f"- C: version 2, last verified {then}; the last look failed: it was slow.",
        f"! D: a different text is there since {seen}, not yet believed: it is much shorter. Last verified {then}.",
        f"! E: not watched since {seen}; last verified {then}.",
        "! F: never yet verified.",
        f"- G: withdrawn by the platform, as seen {seen}; last verified {then}.",
        f"- H: version 5, last verified {seen}; versions 2, 3 and 5 are shown in turn, variants since {then}.",
    ):
        assert said in message.text
    rows = LexborHTMLParser(message.html).text()
    assert "Could not be seen since" in rows


def test_a_digest_mentions_what_it_has_no_room_to_show() -> None:
    many = tuple(telling(about=document(f"Terms {n}")) for n in range(25))
    message = email.digest(many, (), Span(SEEN - timedelta(days=7), SEEN), "UTC", LETTERHEAD)
    assert message.text.count("Versions  3 → 4") == 10
    assert "- Nordhost · Terms 24: 4 provisions changed, 2 added, 2 removed (monitor diff nordhost/" in message.text


def test_a_note_to_the_operator_lists_the_first_and_counts_the_rest() -> None:
    many = tuple(incident(document(f"Terms {n}")) for n in range(25))
    message = email.operator(many, "UTC", LETTERHEAD)
    assert message.subject == "25 incidents opened or closed"
    assert message.text.count("Can't be seen") == 20
    assert "and 5 more documents. To see all: monitor list" in message.text


def test_the_operator_is_told_of_variants() -> None:
    message = email.operator((variants(),), "UTC", LETTERHEAD)
    assert message.subject == "Nordhost · Connector Terms: shown in variants"
    assert variants().event.text in message.text
    assert email.operator((variants(), incident()), "UTC", LETTERHEAD).subject == "2 notes"
