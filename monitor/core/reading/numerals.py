"""Numbers as lists write them: decimal, letters, Roman and Chinese, and back."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_MAX = 3999
EAST_DIGITS = {**{sign: value for value, sign in enumerate("〇一二三四五六七八九")}, "零": 0}


def numeral(number: int, kind: str) -> str:
    """`number` in the style of an HTML list: "1", "a", "A", "i" or "I". What a style can't write stays decimal."""
    if kind in ("a", "A") and number >= 1:
        written = _letters(number)
        return written.upper() if kind == "A" else written
    if kind in ("i", "I") and 1 <= number <= _ROMAN_MAX:
        written = _roman(number)
        return written.upper() if kind == "I" else written
    return str(number)


def roman_value(written: str) -> int | None:
    """The number that a Roman numeral (any case) stands for, or None where it isn't a well-formed one."""
    rest, value = written.lower(), 0
    for amount, sign in _ROMAN:
        while rest.startswith(sign):
            rest, value = rest[len(sign) :], value + amount
    return value if not rest and value and _roman(value) == written.lower() else None


def east_value(signs: str) -> int:
    """The number of Chinese numerals: 二十三, or digit by digit 二〇二六."""
    value, digit = 0, 0
    for sign in signs:
        if sign in ("十", "百"):
            value += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + EAST_DIGITS.get(sign, 0)
    return value + digit


def _letters(number: int) -> str:
    written = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        written = chr(ord("a") + digit) + written
    return written


def _roman(number: int) -> str:
    written = ""
    for amount, sign in _ROMAN:
        while number >= amount:
            written, number = written + sign, number - amount
    return written
