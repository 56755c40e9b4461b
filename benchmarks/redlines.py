"""How many words a redline marks beside git diff --word-diff, on real changes, and whether it misses one.

python benchmarks/redlines.py CORPUS_SQLITE [--company NAME] [--changes N] [--seed N] [--show] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from cards import marked_words, words_of
from rich.console import Console
from rich.table import Table
from texts import Agreement, Texts, reading_of

from monitor.core.compare import compare
from monitor.core.errors import MonitorError
from monitor.core.model import Comparison, Difference, Reading, Segment, SegmentKind

_PIECE = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """One real change: the words marked by us and by git, and words that came or went and we don't mark."""

    agreement: str
    versions: str
    provisions: int
    ours: int
    git: int
    missed: int


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
        said = git_words(old.text, new.text)
        rows.append(_row(name, numbers, old, new, comparison, said))
        if options.show:
            _show(console, rows[-1], old, new, comparison, said)
    _print(console, rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 1 if any(row.missed for row in rows) else 0


def git_words(old: str, new: str) -> str:
    """What git diff --word-diff prints of two texts, without its head."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("old", "new")]
        for file, text in zip(files, (old, new), strict=True):
            file.write_text(text + "\n")
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=plain", "-U0", *map(str, files)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _chosen(texts: Texts, options: argparse.Namespace) -> Iterator[tuple[str, str, Reading, Reading]]:
    """Real changes in a seeded order, at most two of one agreement."""
    agreements = [one for one in texts.agreements() if options.company in (None, one.company)]
    pairs = [(one, old, new) for one in agreements for old, new in pairwise(one.versions)]
    random.Random(options.seed).shuffle(pairs)
    taken: Counter[int] = Counter()
    for agreement, old, new in pairs:
        if taken.total() == options.changes or taken[agreement.id] == 2:
            continue
        before, after = reading_of(texts.text(old)), reading_of(texts.text(new))
        if before is None or after is None or compare(before, after).difference is not Difference.CHANGE:
            continue
        taken[agreement.id] += 1
        yield _name(agreement), f"{old.n} → {new.n}", before, after


def _name(agreement: Agreement) -> str:
    return f"{agreement.company} · {agreement.name}"


def _row(name: str, numbers: str, old: Reading, new: Reading, comparison: Comparison, said: str) -> Row:
    deleted, inserted = marked_words(old, new, comparison.changes)
    before, after = words_of(old.text), words_of(new.text)
    missed = (before - after - deleted) + (after - before - inserted)
    by_git = [words_of(gone or come).total() for gone, come in _PIECE.findall(said)]
    return Row(
        agreement=name,
        versions=numbers,
        provisions=len(comparison.changes),
        ours=deleted.total() + inserted.total(),
        git=sum(by_git),
        missed=missed.total(),
    )


def _show(console: Console, row: Row, old: Reading, new: Reading, comparison: Comparison, said: str) -> None:
    console.rule(f"{row.agreement} {row.versions}: {row.ours} words, git {row.git}")
    for change in comparison.changes:
        also = "".join(f", {op}" for op in change.also)
        console.print(f"{change.op}{also}: {change.path}", style="bold", markup=False)
        console.print(_redline(old, new, change.segments), markup=False, highlight=False)
    console.rule("git", style="dim")
    console.print("\n".join(said.split("\n")[4:]), markup=False, highlight=False, style="dim")


def _redline(old: Reading, new: Reading, segments: tuple[Segment, ...]) -> str:
    shown = []
    for segment in segments:
        if segment.kind is SegmentKind.DELETED:
            shown.append(f"[-{old.text[segment.old_start : segment.old_end]}-]")
        elif segment.kind is SegmentKind.INSERTED:
            shown.append(f"{{+{new.text[segment.new_start : segment.new_end]}+}}")
        else:
            text = new.text[segment.new_start : segment.new_end]
            shown.append(text if len(text) < 160 else f"{text[:70]} … {text[-70:]}")
    return "".join(shown)


def _print(console: Console, rows: list[Row]) -> None:
    table = Table(title="Words marked")
    for column in ("agreement", "versions", "provisions", "ours", "git", "missed"):
        table.add_column(column, justify="left" if column in ("agreement", "versions") else "right")
    for row in rows:
        table.add_row(row.agreement, row.versions, *map(str, (row.provisions, row.ours, row.git, row.missed)))
    console.print(table)
    fewer = sum(row.ours <= row.git for row in rows)
    console.print(f"As few words as git or fewer in {fewer} of {len(rows)}; {sum(row.missed for row in rows)} missed.")


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
