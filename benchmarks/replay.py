"""Replays the histories of a corpus through the check of the daemon, at their real times, and counts its alerts.

python benchmarks/replay.py CORPUS [--company NAME] [--service NAME] [--labels FILE] [--json OUT] [--processes N]
    [--again] [--pool]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import audit
import histories
import scoring
from harness import Archives, InThread
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from scoring import Judged, Pair

from monitor.check import Computing
from monitor.core.errors import MonitorError
from monitor.core.model import NotModified, Policy, Sameness
from monitor.store import sightings
from monitor.store.engine import Store

WIDTH_PIPED = 140  # a table that isn't on a terminal isn't squeezed into 80 columns
POOL_DEADLINE_S = 30.0
POOL_MEMORY_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying one document came to."""

    doc: int
    name: str
    captures: int
    looks: int
    versions: int
    alerts: int
    suspects: int
    cpu_s: float
    gate: Gate
    again: Again
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """How many looks each layer of the gate verified, how many of those more were read in full, what that found."""

    layers: Counter[str]
    audits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Again:
    """How many readings of the archive were made again from what is kept, and which of them differ."""

    readings: int = 0
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What a process needs to know to replay documents. `pool`: compute in the daemon's own pool; `again`: make every
    reading again in the end."""

    corpus: Path
    folder: Path
    pool: bool
    again: bool


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, or 2 where the corpus can't be used."""
    options = _options(arguments)
    try:
        corpus = histories.open_corpus(options.corpus)
        chosen = histories.choose(corpus, options.company, options.service)
        labels = read_labels(options.labels) if options.labels else {}
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    started = time.monotonic()
    replayed = tuple(_replay_all(options, chosen))
    totals = report(replayed, labels)
    if options.json:
        options.json.write_text(json.dumps(totals, indent=1) + "\n")
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_PIPED
    _print(console, totals, time.monotonic() - started)
    return 0


def replay(
    corpus: histories.Corpus,
    doc: histories.RecordedDocument,
    archives: Archives,
    pool: Computing,
    *,
    again: bool = False,
) -> Replayed:
    """One document's history through the check story, from an empty archive. With `again` every reading of it is
    made once more from its snapshots, declaration, reader version and memories."""
    snapshots = tuple(corpus.snapshots(doc.id))
    url = histories.first_url(doc, snapshots)
    pairs = _pairs(corpus, doc, snapshots)
    with archives.watching(histories.declared(doc, url), Policy(), pool) as watch:
        attribution = scoring.Attribution()
        looks, cpu_s = 0, 0.0
        layers = Counter[str]()
        for (snapshot, until), pair in zip(histories.with_next(snapshots), pairs, strict=True):
            for looked in watch.show(histories.capture(snapshot, url), until):
                attribution.follow(pair, looked)
                looks += 1
                cpu_s += looked.cpu_s
                if isinstance(looked.outcome.result, NotModified):
                    layers[looked.outcome.result.sameness] += 1
        return Replayed(
            doc=doc.id,
            name=f"{doc.service} · {doc.terms_type}",
            captures=len(snapshots),
            looks=looks,
            versions=watch.versions(),
            alerts=watch.alerts(),
            suspects=sum(1 for pair in pairs if pair.suspect),
            cpu_s=cpu_s,
            gate=_gate(watch.store, layers),
            again=_made_again(watch.store) if again else Again(),
            pairs=pairs,
        )


def _gate(store: Store, layers: Counter[str]) -> Gate:
    audits = sightings.audits(store)
    return Gate(layers, audits.looks, audits.misses)


def _made_again(store: Store) -> Again:
    made, differing = audit.not_made_again(store)
    return Again(made, tuple(differing))


