"""Bytes of an answer to text: the byte order mark, HTTP's charset, the page's own, then detection. It never fails."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_HEAD_BYTES = 4096  # the HTML standard looks at 1,024; real pages declare later
_DETECT_BYTES = 65_536  # detection costs time for every byte, and is as sure after this many
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# The HTML standard reads these labels as their supersets, as browsers do.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
# Python has these codecs for other things; on pages they are slips of a script ("charset=undefined") or tricks.
_NO_CHARSETS = frozenset({"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})
_FOREIGN_SHARE_MIN = 0.04  # with fewer bytes beyond ASCII a text is a Western one, and detection would only guess
_FOREIGN = bytes(range(0x80, 0x100))
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")


def decode(body: bytes, content_type: str | None) -> str:
    """The text of `body`. What no charset can read becomes U+FFFD; a declared charset that doesn't fit is overruled.

    So does U+0000, as in browsers: it stands in no text, and PostgreSQL can't store it.
    """
    return _decoded(body, content_type).replace("\0", "\ufffd")


def whole_signs(text: str) -> str:
    """A text whose surrogates are whole signs: JSON and PDF may spell one in two halves, and a half alone is U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(body: bytes, content_type: str | None) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    declared = _declared(body, content_type)
    for name in declared:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        likely = declared[0] if declared else "utf-8"
    return body.decode(likely if _mostly(body, likely) else _detected(body), "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Python names of the charsets that HTTP and the page declare, in that order."""
    labels = []
    if content_type and (found := _HTTP_CHARSET.search(content_type)):
        labels.append(found.group(1))
    for pattern in (_META_CHARSET, _XML_CHARSET):
        if inside := pattern.search(body, 0, _HEAD_BYTES):
            labels.append(inside.group(1).decode("ascii", "replace"))
    names = (_python_name(label) for label in labels)
    # A page that could be read so far isn't UTF-16, whatever it says (the HTML standard says so too).
    return [name for name in names if name and not name.startswith(("utf-16", "utf-32"))]


def _python_name(label: str) -> str | None:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # base64 and rot13 are codecs too, and a page may name them.
    if info.name.replace("_", "-") in _NO_CHARSETS or not getattr(info, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(info.name, info.name)


def _mostly(body: bytes, name: str) -> bool:
    """Whether a charset fits but for a few bytes: a slip of the page, not another charset."""
    text = body.decode(name, "replace")
    wrong = text.count("�")
    return wrong * 500 < len(body) and wrong < len(_BEYOND_ASCII.findall(text))


def _detected(body: bytes) -> str:
    foreign = len(body) - len(body.translate(None, _FOREIGN))
    if foreign < _FOREIGN_SHARE_MIN * len(body):
        return "cp1252"
    best = from_bytes(body[:_DETECT_BYTES]).best()
    return best.encoding if best is not None else "cp1252"
