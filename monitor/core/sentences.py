"""Where a sentence ends, in the languages that are read. Pure rules; where a full stop may be an abbreviation's, what
follows decides, and in doubt the sentence goes on. Whether a line is a sentence at all, or a title, is the business of
phrases.py.

Every line has at least one sentence: a table row, a list item. So has every part of a list that is written in one line
with its letters ("…; and (b) …"). A label at the beginning belongs to the sentence that it numbers.
"""

from __future__ import annotations

import re

from monitor.core.reading.vocabulary import words_of

Span = tuple[int, int]

_CLOSING = r"[\"'”’»›)\]」』）】》]"
_LABEL = r"(?:[a-z]{1,2}|[ivx]{1,6}|\d{1,2}|[一二三四五六七八九十]{1,3})"
_AND = r"(?:and/or|and|or|und|oder|et|ou|y|o|e|en|of|i|oraz|lub)\s+|[及和或]"
_END = re.compile(  # a sign first, which is quick to look for
    rf"""
    [\n.!?…؟।。！？｡;；]
    (?: (?<=\n)
      | (?<=(?P<stop>[.!?…؟।]))[.!?…؟।]*{_CLOSING}*(?=\s)
      | (?<=[。！？｡])[。！？｡]*(?P<shut>{_CLOSING}*)
      | (?<=[;；])(?=\s*(?:{_AND})?(?:[(（]?{_LABEL}[)）]|[①-⑳]))  # before the next letter of a list in one line
    )
    """,
    re.VERBOSE,
)
_NEXT = re.compile(r"(\s+)[\"'“„‘«‹(\[「『（]*(\w+|.)", re.DOTALL)
_LAST_WORD = re.compile(r"\w+\Z")
_NUMBERING = re.compile(r"[(（]?(?:\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[ivxlIVXL]{1,6})[)）]?")
_NUMBER = re.compile(r"\d|[IVXL]+\b|[a-zA-Z]\b")
_HAS_WORD = re.compile(r"[^\W_]")

_REACH = 24  # characters before a full stop that are looked at
_GOES_ON = frozenset("|,;:)]–—-/&+=")  # what no sentence begins with

# Never at a sentence's end.
_OPENING = words_of(
    """adv approx bijv bspw bzgl bzw cf civ cod dgl dott dr dra ej ex excl evt evtl ff gem geb ggf ggü insb incl inkl
    lett mr mrs ms mme np núm ph prof resp sog sig sr sra st tj tzn tzw vgl vs zzgl"""
)
# Only where a number, or one letter, follows.
_BEFORE_NUMBER = words_of(
    """abs absch anh ann app apr art artt aug bl ca cap cfr ch cl co dec dez exh feb fig fn jan jul jun jän kap lit mar
    mär max min n no nos nov nr núm okt oct p para paras part pkt poz pp pt rec reg s satz sched sec secs sect sep sept
    sez sub tel tit tz u ust vol z zif ziff ziffer"""
)
# At a sentence's end only if a word follows that is written with a capital nowhere else.
_CLOSING_TOO = words_of(
    "al bros co corp ecc enz etc inc itd itp jr lda ltd ltda mfg plc pty pvt rl sa sarl spa srl usw"
)
_STARTERS = words_of(
    """A After All An And Any As At Before Both But By Each Either For From He How However If In It Its Neither No Nor
    Nothing On Or Other Our She Should So Some Such That The Their There These They This Those To Under Unless Until
    Upon We What When Where While Who With Without You Your
    Aber Alle Auf Bei Bitte Das Der Die Dies Diese Dieser Durch Ein Eine Es Falls Für Ihr Ihre Im In Mit Nach Sie Sofern
    Soweit Unser Unsere Wenn Wir Zu Zum Zur
    Ce Ces Cette Dans En Il Ils La Le Les Nos Notre Nous Pour Si Sous Un Une Vos Votre Vous
    Al Cuando El Ella En Esta Estas Este Estos Las Los Nuestra Nuestro Para Por Puede Se Su Sus Una Usted
    Gli I Il Lo Nel Noi Per Qualora Questa Questo
    A As Ao Caso Este Esta Nós O Os Você
    De Deze Dit Een Het Indien Onze U Wij
    Jeśli Jeżeli Niniejszy Użytkownik W"""
)
_MONTHS = words_of("Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember")


def sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The sentences of text[start:end] as spans of the text, in order, without the white space around them.

    What has no letter or digit is no sentence.
    """
    found: list[Span] = []
    begun = start
    for match in _END.finditer(text, start, end):
        if _ends(text, begun, end, match):
            _append(found, text, begun, match.end())
            begun = match.end()
    _append(found, text, begun, end)
    return tuple(found)


def is_abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at this place belongs to the word before it, which is short for another: "ggf."."""
    word, following = _LAST_WORD.search(text, 0, stop), _NEXT.match(text, stop + 1)
    return word is not None and following is not None and _is_abbreviation(word[0], following[2])


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if _HAS_WORD.search(piece):
        first = start + len(piece) - len(piece.lstrip())
        found.append((first, first + len(piece.strip())))


def _ends(text: str, begun: int, end: int, match: re.Match[str]) -> bool:
    if match["stop"]:
        following = _NEXT.match(text, match.end(), end)
        return following is None or _stops(text, begun, match, following)
    if match["shut"]:  # "（以下「当社」といいます。）は" goes on
        return match.end() == end or text[match.end()].isspace()
    return True


def _stops(text: str, begun: int, match: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a sign with white space after it ends a sentence, and isn't that of a label, a day or an abbreviation."""
    space, after = following.groups()
    if "\n" in space:
        return True
    if after[:1].islower() or after in _GOES_ON:
        return False
    if match[0][:1] != "." or match[0].startswith(".."):
        return True
    before = text[max(begun, match.start() - _REACH) : match.start()].lstrip()
    if match.start() - begun <= _REACH and _NUMBERING.fullmatch(before):
        return False
    return not _is_short(before, after)


def _is_short(before: str, after: str) -> bool:
    """Whether the full stop between these is that of an abbreviation, or of a day before its month."""
    found = _LAST_WORD.search(before)
    word = found[0] if found else ""
    if word.isdigit():
        return len(word) <= 2 and after in _MONTHS
    if _is_abbreviation(word, after):
        return True
    is_initial = word.isupper() or before.lower().endswith(("a.m", "p.m"))
    return len(word) == 1 and not (is_initial and after in _STARTERS)


def _is_abbreviation(word: str, after: str) -> bool:
    low = word.lower()
    if low in _BEFORE_NUMBER and _NUMBER.match(after) and after not in _STARTERS:
        return True
    return low in _OPENING or (low in _CLOSING_TOO and after not in _STARTERS)
