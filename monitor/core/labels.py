"""The labels of provisions as documents write them: 1, 1.2.3, (a), iv), A., Art. 4 ust. 2, § 7, 第3条, Annex B."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from monitor.core.reading.numerals import EAST_DIGITS, east_value, roman_value
from monitor.core.reading.vocabulary import words_of


class Style(Enum):
    """How a label counts; labels of one style in one place are a sequence."""

    DECIMAL = "decimal"  # 1, 1.2, 1.2.3
    LOWER = "lower"  # a, b
    UPPER = "upper"  # A, B
    LOWER_ROMAN = "lower_roman"
    UPPER_ROMAN = "upper_roman"
    NAMED = "named"  # Article 5, § 7, Annex B: the word says what it is
    ORDINAL = "ordinal"  # Primera, SEGUNDA


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a text. `text` as written, without the space after it; `end` where the body begins.

    `styles` has every way to read it ("i" may be a letter or a Roman numeral) with the number it then stands for;
    `depth` counts the parts of a decimal one. `firm` says that it can't well be running text; `bare` that it is a
    number without a sign ("3 months" and "3 Fees" look the same). `inserted` is the letter of one that was put in
    later: 1 for 7A, 2 for 7B.
    """

    text: str
    end: int
    styles: tuple[tuple[Style, int], ...]
    depth: int
    firm: bool
    word: str = ""
    bare: bool = False
    parts: tuple[int, ...] = ()
    inserted: int = 0


_ANNEXES = (
    "annex|annexe|appendix|schedule|exhibit|attachment|addendum|anhang|anlage|anexo|anejo|apéndice|apêndice"
    "|allegato|appendice|bijlage|aanhangsel|załącznik|aneks|dodatek"
)
_WIDE = (  # what holds articles or sections
    "part|title|book|teil|buch|partie|titre|livre|parte|título|titulo|titolo|libro|livro|deel|boek|część|tytuł|dział"
    "|chapter|kapitel|chapitre|capítulo|capitulo|capitolo|hoofdstuk|rozdział"
)
_WORDS = (
    f"article|section|clause|{_ANNEXES}|{_WIDE}"
    "|artikel|abschnitt|ziffer|paragraph|absatz|punkt|pkt\\.?"
    "|artículo|articulo|sección|seccion|cláusula|clausula"
    "|articolo|sezione|clausola"
    "|artigo|seção|secção|afdeling|onderdeel"
    "|artykuł|art\\.|sec\\.|paragraf|sekcja"
    "|disposición|disposizione|considerando|lid|ust\\.|parágrafo|comma"
)
_ORDINAL_NUMBERS = (  # Cláusula primera, CLÁUSULA DÉCIMA SEGUNDA
    "premier|première|primer[ao]?|primeir[ao]|prim[ao]", "segund[ao]|second[ao]", "tercer[ao]?|terceir[ao]|terz[ao]",
    "cuart[ao]|quart[ao]", "quint[ao]", "sext[ao]|sest[ao]", "séptim[ao]|sétim[ao]|settim[ao]",
    "octav[ao]|oitav[ao]|ottav[ao]", "noven[ao]|non[ao]", "décim[ao]|decim[ao]",
)  # fmt: skip
_ORDINAL_NUMBER = re.compile(
    rf"(?:(?P<ten>d[ée]cim[ao])\s+)?(?:{'|'.join(f'({one})' for one in _ORDINAL_NUMBERS)})", re.IGNORECASE
)
_SPELLED = rf"(?:d[ée]cim[ao]\s+)?(?:{'|'.join(_ORDINAL_NUMBERS)})"
_NUMBER_SIGN = r"(?:n(?:r\.?|\.?\s?[º°]|o\.)\s*)?"  # Załącznik nr 1, Anexo n.º 2
_LATER = ("bis", "ter", "quater", "quinquies")
_ORDINAL = rf"(?:\.?[ºª°]|(?:er|re|ère)\b|[\s-](?P<later>{'|'.join(_LATER)})\b)?"  # Cláusula 3.ª, Art. 7 bis
_UNDER = r"(?:\s+(?:lid|ust\.|abs\.|absatz|al\.|alinéa|n\.º|apartado|comma)\s*(?P<under>\d{1,3}[a-z]?))?"
_NAMED = re.compile(
    rf"(?:(?P<word>{_WORDS})\s+{_NUMBER_SIGN}(?P<number>\d{{1,4}}(?:\.\d{{1,4}}){{0,7}}[a-z]?|[IVXLC]{{1,12}}|[A-Z]|{_SPELLED}){_ORDINAL}(?![\w]){_UNDER}"
    rf"|(?P<sign>§{{1,2}})\s*(?P<sign_number>\d{{1,4}}[a-z]?){_UNDER.replace('under', 'sign_under')}"
    r"|第\s*(?P<east>[0-9０-９一二三四五六七八九十百]{1,8})\s*(?P<unit>条の[0-9一二三四五六七八九十]+|[条條章節节款項项編编部])"
    r"|(?P<annex>附件|附录|附錄|附表|別紙|別表|别表|付録)\s*(?P<annex_number>[0-9０-９一二三四五六七八九十]{1,3}|[A-Z](?![A-Za-z])))"
    r"(?P<tail>\s*[.:)\]–—\-．：、|]?)\s*",
    re.IGNORECASE,
)
_DECIMAL = re.compile(
    r"(?P<open>[(\[（]?)(?P<number>\d{1,3}(?P<more>(?:\.\d{1,3}){1,5})?)"
    r"(?P<letter>[A-Za-z](?![A-Za-z0-9])(?(more)|(?=[.)\]）:])))?"  # 7A. and 3.1A, but not 3D
    r"(?P<close>\.\)|\.?[ºª°][.)]?|[.)\]）．、:]?)(?P<gap>(?P<dash>\s+[–—-]\s+|(?<=[.)])\s*[–—-]\s*)|\s*)"
)
_ORDINAL_LABEL = re.compile(rf"(?P<number>{_SPELLED})(?:\.?\s*[–—-]+|[.:)])\s*(?=\S)", re.IGNORECASE)
_LETTERED = re.compile(r"(?P<open>[(\[（]?)(?P<number>[A-Za-z]|[ivxlc]{2,6}|[IVXLC]{2,6})(?P<close>[.)\]）:])\s+")
_CJK_COUNT = re.compile(r"(?P<open>[(（]?)(?P<number>[一二三四五六七八九十]{1,3})(?P<close>[)）、．.])\s*")
_CIRCLED = re.compile(r"(?P<number>[①-⑳])\s*")
_COUNTERS = frozenset("年月日時时分秒人件回個个か箇カヶ円元万千百名週周社台倍割歳岁条條項项号號つ本枚種阶階点次天小")
_DAY_MONTHS = words_of(  # of the only one of the ten languages that writes a day with a full stop
    """januar jänner februar märz april mai juni juli august september oktober november dezember
    jan feb mrz apr jun jul aug sep sept okt nov dez"""
)
_SMALL_WORDS = words_of("art. ust. pkt pkt. lid abs. paragraf załącznik")  # they may begin a line though written small
_ANNEX = re.compile(rf"(?:{_ANNEXES})\b|附件|附录|附錄|附表|別紙|別表|别表|付録", re.IGNORECASE)
_WIDE_LABEL = re.compile(rf"(?:{_WIDE})\b|第\s*\S{{1,8}}[章編编部]", re.IGNORECASE)
_NUMBER_MAX = 200  # beyond it stands a year or an amount, not a label


