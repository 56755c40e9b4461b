"""A provision is cited as a lawyer would, and no two of a text in the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from test_provisions import LINES, split

from monitor.core.citing import cite
from monitor.core.model import BlockKind, Reading

HEADING, PARAGRAPH, ITEM, HEADER, ROW = BlockKind


def paths(*drawn: tuple[BlockKind, int, str] | tuple[BlockKind, int, str, str]) -> list[str]:
    """The paths of what stands in lines given as for `split`."""
    text, found = split(*drawn)
    reading = Reading(("s",), "test", "", (), text, (), found, "", "", "")
    return [cite(reading, provision.ordinal) for provision in found]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ([(HEADING, 2, "9. Liability"), (PARAGRAPH, 0, "9.2 Limitation of Liability. We pay no more.")],
         ["9 Liability", "9.2 Limitation of Liability"]),
        ([(HEADING, 2, "3. Use"), (PARAGRAPH, 0, "(a) You may:"), (PARAGRAPH, 0, "(i) read it;"),
          (PARAGRAPH, 0, "3.1 You may not:"), (PARAGRAPH, 0, "a) sell it;"), (PARAGRAPH, 0, "i. at all")],
         ["3 Use", "3(a)", "3(a)(i)", "3.1", "3.1(a)", "3.1(a)(i)"]),
        ([(HEADING, 2, "Security"), (PARAGRAPH, 0, "(a) We keep keys apart."), (ITEM, 1, "We log it.", "1.")],
         ["Security", "Security, (a)", "Security, (a)(1)"]),
        ([(HEADING, 2, "Article 5 Transfers"), (PARAGRAPH, 0, "1. You agree:"), (PARAGRAPH, 0, "(a) to this.")],
         ["Article 5 Transfers", "Article 5(1)", "Article 5(1)(a)"]),
        ([(HEADING, 2, "§ 7 Kündigung"), (PARAGRAPH, 0, "(1) Sie können kündigen.")], ["§ 7 Kündigung", "§ 7 (1)"]),
        ([(HEADING, 2, "第3条（料金）"), (PARAGRAPH, 0, "（１） 月額とします。")], ["第3条 （料金）", "第3条(1)"]),
        ([(HEADING, 2, "Annex A: Subprocessors"), (HEADER, 0, "Name | Place"), (ROW, 0, "Nordhost AS | Norway")],
         ["Annex A Subprocessors", "Annex A, row Nordhost AS"]),
        ([(HEADING, 2, "Definitions"), (PARAGRAPH, 0, "“Personal Data” means all that is said of a person.")],
         ["Definitions", "Definitions, “Personal Data”"]),
        ([(HEADING, 2, "1. Use"), (HEADING, 2, "Annex A"), (HEADING, 3, "1. Use"), (PARAGRAPH, 0, "1.1 All.")],
         ["1 Use", "Annex A", "Annex A, 1 Use", "Annex A, 1.1"]),
        ([(HEADING, 2, "3. Content"), (HEADING, 3, "3a. Yours"), (PARAGRAPH, 0, "(a) You keep it.")],
         ["3 Content", "3a Yours", "3a(a)"]),
    ],
)  # fmt: skip
def test_a_path_is_what_a_lawyer_would_write(drawn: list[tuple[BlockKind, int, str]], expected: list[str]) -> None:
    first = (PARAGRAPH, 0, "These are the terms."), (HEADING, 2, "Scope")
    assert paths(*first, *drawn)[2:] == expected


def test_what_would_be_cited_alike_is_told_apart_by_where_it_stands_and_then_by_its_words() -> None:
    found = paths(
        (HEADING, 2, "For buyers"), (HEADING, 3, "Fees"), (PARAGRAPH, 0, "None."), (HEADING, 2, "For sellers"),
        (HEADING, 3, "Fees"), (PARAGRAPH, 0, "A tenth."), (HEADING, 3, "Fees"), (PARAGRAPH, 0, "A fifth."),
        (ROW, 0, "Visa | 1 %"), (ROW, 0, "Visa | 2 %"), (ROW, 0, "Visa | 2 %"),
    )  # fmt: skip
    assert found[1:] == [
        "For buyers, Fees", "For sellers", "For sellers, Fees", "For sellers, Fees, “A fifth.”",
        "For sellers, Fees, “A fifth.”, row Visa", "For sellers, Fees, “A fifth.”, row Visa, 2 %",
        "For sellers, Fees, “A fifth.”, row Visa, 2 % [2]",
    ]  # fmt: skip


@given(st.lists(LINES, max_size=25))
def test_no_two_provisions_of_a_text_have_one_path(drawn: list[tuple[BlockKind, int, str, str]]) -> None:
    found = paths(*drawn)
    assert len(set(found)) == len(found)
    assert all(found)
