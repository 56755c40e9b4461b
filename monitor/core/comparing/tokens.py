"""The words of a text as a redline marks them: what must stay whole is one token, and joined they are the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

_SOFT = "\u00ad\u200b-\u200d\u2060\ufeff"  # unseen inside words
_CJK = "぀-ヿ㐀-鿿豈-﫿"
_TOKEN = re.compile(
    rf"""
      \s+
    | [^\W\d_{_CJK}]++(?=[,)]|\s[^\W\d])                          # a word that can't begin anything below, as most
    | (?:https?://|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]]            # a link
    | [\w.+-]{{1,64}}+@[\w-]+(?:\.[\w-]+)+                         # an e-mail address
    | \d{{4}}年\d{{1,2}}月\d{{1,2}}日                            # a date
    | \d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s(?:de\s)?[^\W\d_]{{3,12}}\.?,?\s(?:de\s)?(?:19|20)\d\d(?!\d)
    | [^\W\d_]{{3,12}}+\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d(?!\d)
    | [$€£¥§]?\d+(?:[.,:/’'-]\d+)*(?:[^\W\d_{_CJK}]+|\s?[%‰€£¥])?  # a number with its signs
    | [{_CJK}]
    | [^\W_{_CJK}]+(?:['’.&/\u2010\u2011{_SOFT}-][^\W_{_CJK}]+)*  # a word
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_HAS_WORD = re.compile(r"[^\W_]")
_CJK_SIGN = re.compile(f"[{_CJK}]")


def tokens(text: str) -> list[str]:
    """A text cut into words, numbers, dates, addresses, signs and white space; joined they are the text."""
    return _TOKEN.findall(text)


def offsets_of(pieces: Sequence[str], at: int) -> list[int]:
    """Where each piece of a text starts that itself starts at `at`, and where the last one ends."""
    return list(accumulate(map(len, pieces), initial=at))


def has_word(text: str) -> bool:
    """Whether there is a letter or digit in a text."""
    return _HAS_WORD.search(text) is not None


def only_words(pieces: Sequence[str]) -> list[str]:
    """Those of the tokens that are words."""
    return [piece for piece in pieces if piece.isalnum() or (not piece.isspace() and _HAS_WORD.search(piece))]


def count_words(pieces: Sequence[str]) -> int:
    """How many of the tokens are words."""
    return len(only_words(pieces))


def aligned_places(pieces: Sequence[str]) -> list[int]:
    """Where the words and line breaks stand: a space or a comma is equal where the words around it are."""
    return [
        at
        for at, token in enumerate(pieces)
        if token.isalnum() or (_HAS_WORD.search(token) if not token.isspace() else "\n" in token)
    ]


def is_cjk(text: str) -> bool:
    """Whether a text is one Chinese or Japanese sign."""
    return _CJK_SIGN.fullmatch(text) is not None
