"""Whether a page can be the terms: by itself (`binary`, `cut_off`, `sent_home`, `judge`), and beside the version that
is current (`doubt`)."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from monitor.core.kinds import DocumentKind, kind_of
from monitor.core.model import BlockKind, Reading, Snapshot, SuspectKind, Unreadable
from monitor.core.reading.extract import Extract
from monitor.core.reading.language import is_common
from monitor.core.reading.vocabulary import (
    CHALLENGE,
    CHOICE,
    CONSENT,
    CONSENT_TALK,
    COOKIES,
    ERROR,
    LOGIN,
    NEEDS_SCRIPT,
    NOT_FOUND,
    legal_terms,
)
from monitor.core.sameness import meaning

_SHORT_WORDS_MAX = 250  # an agreement is longer; what is shorter must sound like one
_TINY_WORDS_MAX = 25
_LEGAL_TERMS_MIN = 4
_FEW_LEGAL_TERMS = 4  # home pages have up to so many; so have guidelines and imprints, which are only believed later
_MANY_LEGAL_TERMS = 9
_CHARS_HEARD = 6_000
_WORDS_PER_COOKIE_MAX = 30
_CONSENT_SHARE_MIN = 0.6
_STOPS_CHARS = 40
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_OPENED = re.compile(r"<(div|section|article|main|span|table|ul|ol|script|style)\b", re.IGNORECASE)  # must be closed
_SENTENCE_ENDS = tuple(".!?:;)。！？」")
_HOME = re.compile(r"/?(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|index|home)(?:\.\w{2,5})?/?){0,2}", re.IGNORECASE)
_CONTROL_SHARE_MAX = 0.02
_CONTROL = bytes({*range(32)} - {*range(9, 14), 27})
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
    control = len(sample) - len(sample.translate(None, _CONTROL))
    kind = (content_type or "").split(";")[0].strip().lower()
    if control > _CONTROL_SHARE_MAX * len(sample) or kind.startswith(_BINARY_TYPES):
        found = kind or "data without a type"
        return Unreadable(SuspectKind.BINARY, f"A page of text was expected, but the answer is binary ({found}).")
    return None


def judge(extracted: Extract) -> Unreadable | None:
    """A verdict where a page by itself can't be terms: it doesn't sound like them, and says what it is."""
    text = "\n".join(line.text for line in extracted.lines)
    # Stems that aren't there are searched for to the end of a text; most agreements show theirs soon.
    if len(text) > _CHARS_HEARD and legal_terms(text[:_CHARS_HEARD]) >= _LEGAL_TERMS_MIN:
        return None
    legal, count = legal_terms(text), _word_count(text)
    if count <= _SHORT_WORDS_MAX:
        return _judge_short(extracted, text, count, legal)
    if legal >= _LEGAL_TERMS_MIN:
        return None
    # Guidelines, too, have few legal words: a long text is refused only where it is the page that is missing.
    if said := NOT_FOUND.search("\n".join([extracted.title, *_headings(extracted)[:1]])):
        return _not_terms(SuspectKind.ERROR_PAGE, f"tells of an error (“{said.group().strip()}”)")
    is_full_of_them = text.casefold().count("cookie") * _WORDS_PER_COOKIE_MAX > count
    if is_full_of_them and _asks_for_consent(extracted) and _called(extracted, extracted.title) is None:
        return _not_terms(SuspectKind.CONSENT, "only asks for consent to cookies")
    return None


def _judge_short(extracted: Extract, text: str, count: int, legal: int) -> Unreadable | None:
    """A verdict on a page that bears less than an agreement is long."""
    everything = f"{extracted.title}\n{extracted.visible_text}"
    if _only_asks_for_consent(extracted, text):
        return _not_terms(SuspectKind.CONSENT, "only asks for consent to cookies")
    if count > _TINY_WORDS_MAX * 3 and legal >= _LEGAL_TERMS_MIN:
        return None
    heads = "\n".join([extracted.title, *(line.text for line in extracted.lines[:4])])
    if legal < _LEGAL_TERMS_MIN:
        # A form on the page of a document may be guarded, and its header may hold one to sign in.
        is_called = _called(extracted) is not None
        if said := CHALLENGE.search(heads if is_called else everything):
            return _not_terms(SuspectKind.CHALLENGE, f"checks for robots (“{said.group().strip()}”)")
        if said := ERROR.search(heads):
            return _not_terms(SuspectKind.ERROR_PAGE, f"tells of an error (“{said.group().strip()}”)")
        if LOGIN.search(heads) or (extracted.has_password and not is_called):
            return _not_terms(SuspectKind.LOGIN, "asks to sign in")
    return _judge_tiny(extracted, everything) if count <= _TINY_WORDS_MAX else None


def _only_asks_for_consent(extracted: Extract, text: str) -> bool:
    """Whether nearly all of a text is about cookies and partners, on a page that offers a choice of them."""
    if not _asks_for_consent(extracted) or _called(extracted) is not None:
        return False
    title = "" if CONSENT.search(extracted.title) else extracted.title
    if kind_of(title, "") in (DocumentKind.COOKIES, DocumentKind.PRIVACY):
        return False
    about = sum(len(line.text) for line in extracted.lines if CONSENT_TALK.search(line.text))
    return COOKIES.search(text) is not None and about >= _CONSENT_SHARE_MIN * len(text)


def _asks_for_consent(extracted: Extract) -> bool:
    return CHOICE.search(extracted.visible_text) is not None


def _called(extracted: Extract, *titles: str) -> DocumentKind | None:
    """What kind of document the headings of a text call it; one about the choice of cookies calls it none."""
    names = (name for name in (*titles, *_headings(extracted)) if not CONSENT.search(name))
    kinds = (kind_of(name, "") or (DocumentKind.COOKIES if "cookie" in name.casefold() else None) for name in names)
    return next((kind for kind in kinds if kind is not None), None)


def _headings(extracted: Extract) -> list[str]:
    return [line.text for line in extracted.lines if line.kind is BlockKind.HEADING]


def _judge_tiny(extracted: Extract, everything: str) -> Unreadable:
    """A verdict on a page whose own text is a line or two."""
    if CONSENT.search(everything):
        return _not_terms(SuspectKind.CONSENT, "only asks for consent to cookies")
    if NEEDS_SCRIPT.search(everything) or extracted.script_chars or not extracted.visible_text:
        return _not_terms(SuspectKind.APP_SHELL, "is a shell that scripts would fill")
    return _not_terms(SuspectKind.EMPTY, "bears hardly any text")


def cut_off(html: str) -> Unreadable | None:
    """A verdict where a page breaks off: in a tag or a script, or in running text inside what it had opened.

    Browsers mend that without a word. Most pages end with a tag; one that does isn't looked at any further.
    """
    end = html.rstrip()
    if end.endswith(">") or not end or _CLOSED.search(end):
        return None
    is_in_tag = end.rfind("<") > end.rfind(">") and end[end.rfind("<") + 1 :][:1].isalpha()
    opened = {name.lower() for name in _OPENED.findall(end)}
    is_inside = any(
        len(re.findall(rf"<{name}\b", end, re.IGNORECASE)) > len(re.findall(rf"</{name}\b", end, re.IGNORECASE))
        for name in opened
    )
    is_whole = end.endswith(_SENTENCE_ENDS) or end != html  # whoever wrote the last line ended it
    if not is_in_tag and (is_whole or not is_inside):
        return None
    stops = " ".join(end[-_STOPS_CHARS:].split())
    return Unreadable(SuspectKind.CUT_SHORT, f"A whole page was expected, but it breaks off at “{stops}”.")


def sent_home(snapshot: Snapshot, extracted: Extract) -> Unreadable | None:
    """A verdict where the server sent on from the address of a document to the home page of the same site.

    A hub of agreements may stand at the root of a host; one that sounds like them is left to be read.
    """
    if len(snapshot.chain) < 2:
        return None
    asked, shown = urlsplit(snapshot.chain[0].url), urlsplit(snapshot.url)
    if _HOME.fullmatch(asked.path) or not _HOME.fullmatch(shown.path) or _site(asked) != _site(shown):
        return None
    if legal_terms("\n".join(line.text for line in extracted.lines)) > _FEW_LEGAL_TERMS or _called(extracted):
        return None
    return _not_terms(SuspectKind.WRONG_DOCUMENT, f"is the home page, {snapshot.url}, to which the server sends on")


def _site(url: SplitResult) -> str:
    return (url.hostname or "").removeprefix("www.")


def _not_terms(kind: SuspectKind, what: str) -> Unreadable:
    return Unreadable(kind, f"The terms were expected, but the page {what}.")


def doubt(reading: Reading, current: Reading, platform: str = "") -> Unreadable | None:
    """A reason not to believe yet that `reading` follows `current`, or None for what edits, redesigns, and sections
    that come or go look like. `platform` is the name of whose terms they are, which any page of it may bear."""
    if reading.meaning_hash == current.meaning_hash:
        return None
    new, old = meaning(reading.text), meaning(current.text)
    new_shingles, old_shingles = _shingles(new), _shingles(old)
    shared = sum((new_shingles & old_shingles).values())
    kept_of_old = shared / max(1, sum(old_shingles.values()))
    known_of_new = shared / max(1, sum(new_shingles.values()))
    if len(new) < _CUT_SHARE_MAX * len(old) and known_of_new >= _CUT_KEPT_MIN:
        return Unreadable(
            SuspectKind.CUT_SHORT,
            f"The whole document was expected ({len(old):,} words), but only {len(new):,} of them are left.",
        )
    most = max(kept_of_old, known_of_new)
    if most < _LITTLE_SHARE_MAX and _other_language(reading, current, len(new)):
        return Unreadable(
            SuspectKind.WRONG_LANGUAGE,
            f"The document was expected in “{current.language}”, but the page is in “{reading.language}”.",
        )
    if most < _OTHER_SHARE_MAX and _unlike(reading, current, platform):
        return Unreadable(
            SuspectKind.WRONG_DOCUMENT,
            f"“{current.title}” was expected, but the page shares hardly a sentence and is titled “{reading.title}”.",
        )
    if most < _LITTLE_SHARE_MAX:
        return Unreadable(
            SuspectKind.DIFFERS_A_LOT,
            f"Only {kept_of_old:.0%} of the current text stands on the page: it is looked at again before it counts.",
        )
    return None


class Standing(StrEnum):
    """How long a text must stand in place of a document to be taken for what became of it."""

    TERMS = "terms"
    FEW_LEGAL_WORDS = "few_legal_words"  # as home pages and dialogs for cookies have, but guidelines and imprints, too
    NO_TERMS = "no_terms"  # hardly a legal word where there were many, and nothing that calls itself an agreement


def standing(reading: Reading, current: Reading) -> Standing:
    """What a text that isn't the document sounds like. In a language that isn't known nothing can be said for sure."""
    legal = legal_terms(reading.text)
    is_back = kind_of(reading.title, "") is not None and kind_of(current.title, "") is None
    if legal > _FEW_LEGAL_TERMS or is_back:  # the document may come after a page that was taken for it
        return Standing.TERMS
    is_lost = legal < _LEGAL_TERMS_MIN and legal_terms(current.text) >= _MANY_LEGAL_TERMS
    if is_lost and reading.language is not None and not _calls_itself_terms(reading):
        return Standing.NO_TERMS
    return Standing.FEW_LEGAL_WORDS


def _calls_itself_terms(reading: Reading) -> bool:
    headings = (reading.text[one.start : one.end] for one in reading.blocks if one.kind is BlockKind.HEADING)
    return any(kind_of(name, "") is not None for name in (reading.title, *headings))


def _other_language(reading: Reading, current: Reading, count: int) -> bool:
    known = reading.language is not None and current.language is not None
    return known and count >= _LANGUAGE_WORDS_MIN and reading.language != current.language


def _unlike(reading: Reading, current: Reading, platform: str) -> bool:
    """Whether a text is of another kind: hardly a legal word where there were many, or other words under another
    title."""
    if legal_terms(reading.text) * 3 < legal_terms(current.text):
        return True
    new, old = (set(meaning(text.casefold())) for text in (reading.text, current.text))
    is_of_other_words = len(new & old) < _VOCABULARY_SHARE_MIN * min(len(new), len(old))
    return is_of_other_words and not _titled_alike(reading.title, current.title, platform)


def _titled_alike(one: str, other: str, platform: str) -> bool:
    """Whether two titles share a word that says something: not the platform's name, no article or preposition."""
    names = set(meaning(platform.casefold()))
    first, second = ({word for word in meaning(title.casefold()) if word not in names} for title in (one, other))
    return any(not is_common(word) for word in first & second)


def _shingles(tokens: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[offset:] for offset in range(_SHINGLE)), strict=False))


def _word_count(text: str) -> int:
    """Words; for scripts without spaces two signs count as one."""
    east = 0 if text.isascii() else len(re.findall(r"[぀-ヿ㐀-鿿]", text))
    return len(text.split()) + east // 2
