"""Stands in for sameness.py until that lands."""

from __future__ import annotations

import re

from monitor.core.model import Difference, Reading

_MEANT = re.compile(r"[^\W_]+|[%$€£§&]|(?<=\d)[.,:/](?=\d)")


def meaning(text: str) -> tuple[str, ...]:
    return tuple(_MEANT.findall(text))


def difference(old: Reading, new: Reading) -> Difference:
    if old.text == new.text:
        return Difference.NONE
    if old.words_hash == new.words_hash:
        return Difference.MARKUP
    if old.meaning_hash == new.meaning_hash:
        return Difference.COSMETIC
    return Difference.DATE_ONLY if old.undated_hash == new.undated_hash else Difference.CHANGE
