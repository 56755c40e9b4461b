"""PDF, plain text and Markdown become the same blocks as a page."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given, settings, strategies as st
from pages import SENTENCES, look, reading
from pdfs import HEIGHT, WIDTH, Text, bomb, locked, paragraph, pdf

from monitor.core.errors import PoolError
from monitor.core.fingerprint import fingerprint
from monitor.core.model import BlockKind, Reading, SuspectKind, Unreadable
from monitor.core.reading.pdf_file import Piece, Sheet
from monitor.core.reading.pdf_lines import pdf_lines
from monitor.core.reading.pdf_order import in_reading_order
from monitor.core.reading.plain import plain_lines
from monitor.pool import Pool

PDF = "application/pdf"
BODY = " ".join(SENTENCES)


def _read(body: str | bytes, content_type: str, **declared: object) -> Reading:
    found = look(body, content_type=content_type, **declared)
    assert isinstance(found, Reading), found
    return found


def _blocks(found: Reading) -> list[tuple[BlockKind, int, str]]:
    return [(block.kind, block.level, found.text[block.start : block.end]) for block in found.blocks]


def _wrapped(text: str, x: float, y: float, width: int) -> list[Text]:
    return paragraph(x, y, *textwrap.wrap(text, width))


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pdf_becomes_headings_and_paragraphs() -> None:
    page = [
        Text(70, 80, "Terms of Service", 18, bold=True),
        Text(70, 120, "1. Licence", 13, bold=True),
        *_wrapped(BODY, 70, 150, 80),
        Text(70, 400, "Payment", bold=True),
        *_wrapped(SENTENCES[5] + " " + SENTENCES[6], 70, 425, 80),
    ]
    assert _blocks(_read(pdf(page), PDF)) == [
        (BlockKind.HEADING, 1, "Terms of Service"),
        (BlockKind.HEADING, 2, "1. Licence"),
        (BlockKind.PARAGRAPH, 0, BODY),
        (BlockKind.HEADING, 3, "Payment"),
        (BlockKind.PARAGRAPH, 0, f"{SENTENCES[5]} {SENTENCES[6]}"),
    ]


def test_headings_of_a_pdf_that_are_nearly_of_a_size_are_of_one_level() -> None:
    page = [
        *paragraph(70, 60, "Terms of Service", size=16),
        *paragraph(70, 90, "1. Fees", size=13),
        *_wrapped(BODY, 70, 120, 60),
        *paragraph(70, 420, "2. Liability", size=12.5),
        *_wrapped(BODY, 70, 450, 60),
    ]
    headings = [block for block in _read(pdf(page), PDF).blocks if block.kind is BlockKind.HEADING]
    assert [block.level for block in headings] == [1, 2, 2]


def test_a_pdf_is_known_by_its_bytes_whatever_the_server_calls_it() -> None:
    body = pdf(_wrapped(BODY, 70, 80, 80))
    assert _read(body, "application/octet-stream").text == _read(body, PDF).text == BODY


def test_running_heads_and_page_numbers_are_left_out_and_paragraphs_go_on_over_pages() -> None:
    whole = textwrap.wrap(BODY, 80)
    pages = []
    for number, lines in enumerate((whole[:4], whole[4:]), start=1):
        head = [Text(70, 40, "Example Terms of Service", 9), Text(280, HEIGHT - 30, f"Page {number} of 2", 9)]
        foot = [Text(70, HEIGHT - 45, "© 2026 Example Ltd · confidential", 8)]
        pages.append([*head, *paragraph(70, 90, *lines), *foot])
    found = _read(pdf(*pages), PDF)
    assert found.text == f"Example Terms of Service\n{BODY}"


def test_words_parted_at_the_end_of_a_line_are_joined_as_the_document_writes_them() -> None:
    lines = [
        "The Provider grants a non-exclusive licence, and its termi-",
        "nation needs a notice. Each non-",
        "exclusive licence ends with the termination of a third-",
        "party service. A third party may not use the service of the Pro-",
        "vider under this agreement, whose liability is limited.",
    ]
    found = _read(pdf([*paragraph(70, 80, *lines), *_wrapped(BODY, 70, 300, 60)]), PDF)
    for joined in (
        "its termination needs",
        "Each non-exclusive licence",
        "a third-party service",
        "of the Provider under",
    ):
        assert joined in found.text


def test_columns_are_read_one_after_the_other() -> None:
    left, right = " ".join(SENTENCES[:4]), " ".join(SENTENCES[4:])
    columns = [*_wrapped(left, 60, 120, 40), *_wrapped(right, 320, 120, 40)]
    rows = sorted(columns, key=lambda text: (text.y, text.x))  # as some programs write them: across the columns
    page = [Text(60, 80, "Terms of Service", 18), *rows]
    assert _read(pdf(page), PDF).text == f"Terms of Service\n{left}\n{right}"


def test_a_table_is_read_row_by_row() -> None:
    rows = [
        ("Nordhost AS", ("Cloud hosting of customer data", "in two regions"), "Norway"),
        ("Clearmail GmbH", ("Sending of transactional e-mail",), "Germany"),
        ("Lumen Ltd", ("Measuring how the service is used", "without cookies"), "Ireland"),
        ("Tallyworks SARL", ("Billing",), "France"),
    ]
    page = _wrapped(BODY, 70, 80, 80)
    y = 300.0
    for name, purpose, place in rows:
        page += [Text(70, y, name), *paragraph(200, y, *purpose), Text(430, y, place)]
        y += 14 * len(purpose) + 12
    found = _read(pdf(page), PDF)
    assert [text for kind, _, text in _blocks(found) if kind is BlockKind.ROW] == [
        f"{name} | {' '.join(purpose)} | {place}" for name, purpose, place in rows
    ]


def test_bullets_and_lettered_items_are_lines_of_their_own() -> None:
    page = [
        *_wrapped(BODY, 70, 80, 80),
        *paragraph(70, 250, "The Customer must:"),
        Text(90, 264, "\u2022 keep its password"),
        Text(90, 278, "\u2022 tell the Provider of"),
        Text(100, 292, "any misuse"),
        *paragraph(70, 320, "(a) pay in time; and", "(b) not resell the service."),
    ]
    assert _blocks(_read(pdf(page), PDF))[1:] == [
        (BlockKind.PARAGRAPH, 0, "The Customer must:"),
        (BlockKind.ITEM, 1, "keep its password"),
        (BlockKind.ITEM, 1, "tell the Provider of any misuse"),
        (BlockKind.PARAGRAPH, 0, "(a) pay in time; and"),
        (BlockKind.PARAGRAPH, 0, "(b) not resell the service."),
    ]


def test_text_that_stands_on_its_side_is_no_text_of_the_document() -> None:
    page = _wrapped(BODY, 70, 80, 80)
    assert _read(pdf([*page, Text(30, 700, "DRAFT VERSION", 40, turned=True)]), PDF).text == BODY


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (pdf([Text(0, 0, "")]), SuspectKind.BINARY, "bears no text"),
        (pdf([Text(70, 80, BODY)])[:-40], SuspectKind.CUT_SHORT, "its end is missing"),
        (locked(), SuspectKind.BINARY, "with a password only"),
        (b"%PDF-1.7\nrubbish\n%%EOF\n", SuspectKind.BINARY, "is broken"),
        (b"%PDF-1.4\n1 0 obj << /Linearized 1 /L 99999 >>\n%%EOF\n", SuspectKind.CUT_SHORT, "its end is missing"),
    ],
)
def test_a_pdf_that_cant_be_read_says_why(body: bytes, kind: SuspectKind, words: str) -> None:
    found = look(body, content_type=PDF)
    assert isinstance(found, Unreadable)
    assert found.kind is kind
    assert words in found.reason


def test_a_running_line_with_the_date_of_the_document_is_kept_once() -> None:
    pages = [
        [*paragraph(70, 90, *lines), Text(70, HEIGHT - 40, "Version of 1 May 2026", 8)]
        for lines in (textwrap.wrap(BODY, 80)[:4], textwrap.wrap(BODY, 80)[4:], [SENTENCES[0]])
    ]
    assert _read(pdf(*pages), PDF).text.count("Version of 1 May 2026") == 1


def test_a_sheet_that_is_turned_is_read_as_it_is_shown() -> None:
    lines = textwrap.wrap(BODY, 80)
    turned = [Text(90 + 14 * index, HEIGHT - 60, line, turned=True) for index, line in enumerate(lines)]
    assert _read(pdf(turned, rotate=90), PDF).text == BODY


def test_a_pdf_that_is_made_anew_has_the_fingerprint_it_had() -> None:
    def made(date: str, file_id: bytes, text: str = BODY) -> bytes:
        info = f"/Info << /CreationDate (D:{date}) >> /ID [<".encode() + file_id + b"> <" + file_id + b">] "
        return pdf(_wrapped(text, 70, 80, 80), trailer=info)

    first = fingerprint(made("20260501120000Z", b"A1" * 16), PDF)
    assert fingerprint(made("20260502093000+02'00'", b"B2" * 16), PDF) == first
    assert fingerprint(made("20260501120000Z", b"A1" * 16, BODY.replace("30", "60")), PDF) != first


def test_a_pdf_that_unpacks_without_end_costs_its_own_check() -> None:
    with Pool(processes=1, deadline_s=20.0, memory_bytes=500_000_000) as pool:
        with pytest.raises(PoolError):
            pool.call(pdf_lines, bomb(300))
        assert pool.call(pdf_lines, pdf(_wrapped(BODY, 70, 80, 80)))[0].text == BODY  # type: ignore[index]


_PLACED = st.tuples(st.integers(40, WIDTH - 90), st.integers(130, HEIGHT - 130), st.sampled_from("abcdefghij"))


@given(st.lists(_PLACED, min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_however_a_sheet_is_laid_out_each_of_its_words_is_read_once(placed: list[tuple[int, int, str]]) -> None:
    words = [f"w{sign * 3}{index}q" for index, (_, _, sign) in enumerate(placed)]
    pieces = tuple(
        Piece(word, float(x), float(x + 6 * len(word)), float(y), 11.0, 400)
        for word, (x, y, _) in zip(words, placed, strict=True)
    )
    rows = in_reading_order((Sheet(WIDTH, HEIGHT, pieces),))
    read = " ".join(" ".join(row.cells) if row.cells else row.text for row in rows).split()
    assert sorted(read) == sorted(words)


# ── Plain text and Markdown ──────────────────────────────────────────────────────────────────────────────────────


def test_plain_text_that_was_wrapped_is_joined_and_headings_are_found() -> None:
    body = "\n".join(textwrap.wrap(BODY, 72))
    items = "  * one\n  * two of\n    them\n"
    text = f"TERMS OF SERVICE\n\n1. Licence\n\n{body}\n\nPayment\n-------\n\n{SENTENCES[5]}\n{items}"
    assert _blocks(_read(text, "text/plain")) == [
        (BlockKind.HEADING, 2, "TERMS OF SERVICE"),
        (BlockKind.HEADING, 2, "1. Licence"),
        (BlockKind.PARAGRAPH, 0, BODY),
        (BlockKind.HEADING, 2, "Payment"),
        (BlockKind.PARAGRAPH, 0, SENTENCES[5]),
        (BlockKind.ITEM, 2, "one"),
        (BlockKind.ITEM, 2, "two of them"),
    ]


def test_plain_text_with_a_paragraph_in_each_line_keeps_them_apart() -> None:
    paragraphs = [" ".join(SENTENCES[:3]), " ".join(SENTENCES[3:6]), " ".join(SENTENCES[6:])]
    assert _read("\n".join(paragraphs), "text/plain").text.split("\n") == paragraphs


def test_markdown_is_read_as_the_page_it_means() -> None:
    body = "\n".join(textwrap.wrap(BODY, 72))
    text = f"""---
