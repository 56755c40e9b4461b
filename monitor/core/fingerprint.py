"""A fast, conservative hash of what a person could see on a page.

Other visible words always give another fingerprint; another fingerprint may still bear the same terms, which reading
decides. Markup, attributes and white space don't count.
"""

from __future__ import annotations

import hashlib
import re

from selectolax.lexbor import LexborHTMLParser

from monitor.core.decode import decode
from monitor.core.reading.contacts import decode_address

SHELL_CHARS = 1500  # a page that shows less may hold its text in script data

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HIDDEN_ADDRESS = "data-cfemail"
_UNSEEN = ["script", "style", "template", "svg"]


def fingerprint(body: bytes, content_type: str | None) -> str:
    """SHA-256 (hex) of the visible words of an HTML page, or of the bytes of anything else."""
    if not is_html(body, content_type):
        return hashlib.sha256(body).hexdigest()
    html = decode(body, content_type)
    # With scripting, noscript would be one raw text whose markup counts; so its words are seen and its tags aren't.
    tree = LexborHTMLParser(html)
    seen: list[str] = []
    if _HIDDEN_ADDRESS in html:
        hidden = (node.attributes.get(_HIDDEN_ADDRESS) for node in tree.css(f"[{_HIDDEN_ADDRESS}]"))
        seen.extend(decode_address(token or "") for token in hidden)
    tree.strip_tags(_UNSEEN)
    whole = tree.body or tree.root
    seen.extend(whole.text(separator=" ").split() if whole is not None else ())
    if sum(map(len, seen)) < SHELL_CHARS:
        seen.extend(node.text() for node in LexborHTMLParser(html).css("script"))
    return hashlib.sha256(" ".join(seen).encode("utf-8", "surrogatepass")).hexdigest()


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether an answer is an HTML page: it says so, or says nothing useful and looks like one."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _HTML_TYPES:
        return True
    return kind in ("", "application/octet-stream", "text/plain") and bool(_LOOKS_LIKE_HTML.match(body[:4096]))
