"""`monitor diff`: the redline between two versions of a document."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.alike import read_alike
from monitor.cli.between import changed, choose_two
from monitor.cli.choose import Which, choose_in
from monitor.cli.invocation import settings_of
from monitor.cli.output import Json, console, moment, print_plain_json
from monitor.cli.redlining import SEVERITIES, TERMINAL, WHOLE, show_redline
from monitor.core.model import Change, Document, Schedule, Source
from monitor.core.record import change_record
from monitor.core.redline import redline
from monitor.store import history as archive
from monitor.store.history import Between, DocumentState


def diff(
    ctx: typer.Context,
    document: Which,
    old: Annotated[int | None, typer.Option("--from", min=1, help="Version; else the one before.")] = None,
    new: Annotated[int | None, typer.Option("--to", min=1, help="Version; else the current one.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help='Instead of --from: a date, a time, or "30 days" (ago).'),
    ] = None,
    accepted_by: Annotated[
        str | None, typer.Option(metavar="SUBSCRIBER", help="Instead of --from: what they accepted last.")
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Don't fold what is unchanged.")] = False,
    as_json: Json = False,
) -> None:
    """The redline between two versions of a document.

    Without numbers: the latest change. Versions that never followed each other are compared by the identities of their
    provisions, then by their text. With --json it is a change record (docs/schemas/change-1.json).

    Example: monitor diff mistral-ai/privacy-policy --since 2026-03-01
    """
    settings = settings_of(ctx)
    with open_store(settings) as store:
        ref = choose_in(store, document)
        pair = choose_two(store, ref, old, new, since=since, accepted_by=accepted_by)
        two = read_alike(settings, store, pair.two)
        state = next(state for state in archive.documents(store) if state.ref == ref)
    change = changed(two)
    if as_json:
        print_plain_json(_record(state, two, change))
        return
    _print_change(console(), two, change, same=pair.same, whole=whole)


def _record(state: DocumentState, two: Between, change: Change) -> dict[str, object]:
    sources = tuple(Source(url) for url in state.urls)
    document = Document(state.ref, state.platform_name, state.name, sources, Schedule())  # a record has no schedule
    old, new = two.old, two.new
    return change_record(
        document,
        change,
        old.reading,
        new.reading,
        old.version,
        new.version,
        old_identities=old.identities,
        new_identities=new.identities,
    )


def _print_change(out: Console, two: Between, change: Change, *, same: str, whole: bool) -> None:
    if same:
        out.print(same, soft_wrap=True)
        return
    old, new = two.old.version, two.new.version
    title = f"{new.ref}, version {old.number} → {new.number}, seen from {moment(new.seen_from)} UTC"
    severity = change.assessment.severity
    out.print(Text(title, "bold"))
    out.print(Text.assemble((severity.value, SEVERITIES[severity]), f"  {change.assessment.headline}"))
    for flag in change.assessment.flags:
        out.print(Text(flag.value.replace("_", " "), "yellow"))
    out.print()
    comparison = change.comparison
    if not comparison.changes:
        out.print(f"No provision changed ({comparison.difference.value.replace('_', ' ')}).")
    show_redline(out, redline(comparison, two.old.reading, two.new.reading, WHOLE if whole else TERMINAL))
