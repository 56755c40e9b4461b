"""An agreement that a page only carries in its scripts is found and read; one that is shown is read as shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pages import SENTENCES, look, reading

from monitor.core.fingerprint import fingerprint
from monitor.core.model import Document, DocumentRef, Reading, Schedule, Snapshot, Source, SuspectKind, Unreadable
from monitor.core.read import read
from monitor.core.reading.trace import Trace

LONG = (*SENTENCES, *(f"In the annexes it is agreed as well: {sentence}" for sentence in SENTENCES))
HTML = "".join(f"<h2>{n}. Part</h2><p>{sentence}</p>" for n, sentence in enumerate(LONG, 1))
MARKDOWN = "\n\n".join(f"## {n}. Part\n\n{sentence}<br>" for n, sentence in enumerate(LONG, 1))
EXPECTED = "\n".join(f"{n}. Part\n{sentence}" for n, sentence in enumerate(LONG, 1))
NOISE = {
    "nav": [{"label": "Home", "href": "/"}],
    "build": "x7Zq" * 400,
    "seo": "Read what the terms of the service are.",
}


def _shell(script: str) -> str:
    return (
        "<!doctype html><html><head><title>Terms</title></head><body><div id=root></div>"
        f"<noscript>Please enable JavaScript.</noscript>{script}<script src=/app.js></script></body></html>"
    )


def _next(text: str) -> str:
    props = {"props": {"pageProps": {**NOISE, "page": {"slug": "terms", "body": text}}}, "buildId": "b1"}
    data = json.dumps(props).replace("<", "\\u003c")
    return f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'


def _assigned(text: str) -> str:
    return f"<script>window.__STATE__ = {_json({'a': NOISE, 'doc': {'title': 'Terms', 'html': text}})};run()</script>"


def _parsed(text: str) -> str:
    inner = _json({"content": text}).replace("\\", "\\\\").replace("'", "\\'")
    return f"<script>window.__STATE__ = JSON.parse('{inner}');</script>"


def _streamed(text: str) -> str:
    data = text.encode()
    shell = ':HL["/app.css","style"]\n0:["$","div",null,{"children":"$L1"}]\n'
    stream = f'{shell}1:T{len(data):x},{text}2:["$","p",null,{{"children":"x"}}]\n'
    half = len(stream) // 2
    return "".join(f"<script>self.__next_f.push([1,{_json(part)}])</script>" for part in (stream[:half], stream[half:]))


def _linked(text: str) -> str:
    return f'<script type="application/ld+json">{_json({"@type": "WebPage", "text": text})}</script>'


def _template(text: str) -> str:
    return f'<script type="text/html"><div>{text}</div></script>'


def _escaped(text: str) -> str:
    return _next(text.replace("<", "&lt;").replace(">", "&gt;"))


def _json(value: object) -> str:
    return json.dumps(value).replace("</", "<\\/")


@pytest.mark.parametrize("carried", [_next, _assigned, _parsed, _streamed, _linked, _template, _escaped])
def test_an_agreement_in_script_data_is_read(carried: Callable[[str], str]) -> None:
    found = look(_shell(carried(HTML)))
    assert isinstance(found, Reading), found
    assert found.text.removeprefix("Terms\n") == EXPECTED


def test_markdown_in_script_data_is_read() -> None:
    found = look(_shell(_next(MARKDOWN)))
    assert isinstance(found, Reading), found
    assert found.text == EXPECTED


def _contentful(level: int, parts: tuple[str, str]) -> object:
    texts = [{"nodeType": "text", "value": part, "marks": []} for part in parts]
    return {"nodeType": f"heading-{level}" if level else "paragraph", "content": texts}


def _portable(level: int, parts: tuple[str, str]) -> object:
    spans = [{"_type": "span", "text": part} for part in parts]
    return {"_type": "block", "style": f"h{level}" if level else "normal", "children": spans}


def _prosemirror(level: int, parts: tuple[str, str]) -> object:
    texts = [{"type": "text", "text": part} for part in parts]
    return {"type": "heading" if level else "paragraph", "attrs": {"level": level}, "content": texts}


def _element(level: int, parts: tuple[str, str]) -> object:
    bold = ["$", "strong", None, {"children": parts[1]}]
    return ["$", f"h{level}" if level else "p", None, {"children": [parts[0], bold]}]


@pytest.mark.parametrize("node", [_contentful, _portable, _prosemirror, _element])
def test_rich_text_in_script_data_is_read(node: Callable[[int, tuple[str, str]], object]) -> None:
    nodes: list[object] = []
    for number, sentence in enumerate(LONG, 1):
        nodes += [node(2, (f"{number}. ", "Part")), node(0, (sentence[:30], sentence[30:]))]
    found = look(_shell(_assigned("").replace('"html": ""', f'"html": {_json(nodes)}')))
    assert isinstance(found, Reading), found
    assert found.text.removeprefix("Terms\n") == EXPECTED


def test_what_the_page_shows_is_read_as_shown() -> None:
    shown = f"<main><h1>Terms</h1>{HTML}</main>"
    other = HTML.replace("Denmark", "Norway")
    assert reading(f"{shown}{_next(other)}").text == reading(shown).text


def test_script_data_that_is_no_agreement_leaves_a_shell_a_shell() -> None:
    chatter = "The quick brown fox jumps over the lazy dog, again and again, until it is tired. " * 40
    found = look(_shell(_next(chatter)))
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.APP_SHELL


def test_a_shells_fingerprint_is_that_of_the_agreement_in_its_data() -> None:
    def of(text: str, build: str) -> str:
        return fingerprint(_shell(_next(text).replace("b1", build)).encode(), "text/html; charset=utf-8")

    assert of(HTML, "b1") == of(HTML, "b2")
    assert of(HTML, "b1") != of(HTML.replace("30 days", "60 days"), "b1")


@pytest.mark.parametrize(
    "script",
    [
        "<script>x = " + "[" * 100_000 + "</script>",
        "<script>x = " + '{"a":' * 50_000 + "</script>",
        "<script>" + "=[[ " * 50_000 + "</script>",
        "<script>JSON.parse('" + "\\" * 9_999 + "')</script>",
        '<script>self.__next_f.push([1,"1:Tffffff,short"])</script>',
    ],
)
def test_broken_and_deep_data_is_passed_over(script: str) -> None:
    found = look(_shell(script))
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.APP_SHELL


def test_half_a_sign_in_script_data_is_no_text() -> None:
    whole, half = "\\ud83c\\udf3f", "\\ud83c"
    script = _next(HTML).replace("2. Part", f"2. Part {whole} {half}")
    text = reading(_shell(script)).text
    assert "2. Part \U0001f33f \ufffd" in text
    assert text.encode()


def test_the_trace_of_a_shell_is_that_of_its_data() -> None:
    source = Source("https://example.test/")
    document = Document(DocumentRef("p", "d"), "P", "D", (source,), Schedule(every_s=3600))
    page = (("Content-Type", "text/html; charset=utf-8"),)
    now = datetime(2026, 5, 1, tzinfo=UTC)
    body = _shell(f"<p>Loading your page</p>{_next(HTML)}").encode()
    traces: list[Trace] = []
    found = read(document, (Snapshot("s", source.id, (), 200, page, body, "h", "f", now),), (), traces)
    assert isinstance(found, Reading)
    assert "\n".join(line.text for line in traces[0] if line.why is None) == found.text


def test_news_and_menus_in_the_scripts_of_a_redirect_are_no_agreement() -> None:
    news = "".join(
        f"<h2>Story {n}</h2><p>Our team has released the next model of its family, number {n}, and tells how it was"
        " made. Read about the service, its terms, privacy and"
        " licence, the customers, the provider of its data, and what the parties agree on: an agreement.</p>"
        for n in range(30)
    )
    found = look(_shell(_next(news)).replace("<div id=root></div>", "<p>Redirecting to legal.example.com</p>"))
    assert isinstance(found, Unreadable)
    assert found.kind is SuspectKind.APP_SHELL
