"""What each layer of a check costs, beside a bare parse of the same bytes in the same run, on captures of a corpus.

python benchmarks/layers.py CORPUS [--sample N] [--seed S] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import histories
from bs4 import BeautifulSoup
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from monitor.core.compare import compare
from monitor.core.decide import decide
from monitor.core.decode import decode
from monitor.core.errors import MonitorError
from monitor.core.gate import gate
from monitor.core.identity import mint
from monitor.core.model import (
    Answer,
    Current,
    Document,
    Hop,
    Kept,
    KnownSource,
    Line,
    Policy,
    Reading,
    Recalled,
    Sameness,
    Snapshot,
    Verified,
    Version,
)
from monitor.core.read import read

T = TypeVar("T")
TIMES = 3  # each layer is measured so often, and the fastest counts: others share the machine
NOT_MODIFIED, BYTES, FINGERPRINT, READ = "304", "same bytes", "fingerprint", "read"
COMPARE, DECIDE, LEXBOR, SOUP = "compare", "decide", "bare lexbor", "bare BeautifulSoup"
UNCHANGED = "fingerprint, no word changed"
LAYERS = (NOT_MODIFIED, BYTES, LEXBOR, FINGERPRINT, UNCHANGED, SOUP, READ, COMPARE, DECIDE)
TARGETS = ((UNCHANGED, LEXBOR, 3.0), (READ, SOUP, 2.0))
WIDTH_PIPED = 120


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU milliseconds of one capture by layer, as far as it came; `verified` by the gate, `same` in words."""

    ms: dict[str, float]
    verified: bool
    same: bool | None  # None where one of the two couldn't be read


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, or 2 where the corpus can't be used."""
    options = _options(arguments)
    try:
        corpus = histories.open_corpus(options.corpus)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    measured = [measure(*pair) for pair in sample(corpus, options.sample, options.seed)]
    found = report(measured)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    _print(found)
    return 0


