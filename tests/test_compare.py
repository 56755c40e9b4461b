"""Comparing readings: which provision changed, and in which words."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from monitor.core.citing import cite
from monitor.core.compare import compare
from monitor.core.comparing.order import common, longest_increasing
from monitor.core.model import Comparison, Difference, Op, ProvisionChange, Reading, SegmentKind
from tests.pages import TERMS as PAGE, reading
from tests.readings import reading_of

TERMS = """
# Connector Terms
Effective: 2 March 2026
## 1. Definitions
A Connector is software that lets an end user read from a service.
## 2. Licence
Halcyon grants Partner a limited and revocable licence to use the Connector API.
## 3. Data protection
Halcyon will not sell Partner Data. Partner must answer requests within 30 days.
(a) Data is encrypted in transit and at rest.
(b) Data is deleted after the Connector is removed.
## 4. Security
Incidents are reported within 72 hours to security@halcyon.example.
- The Connector must have a privacy notice.
- The Connector must request only the scopes it needs.
## 5. Fees
Calls above 100,000 a month are charged at 1.5 % of the order until 1 April 2026.
## Annex A
|= Name | Place
| Nordhost AS | Norway
| Lumen Ltd | Ireland
"""

ROWS = "| Nordhost AS | Norway\n| Lumen Ltd | Ireland"


def told(comparison: Comparison) -> list[tuple[str, str]]:
    """What a reader is told, without mere new numbers."""
    return [(change.op.value, change.path) for change in comparison.changes if change.op is not Op.RENUMBERED]


def changed(old: str, new: str) -> Comparison:
    return compare(reading_of(old), reading_of(new))


def marked(change: ProvisionChange, old: Reading, new: Reading) -> str:
    """The edits of a change as text: [-taken out-] {+put in+}."""
    shown = []
    for segment in change.segments:
        if segment.kind is SegmentKind.DELETED:
            shown.append(f"[-{old.text[segment.old_start : segment.old_end]}-]")
        elif segment.kind is SegmentKind.INSERTED:
            shown.append(f"{{+{new.text[segment.new_start : segment.new_end]}+}}")
    return " ".join(shown)


def only_edit(before: str, after: str) -> str:
    """The marked edits of the one provision that changed where `before` became `after` in TERMS."""
    assert before in TERMS
    old, new = reading_of(TERMS), reading_of(TERMS.replace(before, after))
    comparison = compare(old, new)
    assert [change.op for change in comparison.changes] == [Op.MODIFIED]
    return marked(comparison.changes[0], old, new)


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        ("in transit and at", "in transit or at", "[-and-] {+or+}"),
        ("1.5 %", "15 %", "[-1.5 %-] {+15 %+}"),
        ("1 April 2026", "2 April 2026", "[-1 April 2026-] {+2 April 2026+}"),
        ("security@halcyon", "trust@halcyon", "[-security@halcyon.example-] {+trust@halcyon.example+}"),
        ("Halcyon will not sell", "Halcyon may sell", "[-will not-] {+may+}"),
        ("Partner Data. Partner", "Partner Data. It may share it. Partner", "{+It may share it. +}"),
        ("a limited and revocable licence", "a licence", "[-limited and revocable -]"),
    ],
)
def test_words_numbers_dates_and_addresses_are_marked_whole(before: str, after: str, edit: str) -> None:
    assert only_edit(before, after) == edit


def test_chinese_and_japanese_are_marked_by_character() -> None:
    old, new = reading_of("# 規約\n利用者は料金を支払います。"), reading_of("# 規約\n利用者は料金を支払いません。")
    assert marked(compare(old, new).changes[0], old, new) == "[-す-] {+せん+}"


def test_an_inserted_section_is_one_addition_and_the_rest_is_only_renumbered() -> None:
    new = TERMS
    for number in (5, 4, 3):
        new = new.replace(f"## {number}.", f"## {number + 1}.")
    new = new.replace("## 4. Data", "## 3. Agents\nAn agent must log each action that it takes.\n## 4. Data")
    comparison = changed(TERMS, new)
    assert told(comparison) == [("added", "3 Agents")]
    assert Counter(change.op for change in comparison.changes)[Op.RENUMBERED] == 3
    assert (comparison.words_added, comparison.words_removed) == (10, 0)


def test_a_removed_section_is_listed_where_it_stood() -> None:
    start, end = TERMS.index("## 4."), TERMS.index("## 5.")
    comparison = changed(TERMS, TERMS[:start] + TERMS[end:].replace("## 5.", "## 4.").replace("1.5 %", "2 %"))
    assert told(comparison) == [("removed", "4 Security"), ("modified", "4 Fees")]


def test_a_section_that_moved_and_was_edited_is_one_change() -> None:
    start, end, annex = TERMS.index("## 2."), TERMS.index("## 3."), TERMS.index("## Annex")
    section = TERMS[start:end].replace("limited", "royalty-free")
    comparison = changed(TERMS, TERMS[:start] + TERMS[end:annex] + section + TERMS[annex:])
    assert told(comparison) == [("modified", "2 Licence")]
    assert comparison.changes[-1].also == (Op.MOVED,)


def test_a_section_that_only_moved_has_no_changed_words() -> None:
    start, end, annex = TERMS.index("## 3."), TERMS.index("## 4."), TERMS.index("## Annex")
    comparison = changed(TERMS, TERMS[:start] + TERMS[end:annex] + TERMS[start:end] + TERMS[annex:])
    assert told(comparison) == [("moved", "3 Data protection")]
    assert (comparison.words_added, comparison.words_removed) == (0, 0)


def test_a_new_title_over_the_same_words_is_retitled() -> None:
    comparison = changed(TERMS, TERMS.replace("4. Security", "4. Security and incidents"))
    assert told(comparison) == [("retitled", "4 Security and incidents")]
    assert (comparison.words_added, comparison.words_removed) == (2, 0)


def test_table_rows_are_matched_by_their_key_in_any_order() -> None:
    new = TERMS.replace(
        "| Nordhost AS | Norway\n| Lumen Ltd | Ireland",
        "| Lumen Ltd | France\n| Corvid Inc | USA\n| Nordhost AS | Norway",
    )
    assert told(changed(TERMS, new)) == [
        ("modified", "Annex A, row Lumen Ltd"),
        ("added", "Annex A, row Corvid Inc"),
    ]


def test_the_order_of_rows_and_bullets_is_no_change() -> None:
    rows = TERMS.replace(
        "| Nordhost AS | Norway\n| Lumen Ltd | Ireland", "| Lumen Ltd | Ireland\n| Nordhost AS | Norway"
    )
    bullets = TERMS.replace(
        "- The Connector must have a privacy notice.\n- The Connector must request only the scopes it needs.",
        "- The Connector must request only the scopes it needs.\n- The Connector must have a privacy notice.",
    )
    assert rows != TERMS != bullets
    for new in (rows, bullets):
        comparison = changed(TERMS, new)
        assert comparison.changes == ()
        assert comparison.difference is Difference.COSMETIC


def test_bullets_in_another_order_are_not_counted_beside_an_edit() -> None:
    old = (
        "## 1. Scope\n- One is the first rule.\n- Two is the second rule.\n- Three is the third rule.\nThe end is near."
    )
    new = (
        "## 1. Scope\n- Three is the third rule.\n- One is the first rule.\n- Two is the second rule.\nThe end is far."
    )
    comparison = changed(old, new)
    assert told(comparison) == [("modified", "1 Scope")]
    assert (comparison.words_added, comparison.words_removed) == (1, 1)


def moved(old: str, new: str) -> list[str]:
    """What a comparison tells of text that moved: kind, the provision, the other provision, the words."""
    before, after = reading_of(old), reading_of(new)
    told = []
    for change in compare(before, after).changes:
        for segment in change.segments:
            if segment.kind is SegmentKind.MOVED_OUT and segment.elsewhere is not None:
                there = cite(after, segment.elsewhere)
                told.append(f"{change.path} → {there}: {before.text[segment.old_start : segment.old_end].strip()}")
            elif segment.kind is SegmentKind.MOVED_IN and segment.elsewhere is not None:
                there = cite(before, segment.elsewhere)
                told.append(f"{change.path} ← {there}: {after.text[segment.new_start : segment.new_end].strip()}")
    return told


PARAGRAPH = "Partner must answer every request of an end user within a month of its receipt."


def test_a_paragraph_that_moved_to_another_section_is_neither_gone_nor_new() -> None:
    old = TERMS.replace("## 3. Data", f"{PARAGRAPH}\n## 3. Data")
    new = TERMS.replace("## Annex A", f"{PARAGRAPH}\n## Annex A")
    assert moved(old, new) == [
        f"2 Licence → 5 Fees: {PARAGRAPH}",
        f"5 Fees ← 2 Licence: {PARAGRAPH}",
    ]
    comparison = changed(old, new)
    assert comparison.difference is Difference.CHANGE
    assert (comparison.words_added, comparison.words_removed) == (0, 0)


def test_of_a_paragraph_that_was_reworded_as_it_moved_only_the_reworded_words_are_marked() -> None:
    old = reading_of(TERMS.replace("## 3. Data", f"{PARAGRAPH}\n## 3. Data"))
    new = reading_of(TERMS.replace("## Annex A", f"{PARAGRAPH.replace('a month', '30 days')}\n## Annex A"))
    comparison = compare(old, new)
    assert [marked(change, old, new) for change in comparison.changes] == ["[-a month-]", "{+30 days+}"]
    assert (comparison.words_added, comparison.words_removed) == (2, 2)


def test_a_paragraph_elsewhere_in_its_section_is_moved_within_it() -> None:
    old = TERMS.replace("## 3. Data", f"{PARAGRAPH}\n## 3. Data")
    new = TERMS.replace("Halcyon grants", f"{PARAGRAPH}\nHalcyon grants")
    shorter = "Halcyon grants Partner a limited and revocable licence to use the Connector API."
    assert moved(old, new) == [f"2 Licence → 2 Licence: {shorter}", f"2 Licence ← 2 Licence: {shorter}"]


def test_a_sentence_with_an_abbreviation_moves_whole() -> None:
    sentence = "We keep data under Art. 5 of it."
    old = f"## 1. Use\nWe act. {sentence}\n## 2. Data\nWe listen."
    new = f"## 1. Use\nWe act.\n## 2. Data\nWe listen. {sentence}"
    assert moved(old, new) == [f"1 Use → 2 Data: {sentence}", f"2 Data ← 1 Use: {sentence}"]


def in_place(old: str, new: str) -> tuple[list[str], int, int]:
    """What stays in place under another heading, and how many words came and went."""
    comparison, text = changed(old, new), reading_of(new).text
    segments = [segment for change in comparison.changes for segment in change.segments]
    assert not [one for one in segments if one.elsewhere is not None and not one.in_place]
    stayed = [text[one.new_start : one.new_end].strip() for one in segments if one.kind is SegmentKind.MOVED_IN]
    return stayed, comparison.words_added, comparison.words_removed


def test_text_past_which_a_heading_moved_stays_in_place() -> None:
    old = f"## Our promise\nWe keep your data safe from everybody.\n## Privacy\n{PARAGRAPH}\n## Law\nDutch law applies."
    new = f"## Privacy\n## Our promise\nWe keep your data safe from everybody.\n{PARAGRAPH}\n## Law\nDutch law applies."
    assert in_place(old, new) == ([PARAGRAPH], 0, 0)
    assert in_place(new, old) == ([PARAGRAPH], 0, 0)


def test_a_few_words_that_are_said_elsewhere_have_not_moved() -> None:
    old = TERMS.replace("## 3. Data", "This is at will.\n## 3. Data").replace("a limited", "an exclusive")
    new = TERMS.replace("## Annex A", "So is this: at will.\n## Annex A")
    assert moved(old, new) == []


def test_a_heading_that_came_with_its_items_is_marked_with_the_first_of_them() -> None:
    annex = "## Annex B\n(a) Backups are kept for a week.\n(b) Logs are kept for a month."
    old, new = reading_of(TERMS), reading_of(f"{TERMS}\n{annex}")
    comparison = compare(old, new)
    assert [change.path for change in comparison.changes] == ["Annex B, (a)", "Annex B, (b)"]
    first = comparison.changes[0].segments[0]
    assert new.text[first.new_start : first.new_end].startswith("Annex B")
    assert comparison.words_added == 14  # the letters are labels


def test_a_word_between_two_long_replacements_is_no_island_but_one_between_short_ones_stays() -> None:
    old = "Calls above 100,000 a month are charged at 1.5 %"
    new = "All visits over five million or so pages a quarter cost partners more"
    assert only_edit(old, new) == f"[-{old}-] {{+{new}+}}"
    assert (
        only_edit("in transit and at rest", "by night and by day")
        == "[-in transit-] {+by night+} [-at rest-] {+by day+}"
    )


def test_a_section_split_in_two_is_a_split_with_a_new_heading() -> None:
    first = "Partner must encrypt all data in transit and at rest with keys of its own."
    second = "Halcyon may suspend a Connector at any time where it poses a risk to end users."
    whole, halves = f"## 1. Security\n{first}\n{second}", f"## 1. Security\n{first}\n## 2. Suspension\n{second}"
    split, merged = changed(whole, halves), changed(halves, whole)
    assert told(split) == [("split", "1 Security")]
    assert told(merged) == [("merged", "1 Security")]
    assert (split.words_added, split.words_removed) == (2, 0) == (merged.words_removed, merged.words_added)
    assert split.pairs == ((0, 0), (0, 1))


def test_repeated_boilerplate_stays_with_its_own_section() -> None:
    boiler = "This section survives the end of the agreement for any reason."
    old = "\n".join(f"## {n}. {title}\n### Survival\n{boiler}" for n, title in enumerate(["Fees", "Data", "Law"], 1))
    new = old.replace(f"## 2. Data\n### Survival\n{boiler}\n", "")
    comparison = changed(old, new)
    assert [change.old for change in comparison.changes if change.op is Op.REMOVED] == [2, 3][1:]
    assert (4, 2) in comparison.pairs
    assert (5, 3) in comparison.pairs


def test_an_edit_of_the_first_of_two_equal_sections_is_told_of_the_first() -> None:
    law = "## Law\nThe law of Norway applies to these terms.\n"
    old = f"## Users\nUsers may use it.\n{law}## Partners\nPartners may build on it.\n{law}"
    (change,) = changed(old, old.replace("Norway", "Ireland", 1)).changes
    assert (change.op, change.also, change.old, change.new) == (Op.MODIFIED, (), 1, 1)


def test_rows_whose_other_cells_all_changed_are_the_same_rows_by_their_keys() -> None:
    rows = {"Access": "Write to the officer by post", "Erasure": "Press delete in your account", "Transfer": "Ask us"}
    other = "## Fees\n|= What | How much\n| Access | Nothing\n| Erasure | Nothing\n| Transfer | 5 euros\n"
    old = other + "## Rights\n|= Right | How\n" + "\n".join(f"| {key} | {how}" for key, how in rows.items())
    new = (
        other
        + "## Rights\n|= Right | How\n"
        + "\n".join(f"| {key} | Done at {len(key)} places" for key in reversed(rows))
    )
    found = changed(old, new).changes
    assert [(change.op, change.path) for change in found] == [
        (Op.MODIFIED, f"Rights, row {key}") for key in reversed(rows)
    ]


def test_a_section_that_took_in_a_longer_one_is_still_the_section_of_its_title() -> None:
    fees = (
        "Fees are charged each month for what was used, and are due within thirty days of the invoice by bank transfer."
    )
    tax = " ".join(
        f"Tax {number} is due in country {number} where the law of {number} wants it." for number in range(9)
    )
    (change,) = changed(f"## 1. Fees\n{fees}\n## 2. Taxes\n{tax}", f"## 2. Fees\n{fees}\n{tax}").changes
    assert (change.op, change.also, change.old, change.parts) == (Op.MERGED, (Op.RENUMBERED,), 0, (0, 1))


def test_a_change_that_is_only_cosmetic_does_not_clutter_a_real_one() -> None:
    new = TERMS.replace("Connector API.", "Connector  API").replace("72 hours", "24 hours")
    assert told(changed(TERMS, new)) == [("modified", "4 Security")]


def test_only_a_stated_date_is_a_difference_of_its_own() -> None:
    comparison = changed(TERMS, TERMS.replace("2 March 2026", "3 March 2026"))
    assert comparison.difference is Difference.DATE_ONLY
    assert told(comparison) == [("modified", "Connector Terms")]


LINES = st.sampled_from(
    [
        "## 1. Fees",
        "## 2. Fees",
        "## 2. Data protection",
        "### Survival",
        "(a) Data is encrypted.",
        "(b) Data is encrypted.",
        "(b) Data is deleted in 30 days.",
        "Halcyon may change the fees at any time.",
        "Halcyon may not change the fees at any time. It tells Partner before.",
        "- The first rule.",
        "- The second rule.",
        "| Nordhost AS | Norway",
        "| Nordhost AS | Sweden",
        "| Lumen Ltd | Ireland",
        "規約は変更されます。",
    ]
)
READINGS = st.lists(LINES, min_size=1, max_size=14).map("\n".join).map(reading_of)


@given(READINGS)
@settings(deadline=None)
def test_a_reading_compared_with_itself_has_no_changes(reading: Reading) -> None:
    comparison = compare(reading, reading)
    assert comparison.changes == ()
    assert comparison.pairs == tuple((p.ordinal, p.ordinal) for p in reading.provisions)


@given(READINGS, READINGS)
@settings(deadline=None, max_examples=200)
def test_segments_are_exactly_both_texts_of_a_pair(old: Reading, new: Reading) -> None:
    for change in compare(old, new).changes:
        befores = change.parts if change.op is Op.MERGED else (change.old,)
        afters = change.parts if change.op is Op.SPLIT else (change.new,)
        before, after = text_of(old, befores), text_of(new, afters)
        told_before = "".join(old.text[s.old_start : s.old_end] for s in change.segments)
        told_after = "".join(new.text[s.new_start : s.new_end] for s in change.segments)
        if change.op in (Op.ADDED, Op.REMOVED):  # with headings that came or went with it
            assert (told_before or told_after).endswith(before or after)
        else:
            assert (told_before, told_after) == (before, after)
        equal = [s for s in change.segments if s.kind is SegmentKind.EQUAL]
        assert all(old.text[s.old_start : s.old_end] == new.text[s.new_start : s.new_end] for s in equal)


@given(READINGS, READINGS)
@settings(deadline=None, max_examples=200)
def test_what_moved_out_somewhere_moved_in_elsewhere(old: Reading, new: Reading) -> None:
    segments = [segment for change in compare(old, new).changes for segment in change.segments]
    out = [old.text[s.old_start : s.old_end] for s in segments if s.kind is SegmentKind.MOVED_OUT]
    into = [new.text[s.new_start : s.new_end] for s in segments if s.kind is SegmentKind.MOVED_IN]
    assert Counter(" ".join(out).split()) == Counter(" ".join(into).split())


@given(READINGS, READINGS)
@settings(deadline=None, max_examples=200)
def test_no_word_that_came_or_went_is_missed(old: Reading, new: Reading) -> None:
    """Every provision is told of: as unchanged, or in the segments of one change and no more."""
    comparison = compare(old, new)
    if comparison.difference is not Difference.CHANGE:
        return
    told = [(s.new_start, s.new_end) for change in comparison.changes for s in change.segments]
    told += [
        (p.start, p.end)
        for p in new.provisions
        if not any(start <= p.start < end or start < p.end <= end for start, end in told)
        and p.ordinal in {new_ordinal for _, new_ordinal in comparison.pairs}
    ]
    assert sum(end - start for start, end in told) == len(new.text)


@given(READINGS, READINGS)
@settings(deadline=None, max_examples=200)
def test_swapping_the_sides_swaps_added_and_removed(old: Reading, new: Reading) -> None:
    there, back = compare(old, new), compare(new, old)
    assert Counter(c.op for c in there.changes)[Op.ADDED] == Counter(c.op for c in back.changes)[Op.REMOVED]
    assert Counter(c.op for c in there.changes)[Op.REMOVED] == Counter(c.op for c in back.changes)[Op.ADDED]
    assert there.difference is back.difference
    assert Counter(marks(there.changes, old, new)) == Counter(marks(back.changes, new, old, swapped=True))


SWAPPED = {"deleted": "inserted", "inserted": "deleted", "moved_out": "moved_in", "moved_in": "moved_out"}


def marks(
    changes: tuple[ProvisionChange, ...], old: Reading, new: Reading, *, swapped: bool = False
) -> Iterator[tuple[str, str]]:
    for segment in (segment for change in changes for segment in change.segments):
        text = new.text[segment.new_start : segment.new_end] or old.text[segment.old_start : segment.old_end]
        if segment.kind is not SegmentKind.EQUAL and text.strip():
            yield (SWAPPED[segment.kind.value] if swapped else segment.kind.value), text


def text_of(reading: Reading, ordinals: tuple[int | None, ...]) -> str:
    known = [reading.provisions[ordinal] for ordinal in ordinals if ordinal is not None]
    return "".join(reading.text[p.start : p.end] for p in known)


@given(st.permutations(range(9)))
def test_what_stays_in_order_is_a_longest_increasing_subsequence(values: list[int]) -> None:
    kept = longest_increasing(values, [1] * len(values))
    chosen = [values[at] for at in sorted(kept)]
    lengths: list[int] = []
    for at, value in enumerate(values):
        lengths.append(1 + max((lengths[i] for i in range(at) if values[i] < value), default=0))
    assert chosen == sorted(chosen)
    assert len(chosen) == max(lengths)


CHANCE = random.Random(5)
VOCABULARY = ["".join(CHANCE.choices("abcdefghij", k=CHANCE.randint(2, 9))) for _ in range(3000)]
WORDS = CHANCE.choices(VOCABULARY, k=20_000)
BOILERPLATE = "(a) This is boilerplate that is said again.\n" * 2_000


def sections() -> str:
    return "\n".join(f"## {n}. Title {n}\n{' '.join(CHANCE.choices(VOCABULARY, k=250))}." for n in range(60))


HOSTILE = {
    "one word without end": (f"Terms. {'_a_' * 60_000}", f"Terms. {'_a_' * 60_001}"),
    "2,000 repeated provisions": (BOILERPLATE, BOILERPLATE.replace("again", "twice")),
    "a total rewrite": (sections(), sections()),
    "one line, shuffled": (" ".join(WORDS), " ".join(CHANCE.sample(WORDS, len(WORDS)))),
    "two words for ever": ("the " * 40_000, "the a " * 30_000),
}


SHORT = st.lists(st.sampled_from("abc"), max_size=9)


def length_of_common(first: list[str], second: list[str]) -> int:
    """The length of a longest common subsequence, by the textbook."""
    if not first or not second:
        return 0
    if first[0] == second[0]:
        return 1 + length_of_common(first[1:], second[1:])
    return max(length_of_common(first[1:], second), length_of_common(first, second[1:]))


@given(SHORT, SHORT)
def test_what_two_sequences_have_in_common_is_a_longest_common_subsequence(first: list[str], second: list[str]) -> None:
    found = common(first, second)
    assert common(first, second, at_once=5) == found
    assert all(first[one] == second[other] for one, other in found)
    assert found == sorted(found)
    assert len({one for one, _ in found}) == len({other for _, other in found}) == len(found)
    assert len(found) == length_of_common(first, second)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_compared_in_seconds(name: str) -> None:
    old, new = (reading_of(text) for text in HOSTILE[name])
    began = time.process_time()
    comparison = compare(old, new)
    assert time.process_time() - began < 15  # one or two on an idle core; hours if it were quadratic
    assert comparison.words_added > 0


def test_a_text_too_large_for_the_fine_answer_says_that_it_is_coarse() -> None:
    old, new = HOSTILE["two words for ever"]
    assert changed(old, new).coarse
    assert not changed(TERMS, TERMS.replace("72 hours", "24 hours")).coarse


def test_lists_nested_without_end_are_cited_by_their_nearest() -> None:
    nested = "<ol><li>one party must not do what the other party may not do either " * 1_500
    old = reading(f"<main><h1>Terms</h1>{nested}</main>")
    new = reading(f"<main><h1>Terms</h1>{nested}<ol><li>and a last one</main>")
    [change] = [change for change in compare(old, new).changes if change.op is Op.ADDED]
    assert "…(1)(1)(1)" in change.path
    assert len(change.path) < 100


def test_numbers_that_begin_again_are_cited_with_their_annex() -> None:
    annexes = "<h2>Annex A</h2><p>1. We host your data.</p><h2>Annex B</h2><p>1. We keep your data.</p>"
    old, new = (reading(f"<main>{PAGE}{annexes.replace('keep', word)}</main>") for word in ("keep", "sell"))
    [change] = compare(old, new).changes
    assert change.path == "Annex B, 1"


def test_a_number_that_only_now_reads_as_a_label_changes_no_word() -> None:
    first = "Partner must encrypt all data in transit and at rest with keys of its own."
    second = "Halcyon may suspend a Connector at any time where it poses a risk to end users."
    leaked = f"## 1. Security\n{first}\n###2. Suspension\n{second}"
    mended = f"## 1. Security\n{first}\n## 2. Suspension\n{second}"
    assert [changed(*pair).difference for pair in ((leaked, mended), (mended, leaked))] == [Difference.COSMETIC] * 2
    worded = mended.replace("at any time", "at once")
    assert changed(leaked, worded).difference is Difference.CHANGE
