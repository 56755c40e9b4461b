"""Dates in the ten languages, and which of them a document states of itself: of its last change, of its effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.core.model import StatedDates
from monitor.core.reading.numerals import EAST_DIGITS, east_value

_YEAR_MIN, _YEAR_MAX = 1990, 2100
_STATED_WORDS_MAX = 25  # a longer line is running text, and a date in it may be an obligation
_STATED_CHARS_MAX = 220
_BEFORE_CHARS = 90
_AFTER_CHARS = 40
_ALONE_LINES = 8


class DateRole(StrEnum):
    """What a date is said to be the date of."""

    UPDATED = "updated"
    EFFECTIVE = "effective"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at text[start:end]. `stated`: the document states it of itself, in a line of its own."""

    start: int
    end: int
    value: date
    role: DateRole
    stated: bool


MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    """january jan januar january janvier janv enero ene gennaio gen janeiro jan januari stycznia styczeń jänner sty
    february feb februar február février févr fevrier febrero febr febbraio feb fevereiro fev februari lutego luty lut
    march mar märz mrz maerz mars marzo março maart mrt marca marzec
    april apr avril avr abril abr aprile kwietnia kwiecień
    may mai mayo maggio mag maio mei maja maj
    june jun juni juin junio giugno giu junho czerwca czerwiec
    july jul juli juillet juil julio luglio lug julho lipca lipiec
    august aug août aout agosto ago augustus sierpnia sierpień sierp
    september sep sept septembre septiembre setiembre settembre set setembro września wrzesień wrz
    october oct oktober okt octobre octubre ottobre ott outubro out październik października paź
    november nov novembre noviembre novembro listopada listopad
    december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudnia grudzień""".splitlines(),
    start=1,
):
    for _name in _names.split():
        MONTHS[_name] = _number

_MONTH = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_EAST = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff"  # signs that stand beside a date without a space
_EAST_NUMBER = "[0-9０-９]{1,2}|[〇零一二三四五六七八九十]{1,3}"
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}  # the year before the first of each
_DATE = re.compile(
    rf"""(?<![^\W{_EAST}])(?<!\.)(?:
      (?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y1>\d{{4}})
    | (?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?\s*(?:of\s+|de\s+|-)?(?P<m2>{_MONTH})\.?\s*,?\s*
      (?:de\s+|del\s+|-)?(?P<y2>\d{{4}})
    | (?P<y3>\d{{4}})[-/.](?P<m3>\d{{1,2}})[-/.](?P<d3>\d{{1,2}})
    | (?P<a4>\d{{1,2}})\s?(?P<sep>[./-])\s?(?P<b4>\d{{1,2}})\s?(?P=sep)\s?(?P<y4>\d{{4}}|\d{{2}}(?=\W|$))
    | (?:(?P<y5>[0-9０-９]{{4}}|[〇零一二三四五六七八九]{{4}})
        |(?P<era>{"|".join(_ERAS)})\s*(?P<y7>{_EAST_NUMBER}|元))\s*年
      \s*(?P<m5>{_EAST_NUMBER})\s*月(?:\s*(?P<d5>{_EAST_NUMBER})\s*日)?
    | (?P<m6>{_MONTH})\.?\s*,?\s*(?:de\s+|del\s+)?(?P<y6>\d{{4}})
    )(?![^\W{_EAST}])""",
    re.IGNORECASE | re.VERBOSE,
)
_UPDATED = re.compile(
    r"""last\s+(?:updated?|modified|revised|revision|changed?|amended|reviewed)|\b(?:updated|revised|revision|amended|modified|published|posted)\b|version
    |\bstand\b|zuletzt|aktualisier|letzte\s+(?:änderung|aktualisierung)|fassung
    |mis(?:e)?\s+à\s+jour|dernière\s+(?:modification|révision|version)|modifiée?\s+le
    |actualiza|última\s+(?:modificación|revisión|versión|alteração|revisão)|modificad|\bversión|\bpublicad|\brevisad
    |aggiorna|ultima\s+(?:modifica|revisione|versione)|\bversione|\bmodificat[oa]\b|\bpubblicat
    |atualiza|\bversão|\balterad[oa]\b|\brevist[oa]\b
    |bijgewerkt|gewijzigd|laatste\s+(?:wijziging|update|aanpassing|herziening)|aangepast|herzien|\bversie
    |aktualizac|zaktualizowan|zmienion|ostatni\w*\s+(?:zmian|modyfikac|wersj)|\bwersja
    |最[后後後](?:更新|修[订改訂])|更新(?:日期|时间|于)?|修[订訂改]|[发發]布|版本|最終(?:更新|改[定訂正])|改[定訂正]|更新日
    |制定|変更日|公開日""",
    re.IGNORECASE | re.VERBOSE,
)
_EFFECTIVE = re.compile(
    r"""effective|in\s+(?:force|effect)|(?:takes?|taking|come[s]?\s+into|enters?\s+into)\s+(?:effect|force)|valid\s+(?:from|as\s+of)|applies\s+from
    |gültig\s+(?:ab|seit)|in\s+kraft|inkrafttreten|wirksam|entr(?:ée|e|ent)\s+en\s+vigueur|en\s+vigueur|date\s+d['’]effet|applicable\s+(?:à\s+compter|au|depuis)
    |en\s+vigor|vigente|fecha\s+(?:de\s+vigencia|efectiva)|aplicable\s+(?:desde|a\s+partir)|válid[oa]s?\s+(?:desde|a\s+partir)
    |in\s+vigore|decorrenza|valid[oaie]\s+(?:dal|a\s+partire)|efficac[ei]\s+dal|data\s+di\s+efficacia
    |em\s+vigor|vigência|produz\w*\s+efeitos|aplicáve(?:l|is)\s+(?:desde|a\s+partir)
    |van\s+kracht|ingangsdatum|geld(?:ig|t|en)\s+(?:vanaf|per|sinds)|in\s+werking|ingaande|met\s+ingang\s+van|gaa[tn]?\s+in\b
    |obowiązuj|w\w+\s+w\s+życie|data\s+wejścia|ważn\w+\s+od
    |生效|施行|発効|効力発生|適用(?:開始)?日?|实施|執行日|执行日|発行日""",
    re.IGNORECASE | re.VERBOSE,
)


