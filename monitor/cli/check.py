"""`monitor check`: looks at pages now, whether they are due or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from monitor.app import new_pool, open_app
from monitor.cli.choose import choose
from monitor.cli.invocation import settings_of
from monitor.cli.outcomes import spoken
from monitor.cli.output import Json, console, count, moment, print_hanging, print_json, progress, remark
from monitor.cli.pages import document_at, fetch_now, say_unseen, sections_of
from monitor.core.model import Reading, Seen
from monitor.core.read import read
from monitor.daemon import Checked, check_now


def check(
    ctx: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT|URL]", help="A document of the configuration, or any URL.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check documents now, or see what is read of any URL.

    A document is checked whether due or not, and what it comes to is recorded; without an argument every document is.
    Of a URL it shows what would be read and records nothing. Ends with 1 where something couldn't be seen.

    Example: monitor check mistral-ai/privacy-policy
    """
    if what is not None and "://" in what:
        _look_at(ctx, what, as_json=as_json)
        return
    settings = settings_of(ctx)
    refs = tuple(document.ref for document in settings.documents) if what is None else (choose(settings, what),)
    results: list[Checked] = []
    out = console()
    with open_app(settings) as app, progress(out, "Checking", len(refs)) as bar:

        def tell(checked: Checked) -> None:
            results.append(checked)
            bar.advance(bar.task_ids[0])
            if not as_json:
                print_hanging(out, Text.assemble((str(checked.ref), "bold"), "  ", spoken(checked.outcome)))

        check_now(app, refs, tell)
    if as_json:
        print_json({str(checked.ref): checked.outcome for checked in results})
    if not all(checked.seen for checked in results):
        raise typer.Exit(1)


# ── a URL, without recording ─────────────────────────────────────────────────────────────────────────────────────


def _look_at(ctx: typer.Context, url: str, *, as_json: bool) -> None:
    """Fetch and read a URL as a check would, and print what would be recorded as its first version."""
    document = document_at(url)
    fetched = fetch_now(ctx, document)
    seen: Seen
    if isinstance(fetched, tuple):
        with new_pool(sections_of(ctx)[1]) as pool:
            seen = pool.call(read, document, fetched, ())
    else:
        seen = fetched
    if as_json:
        print_json({"url": url, "at": datetime.now(UTC), "seen": seen})
    elif isinstance(seen, Reading):
        _print_reading(console(), url, seen)
    if not isinstance(seen, Reading):
        say_unseen(ctx, url, seen)
        raise typer.Exit(1)


def _print_reading(out: Console, url: str, reading: Reading) -> None:
    facts = [
        ("Title", reading.title or "–"),
        ("Language", reading.language or "–"),
        ("Updated", str(reading.dates.updated or "–")),
        ("Effective", str(reading.dates.effective or "–")),
        ("Text", f"{count(len(reading.text.split()), 'word')} in {count(len(reading.provisions), 'provision')}"),
    ]
    out.print(Text(url, "bold"))
    for name, value in facts:
        out.print(Text.assemble((f"  {name:10}", "dim"), value))
    out.print()
    for provision in reading.provisions:
        heading = " ".join(part for part in (provision.label, provision.title) if part) or f"({provision.kind.value})"
        words = len(reading.text[provision.body_start : provision.end].split())
        line = Text.assemble("  " * max(provision.depth, 1), heading, (f"  {count(words, 'word')}", "dim"))
        line.truncate(out.width, overflow="ellipsis")
        out.print(line)
    remark(f"\nRead at {moment(datetime.now(UTC))} UTC; nothing was recorded.")
