"""The text falls into what a lawyer would cite: sections, items, definitions and rows, without a gap."""

from __future__ import annotations

import time

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
        ("“Partner” or “Reseller” has the meaning given in Annex A.", "Partner"),
        ("Unter „Personenbezogenen Daten“ versteht man alle Angaben zu einer Person.", "Personenbezogenen Daten"),
        ("Par « Contenu », on entend tout ce que vous publiez.", "Contenu"),
        ("Por “sitio web” se entenderá la dirección de la empresa.", "sitio web"),
        ("“Progettista” o “Designer”: un Utente che presenta lavori.", "Progettista"),
        ("“Titular” significa a pessoa a quem os dados dizem respeito.", "Titular"),
        ("Onder “Bestelling” wordt verstaan elke overeenkomst op afstand.", "Bestelling"),
        ("„Usługa” oznacza tłumaczenie tekstu przez internet.", "Usługa"),
        ("“服务”是指我们提供的翻译。", "服务"),
    ],
)
def test_a_definition_is_a_provision_titled_by_its_term(line: str, term: str) -> None:
    _, found = split((HEADING, 2, "1. Definitions"), (PARAGRAPH, 0, line))
    assert (found[1].kind, found[1].title, found[1].parent) == (ProvisionKind.DEFINITION, term, 0)


@pytest.mark.parametrize(
    ("title", "line", "term"),
    [
        ("Definitions", "Customer Data: whatever you upload to the service or have us make of it.", "Customer Data"),
        ("Begriffsbestimmungen", "Konto – der Zugang, den wir für Sie einrichten.", "Konto"),
        ("Définitions", "COMPTE : espace réservé à l’utilisateur inscrit.", "COMPTE"),
        ("Definiciones", "Envío: partida de uno o más bultos.", "Envío"),
        ("Słowniczek", "Zamówienie - oświadczenie woli klienta o zakupie.", "Zamówienie"),
        ("用語の定義", "利用者：本規約に同意して登録した者をいいます。", "利用者"),
    ],
)
def test_among_definitions_a_term_needs_no_quotes(title: str, line: str, term: str) -> None:
    _, found = split((HEADING, 2, f"1. {title}"), (PARAGRAPH, 0, line))
    assert [(one.kind, one.title) for one in found[1:]] == [(ProvisionKind.DEFINITION, term)]
    _, found = split((HEADING, 2, "1. Fees"), (PARAGRAPH, 0, line))
    assert len(found) == 1


def test_a_definition_that_the_page_broke_in_two_lines_is_one() -> None:
    _, found = split(
        (HEADING, 2, "1. Definitions"), (PARAGRAPH, 0, "“Employer” means a company that hires"),
        (PARAGRAPH, 0, "through the website."), (PARAGRAPH, 0, "“Employee” means a person hired."),
    )  # fmt: skip
    assert tree(found) == [".1|Definitions", "..|Employer", "..|Employee"]


PROSE = "We keep what you upload for as long as you have an account with us, and no longer than that."


@pytest.mark.parametrize(
    "line",
    [
        "LIMITATION OF LIABILITY", "HAFTUNG UND GEWÄHRLEISTUNG", "What do we collect?", "¿Qué datos recogemos?",
        "Wie lange speichern wir Ihre Daten?", "Quels sont vos droits ?", "Legal Requirements", "Jouw rechten",
        "Ochrona danych",
    ],
)  # fmt: skip
def test_a_line_that_looks_like_a_heading_is_one(line: str) -> None:
    _, found = split((HEADING, 1, "Terms"), (PARAGRAPH, 0, "Hello."), (PARAGRAPH, 0, line), (PARAGRAPH, 0, PROSE))
    assert tree(found) == [".|Terms", f".|{line}"]


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("Write to:", "Halcyon Limited", "12 Harbour Street, Dublin"), ("Hello.", "You may object", PROSE),
        ("We ask you:", "Do you agree?", PROSE), ("Hello.", "Email address", "Phone number"),
        ("THIS IS SAID TO YOU BY", "THE COMPANY THAT RUNS THE SITE,", "and nobody else."),
        ("Hello.", "12 May 2026", PROSE),
    ],
)  # fmt: skip
def test_a_short_line_that_is_part_of_the_text_is_no_heading(before: str, line: str, after: str) -> None:
    blocks = [(PARAGRAPH, 0, text) for text in (before, line, after)]
    _, found = split((HEADING, 2, "Use"), (PARAGRAPH, 0, "First."), *blocks, (HEADING, 2, "Law"))
    assert tree(found) == [".|Use", ".|Law"]


