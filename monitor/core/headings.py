"""Which lines of a text a reader sees as headings, with their labels, and which of them stand under which others.

Pages mark headings, but not all: titles in capitals, questions and short lines above their text are paragraphs in the
page's own words. And a page gives one level to headings of which the numbers say that one stands under the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from monitor.core.dates import find_dates
from monitor.core.labels import Label, Style, label_of
from monitor.core.model import Block, BlockKind
from monitor.core.phrases import is_capitalised, is_clause, is_sentence, is_title
from monitor.core.reading.lines import CELL_SEPARATOR
from monitor.core.reading.numerals import roman_value
from monitor.core.sentences import is_abbreviated

STEP = 4  # between two levels of headings that a page marks; what is read out of numbers comes in between
VISUAL = 40  # the level of a heading that the page doesn't mark: under all that it does
GAP_MAX = 3  # labels of a sequence may leave out so many: "(a), (c)" after (b) was deleted
TITLED = VISUAL - 1  # the level of a numbered line that is the title of what follows

_CAPITALS_CHARS_MAX = 100
_CAPITALS_WORDS_MAX = 12
_QUESTION_CHARS_MAX = 90
_SHORT_CHARS_MAX = 60
_SHORT_WORDS_MAX = 8
_TITLE_CHARS_MAX = 120
_TITLE_WORDS_MAX = 14
_LISTED_WORDS_MAX = 6  # longer ones are sentences that go on in the list
_STOPPED_WORDS_MAX = 9  # a title that ends in a full stop is shorter
_PROSE_CHARS_MIN = 70
_TOP_LINES = 2  # what stands there in capitals is the title of the whole
_NEAR_LINES = 40
_LETTERS_MIN = 4
_DATED_CHARS_MAX = 80
_DATED_WORDS_MAX = 5  # "Last updated on", "Fecha de última actualización:"
_HEADER_WORDS_MAX = 4
_HEADER_ROWS_MIN = 2
_LONG_CELL_CHARS = 30
_RUN_IN = re.compile(
    r"([^\W\d_][^.:;!?\n]{1,70}?)(?:(?P<sign>[.:])\s+|\s+[–—-]\s+)(?=(?P<quote>[\"“„«‘]?)['(\[]?[^\W\d_])"
)
_PARTS_MIN = 2
_RUN_IN_WORDS_MAX = 4
_RUN_IN_LONG_WORDS_MAX = 9
_BARE = re.compile(r".{1,11}[.):）、\]]|\d{1,3}(?:\.\d{1,3}){1,5}")
_BULLET = re.compile(r"[•·●▪◦‣*–—-]\s*(?=[\d(])")
_YEAR = re.compile(r"(?:19|20)\d\d|[〇零]")
_STOP = re.compile(r"[.!?;]\s+\S|[。；]")
_STOP_IN_CAPITALS = re.compile(r"[.!?]\s+\S")
_NO_TITLE = re.compile(r"[.,;:!|@/<>=…]|\d|https?:")
_NO_NAME = re.compile(r"[.;:!@<>=…]|\d|https?:")
_LETTER_HEAD = re.compile(r"(?P<number>[A-Z]|[IVX]{1,5})\s+(?=[^\W\d_])")
_ROWS = (BlockKind.ROW, BlockKind.HEADER_ROW)
_ENDS = '.!?:;。！？：；)）”"'


@dataclass(frozen=True, slots=True)
class Seen:
    """A block as a reader sees it.

    `level` is that of a heading, 0 for what is none; `label` is its own where it begins with one; `titled` says that
    the whole line after its label is the title of what follows; `alone` that there is nothing after its label.
    `run_in` is a title that the text goes on after in the same line, and `run_in_length` what it takes with its sign.
    """

    block: Block
    line: str
    kind: BlockKind
    level: int = 0
    label: Label | None = None
    titled: bool = False
    alone: bool = False
    run_in: str = ""
    run_in_length: int = 0

    @property
    def rest(self) -> str:
        """The line after its label."""
        return self.line[self.label.end :] if self.label and not self.alone else "" if self.alone else self.line


def seen_by(text: str, blocks: Sequence[Block]) -> list[Seen]:
    """The blocks in order, as a reader sees them."""
    plain = _all_labelled(text, blocks)
    title = _title(plain)
    plain = [
        replace(one, level=0, kind=BlockKind.PARAGRAPH) if index != title and _is_date(one) else one
        for index, one in enumerate(plain)
    ]
    _name_headers(plain)
    found = [_looked_at(plain, index) for index in range(len(plain))]
    _run_in_titles(found)
    _letter_chains(found)
    _put_under(found)
    return found


def _all_labelled(text: str, blocks: Sequence[Block]) -> list[Seen]:
    found: list[Seen] = []
    last: tuple[int, ...] = ()
    for block in blocks:
        one = _labelled(block, text[block.start : block.end])
        if one.label is None and one.kind is BlockKind.PARAGRAPH and last and one.line[:1].isdigit():
            label = label_of(one.line, heading=True)  # "4.17 die Erreichbarkeit": sure only because it goes on
            if label is not None and _goes_on(last, label.parts):
                one = replace(one, label=label)
        if one.label is not None and one.label.parts:
            last = one.label.parts
        found.append(one)
    return found


def _goes_on(last: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    """Whether a number of several parts is the next one: 4.17 after 4.16 or 4.16.2, 4.16.1 after 4.16."""
    depth = len(parts)
    if depth < _PARTS_MIN or len(last) < depth - 1:
        return False
    return parts[:-1] == last[: depth - 1] and parts[-1] == (last[depth - 1] + 1 if len(last) >= depth else 1)


def _labelled(block: Block, line: str) -> Seen:
    if block.kind is BlockKind.HEADING:
        return Seen(block, line, block.kind, block.level * STEP, label_of(line, heading=True))
    if block.kind in (BlockKind.ROW, BlockKind.HEADER_ROW):
        return Seen(block, line, block.kind)
    label = label_of(line, heading=False)
    if label is None and (bullet := _BULLET.match(line)):
        label = label_of(line[bullet.end() :], heading=False)
        if label is not None:
            label = replace(label, end=label.end + bullet.end())
    if label is None and _BARE.fullmatch(line):
        bare = label_of(f"{line} X", heading=False)
        if bare is not None and len(bare.text) == len(line):
            return Seen(block, line, block.kind, 0, bare, alone=True)
    alone = label is not None and label.end >= len(line)
    return Seen(block, line, block.kind, 0, label, alone=alone)


# ── Headings that only state a date ──────────────────────────────────────────────────────────────────────────────


def _title(plain: Sequence[Seen]) -> int:
    """The index of the first heading, where it is the highest; else -1. It is the title, whatever it says."""
    headings = [(one.level, index) for index, one in enumerate(plain) if one.level]
    is_highest = bool(headings) and all(level > headings[0][0] for level, _ in headings[1:])
    return headings[0][1] if is_highest else -1


def _is_date(one: Seen) -> bool:
    """Whether a heading only says when the document was changed: no section stands under it."""
    if not one.level or len(one.line) > _DATED_CHARS_MAX or not _YEAR.search(one.line):
        return False
    dates = [found for found in find_dates(one.line, stated_only=True) if found.stated]
    if not dates or "(" in one.line[: dates[0].start]:
        return False
    before = [word for word in one.line[: dates[0].start].split() if any(map(str.isalpha, word))]
    after = one.line[dates[-1].end :].strip(" .)")
    return len(before) <= _DATED_WORDS_MAX and not after and not any(word[0].isupper() for word in before[2:])


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _name_headers(plain: list[Seen]) -> None:
    """Make the first row of a table its header where the page doesn't mark it but its words are names of columns."""
    for index, one in enumerate(plain):
        if one.kind is not BlockKind.ROW or (index and plain[index - 1].kind in _ROWS):
            continue
        rows = [row.line.split(CELL_SEPARATOR) for row in takewhile(_is_row, islice(plain, index, None))]
        often = Counter(tuple(row) for row in rows if len(row) > 1)
        for at, row in enumerate(rows):
            is_again = often[tuple(row)] > 1 and all(_is_name(cell) for cell in row)
            if is_again or (at == 0 and _is_header(rows)):
                plain[index + at] = replace(plain[index + at], kind=BlockKind.HEADER_ROW)


