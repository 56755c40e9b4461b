"""How many words a redline marks beside git diff --word-diff, on real changes, and whether it misses one.

python benchmarks/redlines.py CORPUS_SQLITE [--company NAME] [--changes N] [--seed N] [--show] [--json OUT]

Words that moved between provisions count once on our side; git marks them twice. Words that stay in place under another
heading don't count on our side: they are shown without a mark. What must stay whole (a date, a link,
an address, a number with its signs) is one word on both sides, marked as soon as a part of it is; the last two columns
count every run of letters and digits instead.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from cards import words_of
from rich.console import Console
from rich.table import Table
from texts import Agreement, Texts, reading_of

from monitor.core.compare import compare
from monitor.core.comparing.tokens import count_words, tokens
from monitor.core.errors import MonitorError
from monitor.core.model import Comparison, Difference, Reading, Segment, SegmentKind

_MISTRAL = "mistral"
_MISTRALS_MIN = 5

Span = tuple[int, int]
Marks = tuple[list[Span], list[Span]]  # in the old text and in the new one


@dataclass(frozen=True, slots=True)
class Row:
    """One real change: the words marked by us and by git, and words that came or went and we don't mark."""

    agreement: str
    versions: str
    provisions: int
    ours: int
    moved: int  # among ours
    git: int
    missed: int
    our_pieces: int
    git_pieces: int


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, 1 where a word was missed, or 2 where the texts can't be used."""
    options = _options(arguments)
    console = Console()
    if not console.is_terminal:
        console.width = 140
    try:
        chosen = _chosen(Texts(options.texts), options)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    rows = []
    for name, numbers, old, new in chosen:
        comparison = compare(old, new)
        rows.append(_row(name, numbers, old, new, comparison))
        if options.show:
            _show(console, rows[-1], old, new, comparison)
    _print(console, rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 1 if any(row.missed for row in rows) else 0


def git_words(old: str, new: str, style: str = "plain", context: int = 0) -> str:
    """What git diff --word-diff prints of two texts, without its head."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("old", "new")]
        for file, text in zip(files, (old, new), strict=True):
            file.write_text(text + "\n")
        command = ["git", "diff", "--no-index", "--no-color", f"--word-diff={style}", f"-U{context}", *map(str, files)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return said.split("\n", 4)[-1]


def git_marks(old: str, new: str) -> Marks:
    """What git diff --word-diff marks of two texts. Its words are whatever stands between white space."""
    words = [[match.span() for match in re.finditer(r"\S+", text)] for text in (old, new)]
    at, marks = [0, 0], ([], [])
    for line in git_words(old, new, "porcelain", context=len(old) + len(new)).split("\n")[1:]:
        count = len(line[1:].split())
        for side in {"-": (0,), "+": (1,), " ": (0, 1)}.get(line[:1], ()):
            if line[0] != " ":
                marks[side].extend(words[side][at[side] : at[side] + count])
            at[side] += count
    assert at == [len(words[0]), len(words[1])], "every word of both texts is printed, marked or not"
    return marks


def our_marks(comparison: Comparison, *, moved: bool = False) -> Marks:
    """What the comparison marks: words that went and came, or with `moved` those at their new place."""
    marks: Marks = ([], [])
    for segment in (segment for change in comparison.changes for segment in change.segments):
        if segment.kind is SegmentKind.DELETED and not moved:
            marks[0].append((segment.old_start, segment.old_end))
        elif segment.kind is (SegmentKind.MOVED_IN if moved else SegmentKind.INSERTED) and not segment.in_place:
            marks[1].append((segment.new_start, segment.new_end))
    return marks


def whole_words(text: str, marks: Sequence[Span]) -> int:
    """How many words of a text are marked, wholly or in part."""
    pieces = tokens(text)
    ends = list(accumulate(map(len, pieces)))
    found = set()
    for start, end in marks:
        first, last = bisect_right(ends, start), bisect_left(ends, end)
        found.update(range(first, last + 1) if start < end else ())
    return sum(count_words([pieces[at]]) for at in found)


def _pieces(text: str, marks: Sequence[Span]) -> Counter[str]:
    """Every run of letters and digits in what is marked."""
    return words_of("\n".join(text[start:end] for start, end in marks))


def _chosen(texts: Texts, options: argparse.Namespace) -> Iterator[tuple[str, str, Reading, Reading]]:
    """Real changes in a seeded order, at most two of one agreement, and some of them Mistral's."""
    agreements = [one for one in texts.agreements() if options.company in (None, one.company)]
    pairs = [(one, old, new) for one in agreements for old, new in pairwise(one.versions)]
    random.Random(options.seed).shuffle(pairs)
    taken: Counter[int] = Counter()
    others_left = options.changes - (0 if options.company else _MISTRALS_MIN)
    for agreement, old, new in pairs:
        is_other = agreement.company != _MISTRAL
        if taken.total() == options.changes or taken[agreement.id] == 2 or (is_other and not others_left):
            continue
        before, after = reading_of(texts.text(old)), reading_of(texts.text(new))
        if before is None or after is None or compare(before, after).difference is not Difference.CHANGE:
            continue
        taken[agreement.id] += 1
        others_left -= is_other
        yield _name(agreement), f"{old.n} → {new.n}", before, after


def _name(agreement: Agreement) -> str:
    return f"{agreement.company} · {agreement.name}"


def _row(name: str, numbers: str, old: Reading, new: Reading, comparison: Comparison) -> Row:
    texts = (old.text, new.text)
    marked, moved, by_git = our_marks(comparison), our_marks(comparison, moved=True), git_marks(*texts)
    words, moved_words, git = (sum(map(whole_words, texts, marks)) for marks in (marked, moved, by_git))
    deleted, inserted = map(_pieces, texts, marked)
    moved_pieces, git_pieces = (sum(map(_pieces, texts, marks), Counter()).total() for marks in (moved, by_git))
    before, after = words_of(old.text), words_of(new.text)
    counted = _counted(old, new, comparison)
    missed = (before - after - deleted - counted) + (after - before - inserted - counted)
    return Row(
        agreement=name,
        versions=numbers,
        provisions=len(comparison.changes),
        ours=words + moved_words,
        moved=moved_words,
        git=git,
        missed=missed.total(),
        our_pieces=deleted.total() + inserted.total() + moved_pieces,
        git_pieces=git_pieces,
    )


def _counted(old: Reading, new: Reading, comparison: Comparison) -> Counter[str]:
    """Numbers of provisions written on one side, and made by the list on the other: a reader sees them alike."""
    labels: Counter[str] = Counter()
    for first, second in comparison.pairs:
        one, other = old.provisions[first], new.provisions[second]
        is_written = old.text.startswith(one.label, one.start), new.text.startswith(other.label, other.start)
        if one.label == other.label and len(set(is_written)) > 1:
            labels += words_of(one.label)
    return labels


def _show(console: Console, row: Row, old: Reading, new: Reading, comparison: Comparison) -> None:
    console.rule(f"{row.agreement} {row.versions}: {row.ours} words, {row.moved} of them moved; git {row.git}")
    for change in comparison.changes:
        also = "".join(f", {op}" for op in change.also)
        console.print(f"{change.op}{also}: {change.path}", style="bold", markup=False)
        console.print(_redline(old, new, change.segments), markup=False, highlight=False)
    console.rule("git", style="dim")
    console.print(git_words(old.text, new.text), markup=False, highlight=False, style="dim")


def _redline(old: Reading, new: Reading, segments: tuple[Segment, ...]) -> str:
    shown = []
    for segment in segments:
        if segment.kind is SegmentKind.DELETED:
            shown.append(f"[-{old.text[segment.old_start : segment.old_end]}-]")
        elif segment.kind is SegmentKind.INSERTED:
            shown.append(f"{{+{new.text[segment.new_start : segment.new_end]}+}}")
        elif segment.kind is SegmentKind.MOVED_OUT:
            shown.append(f"[<{old.text[segment.old_start : segment.old_end]}<]")
        elif segment.kind is SegmentKind.MOVED_IN:
            shown.append(f"{{>{new.text[segment.new_start : segment.new_end]}>}}")
        else:
            text = new.text[segment.new_start : segment.new_end]
            shown.append(text if len(text) < 160 else f"{text[:70]} … {text[-70:]}")
    return "".join(shown)


def _print(console: Console, rows: list[Row]) -> None:
    table = Table(title="Words marked")
    for column in ("agreement", "versions", "provisions", "ours", "moved", "git", "missed", "our pieces", "git's"):
        table.add_column(column, justify="left" if column in ("agreement", "versions") else "right")
    for row in rows:
        table.add_row(*map(str, astuple(row)))
    console.print(table)
    fewer, fewer_pieces = (
        sum(row.ours <= row.git for row in rows),
        sum(row.our_pieces <= row.git_pieces for row in rows),
    )
    console.print(f"As few words as git or fewer in {fewer} of {len(rows)}, counted in pieces in {fewer_pieces}.")
    console.print(f"{sum(row.missed for row in rows)} words missed.")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, help="corpus.sqlite or versions.sqlite, with its reader beside it")
    parser.add_argument("--company", help="only of this one")
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print both, one below the other")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
