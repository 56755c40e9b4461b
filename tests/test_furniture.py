"""What stands around a text goes, and a clause that resembles it stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pages import SENTENCES, TERMS, lines, reading


@pytest.mark.parametrize("ending", ["<p>Example © 2026</p>", "<p>Copyright ©</p><p>2026</p>", "<p>See Details</p>"])
def test_a_copyright_year_and_a_fold_out_button_are_no_terms(ending: str) -> None:
    assert reading(f"<main>{TERMS}{ending}</main>").text == reading(f"<main>{TERMS}</main>").text


@pytest.mark.parametrize(
    "clause", ["© 2026 Example. You may not copy it.", "Keep the sign © on all copies.", "Keep the sign ©", "2026"]
)
def test_a_clause_with_a_sign_or_a_year_stays(clause: str) -> None:
    assert reading(f"<main>{TERMS}<p>{clause}</p></main>").text.endswith(clause)


NAMES = ["Ada Brook", "Lin Zhou", "José Núñez", "Kim", "Ola Berg", "R. Patel", "ghost_42", "Mia von Tann", "Sam Reed"]


def listed(names: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{name}</li>" for name in names) + "</ul>"


def test_names_of_people_who_are_thanked_are_no_terms() -> None:
    thanks = "<h2>Reporting flaws</h2><p>We would like to thank the following people for what they found:</p>"
    read = reading(f"<main>{TERMS}{thanks}{listed(NAMES)}</main>").text
    assert read.endswith("We would like to thank the following people for what they found:")


@pytest.mark.parametrize(
    ("intro", "names"),
    [
        ("We use these subprocessors:", [f"Nordhost {number} AS" for number in range(12)]),
        ("You acknowledge that these countries are excluded:", ["Aland", "Borduria", "Cordonia", "Syldavia"] * 3),
        ("Thank you for your trust. You must not upload:", [f"Data about children of class {n}." for n in range(12)]),
        ("Thank you for sending us the following:", [f"Your home address {number}" for number in range(12)]),
        ("We thank our partners:", NAMES[:3]),
    ],
)
def test_a_list_that_binds_or_is_short_is_read(intro: str, names: list[str]) -> None:
    assert reading(f"<main>{TERMS}<p>{intro}</p>{listed(names)}</main>").text.endswith("\n".join([intro, *names]))


MANY = (
    "Ada Holm", "Bo de la Cruz", "Cem Yılmaz", "Dina K", "bugfinder99", "Finn van Dijk", "Gül Demir", "Hu Wei",
    "Ines Prado", "Jan Nowak", "Kai O'Neill", "Lea Roth",
)  # fmt: skip


@pytest.mark.parametrize(
    "lead",
    [
        "<h2>Acknowledgements</h2><p>We care. We would like to thank the following people:</p>",
        "<h2>Hall of Fame</h2>",
        "<h2>Danksagung</h2><p>Gemeldet haben uns Fehler:</p>",
        "<h2>Sécurité</h2><p>Nous remercions les personnes suivantes :</p>",
        "<h2>致谢</h2>",
        "<h2>Segurança</h2><p>Agradecemos a:</p>",
    ],
)
def test_a_list_of_thanked_people_is_no_part_of_the_terms(lead: str) -> None:
    head = lines(lead)
    assert lines(lead + listed(MANY) + "<p>2024</p>" + listed(MANY[::-1])) == [*head, "2024"]


@pytest.mark.parametrize(
    ("lead", "entries"),
    [
        ("<p>Thank you for reading. We share data with these subprocessors:</p>", MANY),
        ("<p>Thank you for joining. The service is offered in:</p>", ("Norway", "Peru", "Chad", "Cuba") * 3),
        ("<h2>Acknowledgements</h2><p>You accept each of these:</p>", ("Market Risk", "Currency Risk", "Delay") * 4),
        ("<h2>Thanks</h2>", ("Late fee: $30", "Refund within 14 days", "No liability") * 4),
        ("<h2>Thanks</h2>", MANY[:4]),
    ],
)
def test_another_list_stays_even_where_somebody_is_thanked(lead: str, entries: tuple[str, ...]) -> None:
    assert lines(lead + listed(entries))[-len(entries) :] == list(entries)


LINKS = "".join(f'<a href="/{page}">Page {page}</a> ' for page in range(40))
BUTTONS = "<button>Accept</button><button>Refuse</button><button>Save</button><button>Close</button>"
ABOUT_COOKIES = (
    "<p>Cookies of this kind tell us how visitors find their way through the site, and which cookies help.</p>"
)
POLICY = f"<div>{TERMS}<p>{' '.join(SENTENCES)}</p><p>{' '.join(SENTENCES[::-1])}</p></div>"


@pytest.mark.parametrize(
    "after",
    [
        f"<div><h3>Discover</h3>{LINKS}<p>Made with love, day for day</p></div>",
        f"<section><div><p>The studio that thousands of teams trust for their voice, their pictures and their films, "
        f"every single day of the year.</p></div><div class='page-footer'>{LINKS}</div></section>",
        f"<div class='zz-modal'>{ABOUT_COOKIES * 12}{BUTTONS}</div>",
        f"<div class='cookie-preference-center'>{ABOUT_COOKIES * 3}{BUTTONS}</div>",
    ],
)
def test_what_stands_around_a_text_is_left_out_whatever_it_is_called(after: str) -> None:
    assert reading(f"<body><div id=a>{POLICY}{after}</div></body>").text == reading(f"<body>{POLICY}</body>").text


def test_a_menu_with_whole_sentences_is_left_out_though_it_is_longer_than_the_policy() -> None:
    sentence = "<p>Find out how others have built their shops, their forums and their libraries with our tools.</p>"
    menu = f"<div role=banner><nav>{LINKS}</nav>{sentence * 60}</div>"
    assert reading(f"<body>{menu}<div>{POLICY}</div></body>").text == reading(f"<body>{POLICY}</body>").text


def test_a_footer_inside_the_main_part_is_left_out_but_not_the_date_of_an_article() -> None:
    assert lines(f"<footer><h3>Discover</h3>{LINKS}</footer>") == []
    assert lines("<footer>In force from 3 May 2026</footer>") == ["In force from 3 May 2026"]


@pytest.mark.parametrize(
    "last",
    [
        f"<div><h2>Annex</h2>{LINKS}"
        "<p>The processor is liable for each of those that are named here, "
        "whatever it had agreed with each of them.</p></div>",
        f"<div><h2>Contact</h2>{LINKS}"
        "<p>Write to law@example.test for all that we have forgotten to say here, and "
        "somebody will answer within a few weeks.</p></div>",
    ],
)
def test_an_ending_with_a_clause_or_an_address_beside_its_links_is_read(last: str) -> None:
    clause = last[last.rindex("<p>") + 3 : last.rindex("</p>")]
    assert clause in reading(f"<body><div>{POLICY}{last}</div></body>").text


@pytest.mark.parametrize("named", ["class='cookie-container'", "id='cookie-notice'", "class='consent-box'"])
def test_a_section_on_cookies_among_others_is_read(named: str) -> None:
    sections = [
        f"<section><h2>{number}. {text[:12]}</h2><p>{text}</p></section>" for number, text in enumerate(SENTENCES)
    ]
    clause = (
        "We store cookies on your device for two years and share what they say with the companies named in the annex."
    )
    own = f"<section {named}><h2>Cookies</h2><p>{clause}</p><p>{clause[::-1]}</p></section>"
    page = f"<body><div>{TERMS}{''.join(sections[:4])}{own}{''.join(sections[4:])}</div></body>"
    assert clause in reading(page).text


def test_an_agreement_in_two_articles_is_read_whole() -> None:
    second = (
        "<article><h2>Annex</h2>"
        + "".join(f"<p>{text} {text} Of the annex.</p>" for text in SENTENCES[:4])
        + "</article>"
    )
    text = reading(f"<body><div><article>{POLICY}</article>{second}</div></body>").text
    assert "Of the annex." in text
    assert "indirect" in text


def test_the_title_of_a_legal_hub_is_none_of_the_document_but_the_header_with_its_own_title_is() -> None:
    news = (
        "<p>We have news about cookies for you, and explain more than ever how we measure whether anybody reads us.</p>"
    )
    hub = f"<header><h1>Example Hub</h1>{news}</header>"
    own = "<header><h1>Privacy Policy</h1><p>In force from 3 May 2026</p></header>"
    assert reading(f"<body>{hub}{POLICY}</body>").text == reading(f"<body>{POLICY}</body>").text
    flat = f"<h1>Our agreement</h1><p>{' '.join(SENTENCES)}</p><p>{' '.join(SENTENCES[::-1])}</p>"
    assert "In force from 3 May 2026" in reading(f"<body>{own}{flat}</body>").text


def test_strings_that_a_script_measures_fonts_with_and_leaked_markdown_signs_are_no_terms() -> None:
    measured = f"<div>{'word ' * 40}</div>" + "<span><div>mmMwWLliI0fiflO&1</div></span>" * 3
    assert lines(measured) == []
    assert lines("<p>###2.2. Processing</p><p>We **never** sell it, #1 in 2**8.</p>") == [
        "2.2. Processing",
        "We never sell it, #1 in 2**8.",
    ]
    assert lines("<p>Yes</p><p>Yes</p><p>Yes</p><p>#50877</p>") == ["Yes", "Yes", "Yes", "#50877"]
