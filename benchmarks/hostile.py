"""Hostile pages: seeds that are hard to read each in its way, and mutations of pages, all from one random seed."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

HTML = "text/html; charset=utf-8"
_TAG = re.compile(rb"<[^<>]{1,200}>")
_CLAUSES = (
    "These terms apply to every use of the service by the customer and its users.",
    "The provider may change the fees with thirty days of notice to the customer.",
    "Liability is limited to the fees of twelve months, 1.5 % of them for each day of delay.",
    "Personal data is processed under the data processing agreement and deleted after use.",
    "Disputes are settled by the courts of Oslo. The law of Norway applies.",
    "Die Haftung ist auf Vorsatz und grobe Fahrlässigkeit beschränkt.",
    "Le client peut résilier le contrat à tout moment, sans frais.",
    "本规约适用于所有用户。違反した場合、利用を停止することがあります。",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A body with the media type it is served as, and what kind of seed it came from."""

    family: str
    body: bytes
    content_type: str = HTML


def terms(rng: random.Random, sections: int = 12) -> str:
    """An ordinary agreement as the inside of a page."""
    parts = ["<h1>Terms of Service</h1><p>Last updated: 3 May 2026</p>"]
    for number in range(1, sections + 1):
        sentences = " ".join(rng.choice(_CLAUSES) for _ in range(rng.randint(1, 5)))
        parts.append(f"<h2>{number}. Section {number}</h2><p>{sentences}</p>")
        if rng.random() < 0.3:
            parts.append("<ol type='a'>" + "".join(f"<li>{rng.choice(_CLAUSES)}</li>" for _ in range(3)) + "</ol>")
        if rng.random() < 0.2:
            rows = "".join(f"<tr><td>Party {row}</td><td>Norway</td></tr>" for row in range(4))
            parts.append(f"<table><tr><th>Name</th><th>Place</th></tr>{rows}</table>")
    return "".join(parts)


def _whole(inner: str) -> bytes:
    page = f"<!doctype html><html lang=en><head><title>Terms</title></head><body><main>{inner}</main></body></html>"
    return page.encode("utf-8", "surrogatepass")


