"""`monitor deliveries`: who was told what, what is on its way, what was given up and why."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from monitor.archive import open_store
from monitor.cli.invocation import settings_of
from monitor.cli.output import Json, console, is_wide, moment, print_json, print_table, remark, table
from monitor.core.model import ChannelKind, DeliveryKind, DeliveryState, Message
from monitor.store.audience import DeliveryEntry, deliveries as all_deliveries, message

STYLES = {DeliveryState.SENT: "green", DeliveryState.SEALED: "yellow", DeliveryState.PARKED: "red"}
ID_SHOWN = 10
ABOUT = {DeliveryKind.DIGEST: "digest", DeliveryKind.OPERATOR: "incident"}


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
    columns = ("Id", "What", "To", "About", "State")
    left_out = () if is_wide() else ("What",)
    shown = table(*(one for one in columns if one not in left_out), whole=("Id", "What", "About"))
    for entry in entries:
        cells = dict(zip(columns, _row(entry), strict=True))
        shown.add_row(*(cell for name, cell in cells.items() if name not in left_out))
    print_table(shown)


def _row(entry: DeliveryEntry) -> tuple[Text | str, ...]:
    about = str(entry.ref) if entry.ref else ABOUT.get(entry.kind, "–")
    return entry.id[:ID_SHOWN], entry.kind.value, entry.target, about, _state(entry)


def _state(entry: DeliveryEntry) -> Text:
    style = STYLES[entry.state]
    tries = f" after {entry.attempts} tries" if entry.attempts > 1 else ""
    match entry.state:
        case DeliveryState.SENT:
            return Text(f"sent {moment(entry.settled_at)}{tries}", style)
        case DeliveryState.PARKED:
            return Text(f"parked {moment(entry.settled_at)}{tries}: {entry.last_error}", style)
        case _ if entry.last_error:
            return Text(f"put off to {moment(entry.next_attempt_at)}{tries}: {entry.last_error}", style)
    return Text(f"on its way since {moment(entry.sealed_at)}", style)


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
