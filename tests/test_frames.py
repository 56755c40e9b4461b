"""A page that only frames its agreement says where that is; films, trackers and challenges are no agreements."""

from __future__ import annotations

import pytest
from pages import HTML, SENTENCES, TERMS, look

from monitor.core.model import Reading, Unreadable
from monitor.core.reading.frames import framed_url

LONG = (*SENTENCES, *(f"In the annexes it is agreed as well: {sentence}" for sentence in SENTENCES))
PAGE = "https://example.test/legal/terms"


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ("<iframe src=/files/terms.html></iframe>", "https://example.test/files/terms.html"),
        (
            "<object data='a.pdf' type='application/pdf' width=100% height=800></object>",
            "https://example.test/legal/a.pdf",
        ),
        ("<embed src='//cdn.example.net/x.pdf'>", "https://cdn.example.net/x.pdf"),
        ("<base href=/docs/><iframe src=privacy title='Privacy Policy'></iframe>", "https://example.test/docs/privacy"),
        (
            "<iframe src='https://viewer.example.net/view?embedded=true&url=https%3A%2F%2Fexample.test%2Ft.pdf'></iframe>",
            "https://example.test/t.pdf",
        ),
        ("<iframe src='/pdfjs/web/viewer.html?file=/up/agb.pdf'></iframe>", "https://example.test/up/agb.pdf"),
        (
            "<iframe src='https://films.example.net/embed/1' allowfullscreen></iframe><iframe src=/t.pdf></iframe>",
            "https://example.test/t.pdf",
        ),
        ("<iframe src='https://tags.example.net/ns.html?id=1' height=0 width=0></iframe>", None),
        ("<iframe src='https://tags.example.net/terms' style='display:none'></iframe>", None),
        ("<iframe src='https://films.example.net/embed/1' allow='autoplay' height=600></iframe>", None),
        ("<iframe src='https://check.example.net/captcha?policy=1'></iframe>", None),
        ("<iframe src='about:blank'></iframe><iframe src='javascript:void(0)'></iframe><object></object>", None),
        ("<iframe src='file:///terms.pdf'></iframe><iframe src='http://[/terms'></iframe>", None),
        ("<base href='http://[x'><iframe src=/files/terms.html></iframe>", "https://example.test/files/terms.html"),
    ],
)
def test_the_framed_agreement_is_found(frames: str, expected: str | None) -> None:
    assert framed_url(f"<body><h1>Legal</h1>{frames}</body>", PAGE, sure=False) == expected


def test_a_page_that_bears_its_terms_frames_nothing() -> None:
    frame = "<iframe src=/files/privacy.pdf height=900></iframe>"
    assert isinstance(look(f"<main>{TERMS}{frame}</main>"), Reading)


def test_a_page_with_a_word_of_its_own_frames_what_calls_itself_an_agreement() -> None:
    welcome = "<p>" + "Welcome to our shop, where you find what you like and a friendly word. " * 8 + "</p>"
    found = look(f"<main>{welcome}<iframe src=/files/terms.pdf></iframe></main>")
    assert isinstance(found, Unreadable)
    assert found.frame is not None
    assert "https://example.test/files/terms.pdf" in found.reason
    assert isinstance(look(f"<main>{welcome}<iframe src=/map height=900></iframe></main>"), Reading)


def test_a_page_in_the_attribute_of_a_frame_is_read() -> None:
    inner = f"<h1>Terms</h1>{''.join(f'<p>{sentence}</p>' for sentence in LONG)}".replace('"', "&quot;")
    found = look(f'<body><div id=root></div><iframe srcdoc="{inner}"></iframe></body>', content_type=HTML)
    assert isinstance(found, Reading), found
    assert found.text == "\n".join(["Terms", *LONG])
