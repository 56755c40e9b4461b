"""Identities that last: through edits, moves, new numbers and splits, and never two the same."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings, strategies as st

from monitor.core.compare import compare
from monitor.core.identity import hand_on, mint
from monitor.core.model import Reading
from tests.readings import reading_of

OLD = """
## 1. Licence
Halcyon grants Partner a limited and revocable licence to use the Connector API.
## 2. Security
Partner must encrypt all data in transit and at rest with keys of its own.
Halcyon may suspend a Connector at any time where it poses a risk to end users and their data.
## 3. Fees
Calls are charged at 1.5 % of the order.
"""


def handed_on(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, after = reading_of(old), reading_of(new)
    identities = mint(before)
    return identities, hand_on(after, compare(before, after), identities)


def test_a_provision_keeps_its_identity_through_an_edit_a_move_and_a_new_number() -> None:
    licence, security, fees = OLD.strip().split("## ")[1:]
    fees = fees.replace("3. Fees", "1. Prices").replace("1.5 %", "2 %")
    new = f"## {fees}\n## 2. Law\nThe law of France governs.\n## {licence.replace('1.', '3.')}## {security}"
    before, after = handed_on(OLD, new)
    assert (after[0], after[2], after[3]) == (before[2], before[0], before[1])
    assert after[1] not in before


def test_the_part_of_a_split_that_goes_on_under_the_title_inherits_and_the_other_is_new() -> None:
    before, after = handed_on(OLD, OLD.replace("\nHalcyon may suspend", "\n## 2a. Suspension\nHalcyon may suspend"))
    assert (after[0], after[3]) == (before[0], before[2])
    assert after[1] == before[1]
    assert after[2] not in before


def test_a_merged_provision_has_one_of_its_parts_identities() -> None:
    before, after = handed_on(OLD.replace("\nHalcyon may suspend", "\n## 2a. Suspension\nHalcyon may suspend"), OLD)
    assert after[1] in before[1:3]
    assert (after[0], after[2]) == (before[0], before[3])


def test_what_comes_back_after_it_was_gone_is_something_new() -> None:
    start, end = OLD.index("## 2."), OLD.index("## 3.")
    first, second, third = reading_of(OLD), reading_of(OLD[:start] + OLD[end:]), reading_of(OLD, snapshot="later")
    before = mint(first)
    between = hand_on(second, compare(first, second), before)
    after = hand_on(third, compare(second, third), between)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] not in {*before, *between}


LINES = ["## 1. Fees", "## 2. Data", "(a) Data is encrypted.", "Fees are due. They are paid.", "| Nordhost | Norway"]
READINGS = st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join).map(reading_of)


@given(st.lists(READINGS, min_size=2, max_size=5))
@settings(deadline=None)
def test_no_two_provisions_ever_share_an_identity(history: list[Reading]) -> None:
    identities = mint(history[0])
    for old, new in pairwise(history):
        identities = hand_on(new, compare(old, new), identities)
        assert len(set(identities)) == len(new.provisions)