title: Terms
---
Terms of Service
================

Licence {{#licence}}
-------
{body}

1. first *item*
2. second \\*item\\*
   that goes on

Name | Place
-----|------
Nord | Oslo

```
a line of code
  and another
```

![logo](https://example.test/logo.png) see [our **list**][1] &amp; <https://example.test/>

[1]: https://example.test/list
"""
    assert _blocks(_read(text, "text/markdown")) == [
        (BlockKind.HEADING, 1, "Terms of Service"),
        (BlockKind.HEADING, 2, "Licence"),
        (BlockKind.PARAGRAPH, 0, BODY),
        (BlockKind.ITEM, 1, "first item"),
        (BlockKind.ITEM, 1, "second *item* that goes on"),
        (BlockKind.HEADER_ROW, 0, "Name | Place"),
        (BlockKind.ROW, 0, "Nord | Oslo"),
        (BlockKind.PARAGRAPH, 0, "a line of code"),
        (BlockKind.PARAGRAPH, 0, "and another"),
        (BlockKind.PARAGRAPH, 0, "see our list & https://example.test/"),
    ]


def test_markdown_that_is_served_as_plain_text_is_known_by_its_headings() -> None:
    text = f"# Terms\n\n{SENTENCES[0]}\n\n## Law\n\n{BODY}\n"
    assert _read(text, "text/plain").text == _read(text, "text/markdown").text == f"Terms\n{SENTENCES[0]}\nLaw\n{BODY}"


def test_selectors_on_what_is_no_page_are_named() -> None:
    found = look(pdf(_wrapped(BODY, 70, 80, 80)), content_type=PDF, select=("main",))
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.SELECTOR
    assert "“main”" in found.reason
    assert reading(f"<main><p>{BODY}</p></main>", select=("main",)).text == BODY


@given(st.text(alphabet="ab .-*1)\n#=", max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_word_of_a_plain_text_is_lost(text: str) -> None:
    words = re.findall(r"[ab]+", text)
    assert [word for line in plain_lines(text) for word in re.findall(r"[ab]+", line.text)] == words
