"""Mutated and hostile pages through everything that is made of a page, in the daemon's own pool.

python benchmarks/fuzz.py [CORPUS] --minutes M [--seed N] [--keep DIR] [--json OUT]
python benchmarks/fuzz.py --only SEED            (one input again)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import histories
from hostile import FAMILIES, Page, mutated
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from texts import SEEN, exhibit_of, record_of, snapshot_of

from monitor.core.applying import apply, unapply
from monitor.core.compare import compare
from monitor.core.errors import MonitorError, PoolError
from monitor.core.explain import explain
from monitor.core.fingerprint import fingerprint
from monitor.core.model import (
    Difference,
    Document,
    DocumentRef,
    Event,
    EventKind,
    Reading,
    Schedule,
    Snapshot,
    Source,
)
from monitor.core.read import read
from monitor.core.render import email, webhook
from monitor.core.render.facts import Letterhead, Telling
from monitor.core.suggest import suggest
from monitor.pool import Pool

URL = "https://example.org/terms"
DOCUMENT = Document(DocumentRef("example", "terms"), "Example", "Terms", (Source(URL),), Schedule(every_s=86_400.0))
DEADLINE_S = 60.0  # the defaults of [reading]
MEMORY_BYTES = 1 << 30
ORDINARY_BYTES = 300_000  # a page of this size must be read within the deadline, whatever is on it
GROWTH_MAX = 12  # a text may be so many times its page: an entity or a script may say more than it takes
SIZES = (2_000, 20_000, 20_000, 100_000, 250_000)
CAPTURES = 150


@dataclass(frozen=True, slots=True)
class Passed:
    """What one input came to: what it was read as, what was broken, and the most memory its process ever held."""

    read_as: str
    broken: tuple[str, ...]
    peak_mb: int


@dataclass(slots=True)
class Tally:
    """What all inputs came to."""

    inputs: int = 0
    peak_mb: int = 0
    read_as: Counter[str] = field(default_factory=Counter)
    failed: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)  # large ones that took too long or too much
    slowest: list[tuple[float, int, str, int]] = field(default_factory=list)


def put_through(page: Page, before: Page) -> Passed:
    """Everything that is made of a page, and of its difference from the page before; runs in the pool."""
    capture, earlier = _capture(page), _capture(before)
    seen, known = read(DOCUMENT, (capture,), ()), read(DOCUMENT, (earlier,), ())
    explain(DOCUMENT, (capture,), ())
    suggest(capture, URL, seen)
    if not isinstance(seen, Reading):
        return Passed(seen.kind.value, (), _peak_mb())
    broken = [*_broken_reading(seen, page), *_broken_again(seen, capture)]
    if isinstance(known, Reading):
        broken.extend(_broken_change(known, seen))
    return Passed("reading", tuple(broken), _peak_mb())


def _broken_reading(seen: Reading, page: Page) -> Iterator[str]:
    ends = [0, *(provision.end for provision in seen.provisions)]
    starts = [*(provision.start for provision in seen.provisions), len(seen.text)]
    if seen.provisions and ends != starts:
        yield "provisions don't partition the text"
    if "\n".join(seen.text[block.start : block.end] for block in seen.blocks) != seen.text:
        yield "blocks aren't the lines of the text"
    if "\0" in seen.text or any("\ud800" <= sign <= "\udfff" for sign in seen.text):
        yield "the text can't be stored"
    if page.content_type != "application/pdf" and len(seen.text) > GROWTH_MAX * len(page.body) + 1_000:
        yield "the text is many times its page"


def _broken_again(seen: Reading, capture: Snapshot) -> Iterator[str]:
    if read(DOCUMENT, (capture,), ()) != seen:
        yield "read again it is another reading"
    if compare(seen, seen).changes or compare(seen, seen).difference is not Difference.NONE:
        yield "it differs from itself"


def _broken_change(old: Reading, new: Reading) -> Iterator[str]:
    shown = exhibit_of(DOCUMENT, old, new)
    record = record_of(DOCUMENT, shown)
    if apply(record, old.text) != new.text or unapply(record, new.text) != old.text:
        yield "the change record doesn't give the text back"
    change = shown.change
    event = Event(EventKind.CHANGE, DOCUMENT.ref, change.id, SEEN, change.id, text=change.assessment.headline)
    telling = Telling(event, DOCUMENT, shown)
    if change.comparison.changes:
        email.alert((telling,), "UTC", Letterhead("terms@example.org", "operator@example.org"))
        json.loads(webhook.event(telling).payload)


def _capture(page: Page) -> Snapshot:
    mark = fingerprint(page.body, page.content_type)
    return snapshot_of(DOCUMENT, page.body, page.content_type, SEEN, mark)


def input_of(seed: int, captures: tuple[Page, ...]) -> tuple[Page, Page]:
    """The input of a seed and the page it was mutated from. The same seed and captures give the same input."""
    rng = random.Random(seed)
    pages = [rng.choice(FAMILIES)(rng, rng.choice(SIZES)) for _ in range(2)]
    if captures and rng.random() < 0.5:
        pages = rng.choices(captures, k=2)
    before, other = pages
    return (before if rng.random() < 0.1 else mutated(rng, before, other)), before


def one(pool: Pool, tally: Tally, seed: int, captures: tuple[Page, ...], keep: Path | None) -> None:
    """Put the input of a seed through, and count what it comes to."""
    page, before = input_of(seed, captures)
    started = time.monotonic()
    try:
        passed = pool.call(put_through, page, before)
        broken = list(passed.broken)
        tally.read_as[passed.read_as] += 1
        tally.peak_mb = max(tally.peak_mb, passed.peak_mb)
    except PoolError as error:
        is_ordinary = max(len(page.body), len(before.body)) <= ORDINARY_BYTES
        broken = [str(error)] if is_ordinary else []
        if not is_ordinary:
            tally.refused.append({"seed": seed, "family": page.family, "bytes": len(page.body), "why": str(error)})
    except MonitorError as error:
        broken = [f"an expected error where none is: {error}"]
    except Exception as error:  # whatever it is, it is the find
        broken = [f"{type(error).__name__}: {error}"]
    took = time.monotonic() - started
    tally.inputs += 1
    tally.slowest = sorted([*tally.slowest, (took, seed, page.family, len(page.body))], reverse=True)[:10]
    if broken:
        tally.failed.append({"seed": seed, "family": page.family, "bytes": len(page.body), "what": broken})
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{seed}.bin").write_bytes(page.body)
            (keep / f"{seed}.before.bin").write_bytes(before.body)


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, 1 where something failed, or 2 where the corpus can't be used."""
    options = _options(arguments)
    console = Console()
    try:
        captures = tuple(_captures(options.corpus)) if options.corpus else ()
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    tally, started = Tally(), time.monotonic()
    seeds = iter([options.only]) if options.only is not None else _until(started + options.minutes * 60, options.seed)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    quiet = not console.is_terminal
    with (
        Pool(1, DEADLINE_S, MEMORY_BYTES) as pool,
        Progress(*columns, console=console, disable=quiet) as progress,
    ):
        task = progress.add_task("")
        for seed in seeds:
            one(pool, tally, seed, captures, options.keep)
            progress.update(task, description=f"{tally.inputs} inputs, {len(tally.failed)} failed")
    elapsed = time.monotonic() - started
    if options.json:
        options.json.write_text(json.dumps(_totals(tally, elapsed), indent=1) + "\n")
    _print(console, tally, elapsed)
    return 1 if tally.failed else 0