def sample(corpus: histories.Corpus, size: int, seed: int) -> Iterator[tuple[Document, Snapshot, Answer]]:
    """Consecutive captures of pages, all documents alike however long their history: the first as it would be kept,
    the second as an answer."""
    chance = random.Random(seed)
    docs = [doc for doc in corpus.docs() if doc.collection not in histories.NOT_SCORED]
    each = max(1, -(-size // max(1, len(docs))))
    left = size
    for doc in chance.sample(docs, len(docs)):
        snapshots = tuple(corpus.snapshots(doc.id))
        pairs = [
            pair for pair in pairwise(snapshots) if pair[1].adjacent and {one.mime for one in pair} == {"text/html"}
        ]
        url = histories.first_url(doc, snapshots)
        for before, snapshot in chance.sample(pairs, min(each, left, len(pairs))):
            left -= 1
            document = histories.declared(doc, url)
            first = gate(
                (KnownSource(document.sources[0]),), (_answer(document, before, url),), histories.moment(before)
            )
            kept = first.sources[0].keep
            assert kept is not None
            yield document, kept, _answer(document, snapshot, url)


def measure(document: Document, before: Snapshot, answer: Answer) -> Measured:
    """The cost of each layer for an answer that follows a kept snapshot."""
    source, now = document.sources[0], answer.fetched_at
    kept = Kept(before.id, before.body_hash, before.fingerprint)
    known = (KnownSource(source, kept, kept, kept),)
    ms: dict[str, float] = {}

    def timed(layer: str, work: Callable[[], T]) -> T:
        value, ms[layer] = _timed(work)
        return value

    timed(NOT_MODIFIED, lambda: gate(known, (replace(answer, status=304, body=b""),), now))
    timed(BYTES, lambda: gate(known, (replace(answer, body=before.body),), now))
    html = decode(answer.body, answer.header("content-type"))
    timed(LEXBOR, lambda: LexborHTMLParser(html) and None)
    timed(SOUP, lambda: BeautifulSoup(html, "lxml") and None)
    look = timed(FINGERPRINT, lambda: gate(known, (answer,), now))
    (seen,) = gate((KnownSource(source),), (answer,), now).sources
    assert seen.keep is not None
    capture = seen.keep
    old = read(document, (before,), ())
    new = timed(READ, lambda: read(document, (capture,), ()))
    verified = look.verdict == Verified(Sameness.FINGERPRINT)
    if not (isinstance(old, Reading) and isinstance(new, Reading)):
        return Measured(ms, verified, None)
    same = old.words_hash == new.words_hash
    if same:
        ms[UNCHANGED] = ms[FINGERPRINT]
    else:
        timed(COMPARE, lambda: compare(old, new))
    recalled = _recalled(document, old, before)
    timed(DECIDE, lambda: decide(document, new, recalled, Policy(), now))
    return Measured(ms, verified, same)


def report(measured: Sequence[Measured]) -> dict[str, object]:
    """Of each layer how often it was measured, median and 95th percentile, and both against the bare parses."""
    readable = [one for one in measured if one.same is not None]
    return {
        "captures": len(measured),
        "end_at_the_gate": sum(one.verified for one in measured),
        "same_words": sum(one.same is True for one in readable),
        "missed_by_the_gate": sum(one.verified and not one.same for one in readable),
        "layers": {layer: _spread([one.ms[layer] for one in measured if layer in one.ms]) for layer in LAYERS},
        "ratios": [
            {"layer": layer, "to": bare, "target": target, **_ratios(measured, layer, bare)}
            for layer, bare, target in TARGETS
        ],
    }


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    best_s = float("inf")
    for _ in range(TIMES):
        started = time.process_time()
        value = work()
        best_s = min(best_s, time.process_time() - started)
    return value, best_s * 1000


def _ratios(measured: Sequence[Measured], layer: str, bare: str) -> dict[str, float]:
    both = [(one.ms[layer], one.ms[bare]) for one in measured if layer in one.ms]
    each = _spread([ours / theirs for ours, theirs in both])
    return {"of_sums": round(sum(a for a, _ in both) / sum(b for _, b in both), 2) if both else 0.0, **each}


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {"n": 0, "median": 0.0, "p95": 0.0}
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"n": len(ordered), "median": round(statistics.median(ordered), 3), "p95": round(p95, 3)}


def _answer(document: Document, snapshot: histories.RecordedSnapshot, url: str) -> Answer:
    shown = histories.capture(snapshot, url)
    hops = (Hop(shown.url, shown.status),)
    return Answer(document.sources[0], hops, shown.status, shown.headers, shown.body, shown.at)


def _recalled(document: Document, reading: Reading, before: Snapshot) -> Recalled:
    at = before.fetched_at
    version = Version("v1", document.ref, 1, None, None, (before.id,), at, at)
    line = Line("main", version.id, reading.made_by, at, at)
    return Recalled((line,), Current(line.name, version, reading, mint(reading)), last_number=1)


# ── For a person ─────────────────────────────────────────────────────────────────────────────────────────────────


def _print(found: dict[str, object]) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_PIPED
    layers, ratios = found["layers"], found["ratios"]
    assert isinstance(layers, dict)
    assert isinstance(ratios, list)
    table = Table("layer", title="CPU of a capture, in ms")
    for name in ("n", "median", "p95"):
        table.add_column(name, justify="right")
    for layer, spread in layers.items():
        table.add_row(layer, f"{spread['n']:,}", f"{spread['median']:.2f}", f"{spread['p95']:.2f}")
    console.print(table)
    for one in ratios:
        console.print(
            f"{one['layer']} / {one['to']}: {one['median']:.2f} times at the median, {one['p95']:.2f} at the 95th "
            f"percentile, {one['of_sums']:.2f} over all; the target is {one['target']:.0f}"
        )
    counts = ("captures", "end_at_the_gate", "same_words", "missed_by_the_gate")
    console.print(", ".join(f"{name.replace('_', ' ')}: {found[name]:,}" for name in counts))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="its folder, or the file corpus.sqlite")
    parser.add_argument("--sample", type=int, default=600, metavar="N", help="so many captures, 600 by default")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="chooses them")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every number here")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
