"""How a redline is said in words and plain signs, the same in every format: what happened to a provision, where text
moved, what is folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.core.model import Op
from monitor.core.redline import Mark, Passage, Run
from monitor.core.render.words import clean, number, one_line

PARTS_MAX = 4  # of a split or merged provision, by name

# Hyphens and joiners that show only where they act, marks of direction, variants of other signs. They belong to words
# in some languages, and are left as they are wherever anything else differs.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]"
)
_PLAIN = {Mark.DELETED: ("[-", "-]"), Mark.INSERTED: ("{+", "+}"), Mark.EQUAL: ("", "")}  # as wdiff marks them
_MORE = {
    Mark.DELETED: "more words deleted",
    Mark.INSERTED: "more words inserted",
    Mark.MOVED_OUT: "more words moved away",
    Mark.MOVED_IN: "more words moved here",
    Mark.EQUAL: "unchanged words",
}


def happened(passage: Passage) -> str:
    """What happened to a provision: modified and renumbered, was 2; moved from 3.1 Fees; split into 4.1 A; 4.2 B."""
    whence = passage.was if Op.MOVED in passage.ops and Op.RETITLED not in passage.ops else ""
    said = [op.value for op in passage.ops if op not in (Op.SPLIT, Op.MERGED, Op.MOVED)]
    said += [f"moved from {one_line(whence)}" if whence else op.value for op in passage.ops if op is Op.MOVED]
    said += [f"split into {_parts(passage)}" for op in passage.ops if op is Op.SPLIT]
    said += [f"merged from {_parts(passage)}" for op in passage.ops if op is Op.MERGED]
    was = f", was {one_line(passage.was)}" if passage.was and not whence else ""
    return " and ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part) + was


def _unveiled(runs: tuple[Run, ...]) -> Iterator[Run]:
    for before, run, after in zip((None, *runs), runs, (*runs[1:], None), strict=False):
        is_alike = any(other is not None and _look_alike(run, other) for other in (before, after))
        yield replace(run, text=_UNSEEN.sub(number, run.text)) if is_alike or _is_unseen(run) else run


def _look_alike(run: Run, other: Run) -> bool:
    """Whether one went and the other came, and both look the same."""
    return {run.mark, other.mark} == {Mark.DELETED, Mark.INSERTED} and _seen(run) == _seen(other)


def _is_unseen(run: Run) -> bool:
    return run.mark is not Mark.EQUAL and bool(run.text) and not _seen(run)


def _seen(run: Run) -> str:
    return _UNSEEN.sub("", run.text)


def _parts(passage: Passage) -> str:
    named = [one_line(part, 80) for part in passage.parts[:PARTS_MAX]]
    more = len(passage.parts) - len(named)
    return "; ".join([*named, f"{more} more"] if more else named)


def folded(run: Run) -> str:
    """What a hidden run stands for: 45 unchanged words."""
    if run.in_place:
        return f"{run.hidden} {_MORE[Mark.EQUAL]}{f', {moved(run)}' if is_moved(run) else ''}"
    return f"{run.hidden} {_MORE[run.mark]}"


def moved(run: Run) -> str:
    """Where moved text went to or came from: moved to 4.2 Security; or if it stays in place: now under 4.2 Security."""
    if run.in_place:
        return f"{'now' if run.mark is Mark.MOVED_OUT else 'before'} under {one_line(run.elsewhere)}"
    towards = "to" if run.mark is Mark.MOVED_OUT else "from"
    return f"moved {towards} {one_line(run.elsewhere)}" if run.elsewhere else f"moved {towards} elsewhere"


def is_moved(run: Run) -> bool:
    """Whether it has to be said that the run's words stand word for word in another provision before or after."""
    return run.mark in (Mark.MOVED_OUT, Mark.MOVED_IN) and bool(run.elsewhere or not run.in_place)


def plain(run: Run) -> str:
    """A run as it reads without colours: [-went-], {+came+}, [moved to 4.2 Security: words]."""
    if run.hidden:
        return f" [… {folded(run)} …] "
    if not run.text.strip():
        return unmarked(run)
    before, after = (f"[{moved(run)}: ", "]") if is_moved(run) else _PLAIN.get(run.mark, ("", ""))
    lead, words, trail = apart(run.text)
    return f"{lead}{before}{clean(words)}{after}{trail}"


def apart(text: str) -> tuple[str, str, str]:
    """The text without the white space at its ends, which no mark includes, between that before and that after it."""
    words = text.strip()
    at = text.index(words)
    return clean(text[:at]), words, clean(text[at + len(words) :])


def unmarked(run: Run) -> str:
    """White space that came or went, which isn't worth a mark: as it is, or one blank where it went."""
    return " " if run.mark.is_old else clean(run.text)


def legible(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs without white space at the very beginning and end, where it would show as an empty line; what differs
    only in signs that can't be seen has those shown by their numbers."""
    kept = list(_unveiled(tuple(runs)))
    while kept and not kept[0].text.strip():
        del kept[0]
    while kept and not kept[-1].text.strip():
        del kept[-1]
    if kept and not kept[0].hidden:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    if kept and not kept[-1].hidden:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)
