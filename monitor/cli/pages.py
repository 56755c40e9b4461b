"""Pages fetched now, outside any check: nothing is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import typer
from rich.text import Text

from monitor.app import contact_of, new_fetcher
from monitor.cli.invocation import Invocation, settings_of
from monitor.cli.output import errors, remark
from monitor.config import FetchSection, ReadingSection
from monitor.core.fingerprint import fingerprint_of_bytes
from monitor.core.gate import gate
from monitor.core.model import (
    Document,
    DocumentRef,
    Failure,
    FailureKind,
    KnownSource,
    Schedule,
    Seen,
    Snapshot,
    Source,
    Unreadable,
)

Captures = tuple[Snapshot, ...]


def document_at(url: str) -> Document:
    """A document that is this page, and read without any declaration."""
    return Document(DocumentRef("any", "page"), "", url, (Source(url),), Schedule(every_s=1.0))


def fetch_now(ctx: typer.Context, document: Document) -> Captures | Failure | Unreadable:
    """What each source of a document answers now, or why that can't be read."""
    fetch, _, contact = sections_of(ctx)
    known = tuple(KnownSource(source) for source in document.sources)
    fetcher = new_fetcher(fetch, contact)
    try:
        answers = tuple(fetcher.fetch(one.source, one) for one in known)
    finally:
        fetcher.close()
    # Nothing is compared here, and a hostile page may cost this process no more than its size.
    look = gate(known, answers, datetime.now(UTC), lambda body, _: fingerprint_of_bytes(body))
    if isinstance(look.verdict, (Failure, Unreadable)):
        return look.verdict
    return tuple(one.keep for one in look.sources if one.keep is not None)


def sections_of(ctx: typer.Context) -> tuple[FetchSection, ReadingSection, str]:
    """How to fetch and read, and our contact: as configured, or by default where there is no configuration yet."""
    path: Path = ctx.ensure_object(Invocation).config
    if not path.exists():
        return FetchSection(), ReadingSection(), ""
    settings = settings_of(ctx)
    return settings.fetch, settings.reading, contact_of(settings)


def say_unseen(ctx: typer.Context, url: str, seen: Seen) -> None:
    """Why a page can't be read, and how to mend it where that is in the configuration."""
    assert isinstance(seen, (Failure, Unreadable)), "a page nothing is known of is read, or there is a reason"
    why = "can't be the terms of anything" if isinstance(seen, Unreadable) else "can't be fetched"
    errors().print(Text.assemble(("not seen", "red"), f"  this {why} ({seen.kind.value}): {seen.reason}"))
    if isinstance(seen, Failure) and seen.kind is FailureKind.REFUSED:
        remark(_mend(url, seen.reason, ctx.ensure_object(Invocation).config))


def _mend(url: str, reason: str, config: Path) -> str:
    """How to let a refused host be called; it is named only where it is the URL's own and no redirect's."""
    host = urlsplit(url).hostname or ""
    own = reason.removeprefix(f"{url}: ").startswith(host)
    missing = "" if config.exists() else ', which "monitor init" writes'
    value = f'allow_private = ["{host}"]' if own else "the host it led to into allow_private"
    return f"If it is meant, write {value} under [fetch] in {config}{missing}."