def label_of(text: str, *, heading: bool) -> Label | None:
    """The label at the start of a line, or None. In a heading a bare "5" or "Article 5" is one; in running text not."""
    if not text:
        return None
    head = text[0]
    if head.isdigit() or head in "([（":
        return _decimal(text, heading=heading) or _lettered(text) or _counted(text)
    if head in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        found = _CIRCLED.match(text)
        assert found is not None
        return Label(found.group("number"), found.end(), ((Style.DECIMAL, ord(head) - ord("①") + 1),), 1, True, "①")
    return _named(text, heading=heading) or _lettered(text) or _counted(text) or _ordinal(text)


def _named(text: str, *, heading: bool) -> Label | None:
    found = _NAMED.match(text)
    if found is None:
        return None
    tail = found.group("tail").strip()
    if found["word"] and len(found["number"]) == 1 and found["number"].isalpha() and text[found.end() :][:1].isdigit():
        return None  # "Art. L. 217-4" is one of another law
    if found["word"] and not heading and found["word"][0].islower() and found["word"].casefold() not in _SMALL_WORDS:
        return None  # "clause 5.1." is the end of a sentence
    is_whole = found.end() == len(text)
    is_own = bool(found.group("sign") or found.group("east") or found.group("annex"))
    if not (heading or tail or is_whole or (is_own and len(text) < 80)):
        return None
    number = next(filter(None, found.group("number", "sign_number", "east", "annex_number")))
    word = next(filter(None, (*found.group("word", "sign", "annex"), f"第{found.group('unit')}"))).casefold()
    label = text[: found.start("tail")].strip()
    under = found.group("under") or found.group("sign_under")
    parts = (_value(number), _value(under)) if under else ()
    later = found.group("later")
    inserted = _LATER.index(later.lower()) + 1 if later else _letter_value(number[-1]) if number[0].isdecimal() else 0
    styles = ((Style.NAMED, (parts or (_value(number),))[-1]),)
    return Label(label, found.end(), styles, 1, True, word, parts=parts, inserted=0 if under else inserted)