def test_a_heading_that_only_states_a_date_has_no_section() -> None:
    _, found = split(
        (HEADING, 1, "Terms"), (HEADING, 3, "Last updated: May 4, 2026"), (PARAGRAPH, 0, PROSE), (HEADING, 2, "Use"),
        (HEADING, 2, "Terms of 4 May 2026"),
    )  # fmt: skip
    assert tree(found) == [".|Terms", ".|Use", ".|Terms of 4 May 2026"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1. Geltungsbereich", PROSE, "2. Preise", "2.1. Es gilt die Liste.", "3. Haftung", PROSE],
         [".1|Geltungsbereich", ".2|Preise", "..2.1|", ".3|Haftung"]),
        (["§ 1 Allgemeines", "1.1 Es gilt Folgendes.", "1.2 Sonst nichts.", "§ 2 Preise", "2.1 Es gilt die Liste."],
         [".§ 1|Allgemeines", "..1.1|", "..1.2|", ".§ 2|Preise", "..2.1|"]),
        (["1 - OBJET", PROSE, "2 - DURÉE", PROSE], [".1|OBJET", ".2|DURÉE"]),
        (["Primera.- Objeto", PROSE, "Segunda.- Duración", PROSE], [".Primera|Objeto", ".Segunda|Duración"]),
        (["CLÁUSULA 3 – PREÇO", PROSE], [".CLÁUSULA 3|PREÇO"]),
        (["Artykuł 2. Zakres usług", PROSE, "Artykuł 3. Opłaty", PROSE],
         [".Artykuł 2|Zakres usług", ".Artykuł 3|Opłaty"]),
        (["第1条（目的）", "本規約は条件を定めるものです。", "第2条（料金）", "（1） 月額です。", "（2） 税は別です。"],
         [".第1条|（目的）", ".第2条|（料金）", "..（1）|", "..（2）|"]),
        (["一、总则", "本协议适用于所有用户。", "（一） 您应当遵守法律。", "二、费用", "费用按月收取。"],
         [".一、|总则", "..（一）|", ".二、|费用"]),
        (["4.1", PROSE, "4.2", "We may change this at any time."], [".4.1|", ".4.2|"]),
        (["3.1 Der Händler hat", "3.1.1 einzelne Waren anzubieten und", "3.1.2 keine anderen zu verkaufen."],
         [".3.1|Der Händler hat", "..3.1.1|", "..3.1.2|"]),
        (["1 – USE", "1.9 We do.", "1.10 We do more.", "1.11 We stop."], [".1|USE", "..1.9|", "..1.10|", "..1.11|"]),
        (["(a) one", "(b) two", "The same holds for others:", "(a) three", "(b) four"], ["..(a)|", "..(b)|"] * 2),
        (["• 5.1. We pay.", "• 5.2. You pay."], [".5.1|", ".5.2|"]),
    ],
)  # fmt: skip
def test_numbered_lines_are_what_their_numbers_say(lines: list[str], expected: list[str]) -> None:
    _, found = split((HEADING, 1, "Terms"), (PARAGRAPH, 0, "Hello."), *((PARAGRAPH, 0, line) for line in lines))
    assert tree(found)[1:] == expected


def test_headings_of_one_level_nest_where_their_numbers_say_so() -> None:
    _, found = split(
        (HEADING, 2, "Chapter 1: Basics"), (HEADING, 2, "Article 1"), (HEADING, 2, "Article 2"),
        (HEADING, 2, "Chapter 2: Fees"), (HEADING, 2, "Article 3"), (HEADING, 2, "Exceptions"),
        (HEADING, 2, "Article 4"), (HEADING, 2, "Annex A: Security"), (HEADING, 2, "1. Keys"),
    )  # fmt: skip
    assert tree(found) == [
        ".Chapter 1|Basics", "..Article 1|", "..Article 2|", ".Chapter 2|Fees", "..Article 3|Exceptions",
        "..Article 4|", ".Annex A|Security", "..1|Keys",
    ]  # fmt: skip


