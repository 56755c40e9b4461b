"""The play: what happens to the made-up pages, what ought to come of it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from monitor.archive import open_store
from monitor.config import load
from monitor.core.model import DeliveryKind, DeliveryState, DocumentRef
from monitor.demo.receivers import Call
from monitor.demo.site import Face
from monitor.demo.stage import EVERYTHING, FREE_READER, OPERATOR, Stage
from monitor.store import history, sightings
from monitor.store.audience import DeliveryEntry, deliveries
from monitor.store.engine import Store
from monitor.store.history import Between, DocumentState

CONNECTOR_TERMS = "aurelle/connector-terms"
EDITS = (
    (CONNECTOR_TERMS, Face.EDITED, "two items reworded, a section on fees added"),
    ("aurelle/privacy", Face.EDITED, "one “not” gone, and the date left as it was"),
    ("brightloom/subprocessors", Face.EDITED, "one more row in the table"),
    ("brightloom/terms", Face.EDITED, "nothing but the date"),
    ("cindermarket/privacy", Face.REDESIGNED, "a new design, word for word the same"),
    ("cindermarket/terms", Face.CHALLENGE, "a bot challenge in place of the terms, answered with 200 OK"),
)
RETURNS = (
    ("brightloom/subprocessors", Face.FIRST, "the new row taken out again"),
    ("cindermarket/terms", Face.FIRST, "the terms are there again"),
)
EXPECTED = ("aurelle/connector-terms", "aurelle/privacy", "brightloom/subprocessors", "brightloom/subprocessors")
SETTLE_S = 40.0  # how long each act may take on a slow machine; on others it takes a few seconds


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of the play, from the receivers and from the archive."""

    documents: tuple[DocumentState, ...]
    redlines: tuple[Between, ...]
    quiet: tuple[tuple[str, str], ...]  # the documents of which nothing was told, and what was noted of them
    deliveries: tuple[DeliveryEntry, ...]
    messages: tuple[EmailMessage, ...]
    calls: tuple[Call, ...]
    wrong: tuple[str, ...]

    def mail_to(self, address: str) -> tuple[EmailMessage, ...]:
        """The messages that one recipient got."""
        return tuple(message for message in self.messages if message["To"] == address)


def perform(stage: Stage, tell: Callable[[str], None]) -> Performance:
    """Start the daemon, let the pages change, stop it, and look at what came of it. `tell` hears of each act."""
    tell("The daemon starts and looks at six pages for the first time")
    stage.start_daemon()
    first = stage.wait(stage.all_visited, SETTLE_S)
    tell("The pages change")
    for ref, face, _ in EDITS:
        stage.site.show(ref, face)
    stage.wait(lambda: stage.all_visited(3) and _told(stage) >= 3, SETTLE_S)
    tell("One text comes back, and so does the page behind the challenge")
    for ref, face, _ in RETURNS:
        stage.site.show(ref, face)
    stage.wait(lambda: stage.all_visited(3) and _told(stage) >= len(EXPECTED) and _digest_came(stage), SETTLE_S)
    tell("The daemon stops")
    stage.stop_daemon()
    return _what_came(stage, started=first)


def _told(stage: Stage) -> int:
    mails = len([message for message in stage.mailbox.messages if message["To"] == EVERYTHING])
    return min(mails, len({call.id for call in stage.hook.calls}))


def _digest_came(stage: Stage) -> bool:
    return any(message["To"] == FREE_READER for message in stage.mailbox.messages)


def _what_came(stage: Stage, *, started: bool) -> Performance:
    with open_store(load(stage.config)) as store:
        states = history.documents(store)
        sent = tuple(reversed(deliveries(store)))
        changed = sorted({entry.ref for entry in sent if entry.kind is DeliveryKind.ALERT and entry.ref})
        redlines = tuple(history.between(store, ref, 1, 2) for ref in changed)
        quiet = tuple((str(state.ref), _noted(store, state.ref)) for state in states if state.ref not in changed)
    return Performance(
        documents=states,
        redlines=redlines,
        quiet=quiet,
        deliveries=sent,
        messages=stage.mailbox.messages,
        calls=stage.hook.calls,
        wrong=tuple(_wrong(stage, sent)) if started else ("The daemon didn't look at every page.",),
    )


def _noted(store: Store, ref: DocumentRef) -> str:
    """What the archive says of a document of which nothing was told."""
    reasons = [check.reason for check in sightings.checks(store, ref) if check.reason]
    newest = history.versions(store, ref)[-1].version
    if reasons:
        return reasons[0]
    if newest.difference is not None:
        return f"version {newest.number}, {newest.difference.value.replace('_', ' ')}"
    looks = sum(interval.looks for interval in sightings.verifications(store, ref))
    return f"looked {looks} times, still version {newest.number}"


def _wrong(stage: Stage, sent: tuple[DeliveryEntry, ...]) -> list[str]:
    """Every way in which what arrived isn't what ought to have arrived."""
    problems = []
    for kind in ("email", "webhook"):
        told = sorted(str(one.ref) for one in sent if one.kind is DeliveryKind.ALERT and one.channel_kind == kind)
        if told != sorted(EXPECTED):
            problems.append(f"Expected alerts by {kind} of {', '.join(EXPECTED)}; found {', '.join(told) or 'none'}.")
    problems += [f"Message {one.id} is {one.state}, not sent." for one in sent if one.state is not DeliveryState.SENT]
    problems += [
        f"Webhook {call.id} is not to be believed: {call.rejected}." for call in stage.hook.calls if call.rejected
    ]
    arrived = sum(one.channel_kind == "email" for one in sent)
    if len(stage.mailbox.messages) != arrived:
        problems.append(f"Expected {arrived} e-mails in the mailbox, found {len(stage.mailbox.messages)}.")
    for address in (FREE_READER, OPERATOR):
        if not any(message["To"] == address for message in stage.mailbox.messages):
            problems.append(f"Nothing came to {address}.")
    return problems


def keep_mail(directory: Path, messages: tuple[EmailMessage, ...], raw: tuple[bytes, ...]) -> Path:
    """Write each message as .eml, as it arrived, and its HTML part as .html; returns the folder."""
    folder = directory / "mail"
    folder.mkdir(exist_ok=True)
    for number, (message, data) in enumerate(zip(messages, raw, strict=True), 1):
        name = f"{number:02d}-{str(message['To']).partition('@')[0]}"
        (folder / f"{name}.eml").write_bytes(data)
        html = message.get_body(("html",))
        if html is not None:
            (folder / f"{name}.html").write_text(html.get_content(), encoding="utf-8")
    return folder
