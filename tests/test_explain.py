"""What is read of a page and what isn't, with the reason: explanation and reading can't disagree."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings, strategies as st
from pages import SENTENCES, TERMS, declared_and_captured
from servers import Site, page as served
from test_cli import monitor
from typer.testing import CliRunner

from monitor.cli.root import app
from monitor.core.explain import Explained, explain, runs
from monitor.core.model import Range, Reading, Unreadable
from monitor.core.reading.why import WORDS, Why
from monitor.core.render.explain import UNFOLDED_MAX, page as page_of

SUBJECT = ("<p>Explained", "a test", ("https://example.test/0", "https://example.test/1"))


def explained(*bodies: str, **declared: object) -> Explained:
    """The explanation of a document with these pages."""
    document, captures = declared_and_captured(bodies, **declared)
    return explain(document, captures, ())


def why(body: str, text: str, **declared: object) -> Why | None:
    """The reason for which the block with this text isn't read."""
    found = [block for block in explained(body, **declared).blocks if text in block.text]
    assert len(found) == 1, found
    return found[0].why


# ── The reasons ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("furniture", "reason"),
    [
        ("<nav><a href=/x>MARK</a></nav>", Why.NAVIGATION),
        ("<div class=breadcrumbs><a href=/x>MARK</a></div>", Why.NAVIGATION),
        ("<footer>MARK</footer>", Why.FOOTER),
        ("<div class=footer>MARK</div>", Why.FOOTER),
        ("<div role=banner>MARK</div>", Why.HEADER),
        ("<aside>MARK</aside>", Why.ASIDE),
        ("<div class=cookie-banner>MARK</div>", Why.COOKIES),
        ("<div>MARK: some cookies are essential, others help us to learn.<button>A</button><button>B</button></div>",
         Why.COOKIES),
        ("<dialog>MARK</dialog>", Why.DIALOG),
        ("<div role=alertdialog>MARK</div>", Why.DIALOG),
        ("<form>MARK <input></form>", Why.FORM),
        ("<div class=share-buttons>MARK</div>", Why.EXTRA),
        ("<div class=language-switcher>MARK</div>", Why.PICKER),
        ("<p>some text <button>MARK</button></p>", Why.CONTROL),
        ("<p>some text <span class=sr-only>MARK</span></p>", Why.SCREEN_READER),
        ("<p>Was this MARK helpful?</p>", Why.FURNITURE),
        ("<ul><li><a href=/x>MARK</a></li></ul>", Why.LINK_LIST),
    ],
)  # fmt: skip
def test_what_is_left_out_has_its_reason(furniture: str, reason: Why) -> None:
    assert why(f"<body><div class=wrap>{TERMS}{furniture}</div></body>", "MARK") is reason


def test_what_stands_beside_the_main_region_has_its_reason() -> None:
    assert why(f"<body><div>MARK</div><main>{TERMS}</main></body>", "MARK") is Why.OUTSIDE
    assert why(f"<body>MARK<main>{TERMS}</main></body>", "MARK") is Why.OUTSIDE
    # What is furniture besides is called so.
    assert why(f"<body><nav>MARK</nav><main>{TERMS}</main></body>", "MARK") is Why.NAVIGATION


def test_copies_and_contents_have_their_reasons() -> None:
    twice = explained(f"<main>{TERMS}</main><div hidden>{TERMS}</div>".replace("</main>", "") + "</main>")
    assert {block.why for block in twice.left_out} == {Why.HIDDEN_COPY}
    phone = explained(f"<main><div>{TERMS}</div><div>{TERMS}</div></main>")
    assert {block.why for block in phone.left_out} == {Why.SECOND_COPY}
    linked = "".join(f"<li><a href='#s{n}'>{n}. Section {n}</a></li>" for n in range(1, 9))
    assert {b.why for b in explained(f"<main><ul>{linked}</ul>{TERMS}</main>").left_out} == {Why.CONTENTS}
    plain = "".join(f"<li>{n}. Section {n}</li>" for n in range(1, 9))
    assert {b.why for b in explained(f"<main><ul>{plain}</ul>{TERMS}</main>").left_out} == {Why.REPEATED_HEADING}


def test_what_the_declaration_leaves_out_has_its_reason() -> None:
    page = f"<main>{TERMS}</main><footer><p>Mark one</p><p class=b>Mark two</p></footer>"
    assert why(page, "Mark one", select=("main",)) is Why.SELECT
    assert why(page, "Mark two", select=("main, footer",), remove=(".b",)) is Why.REMOVE
    assert why(page, "notice of 30 days", select=(Range("h1", "h2"),)) is Why.SELECT
    assert why(page, "notice of 30 days", section="Section 4") is Why.SECTION


