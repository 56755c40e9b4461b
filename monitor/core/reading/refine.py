"""What is taken from the lines of a region: menus around the text, counters, second copies, tables of contents."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.core.model import BlockKind
from monitor.core.reading.lines import Line
from monitor.core.reading.thanks import thanked
from monitor.core.reading.vocabulary import BARE_YEAR, COPYRIGHT_LINE, FURNITURE_LINE
from monitor.core.reading.why import Why

_PASSAGE_WORDS_MIN = 12
_PASSAGE_CHARS_MIN_CJK = 20
_LINK_SHARE_MIN = 0.8
_FURNITURE_CHARS_MAX = 140
_COPY_SHARE_MIN = 0.95
_COPY_LINES_MIN = 8  # different ones: rows of a table repeat
_COPY_HEAD_LINES = 5  # a copy begins as the text does
_COPY_SHARES = (0.3, 0.7)
_ECHOES_MIN = 3
_ECHO_CHARS_MIN = 12  # what is shorter may be the cells of a table: "Yes", "Yes"
_ECHO_WORDS_MIN = 5
_LEAKED_HEADING = re.compile(r"^#{2,6}\s*(?=[^\s#])")
_LEAKED_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*]{1,300}?)(?<=[^\s*])\*\*(?![\w*])")
_CONTENTS_MIN = 3
_CONTENTS_CHARS_MAX = 150


def refine(lines: list[Line]) -> None:
    """Mark the lines that aren't the document with the reason why; those without one are the document."""
    kept = [line for line in lines if line.why is None]
    for line in kept:
        line.text = _without_leaked_signs(line.text)
    for why, keep in _STAGES:
        before, kept = kept, keep(kept)
        if len(kept) < len(before):
            staying = {id(line) for line in kept}
            for line in before:
                if id(line) not in staying:
                    line.why = line.why or why


def _without_leaked_signs(text: str) -> str:
    """A text without the signs of Markdown that a page shows where it should have shown a heading or bold words."""
    if "##" not in text and "**" not in text:
        return text
    return _LEAKED_BOLD.sub(r"\1", _LEAKED_HEADING.sub("", text))


def _without_echoes(lines: list[Line]) -> list[Line]:
    """Drop strings that a script wrote to measure fonts: one word again and again, in a line or line after line."""
    same = [index > 0 and lines[index - 1].text == line.text for index, line in enumerate(lines)] + [False]
    kept: list[Line] = []
    start = 0
    for index, line in enumerate(lines):
        start = start if same[index] else index
        if not same[index + 1] and not _is_echo(line, index + 1 - start):
            kept.extend(lines[start : index + 1])
    return kept


def _is_echo(line: Line, times: int) -> bool:
    words = line.text.split()
    if line.kind is not BlockKind.PARAGRAPH or not line.text.isascii():
        return False
    if len(words) > 1:
        return len(words) >= _ECHO_WORDS_MIN and len(set(words)) == 1
    return times >= _ECHOES_MIN and len(line.text) >= _ECHO_CHARS_MIN and not set(line.text) & set("@/._")


def _without_furniture(lines: list[Line]) -> list[Line]:
    return [line for line in lines if not _is_furniture(line)]


def _is_furniture(line: Line) -> bool:
    if len(line.text) > _FURNITURE_CHARS_MAX:
        return False
    if not any(sign.isalnum() for sign in line.text):
        return True
    return line.kind is not BlockKind.ROW and FURNITURE_LINE.fullmatch(line.text) is not None


def _without_hidden_copies(lines: list[Line]) -> list[Line]:
    """Hidden text is a folded section, and read, unless it stands on the page for all to see as well."""
    shown = {line.text for line in lines if not line.hidden}
    return [line for line in lines if not (line.hidden and line.text in shown)]


def _without_contents(lines: list[Line]) -> list[Line]:
    """Drop a table of contents: links within the page or a run of lines that stand below as headings."""
    linked, repeated = _linked_contents(lines), _repeated_headings(lines)
    for index in repeated - linked:
        lines[index].why = Why.REPEATED_HEADING
    return [line for index, line in enumerate(lines) if index not in linked and index not in repeated]