def report(replayed: tuple[Replayed, ...], labels: dict[tuple[int, int], Judged]) -> dict[str, object]:
    """The JSON of a replay: totals, pairs by class and by judged kind, what is worth reading, each document."""
    pairs = tuple(pair for one in replayed for pair in one.pairs)
    captures = sum(one.captures for one in replayed)
    return {
        "documents": len(replayed),
        "captures": captures,
        "versions": sum(one.versions for one in replayed),
        "alerts": sum(one.alerts for one in replayed),
        "suspects": sum(one.suspects for one in replayed),
        "gate": _gates(replayed),
        "made_again": sum(one.again.readings for one in replayed),
        "not_made_again": [differs for one in replayed for differs in one.again.differing],
        "pairs": scoring.by_class(pairs),
        "labels": scoring.by_label(pairs, labels),
        "suspected": scoring.suspects(pairs),
        "to_read": scoring.to_read(pairs, labels),
        "cpu_ms_per_capture": _ms_each(sum(one.cpu_s for one in replayed), captures),
        "per_document": [_of_document(one) for one in replayed],
    }


def read_labels(path: Path) -> dict[tuple[int, int], Judged]:
    """The judgements by (from_snapshot, to_snapshot), from a file of JSON lines."""
    labels = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels[int(row["from_snapshot"]), int(row["to_snapshot"])] = Judged(row["kind"], bool(row["sure"]))
    return labels


def _pairs(
    corpus: histories.Corpus, doc: histories.RecordedDocument, snapshots: tuple[histories.RecordedSnapshot, ...]
) -> tuple[Pair, ...]:
    """The pair that each snapshot is the second of. The first snapshot's, and any that isn't scored, has no class."""
    if not snapshots:
        return ()
    pairs = [Pair(doc.id, None, snapshots[0].id, histories.moment(snapshots[0]), kind="")]
    for before, snapshot in pairwise(snapshots):
        html = before.mime == snapshot.mime == "text/html"
        scored = snapshot.adjacent and html and doc.collection not in histories.NOT_SCORED
        kind = corpus.pair_class(doc, before, snapshot) if scored else ""
        pairs.append(Pair(doc.id, before.id, snapshot.id, histories.moment(snapshot), kind))
    return tuple(pairs)


def _gates(replayed: tuple[Replayed, ...]) -> dict[str, int]:
    layers = sum((one.gate.layers for one in replayed), Counter[str]())
    return {
        "looks": sum(one.looks for one in replayed),
        **{sameness.value: layers[sameness] for sameness in Sameness},
        "audits": sum(one.gate.audits for one in replayed),
        "misses": sum(one.gate.misses for one in replayed),
    }


def _of_document(one: Replayed) -> dict[str, object]:
    return {
        "doc": one.doc,
        "name": one.name,
        "captures": one.captures,
        "looks": one.looks,
        "versions": one.versions,
        "alerts": one.alerts,
        "suspects": one.suspects,
        "pairs": scoring.by_class(one.pairs),
        "cpu_ms_per_capture": _ms_each(one.cpu_s, one.captures),
    }


def _ms_each(seconds: float, captures: int) -> float:
    return round(1000 * seconds / captures, 3) if captures else 0.0


# ── A process per core over documents ────────────────────────────────────────────────────────────────────────────


def _replay_all(options: argparse.Namespace, chosen: tuple[histories.RecordedDocument, ...]) -> list[Replayed]:
    """Every document, the longest histories first so that no core waits for a long one at the end."""
    order = [doc.id for doc in sorted(chosen, key=lambda doc: -doc.n_kept)]
    replayed: list[Replayed] = []
    with (
        tempfile.TemporaryDirectory(prefix="replay-") as folder,
        _progress(sum(doc.n_kept for doc in chosen)) as advance,
    ):
        job = Job(options.corpus, Path(folder), options.pool, options.again)
        spawn = multiprocessing.get_context("spawn")
        workers = min(options.processes, len(order))
        with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(job,)) as executor:
            for future in as_completed([executor.submit(_replay_one, doc_id) for doc_id in order]):
                one = future.result()
                replayed.append(one)
                advance(one)
    return sorted(replayed, key=lambda one: one.doc)


