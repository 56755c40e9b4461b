"""Which document a page frames that bears little text itself: an iframe, an object or an embed, by its looks."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from monitor.core.reading.hrefs import absolute
from monitor.core.reading.lexbor import parsed

_ADDRESS = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
# Without a flag for either case, which would cost it its fast start.
_FRAME = re.compile(r"<(?:[iI]?[fF][rR][aA][mM][eE]|[eE][mM][bB][eE][dD]|[oO][bB][jJ][eE][cC][tT])\b")
_FRAMES_MAX = 50
_URL_CHARS_MAX = 2_000
_LARGE_PX = 300
_SMALL_PX = 40
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|(?<![-\w])(?:width|height):\s*[01](?:px)?\s*(?:;|$)", re.I)
_LEGAL = re.compile(
    r"terms|tos(?![a-z])|privacy|polic|legal|agreement|condition|contract|licen|eula|dpa(?![a-z])|addendum|imprint|agb"
    r"|datenschutz|nutzung|impressum|confidentialit|mentions|cgu|cgv|privacidad|condicion|condizioni|privacidade"
    r"|voorwaarden|regulamin|prywatn|利用規約|条款|隐私|プライバシー",
    re.IGNORECASE,
)
_NO_DOCUMENT = re.compile(r"captcha|consent|autoplay|encrypted-media|gyroscope|payment", re.IGNORECASE)
_PDF = re.compile(r"\.pdf$", re.IGNORECASE)
_BY_NAME = 2  # points: enough where the page itself may be readable


def framed_url(html: str, url: str, *, sure: bool) -> str | None:
    """The address of the document that a page at `url` frames; None where no frame looks like one.

    With `sure` only a frame that calls itself an agreement or a PDF file will do.
    """
    if _FRAME.search(html) is None:
        return None
    tree = parsed(html)
    base = tree.css_first("base[href]")
    home = absolute(url, (base.attributes.get("href") or "") if base else "") or url
    best, best_points = None, _BY_NAME - 1 if sure else 0
    for node in tree.css(", ".join(_ADDRESS))[:_FRAMES_MAX]:
        address = _address(node, home)
        if address is None or _is_hidden(node):
            continue
        points = _points(node, address, url)
        if points > best_points:
            best, best_points = address, points
    return best


def _address(node: LexborNode, home: str) -> str | None:
    """Where the document of a frame is; of a viewer, that of the file it is told to show."""
    written = (node.attributes.get(_ADDRESS[node.tag or "iframe"]) or node.attributes.get("data-src") or "").strip()
    if not written or len(written) > _URL_CHARS_MAX:
        return None
    address = absolute(home, written)
    for _, value in parse_qsl(urlsplit(address or "").query):
        shown = absolute(address or "", unquote(value))
        if shown and _PDF.search(urlsplit(shown).path):
            return shown
    return address


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes
    if "hidden" in given or given.get("aria-hidden") == "true" or _HIDDEN.search(given.get("style") or ""):
        return True
    return any(0 <= _pixels(given.get(side)) < _SMALL_PX for side in ("width", "height"))


def _points(node: LexborNode, address: str, url: str) -> int:
    """How much a frame looks like the agreement: by its type, its names, its size and its host."""
    given = node.attributes
    names = " ".join(given.get(key) or "" for key in ("title", "name", "id", "class", "aria-label"))
    if _NO_DOCUMENT.search(f"{address} {names} {given.get('allow') or ''}"):
        return 0
    parts = urlsplit(address)
    points = 0
    if _PDF.search(parts.path) or (given.get("type") or "").lower() == "application/pdf":
        points += _BY_NAME + 1
    if _LEGAL.search(f"{parts.path} {parts.query} {names}"):
        points += _BY_NAME
    if points == 0 and "allowfullscreen" in given:
        return 0  # a film
    if node.tag == "frame" or _pixels(given.get("height")) >= _LARGE_PX or given.get("height") == "100%":
        points += 1
    return points if points else int(parts.hostname == urlsplit(url).hostname)


def _pixels(value: str | None) -> int:
    """A length in pixels; -1 where there is none."""
    found = re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", value or "")
    return int(found[1]) if found else -1
