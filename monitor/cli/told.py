"""`monitor deliveries`: who was told what, what is on its way, what was given up and why."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.invocation import settings_of
from monitor.cli.output import Json, console, moment, print_json, print_table, remark, table
from monitor.core.model import ChannelKind, DeliveryState, Message
from monitor.store.audience import DeliveryEntry, deliveries as all_deliveries, message

STYLES = {DeliveryState.SENT: "green", DeliveryState.SEALED: "yellow", DeliveryState.PARKED: "red"}
ID_SHOWN = 10


def deliveries(
    ctx: typer.Context,
    delivery: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Show this one as it is sent; the beginning of its id will do.")
    ] = None,
    state: Annotated[DeliveryState | None, typer.Option("--state", help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many, the newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """The messages: sent, on their way, or parked with the reason.

    Example: monitor deliveries --state parked
    """
    with open_store(settings_of(ctx)) as store:
        if delivery is not None:
            entry, content = message(store, delivery)
            _show_one(entry, content, as_json=as_json)
            return
        entries = all_deliveries(store, state, limit)
    if as_json:
        print_json(entries)
        return
    if not entries:
        remark("No messages.")
        return
    shown = table("Id", "Sealed", "What", "To", "State", "Tries", "About")
    for entry in entries:
        about = str(entry.ref) if entry.ref else entry.subject or "–"
        to = f"{entry.target} ({entry.channel_kind.value})"
        shown.add_row(
            entry.id[:ID_SHOWN],
            moment(entry.sealed_at),
            entry.kind.value,
            to,
            _state(entry),
            str(entry.attempts),
            about,
        )
    print_table(shown)


def _state(entry: DeliveryEntry) -> Text:
    style = STYLES[entry.state]
    if entry.state is DeliveryState.SEALED and entry.last_error:
        return Text(f"put off to {moment(entry.next_attempt_at)}: {entry.last_error}", style)
    if entry.state is DeliveryState.PARKED:
        return Text(f"parked: {entry.last_error}", style)
    return Text("on its way" if entry.state is DeliveryState.SEALED else f"sent {moment(entry.settled_at)}", style)


def _show_one(entry: DeliveryEntry, content: Message, *, as_json: bool) -> None:
    if as_json:
        print_json({"delivery": entry, "message": content})
        return
    out = console()
    out.print(Text.assemble((entry.id, "bold"), "  ", _state(entry)))
    if entry.channel_kind is ChannelKind.WEBHOOK:
        out.print(Text(json.dumps(json.loads(content.payload), ensure_ascii=False, indent=2)), soft_wrap=True)
        return
    for name, value in (*content.headers, ("Subject", content.subject)):
        out.print(Text.assemble((f"{name}: ", "dim"), value), soft_wrap=True)
    out.print(Text(f"\n{content.text}"), soft_wrap=True)
