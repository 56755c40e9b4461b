"""Legal text that a page carries in its scripts, as data for a program that would show it: found and made a page.

What is looked for are the values of JSON, wherever they lie: in data scripts, in assignments, in the streams of
server components. Scripts are never run.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from monitor.core.decode import whole_signs
from monitor.core.reading.lexbor import parsed
from monitor.core.reading.markdown import as_html
from monitor.core.reading.vocabulary import legal_terms, words_of

SHOWN_CHARS_MAX = 12_000  # a page that shows more isn't a shell that scripts would fill
HIDDEN_CHARS_MIN = 1_000  # less isn't an agreement

_LEGAL_TERMS_MIN = 10  # data in scripts is a guess, and the news and menus of a site have a few legal words too
_DATA_CHARS_MAX = 3_000_000  # of one page: a fingerprint is made of it in the daemon itself
_VALUES_MAX = 40
_ATTEMPTS_MAX = 200  # to find a value in a script, each of which may go through all of it
_DEPTH_MAX = 150
_HTML_CHARS_MAX = 4_000_000
_NESTED_MAX = 2  # JSON in a string of JSON in a string of JSON
_MAIN_SHARE = 0.85  # the part that bears so much of the prose is the document
_MAIN_TEXT_SHARE = 0.6  # the same for a single text

_TEMPLATE_TYPES = ("text/html", "text/template", "text/x-template", "text/markdown", "text/x-handlebars-template")
_STREAM = re.compile(r"\.push\(\s*(\[1\s*,\s*\")")
_STREAM_ROW = re.compile(rb"([0-9a-f]{0,6}):(T([0-9a-f]{1,8}),|[A-Z]{0,2})")
_PARSED = re.compile(r"JSON\.parse\(\s*(?=[\"'])")
_ASSIGNED = re.compile(r"[=(:,]\s*(?=\{\s*\"|\[\s*(?:[\"\[]|\{\s*[\"}]))")  # what else code assigns is no JSON
_OPENING = ("{", "[")
_SINGLE_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_SPECIAL = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|\"", re.DOTALL)

_PROSE_CHARS_MIN = 40
_EAST = re.compile(r"[぀-ヿ㐀-鿿]{8}")
_PART_CHARS_MIN = 10  # of a string that is called a text
_EAST_CHARS_MIN = 20
_NO_PROSE = ("http", "data:", "function", "<svg", '"use strict"')
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z][a-z0-9]{0,10}(?:\s[^&]{0,200})?/?&gt;", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|table|tr|section|article|br|dl|dt|dd)\b", re.IGNORECASE)
_MARKDOWN_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n\s*\n|^#{1,6} |^[*-] ", re.MULTILINE)

_TITLE_KEYS = words_of("title heading headline header subtitle subheading question term name label")
_TEXT_KEYS = words_of("text value content body html markdown md description answer definition copy children __html")
_KIND_KEYS = ("style", "tag", "nodeType", "type", "_type", "object", "kind")
_HEADING_KIND = re.compile(r"(?:heading|header|title)?[-_ ]?h?([1-6])", re.IGNORECASE)
_KINDS = {
    "p": words_of("p paragraph block normal"),
    "li": words_of("li list-item listitem list_item"),
    "ul": words_of("ul unordered-list bulleted-list bulletlist bullet_list"),
    "ol": words_of("ol ordered-list numbered-list orderedlist ordered_list"),
    "table": words_of("table"),
    "tr": words_of("tr table-row tablerow table_row"),
    "td": words_of("td table-cell tablecell table_cell"),
    "th": words_of("th table-header-cell tableheader table_header"),
    "blockquote": words_of("blockquote quote"),
    "h2": words_of("heading header title"),
}
_TAG_OF_KIND = {kind: tag for tag, kinds in _KINDS.items() for kind in kinds}
_INLINE_KINDS = words_of("text span link hyperlink a strong em b i u code mark linebreak hardbreak br")
_ELEMENT_TAGS = frozenset(_KINDS) | words_of(
    "h1 h3 h4 h5 h6 div section article main nav header footer aside dialog dl dt dd thead tbody pre br span a strong b"
)
_DECODER = json.JSONDecoder(strict=False)
_Value = object


def script_page(page: str) -> str:
    """HTML of the agreement in the scripts of an HTML page; empty where there is none."""
    part = _agreement(parsed(page))
    return "" if part is None else whole_signs(_Renderer().html(part))


def script_words(tree: LexborHTMLParser) -> str:
    """All text that `script_page` may be made from, for a fingerprint: it costs no parsing of what is written in it.

    `tree` is the page, parsed.
    """
    part = _agreement(tree)
    return "" if part is None else " ".join(_strings(part))


def _agreement(tree: LexborHTMLParser) -> _Value | None:
    """The part of a page's data that sounds most like an agreement; None where none does."""
    best: _Value | None = None
    best_rank = (_LEGAL_TERMS_MIN, 0)
    for value in _values(tree):
        part, prose = _main_part(value)
        if prose < HIDDEN_CHARS_MIN:
            continue
        rank = (legal_terms(" ".join(_strings(part))), prose)
        if rank > best_rank:
            best, best_rank = part, rank
    return best


