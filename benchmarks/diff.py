"""Round trips of the change record over recorded versions, and what comparing takes beside other tools, in one run.

python benchmarks/diff.py VERSIONS_SQLITE [--pairs N] [--random N] [--timed N] [--seed N] [--processes N] [--json OUT]
"""

from __future__ import annotations

import argparse
import difflib
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from diff_match_patch import diff_match_patch
from lxml.html.diff import htmldiff
from rich.console import Console
from rich.progress import track
from rich.table import Table
from texts import DOCUMENT, Agreement, Texts, exhibit_of, reading_of, record_of

from monitor.core.applying import apply, unapply
from monitor.core.compare import compare
from monitor.core.errors import MonitorError
from monitor.core.model import Reading, SegmentKind

BATCH = 50  # pairs; a text that is the new one of a pair and the old one of the next is read once in a batch

Pair = tuple[Agreement, Any, Any]  # an old and a new version
Tool = Callable[[Reading, Reading], int]  # compares two readings and returns the size of what it says, in characters


@dataclass(slots=True)
class Tally:
    """How many comparisons gave both texts back exactly."""

    n: int = 0
    ok: int = 0
    failed: list[str] = field(default_factory=list)

    def take(self, other: Tally) -> None:
        """Count what another has counted."""
        self.n += other.n
        self.ok += other.ok
        self.failed += other.failed


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, 1 where a round trip failed, or 2 where the texts can't be used."""
    options = _options(arguments)
    try:
        texts = Texts(options.versions)
        agreements = list(texts.agreements())
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    console = Console()
    if not console.is_terminal:
        console.width = 140
    rng = random.Random(options.seed)
    neighbours = [(one, old, new) for one in agreements for old, new in pairwise(one.versions)]
    if options.pairs:
        neighbours = sorted(rng.sample(neighbours, min(options.pairs, len(neighbours))), key=lambda pair: pair[0].id)
    strangers = [_strangers(rng, agreements) for _ in range(options.random)]
    trips = _round_trips({"consecutive": neighbours, "random": strangers}, options, console)
    timed = list(_read(texts, rng.sample(neighbours, min(options.timed, len(neighbours)))))
    times, sizes = _measured(track(timed, "times", console=console, disable=not console.is_terminal))
    totals = _totals(trips, times, sizes)
    if options.json:
        options.json.write_text(json.dumps(totals, indent=1) + "\n")
    _print(console, trips, times, sizes)
    return 0 if all(tally.n == tally.ok for tally in trips.values()) else 1


def _round_trips(groups: dict[str, list[Pair]], options: argparse.Namespace, console: Console) -> dict[str, Tally]:
    """How many pairs of each group come back, a batch of pairs for each task and a process for each core."""
    trips = {name: Tally() for name in groups}
    batches = [(name, at) for name, pairs in groups.items() for at in range(0, len(pairs), BATCH)]
    # Forked, because the reader's versions can't be sent to another process.
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(options.processes, forked, _start, (options.versions, groups)) as pool:
        tasks = {pool.submit(_batch, name, at): name for name, at in batches}
        quiet = not console.is_terminal
        for task in track(as_completed(tasks), "round trips", len(tasks), console=console, disable=quiet):
            trips[tasks[task]].take(task.result())
    return trips


_WORK: dict[str, Any] = {}  # of a forked process


def _start(versions: Path, groups: dict[str, list[Pair]]) -> None:
    _WORK.update(texts=Texts(versions), groups=groups)


def _batch(name: str, at: int) -> Tally:
    tally = Tally()
    for old, new in _read(_WORK["texts"], _WORK["groups"][name][at : at + BATCH]):
        _count(tally, old, new)
    return tally


def _read(texts: Texts, pairs: list[Pair]) -> Iterator[tuple[Reading, Reading]]:
    """The readings of pairs of versions; the new one of a pair is often the old one of the next."""
    last: tuple[int, Reading | None] | None = None
    for _, old, new in pairs:
        before = last[1] if last and last[0] == old.id else reading_of(texts.text(old))
        after = reading_of(texts.text(new))
        last = (new.id, after)
        if before is not None and after is not None:
            yield before, after


def _strangers(rng: random.Random, agreements: list[Agreement]) -> Pair:
    """Two versions of any two agreements."""
    one, other = rng.choice(agreements), rng.choice(agreements)
    return one, rng.choice(one.versions), rng.choice(other.versions)