def _letter_value(sign: str) -> int:
    """The place of a letter in the alphabet; 0 for what is none."""
    return ord(sign.lower()) - ord("a") + 1 if sign.isascii() and sign.isalpha() else 0


def _decimal(text: str, *, heading: bool) -> Label | None:
    found = _DECIMAL.match(text)
    if found is None or found.end() == len(text):
        return None
    number, close, opened = found.group("number"), found.group("close"), found.group("open")
    has_dash = found.group("dash") is not None
    parts = [int(part) for part in number.split(".")]
    if max(parts) > _NUMBER_MAX or (opened and close[-1:] not in (")", "]", "）")):
        return None
    after = text[found.end()]
    if not found.group("gap") and (not close or (after.isalnum() and after.isascii())):
        return None
    if not (after.isalpha() or after in "\"'“„«‘「『(（[§*¿¡"):
        return None
    if set(close) & set("ºª°") and after.islower():
        return None  # "1º de janeiro" is a day, "1.ª instância" a court
    is_open = not close and not heading
    if is_open and has_dash and after.islower():
        return None
    if is_open and not has_dash and (len(parts) == 1 or after.islower()) and not _is_east_paragraph(found, after):
        return None
    if close == "." and text[found.end() :].split(maxsplit=1)[0].casefold() in _DAY_MONTHS:
        return None  # "30. Juni" is a day
    depth = len(parts)
    if parts[-1] == 0 and depth > 1:  # "1.0 Definitions" heads the section that 1.1 stands in
        depth -= 1
    return Label(
        text=text[: found.start("gap")],
        end=found.end(),
        styles=((Style.DECIMAL, parts[depth - 1]),),
        depth=depth,
        firm=depth > 1 or bool(opened),
        bare=not close and not has_dash and len(parts) == 1,
        parts=tuple(parts[:depth]),
        inserted=_letter_value(found.group("letter") or ""),
    )


def _is_east_paragraph(found: re.Match[str], after: str) -> bool:
    """Whether a bare number before Chinese or Japanese is that of a paragraph: 2 利用者は…, but not 30 日."""
    return bool(found.group("gap")) and "\u3040" <= after <= "\u9fff" and after not in _COUNTERS


def _lettered(text: str) -> Label | None:
    found = _LETTERED.match(text)
    if found is None or found.end() == len(text):
        return None
    opened, close, number = found.group("open"), found.group("close"), found.group("number")
    if opened and close not in (")", "]", "）"):
        return None
    styles = _letter_styles(number)
    if not styles:
        return None
    label = text[: found.end("close")]
    return Label(label, found.end(), styles, 1, bool(opened) or close == ")")


def _letter_styles(number: str) -> tuple[tuple[Style, int], ...]:
    lower = number.islower()
    styles: list[tuple[Style, int]] = []
    if len(number) == 1:
        styles.append((Style.LOWER if lower else Style.UPPER, ord(number.lower()) - ord("a") + 1))
    roman = roman_value(number)
    if roman is not None:
        styles.append((Style.LOWER_ROMAN if lower else Style.UPPER_ROMAN, roman))
    return tuple(styles)


def _counted(text: str) -> Label | None:
    found = _CJK_COUNT.match(text)
    if found is None or found.end() == len(text):
        return None
    label = text[: found.end("close")]
    return Label(label, found.end(), ((Style.DECIMAL, _value(found.group("number"))),), 1, True, "一")


def _ordinal(text: str) -> Label | None:
    """ "Primera.- Objeto": the number of a clause in letters."""
    found = _ORDINAL_LABEL.match(text)
    if found is None or not found.group("number")[0].isupper() or text[found.end()].islower():
        return None
    number = found.group("number")
    return Label(number, found.end(), ((Style.ORDINAL, _value(number)),), 1, False, "ordinal")


def is_annex(label: str) -> bool:
    """Whether a label is that of an annex, whose numbers are its own: "Annex B", "Exhibit 2", 別紙1."""
    return _ANNEX.match(label) is not None


def is_wide(label: str) -> bool:
    """Whether a label is that of a part or chapter, which sections or articles stand in."""
    return _WIDE_LABEL.match(label) is not None


def _value(number: str) -> int:
    """The number that a label's last part stands for, in whatever signs."""
    spelled = _ORDINAL_NUMBER.fullmatch(number)
    if spelled:
        place = (spelled.lastindex or 0) - 1
        return place + (10 if spelled["ten"] else 0)
    last = number.split(".")[-1]
    if last[0].isdecimal():
        return int("".join(sign for sign in last if sign.isdecimal()))
    if last[0] in EAST_DIGITS or last[0] in "十百":
        return east_value(last)
    roman = roman_value(last) if len(last) > 1 or last in "IVXivx" else None
    return roman if roman is not None else ord(last[0].lower()) - ord("a") + 1
