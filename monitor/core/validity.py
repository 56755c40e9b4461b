"""Whether a page can be the terms: by itself (`binary`, `judge`), and beside the version that is current (`doubt`)."""

from __future__ import annotations

import re
from collections import Counter

from monitor.core.model import Reading, SuspectKind, Unreadable
from monitor.core.reading.extract import Extract
from monitor.core.reading.vocabulary import CHALLENGE, CONSENT, ERROR, LOGIN, NEEDS_SCRIPT, legal_terms
from monitor.core.sameness import meaning

_SHORT_WORDS_MAX = 250  # an agreement is longer; what is shorter must sound like one
_TINY_WORDS_MAX = 25
_LEGAL_TERMS_MIN = 4
_CONTROL_SHARE_MAX = 0.02
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "compressed data"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/zip", "application/pdf", "application/msword")

_LANGUAGE_WORDS_MIN = 40
_CUT_SHARE_MAX = 0.6  # less of the text than this is left
_CUT_KEPT_MIN = 0.9  # and nearly all of what is left stood there before
_OTHER_SHARE_MAX = 0.12
_LITTLE_SHARE_MAX = 0.5
_VOCABULARY_SHARE_MIN = 0.5
_SHINGLE = 4


def binary(body: bytes, content_type: str | None) -> Unreadable | None:
    """A verdict where the bytes are neither text nor PDF, by what they are rather than by what the server says."""
    if not body.strip():
        return Unreadable(SuspectKind.EMPTY, "The page was expected to bear a document, but the answer has no content.")
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            return Unreadable(SuspectKind.BINARY, f"A page of text was expected, but the answer is {what}.")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    sample = body[:4096]
    control = sum(1 for byte in sample if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    kind = (content_type or "").split(";")[0].strip().lower()
    if control > _CONTROL_SHARE_MAX * len(sample) or kind.startswith(_BINARY_TYPES):
        found = kind or "data without a type"
        return Unreadable(SuspectKind.BINARY, f"A page of text was expected, but the answer is binary ({found}).")
    return None


def judge(extracted: Extract) -> Unreadable | None:
    """A verdict where a page by itself can't be terms: it is short, doesn't sound like them, and says what it is."""
    text = "\n".join(line.text for line in extracted.lines)
    count = _word_count(text)
    if count > _SHORT_WORDS_MAX:
        return None
    legal = legal_terms(text)
    if count > _TINY_WORDS_MAX * 3 and legal >= _LEGAL_TERMS_MIN:
        return None
    everything = f"{extracted.title}\n{extracted.visible_text}"
    heads = "\n".join([extracted.title, *(line.text for line in extracted.lines[:4])])
    if legal < _LEGAL_TERMS_MIN:
        if said := CHALLENGE.search(everything):
            return _not_terms(SuspectKind.CHALLENGE, f"checks for robots (“{said.group().strip()}”)")
        if said := ERROR.search(heads):
            return _not_terms(SuspectKind.ERROR_PAGE, f"tells of an error (“{said.group().strip()}”)")
        if extracted.has_password or LOGIN.search(heads):
            return _not_terms(SuspectKind.LOGIN, "asks to sign in")
    return _judge_tiny(extracted, everything) if count <= _TINY_WORDS_MAX else None


def _judge_tiny(extracted: Extract, everything: str) -> Unreadable:
    """A verdict on a page whose own text is a line or two."""
    if CONSENT.search(everything):
        return _not_terms(SuspectKind.CONSENT, "only asks for consent to cookies")
    if NEEDS_SCRIPT.search(everything) or extracted.script_chars or not extracted.visible_text:
        return _not_terms(SuspectKind.APP_SHELL, "is a shell that scripts would fill")
    return _not_terms(SuspectKind.EMPTY, "bears hardly any text")


def _not_terms(kind: SuspectKind, what: str) -> Unreadable:
    return Unreadable(kind, f"The terms were expected, but the page {what}.")


def doubt(reading: Reading, current: Reading) -> Unreadable | None:
    """A reason not to believe yet that `reading` follows `current`, or None for what edits, redesigns, and sections
    that come or go look like."""
    if reading.meaning_hash == current.meaning_hash:
        return None
    new, old = meaning(reading.text), meaning(current.text)
    if _other_language(reading, current, len(new)):
        return Unreadable(
            SuspectKind.WRONG_LANGUAGE,
            f"The document was expected in “{current.language}”, but the page is in “{reading.language}”.",
        )
    new_shingles, old_shingles = _shingles(new), _shingles(old)
    shared = sum((new_shingles & old_shingles).values())
    kept_of_old = shared / max(1, sum(old_shingles.values()))
    known_of_new = shared / max(1, sum(new_shingles.values()))
    if len(new) < _CUT_SHARE_MAX * len(old) and known_of_new >= _CUT_KEPT_MIN:
        return Unreadable(
            SuspectKind.CUT_SHORT,
            f"The whole document was expected ({len(old):,} words), but only {len(new):,} of them are left.",
        )
    if max(kept_of_old, known_of_new) < _OTHER_SHARE_MAX and _unlike(reading, current):
        return Unreadable(
            SuspectKind.WRONG_DOCUMENT,
            f"“{current.title}” was expected, but the page shares hardly a sentence and is titled “{reading.title}”.",
        )
    if max(kept_of_old, known_of_new) < _LITTLE_SHARE_MAX:
        return Unreadable(
            SuspectKind.DIFFERS_A_LOT,
            f"Only {kept_of_old:.0%} of the current text stands on the page: it is looked at again before it counts.",
        )
    return None


def _other_language(reading: Reading, current: Reading, count: int) -> bool:
    known = reading.language is not None and current.language is not None
    return known and count >= _LANGUAGE_WORDS_MIN and reading.language != current.language


def _unlike(reading: Reading, current: Reading) -> bool:
    """Whether a text is of another kind: hardly a legal word where there were many, or other words under another
    title."""
    if legal_terms(reading.text) * 3 < legal_terms(current.text):
        return True
    new, old = (set(meaning(text.casefold())) for text in (reading.text, current.text))
    is_of_other_words = len(new & old) < _VOCABULARY_SHARE_MIN * min(len(new), len(old))
    return is_of_other_words and not set(meaning(reading.title.casefold())) & set(meaning(current.title.casefold()))


def _shingles(tokens: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[offset:] for offset in range(_SHINGLE)), strict=False))


def _word_count(text: str) -> int:
    """Words; for scripts without spaces two signs count as one."""
    east = len(re.findall(r"[぀-ヿ㐀-鿿]", text))
    return len(text.split()) + east // 2
