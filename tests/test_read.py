"""A page becomes the text of its document: all of it, once, and nothing else."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st
from pages import SENTENCES, TERMS, lines, look, look_at_all, reading

from monitor.core.model import BlockKind, Range, Reading, ReadingDeclaration, Selector, SuspectKind, Unreadable
from monitor.core.reading.extract import Extract, extract

TODAY = date(2026, 4, 1)


def test_the_blocks_are_the_lines_of_the_text() -> None:
    found = reading(f"<main>{TERMS}<ul><li>one item of it</li></ul></main>")
    assert [found.text[block.start : block.end] for block in found.blocks] == found.text.split("\n")
    assert found.blocks[0].kind is BlockKind.HEADING
    assert found.blocks[-1].kind is BlockKind.ITEM


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=/a>Home</a> <a href=/b>Pricing</a></nav>",
        "<footer>© 2026 Example</footer>",
        "<aside><h3>Related articles</h3><a href=/x>How to connect</a></aside>",
        "<div role=dialog><p>We use cookies to make this better.</p><button>Accept</button></div>",
        "<div class='cookie-banner'><p>We and our partners store cookies on your device, always.</p></div>",
        "<div><p>Some cookies are essential, others help us to learn what people like.</p>"
        "<button>Yes</button><button>No</button></div>",
        "<div class='breadcrumbs'><a href=/>Home</a> / <a href=/legal>Legal</a></div>",
        "<div class='share-buttons'>Share on <a href=/f>F</a></div>",
        "<form><label>Your e-mail<input name=e></label><button>Subscribe</button></form>",
        "<p>Was this article helpful?</p><p>12 out of 34 found this helpful</p>",
        "<p>Updated 3 days ago</p>",
        "<select><option>English<option>Deutsch</select>",
        "<ul><li><a href=/blog>Our blog</a></li><li><a href=/help>Help</a></li></ul>",
        "<script>var x = 'text'</script><style>p{}</style><template>t</template><svg><text>t</text></svg>",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    plain = reading(f"<body><main>{TERMS}</main></body>")
    assert reading(f"<body><main>{TERMS}</main>{furniture}</body>").text == plain.text
    assert reading(f"<body><div class=wrap>{TERMS}{furniture}</div></body>").text == plain.text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>inter<b>nation</b>al <i>law</i>,<a href=/x>here</a></p>", ["international law,here"]),
        ("<p>one<br>two</p>", ["one", "two"]),
        ("<details><summary>Folded</summary><p>inside of it</p></details>", ["Folded", "inside of it"]),
        ("<div style='display:none'><p>a tab that is not open</p></div>", ["a tab that is not open"]),
        ("<dl><dt>Fee</dt><dd>what is paid</dd></dl>", ["Fee", "what is paid"]),
        ("<table><tr><th>Name<th>Place<tr><td>Nord<td><p>Oslo</p></table>", ["Name | Place", "Nord | Oslo"]),
        (
            "<table><tr>stray<td>Nord<td>Oslo</td>too<tr><td>a<td>b<div><tr><td>c<td>d</table>",
            ["stray | Nord | Oslo | too", "c | d", "a | b | "],
        ),
        ("<pre>line one\nline two</pre>", ["line one", "line two"]),
        ("<h2>Law<a href='#law'>#</a></h2><p>of Denmark, as it stands</p>", ["Law", "of Denmark, as it stands"]),
        ("<p>see <a href=/x>our list (opens in a new window)</a> here</p>", ["see our list here"]),
        ("<p>see <a href=/x>our list<span class=sr-only> external link</span></a> here</p>", ["see our list here"]),
    ],
)
def test_elements_become_lines(inner: str, expected: list[str]) -> None:
    assert lines(inner) == expected


def test_a_title_that_links_to_itself_stays() -> None:
    page = f"<main>{TERMS}</main>".replace("Terms of Service", "<a href=/terms#top>Terms of Service</a>")
    assert reading(page).text == reading(f"<main>{TERMS}</main>").text


def test_styled_and_bold_headings_are_headings() -> None:
    found = reading(f"<main>{TERMS}<div role=heading aria-level=3>Scope</div><p><b>Payment</b></p><p>text</p></main>")
    kinds = {found.text[block.start : block.end]: (block.kind, block.level) for block in found.blocks}
    assert kinds["Scope"] == (BlockKind.HEADING, 3)
    assert kinds["Payment"] == (BlockKind.HEADING, 4)
    assert kinds["text"][0] is BlockKind.PARAGRAPH


def test_ordered_lists_keep_the_numbers_that_the_page_shows() -> None:
    found = reading(
        f"<main>{TERMS}<ol type=a start=3><li>third thing<ol type=i><li>deep</ol><li value=7>seventh</ol>"
        "<ol reversed><li>two left<li>one left</ol></main>"
    )
    labels = [(block.label, block.level) for block in found.blocks if block.kind is BlockKind.ITEM]
    assert labels == [("c.", 1), ("i.", 2), ("g.", 1), ("2.", 1), ("1.", 1)]


def test_text_after_the_end_of_the_page_is_read() -> None:
    last = "And one more: the Customer keeps records of every use of the Service for as long as the law says."
    assert reading(f"<html><body><div>{TERMS}</div></body></html><p>{last}</p>").text.endswith(last)


def test_a_page_without_a_body_tag_is_read_whole() -> None:
    page = f"<!doctype html><title>Terms</title><nav><a href='/'>Home</a></nav><main>{TERMS}</main>"
    assert reading(page).text == reading(f"<html><body><main>{TERMS}</main></body></html>").text


def test_a_section_on_consent_is_terms_and_a_banner_that_asks_for_it_is_not() -> None:
    heading, said = "<h2>Consent</h2>", "By using the Service you consent to the processing of Your Data."
    section = f'<section id="consent">{heading}<p>{said}</p></section>'
    assert reading(f"<main>{TERMS}{section}</main>").text.endswith(f"Consent\n{said}")
    banner = section.replace("</section>", "<button>Accept</button></section>")
    assert reading(f"<main>{TERMS}{banner}</main>").text == reading(f"<main>{TERMS}</main>").text


def test_words_that_open_a_tooltip_are_read() -> None:
    cell = '<td><div class="TooltipV2"><span>Sweden, Norway</span></div></td>'
    assert "Nordhost | Sweden, Norway" in reading(f"{TERMS}<table><tr><td>Nordhost</td>{cell}</tr></table>").text


def test_a_page_that_keeps_its_text_in_noscript_is_read() -> None:
    assert SENTENCES[3] in reading(f"<body><div id=app></div><noscript>{TERMS}</noscript></body>").text


def test_a_second_copy_for_phones_counts_once() -> None:
    once = reading(f"<main><div class=a>{TERMS}</div></main>")
    twice = reading(f"<main><div class=desktop>{TERMS}</div><div class=phone>{TERMS}</div></main>")
    hidden = reading(f"<main><div class=a>{TERMS}</div><div hidden>{TERMS}</div></main>")
    assert twice.text == once.text == hidden.text


def test_a_table_of_contents_that_repeats_headings_is_left_out() -> None:
    contents = "".join(f"<li><a href='#s{n}'>{n}. Section {n}</a></li>" for n in range(1, 9))
    assert reading(f"<main><ul>{contents}</ul>{TERMS}</main>").text == reading(f"<main>{TERMS}</main>").text


def test_a_hidden_address_reads_as_the_address() -> None:
    token = bytes([7, *(byte ^ 7 for byte in b"legal@example.test")]).hex()
    assert lines(f'<p>Write to <span class=x data-cfemail="{token}">[email protected]</span>, please.</p>') == [
        "Write to legal@example.test, please."
    ]


def test_an_address_that_a_proxy_hides_in_part_reads_as_the_address() -> None:
    token = bytes([7, *(byte ^ 7 for byte in b"optout@")]).hex()
    assert lines(
        f'<p>Write to <a href="/"><span data-cfemail="{token}">[email protected]</span>example.test</a>.</p>'
    ) == ["Write to optout@example.test."]


def test_select_and_remove_overrule_everything() -> None:
    page = f"<body><main>{TERMS}</main><footer><p class=a>Footer law</p><p class=b>Secret</p></footer></body>"
    found = reading(page, select=("main", "footer"), remove=(".b",))
    assert found.text.endswith("Footer law")


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (Range("#b", "#d"), ["Two", "of two", "Three"]),
        (Range("#b", "#d", with_start=False), ["of two", "Three"]),
        (Range("#b", "#d", with_end=True), ["Two", "of two", "Three", "Four"]),
        (Range("h2", "h2"), ["One", "of one"]),
        (Range("#b", "#b", with_end=True), ["Two"]),
        (Range("#d", "section", with_start=False, with_end=True), ["of four"]),
    ],
)
def test_a_range_is_what_stands_between_two_elements(between: Range, expected: list[str]) -> None:
    parts = (
        "<h2 id=a>One</h2><p>of one</p><h2 id=b>Two</h2>of two<div><p>Three</p><h2 id=d>Four</h2></div><p>of four</p>"
    )
    assert lines_chosen(f"<section>{parts}</section><footer><h1>Foot</h1></footer>", between) == expected


def lines_chosen(page: str, between: Range) -> list[str]:
    """What `select` chooses, as `remove` takes the same away: the two are one."""
    found = extract(page, ReadingDeclaration(select=(between,)), on=TODAY)
    assert isinstance(found, Extract)
    left = extract(page, ReadingDeclaration(select=("body",), remove=(between,)), on=TODAY)
    whole = extract(page, ReadingDeclaration(select=("body",)), on=TODAY)
    assert isinstance(left, Extract)
    assert isinstance(whole, Extract)
    chosen = [line.text for line in found.lines]
    assert sorted([*chosen, *(line.text for line in left.lines)]) == sorted(line.text for line in whole.lines)
    return chosen


def test_a_range_within_a_table_or_list_keeps_its_rows_and_numbers() -> None:
    rows = "".join(f"<tr id=r{n}><td>row {n}<td>cell {n}</tr>" for n in range(1, 5))
    table = f"<main>{TERMS}<table>{rows}</table></main>"
    assert lines_chosen(table, Range("#r2", "#r4")) == ["row 2 | cell 2", "row 3 | cell 3"]
    # Each element once, in the order of the page, whatever chose it.
    found = extract(
        table, ReadingDeclaration(select=(Range("#r2", "#r4"), "#r1", "table tr:last-child", "#r3")), on=TODAY
    )
    assert isinstance(found, Extract)
    assert [line.text for line in found.lines if "row 3" in line.text] == ["row 3 | cell 3"]


@pytest.mark.parametrize("key", ["select", "remove"])
@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("#gone", "The selector “#gone”"),
        (Range("#gone", "h2"), "nothing on the page matches its start “#gone”"),
        (Range("h1", "#gone"), "nothing after its start matches its end “#gone”"),
        (Range("h2", "h1"), "nothing after its start matches its end “h1”"),
        (Range("h1", "h1 + p", with_start=False), "nothing stands between its start and its end"),
    ],
)
def test_a_selector_that_stops_matching_is_an_error_that_names_it(key: str, selector: Selector, said: str) -> None:
    found = look(f"<main>{TERMS}</main>", **{key: ("h1", selector)})
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.SELECTOR
    assert said in found.reason
    assert str(selector) in found.reason
    assert f"check `{key}` in the config" in found.reason


def test_what_is_removed_need_not_stand_on_every_page_of_a_document() -> None:
    other = TERMS.replace("Section", "Annex")
    pages = (f"<main>{TERMS}</main>", f"<main>{other}<p class=note>A note of the day</p></main>")
    found = look_at_all(pages, remove=(".note",))
    assert isinstance(found, Reading)
    assert "note of the day" not in found.text


def test_a_section_of_a_page_can_be_the_document() -> None:
    page = f"<main>{TERMS}<h1>Cookie Policy</h1><p>We use two cookies.</p><h2>Which</h2><p>a and b</p></main>"
    found = reading(page, section="cookie policy")
    assert found.text.split("\n") == ["Cookie Policy", "We use two cookies.", "Which", "a and b"]
    missing = look(page, section="Imprint")
    assert isinstance(missing, Unreadable)
    assert missing.kind is SuspectKind.SELECTOR


def test_several_sources_are_one_text_and_one_bad_page_spoils_it() -> None:
    whole = look_at_all((f"<main>{TERMS}</main>", f"<main>{TERMS.replace('Section', 'Annex')}</main>"))
    assert isinstance(whole, Reading)
    assert whole.text.count("Terms of Service") == 2
    spoilt = look_at_all((f"<main>{TERMS}</main>", "<h1>Page not found</h1>"))
    assert isinstance(spoilt, Unreadable)


def test_plain_text_and_markdown_are_read() -> None:
    markdown = "# Terms\n\n" + "\n\n".join(f"## {n}. Part\n\n{s}" for n, s in enumerate(SENTENCES, 1))
    found = look(markdown + "\n\n* see [our *list*](https://example.test)\n", content_type="text/markdown")
    assert isinstance(found, Reading)
    assert found.provisions[2].label == "2"
    assert found.text.endswith("see our list")
    plain = look("\n\n".join(SENTENCES), content_type="text/plain")
    assert isinstance(plain, Reading)
    assert plain.text == "\n".join(SENTENCES)


def test_ten_thousand_nested_elements_are_no_trouble() -> None:
    assert SENTENCES[0] in reading("<div>" * 10_000 + TERMS).text


TAGS = [
    "<p>",
    "</p>",
    "<table>",
    "<td>",
    "<tr>",
    "</table>",
    "<li>",
    "<ol>",
    "</ol>",
    "<h2>",
    "</h2>",
    "<b>",
    "</div>",
    "<div\nhidden>",
    "<summary>",
    "<details>",
    "<a\nhref='#x'>",
    "</a>",
    "<nav>",
    "word\n",
    "1.\n",
    "<br>",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=60))
def test_no_muddle_of_tags_breaks_reading(tags: list[str]) -> None:
    found = reading(TERMS + "".join(tags))
    assert [found.text[block.start : block.end] for block in found.blocks] == found.text.split("\n")


@pytest.mark.parametrize("nested", ["<details><summary>", "<span class=sr-only>", "<table><tr><td>", "<div>x<!---->y"])
def test_what_is_nested_without_end_is_read_in_time(nested: str) -> None:
    started = time.process_time()
    found = reading(f"<main>{TERMS}{nested * 12_000}<p>{SENTENCES[2]} {SENTENCES[3]}</p>")
    assert found.text.endswith(SENTENCES[3])
    assert time.process_time() - started < 5


def test_the_endless_number_of_a_heading_is_no_label() -> None:
    found = reading(f"<main>{TERMS}<h2>Article {'9' * 5_000}</h2><p>You may end it.</p></main>")
    assert (found.provisions[-1].label, found.provisions[-1].title[:9]) == ("", "Article 9")


def test_what_follows_the_end_of_a_page_stands_on_it() -> None:
    begun, rest = TERMS[:600], TERMS[600:]
    whole = reading(f"<body><main>{TERMS}</main></body>")
    assert reading(f"<html><body><main>{begun}</body></html>\n{rest}</main></body></html>").text == whole.text


def test_an_xml_declaration_is_no_part_of_a_page() -> None:
    page = f"<body><main>{TERMS}</main></body>"
    declared = f'<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE html>\n<html>{page}</html>'
    assert reading(declared).text == reading(page).text


def test_emphasis_that_never_ends_is_read_in_time() -> None:
    started = time.process_time()
    found = look("# Terms\n" + " ".join(SENTENCES) + "*a " * 30_000, content_type="text/markdown")
    assert isinstance(found, Reading)
    assert time.process_time() - started < 5
