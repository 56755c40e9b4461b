"""The text falls into what a lawyer would cite: sections, items, definitions and rows, without a gap."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.core.labels import label_of
from monitor.core.model import Block, BlockKind, Provision, ProvisionKind
from monitor.core.provisions import provisions_of

HEADING, PARAGRAPH, ITEM, HEADER, ROW = BlockKind


def split(*drawn: tuple[BlockKind, int, str] | tuple[BlockKind, int, str, str]) -> tuple[str, tuple[Provision, ...]]:
    """The text and provisions of lines given as (kind, level, text) or (kind, level, text, shown label)."""
    blocks, at = [], 0
    for kind, level, text, *label in drawn:
        blocks.append(Block(kind, at, at + len(text), level, label[0] if label else ""))
        at += len(text) + 1
    whole = "\n".join(line[2] for line in drawn)
    return whole, provisions_of(whole, blocks)


def tree(found: tuple[Provision, ...]) -> list[str]:
    """Each provision as its depth in dots, its label and its title."""
    return [f"{'.' * one.depth}{one.label}|{one.title}" for one in found]


def test_headed_sections_stand_beside_each_other_under_a_titled_preamble() -> None:
    text, found = split(
        (HEADING, 1, "Terms"), (PARAGRAPH, 0, "Hello."), (HEADING, 2, "1. Scope"), (PARAGRAPH, 0, "All."),
        (HEADING, 3, "1.1 Detail"), (PARAGRAPH, 0, "More."), (HEADING, 2, "2. Fees"),
    )  # fmt: skip
    assert tree(found) == [".|Terms", ".1|Scope", "..1.1|Detail", ".2|Fees"]
    assert found[0].kind is ProvisionKind.PREAMBLE
    assert text[found[1].body_start : found[1].end] == "All.\n"
    assert found[2].parent == 1


def test_numbered_paragraphs_are_sections_with_their_run_in_title() -> None:
    text, found = split(
        (HEADING, 2, "4. Data"),
        (PARAGRAPH, 0, "4.1. Training. We do not train on it."),
        (PARAGRAPH, 0, "It goes on."),
        (PARAGRAPH, 0, "4.2 You may object"),
        (PARAGRAPH, 0, "4.2.1 Within 30 days."),
        (HEADING, 2, "5. Law"),
    )
    assert tree(found) == [".4|Data", "..4.1|Training", "..4.2|", "...4.2.1|", ".5|Law"]
    assert text[found[1].body_start : found[1].end] == "We do not train on it.\nIt goes on.\n"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("4.2 Training. We never train on it.", "Training"),
        ("4.2 Compliance with Laws and Regulations. You comply.", "Compliance with Laws and Regulations"),
        ("4.2 We may change these terms at any time. You are told.", ""),
        ("4.2 Das Entgelt ist im Voraus zu zahlen. Es wird nicht erstattet.", ""),
    ],
)
def test_a_sentence_at_the_start_of_a_numbered_paragraph_is_no_heading(line: str, title: str) -> None:
    _, found = split((HEADING, 2, "4. Data"), (PARAGRAPH, 0, "4.1 Scope. All."), (PARAGRAPH, 0, line))
    assert found[-1].title == title


def test_lettered_items_nest_and_a_roman_one_isnt_mistaken_for_a_letter() -> None:
    _, found = split(
        (HEADING, 2, "3 Use"),
        (PARAGRAPH, 0, "(a) one"), (PARAGRAPH, 0, "(i) deep"), (PARAGRAPH, 0, "(ii) deeper"), (PARAGRAPH, 0, "(b) two"),
        (PARAGRAPH, 0, "(c) x"), (PARAGRAPH, 0, "(d) x"), (PARAGRAPH, 0, "(e) x"), (PARAGRAPH, 0, "(f) x"),
        (PARAGRAPH, 0, "(g) x"), (PARAGRAPH, 0, "(h) x"), (PARAGRAPH, 0, "(i) nine"),
    )  # fmt: skip
    assert tree(found)[1:5] == ["..(a)|", "...(i)|", "...(ii)|", "..(b)|"]
    assert tree(found)[-1] == "..(i)|"
    assert {one.kind for one in found[1:]} == {ProvisionKind.ITEM}


def test_items_that_the_page_numbers_are_cited_by_the_number_shown() -> None:
    _, found = split(
        (HEADING, 2, "Use"), (ITEM, 1, "first", "1."), (ITEM, 2, "under it", "a."), (ITEM, 1, "second", "2."),
        (ITEM, 1, "a bullet"), (PARAGRAPH, 0, "The section goes on."),
    )  # fmt: skip
    assert tree(found) == [".|Use", "..1|", "...a|", "..2|", "..|"]


def test_bullets_and_paragraphs_belong_to_their_section() -> None:
    _, found = split((HEADING, 2, "Use"), (PARAGRAPH, 0, "You may:"), (ITEM, 1, "read it"), (ITEM, 1, "print it"))
    assert tree(found) == [".|Use"]


def test_rows_have_their_first_cell_as_title_and_what_follows_isnt_theirs() -> None:
    text, found = split(
        (HEADING, 2, "Annex A: Subprocessors"), (HEADER, 0, "Name | Place"), (ROW, 0, "Nord | Oslo"),
        (ROW, 0, "Süd | Graz"), (PARAGRAPH, 0, "Ask us."),
    )  # fmt: skip
    assert tree(found) == [".Annex A|Subprocessors", "..|Nord", "..|Süd", "..|"]
    assert [one.kind for one in found] == [
        ProvisionKind.SECTION, ProvisionKind.ROW, ProvisionKind.ROW, ProvisionKind.SECTION,
    ]  # fmt: skip
    assert text[found[0].body_start : found[0].end] == "Name | Place\n"


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("“Connector” means software.", "Connector"),
        ('"End User" refers to a person.', "End User"),
        ("„Konto“ bezeichnet den Zugang.", "Konto"),
        ("« Compte » désigne l’accès.", "Compte"),
        ("「本サービス」とは、翻訳をいいます。", "本サービス"),
    ],
)
def test_a_definition_is_a_provision_titled_by_its_term(line: str, term: str) -> None:
    _, found = split((HEADING, 2, "1. Definitions"), (PARAGRAPH, 0, line))
    assert (found[1].kind, found[1].title, found[1].parent) == (ProvisionKind.DEFINITION, term, 0)


def test_a_heading_that_is_only_a_label_takes_the_next_one_as_its_title() -> None:
    _, found = split((HEADING, 3, "Article 5"), (HEADING, 3, "Liability"), (PARAGRAPH, 0, "None."))
    assert tree(found) == [".Article 5|Liability"]


@pytest.mark.parametrize(
    ("line", "heading", "label"),
    [
        ("1. Scope", False, "1."), ("1.2.3 Scope", False, "1.2.3"), ("(a) any", False, "(a)"),
        ("iv) any", False, "iv)"),
        ("A. What", False, "A."), ("Article 5", True, "Article 5"), ("Article 5 – Liability", True, "Article 5"),
        ("§ 7 Kündigung", True, "§ 7"), ("第3条 利用料金", True, "第3条"),
        ("Annex B: Rates", True, "Annex B"), ("5 Fees", True, "5"),
        ("Artykuł 3. Zakres", True, "Artykuł 3"), ("Anhang II Preise", True, "Anhang II"),
        ("第十二条 管辖", True, "第十二条"),
        ("1.5 % of the fee", False, None), ("1.5 million users", False, None), ("30 days after", False, None),
        ("2026 was a year", False, None), ("Article 28 GDPR applies", False, None), ("I agree", False, None),
        ("A party may", False, None), ("$5. Nothing", False, None), ("10,000 euros", False, None), ("3.", False, None),
        ("30. Juni 2026", True, None),
    ],
)  # fmt: skip
def test_labels_are_told_from_running_text(line: str, heading: bool, label: str | None) -> None:
    found = label_of(line, heading=heading)
    assert (found.text if found else None) == label


def test_a_number_that_continues_no_sequence_is_text() -> None:
    _, found = split((HEADING, 2, "Time"), (PARAGRAPH, 0, "Until"), (PARAGRAPH, 0, "30. Juni läuft die Frist."))
    assert tree(found) == [".|Time"]


LINES = st.tuples(
    st.sampled_from(list(BlockKind)),
    st.integers(0, 4),
    st.builds(
        str.__add__,
        st.sampled_from(["", "1. ", "2. ", "1.1 ", "1.2 ", "(a) ", "(b) ", "(i) ", "Article 2 ", "“Fee” means "]),
        st.text("ab .|", min_size=1, max_size=6).map(lambda text: text.strip() or "x"),
    ),
    st.sampled_from(["", "", "1.", "2.", "a."]),
)


def test_a_number_in_a_heading_is_a_label_only_where_it_counts_on() -> None:
    _, found = split((HEADING, 2, "1 Scope"), (HEADING, 2, "2 Fees"), (HEADING, 2, "30 days of notice"))
    assert tree(found) == [".1|Scope", ".2|Fees", ".|30 days of notice"]


def test_a_list_that_spells_its_own_labels_keeps_them() -> None:
    _, found = split((HEADING, 2, "Use"), (ITEM, 1, "(a) first", "1."), (ITEM, 1, "(b) second", "2."))
    assert tree(found) == [".|Use", "..(a)|", "..(b)|"]


@given(st.lists(LINES, max_size=25))
def test_provisions_are_the_whole_text_in_order_and_a_tree(drawn: list[tuple[BlockKind, int, str, str]]) -> None:
    text, found = split(*drawn)
    assert "".join(text[one.start : one.end] for one in found) == text
    for index, one in enumerate(found):
        assert one.ordinal == index
        assert one.start <= one.body_start <= one.end
        assert one.depth == (1 if one.parent is None else found[one.parent].depth + 1)
        assert one.parent is None or one.parent < index
