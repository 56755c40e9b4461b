"""Webhook payloads: the exact bytes that are sealed, signed and sent. Schema: docs/schemas/webhook-1.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from monitor.core.applying import apply
from monitor.core.errors import BadInput
from monitor.core.model import Announcement, Document, EventKind, Message
from monitor.core.record import change_record, document_facts
from monitor.core.redline import QuotationDefect
from monitor.core.render.facts import Exhibit, Span, Standing, Telling
from monitor.core.render.sections import command

RECORDS_CHARS_MAX = 4_000_000  # of all change records in one call; hundreds of pages rewritten take less

TYPES = {
    EventKind.CHANGE: "terms.changed",
    EventKind.RETURN: "terms.returned",
    EventKind.WITHDRAWAL: "terms.withdrawn",
    EventKind.ANNOUNCED: "terms.announced",
    EventKind.VARIANTS: "monitor.variants",
    EventKind.INCIDENT: "monitor.incident",
    EventKind.INCIDENT_CLOSED: "monitor.incident",
}

Json = dict[str, object]


def event(telling: Telling) -> Message:
    """The payload of one event."""
    return _sealed(_events((telling,))[0])


def digest(tellings: tuple[Telling, ...], standings: tuple[Standing, ...], span: Span) -> Message:
    """The payload of a digest: its events as they would have come one by one, and how each document stands."""
    data: Json = {
        "since": instant(span.since),
        "until": instant(span.until),
        "events": _events(tellings),
        "documents": [_standing(standing) for standing in standings],
    }
    return _sealed({"type": "digest", "timestamp": instant(span.until), "data": data})


def instant(at: datetime | None) -> str | None:
    """A time in RFC 3339 with milliseconds, in UTC."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _events(tellings: tuple[Telling, ...]) -> list[Json]:
    """The events in order, with as many whole change records as a call carries."""
    events: list[Json] = []
    room = RECORDS_CHARS_MAX
    for telling in tellings:
        data = _change(telling.document, telling.exhibit) if telling.exhibit else _happening(telling)
        size = len(_json(data))
        if telling.exhibit and size > room:
            data = _happening(telling, f" The change record is too long for this call: {command(telling)} --json.")
        else:
            room -= size
        kind, at = telling.event.kind, telling.event.at
        events.append({"type": TYPES[kind], "timestamp": instant(at), "data": data})
    return events


def _happening(telling: Telling, remark: str = "") -> Json:
    text = f"{telling.event.text}{remark}"
    data: Json = {"document": document_facts(telling.document), "at": instant(telling.event.at), "text": text}
    if telling.event.kind in (EventKind.INCIDENT, EventKind.INCIDENT_CLOSED):
        data["state"] = "open" if telling.event.kind is EventKind.INCIDENT else "closed"
    if telling.announced is not None:
        data |= _announcement(telling.announced)
    return data


def _announcement(announced: Announcement) -> Json:
    return {
        "takes_effect": announced.takes_effect.isoformat(),
        "quote": announced.quote,
        "url": announced.url or None,
        "snapshot": announced.snapshot_id,
    }


def _change(document: Document, exhibit: Exhibit) -> Json:
    """The change record, applied to the old text once before it goes out: it must give the new one."""
    record = change_record(
        document,
        exhibit.change,
        exhibit.old,
        exhibit.new,
        exhibit.old_version,
        exhibit.new_version,
        old_identities=exhibit.old_identities,
        new_identities=exhibit.new_identities,
    )
    try:
        apply(record, exhibit.old.text)
    except BadInput as error:
        raise QuotationDefect(str(error)) from error
    return record


def _standing(standing: Standing) -> Json:
    return {
        "document": document_facts(standing.document),
        "version": standing.version,
        "verified_at": instant(standing.verified_at),
        "unseen_since": instant(standing.unseen_since),
        "unseen_because": standing.unseen_because or None,
        "unseen_for_long": standing.unseen_for_long,
        "pending_since": instant(standing.pending_since),
        "pending_because": standing.pending_because or None,
        "paused_at": instant(standing.paused_at),
        "withdrawn_at": instant(standing.withdrawn_at),
        "variants": list(standing.variants),
        "variants_since": instant(standing.variants_since),
    }


def _sealed(payload: Json) -> Message:
    return Message(payload=_json(payload))


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