@dataclass(frozen=True, slots=True)
class _Mine:
    """What a process opened for itself when it started."""

    corpus: histories.Corpus
    docs: dict[int, histories.RecordedDocument]
    archives: Archives
    pool: Computing
    again: bool


_mine: _Mine | None = None


def _start(job: Job) -> None:
    global _mine
    corpus = histories.open_corpus(job.corpus)
    folder = Path(tempfile.mkdtemp(dir=job.folder))
    docs = {doc.id: doc for doc in corpus.docs()}
    _mine = _Mine(corpus, docs, Archives(folder), _computing(daemons=job.pool), job.again)


def _replay_one(doc_id: int) -> Replayed:
    assert _mine is not None
    return replay(_mine.corpus, _mine.docs[doc_id], _mine.archives, _mine.pool, again=_mine.again)


def _computing(*, daemons: bool) -> Computing:
    if not daemons:
        return InThread()
    from monitor.pool import Pool

    return Pool(1, POOL_DEADLINE_S, POOL_MEMORY_BYTES)


# ── For a person ─────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _progress(captures: int) -> Iterator[Callable[[Replayed], None]]:
    """A bar over captures; without a terminal only the end is printed."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("captures", total=captures)
        yield lambda one: progress.update(task, advance=one.captures, description=one.name[:40])


def _print(console: Console, totals: dict[str, Any], elapsed_s: float) -> None:
    counts = ("documents", "captures", "versions", "alerts", "suspects", "cpu_ms_per_capture")
    summary = Table(title=f"Replay in {elapsed_s:.0f} s")
    for name in counts:
        summary.add_column(name.replace("_", " "), justify="right")
    summary.add_row(*(f"{totals[name]:,}" for name in counts))
    console.print(summary)
    console.print("Gate:", ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in totals["gate"].items()))
    if totals["made_again"]:
        console.print(f"Readings made again: {totals['made_again']:,}, of which {len(totals['not_made_again'])} differ")
        console.print(*totals["not_made_again"], sep="\n")
    _print_counts(console, "Scored pairs by class", totals["pairs"], ("n", "alerted"))
    if totals["suspected"]:
        console.print(_suspects_table(totals["suspected"]))
    if totals["labels"]:
        _print_counts(console, "Judged pairs by kind", totals["labels"], ("n", "alerted", "n_sure", "alerted_sure"))
    console.print(_documents_table(totals["per_document"]))


def _print_counts(console: Console, title: str, rows: dict[str, dict[str, int]], names: tuple[str, ...]) -> None:
    table = Table("", title=title)
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for kind, counts in rows.items():
        table.add_row(kind, *(f"{counts[name]:,}" for name in names))
    console.print(table)


def _suspects_table(suspected: list[dict[str, Any]]) -> Table:
    """How many captures were suspect or held, by what for (down) and by the class of their pair (across)."""
    counts = Counter((row["kind"], row["class"] or "not scored") for row in suspected)
    classes = sorted({name for _, name in counts})
    table = Table("", title="Suspects by kind and class")
    for name in classes:
        table.add_column(name, justify="right")
    for kind in sorted({kind for kind, _ in counts}):
        table.add_row(kind, *(str(counts[kind, name] or "") for name in classes))
    return table


def _documents_table(documents: list[dict[str, Any]]) -> Table:
    names = ("captures", "looks", "versions", "alerts", "suspects", "cpu_ms_per_capture")
    table = Table("doc", "name", title="Documents")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for document in documents:
        table.add_row(str(document["doc"]), document["name"], *(f"{document[name]:,}" for name in names))
    return table


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="its folder, or the file corpus.sqlite")
    parser.add_argument("--company", help="only the documents of this company")
    parser.add_argument("--service", help="only the documents of this service")
    parser.add_argument("--labels", type=Path, help="pairs judged by hand, one JSON object a line")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every number here")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="a process per core by default")
    parser.add_argument("--again", action="store_true", help="make every reading again from what is kept, and compare")
    parser.add_argument("--pool", action="store_true", help="compute in the daemon's pool, not in the same process")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