def _strings(value: _Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


# ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _values(tree: LexborHTMLParser) -> Iterator[_Value]:
    """What the scripts of a page hold as data, decoded, and the pages that stand in its frames' own attributes."""
    stream: list[str] = []
    left = _DATA_CHARS_MAX
    for frame in tree.css("iframe[srcdoc]")[:_VALUES_MAX]:
        yield frame.attributes.get("srcdoc") or ""
    for node in tree.css("script"):
        text = node.text() or ""
        kind = (node.attributes.get("type") or "").split(";")[0].strip().lower()
        left -= len(text)
        if left < 0:
            break
        if kind in _TEMPLATE_TYPES:
            yield text
        elif pushed := _STREAM.search(text):
            stream.extend(_chunks(text, pushed.start(1)))
        elif len(text) >= HIDDEN_CHARS_MIN:
            yield from map(_expanded, _data(text))
    if stream:
        yield _expanded(list(_stream_rows("".join(stream))))


def _data(text: str) -> Iterator[_Value]:
    """The JSON values in a script: the script itself, what it parses, what it assigns."""
    whole = text.strip().removesuffix(";")
    if whole[:1] in _OPENING and (value := _decoded(whole)) is not None:
        yield value
        return
    for found in islice(_PARSED.finditer(text), _VALUES_MAX):
        literal = _literal(text, found.end())
        if len(literal) >= HIDDEN_CHARS_MIN and (value := _decoded(literal)) is not None:
            yield value
    at = 0
    for _ in range(_ATTEMPTS_MAX):
        assigned = _ASSIGNED.search(text, at)
        if assigned is None:
            return
        start = assigned.end()
        value, end = _decoded_at(text, start)
        at = start if value is None else end
        if value is not None and end - start >= HIDDEN_CHARS_MIN:
            yield value


def _decoded(text: str) -> _Value | None:
    try:
        value: _Value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _decoded_at(text: str, start: int) -> tuple[_Value | None, int]:
    """The JSON value that begins at `start` and where it ends; None where there is none."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start
    return value, end


def _literal(text: str, start: int) -> str:
    """The string literal that begins at `start`; what single quotes hold is written as JSON wants it first."""
    if text[start] == "'":
        found = _SINGLE_QUOTED.match(text, start)
        if found is None:
            return ""
        text, start = '"' + _SPECIAL.sub(_as_in_json, found[1]) + '"', 0
    value, _ = _decoded_at(text, start)
    return value if isinstance(value, str) else ""


def _as_in_json(found: re.Match[str]) -> str:
    sign = found.group()
    return {'"': '\\"', "\\'": "'"}.get(sign, sign.replace("\\x", "\\u00"))


def _chunks(text: str, start: int) -> Iterator[str]:
    """The pieces of a stream that a script pushes: [1, "…"]."""
    while True:
        value, end = _decoded_at(text, start)
        if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
            yield value[1]
        following = _STREAM.search(text, max(end, start + 1))
        if following is None:
            return
        start = following.start(1)


def _stream_rows(stream: str) -> Iterator[_Value]:
    """The rows of a stream of server components: id, colon, JSON to the end of the line, or T, a length and a text."""
    data = stream.encode("utf-8", "replace")
    at = 0
    while found := _STREAM_ROW.match(data, at):
        if found[3]:
            end = found.end() + int(found[3], 16)
            yield data[found.end() : end].decode("utf-8", "replace")
            at = end + 1 if data[end : end + 1] == b"\n" else end
            continue
        end = data.find(b"\n", found.end())
        end = len(data) if end < 0 else end
        if not found[2] and (value := _decoded(data[found.end() : end].decode("utf-8", "replace"))) is not None:
            yield value
        at = end + 1


def _expanded(value: _Value, nested: int = _NESTED_MAX, depth: int = 0) -> _Value:
    """The value with JSON in its strings decoded as well, without what lies too deep."""
    if depth > _DEPTH_MAX:
        return None
    if isinstance(value, dict):
        return {key: _expanded(part, nested, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_expanded(part, nested, depth + 1) for part in value]
    if isinstance(value, str) and nested and value[:1] in _OPENING and len(value) >= HIDDEN_CHARS_MIN:
        inner = _decoded(value)
        return value if inner is None else _expanded(inner, nested - 1, depth + 1)
    return value


# ── Which part of a value is the document ────────────────────────────────────────────────────────────────────────


def _main_part(value: _Value) -> tuple[_Value, int]:
    """The smallest part of a value that bears nearly all of its prose, and how many characters that is."""
    counts: dict[int, int] = {}
    whole = _count(value, counts)
    while isinstance(value, dict | list) and whole:
        parts = value.values() if isinstance(value, dict) else value
        main = next((part for part in parts if counts.get(id(part), 0) >= _share(part) * whole), None)
        if main is None:
            break
        value, whole = main, counts[id(main)]
    return value, whole


def _share(part: _Value) -> float:
    return _MAIN_TEXT_SHARE if isinstance(part, str) else _MAIN_SHARE


def _count(value: _Value, counts: dict[int, int], key: str = "") -> int:
    """The characters of prose in a value; `counts` has those of each part, by the id of the object."""
    if isinstance(value, str):
        count = len(value) if _is_prose(value, key) else 0
    elif isinstance(value, dict):
        count = sum(_count(part, counts, name) for name, part in value.items())
    elif isinstance(value, list):
        count = sum(_count(part, counts, key) for part in value)
    else:
        return 0
    counts[id(value)] = count
    return count


def _is_prose(text: str, key: str) -> bool:
    """Whether a string is sentences for people, or a part of one, with or without tags, rather than code or a name."""
    if len(text) < (_PART_CHARS_MIN if key in _TEXT_KEYS else _PROSE_CHARS_MIN) or text.startswith(_NO_PROSE):
        return len(text) >= _EAST_CHARS_MIN and _EAST.search(text) is not None
    head = text[:2_000]
    if _EAST.search(head):
        return True
    bare = _TAG.sub(" ", html.unescape(head))
    letters = sum(map(str.isalpha, bare))
    return bare.count(" ") * 15 >= len(bare) and letters * 10 >= 6 * len(bare.replace(" ", ""))


# ── The document as HTML ─────────────────────────────────────────────────────────────────────────────────────────


class _Renderer:
    """Writes a value as HTML: strings of HTML or Markdown, trees of rich text, lists of titled sections."""

    def __init__(self) -> None:
        self._left = _HTML_CHARS_MAX

    def html(self, value: _Value) -> str:
        return self._render(value, "content", 0)

    def _render(self, value: _Value, key: str, depth: int) -> str:
        if depth > _DEPTH_MAX or self._left < 0:
            return ""
        if isinstance(value, str):
            written = self._string(value, key)
            self._left -= len(written)
            return written
        if isinstance(value, list):
            if _is_element(value):
                return self._element(str(value[1]), value[3], depth)
            return "".join(self._render(part, key, depth + 1) for part in value)
        return self._node(value, depth) if isinstance(value, dict) else ""

    def _string(self, text: str, key: str) -> str:
        if _ESCAPED_TAG.search(text):
            text = html.unescape(text)
        if _is_html(text):
            return f"<div>{text}</div>"
        if key in _TITLE_KEYS and not _is_prose(text, "") and text.strip():
            return f"<h3>{html.escape(text)}</h3>"
        if not _is_prose(text, key):
            return ""
        if _PARAGRAPHS.search(text):
            return as_html(text)
        return f"<p>{html.escape(text)}</p>"

    def _node(self, node: dict[str, _Value], depth: int) -> str:
        """A node of rich text by its kind, else a record with a title and texts."""
        tag = _tag_of(node)
        if tag is None:
            return "".join(self._render(value, key, depth + 1) for key, value in node.items())
        return self._tagged(tag, self._inline([node[key] for key in node if key in _TEXT_KEYS], depth + 1))

    def _element(self, tag: str, props: _Value, depth: int) -> str:
        """An element of a server component; of a component with a name of its own only what it holds."""
        if not isinstance(props, dict):
            return ""
        inner = props.get("children")
        raw = props.get("dangerouslySetInnerHTML")
        if isinstance(raw, dict) and isinstance(raw.get("__html"), str):
            return self._tagged(tag, str(raw["__html"]))
        if tag not in _ELEMENT_TAGS:
            return self._inline([inner], depth + 1)
        return self._tagged(tag, self._inline([inner], depth + 1))

    def _inline(self, values: list[_Value], depth: int) -> str:
        """What stands in a node: its texts, however short, and its nodes."""
        written = []
        for value in values:
            if depth > _DEPTH_MAX or self._left < 0:
                break
            if isinstance(value, str):
                self._left -= len(value)
                written.append("" if value.startswith("$") else html.escape(value))
            elif isinstance(value, list) and not _is_element(value):
                written.append(self._inline(value, depth + 1))
            elif isinstance(value, dict) and _tag_of(value) is None:
                inner = [value[key] for key in value if key in _TEXT_KEYS]
                written.append(self._inline(inner, depth + 1))
            else:
                written.append(self._render(value, "content", depth + 1))
        return "".join(written)

    def _tagged(self, tag: str, inner: str) -> str:
        return f"<{tag}>{inner}</{tag}>" if tag in _ELEMENT_TAGS else inner


def _is_html(text: str) -> bool:
    """Whether a text with tags is HTML; Markdown may hold tags as well, but has headings of its own."""
    return _BLOCK_TAG.search(text) is not None and len(_MARKDOWN_HEADING.findall(text)) < 2


def _is_element(value: list[_Value]) -> bool:
    return len(value) >= 4 and value[0] == "$" and isinstance(value[1], str)


def _tag_of(node: dict[str, _Value]) -> str | None:
    """The tag for a node of rich text, "span" for what stands in a line; None for any other record."""
    if not any(key in node for key in _TEXT_KEYS):
        return None
    for key in _KIND_KEYS:
        kind = node.get(key)
        if not isinstance(kind, str):
            continue
        if (level := _HEADING_KIND.fullmatch(kind)) is not None:
            return f"h{level[1]}"
        kind = kind.lower()
        if kind in _INLINE_KINDS:
            return "span"
        if kind in _TAG_OF_KIND:
            return _heading_of(node) if _TAG_OF_KIND[kind] == "h2" else _TAG_OF_KIND[kind]
    return None


def _heading_of(node: dict[str, _Value]) -> str:
    attributes = node.get("attrs")
    level = attributes.get("level") if isinstance(attributes, dict) else node.get("level", node.get("depth"))
    return f"h{level}" if isinstance(level, int) and 1 <= level <= 6 else "h2"
