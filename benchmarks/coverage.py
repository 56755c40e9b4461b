"""How much of the text that people selected by hand is read without selectors, and how much else is.

python benchmarks/coverage.py CORPUS [--sample N] [--seed N] [--processes N] [--worst N] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import histories
from markdown_it import MarkdownIt
from rich.console import Console
from rich.progress import track
from rich.table import Table
from texts import snapshot_of

from monitor.core.decode import decode
from monitor.core.errors import MonitorError
from monitor.core.model import Reading
from monitor.core.read import read
from monitor.core.reading.page import parse

_SHINGLE = 8
_REPEATED_MAX = 0.2
_WORD = re.compile(r"\w+")
_WORDS_MIN = 20  # fewer are an error page, and no text that anybody selected
_PART = "\n\n- - -\n\n"
APART = "tosback"  # its texts hold scripts


@dataclass(frozen=True, slots=True)
class Covered:
    """One version beside what is read of its pages. Shares are of distinct words, from 0 to 1."""

    doc: int
    name: str
    collection: str
    version: int
    snapshots: tuple[int, ...]
    kept: float = 0.0  # of their words, those we read
    theirs: float = 0.0  # of our words, those that are theirs
    left_out: str = ""
    lost: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """The versions of one agreement that are to be looked at, by their numbers."""

    corpus: Path
    terms: int
    versions: tuple[int, ...]


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, or 2 where the corpus can't be used."""
    options = _options(arguments)
    console = Console()
    if not console.is_terminal:
        console.width = 140
    try:
        jobs = _jobs(options)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    found: list[Covered] = []
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("forkserver")) as pool:
        done = pool.map(covered_by, jobs)
        for some in track(done, "reading", len(jobs), console=console, disable=not console.is_terminal):
            found.extend(some)
    totals = totals_of(found)
    if options.json:
        options.json.write_text(json.dumps({**totals, "versions": [asdict(one) for one in found]}, indent=1) + "\n")
    _print(console, totals, found, options.worst)
    return 0


def covered_by(job: Job) -> list[Covered]:
    """What is read of the pages of each version of one agreement, beside the version's text."""
    corpus = cast(Any, histories.open_corpus(job.corpus))
    docs = {doc.id: doc for doc in corpus.docs() if doc.terms_id == job.terms}
    snapshots = {(one.doc_id, one.seq): one for doc in docs for one in corpus.snapshots(doc)}
    result = []
    for version in corpus.versions(job.terms):
        if version.n in job.versions:
            keys = corpus.version_sources(version.id)
            pages = [snapshots[key] for key in keys if key in snapshots]
            doc = docs[keys[0][0]] if keys and keys[0][0] in docs else next(iter(docs.values()))
            result.append(_covered(corpus, doc, version, pages, len(keys)))
    return result


def _covered(corpus: Any, doc: Any, version: Any, pages: list[Any], sources: int) -> Covered:
    blank = Covered(
        doc.id, f"{doc.service} · {doc.terms_type}", doc.collection, version.n, tuple(page.id for page in pages)
    )

    def without(reason: str) -> Covered:
        return Covered(blank.doc, blank.name, blank.collection, blank.version, blank.snapshots, left_out=reason)

    if not pages or len(pages) < sources:
        return without("a page isn't in the corpus")
    if any("html" not in page.mime for page in pages):
        return without("not HTML")
    theirs = plain(corpus.version_text(version))
    if repeated(theirs) > _REPEATED_MAX:
        return without("repeats itself")
    html = [decode(page.raw, "text/html; charset=utf-8") for page in pages]
    shown = distinct(" ".join(f"{page.visible_text} {page.noscript_text}" for page in map(parse, html)))
    wanted = distinct(theirs) & shown
    if len(wanted) < _WORDS_MIN:
        return without("the text isn't on the page")
    parts = [_read(doc, page, text) for page, text in zip(pages, html, strict=True)]
    if any(isinstance(part, str) for part in parts):
        return without("not read: " + next(part for part in parts if isinstance(part, str)))
    ours = distinct("\n".join(part.text for part in parts if isinstance(part, Reading)))
    return Covered(
        **{name: getattr(blank, name) for name in ("doc", "name", "collection", "version", "snapshots")},
        kept=len(wanted & ours) / len(wanted),
        theirs=len(ours & distinct(theirs)) / max(1, len(ours)),
        lost=tuple(sorted(wanted - ours)[:60]),
        extra=tuple(sorted(ours - distinct(theirs))[:60]),
    )


def _read(doc: Any, page: Any, html: str) -> Reading | str:
    """The reading of one page, or why there is none."""
    document = histories.declared(doc, page.url or f"https://recorded.invalid/{doc.id}")
    snapshot = snapshot_of(document, html.encode(), "text/html; charset=utf-8", histories.moment(page))
    seen = read(document, (snapshot,), ())
    return seen if isinstance(seen, Reading) else str(seen.kind.value)


def plain(markdown: str) -> str:
    """The words of a Markdown text as a person reads them: without signs, link targets and images."""
    tokens = _MARKDOWN.parse(markdown.replace(_PART, "\n\n"))
    pieces = []
    for token in tokens:
        if token.children:
            pieces.append("".join(_shown(child) for child in token.children))
        elif token.type in ("code_block", "fence"):
            pieces.append(token.content)
    return "\n".join(pieces)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _shown(child: Any) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return "\n"
    return str(child.content) if child.type in ("text", "code_inline") else ""


