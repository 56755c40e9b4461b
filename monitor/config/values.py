"""The kinds of values that stand in the configuration: how each is written, checked and described.

A parser takes what TOML gave and returns our value or raises `Unfit`, which says what was expected and found. It
opens nothing: whether a host answers or a folder can be written is not a question of configuration.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import PlainValidator, WithJsonSchema

from monitor.core.model import Range, Schedule, Selector
from monitor.core.schedule import cron_problem

TEXT_LENGTH_MAX = 200
SELECTOR_LENGTH_MAX = 500
SLUG_LENGTH_MAX = 100
PERIOD_S_MAX = 366 * 86_400.0
TIMEOUT_S_MIN = 0.1
SIZE_BYTES_MAX = 64 * 10**9
SHOWN_LENGTH_MAX = 60
CSS_EXPECTED = 'a CSS selector such as "main" or ".cookie-note"'
RANGE_STARTS = ("startBefore", "startAfter")
RANGE_ENDS = ("endBefore", "endAfter")
RANGE_EXPECTED = f"one of {' and '.join(RANGE_STARTS)}, and one of {' and '.join(RANGE_ENDS)}"


class Unfit(ValueError):
    """A value can't be used. An empty `expected` means: what its kind says anyway; an empty `found`: the value."""

    def __init__(self, *, found: str = "", expected: str = "", mend: str = "") -> None:
        self.found = found
        self.expected = expected
        self.mend = mend
        super().__init__(found or expected)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value must be: `name` in the reference, `expected` in a problem."""

    name: str
    expected: str


def shown(value: object) -> str:
    """A value as a person would write it in TOML, in one short line and without the credentials of a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "an empty list" if not value else "a list"
    if not isinstance(value, str):
        return str(value)[:SHOWN_LENGTH_MAX]
    text = re.sub(r"//[^/\s]*@", "//…@", value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: SHOWN_LENGTH_MAX + 1])
    return f'"{text}"' if len(text) <= SHOWN_LENGTH_MAX else f'"{text[:SHOWN_LENGTH_MAX]}…"'


def unreadable(error: OSError) -> str:
    """What was found where a file can't be read."""
    known = {FileNotFoundError: "none", IsADirectoryError: "a directory", PermissionError: "one that may not be read"}
    return known.get(type(error)) or f"an error: {(error.strerror or 'unknown').lower()}"


# ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def slugify(name: str) -> str:
    """The id that a name gives: "Mistral AI" becomes mistral-ai. Empty where no ASCII letter or digit is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH_MAX].strip("-")


def parse_text(value: object) -> str:
    """Text of one line."""
    if not isinstance(value, str):
        raise Unfit()
    if not value.strip():
        raise Unfit(found="empty text")
    if len(value) > TEXT_LENGTH_MAX:
        raise Unfit(found=f"{len(value)} characters")
    if breaks_a_line(value):
        raise Unfit(found="text with a line break or control character in it")
    return value.strip()


def breaks_a_line(text: str) -> bool:
    """Whether text has a line break or control character; spaces and joiners of any script are neither."""
    return any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)


def parse_slug(value: object) -> str:
    """An id as it stands in addresses and commands."""
    if not isinstance(value, str):
        raise Unfit()
    if len(value) > SLUG_LENGTH_MAX:
        raise Unfit(found=f"{len(value)} characters")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        slug = slugify(value)
        raise Unfit(mend=f'Did you mean "{slug}"?' if slug else "")
    return value


def parse_language(value: object) -> str:
    """A language tag, well-formed by RFC 5646 as far as pages use it: language, script, region, variants."""
    if not isinstance(value, str):
        raise Unfit()
    tag = r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    if re.fullmatch(tag, value):
        return value
    other = value.strip().replace("_", "-")
    raise Unfit(mend=f'Did you mean "{other}"?' if re.fullmatch(tag, other) else "")


def parse_selector(value: object) -> Selector:
    """A CSS selector that the reader's engine understands, or a table of two that begin and end a range."""
    if isinstance(value, dict):
        return _range(value)
    if not isinstance(value, str) or not value.strip():
        raise Unfit()
    _check_css(value)
    return value


def _range(table: dict[object, object]) -> Range:
    """A range as Open Terms Archive writes it: one key for where it begins, one for where it ends."""
    for word in table:
        if word not in (*RANGE_STARTS, *RANGE_ENDS):
            mend = suggestion(str(word), (*RANGE_STARTS, *RANGE_ENDS))
            raise Unfit(expected=RANGE_EXPECTED, found=f"the key {shown(word)}", mend=mend)
    first, last = ([word for word in known if word in table] for known in (RANGE_STARTS, RANGE_ENDS))
    if len(first) != 1 or len(last) != 1:
        raise Unfit(expected=RANGE_EXPECTED, found=" and ".join(map(str, table)) or "an empty table")
    for word in (first[0], last[0]):
        if not isinstance(table[word], str) or not str(table[word]).strip():
            raise Unfit(expected=f"a CSS selector in {word}", found=shown(table[word]))
        _check_css(str(table[word]))
    return Range(str(table[first[0]]), str(table[last[0]]), first[0] == "startBefore", last[0] == "endAfter")


