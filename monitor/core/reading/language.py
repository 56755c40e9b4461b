"""The language of a text, from its script and its commonest words; never from what the page claims."""

from __future__ import annotations

import re
from collections import Counter

from monitor.core.reading.vocabulary import words_of

_CHARS_READ = 12_000
_WORDS_MIN = 12
_STOPWORDS_MIN = 4  # different ones: a price list has hundreds of one
_STOPWORDS: dict[str, frozenset[str]] = {
    "en": words_of("the of and to in you your or we any for that with is by not our this are as be on may"),
    "fr": words_of("le la les des et vous de du nous à une un dans pour votre vos que ou ne pas par sur est en au"),
    "de": words_of(
        "der die das und wir sie zu von für nicht oder den mit auf ist ein eine im des dem werden ihre wird"
    ),
    "es": words_of("el la los las de y que en usted para una un con por su sus no se del al nuestros o es lo"),
    "it": words_of("il la le di e che per una un con i gli del della non si nel dei da o è al alla sono delle"),
    "pt": words_of("o a os as de e que em você para uma um com por seu seus não se do da ou dos das é nos ao"),
    "nl": words_of("de het een en van u wij voor niet of met op te is uw zijn dat in door deze bij om ons kan aan"),
    "pl": words_of(
        "w i na z do nie że oraz lub się jest przez dla o od po za które być są przy może ich ze jeśli jak tym tego"
        " której który jego tej jej każdą każdej każde ma mają może ust danych osobowych umowy"
    ),
}
_LATIN_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[぀-ヿ]")
_HAN = re.compile(r"[㐀-鿿]")
_LETTER = re.compile(r"[^\W\d_]")


def is_common(word: str) -> bool:
    """Whether a word, in lower case, is one of those that say nothing by themselves in one of the languages."""
    return any(word in known for known in _STOPWORDS.values())


def language_of(text: str) -> str | None:
    """Two letters for one of the ten languages, or None where the text is too short or in none of them."""
    sample = text[:_CHARS_READ]
    kana, han = (0, 0) if sample.isascii() else (len(_KANA.findall(sample)), len(_HAN.findall(sample)))
    if kana + han >= _WORDS_MIN and (kana + han) * 3 > len(_LETTER.findall(sample)):
        return "ja" if kana * 10 > kana + han else "zh"
    counted = Counter(_LATIN_WORD.findall(sample.lower()))
    total = sum(counted.values())
    if total < _WORDS_MIN:
        return None
    scores = {code: sum(counted[word] for word in known) for code, known in _STOPWORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    different = len(_STOPWORDS[best] & counted.keys())
    return best if scores[best] * 8 >= total and different >= _STOPWORDS_MIN else None