def _deep(rng: random.Random, size: int) -> Page:
    tag = rng.choice(["div", "span", "blockquote", "ul><li", "table><tr><td", "b", "details"])
    return Page("deep nesting", _whole(terms(rng) + f"<{tag}>" * (size // 8) + rng.choice(_CLAUSES)))


def _huge_attribute(rng: random.Random, size: int) -> Page:
    name = rng.choice(["class", "style", "id", "data-x", "href", "title"])
    return Page("huge attribute", _whole(f'<div {name}="{"x " * (size // 2)}">{terms(rng)}</div>'))


def _many_attributes(rng: random.Random, size: int) -> Page:
    attributes = " ".join(f"a{number}=1" for number in range(size // 9))
    return Page("many attributes", _whole(f"<div {attributes}>{terms(rng)}</div>"))


def _encodings(rng: random.Random, size: int) -> Page:
    body = _whole(terms(rng, size // 400 + 1))
    text = body.decode("utf-8", "surrogatepass")
    kinds: list[tuple[bytes, str]] = [
        (text.encode("utf-16-le"), "text/html"),
        (text.encode("utf-16"), "text/html; charset=utf-8"),
        (text.encode("cp1252", "replace"), HTML),
        (body[: len(body) // 2] + b"\xe2\x82", HTML),
        (body.replace(b" ", b" \x00"), HTML),
        (body.replace(b"fees", b"&#xD800;&#0;&#x110000;fees"), HTML),
        (b"\xef\xbb\xbf\xff\xfe" + body, "text/html; charset=shift_jis"),
        (body, "text/html; charset=\"nonsense-8'"),
        (text.encode("utf-7"), "text/html; charset=utf-7"),
    ]
    return Page("encodings", *rng.choice(kinds))


def _unclosed(rng: random.Random, size: int) -> Page:
    start = rng.choice(
        ["<!--", "<script>", "<table>", "<textarea>", "<svg>", "<select><option>", "<template>", "<![CDATA["]
    )
    return Page("unclosed", _whole(terms(rng) + start + terms(rng, size // 400 + 1)))


def _tables(rng: random.Random, size: int) -> Page:
    span = rng.choice(["1000000000", "-1", "0", "9" * 50, "x"])
    cell = f"<td colspan={span} rowspan={span}>x</td>"
    return Page("tables", _whole(terms(rng) + "<table>" + f"<tr>{cell * 3}</tr>" * (size // 120) + "</table>"))


def _lists(rng: random.Random, size: int) -> Page:
    start = rng.choice(["-9223372036854775808", "99999999999999999999", "0", "x", "1e9"])
    inner = f"<ol start={start} type={rng.choice('1aAiI')}><li>{rng.choice(_CLAUSES)}"
    return Page("lists", _whole(terms(rng) + inner * (size // len(inner))))


def _long_words(rng: random.Random, size: int) -> Page:
    piece = rng.choice(
        ["x", "\u200b", "\u202e", "字", "1.", "(a)", "§", "|", "&shy;", "\u0301", "\U0001f600", "a@b.c "]
    )
    holder = rng.choice(["h2", "p", "li", "td", "title", "a href='#x'"])
    return Page("long words", _whole(f"{terms(rng)}<{holder}>{piece * (size // len(piece))}"))


def _markdown(rng: random.Random, size: int) -> Page:
    line = rng.choice(["> ", "- ", "| ", "[", "*", "`", "#", "![", "1. ", "<b>", "_a_", "~~~\n", "&amp;"])
    return Page(
        "markdown", f"# Terms\n\n{' '.join(_CLAUSES)}\n\n{line * (size // len(line))}".encode(), "text/markdown"
    )


def _plain(rng: random.Random, size: int) -> Page:
    line = rng.choice(["1. ", "  ", "\t", "(a) ", "=", "-\n", "x\n", "Article 1\n", "\f", "1.1.1.1.1 "])
    return Page("plain text", f"TERMS\n\n{' '.join(_CLAUSES)}\n\n{line * (size // len(line))}".encode(), "text/plain")


def _scripts(rng: random.Random, size: int) -> Page:
    nested = "[" * (size // 2) + "]" * (size // 2)
    text = " ".join(rng.choice(_CLAUSES) for _ in range(40)).replace('"', "")
    data = rng.choice(
        [f'{{"html":"{terms(rng)}","deep":{nested}}}', f'{{"a":"{text}"', f'self.__next_f.push([1,"{text}"])', nested]
    )
    kind = rng.choice(["application/json", "text/javascript", "application/ld+json"])
    script = f"<script id='__NEXT_DATA__' type='{kind}'>{data}</script>"
    return Page("script data", f"<html><body><div id=root></div>{script}</body></html>".encode("utf-8", "replace"))


def _frames(rng: random.Random, size: int) -> Page:
    source = rng.choice(["", "#", "/terms", "//[", "javascript:1", "data:text/html,x", "http://" + "x" * 300])
    return Page(
        "frames", _whole(f"<p>Terms</p><iframe src='{source}'></iframe><object data='{source}'>" * (size // 90 + 1))
    )


def _pdf(rng: random.Random, size: int) -> Page:
    lines = "".join(f"1 0 0 1 70 {800 - 14 * (at % 55)} Tm ({_CLAUSES[at % 5]}) Tj " for at in range(size // 90 + 5))
    stream = zlib.compress(f"BT /F1 11 Tf {lines} ET".encode("cp1252"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj %s endobj\n" % pair for pair in enumerate(objects, start=1))
    return Page("pdf", body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF", "application/pdf")


def _ordinary(rng: random.Random, size: int) -> Page:
    return Page("ordinary", _whole(terms(rng, size // 300 + 1)))


Family = Callable[[random.Random, int], Page]
FAMILIES: tuple[Family, ...] = (
    _ordinary, _deep, _huge_attribute, _many_attributes, _encodings, _unclosed, _tables, _lists, _long_words,
    _markdown, _plain, _scripts, _frames, _pdf,
)  # fmt: skip


def mutated(rng: random.Random, page: Page, other: Page) -> Page:
    """A page after one to six mutations: of bytes, of tags, or crossed over with another page."""
    body = page.body
    for _ in range(rng.randint(1, 6)):
        body = rng.choice(_MUTATIONS)(rng, body, other.body)
    return Page(page.family, body, page.content_type)


def _slice(rng: random.Random, body: bytes, most: int = 2_000) -> tuple[int, int]:
    start = rng.randrange(len(body) + 1)
    return start, min(len(body), start + rng.randint(1, most))


def _deleted(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    start, end = _slice(rng, body)
    return body[:start] + body[end:]


def _doubled(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    start, end = _slice(rng, body)
    return body[:end] + body[start:end] * rng.choice([1, 1, 2, 30]) + body[end:]


def _swapped(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    cuts = sorted(rng.randrange(len(body) + 1) for _ in range(3))
    first, second, third = cuts
    return body[:first] + body[second:third] + body[first:second] + body[third:]


def _flipped(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randint(1, 20) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _crossed(rng: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)] + other[rng.randrange(len(other) + 1) :]


def _spliced(rng: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _slice(rng, other)
    at = rng.randrange(len(body) + 1)
    return body[:at] + other[start:end] + body[at:]


def _untagged(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    return _TAG.sub(lambda tag: b"" if rng.random() < 0.1 else tag.group(), body)


def _retagged(rng: random.Random, body: bytes, _other: bytes) -> bytes:
    tags = _TAG.findall(body) or [b""]
    return _TAG.sub(lambda tag: rng.choice(tags) if rng.random() < 0.05 else tag.group(), body)


_MUTATIONS = (_deleted, _doubled, _swapped, _flipped, _crossed, _spliced, _untagged, _retagged)
