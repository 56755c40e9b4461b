"""`monitor explain`: what is read of a page and what is left out, block by block with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from monitor.app import new_pool
from monitor.archive import missing_file, open_store
from monitor.cli.choose import choose
from monitor.cli.files import capture_of, document_of
from monitor.cli.invocation import Invocation, settings_of
from monitor.cli.output import Json, console, count, moment, print_json, remark, write_file
from monitor.cli.pages import Captures, document_at, fetch_now, say_unseen, sections_of
from monitor.config import Settings
from monitor.core.errors import BadInput, NotFound
from monitor.core.explain import Explained, Run, Shown, explain as explained_of, runs
from monitor.core.model import BlockKind, Document, Failure, Memory, Reading, Unreadable
from monitor.core.reading.why import WORDS
from monitor.core.render.explain import facts, page, verdict
from monitor.core.render.words import clean
from monitor.store import history as archive
from monitor.store.documents import memories, memories_of, snapshots

SHOWN_MAX = 4  # blocks of a run that is left out, without --whole
KEPT, LEFT = "│ ", "· "


@dataclass(frozen=True, slots=True)
class Subject:
    """What is explained, and where it comes from."""

    name: str
    origin: str
    document: Document
    captures: Captures
    memories: tuple[Memory, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(source.url for source in self.document.sources)


def explain(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="DOCUMENT|URL|FILE", help="A document of the configuration, any URL, or a file.")
    ],
    now: Annotated[bool, typer.Option("--now", help="Fetch a document instead of taking what was archived.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as one HTML page to look at.")
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Don't cut lines, and show all that is left out.")] = False,
    as_json: Json = False,
) -> None:
    """What is read of a page, what is left out, and why.

    Every block of the page is shown, in its order. Of a document it explains the current version from the archive, or
    fetches it where there is none. Nothing is recorded. Ends with 1 where the page can't be the terms.

    Example: monitor explain mistral-ai/privacy-policy --html explained.html
    """
    subject = _subject(ctx, what, now=now)
    if isinstance(subject, (Failure, Unreadable)):
        if as_json:
            print_json({"about": what, "seen": subject})
        say_unseen(ctx, what, subject)
        raise typer.Exit(1)
    with new_pool(sections_of(ctx)[1]) as pool:
        explained = pool.call(explained_of, subject.document, subject.captures, subject.memories)
    if html is not None:
        write_file(html, page(subject.name, subject.origin, subject.urls, explained))
        remark(f"Wrote {html}.")
    if as_json:
        _print_json(subject, explained)
    elif html is None:
        _print(console(), subject, explained, whole=whole)
    if not isinstance(explained.seen, Reading):
        raise typer.Exit(1)


# ── What is meant ────────────────────────────────────────────────────────────────────────────────────────────────


def _subject(ctx: typer.Context, what: str, *, now: bool) -> Subject | Failure | Unreadable:
    if "://" in what:
        return _fetched(ctx, what, document_at(what))
    path = Path(what)
    if path.is_file():
        capture = capture_of(path)
        return Subject(path.name, f"the file {path}", document_of(path), (capture,))
    config = ctx.ensure_object(Invocation).config
    if not config.exists():
        raise BadInput(
            f"{what!r} is neither a URL nor a file, and there is no configuration at {config} with documents."
        )
    settings = settings_of(ctx)
    try:
        ref = choose(settings, what)
    except NotFound as error:
        raise NotFound(f"{error} Nor is there a file of that name.") from None
    document = next(document for document in settings.documents if document.ref == ref)
    return (None if now else _archived(settings, document)) or _fetched(ctx, str(ref), document, settings)


def _archived(settings: Settings, document: Document) -> Subject | None:
    """The current version; None where there is none yet."""
    if missing_file(settings) is not None:
        return None
    with open_store(settings) as store:
        try:
            found = archive.version(store, document.ref)
        except NotFound:
            return None
        captures = snapshots(store, found.reading.snapshots)
        remembered = memories(store, found.reading.memories)
    origin = f"version {found.version.number} in the archive, seen from {moment(found.version.seen_from)} UTC"
    return Subject(str(document.ref), origin, document, captures, remembered)


def _fetched(
    ctx: typer.Context, name: str, document: Document, settings: Settings | None = None
) -> Subject | Failure | Unreadable:
    """The document as it is now, to be read as its next check would: with what is remembered of its sources."""
    captures = fetch_now(ctx, document)
    if not isinstance(captures, tuple):
        return captures
    at = max(capture.fetched_at for capture in captures)
    remembered = () if settings is None else _remembered(settings, document)
    return Subject(name, f"fetched at {moment(at)} UTC from {_hosts(document)}", document, captures, remembered)


def _remembered(settings: Settings, document: Document) -> tuple[Memory, ...]:
    if missing_file(settings) is not None:
        return ()
    with open_store(settings) as store:
        return memories_of(store, document.ref)


def _hosts(document: Document) -> str:
    return ", ".join(dict.fromkeys(urlsplit(source.url).hostname or source.url for source in document.sources))


# ── How it is shown ──────────────────────────────────────────────────────────────────────────────────────────────


def _print_json(subject: Subject, explained: Explained) -> None:
    seen = explained.seen
    print_json(
        {
            "about": subject.name,
            "origin": subject.origin,
            "read": isinstance(seen, Reading),
            "verdict": {"title": seen.title, "language": seen.language, "dates": seen.dates}
            if isinstance(seen, Reading)
            else seen,
            "words": {"read": _words(explained.kept), "left_out": _words(explained.left_out)},
            "reasons": [{"why": why, "said": WORDS[why], "words": words} for why, words in explained.reasons()],
            "sources": [
                {"url": url, "blocks": blocks} for url, blocks in zip(subject.urls, explained.sources, strict=False)
            ],
        }
    )


def _print(out: Console, subject: Subject, explained: Explained, *, whole: bool) -> None:
    is_read = isinstance(explained.seen, Reading)
    mark = ("✓ ", "bold green") if is_read else ("✗ ", "bold red")
    out.print(Text.assemble((subject.name, "bold"), (f"  {subject.origin}", "dim")), soft_wrap=not out.is_terminal)
    out.print(Text.assemble(mark, clean(verdict(explained))), soft_wrap=not out.is_terminal)
    for name, value in facts(explained):
        out.print(Text.assemble((f"  {name:10}", "dim"), value))
    kept, left = explained.kept, explained.left_out
    out.print(Text.assemble(("  Read      ", "dim"), f"{count(_words(kept), 'word')} in {count(len(kept), 'block')}"))
    reasons = ", ".join(f"{WORDS[why]} {words}" for why, words in explained.reasons())
    said = f"{count(_words(left), 'word')} in {count(len(left), 'block')}" + (f": {reasons}" if reasons else "")
    out.print(Text.assemble(("  Left out  ", "dim"), said), soft_wrap=not out.is_terminal)
    for url, blocks in zip(subject.urls, explained.sources, strict=False):
        out.print()
        if len(subject.urls) > 1:
            out.print(Text(url, "bold"), soft_wrap=True)
        for run in runs(blocks):
            _print_run(out, run, whole=whole)


def _print_run(out: Console, run: Run, *, whole: bool) -> None:
    if run.why is None:
        for block in run.blocks:
            style = "bold" if block.kind is BlockKind.HEADING else ""
            _print_line(out, Text.assemble((KEPT, "green"), (_spoken(block), style)), whole=whole)
        return
    element = f"  {run.element}" if run.element else ""
    title = Text.assemble((f"✗ {WORDS[run.why]}", "yellow"), (f"{element}  {count(run.words, 'word')}", "dim"))
    _print_line(out, title, whole=whole)
    shown = run.blocks if whole or len(run.blocks) <= SHOWN_MAX + 1 else run.blocks[:SHOWN_MAX]
    for block in shown:
        _print_line(out, Text(f"{LEFT}{_spoken(block)}", "dim"), whole=whole)
    if len(shown) < len(run.blocks):
        _print_line(out, Text(f"{LEFT}… {len(run.blocks) - len(shown)} more", "dim italic"), whole=whole)


def _spoken(block: Shown) -> str:
    indent = "  " * block.level if block.kind is BlockKind.ITEM else ""
    label = (block.label or "•") + " " if block.kind is BlockKind.ITEM else ""
    return f"{indent}{label}{clean(block.text)}"


def _print_line(out: Console, line: Text, *, whole: bool) -> None:
    """One line a block on a terminal, so that a page can be looked over; whole where it is read by a program."""
    if out.is_terminal and not whole:
        line.truncate(out.width, overflow="ellipsis")
    out.print(line, soft_wrap=not out.is_terminal)


def _words(blocks: tuple[Shown, ...]) -> int:
    return sum(block.words for block in blocks)