def test_a_heading_between_two_numbers_stands_under_the_first() -> None:
    _, found = split(
        (HEADING, 2, "1. Data"), (PARAGRAPH, 0, "All."), (HEADING, 2, "Cookies"), (PARAGRAPH, 0, "Some."),
        (HEADING, 2, "2. Law"), (HEADING, 2, "Contact"), (HEADING, 3, "3. Terms"),
    )  # fmt: skip
    assert tree(found) == [".1|Data", "..|Cookies", ".2|Law", ".|Contact", "..3|Terms"]


def test_bare_letters_are_labels_where_they_count_on() -> None:
    _, found = split(
        (HEADING, 2, "A Platform"), (HEADING, 3, "Use"), (HEADING, 2, "B Services"), (HEADING, 2, "I agree")
    )
    assert tree(found) == [".A|Platform", "..|Use", ".B|Services", ".|I agree"]


def test_items_of_the_page_with_a_title_are_sections_and_their_text_is_theirs() -> None:
    _, found = split(
        (PARAGRAPH, 0, "Hello."), (ITEM, 1, "Definitions.", "1."), (PARAGRAPH, 0, "a. Content. What you upload."),
        (ITEM, 1, "Grant of License", "2."), (PARAGRAPH, 0, PROSE), (ITEM, 2, "you keep it", "1."),
        (ITEM, 1, "Law", "3."), (PARAGRAPH, 0, "3.1 That of Ireland."),
    )  # fmt: skip
    assert tree(found) == [".|", ".1|Definitions.", "..a|Content", ".2|Grant of License", "..1|", ".3|Law", "..3.1|"]
    assert [one.kind for one in found[1:4]] == [ProvisionKind.SECTION, ProvisionKind.ITEM, ProvisionKind.SECTION]


def test_the_last_of_a_list_of_short_lines_is_no_title_of_what_follows() -> None:
    asked = (PARAGRAPH, 0, "We ask for:"), (ITEM, 1, "Name", "1."), (ITEM, 1, "Phone", "2.")
    _, found = split((HEADING, 2, "Use"), *asked, (PARAGRAPH, 0, PROSE), (HEADING, 2, "Law"))
    assert tree(found) == [".|Use", "..1|", "..2|", "..|", ".|Law"]


def test_the_names_of_columns_are_no_row_although_the_page_says_so() -> None:
    rows = ["Cookie | Purpose | Kept for", "sid | Keeps you signed in | 30 days", "ab | Tells versions apart | 7 days"]
    _, found = split((HEADING, 2, "Cookies"), *((ROW, 0, row) for row in rows))
    assert tree(found) == [".|Cookies", "..|sid", "..|ab"]


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
        ("30. Juni 2026", True, None), ("2020 was a year", True, None), ("1 - MENTIONS", False, "1"),
        ("6.1 – Creation", True, "6.1"), ("01 - Prix", True, "01"), ("5 - ten days", False, None),
        ("1. - Objeto", False, "1."), ("1° Le client", False, "1°"), ("1er janvier 2026", False, None),
        ("Segunda. Objeto", False, "Segunda"), ("Segunda parte del texto", False, None),
        ("Art. L. 217-4 du code", False, None), ("clause 5.1.", False, None), ("A. Smith signed.", False, "A."),
        ("e.g. this", False, None), ("No. 5 Harbour Street", False, None), ("第二章 总则", True, "第二章"),
        ("§ 3 Abs. 2 BGB", False, "§ 3 Abs. 2"), ("Article 1er – Objet", True, "Article 1er"),
        ("附件一 价格", True, "附件一"), ("7A. Fees", False, "7A."), ("3.1A We send", False, "3.1A"),
        ("(3a) any", False, "(3a)"),
        ("3D printing", True, None), ("3D printing", False, None), ("1a instância", False, None),
    ],
)  # fmt: skip
def test_labels_are_told_from_running_text(line: str, heading: bool, label: str | None) -> None:
    found = label_of(line, heading=heading)
    assert (found.text if found else None) == label


def test_a_number_that_continues_no_sequence_is_text() -> None:
    _, found = split((HEADING, 2, "Time"), (PARAGRAPH, 0, "Until"), (PARAGRAPH, 0, "30. Juni läuft die Frist."))
    assert tree(found) == [".|Time"]


