"""The labels of provisions as documents write them: 1, 1.2.3, (a), iv), A., Article 5, § 7, 第3条, Annex B."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from monitor.core.dates import MONTHS
from monitor.core.reading.numerals import roman_value


class Style(Enum):
    """How a label counts; labels of one style in one place are a sequence."""

    DECIMAL = "decimal"  # 1, 1.2, 1.2.3
    LOWER = "lower"  # a, b
    UPPER = "upper"  # A, B
    LOWER_ROMAN = "lower_roman"
    UPPER_ROMAN = "upper_roman"
    NAMED = "named"  # Article 5, § 7, Annex B: the word says what it is


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a text. `text` as written, without the space after it; `end` where the body begins.

    `styles` has every way to read it ("i" may be a letter or a Roman numeral) with the number it then stands for;
    `depth` counts the parts of a decimal one. `firm` says that it can't well be running text; `bare` that it is a
    number without a sign ("3 months" and "3 Fees" look the same).
    """

    text: str
    end: int
    styles: tuple[tuple[Style, int], ...]
    depth: int
    firm: bool
    word: str = ""
    bare: bool = False
    parts: tuple[int, ...] = ()


_WORDS = (
    "article|section|clause|annex|appendix|schedule|exhibit|part|chapter|attachment|addendum|title"
    "|artikel|abschnitt|anhang|anlage|kapitel|teil|ziffer|paragraph|absatz"
    "|annexe|chapitre|partie|titre"
    "|artículo|sección|cláusula|anexo|capítulo|parte|título"
    "|articolo|sezione|clausola|allegato|capitolo|titolo"
    "|artigo|seção|secção|bijlage|hoofdstuk|deel|afdeling"
    "|artykuł|art\\.|rozdział|załącznik|część|paragraf|sekcja"
)
_NAMED = re.compile(
    rf"(?:(?P<word>{_WORDS})\s+(?P<number>\d{{1,4}}(?:\.\d{{1,4}}){{0,7}}[a-z]?|[IVXLC]{{1,12}}|[A-Z])(?![\w])"
    r"|(?P<sign>§{1,2})\s*(?P<sign_number>\d{1,4}[a-z]?)"
    r"|第\s*(?P<east>[0-9０-９一二三四五六七八九十百]{1,8})\s*(?P<unit>条の[0-9一二三四五六七八九十]+|[条條章節节款項项編编部]))"
    r"(?P<tail>\s*[.:)\]–—\-．：、|]?)\s*",
    re.IGNORECASE,
)
_DECIMAL = re.compile(
    r"(?P<open>[(\[（]?)(?P<number>\d{1,3}(?:\.\d{1,3}){0,5})(?P<close>\.\)|[.)\]）．、:]?)(?P<gap>\s*)"
)
_LETTERED = re.compile(r"(?P<open>[(\[（]?)(?P<number>[A-Za-z]|[ivxlc]{2,6}|[IVXLC]{2,6})(?P<close>[.)\]）:])\s+")
_CJK_COUNT = re.compile(r"(?P<open>[(（]?)(?P<number>[一二三四五六七八九十]{1,3})(?P<close>[)）、．.])\s*")
_CIRCLED = re.compile(r"(?P<number>[①-⑳])\s*")
_EAST_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
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
    return _named(text, heading=heading) or _lettered(text) or _counted(text)


def _named(text: str, *, heading: bool) -> Label | None:
    found = _NAMED.match(text)
    if found is None:
        return None
    tail = found.group("tail").strip()
    is_whole = found.end() == len(text)
    is_own = bool(found.group("sign") or found.group("east"))
    if not (heading or tail or is_whole or (is_own and len(text) < 80)):
        return None
    number = found.group("number") or found.group("sign_number") or found.group("east") or ""
    word = (found.group("word") or found.group("sign") or "第" + found.group("unit")).casefold()
    label = text[: found.start("tail")].strip()
    return Label(label, found.end(), ((Style.NAMED, _value(number)),), 1, True, word)


def _decimal(text: str, *, heading: bool) -> Label | None:
    found = _DECIMAL.match(text)
    if found is None or found.end() == len(text):
        return None
    number, close, opened = found.group("number"), found.group("close"), found.group("open")
    parts = [int(part) for part in number.split(".")]
    if max(parts) > _NUMBER_MAX or (opened and close[-1:] not in (")", "]", "）")):
        return None
    after = text[found.end()]
    if not found.group("gap") and (not close or (after.isalnum() and after.isascii())):
        return None
    if not (after.isalpha() or after in "\"'“„«‘「『(（[§*¿¡"):
        return None
    if not close and not heading and (len(parts) == 1 or after.islower()):
        return None
    if close == "." and text[found.end() :].split(maxsplit=1)[0].casefold() in MONTHS:
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
        bare=not close and len(parts) == 1,
        parts=tuple(parts[:depth]),
    )


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


def _value(number: str) -> int:
    """The number that a label's last part stands for, in whatever signs."""
    last = number.split(".")[-1]
    if last[0].isdecimal():
        return int("".join(sign for sign in last if sign.isdecimal()))
    if last[0] in _EAST_DIGITS or last[0] in "十百":
        return _east_value(last)
    roman = roman_value(last) if len(last) > 1 or last in "IVXivx" else None
    return roman if roman is not None else ord(last[0].lower()) - ord("a") + 1


def _east_value(signs: str) -> int:
    value, digit = 0, 0
    for sign in signs:
        if sign in ("十", "百"):
            value += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _EAST_DIGITS.get(sign, 0)
    return value + digit
