"""`monitor diff`: the redline between two versions of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.alike import read_alike
from monitor.cli.between import back_since, changed, choose_two
from monitor.cli.choose import Which, choose_in
from monitor.cli.invocation import settings_of
from monitor.cli.output import Json, moment
from monitor.cli.redlining import SEVERITIES, TERMINAL, WHOLE, counted, show_redline
from monitor.cli.showing import AsFormat, Output, Whole, chosen, show
from monitor.core.model import Change, Document, Schedule, Source
from monitor.core.record import change_record
from monitor.core.redline import redline
from monitor.core.render.facts import Evidence, Exhibit
from monitor.core.render.sheet import Sheet, of_versions
from monitor.core.render.words import HEADLINE_MAX, one_line
from monitor.store import history as archive
from monitor.store.history import Between, DocumentState, VersionRead


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
    form: AsFormat = None,
    output: Output = None,
    whole: Whole = False,
    as_json: Json = False,
) -> None:
    """The redline between two versions of a document.

    Without numbers: the latest change. Versions that never followed each other are compared by the identities of their
    provisions, then by their text. JSON is a change record (docs/schemas/change-1.json).

    Example: monitor diff mistral-ai/privacy-policy --since 2026-03-01 --format html --output change.html
    """
    wanted = chosen(form, as_json=as_json)
    settings = settings_of(ctx)
    with open_store(settings) as store:
        ref = choose_in(store, document)
        pair = choose_two(store, ref, old, new, since=since, accepted_by=accepted_by)
        two = read_alike(settings, store, pair.two)
        back = back_since(store, two)
        state = next(state for state in archive.documents(store) if state.ref == ref)
    change = changed(two)
    show(
        wanted,
        output,
        lambda: _sheet(state, two, change, back),
        whole=whole,
        facts=lambda: _record(state, two, change),
        speak=lambda out: _print_change(out, two, change, same=pair.same, back=back, whole=whole),
    )


def _record(state: DocumentState, two: Between, change: Change) -> dict[str, object]:
    old, new = two.old, two.new
    return change_record(
        _document(state),
        change,
        old.reading,
        new.reading,
        old.version,
        new.version,
        old_identities=old.identities,
        new_identities=new.identities,
    )


def _document(state: DocumentState) -> Document:
    sources = tuple(Source(url) for url in state.urls)
    return Document(state.ref, state.platform_name, state.name, sources, Schedule())  # nothing shown has a schedule


def _sheet(state: DocumentState, two: Between, change: Change, back: datetime | None) -> Sheet:
    old, new = two.old, two.new
    exhibit = Exhibit(change, old.reading, new.reading, old.version, new.version, _evidence(new))
    return of_versions(_document(state), exhibit, _evidence(old), back)


def _evidence(side: VersionRead) -> tuple[Evidence, ...]:
    return tuple(Evidence(one.snapshot_id, one.url, one.body_hash, one.fetched_at) for one in side.evidence)


def _print_change(out: Console, two: Between, change: Change, *, same: str, back: datetime | None, whole: bool) -> None:
    if same:
        out.print(same, soft_wrap=True)
        return
    old, new = two.old.version, two.new.version
    since = f"back since {moment(back)}" if back else f"seen from {moment(new.seen_from)}"
    title = f"{new.ref}, version {old.number} → {new.number}, {since} UTC"
    severity = change.assessment.severity
    out.print(Text(title, "bold"))
    out.print(
        Text.assemble((severity.value, SEVERITIES[severity]), f"  {one_line(change.assessment.headline, HEADLINE_MAX)}")
    )
    comparison = change.comparison
    if counts := counted(comparison):
        out.print(Text(counts, "dim"))
    for flag in change.assessment.flags:
        out.print(Text(flag.value.replace("_", " "), "yellow"))
    out.print()
    if not comparison.changes:
        out.print(f"No provision changed ({comparison.difference.value.replace('_', ' ')}).")
    show_redline(out, redline(comparison, two.old.reading, two.new.reading, WHOLE if whole else TERMINAL))
