"""No part of an agreement is lost without a word, however a page lays it out; and what isn't part of it stays out."""

from __future__ import annotations

import pytest
from pages import HTML, TERMS, lines, reading

from monitor.core.fingerprint import fingerprint

CLAUSE = (
    "The Provider may terminate the agreement where the Customer doesn't comply with an obligation of these terms, and"
    " is then liable for nothing that the Customer or a third party loses by that."
)
BODY = f"<p>{CLAUSE}</p><p>Where the Customer terminates: {CLAUSE}</p>"
DATE = "<p>Last updated: 3 May 2026</p>"
UNDATED = TERMS.replace(DATE, "")
ROWS = "<tr><td>Nordhost</td><td>Oslo</td></tr><tr><td>Sudmail</td><td>Rome</td></tr>"
TABLE = f"<table><tr><th>Name</th><th>Place</th></tr>{ROWS}</table>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(f"<article>{TERMS}</article><article>{BODY}</article>", CLAUSE, id="a second article"),
        pytest.param(f"<main>{TERMS}</main><div class=rest>{BODY}</div>", CLAUSE, id="running text below main"),
        pytest.param(f"<main>{TERMS}</main><div><h2>9. Notices</h2><p>By post.</p></div>", "By post.", id="section 9"),
        pytest.param(
            f"<main>{TERMS}</main><div><h2>9. Notices</h2>By post.</div><div><h2>10. Fees</h2><p>None.</p></div>",
            "None.",
            id="section 10 after section 9",
        ),
        pytest.param(
            f"<main><article>{TERMS}</article><section><h2>Annex A</h2><p>5 EUR each</p></section></main>",
            "5 EUR each",
            id="an annex",
        ),
        pytest.param(f"<main>{TERMS}</main><div>{TABLE}</div>", "Nordhost | Oslo", id="a table"),
        pytest.param(f"<div class=hero>{DATE}</div><main>{UNDATED}</main>", "Last updated: 3 May 2026", id="a date"),
    ],
)
def test_what_stands_beside_the_text_and_belongs_to_it_is_read(page: str, expected: str) -> None:
    assert expected in reading(f"<body><div>{page}</div></body>").text.split("\n")


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(f"<div>{DATE.replace('2026', '2019')}<p>Our news</p></div>", id="the date of something else"),
        pytest.param("<div><h2>Ready to begin?</h2><p>Our people answer within a day.</p></div>", id="a promotion"),
        pytest.param(f"<div><p>We and our partners store cookies. {CLAUSE}</p>{TABLE}</div>", id="cookies"),
        pytest.param("<div><h2>3. More to read</h2><p>How we work.</p></div>", id="a number that is out of turn"),
        pytest.param(
            f"<div><a href=/a>{CLAUSE}</a><a href=/b>The Privacy Policy of the Provider, and more</a></div>",
            id="links to other agreements",
        ),
    ],
)
def test_what_stands_beside_the_text_and_is_something_else_is_left_out(beside: str) -> None:
    plain = reading(f"<body><main>{TERMS}</main></body>")
    assert reading(f"<body><div><main>{TERMS}</main>{beside}</div></body>").text == plain.text


def test_only_what_belongs_comes_with_a_wider_region() -> None:
    promotion = "<div><p>Ready to begin? Our people answer within a day.</p></div>"
    found = reading(f"<body><main>{TERMS}</main>{promotion}<div><h2>9. Notices</h2><p>By post.</p></div></body>")
    assert found.text == reading(f"<body><main>{TERMS}<h2>9. Notices</h2><p>By post.</p></main></body>").text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<aside>Your statutory rights stay as they are.</aside>", ["Your statutory rights stay as they are."]),
        ("<button class=fold>9. Notices</button><div>By post.</div>", ["9. Notices", "By post."]),
        ("<x-clause><template shadowrootmode=open><p>By post.</p></template></x-clause>", ["By post."]),
        ("<button role=tab>Sellers</button><div role=tabpanel hidden><p>Sellers pay.</p></div>", ["Sellers pay."]),
        (
            "<h3><button aria-expanded=false>Fees</button></h3><div aria-hidden=true style='display: none'>None.</div>",
            ["Fees", "None."],
        ),
        ("<div>before<p>within</p>after</div>", ["before", "within", "after"]),
        ("one<br><br>two", ["one", "two"]),
        ("<p><b>T</b>erms, con<span>di</span>tions, data<wbr>base</p>", ["Terms, conditions, database"]),
        ("<div role=region aria-label=Fees><p>None.</p></div><div role=note>By post.</div>", ["None.", "By post."]),
        ("<div class=row><div class=col>left</div><div class=col>right</div></div>", ["left", "right"]),
        (
            "<table><tr><td><table><tr><td>Fee<td>5 %</table><td>a year</table>",
            ["Fee | 5 %", "a year"],
        ),
        ("<table><caption>Fees</caption><tr><th>A<th>B<tr><td>c<td>d</table>", ["Fees", "A | B", "c | d"]),
        ("<blockquote>said</blockquote><figure><figcaption>shown</figcaption></figure>", ["said", "shown"]),
        ("<address>Nord ApS<br>Oslo</address>", ["Nord ApS", "Oslo"]),
    ],
)
def test_no_layout_of_a_part_loses_it(inner: str, expected: list[str]) -> None:
    assert lines(inner) == expected


def test_an_aside_that_links_elsewhere_is_left_out_within_the_text_too() -> None:
    aside = "<aside>Read more of <a href=/x>how we work</a></aside>"
    assert reading(f"<main>{TERMS}{aside}</main>").text == reading(f"<main>{TERMS}</main>").text


def test_a_button_that_does_something_is_left_out() -> None:
    assert lines("<button>Save as PDF</button><div>By post.</div>") == ["By post."]


def test_another_word_in_a_shadow_tree_gives_another_fingerprint() -> None:
    page = f"<main>{TERMS}<x-clause><template shadowrootmode='open'><p>By {{}}.</p></template></x-clause></main>"
    assert fingerprint(page.format("post").encode(), HTML) != fingerprint(page.format("hand").encode(), HTML)