def _until(end: float, seed: int) -> Iterator[int]:
    number = 0
    while time.monotonic() < end:
        yield seed * 1_000_000 + number
        number += 1


def _captures(folder: Path) -> Iterator[Page]:
    """One capture of each of so many documents of a corpus, as pages to mutate."""
    corpus = histories.open_corpus(folder)
    docs = sorted(corpus.docs(), key=lambda doc: hashlib.sha256(str(doc.id).encode()).digest())
    for doc in docs[:CAPTURES]:
        snapshot = next(iter(corpus.snapshots(doc.id)), None)
        if snapshot is not None and snapshot.size <= ORDINARY_BYTES:
            yield Page("capture", snapshot.raw, snapshot.mime)


def _totals(tally: Tally, elapsed: float) -> dict[str, Any]:
    return {
        "inputs": tally.inputs,
        "seconds": round(elapsed),
        "failed": tally.failed,
        "refused": tally.refused,
        "read_as": dict(tally.read_as.most_common()),
        "slowest": tally.slowest,
        "peak_memory_mb": tally.peak_mb,
    }


def _peak_mb() -> int:
    """The most memory that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _print(console: Console, tally: Tally, elapsed: float) -> None:
    per_s = tally.inputs / max(elapsed, 0.001)
    console.print(f"{tally.inputs} inputs in {elapsed:.0f} s ({per_s:.1f}/s), at most {tally.peak_mb} MB.")
    console.print(f"{len(tally.failed)} failed.")
    console.print("Read as: " + ", ".join(f"{count} {name}" for name, count in tally.read_as.most_common()))
    console.print(f"{len(tally.refused)} over {ORDINARY_BYTES >> 10} kB took too long or too much and were ended.")
    table = Table(title="Slowest")
    for column in ("s", "seed", "family", "bytes"):
        table.add_column(column, justify="right")
    for took, seed, family, size in tally.slowest:
        table.add_row(f"{took:.2f}", str(seed), family, f"{size:,}")
    console.print(table)
    for failure in tally.failed[:40]:
        what = "; ".join(failure["what"])[:300]
        console.print(f"seed {failure['seed']}, {failure['family']}, {failure['bytes']} bytes: {what}", markup=False)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?", help="a corpus whose captures are mutated too")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="put the input of this seed through again")
    parser.add_argument("--keep", type=Path, help="write inputs that fail to this folder")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