def test_an_element_that_is_left_out_is_named_as_a_selector_would() -> None:
    menu = "<nav id=top class='a md:b c'><a href=/x>One</a><a href=/y>Two</a></nav>"
    (run,) = [run for run in runs(explained(f"{menu}<main>{TERMS}</main>").blocks) if run.why]
    assert (run.element, run.blocks[0].text) == ("nav#top.a.c", "One Two")


# ── Explanation and reading are one ──────────────────────────────────────────────────────────────────────────────

PIECES = [
    TERMS, *(f"<p>{sentence}</p>" for sentence in SENTENCES[:3]), "<main>", "</main>", "<nav>", "</nav>",
    "<div hidden>",
    "</div>", "<ul><li>", "</ul>", "<a href='#x'>", "<a href=/y>", "</a>", "<button>", "</button>", "<table><tr><td>",
    "</table>", "<span class=sr-only>", "</span>", "<h2>", "</h2>", "loose words", "<footer>", "<details><summary>",
]  # fmt: skip
DECLARED = st.fixed_dictionaries(
    {},
    optional={
        "select": st.sampled_from([("main",), ("h2", "p"), (Range("h2", "footer"),), (Range("p", "h2"), "ul")]),
        "remove": st.sampled_from([("nav",), ("p",), (Range("h2", "h2"),), ("div",)]),
        "section": st.just("Section 2"),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=14), min_size=1, max_size=2), DECLARED)
def test_the_blocks_that_are_kept_are_the_lines_of_the_reading(
    pages: list[list[str]], declared: dict[str, object]
) -> None:
    found = explained(*map("".join, pages), **declared)
    if isinstance(found.seen, Reading):
        assert [block.text for block in found.kept] == found.seen.text.split("\n")
    assert [block for run in runs(found.blocks) for block in run.blocks] == list(found.blocks)


def test_every_word_of_a_page_is_either_kept_or_left_out() -> None:
    inner = "<nav>alpha</nav>beta<p>gamma <button>delta</button> epsilon</p><select><option>zeta</select>"
    page = f"<body>eta<div>{inner}</div><main>{TERMS}{inner}</main><footer><p>theta</p></footer></body>"
    words = " ".join(block.text for block in explained(page).blocks).split()
    for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta"):
        assert words.count(word) == 2
    assert words.count("eta") == words.count("theta") == 1


def test_a_page_that_can_not_be_the_terms_is_explained_as_far_as_it_was_read() -> None:
    found = explained("<title>x</title><p>Checking your browser before you go on. Just a moment…</p>")
    assert isinstance(found.seen, Unreadable)
    assert [block.text for block in found.blocks] == ["Checking your browser before you go on. Just a moment…"]


def test_ten_thousand_nested_elements_are_explained() -> None:
    assert explained("<div class=a>" * 10_000 + TERMS, remove=("h1",)).kept
    assert not explained("<div class=a>" * 10_000 + TERMS, remove=("div",)).kept


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Seen(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=//evil.test/x&gt;"


def test_the_page_asks_for_nothing_and_runs_nothing_whatever_it_shows() -> None:
    body = f"<nav class='\"><script>x()</script>'>{HOSTILE}</nav><main>{TERMS}<p>{HOSTILE} \u202eabc</p>"
    table = f"<table><tr><th>{HOSTILE}<th>b<tr><td>c<td>{HOSTILE}</table></main>"
    html = page_of(*SUBJECT, explained(body + table))
    seen = Seen(html)
    assert {tag for tag, _ in seen.tags} & {"script", "img", "link", "iframe", "object", "form", "a"} == set()
    assert not [
        name for _, attributes in seen.tags for name in attributes if name in ("src", "href", "onload", "action")
    ]
    assert "url(" not in html
    assert "@import" not in html
    assert html.count("default-src 'none'") == 1
    assert "".join(seen.text).count("<script>alert(1)</script>") == 4
    assert "\u202e" not in html


def test_the_page_says_the_verdict_counts_and_every_reason() -> None:
    links = "".join(f"<li><a href=/{n}>link {n}</a>" for n in range(UNFOLDED_MAX + 5))
    found = explained(f"<nav><ul>{links}</ul></nav><main>{TERMS}</main><footer>© Acme</footer>")
    text = " ".join("".join(Seen(page_of(*SUBJECT, found)).text).split())
    assert "✓Read as “Terms of Service”" in text
    assert f"{sum(block.words for block in found.kept)} words watched" in text
    assert "5 more blocks" in text
    for block in found.blocks:
        assert block.text in text
    for reason, _ in found.reasons():
        assert WORDS[reason] in text
    bad = page_of(*SUBJECT, explained("<title>x</title><p>Just a moment…</p>"))
    assert "checks for robots" in bad
    assert 'class="verdict bad"' in bad
    assert "Nothing of the page could be read" in page_of(*SUBJECT, explained(f"<main>{TERMS}", select=("#no",)))


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────

PAGE = f"<nav><a href=/x>Pricing</a></nav><main>{TERMS}</main><footer>The foot</footer>"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "terms.html"
    path.write_text(PAGE)
    return path


def coloured(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"FORCE_COLOR": "1", "COLUMNS": "80"} | environment, color=True)