def _is_row(one: Seen) -> bool:
    return one.kind is BlockKind.ROW


def _is_header(rows: list[list[str]]) -> bool:
    first, others = rows[0], rows[1:]
    others = [row for row in others if len(row) == len(first)]
    if not others or len(first) < 2 or not all(_is_name(cell) for cell in first):
        return False
    columns = list(zip(*others, strict=True))
    if len(others) < _HEADER_ROWS_MIN:
        return any(all(len(cell) >= _PROSE_CHARS_MIN for cell in column) for column in columns)
    return any(all(not _is_name(cell) for cell in column) for column in columns)


def _is_name(cell: str) -> bool:
    words = cell.split()
    return 0 < len(words) <= _HEADER_WORDS_MAX and len(cell) <= _LONG_CELL_CHARS and not _NO_NAME.search(cell)


# ── Headings that the page doesn't mark ──────────────────────────────────────────────────────────────────────────


def _looked_at(plain: Sequence[Seen], index: int) -> Seen:
    """A block with its level and title, seen beside its neighbours."""
    one = plain[index]
    after = plain[index + 1] if index + 1 < len(plain) else None
    if one.level or one.kind in _ROWS or (one.kind is BlockKind.ITEM and not one.block.label and one.label is None):
        return one
    if one.label is not None or one.block.label:
        before = plain[index - 1] if index else None
        return replace(one, titled=_titles(one, before, after))
    if one.block.level or after is None:
        return one
    before = plain[index - 1] if index else None
    label = label_of(one.line, heading=True)
    if label is not None and label.bare and label.depth == 1:
        label = None  # too little to tell "5 Fees" from "5 years of age"
    words = one.line[label.end :] if label else one.line
    if label is not None and not words:
        return one
    if after.level:
        above = index > _TOP_LINES and label is None and " " in words and _is_capitals(words, after)
        return replace(one, level=after.level - STEP // 2) if above and not _is_repeated(plain, index) else one
    is_heading = _is_capitals(words, after) or _is_question(words, before, after) or _is_short(words, before, after)
    return replace(one, level=VISUAL, label=label) if is_heading else one


def _is_repeated(plain: Sequence[Seen], index: int) -> bool:
    """Whether a line stands near by again: a button, not a heading."""
    near = plain[max(0, index - _NEAR_LINES) : index + _NEAR_LINES]
    return sum(other.line == plain[index].line for other in near) > 1


def _is_capitals(line: str, after: Seen) -> bool:
    if len(line) > _CAPITALS_CHARS_MAX or not line.isupper() or line[-1] in ".,;" or _STOP.search(line):
        return False
    letters = sum(map(str.isalpha, line))
    few = len(line.split()) <= _CAPITALS_WORDS_MAX
    goes_on = after.line[:1].islower() or (after.line.isupper() and after.line[-1] == ",")
    return few and letters >= _LETTERS_MIN and letters * 2 > len(line) and not goes_on


def _is_question(line: str, before: Seen | None, after: Seen) -> bool:
    if line[-1:] not in "?？" or len(line) > _QUESTION_CHARS_MAX or line[0].islower() or _STOP.search(line):
        return False
    asks_on = before is not None and before.line[-1:] in ":："
    is_answered = after.kind is BlockKind.ITEM or len(after.line) > len(line)
    return not asks_on and is_answered and after.line[-1:] not in "?？"


def _is_short(line: str, before: Seen | None, after: Seen) -> bool:
    """Whether a few words without a full stop stand above a passage: the reader takes them for its heading."""
    words = line.split()
    if len(line) > _SHORT_CHARS_MAX or len(words) > _SHORT_WORDS_MAX or not line[0].isupper():
        return False
    if _NO_TITLE.search(line) or is_sentence(line) or not any(len(word) > 2 for word in words):
        return False
    if before is not None and not before.level and before.line[-1:] not in _ENDS and before.kind not in _ROWS:
        return False
    if before is not None and before.line[-1:] in ":：,，":
        return False
    return _is_passage(after)


def _is_passage(after: Seen) -> bool:
    is_text = after.kind is BlockKind.PARAGRAPH and not after.level and not after.block.level and after.label is None
    long_enough = len(after.line) >= _PROSE_CHARS_MIN and after.line[-1] in _ENDS
    return is_text and long_enough and not after.line[0].islower()


def _titles(one: Seen, before: Seen | None, after: Seen | None) -> bool:
    """Whether a numbered line is the title of what follows, which then goes into it."""
    rest = one.rest
    words = rest.split()
    if not words or len(rest) > _TITLE_CHARS_MAX or len(words) > _TITLE_WORDS_MAX or not _begins(rest):
        return False
    if (_STOP_IN_CAPITALS if rest.isupper() else _STOP).search(rest) or rest[-1] in ",;；、" or after is None:
        return False
    if rest[-1] in ":：" and (len(words) > _LISTED_WORDS_MAX or not is_title(rest)):
        return False
    if after.label is None and after.line[:1].islower():
        return False
    if rest[-1] in ".。" and (len(words) > _STOPPED_WORDS_MAX or (is_sentence(rest) and not rest.isupper())):
        return False
    if rest[-1] not in ".。?？" and is_clause(rest):
        return False
    return _goes_into(one, after) and not _only_introduces(rest, after) and not _only_listed(one, before, after)


def _only_introduces(rest: str, after: Seen) -> bool:
    """Whether a line only begins the sentence that the items below it go on."""
    is_listed = after.kind is BlockKind.ITEM or (after.label is not None and len(after.label.parts) < 2)
    is_long = len(rest.split()) > _LISTED_WORDS_MAX or is_clause(rest)
    return is_listed and is_long and not is_capitalised(rest) and rest[-1] not in "?？"


def _only_listed(one: Seen, before: Seen | None, after: Seen) -> bool:
    """Whether an item is the last of a list of short lines, and what follows has left the list."""
    if not one.block.label or after.block.level or after.label is not None:
        return False
    has_sibling = before is not None and bool(before.block.label) and before.block.level == one.block.level
    return has_sibling or one.rest[-1] == "."


def _begins(rest: str) -> bool:
    return rest[0].isupper() or (rest[0].isalpha() and not rest[0].islower()) or rest[0] in '“„«"¿¡(（「『'


def _goes_into(one: Seen, after: Seen) -> bool:
    """Whether the next line stands in a numbered one: its text, or the first of its own items."""
    if after.kind in _ROWS:
        return True
    if after.level and (after.label is None or len(after.label.parts) < 2):
        return False
    if one.block.label and after.block.label and after.label is None:  # both are items of lists that the page numbers
        return after.block.level > one.block.level
    if after.block.label and after.label is None:
        return after.block.label[:-1] in ("1", "a", "A", "i", "I")
    if after.label is None:
        return True
    mine = one.label.parts if one.label else _number(one.block.label)
    if len(after.label.parts) > 1:
        return not mine or (after.label.parts[: len(mine)] == mine and len(after.label.parts) > len(mine))
    own = {style for style, _ in one.label.styles} if one.label else {Style.DECIMAL}
    return any(count == 1 and own - {style} for style, count in after.label.styles)


def _number(label: str) -> tuple[int, ...]:
    number = label.rstrip(".")
    return (int(number),) if number.isdecimal() else ()


# ── Headings in the line of their text ───────────────────────────────────────────────────────────────────────────


def _run_in_titles(found: list[Seen]) -> None:
    """Find the titles that the text of numbered lines begins with. Those that are long and written small are believed
    only where the number before or after has one too."""
    before: tuple[int, re.Match[str] | None, bool] | None = None
    for index, one in enumerate(found):
        if one.level or one.titled or one.alone or (one.label is None and not one.block.label):
            continue
        match, is_sure = _run_in(one)
        if match is not None and before is not None and before[1] is not None and _are_siblings(found[before[0]], one):
            for at, other, was_sure in (before, (index, match, is_sure)):
                if other is not None and not was_sure:
                    found[at] = _with_run_in(found[at], other)
        if match is not None and is_sure:
            found[index] = _with_run_in(one, match)
        before = (index, match, is_sure)


def _with_run_in(one: Seen, match: re.Match[str]) -> Seen:
    return replace(one, run_in=match.group(1), run_in_length=match.end())


def _are_siblings(first: Seen, second: Seen) -> bool:
    if first.label is None or second.label is None:
        return first.block.label != "" and second.block.label != "" and first.block.level == second.block.level
    return len(first.label.parts) == len(second.label.parts) and first.label.parts[:-1] == second.label.parts[:-1]


def _run_in(one: Seen) -> tuple[re.Match[str] | None, bool]:
    """A heading in the line of its text ("Training. We …") and whether it is sure to be one: a few words, or all of
    weight capitalised. In an item it begins with a capital letter and is no sentence."""
    match = _RUN_IN.match(one.rest)
    is_item = one.kind is BlockKind.ITEM or (one.label is not None and not one.label.parts and not one.label.word)
    if match is None or match.group(1)[0].islower():
        return None, False
    title, sign = match.group(1), match.group("sign")
    words = title.split()
    if title.count("(") != title.count(")"):
        return None, False
    if sign == "." and is_abbreviated(one.rest, match.start("sign")):
        return None, False
    if sign == ":" and (match.group("quote") or (is_item and not is_title(title))):
        return None, False
    if is_capitalised(title) or (len(words) <= _RUN_IN_WORDS_MAX and not (is_item and is_sentence(title))):
        return match, True
    is_long_title = sign == "." and len(words) <= _RUN_IN_LONG_WORDS_MAX and is_title(title)
    return (match, False) if is_long_title else (None, False)


# ── Which headings stand under which ─────────────────────────────────────────────────────────────────────────────


def _letter_chains(found: list[Seen]) -> None:
    """Label headings by a bare letter or Roman numeral where several of a level count on: "A Platform", "B Use"."""
    runs: dict[tuple[int, bool], list[tuple[int, re.Match[str], int]]] = {}
    for index, one in enumerate(found):
        head = _LETTER_HEAD.match(one.line) if one.level and one.label is None else None
        if head is None:
            continue
        for is_roman, value in ((True, roman_value(head["number"])), (False, _letter(head["number"]))):
            run = runs.setdefault((one.level, is_roman), [])
            if value is not None and value == len(run) + 1:
                run.append((index, head, value))
    for (_, is_roman), run in runs.items():
        style = Style.UPPER_ROMAN if is_roman else Style.UPPER
        for index, head, value in run if len(run) > 1 else ():
            if found[index].label is None:
                label = Label(head["number"], head.end(), ((style, value),), 1, True)
                found[index] = replace(found[index], label=label)


def _letter(number: str) -> int | None:
    return ord(number) - ord("A") + 1 if len(number) == 1 else None


def _put_under(found: list[Seen]) -> None:
    """Put headings without a number a little lower where they stand between two of their level that count on."""
    last: dict[int, tuple[Label, list[int]]] = {}
    for index, one in enumerate(found):
        if not one.level:
            continue
        for level in [level for level in last if level > one.level]:
            del last[level]
        if one.label is None:
            if one.level in last:
                last[one.level][1].append(index)
            continue
        before = last.get(one.level)
        if before is not None and _counts_on(before[0], one.label):
            for under in before[1]:
                found[under] = replace(found[under], level=found[under].level + 1)
        last[one.level] = (one.label, [])


def _counts_on(before: Label, label: Label) -> bool:
    first, second = before.styles[0], label.styles[0]
    return first[0] is second[0] and 1 <= second[1] - first[1] <= GAP_MAX and before.parts[:-1] == label.parts[:-1]