def distinct(text: str) -> set[str]:
    """The distinct words of a text, whatever their case."""
    return set(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")))


def repeated(text: str) -> float:
    """The share of runs of eight words that stand more than once: a list of the same, or a text twice."""
    words = _WORD.findall(text.casefold())
    runs = Counter(tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))
    return 1 - len(runs) / runs.total() if runs else 0.0


# ── Totals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def totals_of(found: list[Covered]) -> dict[str, Any]:
    """Medians and 5th percentiles, of all tracked collections together and of each."""
    by_collection: dict[str, list[Covered]] = defaultdict(list)
    for one in found:
        by_collection[one.collection].append(one)
    tracked = [one for one in found if one.collection != APART]
    return {
        "tracked": _spread(tracked),
        "tracked_by_document": _spread_by_document(tracked),
        "collections": {name: _spread(some) for name, some in sorted(by_collection.items())},
    }


def _spread(some: list[Covered]) -> dict[str, Any]:
    read_ones = [one for one in some if not one.left_out]
    return {
        "documents": len({one.doc for one in read_ones}),
        "versions": len(read_ones),
        "composed": len({one.doc for one in read_ones if len(one.snapshots) > 1}),
        "left_out": dict(Counter(one.left_out for one in some if one.left_out).most_common()),
        **_figures([one.kept for one in read_ones], [one.theirs for one in read_ones]),
    }


def _spread_by_document(some: list[Covered]) -> dict[str, Any]:
    """The same with each document counted once, at its median: one of many versions doesn't decide."""
    documents: dict[int, list[Covered]] = defaultdict(list)
    for one in some:
        if not one.left_out:
            documents[one.doc].append(one)
    kept = [statistics.median(one.kept for one in own) for own in documents.values()]
    theirs = [statistics.median(one.theirs for one in own) for own in documents.values()]
    return {"documents": len(documents), **_figures(kept, theirs)}


def _figures(kept: list[float], theirs: list[float]) -> dict[str, float]:
    if not kept:
        return {}
    return {
        "kept_median": round(statistics.median(kept), 5),
        "kept_p5": round(sorted(kept)[int(len(kept) * 0.05)], 5),
        "theirs_median": round(statistics.median(theirs), 5),
        "theirs_p5": round(sorted(theirs)[int(len(theirs) * 0.05)], 5),
    }


def _print(console: Console, totals: dict[str, Any], found: list[Covered], worst: int) -> None:
    table = Table(title="Words selected by hand that are read, and words read that were selected")
    for column in (
        "",
        "documents",
        "composed",
        "versions",
        "kept, median",
        "kept, p5",
        "theirs, median",
        "theirs, p5",
        "left out",
    ):
        table.add_column(column, justify="left" if column in ("", "left out") else "right")
    rows = {"tracked": totals["tracked"], "tracked, by document": totals["tracked_by_document"]}
    for name, own in {**rows, **totals["collections"]}.items():
        shares = (own.get(key) for key in ("kept_median", "kept_p5", "theirs_median", "theirs_p5"))
        left_out = ", ".join(f"{count} {reason}" for reason, count in own.get("left_out", {}).items())
        table.add_row(
            name,
            str(own["documents"]),
            str(own.get("composed", "")),
            str(own.get("versions", "")),
            *("" if share is None else f"{share:.2%}" for share in shares),
            left_out,
        )
    console.print(table)
    tracked = [one for one in found if one.collection != APART and not one.left_out]
    _print_worst(console, "Fewest of their words kept", tracked, lambda one: one.kept, lambda one: one.lost, worst)
    _print_worst(console, "Fewest of ours theirs", tracked, lambda one: one.theirs, lambda one: one.extra, worst)


def _print_worst(
    console: Console,
    title: str,
    some: Iterable[Covered],
    share: Callable[[Covered], float],
    words: Callable[[Covered], tuple[str, ...]],
    worst: int,
) -> None:
    """The worst version of each of the worst documents."""
    of_document: dict[int, Covered] = {}
    for one in sorted(some, key=share):
        of_document.setdefault(one.doc, one)
    table = Table(title=title)
    for column in ("document", "version", "snapshots", "share", "words"):
        table.add_column(column)
    for one in list(of_document.values())[:worst]:
        snapshots = ", ".join(map(str, one.snapshots))
        name = f"{one.doc} {one.name}"
        table.add_row(name, str(one.version), snapshots, f"{share(one):.2%}", " ".join(words(one)[:30]))
    console.print(table)


def _jobs(options: argparse.Namespace) -> list[Job]:
    """The versions of each agreement, or a sample of them: first one of each agreement, then a second, and so on."""
    corpus = cast(Any, histories.open_corpus(options.corpus))
    terms = sorted({doc.terms_id for doc in corpus.docs() if doc.collection != "dsa-reports"})
    rng = random.Random(options.seed)
    turns: list[tuple[int, int, int]] = []
    for one in terms:
        numbers = [version.n for version in corpus.versions(one)]
        rng.shuffle(numbers)
        turns.extend((turn, one, number) for turn, number in enumerate(numbers))
    turns.sort(key=lambda turn: turn[0])
    chosen: dict[int, list[int]] = defaultdict(list)
    for _, one, number in turns[: options.sample or len(turns)]:
        chosen[one].append(number)
    return [Job(options.corpus, one, tuple(numbers)) for one, numbers in chosen.items()]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="the folder with corpus.sqlite and its reader")
    parser.add_argument("--sample", type=int, default=0, help="so many versions (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
