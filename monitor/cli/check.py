"""`monitor check`: looks at pages now, whether they are due or not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from monitor.app import contact_of, new_fetcher, new_pool, open_app
from monitor.cli.choose import choose
from monitor.cli.invocation import Invocation, settings_of
from monitor.cli.outcomes import spoken
from monitor.cli.output import Json, console, count, moment, print_hanging, print_json, progress, remark
from monitor.config import FetchSection, ReadingSection
from monitor.core.gate import gate
from monitor.core.model import (
    Document,
    DocumentRef,
    Failure,
    FailureKind,
    KnownSource,
    Reading,
    Schedule,
    Seen,
    Source,
    Unreadable,
)
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
    fetch, reading, contact = _sections(ctx)
    source = Source(url)
    document = Document(DocumentRef("any", "page"), "", url, (source,), Schedule(every_s=1.0))
    fetcher = new_fetcher(fetch, contact)
    try:
        answer = fetcher.fetch(source, KnownSource(source))
    finally:
        fetcher.close()
    look = gate((KnownSource(source),), (answer,), datetime.now(UTC))
    seen: Seen | None = look.verdict
    kept = look.sources[0].keep
    if seen is None and kept is not None:
        with new_pool(reading) as pool:
            seen = pool.call(read, document, (kept,), ())
    if as_json:
        print_json({"url": url, "at": datetime.now(UTC), "seen": seen})
    elif isinstance(seen, Reading):
        _print_reading(console(), url, seen)
    if not isinstance(seen, Reading):
        _say_unseen(seen)
        if isinstance(seen, Failure) and seen.kind is FailureKind.REFUSED:
            remark(_mend(url, seen.reason, ctx.ensure_object(Invocation).config))
        raise typer.Exit(1)


def _sections(ctx: typer.Context) -> tuple[FetchSection, ReadingSection, str]:
    """How to fetch and read: as configured, or by default where there is no configuration yet."""
    path: Path = ctx.ensure_object(Invocation).config
    if not path.exists():
        return FetchSection(), ReadingSection(), ""
    settings = settings_of(ctx)
    return settings.fetch, settings.reading, contact_of(settings)


def _say_unseen(seen: Seen | None) -> None:
    assert isinstance(seen, (Failure, Unreadable)), "a page nothing is known of is read, or there is a reason"
    why = "can't be the terms of anything" if isinstance(seen, Unreadable) else "can't be fetched"
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        Text.assemble(("not seen", "red"), f"  this {why} ({seen.kind.value}): {seen.reason}")
    )


def _mend(url: str, reason: str, config: Path) -> str:
    """How to let a refused host be called; it is named only where it is the URL's own and no redirect's."""
    host = urlsplit(url).hostname or ""
    own = reason.removeprefix(f"{url}: ").startswith(host)
    missing = "" if config.exists() else ', which "monitor init" writes'
    value = f'allow_private = ["{host}"]' if own else "the host it led to into allow_private"
    return f"If it is meant, write {value} under [fetch] in {config}{missing}."


def _print_reading(out: Console, url: str, reading: Reading) -> None:
    facts = [
        ("Title", reading.title or "–"),
        ("Language", reading.language or "–"),
        ("Updated", str(reading.dates.updated or "–")),
        ("In force", str(reading.dates.effective or "–")),
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