def test_a_file_is_explained_in_the_terminal_with_and_without_colour(file: Path) -> None:
    plain = monitor("explain", str(file))
    assert plain.exit_code == 0
    lines = plain.stdout.splitlines()
    assert "│ Terms of Service" in lines
    assert lines.index("✗ navigation  nav  1 word") + 1 == lines.index("· Pricing")
    assert "✗ page footer  footer  2 words" in lines
    bright = coloured("explain", str(file), TERM="xterm-256color").stdout
    assert "\x1b[2m· Pricing\x1b[0m" in bright
    sober = coloured("explain", str(file), TERM="xterm-256color", NO_COLOR="1").stdout
    assert not re.search(r"\x1b\[[0-9;]*3\dm", sober)


def test_a_page_can_not_speak_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(f"<nav>a\x1b[31m</nav><main>{TERMS}<p>b&#27;[2J \u202ec</p></main>")
    shown = monitor("explain", str(path))
    assert shown.exit_code == 0
    assert not {"\x1b", "\u202e"} & set(shown.stdout)


def test_an_explanation_as_json_has_every_block_with_its_reason(file: Path) -> None:
    facts = json.loads(monitor("explain", str(file), "--json").stdout)
    blocks = facts["sources"][0]["blocks"]
    assert (facts["read"], blocks[0]["why"], blocks[0]["text"]) == (True, "navigation", "Pricing")
    assert facts["words"]["left_out"] == sum(reason["words"] for reason in facts["reasons"]) == 3
    assert next(block["text"] for block in blocks if block["why"] is None) == "Terms of Service"


def test_an_explanation_is_written_as_a_page(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "explained.html"
    written = monitor("explain", str(file), "--html", str(target))
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", f"Wrote {target}.\n")
    assert SENTENCES[0] in target.read_text()
    nowhere = monitor("explain", str(file), "--html", str(tmp_path / "no" / "such.html"))
    assert (nowhere.exit_code, nowhere.stderr.count("\n")) == (2, 1)
    assert "can't be written: no such file or directory" in nowhere.stderr


def test_a_document_is_explained_from_the_archive_and_fetched_where_it_is_asked_for(tmp_path: Path) -> None:
    config = tmp_path / "terms-monitor.toml"
    with Site() as site:
        site.on("/terms", served(PAGE))
        config.write_text(
            '[fetch]\nallow_private = ["127.0.0.1"]\n[operator]\naddress = "o@example.org"\n'
            '[[platforms]]\nname = "Acme"\n'
            f'[[platforms.documents]]\nname = "Terms"\nurl = "{site.url("/terms")}"\nremove = ["h1 + p"]\n'
        )
        unseen = monitor("explain", "acme/terms", config=config).stdout
        assert unseen.startswith("acme/terms  fetched at")
        assert not (tmp_path / "terms-monitor.db").exists()
        assert monitor("check", config=config).exit_code == 0
        site.on("/terms", served("<title>x</title><p>Just a moment…</p>"))
        archived = monitor("explain", "terms", config=config)
        assert archived.stdout.startswith("acme/terms  version 1 in the archive, seen from")
        assert "✗ taken out by remove  p  5 words" in archived.stdout
        now = monitor("explain", "terms", "--now", config=config)
        assert now.exit_code == 1
        assert "✗ The terms were expected, but the page checks for robots" in now.stdout
        url = monitor("explain", site.url("/terms"), "--json", config=config)
        assert (url.exit_code, json.loads(url.stdout)["verdict"]["kind"]) == (1, "challenge")
        gone = monitor("explain", site.url("/none"), config=config)
        assert (gone.exit_code, "(not_found)" in gone.stderr) == (1, True)


def test_what_can_not_be_explained_is_one_sentence(tmp_path: Path) -> None:
    neither = monitor("explain", "terms.html", config=tmp_path / "none.toml")
    assert (neither.exit_code, neither.stderr.count("\n")) == (2, 1)
    assert "'terms.html' is neither a URL nor a file, and there is no configuration" in neither.stderr
    (tmp_path / "c.toml").write_text('[operator]\naddress = "o@example.org"\n')
    unknown = monitor("explain", "terms.html", config=tmp_path / "c.toml")
    assert (
        "There is no document 'terms.html'. See \"monitor list\". Nor is there a file of that name." in unknown.stderr
    )
    refused = monitor("explain", "http://127.0.0.1:9/", config=tmp_path / "none.toml")
    assert (refused.exit_code, "(refused)" in refused.stderr) == (1, True)
