"""A fast, conservative hash of whatever a reading is made from: what a person could see, data in scripts,
or the address of a document that the page only frames.

Other words always give another fingerprint; another fingerprint may still bear the same terms, which reading decides.
Markup, attributes and white space don't count, nor when a PDF file was made.
"""

from __future__ import annotations

import hashlib
import re

from selectolax.lexbor import LexborHTMLParser

from monitor.core.decode import decode
from monitor.core.reading.contacts import decode_address
from monitor.core.reading.frames import framed_url
from monitor.core.reading.pdf_file import is_pdf
from monitor.core.reading.scripts import SHOWN_CHARS_MAX, script_words

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HIDDEN_ADDRESS = "data-cfemail"
_PDF_MADE = re.compile(
    rb"/(?:CreationDate|ModDate)\s*\(D:[0-9+\-Z']{4,30}\)|/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>\s*\]"
)
_SHELL_CHARS = 1_500
_HERE = "https://here.invalid/"  # where the page is doesn't matter
_UNSEEN = ["script", "style", "template", "svg"]

_OPEN_MAX = 500  # elements open at once; pages that people wrote have some dozens
_ATTRIBUTES_MAX = 2_000
_LONG_TAG = re.compile(r"<[a-z][^<>]{20000,}", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_STAYS_OPEN = re.compile(
    r"<(/?)(?:a|article|b|big|blockquote|code|div|em|font|i|nobr|ol|s|section|small|span|strike|strong|table|tt|u|ul)[\s/>]",
    re.IGNORECASE,
)


def fingerprint(body: bytes, content_type: str | None) -> str:
    """SHA-256 (hex) of the words of an HTML page that may be read, or of the bytes of anything else.

    Also of the bytes where a page would cost its parser far more than its size: this is computed in the daemon itself.
    """
    if is_pdf(body):
        return hashlib.sha256(_PDF_MADE.sub(b"", body)).hexdigest()
    if not is_html(body, content_type):
        return hashlib.sha256(body).hexdigest()
    html = decode(body, content_type)
    if _is_overgrown(html):
        return hashlib.sha256(body).hexdigest()
    # With scripting, noscript would be one raw text whose markup counts; so its words are seen and its tags aren't.
    tree = LexborHTMLParser(html)
    seen: list[str] = []
    if _HIDDEN_ADDRESS in html:
        hidden = (node.attributes.get(_HIDDEN_ADDRESS) for node in tree.css(f"[{_HIDDEN_ADDRESS}]"))
        seen.extend(decode_address(token or "") for token in hidden)
    tree.strip_tags(_UNSEEN)
    whole = tree.body or tree.root
    seen.extend(whole.text(separator=" ").split() if whole is not None else ())
    shown = sum(map(len, seen))
    if shown <= SHOWN_CHARS_MAX:
        data = script_words(html).split()
        if not data and shown < _SHELL_CHARS:  # what can't be read today is kept, for a better reader
            data = [node.text() for node in LexborHTMLParser(html).css("script")]
        seen.extend(data)
        seen.append(framed_url(html, _HERE, sure=False) or "")
    return hashlib.sha256(" ".join(seen).encode("utf-8", "surrogatepass")).hexdigest()


def _is_overgrown(html: str) -> bool:
    """Whether parsing would take time or memory by the square of the size, with endless nesting or attributes.

    The HTML standard reopens every open <b> in each new paragraph: 70 kB of them take 3 GB.
    """
    bare = (_QUOTED.sub("", tag) for tag in _LONG_TAG.findall(html))
    if any(max(tag.count("="), tag.count("/"), len(tag.split())) > _ATTRIBUTES_MAX for tag in bare):
        return True
    open_now = 0
    for closes in _STAYS_OPEN.findall(html):
        open_now = max(0, open_now - 1) if closes else open_now + 1
        if open_now > _OPEN_MAX:
            return True
    return False


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether an answer is an HTML page: it says so, or says nothing useful and looks like one."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _HTML_TYPES:
        return True
    return kind in ("", "application/octet-stream", "text/plain") and bool(_LOOKS_LIKE_HTML.match(body[:4096]))