def _count(tally: Tally, old: Reading, new: Reading) -> None:
    tally.n += 1
    if _comes_back(old, new):
        tally.ok += 1
    else:
        tally.failed.append(f"{old.id} → {new.id}")


def _comes_back(old: Reading, new: Reading) -> bool:
    """Whether the change record makes the new text of the old one and the old one of the new, and every segment of
    its provisions quotes both texts."""
    shown = exhibit_of(DOCUMENT, old, new)
    record = record_of(DOCUMENT, shown)
    if apply(record, old.text) != new.text or unapply(record, new.text) != old.text:
        return False
    return all(
        segment.kind is not SegmentKind.EQUAL
        or old.text[segment.old_start : segment.old_end] == new.text[segment.new_start : segment.new_end]
        for change in shown.change.comparison.changes
        for segment in change.segments
    )


# ── Beside other tools ───────────────────────────────────────────────────────────────────────────────────────────


def _ours(old: Reading, new: Reading) -> int:
    comparison = compare(old, new)
    return _chars(
        (segment.old_start, segment.old_end, segment.new_start, segment.new_end)
        for change in comparison.changes
        for segment in change.segments
        if segment.kind is not SegmentKind.EQUAL
    )


def _chars(spans: Iterator[tuple[int, int, int, int]]) -> int:
    return sum(old_end - old_start + new_end - new_start for old_start, old_end, new_start, new_end in spans)


def _patches(old: Reading, new: Reading) -> int:
    """diff-match-patch by itself, character by character, cleaned for people, without its time-out."""
    patcher = diff_match_patch()
    patcher.Diff_Timeout = 1.0  # its default: without one, whole rewrites take minutes
    diffs = patcher.diff_main(old.text, new.text)
    patcher.diff_cleanupSemantic(diffs)
    return sum(len(text) for kind, text in diffs if kind != patcher.DIFF_EQUAL)


def _same_alignment(old: Reading, new: Reading) -> int:
    """diff-match-patch by itself on the bodies of the provisions that we paired, and on nothing else."""
    patcher = diff_match_patch()
    patcher.Diff_Timeout = 0
    marked = 0
    for first, second in _PAIRED[old.id, new.id]:
        diffs = patcher.diff_main(first, second)
        patcher.diff_cleanupSemantic(diffs)
        marked += sum(len(text) for kind, text in diffs if kind != patcher.DIFF_EQUAL)
    return marked


_PAIRED: dict[tuple[str, str], list[tuple[str, str]]] = {}


def _pair_up(old: Reading, new: Reading) -> None:
    """Note which texts of provisions were paired and differ, so that the bare library is measured on the same ones."""
    spans = [(old.provisions[first], new.provisions[second]) for first, second in compare(old, new).pairs]
    texts = [(old.text[one.start : one.end], new.text[other.start : other.end]) for one, other in spans]
    _PAIRED[old.id, new.id] = [(first, second) for first, second in texts if first != second]


