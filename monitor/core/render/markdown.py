"""A change as Markdown, for GitHub, GitLab and chats: ~~deleted~~, **inserted**, each provision under its heading.

Marks are strokes and stars, not <del> and <ins>: chats show those tags as they are. Text of a page stays text: it is
escaped so that no parser takes it for a heading, a link, an image, HTML, an address or a person to call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.core.redline import Limits, Mark, Passage, Redline, Run, redline
from monitor.core.render.marks import folded, happened, is_moved, legible, moved
from monitor.core.render.sections import Fact
from monitor.core.render.sheet import Sheet, proofs
from monitor.core.render.words import clean, counts_of, one_line

CONTEXT = 14  # unchanged words kept on each side of a changed one

# A mark beside a letter isn't seen as one if a sign stands on its other side (CommonMark 0.31, 6.2, flanking); with
# white space there it is, and this one is hardly seen. None is needed where text begins or ends.
HAIR_SPACE = "\u200a"
WORD_JOINER = "\u2060"  # not seen at all; no parser finds an address or a name across it

_MARKS = {Mark.DELETED: "~~", Mark.INSERTED: "**", Mark.MOVED_OUT: "*", Mark.MOVED_IN: "*"}
_SIGNS = re.compile(r"[\\`*_\[\]<>~&$]|\|(?=\|)|(?<=\|)\|")
_SCHEME = re.compile(r":(?=//)")
_WWW = re.compile(r"(www)\.", re.IGNORECASE)
_CALLING = re.compile(r"@|#(?=\d)|\bGH(?=-\d)", re.IGNORECASE)  # also a person's name or an issue's number
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_OPENING = re.compile(r"(?:[#+=-]|\d{1,9}(?=[.)]))")


def markdown(sheet: Sheet, *, unfolded: bool = False) -> str:
    """The Markdown of a change. Raises QuotationDefect where a quotation isn't in its reading."""
    limits = Limits(context=None if unfolded else CONTEXT)
    line = redline(sheet.comparison, sheet.old.reading, sheet.new.reading, limits)
    body = (block for passage in line.passages for block in _provision(passage))
    blocks = [*_head(sheet), *body, *_foot(sheet, line)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escaped(text: str) -> str:
    """One line of text that reads the same and is nothing but text, wherever in a paragraph it stands."""
    text = _SIGNS.sub(r"\\\g<0>", clean(text).replace("\t", " "))
    text = _WWW.sub(r"\1\\.", _SCHEME.sub(r"\:", text))
    return _CALLING.sub(rf"\g<0>{WORD_JOINER}", text)


def _head(sheet: Sheet) -> Iterator[str]:
    section = sheet.section
    yield f"## {escaped(one_line(f'{section.platform} · {section.document}'))}"
    severity = f"**{section.severity.value.capitalize()} severity.** " if section.severity != "none" else ""
    yield severity + _begun(escaped(one_line(section.headline, 500)))
    yield section.counts and _begun(escaped(section.counts))
    yield from (f"> {escaped(warning)}" for warning in section.warnings)
    facts = [f"- {fact.label or '…'}: {_value(fact)}" for fact in section.facts]
    yield "\n".join((*facts, f"- Command: {_code(f'{section.command} --format markdown')}"))


def _value(fact: Fact) -> str:
    """The value of a fact; the address of a source, which comes from the configuration, as a link."""
    return f"<{fact.url}>" if _ADDRESS.fullmatch(fact.url) else escaped(one_line(fact.value, 2_000))


def _provision(passage: Passage) -> Iterator[str]:
    yield f"### {_begun(escaped(one_line(passage.path))) or '(no heading)'}"
    counted = counts_of(passage)
    yield f"*{escaped(happened(passage))}{f', {counted}' if counted else ''}*"
    yield from _paragraphs(legible(passage.runs))


def _paragraphs(runs: tuple[Run, ...]) -> Iterator[str]:
    """Each line of the text as a paragraph: no mark reaches over the end of one."""
    line: list[Run] = []
    for run in runs:
        first, *others = [run.text] if run.hidden else run.text.split("\n")
        line.append(replace(run, text=first))
        for other in others:
            yield _line(line)
            line = [replace(run, text=other)]
    yield _line(line)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run as it is written: its mark, its words, and whether white space stands before and after them."""

    mark: str
    body: str
    lead: bool
    trail: bool

    def __str__(self) -> str:
        return f"{self.mark}{self.body}{self.mark}"


def _line(runs: list[Run]) -> str:
    """A line of runs, each in its mark, which white space is kept out of."""
    written, last, gap = "", None, False
    for run in runs:
        piece = _piece(run)
        gap = gap or piece.lead
        if piece.body:
            if last is not None:
                written += " " if gap else _between(last, piece)
            written, last, gap = f"{written}{piece}", piece, piece.trail
    return _begun(written)


def _piece(run: Run) -> _Piece:
    if run.hidden:
        return _Piece("*", f"… {folded(run)} …", lead=True, trail=True)
    body = escaped(run.text.strip())
    if is_moved(run) and body:
        body = rf"\[{escaped(moved(run))}: {body}\]"
    mark = "" if run.in_place else _MARKS.get(run.mark, "")
    return _Piece(mark, body, run.text[:1].isspace(), run.text[-1:].isspace())


def _between(last: _Piece, piece: _Piece) -> str:
    """What has to stand between two pieces so that the marks between them are seen as marks."""
    if last.mark and piece.mark:
        return HAIR_SPACE if last.mark[0] == piece.mark[0] else ""
    is_lost = (last.mark and _is_sign(last.body[-1]) and not _is_apart(piece.body[0])) or (
        piece.mark and _is_sign(piece.body[0]) and not _is_apart(last.body[-1])
    )
    return HAIR_SPACE if is_lost else ""


def _is_apart(sign: str) -> bool:
    return sign.isspace() or _is_sign(sign)


def _is_sign(sign: str) -> bool:
    """Whether CommonMark calls it punctuation."""
    return unicodedata.category(sign)[0] in "PS"


def _begun(line: str) -> str:
    """A line that doesn't begin as a heading, a list or a rule would."""
    line = line.lstrip()
    found = _OPENING.match(line)
    if found is None:
        return line
    return f"{found[0]}\\{line[found.end() :]}" if found[0].isdigit() else f"\\{line}"


def _foot(sheet: Sheet, line: Redline) -> Iterator[str]:
    moves = any(is_moved(run) and not run.in_place for passage in line.passages for run in passage.runs)
    yield "---"
    yield "~~deleted~~ **inserted**" + (r" *\[moved: word for word\]*" if moves else "")
    yield "\n".join(
        f"- {escaped(f'{name}. {said}')}: SHA-256 `{digest}`" for name, lines in proofs(sheet) for said, digest in lines
    )


def _code(text: str) -> str:
    """Text in a code span, whatever it holds."""
    longest = max((len(found) for found in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{clean(text)}{pad}{fence}"
