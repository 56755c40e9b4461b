"""`monitor accept`, `monitor accepted`: which version a subscriber has read and accepted, and what changed since."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.alike import read_alike
from monitor.cli.between import changed
from monitor.cli.choose import Which, choose_in
from monitor.cli.invocation import settings_of
from monitor.cli.output import Json, console, count, moment, print_json, print_table, remark, table
from monitor.config import Settings
from monitor.core.model import Change, DocumentRef
from monitor.core.render.words import words_changed
from monitor.store import accepting, history as archive
from monitor.store.accepting import AcceptanceState, Accepted
from monitor.store.engine import Store

Who = Annotated[str, typer.Option("--for", metavar="SUBSCRIBER", help="Their address in the configuration.")]


def accept(
    ctx: typer.Context,
    document: Which,
    who: Who,
    version: Annotated[int | None, typer.Option("--version", "-n", min=1, help="Its number; else the current.")] = None,
    note: Annotated[str, typer.Option("--note", help="Kept with it: by whom, under which file number.")] = "",
    as_json: Json = False,
) -> None:
    """Record that a subscriber has read and accepted a version.

    "monitor diff DOCUMENT --accepted-by SUBSCRIBER" then shows all that changed since. Acceptances are added, never
    changed, and the newest counts; to accept the same version twice adds nothing.

    Example: monitor accept mistral-ai/privacy-policy --for anna@example.org
    """
    with open_store(settings_of(ctx)) as store:
        made = accepting.accept(store, who, choose_in(store, document), version, note)
    if as_json:
        print_json(made)
        return
    console().print(Text(_said(made)), soft_wrap=True)


def _said(made: Accepted) -> str:
    one, before = made.acceptance, made.before
    what = f"version {one.number} of {one.ref}"
    if not made.new:
        return f"{one.address} has accepted {what} already, on {moment(one.at)} UTC."
    earlier = before is not None and before.number > one.number
    said = (
        f" It is earlier than version {before.number}, accepted {moment(before.at)}: now it counts."
        if before and earlier
        else ""
    )
    return f"{one.address} accepted {what}.{said}"


def accepted(
    ctx: typer.Context,
    who: Annotated[str | None, typer.Option("--for", metavar="SUBSCRIBER", help="Only theirs.")] = None,
    as_json: Json = False,
) -> None:
    """What subscribers accepted, and what changed since.

    Each document that they follow, or accepted a version of: which one that was, how many came
    after it, and how many words are different now.

    Example: monitor accepted --for anna@example.org
    """
    settings = settings_of(ctx)
    with open_store(settings) as store:
        states = accepting.acceptances(store, who)
        nets: dict[_Pair | None, Change] = {
            pair: _net(settings, store, *pair) for pair in dict.fromkeys(map(_versions, states)) if pair is not None
        }
    rows = [(state, nets.get(_versions(state))) for state in states]
    if as_json:
        print_json([_facts(state, net) for state, net in rows])
        return
    if not rows:
        remark("Nobody follows anything: add [[subscribers]] to the configuration, then monitor run.")
        return
    columns = ("Subscriber", "Document", "Accepted", "Since", "Current", "Changed since")
    shown = table(*columns, whole=columns[:-1])
    for state, net in rows:
        shown.add_row(*_row(state, net))
    print_table(shown)


_Pair = tuple[DocumentRef, int, int]  # a document, the number of a version of it, and that of its current one


def _versions(state: AcceptanceState) -> _Pair | None:
    """The accepted version and the current one, where that isn't the same. Many subscribers have the same two."""
    if state.accepted is None or state.current is None or state.current == state.accepted.number:
        return None
    return state.ref, state.accepted.number, state.current


def _net(settings: Settings, store: Store, ref: DocumentRef, old: int, new: int) -> Change:
    """The change from the one version to the other."""
    return changed(read_alike(settings, store, archive.between(store, ref, old, new)))


def _facts(state: AcceptanceState, net: Change | None) -> dict[str, object]:
    comparison = net.comparison if net else None
    return {
        "subscriber": state.address,
        "document": state.ref,
        "followed": state.followed,
        "accepted": state.accepted,
        "current": state.current,
        "behind": state.behind,
        "difference": comparison.difference if comparison else None,
        "severity": net.assessment.severity if net else None,
        "words_added": comparison.words_added if comparison else 0,
        "words_removed": comparison.words_removed if comparison else 0,
    }


def _row(state: AcceptanceState, net: Change | None) -> tuple[Text | str, ...]:
    last = state.accepted
    version, at = ("–", "–") if last is None else (str(last.number), moment(last.at))
    current = "–" if state.current is None else str(state.current)
    return state.address, Text(str(state.ref), "bold"), version, at, current, _changed_since(state, net)


def _changed_since(state: AcceptanceState, net: Change | None) -> Text:
    unfollowed = "" if state.followed else " (not followed any more)"
    if state.accepted is None:
        return Text("nothing accepted yet", "dim")
    if net is None:
        return Text(f"no{unfollowed}", "green")
    comparison = net.comparison
    behind = "another variant" if state.behind is None else f"{count(state.behind, 'version')} behind"
    words = words_changed(comparison).replace("\u00a0", " ") or "not a word changed"
    return Text(f"{behind}, {words}{unfollowed}", "yellow")