def _lines(old: Reading, new: Reading) -> int:
    """Unified diff of lines, what urlwatch and webchanges send."""
    marked = difflib.unified_diff(old.text.split("\n"), new.text.split("\n"), lineterm="", n=3)
    return sum(len(line) - 1 for line in marked if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def _matched_words(old: Reading, new: Reading) -> int:
    """difflib's SequenceMatcher on words."""
    first, second = old.text.split(), new.text.split()
    codes = difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return sum(len(" ".join(first[a:b])) + len(" ".join(second[c:d])) for kind, a, b, c, d in codes if kind != "equal")


def _matched_lines(old: Reading, new: Reading) -> int:
    """difflib's SequenceMatcher on lines with every changed line whole, as changedetection.io shows."""
    first, second = old.text.split("\n"), new.text.split("\n")
    codes = difflib.SequenceMatcher(None, first, second).get_opcodes()
    return sum(
        len("\n".join(first[a:b])) + len("\n".join(second[c:d])) for kind, a, b, c, d in codes if kind != "equal"
    )


def _git(old: Reading, new: Reading) -> int:
    """git diff --word-diff, its process included."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("old", "new")]
        for file, reading in zip(files, (old, new), strict=True):
            file.write_text(reading.text + "\n")
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", *map(str, files)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = said.split("\n")[4:]
    return sum(len(line) - 1 for line in lines if line[:1] in ("+", "-"))


def _html(old: Reading, new: Reading) -> int:
    """lxml.html.diff of the paragraphs as HTML."""
    first, second = ("".join(f"<p>{escape(line)}</p>" for line in reading.text.split("\n")) for reading in (old, new))
    return sum(len(text) for text in _MARKED.findall(htmldiff(first, second)))


_MARKED = re.compile(r"<(?:ins|del)>(.*?)</(?:ins|del)>", re.DOTALL)
TOOLS: dict[str, Tool] = {
    "terms-monitor": _ours,
    "diff-match-patch, same alignment": _same_alignment,
    "diff-match-patch, whole text": _patches,
    "difflib, lines": _matched_lines,
    "difflib, unified": _lines,
    "difflib, words": _matched_words,
    "git diff --word-diff": _git,
    "lxml.html.diff": _html,
}
_SLOW = {"difflib, words", "lxml.html.diff"}  # by the square of the text
_SLOW_CHARS_MAX = 60_000


def _measured(pairs: Iterator[tuple[Reading, Reading]]) -> tuple[dict[str, list[float]], dict[str, list[int]]]:
    """What each tool takes, in ms of wall time, and how many characters it marks."""
    times: dict[str, list[float]] = {name: [] for name in TOOLS}
    sizes: dict[str, list[int]] = {name: [] for name in TOOLS}
    for old, new in pairs:
        _pair_up(old, new)
        for name, tool in TOOLS.items():
            if name in _SLOW and len(old.text) > _SLOW_CHARS_MAX:
                continue
            started = time.perf_counter()
            size = tool(old, new)
            times[name].append((time.perf_counter() - started) * 1000)
            sizes[name].append(size)
    return times, sizes


def _totals(trips: dict[str, Tally], times: dict[str, list[float]], sizes: dict[str, list[int]]) -> dict[str, Any]:
    every = list(trips.values())
    return {
        "round_trip": {"n": sum(tally.n for tally in every), "ok": sum(tally.ok for tally in every)},
        "round_trip_of": {name: {"n": tally.n, "ok": tally.ok} for name, tally in trips.items()},
        "times_ms": {name: _spread(values) for name, values in times.items() if values},
        "marked_chars": {name: _spread([float(size) for size in values]) for name, values in sizes.items() if values},
        "beyond_same_alignment_ms": _spread(_beyond(times)) if times["terms-monitor"] else {},
    }


def _beyond(times: dict[str, list[float]]) -> list[float]:
    """What each comparison takes more than the bare library on the same pairs of provisions."""
    bare = times["diff-match-patch, same alignment"]
    return [ours - theirs for ours, theirs in zip(times["terms-monitor"], bare, strict=True)]


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered), 3),
        "p95": round(ordered[int(len(ordered) * 0.95)], 3),
        "max": round(ordered[-1], 3),
    }


def _print(
    console: Console, trips: dict[str, Tally], times: dict[str, list[float]], sizes: dict[str, list[int]]
) -> None:
    for name, tally in trips.items():
        console.print(f"Round trips, {name}: {tally.ok} of {tally.n} exact.")
        for failed in tally.failed[:10]:
            console.print(f"  failed: {failed}")
    table = Table(title="One pair of versions: ms, and characters marked")
    for column in ("tool", "pairs", "median ms", "p95", "max", "marked, median", "marked, p95"):
        table.add_column(column, justify="left" if column == "tool" else "right")
    for name in TOOLS:
        if times[name]:
            took, marked = _spread(times[name]), _spread([float(size) for size in sizes[name]])
            row = (took["n"], took["median"], took["p95"], took["max"], marked["median"], marked["p95"])
            table.add_row(name, *(f"{value:,.10g}" for value in row))
    console.print(table)
    if times["terms-monitor"]:
        beyond = _spread(_beyond(times))
        console.print(f"Beyond the bare library on the same alignment: {beyond['median']} ms, p95 {beyond['p95']} ms.")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", type=Path, help="versions.sqlite, with its reader beside it, or the folder of both")
    parser.add_argument("--pairs", type=int, default=0, help="round trips of so many consecutive pairs (0: of all)")
    parser.add_argument("--random", type=int, default=200, help="round trips of so many pairs of any two versions")
    parser.add_argument("--timed", type=int, default=300, help="how many consecutive pairs are timed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for the round trips")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