def _check_css(text: str) -> None:
    if len(text) > SELECTOR_LENGTH_MAX:
        raise Unfit(found=f"{len(text)} characters", expected=f"at most {SELECTOR_LENGTH_MAX} characters")
    import soupsieve  # brings BeautifulSoup along, which most commands can do without

    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        mend = f"{str(error).splitlines()[0].rstrip('.')}."
        raise Unfit(expected=CSS_EXPECTED, found=shown(text), mend=mend) from None


# ── Time and size ────────────────────────────────────────────────────────────────────────────────────────────────

_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_UNITS_BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def seconds(value: object) -> float | None:
    """The seconds that a duration says, or None where it isn't one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) else None
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([smhd])", value) if isinstance(value, str) else None
    return float(match[1]) * _UNITS_S[match[2]] if match else None


def parse_period(value: object) -> float:
    """A period in seconds: one second or longer, so that an accelerated run is the real thing with other numbers."""
    return _duration(value, 1.0)


def parse_timeout(value: object) -> float:
    """A time-out in seconds; it may be shorter than a second."""
    return _duration(value, TIMEOUT_S_MIN)


def _duration(value: object, least_s: float) -> float:
    duration_s = seconds(value)
    if duration_s is None:
        raise Unfit()
    if duration_s < least_s:
        raise Unfit(expected="one second or longer" if least_s == 1.0 else f"{least_s} seconds or longer")
    if duration_s > PERIOD_S_MAX:
        raise Unfit(expected="at most 366 days")
    return duration_s


def parse_size(value: object) -> int:
    """A size in bytes: a number, or a number with a unit."""
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        match = re.fullmatch(r"([0-9]{1,12}) ?([A-Za-z]+)", value) if isinstance(value, str) else None
        if match is None or match[2] not in _UNITS_BYTES:
            raise Unfit()
        size = int(match[1]) * _UNITS_BYTES[match[2]]
    if not 1 <= size <= SIZE_BYTES_MAX:
        raise Unfit(expected="a size between 1 B and 64 GB")
    return size


def parse_time_zone(value: object) -> str:
    """The name of a zone in the IANA time zone database."""
    if not isinstance(value, str):
        raise Unfit()
    if value not in _zones():
        raise Unfit(mend=suggestion(value, _zones()))
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads hundreds of files, at every call


def parse_schedule(value: object) -> Schedule:
    """An interval or a cron expression. The time zone is set later, from the key beside it."""
    if isinstance(value, str) and len(value.split()) > 2:
        wrong = cron_problem(value)
        if wrong is not None:
            expected = "a cron expression of five fields (minute, hour, day, month, weekday)"
            raise Unfit(expected=expected, mend=f"{wrong[0].upper()}{wrong[1:].rstrip('.')}.")
        return Schedule(cron=" ".join(value.split()))
    return Schedule(every_s=parse_period(value))


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence that names the known word most like a misspelt one; empty where none is near."""
    lowered = {name.lower(): name for name in sorted(known)}
    near = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return f'Did you mean "{lowered[near[0]]}"?' if near else ""


# ── The kinds, as annotations ────────────────────────────────────────────────────────────────────────────────────

_DURATION_SCHEMA = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?[smhd]$"},
    ]
}

_CSS_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": SELECTOR_LENGTH_MAX}
_RANGE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys((*RANGE_STARTS, *RANGE_ENDS), _CSS_SCHEMA),
    "additionalProperties": False,
    "allOf": [{"oneOf": [{"required": [word]} for word in known]} for known in (RANGE_STARTS, RANGE_ENDS)],
}

Line = Annotated[
    str,
    PlainValidator(parse_text),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH_MAX}),
    Kind("text", f"text in quotes, one line of at most {TEXT_LENGTH_MAX} characters"),
]
Slug = Annotated[
    str,
    PlainValidator(parse_slug),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": SLUG_LENGTH_MAX}),
    Kind("id", "small letters, digits and single hyphens between them"),
]
Language = Annotated[
    str,
    PlainValidator(parse_language),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"}),
    Kind("language tag", 'a BCP 47 language tag such as "en", "de-AT" or "zh-Hant"'),
]
Selection = Annotated[
    Selector,
    PlainValidator(parse_selector),
    WithJsonSchema({"anyOf": [_CSS_SCHEMA, _RANGE_SCHEMA]}),
    Kind("CSS selector or range", f"{CSS_EXPECTED}, or a range of two"),
]
Period = Annotated[
    float,
    PlainValidator(parse_period),
    WithJsonSchema(_DURATION_SCHEMA),
    Kind("period", 'a period such as "90s", "15m", "6h" or "7d", or a number of seconds'),
]
Timeout = Annotated[
    float,
    PlainValidator(parse_timeout),
    WithJsonSchema(_DURATION_SCHEMA),
    Kind("time-out", 'a time such as "10s" or "2m", or a number of seconds'),
]
Size = Annotated[
    int,
    PlainValidator(parse_size),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]+ ?(k|M|G|Ki|Mi|Gi)?B$"}]}
    ),
    Kind("size", 'a size such as "500kB" or "20MB", or a number of bytes'),
]
TimeZone = Annotated[
    str,
    PlainValidator(parse_time_zone),
    WithJsonSchema({"type": "string"}),
    Kind("time zone", 'an IANA time zone such as "Europe/Vienna" or "UTC"'),
]
When = Annotated[
    Schedule,
    PlainValidator(parse_schedule),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 1}, {"type": "string"}]}),
    Kind("interval or cron", 'an interval such as "6h" or a cron expression such as "30 7 * * *"'),
]
