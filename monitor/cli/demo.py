"""`monitor demo`: the real daemon on made-up platforms, without the internet, in under a minute."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from monitor.cli.output import console, count, table
from monitor.cli.redlining import TERMINAL, rule, show_redline
from monitor.core.errors import BadInput
from monitor.core.redline import redline
from monitor.demo.play import CONNECTOR_TERMS, EDITS, RETURNS, Performance, keep_mail, perform
from monitor.demo.receivers import Call
from monitor.demo.stage import EVERYTHING, FREE_READER, OPERATOR, Stage
from monitor.store.history import Between

HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "List-Unsubscribe")
BODY_LINES = 34
WHY = {
    "brightloom/terms": "nothing but its date changed: recorded as a version, not told",
    "cindermarket/privacy": "a redesign without a changed word: not even a version",
    "cindermarket/terms": "a challenge is never a version: kept as evidence, told to the operator, said in the digest",
}


def demo(
    directory: Annotated[
        Path | None, typer.Option("--dir", help="Where to keep everything; else a new temporary directory.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave site, receivers and daemon running until Ctrl-C, to look around.")
    ] = False,
) -> None:
    """See it work on made-up platforms, without internet.

    Their terms change, the real daemon watches, an e-mail and a webhook arrive. Needs no configuration. Ends
    with 0 only if what ought to be told was told and nothing else.
    """
    folder = _folder(directory)
    out = console()
    began = time.monotonic()
    with Stage(folder) as stage:
        _introduce(out, stage)
        played = perform(stage, lambda act: out.print(Text(f"{time.monotonic() - began:5.1f} s  {act}", "dim")))
        mail = keep_mail(folder, stage.mailbox.messages, stage.mailbox.raw)
        _show(out, played)
        _where(out, stage, mail)
        _verdict(out, played, time.monotonic() - began)
        if keep:
            _stay(out, stage)
    if played.wrong:
        raise typer.Exit(1)


def _folder(directory: Path | None) -> Path:
    if directory is None:
        return Path(tempfile.mkdtemp(prefix="terms-monitor-demo-"))
    if directory.exists() and any(directory.iterdir()):
        raise BadInput(f"{directory} isn't empty: expected a new or empty directory for the demo.")
    return directory.absolute()


def _introduce(out: Console, stage: Stage) -> None:
    _section(out, "Three made-up platforms, six documents, the real daemon")
    out.print(
        f"The site is on http://127.0.0.1:{stage.site.port}, and so are a mail server and a webhook receiver. "
        "Pages carry the usual noise: navigation, cookie notice, tokens and counters that differ on every visit."
    )


def _show(out: Console, played: Performance) -> None:
    _what_happened(out)
    _what_came(out, played)
    _redlines(out, played)
    first = next((one for one in played.mail_to(EVERYTHING) if "Connector" in str(one["Subject"])), None)
    if first is not None:
        _mail(out, first)
    call = next((one for one in played.calls if _document(one) == CONNECTOR_TERMS), None)
    if call is not None:
        _webhook(out, call)
    _held_back(out, played)


def _section(out: Console, title: str) -> None:
    out.print()
    out.print(rule(title))


def _what_happened(out: Console) -> None:
    _section(out, "What was done to the pages")
    shown = table("Page", "What happened to it", whole=("Page",))
    for ref, _, what in EDITS:
        shown.add_row(Text(ref, "bold"), what)
    for ref, _, what in RETURNS:
        shown.add_row(Text(ref, "bold"), f"later: {what}")
    out.print(shown)


def _what_came(out: Console, played: Performance) -> None:
    _section(out, "What the monitor made of it")
    shown = table("Document", "Version", "Last verified (UTC)", "Told", whole=("Document",))
    told = Counter(str(one.ref) for one in played.deliveries if one.ref and one.channel_kind == "email")
    for state in played.documents:
        verified = state.verified_at.strftime("%H:%M:%S") if state.verified_at else "–"
        told_of = count(told[str(state.ref)], "alert") if told[str(state.ref)] else Text("nothing", "dim")
        shown.add_row(Text(str(state.ref), "bold"), str(state.number or "–"), verified, told_of)
    out.print(shown)


def _redlines(out: Console, played: Performance) -> None:
    for two in played.redlines:
        if two.change is not None:
            _section(out, f"The redline: {two.new.version.ref}")
            _redline(out, two)


def _redline(out: Console, two: Between) -> None:
    assert two.change is not None
    assessment = two.change.assessment
    out.print(Text.assemble((f"{assessment.severity.value}  ", "bold yellow"), assessment.headline))
    for flag in assessment.flags:
        out.print(Text(flag.value.replace("_", " "), "yellow"))
    out.print()
    show_redline(out, redline(two.change.comparison, two.old.reading, two.new.reading, TERMINAL))


def _mail(out: Console, message: EmailMessage) -> None:
    _section(out, "The e-mail as it arrived")
    lines = [Text.assemble((f"{name}: ", "dim"), str(message[name])) for name in HEADERS if message[name]]
    text = message.get_body(("plain",))
    body = text.get_content().splitlines() if text is not None else []
    more = ["…"] if len(body) > BODY_LINES else []
    shown = Text("\n").join([*lines, Text(""), *(Text(line) for line in [*body[:BODY_LINES], *more])])
    out.print(Panel(shown, expand=False, border_style="dim"))


def _webhook(out: Console, call: Call) -> None:
    _section(out, "The webhook, its signature verified")
    signature = (
        Text(f"rejected: {call.rejected}", "red")
        if call.rejected
        else Text("right (HMAC-SHA256, Standard Webhooks)", "green")
    )
    out.print(Text.assemble(("webhook-id: ", "dim"), call.id))
    out.print(Text.assemble(("signature:  ", "dim"), signature))
    payload = call.payload
    data = payload["data"]
    shown = {"type": payload["type"], "timestamp": payload["timestamp"], "document": _document(call)}
    shown |= {name: data["assessment"][name] for name in ("severity", "headline", "signals", "topics")}
    for name, value in shown.items():
        out.print(
            Text.assemble((f"  {json.dumps(name)}: ", "dim"), json.dumps(value, ensure_ascii=False)), soft_wrap=True
        )
    out.print(Text(f"… these out of {len(call.body):,} bytes: with each changed provision and every edit", "dim"))


def _document(call: Call) -> str:
    document = call.payload["data"].get("document", {})
    return f"{document.get('platform')}/{document.get('id')}"


def _held_back(out: Console, played: Performance) -> None:
    _section(out, "What was not told, and why")
    shown = table("Document", "Why", "What the monitor noted", whole=("Document",))
    for ref, noted in played.quiet:
        shown.add_row(Text(ref, "bold"), WHY[ref], noted)
    out.print(shown)
    for address, who in ((OPERATOR, "the operator"), (FREE_READER, "the free plan's reader, by digest")):
        for message in played.mail_to(address):
            out.print(Text.assemble((f"to {who}: ", "dim"), str(message["Subject"])))


def _where(out: Console, stage: Stage, mail: Path) -> None:
    _section(out, "Where everything is")
    shown = table("", "")
    shown.show_header = False
    for name, path in (
        ("configuration", stage.config),
        ("archive", stage.directory / "archive.db"),
        ("daemon's log", stage.log),
        ("e-mails", mail),
    ):
        shown.add_row(Text(name, "dim"), str(path))
    out.print(shown)
    out.print("\nTo look further:\n")
    out.print(f"  export TERMS_MONITOR_CONFIG={shlex.quote(str(stage.config))}", soft_wrap=True)
    for command in ("list", "history brightloom/subprocessors", f"diff {CONNECTOR_TERMS}", "deliveries"):
        out.print(f"  {_command()} {command}", soft_wrap=True)


def _command() -> str:
    """How this program was called, so that what is printed can be pasted."""
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "monitor" else f"{shlex.quote(sys.executable)} -m monitor"


def _verdict(out: Console, played: Performance, took_s: float) -> None:
    out.print()
    for problem in played.wrong:
        out.print(Text(problem, "red"))
    if not played.wrong:
        alerts = count(len(played.mail_to(EVERYTHING)), "alert")
        out.print(
            Text(f"As it ought to be: {alerts}, each by e-mail and webhook, and no other. {took_s:.0f} s.", "green")
        )


def _stay(out: Console, stage: Stage) -> None:
    stage.start_daemon()
    out.print("\nEverything runs on until Ctrl-C.")
    try:
        while stage.running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        out.print("Stopping.")
