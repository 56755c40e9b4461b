"""`monitor list`, `history`, `show`: what the archive knows. Nothing is fetched and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.choose import Which, choose_in
from monitor.cli.invocation import settings_of
from monitor.cli.output import (
    Json,
    console,
    count,
    is_wide,
    moment,
    print_exactly,
    print_hanging,
    print_json,
    print_table,
    remark,
    table,
)
from monitor.cli.redlining import SEVERITIES
from monitor.core.errors import BadInput
from monitor.core.model import ProvisionKind, Severity
from monitor.core.render.words import HEADLINE_MAX, one_line
from monitor.store import history as archive, sightings
from monitor.store.history import DocumentState, VersionEntry, VersionRead
from monitor.store.stretches import Comeback, comebacks

# ── list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """Every document: version, last verified, seen or not."""
    with open_store(settings_of(ctx)) as store:
        states = archive.documents(store)
    if as_json:
        print_json(states)
        return
    if not states:
        remark("Nothing is watched yet: add [[platforms]] to the configuration, then monitor run.")
        return
    columns = ("Document", "Version", "Since", "Verified", "Next check", "State")
    left_out = () if is_wide() else ("Since", "Next check")
    shown = table(*(one for one in columns if one not in left_out), whole=columns[:-1])
    for state in states:
        cells = dict(zip(columns, _row(state), strict=True))
        shown.add_row(*(cell for name, cell in cells.items() if name not in left_out))
    print_table(shown)


def _row(state: DocumentState) -> tuple[Text | str, ...]:
    number = "–" if state.number is None else str(state.number)
    times = (moment(state.since), moment(state.verified_at), moment(state.next_check_at))
    return (Text(str(state.ref), "bold"), number, *times, _standing(state))


def _standing(state: DocumentState) -> Text:
    if state.paused_at is not None:
        return Text(f"paused since {moment(state.paused_at)}", "dim")
    if state.withdrawn_at is not None:
        return Text(f"withdrawn {moment(state.withdrawn_at)}", "yellow")
    if state.blind is not None:
        return Text(f"not seen since {moment(state.blind.since)}: {state.blind.reason}", "red")
    if state.last_result is None:
        return Text("not looked at yet", "dim")
    if state.last_result == "held":
        return Text("held, not believed yet", "yellow")
    return Text(f"seen, in {len(state.lines)} variants" if state.lines else "seen", "green")


# ── history ──────────────────────────────────────────────────────────────────────────────────────────────────────


def history(
    ctx: typer.Context,
    document: Which,
    provision: Annotated[
        str | None,
        typer.Option("--provision", "-p", metavar="WHICH", help="The life of this one: its label, title or identity."),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="With --provision: don't fold what is unchanged.")] = False,
    as_json: Json = False,
) -> None:
    """A document's versions, and when it couldn't be seen.

    With --provision: the whole life of one provision, however often it was edited, moved, renumbered or retitled; which
    ones it was split from or merged into, and how long its words have stood. It is looked for in the current version,
    else in the newest one that has it.

    Example: monitor history mistral-ai/privacy-policy --provision "3(b)"
    """
    if provision is not None:
        _life(ctx, document, provision, whole=whole, as_json=as_json)
        return
    with open_store(settings_of(ctx)) as store:
        ref = choose_in(store, document)
        versions = archive.versions(store, ref)
        back = comebacks(store, ref)
        lines = archive.lines(store, ref)
        verified = sightings.verifications(store, ref)
        blind = sightings.incidents(store, ref)
        checks = sightings.checks(store, ref)
        announced = archive.announcements(store, ref)
    if as_json:
        told = {"document": ref, "versions": versions, "returns": back, "lines": lines, "verified": verified}
        print_json({**told, "unseen": blind, "checks": checks, "announced": announced})
        return
    out = console()
    out.print(Text(str(ref), "bold"))
    print_table(_in_time(versions, back))
    for one in verified[:1]:
        span = f"{moment(one.first_at)} to {moment(one.last_at)}"
        out.print(f"\nVerified {count(one.looks, 'time')} from {span}: version {one.number}.")
    for line in lines if len(lines) > 1 else ():
        until = f"no longer since {moment(line.ended_at)}" if line.ended_at else f"last seen {moment(line.seen_at)}"
        out.print(f"Line {line.name}, from {moment(line.started_at)}: version {line.number}, {until}.")
    for coming in announced:
        said = coming.announcement
        found = f"Announced for {said.takes_effect}, seen {moment(coming.at)}: “{said.quote}” {said.url}"
        print_hanging(out, Text(found.rstrip()))
    for incident in blind:
        until = f"until {moment(incident.closed_at)}" if incident.closed_at else "until now"
        since = moment(incident.incident.since)
        print_hanging(out, Text(f"Not seen from {since} {until}: {incident.incident.reason}", "red"))


def _life(ctx: typer.Context, document: str, provision: str, *, whole: bool, as_json: bool) -> None:
    # Imported where they are needed: comparing is half of what this command would have to load.
    from monitor.cli.life import print_life, show_life
    from monitor.store.lives import life

    with open_store(settings_of(ctx)) as store:
        found = life(store, choose_in(store, document), provision)
    if as_json:
        print_life(found)
    else:
        show_life(found, whole=whole)


def _in_time(versions: tuple[VersionEntry, ...], back: tuple[Comeback, ...]) -> Table:
    """The versions and their comebacks as they followed each other."""
    shown = table("Version", "Seen from", "Difference", "What changed", whole=("Version", "Seen from", "Difference"))
    rows = [(entry.version.seen_from, tuple(_version_row(entry, back))) for entry in versions]
    rows += [(one.at, tuple(_comeback_row(one))) for one in back]
    for _, row in sorted(rows, key=itemgetter(0)):
        shown.add_row(*row)
    return shown


def _version_row(entry: VersionEntry, back: tuple[Comeback, ...]) -> Iterator[Text]:
    version = entry.version
    is_back = any(one.current and one.version == version for one in back)
    yield _numbered(str(version.number), current=entry.current and not is_back)
    yield Text(moment(version.seen_from))
    yield Text(version.difference.value.replace("_", " ") if version.difference else "first")
    yield _headline(entry.severity, entry.headline)


def _comeback_row(one: Comeback) -> Iterator[Text]:
    yield _numbered(f"{one.version.number} again", current=one.current)
    yield Text(moment(one.at))
    yield Text(f"from {one.after.number}")
    yield _headline(one.severity, one.headline)


def _numbered(number: str, *, current: bool) -> Text:
    return Text(f"{number} (current)", "bold") if current else Text(number)


def _headline(severity: Severity | None, headline: str | None) -> Text:
    said = (f"{severity.value}  ", SEVERITIES[severity]) if severity else ("", "")
    return Text.assemble(said, one_line(headline or "–", HEADLINE_MAX))


# ── show ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def show(
    ctx: typer.Context,
    document: Which,
    version: Annotated[int | None, typer.Option("--version", "-n", min=1, help="Its number; else the current.")] = None,
    reading: Annotated[
        str | None, typer.Option(metavar="ID", help="That reading of it, as a change record names it; else the newest.")
    ] = None,
    as_text: Annotated[bool, typer.Option("--text", help="Only its text as it was read, to the letter.")] = False,
    as_json: Json = False,
) -> None:
    """The text of a version, with the evidence that bears it.

    With --text it is what the offsets and the SHA-256 of a change record are about, and what "monitor apply" takes. A
    record made before a newer reader saw more or less in the page is about the reading that it names.

    Example: monitor show mistral-ai/privacy-policy --version 3
    """
    if as_text and as_json:
        raise BadInput("--text and --json ask for two formats: leave one of them away.")
    with open_store(settings_of(ctx)) as store:
        read = archive.version(store, choose_in(store, document), version, reading)
    if as_text:
        print_exactly(read.reading.text)
        return
    if as_json:
        print_json(read)
        return
    _print_version(console(), read)


def _print_version(out: Console, read: VersionRead) -> None:
    one = read.version
    current = ", current" if read.current else ""
    out.print(Text(f"{one.ref}, version {one.number}{current}, seen from {moment(one.seen_from)} UTC", "bold"))
    for piece in read.evidence:
        line = f"{piece.url}  {piece.status}  {moment(piece.fetched_at)}  sha256 {piece.body_hash}"
        out.print(Text(line, "dim"), soft_wrap=True)
    out.print()
    for position, provision in enumerate(read.reading.provisions):
        if position and provision.kind is not ProvisionKind.ROW:
            out.print()
        text = Text(read.reading.text[provision.start : provision.end])
        text.stylize("bold", 0, provision.body_start - provision.start)
        text.rstrip()
        out.print(text, soft_wrap=not out.is_terminal)
