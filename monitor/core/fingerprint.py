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
_UNSEEN = ["script", "style", "template", "svg"]


def fingerprint(body: bytes, content_type: str | None) -> str:
    """SHA-256 (hex) of the visible words of an HTML page, or of the bytes of anything else."""
    if not is_html(body, content_type):
        return hashlib.sha256(body).hexdigest()
    # With scripting, noscript would be one raw text whose markup counts; so its words are seen and its tags aren't.
    tree = LexborHTMLParser(decode(body, content_type))
    addresses = [decode_address(node.attributes.get("data-cfemail") or "") for node in tree.css("[data-cfemail]")]
    whole = tree.body or tree.root
    if whole is None:
        return hashlib.sha256(b"").hexdigest()
    scripts = [node.text() for node in tree.css("script")]
    tree.strip_tags(_UNSEEN)
    words = whole.text(separator=" ").split()
    seen = " ".join([*words, *addresses])
    if len(seen) < SHELL_CHARS:
        seen = " ".join([seen, *scripts])
    return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether an answer is an HTML page: it says so, or says nothing useful and looks like one."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _HTML_TYPES:
        return True
    return kind in ("", "application/octet-stream", "text/plain") and bool(_LOOKS_LIKE_HTML.match(body[:4096]))
