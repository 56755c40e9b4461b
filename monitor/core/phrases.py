"""Whether a few words are a sentence or the title of one, in the ten languages."""

from __future__ import annotations

import re

from monitor.core.reading.vocabulary import words_of

_LIGHT_CHARS_MAX = 4  # "of", "and", "with", "der": they may be written small in a heading
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAID = words_of(  # verbs and pronouns that sentences of agreements have and their titles hardly ever
    """is are was were be been will shall may must can cannot should would has have had do does agree agrees
    we you i they it applies apply provides provide requires require means
    ist sind war wird werden kann können darf dürfen muss müssen soll sollen hat haben gilt gelten wir sie ihr du es
    erfolgt erfolgen bleibt bleiben
    est sont peut peuvent doit doivent sera seront ont nous vous il ils elle elles on s'engage
    es son puede pueden podrá podrán debe deben deberá deberán será serán usted nosotros ha han
    è sono può possono deve devono sarà saranno viene vengono hanno
    é são pode podem poderá deve devem deverá será serão você
    is zijn kan kunnen moet moeten mag mogen wordt worden zal zullen heeft hebben wij je jij u
    jest są może mogą musi muszą będzie będą ma mają"""
)
_ARTICLES = words_of(
    """the a an this these those any all each if
    der die das ein eine dieser diese dieses alle wenn soweit sofern le la les l un une des ce cette ces si
    el los las una este esta estos toda todo todos il lo gli i uno questo questa o os as um uma
    de het een deze dit indien jeśli jeżeli every jeder jede jedes chaque cada ogni elke elk każdy każda"""
)


def is_sentence(words: str) -> bool:
    """Whether a verb or pronoun says that this is a sentence, not a title. Questions and "Who we are" are titles too,
    so it is asked only where a full stop or the lack of one leaves it open."""
    return any(word.lower() in _SAID for word in _WORD.findall(words))


def is_title(words: str) -> bool:
    """Whether words before a full stop or colon are a title, although they are many and written small."""
    first = _WORD.match(words)
    return first is not None and first.group().lower() not in _ARTICLES and not is_sentence(words)


def is_clause(words: str) -> bool:
    """Whether words without a full stop are a sentence all the same: "You may object", not "Information we collect"."""
    first = _WORD.match(words)
    begins = first is not None and first.group().lower() in (_SAID | _ARTICLES)
    return begins and is_sentence(words) and not is_capitalised(words)


def is_capitalised(words: str) -> bool:
    """Whether all words of some weight are written with a capital letter."""
    weighty = [word for word in words.split() if len(word) > _LIGHT_CHARS_MAX]
    return all(word[0].isupper() or not word[0].isalpha() for word in weighty)
