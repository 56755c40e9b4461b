"""When two texts are the same: in their words, in their meaning, but for the dates they state of themselves."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.core.dates import FoundDate
from monitor.core.model import Block, BlockKind, Difference, Provision, Reading

_QUOTES = dict.fromkeys(map(ord, '"“”„‟«»‹›「」『』〝〞＂'), " ")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘‛ʼ′`´＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_UNREADABLE = 0xFFFD  # what stood there was lost on the way: "you’d" with one before the apostrophe says the same
_UNSEEN = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_SIGNS = {
    chr(sign): plain or ""
    for sign, plain in {**_QUOTES, **_APOSTROPHES, **_DASHES, **_UNSEEN, _UNREADABLE: None}.items()
}
_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}]")  # str.translate takes ten times as long where few signs stand
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e"
)
_EAST = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CURRENCY = "$¢£¤¥฿₠-⃏"
# Words, numbers with the signs in and beside them, and the few signs that mean something by themselves. The first
# alternative has nearly all words and the second line passes over nearly all else, both only to be fast.
_TOKEN = re.compile(
    rf"""[A-Za-z]++(?![^\x00-\x7f]|')
    | (?=[^ .,;()\0])(?:
      (?:[^\W\d_{_EAST}]+(?:[{_MARKS}]+|'(?=[^\W\d_]))?)+
    | [{_EAST}]
    | \d+(?:[.,:/'·-]\d+)*
    | [+±<>≤≥≈~=×÷^-](?=\s?[{_CURRENCY}]?\s?\d) | (?<=\d)[-+×^](?!\d)
    | [{_CURRENCY}%‰§&¬≠²³¹½¼¾°]
    | (?<=\w)/\s?(?=\w)
    | (?<=\w)@(?=\w)
    )
    | (?<=\w)\s/\s?(?=\w)
    """,
    re.VERBOSE,
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？]\s+)[^\w\n]*([^\W\d_])", re.MULTILINE)
_UNSAFE = re.compile(r"([²³¹⁰-₟℀-⅏⅐-↏①-⓿㈀-㏿]+)")  # NFKC would make 10² into 102


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-256 (hex) of a text on three layers; see `Reading`."""

    words: str
    meaning: str
    undated: str


def words(text: str) -> tuple[str, ...]:
    """The words of a text as written, with the signs that touch them; white space and table borders don't count."""
    return tuple(word for word in text.split() if word != "|")


def meaning(text: str) -> tuple[str, ...]:
    """The words of a text without what is cosmetic: signs, quotes, the case of a sentence's first letter."""
    lowered = _SENTENCE_START.sub(lambda match: match.group().lower(), normalise(text))
    return tuple(token.replace(" ", "") for token in _TOKEN.findall(lowered))


def hashes(text: str, blocks: Sequence[Block], provisions: Sequence[Provision], dates: Sequence[FoundDate]) -> Hashes:
    """The hashes by which two readings are told apart."""
    labels = _label_spans(text, provisions)
    stated = [(found.start, found.end) for found in dates if found.stated]
    plain = _lines_without(text, blocks, labels)
    dateless = _lines_without(text, blocks, sorted([*labels, *stated])) if stated else plain
    meant: list[str] = []
    undated: list[str] = []
    for is_same, run in groupby(zip(plain, dateless, strict=True), key=lambda pair: pair[0] == pair[1]):
        lines, others = zip(*run, strict=True)
        tokens = _meaning_of(lines)
        meant.extend(tokens)
        undated.extend(tokens if is_same else _meaning_of(others))
    meaning_hash = _hash(meant)
    return Hashes(_hash(words(text)), meaning_hash, _hash(undated) if stated else meaning_hash)


def difference(old: Reading, new: Reading) -> Difference:
    """The kind of difference between two comparable readings, from their hashes alone."""
    if old.words_hash == new.words_hash:
        return Difference.NONE if old.text == new.text else Difference.MARKUP
    if old.meaning_hash == new.meaning_hash:
        return Difference.COSMETIC
    return Difference.DATE_ONLY if old.undated_hash == new.undated_hash else Difference.CHANGE


def normalise(text: str) -> str:
    """A text with one sign for each kind of quote, dash and space; compatible forms are one where that is safe."""
    if text.isascii():
        return text.replace('"', " ")
    if not unicodedata.is_normalized("NFKC", text):
        parts = _UNSAFE.split(text)
        parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
        text = unicodedata.normalize("NFC", "".join(parts))
    return _SIGN.sub(lambda match: _SIGNS[match.group()], text)


def _meaning_of(lines: Sequence[str]) -> list[str]:
    """The meaning of each of some lines, one after another, at the price of one text."""
    joined = "\n".join(lines)
    if "`" in joined:  # which is an apostrophe only in a line that has other letters than ASCII
        return [token for line in lines for token in meaning(line)]
    lowered = _SENTENCE_START.sub(lambda match: match.group().lower(), normalise(joined))
    # A sign is never beside what stands in another line.
    return [token.replace(" ", "") for token in _TOKEN.findall(lowered.replace("\n", "\0"))]


def _label_spans(text: str, provisions: Iterable[Provision]) -> list[tuple[int, int]]:
    return [
        (provision.start, provision.start + len(provision.label))
        for provision in provisions
        if provision.label and text.startswith(provision.label, provision.start)
    ]


def _lines_without(text: str, blocks: Sequence[Block], spans: list[tuple[int, int]]) -> list[str]:
    """The lines without some spans; headings in lower case, because how a heading is written is design."""
    parts: list[str] = []
    at = 0
    for block in blocks:
        start = block.start
        line: list[str] = []
        while at < len(spans) and spans[at][0] < block.end:
            line.append(text[start : spans[at][0]])
            start = max(start, spans[at][1])
            at += 1
        line.append(text[start : block.end])
        joined = "".join(line)
        parts.append(joined.casefold() if block.kind is BlockKind.HEADING else joined)
    return parts


def _hash(tokens: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(tokens).encode("utf-8", "surrogatepass")).hexdigest()