@pytest.mark.parametrize("kind", [HEADING, PARAGRAPH])
@pytest.mark.parametrize(
    "labels",
    [
        ("1.", "1A.", "1B.", "2."), ("3.1", "3.1a", "3.2"), ("(1)", "(1a)", "(2)"),
        ("Article 7.", "Article 7a.", "Article 8."), ("Art. 7.", "Art. 7 bis.", "Art. 7 ter.", "Art. 8."),
    ],
)  # fmt: skip
def test_a_label_that_was_put_in_later_stands_beside_the_one_before(kind: BlockKind, labels: tuple[str, ...]) -> None:
    _, found = split((HEADING, 1, "Terms"), *((kind, 2, f"{label} Fees") for label in labels))
    assert [one.label for one in found[1:]] == [label.rstrip(".") for label in labels]
    assert len({one.depth for one in found[1:]}) == 1


def test_a_lettered_number_below_its_heading_stands_in_it() -> None:
    _, found = split(
        (HEADING, 2, "3. Content"), (HEADING, 3, "3a. Yours"), (HEADING, 3, "3b. Ours"), (HEADING, 2, "4. Law")
    )
    assert tree(found) == [".3|Content", "..3a|Yours", "..3b|Ours", ".4|Law"]


def test_a_list_of_the_page_goes_on_after_a_paragraph_that_was_put_in() -> None:
    _, found = split(
        (ITEM, 1, "Use", "1."), (PARAGRAPH, 0, "All of it."), (PARAGRAPH, 0, "1a. Fees are due."),
        (ITEM, 1, "Law", "2."), (PARAGRAPH, 0, "None."),
    )  # fmt: skip
    assert tree(found) == [".1|Use", ".1a|", ".2|Law"]


LINES = st.tuples(
    st.sampled_from(list(BlockKind)),
    st.integers(0, 4),
    st.builds(
        str.__add__,
        st.sampled_from(
            ["", "1. ", "1a. ", "2. ", "1.1 ", "1.2 ", "(a) ", "(b) ", "(i) ", "Article 2 ", "“Fee” means "]
        ),
        st.text("ab .|", min_size=1, max_size=6).map(lambda text: text.strip() or "x"),
    ),
    st.sampled_from(["", "", "1.", "2.", "a."]),
)


def test_a_number_in_a_heading_is_a_label_only_where_it_counts_on() -> None:
    _, found = split((HEADING, 2, "1 Scope"), (HEADING, 2, "2 Fees"), (HEADING, 2, "30 days of notice"))
    assert tree(found) == [".1|Scope", ".2|Fees", ".|30 days of notice"]


@pytest.mark.parametrize("last", ["3 Law", "4 Law"])
def test_a_heading_without_a_number_between_two_that_count_on_stands_under_the_first(last: str) -> None:
    _, found = split((HEADING, 2, "1 Scope"), (HEADING, 2, "2 Fees"), (HEADING, 2, "Refunds"), (HEADING, 2, last))
    assert tree(found) == [".1|Scope", ".2|Fees", "..|Refunds", f".{last[0]}|Law"]


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
    assert split(*drawn)[1] == found


@pytest.mark.parametrize(
    "lines",
    [
        [(ITEM, depth % 500 + 1, "one party must not", "1.") for depth in range(5_000)],
        [(ITEM, 1, "one party must not", f"{number}.") for number in range(1, 5_001)],
        [(PARAGRAPH, 0, f"({sign}) one party", "") for _ in range(1_250) for sign in "aiAI"],
        [(PARAGRAPH, 0, "SAID IN CAPITALS", "") for _ in range(5_000)],
        [(HEADING, number % 6 + 1, f"{number % 9 + 1}. Use", "") for number in range(5_000)],
        [(PARAGRAPH, 0, "1. Use", ""), (PARAGRAPH, 0, PROSE, "")] * 2_500,
    ],
    ids=["nested 500 deep", "one long list", "letters", "capitals", "headings", "titles that begin again"],
)
def test_the_time_grows_with_the_text_and_not_with_its_square(lines: list[tuple[BlockKind, int, str, str]]) -> None:
    began = time.process_time()
    split(*lines)
    assert time.process_time() - began < 3  # a tenth of a second on an idle core