_YEAR = re.compile(r"(?:19|20|21)\d\d|令和|平成|昭和|[〇零]\w{1,3}年|[０-９]{4}|\d[./-]\s?\d{1,2}\s?[./-]\s?\d\d")


def find_dates(text: str, language: str | None = None, *, stated_only: bool = False) -> tuple[FoundDate, ...]:
    """Every date of `text` in order, or only those that it states of itself, which is fast however many it has.

    `language` decides whether 02/03/2026 is in February (en) or March.
    """
    found: list[FoundDate] = []
    start = 0
    for index, line in enumerate(text.split("\n")):
        wanted = _is_short(line) or not stated_only
        if wanted and _YEAR.search(line):  # most lines have none, and the full pattern is slow
            dates = _dates_of(line, start, language, is_near_top=index < _ALONE_LINES)
            found.extend(one for one in dates if one.stated or not stated_only)
        start += len(line) + 1
    return tuple(found)


def stated(dates: tuple[FoundDate, ...]) -> StatedDates:
    """The first date stated of the last change and the first of coming into force."""
    updated = next((found.value for found in dates if found.stated and found.role is DateRole.UPDATED), None)
    effective = next((found.value for found in dates if found.stated and found.role is DateRole.EFFECTIVE), None)
    return StatedDates(updated, effective)


def _dates_of(line: str, offset: int, language: str | None, *, is_near_top: bool) -> Iterator[FoundDate]:
    is_short = _is_short(line)
    for match in _DATE.finditer(line):
        value = _value(match, language)
        if value is None:
            continue
        before = line[max(0, match.start() - _BEFORE_CHARS) : match.start()]
        after = line[match.end() : match.end() + _AFTER_CHARS]
        role = _role(before, after)
        if (
            role is DateRole.OTHER
            and is_near_top
            and is_short
            and not line.replace(match.group(), "").strip(" ()[].,|-–")
        ):
            role = DateRole.UPDATED  # a date by itself under the title
        yield FoundDate(
            offset + match.start(), offset + match.end(), value, role, role is not DateRole.OTHER and is_short
        )


def _is_short(line: str) -> bool:
    """Whether a date in the line can be the document's own; in running text it may be an obligation."""
    return len(line) <= _STATED_CHARS_MAX and len(line.split()) <= _STATED_WORDS_MAX


def _role(before: str, after: str) -> DateRole:
    """What the words nearest before a date, or else just after it, say it is."""
    nearest, role = -1, DateRole.OTHER
    for pattern, meaning in ((_UPDATED, DateRole.UPDATED), (_EFFECTIVE, DateRole.EFFECTIVE)):
        for match in pattern.finditer(before):
            if match.end() > nearest:
                nearest, role = match.end(), meaning
    if role is DateRole.OTHER:
        if _EFFECTIVE.search(after):
            return DateRole.EFFECTIVE
        if _UPDATED.search(after):
            return DateRole.UPDATED
    return role


def _value(match: re.Match[str], language: str | None) -> date | None:
    part = match.groupdict()
    day: int
    if part["m1"]:
        year, month, day = int(part["y1"]), MONTHS[part["m1"].lower()], int(part["d1"])
    elif part["m2"]:
        year, month, day = int(part["y2"]), MONTHS[part["m2"].lower()], int(part["d2"])
    elif part["y3"]:
        year, month, day = int(part["y3"]), int(part["m3"]), int(part["d3"])
    elif part["y4"]:
        year, month, day = _numeric(part, language)
    elif part["m5"]:
        year = _east(part["y5"]) if part["y5"] else _ERAS[part["era"]] + _east(part["y7"])
        month, day = _east(part["m5"]), _east(part["d5"] or "1")
    else:
        year, month, day = int(part["y6"]), MONTHS[part["m6"].lower()], 1
    if not _YEAR_MIN <= year <= _YEAR_MAX:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _east(written: str) -> int:
    """A number of an East Asian date, in whatever digits; the first year of an era is written 元."""
    if written == "元":
        return 1
    return east_value(written) if written[0] in EAST_DIGITS or written[0] == "十" else int(written)


def _numeric(part: dict[str, str | None], language: str | None) -> tuple[int, int, int]:
    """Year, month and day of 02/03/2026: the month first in English with slashes or dashes, else the day."""
    first, second, year = int(part["a4"] or 0), int(part["b4"] or 0), int(part["y4"] or 0)
    if year < 100:
        year += 2000
    month_first = language in (None, "en") and part["sep"] != "."
    if (month_first and first <= 12) or second > 12:
        return year, first, second
    return year, second, first
