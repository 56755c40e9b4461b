"""What a memory changes in the lines of a page: terms stay terms, furniture stays furniture, restless lines go. Pure.

Whatever it changes it changes for every capture alike, so that a change of layout isn't taken for one of the terms. The
declaration is above it: what `remove` takes out or `select` doesn't choose stays out.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from monitor.core.dates import find_dates
from monitor.core.labels import label_of
from monitor.core.model import BlockKind, Memory, Restless
from monitor.core.reading.lines import Line
from monitor.core.reading.refine import is_link, is_long, is_passage
from monitor.core.reading.vocabulary import CONSENT, legal_terms
from monitor.core.reading.why import Why
from monitor.core.sameness import normalise

_RUN_MIN = 3  # known furniture between passages counts only in company: by itself it may be a heading or an item
_BANNER_CHARS_MAX = 900
_LEGAL_TERMS_MIN = 2  # in a few words; running text needs one
_MONEY = re.compile(r"[%§]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|PLN|BRL|CAD|AUD|INR)\b")

# Reasons that come from how a page is laid out, which may change around the terms.
LAYOUT = frozenset(
    {Why.NAVIGATION, Why.HEADER, Why.FOOTER, Why.ASIDE, Why.FORM, Why.EXTRA, Why.PICKER, Why.OUTSIDE, Why.LINK_LIST}
)
# Banners and dialogs: they come and go, and were perhaps read once as a part of the terms.
PASSING = frozenset({Why.COOKIES, Why.DIALOG})
FURNITURE = LAYOUT | PASSING | {Why.CONTROL, Why.FURNITURE, Why.REMEMBERED}


def key_of(text: str) -> str:
    """Names the words of a line in 8 signs, whatever their case, quotes and spaces."""
    folded = " ".join(normalise(text).casefold().split())
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode()


def recollect(lines: list[Line], memory: Memory) -> None:
    """Read what was terms before, and leave out what wasn't, where only the layout of the page changed around it.

    `lines` are all that the page shows, marked by the rules of the reader.
    """
    _keep_terms(lines, frozenset(memory.read))
    _leave_furniture(lines, memory.left)


def leave_restless(lines: Sequence[Line], memory: Memory) -> None:
    """Leave out what stands at a restless place, if it is no more than ever stood there and nothing to turn on."""
    for restless in memory.restless:
        kept = [line for line in lines if line.why is None]
        for block in _blocks_at(kept, restless):
            if not any(is_weighty(line) or len(line.text) > restless.chars for line in block):
                for line in block:
                    line.why = Why.RESTLESS


def is_known_text(line: Line, read: frozenset[str]) -> bool:
    """Whether a line is running text that was read as terms before."""
    return is_long(line.text) and key_of(line.text) in read


def is_known_furniture(line: Line, left: frozenset[str]) -> bool:
    """Whether a line was left out before as what is never terms."""
    return not is_long(line.text) and key_of(line.text) in left and is_slight(line)  # the dearest question last


def is_slight(line: Line) -> bool:
    """Whether a line may be furniture: it is short, no clause, no title, and has neither a number of its own nor a
    date."""
    if (
        (line.kind is BlockKind.HEADING and line.level == 1)
        or is_long(line.text)
        or label_of(line.text, heading=line.kind is BlockKind.HEADING)
        or find_dates(line.text)
    ):
        return False
    return is_link(line) or legal_terms(line.text) < _LEGAL_TERMS_MIN


def is_weighty(line: Line) -> bool:
    """Whether a line has something that an agreement turns on: legal words, a price, a date, a row of a table. Such a
    line is told whenever it changes."""
    if line.kind in (BlockKind.ROW, BlockKind.HEADER_ROW) or _MONEY.search(line.text):
        return True
    if any(unicodedata.category(sign) == "Sc" for sign in line.text) or find_dates(line.text):
        return True
    return legal_terms(line.text) >= (1 if is_long(line.text) else _LEGAL_TERMS_MIN)


# ── Terms stay terms ─────────────────────────────────────────────────────────────────────────────────────────────


def _keep_terms(lines: list[Line], read: frozenset[str]) -> None:
    """Read the runs of left out lines that were all read before and sound like terms, and stand nowhere else."""
    kept = {key_of(line.text) for line in lines if line.why is None}
    inner = _between_passages(lines)

    def is_lost(numbered: tuple[int, Line]) -> bool:
        index, line = numbered
        if line.why not in LAYOUT and not (line.why in PASSING and index in inner):
            return False
        key = key_of(line.text)
        return key in read and key not in kept

    for lost, members in groupby(enumerate(lines), is_lost):
        run = list(members) if lost else []
        sounds_legal = any(is_long(line.text) and not is_link(line) and legal_terms(line.text) for _, line in run)
        if sounds_legal and (run[0][0] in inner or not _asks_for_consent([line.text for _, line in run])):
            for _, line in run:
                line.why, line.element = None, ""


def _asks_for_consent(texts: list[str]) -> bool:
    """Whether a few words are those of a banner, which comes and goes and was perhaps read once."""
    text = "\n".join(texts)
    return len(text) <= _BANNER_CHARS_MAX and CONSENT.search(text) is not None


def _between_passages(lines: list[Line]) -> range:
    passages = [index for index, line in enumerate(lines) if line.why is None and is_passage(line)]
    return range(passages[0], passages[-1]) if passages else range(0)


# ── Furniture stays furniture ────────────────────────────────────────────────────────────────────────────────────


def _leave_furniture(lines: list[Line], left: tuple[str, ...]) -> None:
    """Leave out what was left out before and has only moved: it stands elsewhere on the page no more than it did.

    Where all of it still stands in its place, the same words in the text are new there: a heading, an item of a list.
    """
    moved = Counter(left) - Counter(key_of(line.text) for line in lines if line.why is not None)
    kept = [line for line in lines if line.why is None]
    inner = _between_passages(kept)
    known = frozenset(moved)
    for is_known, members in groupby(enumerate(kept), lambda numbered: is_known_furniture(numbered[1], known)):
        run = list(members)
        wanted = Counter(key_of(line.text) for _, line in run)
        if is_known and wanted <= moved and (len(run) >= _RUN_MIN or run[0][0] not in inner):
            moved -= wanted
            for _, line in run:
                line.why = Why.REMEMBERED


# ── Restless lines go ────────────────────────────────────────────────────────────────────────────────────────────


def _blocks_at(kept: list[Line], restless: Restless) -> Iterator[list[Line]]:
    """The lines between two that stand where it says, if they are few enough."""
    keys = ["", *(key_of(line.text) for line in kept), ""]
    for start, key in enumerate(keys[:-1]):
        if key == restless.place.before:
            between = keys[start + 1 : start + restless.lines + 2]
            if restless.place.after in between:
                yield kept[start : start + between.index(restless.place.after)]