def _linked_contents(lines: list[Line]) -> set[int]:
    links = {
        index
        for index, line in enumerate(lines)
        if line.inner and line.inner >= _LINK_SHARE_MIN * _size(line) and line.kind is not BlockKind.HEADING
    }
    if len(links) < _CONTENTS_MIN:
        return set()
    others = {_key(line.text) for index, line in enumerate(lines) if index not in links}
    found = sum(1 for index in links if _key(lines[index].text) in others)
    return links if found >= _CONTENTS_MIN and found * 2 >= len(links) else set()


def _repeated_headings(lines: list[Line]) -> set[int]:
    headings = {_key(line.text): index for index, line in enumerate(lines) if line.kind is BlockKind.HEADING}
    found: set[int] = set()
    run: list[int] = []
    for index, line in enumerate(lines):
        is_repeat = (
            line.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH)
            and len(line.text) <= _CONTENTS_CHARS_MAX
            and headings.get(_key(line.text), -1) > index
        )
        if is_repeat:
            run.append(index)
            continue
        if len(run) >= _CONTENTS_MIN:
            found.update(run)
        run.clear()
    return found


def _without_second_copy(lines: list[Line]) -> list[Line]:
    """Drop the second of two copies of the whole text, one for phones and one for wide screens."""
    total = sum(len(line.text) for line in lines)
    first_at = {line.text: index for index, line in reversed(list(enumerate(lines)))}
    read = 0
    for second, line in enumerate(lines):
        rest = total - read
        read += len(line.text)
        first = first_at[line.text]
        if (
            first >= _COPY_HEAD_LINES
            or second == first
            or not _COPY_SHARES[0] * total <= rest <= _COPY_SHARES[1] * total
        ):
            continue
        known = {other.text for other in lines[first:second]}
        if len(known) < _COPY_LINES_MIN:
            return lines
        if sum(len(other.text) for other in lines[second:] if other.text in known) >= _COPY_SHARE_MIN * rest:
            return lines[:second]
        return lines
    return lines


def _without_menus(lines: list[Line]) -> list[Line]:
    """Drop lines of links before the first passage of text and after the last."""
    passages = [index for index, line in enumerate(lines) if is_passage(line)]
    if not passages:
        return lines
    first, last = passages[0], passages[-1]
    return [line for index, line in enumerate(lines) if first <= index <= last or not is_link(line) or _is_title(line)]


def _without_copyright(lines: list[Line]) -> list[Line]:
    """Drop the copyright line below the last passage, and a year that stands alone after its sign."""
    last = max((index for index, line in enumerate(lines) if is_passage(line)), default=len(lines))
    kept, after_sign = lines[: last + 1], False
    for line in lines[last + 1 :]:
        can_go = line.kind is BlockKind.PARAGRAPH
        is_sign = can_go and COPYRIGHT_LINE.fullmatch(line.text) is not None
        if not is_sign and not (can_go and after_sign and BARE_YEAR.fullmatch(line.text)):
            kept.append(line)
        after_sign = is_sign
    return kept


def _without_thanked(lines: list[Line]) -> list[Line]:
    names = thanked(lines)
    return [line for index, line in enumerate(lines) if index not in names]


def _is_title(line: Line) -> bool:
    """Whether a heading that is a link is one to itself, or the main one."""
    return line.kind is BlockKind.HEADING and (line.level == 1 or line.inner > 0)


def is_passage(line: Line) -> bool:
    """Whether a line is running text that isn't a link."""
    return not is_link(line) and line.kind is not BlockKind.HEADING and is_long(line.text)


def is_long(text: str) -> bool:
    """Whether a line is long enough for a sentence."""
    words = text.count(" ") + 1
    return words >= _PASSAGE_WORDS_MIN or (words < 4 and len(text) >= _PASSAGE_CHARS_MIN_CJK)


def is_link(line: Line) -> bool:
    """Whether nearly all of a line is links."""
    return line.links > 0 and line.links >= _LINK_SHARE_MIN * _size(line)


def _size(line: Line) -> int:
    return len(line.text.replace(" ", ""))


def _key(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold()))


_STAGES: tuple[tuple[Why, Callable[[list[Line]], list[Line]]], ...] = (
    (Why.FURNITURE, _without_furniture),
    (Why.HIDDEN_COPY, _without_hidden_copies),
    (Why.CONTENTS, _without_contents),
    (Why.SECOND_COPY, _without_second_copy),
    (Why.LINK_LIST, _without_menus),
    (Why.FURNITURE, _without_copyright),
    (Why.FURNITURE, _without_echoes),
    (Why.THANKED, _without_thanked),
)
