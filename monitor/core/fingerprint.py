"""A fast, conservative hash of whatever a reading is made from: what a person could see, data in scripts,
or the address of a document that the page only frames.

Other words always give another fingerprint; another fingerprint may still bear the same terms, which reading decides.
Attributes and white space don't count, of elements only those by which reading goes; nor when a PDF file was made.
"""

from __future__ import annotations

import hashlib
import re

from monitor.core.decode import decode
from monitor.core.reading.contacts import decode_address
from monitor.core.reading.frames import framed_url
from monitor.core.reading.lexbor import parsed
from monitor.core.reading.pdf_file import is_pdf
from monitor.core.reading.scripts import SHOWN_CHARS_MAX, script_words
from monitor.core.reading.soup import with_shadows

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HIDDEN_ADDRESS = "data-cfemail"
_AS_SPACES = bytes.maketrans(b"\t\n\v\f\r", b"     ")
_RUN_OF_SPACES = re.compile(rb"  +")
_PDF_MADE = re.compile(
    rb"/(?:CreationDate|ModDate)\s*\(D:[0-9+\-Z']{4,30}\)|/ID\s*\[\s*<[0-9A-Fa-f]{32}>\s*<[0-9A-Fa-f]{32}>\s*\]"
)
_SHELL_CHARS = 1_500
_HERE = "https://here.invalid/"  # where the page is doesn't matter
_UNSEEN = ["script", "style", "template", "svg"]
_UNREAD = "option, textarea"  # seen, but never read: the countries of a form don't make a shell a page
# What reading goes by besides words: where it is built up otherwise, other words may be read of the same page. What
# changes more often without that (classes, roles, hidden copies) is left to the looks that are read in full anyway.
_BUILT_OF = (
    "h1, h2, h3, h4, h5, h6, nav, header, footer, aside, main, article, form, dialog",
    "a[href^='#']",
)


def fingerprint(body: bytes, content_type: str | None) -> str:
    """SHA-256 (hex) of the words of an HTML page that may be read and of how it is built, or of the bytes of anything
    else.

    A hostile page can cost its parser far more than its size: the HTML standard reopens every open <b> in each new
    paragraph, and 70 kB of them take 3 GB. So this has its place in a process that may be ended.
    """
    if is_html(body, content_type) and not is_pdf(body):
        return _of_page(decode(body, content_type))
    return fingerprint_of_bytes(_PDF_MADE.sub(b"", body) if is_pdf(body) else body)


def fingerprint_of_bytes(body: bytes) -> str:
    """What stands for a fingerprint where a page can't be parsed: any other bytes are another page."""
    return hashlib.sha256(body).hexdigest()


def _of_page(html: str) -> str:
    # With scripting, noscript would be one raw text whose markup counts; so its words are seen and its tags aren't.
    tree = parsed(with_shadows(html))
    tokens = (node.attributes.get(_HIDDEN_ADDRESS) for node in tree.css(f"[{_HIDDEN_ADDRESS}]"))
    seen = [decode_address(token or "") for token in tokens]
    tree.strip_tags(_UNSEEN)
    whole = tree.body or tree.root
    text = whole.text(separator=" ", strip=True, skip_empty=True) if whole is not None else ""
    seen.extend(str(len(tree.css(names))) for names in _BUILT_OF)
    shown = len(text)
    if shown > SHOWN_CHARS_MAX:
        shown -= sum(len(node.text()) for node in tree.css(_UNREAD))
    if shown <= SHOWN_CHARS_MAX:
        seen.extend(_shell_words(html, shown))
    besides = "\n".join(seen).encode("utf-8", "surrogatepass")
    return hashlib.sha256(_words(text) + b"\n" + besides).hexdigest()


def _words(text: str) -> bytes:
    """A text with one space between words: on bytes it costs a third of what splitting does."""
    spaced = text.replace("\xa0", " ").encode("utf-8", "surrogatepass").translate(_AS_SPACES)
    return _RUN_OF_SPACES.sub(b" ", spaced).strip()


def _shell_words(html: str, shown: int) -> list[str]:
    """What may be read of a page that shows little: data in its scripts, or the document it frames."""
    tree = parsed(html)  # the scripts of the other one are gone
    data = script_words(tree).split()
    if not data and shown < _SHELL_CHARS:  # what can't be read today is kept, for a better reader
        data = [node.text() for node in tree.css("script")]
    return [*data, framed_url(html, _HERE, sure=False) or ""]


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether an answer is an HTML page: it says so, or says nothing useful and looks like one."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _HTML_TYPES:
        return True
    return kind in ("", "application/octet-stream", "text/plain") and bool(_LOOKS_LIKE_HTML.match(body[:4096]))
