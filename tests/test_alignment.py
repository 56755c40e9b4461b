"""Which provision is which: repeated ones, moved ones, and those that were split or merged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from monitor.core.compare import compare
from monitor.core.model import Comparison, Op, Reading
from tests.readings import reading_of

CHANCE = random.Random(5)
VOCABULARY = ["".join(CHANCE.choices("abcdefghij", k=CHANCE.randint(2, 9))) for _ in range(2000)]


def said(number: int) -> str:
    """A sentence that no other number says."""
    words = ("party", "shall", "keep", "records", "of", "every", "delivery", "made", "under", "this", "order")
    return " ".join(f"{word}{number}" for word in words) + "."


def changed(old: Iterable[str], new: Iterable[str]) -> Comparison:
    return compare(reading_of("\n".join(old)), reading_of("\n".join(new)))


def told(old: Iterable[str], new: Iterable[str]) -> list[tuple[Op, int | None, int | None]]:
    """The operations with their provisions before and after, without mere new numbers."""
    found = changed(old, new).changes
    return [(change.op, change.old, change.new) for change in found if change.op is not Op.RENUMBERED]


def test_boilerplate_stays_with_its_own_section_when_its_number_shifts() -> None:
    old = [f"## {n}. T{n}\n{said(n)}\n### {n}.1 Survival\nIt survives the end." for n in (1, 2, 3)]
    new = [f"## {n + 1}. T{n}\n{said(n)}\n### {n + 1}.1 Survival\nIt survives the end." for n in (1, 2, 3)]
    assert told(old, [f"## 1. New\n{said(9)}", *new]) == [(Op.ADDED, None, 0)]


def general(*numbers: int) -> list[str]:
    return [f"## General\n### T{n}\n{said(n)}\n### U{n}\n{said(n + 50)}" for n in numbers]


def test_headings_that_are_repeated_go_with_what_stands_under_them() -> None:
    assert told(general(1, 2, 3, 4), general(2, 3, 4, 1)) == [(Op.MOVED, 0, 9)]
    assert told(general(1, 2, 3), general(1, 3)) == [(Op.REMOVED, 4, None), (Op.REMOVED, 5, None)]


def test_an_item_that_went_past_one_heading_into_another_section_moved() -> None:
    old = ["## A", f"(a) {said(1)}", "(b) Fees", "## Business", f"(a) {said(2)}"]
    new = ["## A", f"(a) {said(1)}", "## Business", "(a) Fees", f"(b) {said(2)}"]
    assert told(old, new) == [(Op.MOVED, 2, 3)]


def test_a_section_whose_heading_above_went_and_that_went_elsewhere_moved() -> None:
    old = [f"## A\n{said(1)}", f"## B\n### Law\n{said(2)}", f"## C\n{said(3)}", f"## D\n{said(4)}"]
    new = [f"## A\n{said(1)}", f"## C\n{said(3)}", f"## D\n{said(4)}", f"## Law\n{said(2)}"]
    assert told(old, new) == [(Op.REMOVED, 1, None), (Op.MOVED, 2, 3)]


def test_a_heading_that_comes_above_others_moves_none_of_them() -> None:
    old = [f"## A\n{said(1)}", f"## B\n{said(2)}", f"## C\n{said(3)}"]
    new = [f"## Group\n### A\n{said(1)}", f"### B\n{said(2)}", f"## C\n{said(3)}"]
    assert told(old, new) == [(Op.ADDED, None, 0)]
    assert told(new, old) == [(Op.REMOVED, 0, None)]


def test_what_was_united_goes_on_in_the_part_it_begins_with_however_short() -> None:
    parts = ["## A", "(a) Keep it safe at all times, ", f"(b) {said(1)} {said(2)}", f"(c) {said(3)}"]
    whole = ["## A", f"(a) Keep it safe at all times, {said(1)} {said(2)}", f"(b) {said(3)}"]
    assert [(c.op, c.also, c.old, c.parts) for c in changed(parts, whole).changes][:1] == [(Op.MERGED, (), 1, (1, 2))]
    assert [(c.op, c.also, c.new, c.parts) for c in changed(whole, parts).changes][:1] == [(Op.SPLIT, (), 1, (1, 2))]


def test_rows_that_are_only_counted_are_matched_by_what_they_say() -> None:
    old = ["## T", "|= No. | Centre", "| 1 | Oslo data centre", "| 2 | Cork data centre", "| 3 | Bonn data centre"]
    new = [*old[:3], "| 2 | Rome data centre", "| 3 | Cork data centre", "| 4 | Bonn data centre"]
    found = changed(old, new)
    assert [change.new for change in found.changes if change.op is Op.ADDED] == [2]
    assert {(2, 3), (3, 4)} <= set(found.pairs)


def test_a_row_without_a_key_between_its_neighbours_is_the_same_row() -> None:
    old = ["## T", "|= | What", "|  | One thing", "|  | Another matter here", "|  | The third"]
    assert told(old, [*old[:3], "|  | Something else", old[4]]) == [(Op.MODIFIED, 2, 2)]


def test_a_preamble_that_got_a_heading_is_found_under_it() -> None:
    old = [said(1), f"## B\n{said(2)}"]
    new = ["Version of May", f"## Scope\n{said(1)}", f"## B\n{said(2)}"]
    assert told(old, new) == [(Op.ADDED, None, 0), (Op.RETITLED, 0, 1)]


def test_of_two_clauses_that_say_the_same_the_one_that_was_edited_is_told() -> None:
    old = ["## 1. A", f"(a) {said(1)}", f"(b) {said(2)}", f"(c) {said(2)}", f"## 2. B\n{said(3)}"]
    new = [*old[:2], old[2].replace("order2", "contract"), *old[3:]]
    assert told(old, new) == [(Op.MODIFIED, 2, 2)]
    assert told(new, old) == [(Op.MODIFIED, 2, 2)]


def test_of_two_copies_at_the_beginning_the_second_one_came_or_went() -> None:
    copy, rest = [f"## Fees\n{said(1)}", f"### Due\n{said(2)}"], [f"## Law\n{said(3)}"]
    assert told(copy + rest, copy + copy + rest) == [(Op.ADDED, None, 2), (Op.ADDED, None, 3)]
    assert told(copy + copy + rest, copy + rest) == [(Op.REMOVED, 2, None), (Op.REMOVED, 3, None)]


def test_what_was_rewritten_between_its_neighbours_under_its_title_or_number_is_the_same_provision() -> None:
    def text(first: int, second: int) -> list[str]:
        return [f"## A\n{said(1)}", f"## Note\n{said(first)}", f"## B\n{said(2)}", f"## Note\n{said(second)}"]

    assert told(text(3, 4), text(5, 4)) == [(Op.MODIFIED, 1, 1)]
    items = ["## A", f"(a) {said(1)}", f"(b) {said(2)}", f"(c) {said(3)}"]
    assert told(items, [*items[:2], f"(b) {said(4)}", items[3]]) == [(Op.MODIFIED, 2, 2)]


def test_a_heading_over_nothing_that_is_worded_otherwise_is_retitled() -> None:
    old = [f"## A\n{said(1)}", "## Help for whole families", "## Help for schools", f"## B\n{said(2)}"]
    assert told(old, [old[0], "## Help for large families", *old[2:]]) == [(Op.RETITLED, 1, 1)]


def test_a_title_that_is_read_as_text_where_nothing_follows_it_is_still_the_title() -> None:
    old = reading_of(f"## 5. Fees\n{said(1)}\n## 6. Advertisement\n{said(2)}\n## 7. Law\n{said(3)}")
    new = titles_as_text(reading_of(f"## 5. Fees\n{said(1)}\n## 6. Advertisement\n## 7. Law\n{said(3)}"), 1)
    (change,) = compare(old, new).changes
    assert (change.op, change.also, change.old, change.new) == (Op.MODIFIED, (), 1, 1)
    assert (change.words_removed, change.words_added) == (11, 0)
    same = titles_as_text(new, 0, 2)
    (change,) = compare(old, same).changes
    assert (change.op, change.also, change.old, change.new) == (Op.MODIFIED, (), 1, 1)


def test_a_title_in_the_line_that_is_read_as_text_is_no_other_title() -> None:
    old = reading_of(f"## 5. Fees\n{said(1)}\n## 6. Training. {said(2)}\n## 7. Law\n{said(3)}")
    training = replace(old.provisions[1], title="Training", body_start=old.provisions[1].start + len("6. Training."))
    old = replace(old, provisions=(old.provisions[0], training, old.provisions[2]))
    new = reading_of(f"## 5. Fees\n{said(1)}\n## 6. Training. {said(2)}\n## 7. Law\n{said(4)}")
    assert [change.new for change in compare(old, titles_as_text(new, 1)).changes] == [2]


def titles_as_text(reading: Reading, *ordinals: int) -> Reading:
    """The same text, read so that these provisions have no title; their lines are all body."""
    provisions = list(reading.provisions)
    for ordinal in ordinals:
        own = provisions[ordinal]
        provisions[ordinal] = replace(own, title="", body_start=own.start + len(own.label) + 1)
    return replace(reading, provisions=tuple(provisions))


def test_a_number_that_is_read_as_words_is_no_new_number() -> None:
    old = reading_of(f"## 5. Fees\n{said(1)}\n## 6. Law\n{said(2)}\n## 7. End\n{said(3)}")
    new = reading_of(f"## 5. Fees\n{said(1)}\n## 6. Law\n{said(2)}\n## 7. End\n{said(4)}")
    law = replace(new.provisions[1], label="", title="6. Law")
    new = replace(new, provisions=(new.provisions[0], law, new.provisions[2]))
    assert [change.new for change in compare(old, new).changes] == [2]


def test_what_is_left_over_because_it_is_said_too_often_makes_the_answer_coarse() -> None:
    def text(extra: str, end: str) -> list[str]:
        bodies = [" ".join(CHANCE.choices(VOCABULARY, k=30)) for _ in range(60)]
        return [f"## {body[:20]}\n{body}.\n{extra}(b) This notice applies to all who read it{end}." for body in bodies]

    assert changed(text("", ""), text("(a) And so on and on.\n", " today")).coarse
    assert not changed(general(1, 2), general(2, 3)).coarse


PAIRS = {
    "moved": (general(1, 2, 3, 4), general(2, 3, 4, 1)),
    "split": ([f"## A\n{said(1)}\n{said(2)}"], [f"## A\n{said(1)}", f"## B\n{said(2)}"]),
    "into another section": (
        ["## A", f"(a) {said(1)}", "(b) Fees", "## B", f"(a) {said(2)}"],
        ["## A", f"(a) {said(1)}", "## B", "(a) Fees", f"(b) {said(2)}"],
    ),
}
MIRRORED = {Op.ADDED: Op.REMOVED, Op.REMOVED: Op.ADDED, Op.SPLIT: Op.MERGED, Op.MERGED: Op.SPLIT}


@pytest.mark.parametrize("name", PAIRS)
def test_swapping_the_sides_swaps_what_is_told(name: str) -> None:
    old, new = PAIRS[name]
    there, back = changed(old, new), changed(new, old)
    assert {(new, old) for old, new in there.pairs} == set(back.pairs)
    assert Counter(MIRRORED.get(c.op, c.op) for c in there.changes) == Counter(c.op for c in back.changes)


def test_a_section_that_passes_others_while_they_change_their_level_has_moved() -> None:
    under = ["# Terms", f"## A\n{said(1)}", f"### B\n{said(2)}", f"### C\n{said(3)}", f"## D\n{said(4)}"]
    beside = ["# Terms", f"## A\n{said(1)}", f"## D\n{said(4)}", f"## B\n{said(2)}", f"## C\n{said(3)}"]
    assert told(under, beside) == [(Op.MOVED, 4, 2)]
    assert told(beside, under) == [(Op.MOVED, 2, 4)]
