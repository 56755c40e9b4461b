"""Acceptances: which version of a document a subscriber read and accepted. Added, never changed; the newest counts."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from monitor.core.errors import BadInput, NotFound
from monitor.core.model import DocumentRef
from monitor.store import tables as t
from monitor.store.engine import Store
from monitor.store.history import NEAR_MAX, document_id_of, find_version
from monitor.store.stretches import Stretch, stretches_of

NOTE_MAX = 2_000  # characters
_NEAR = 0.9  # as difflib has it; addresses of one host are alike anyway


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Subscriber `address` accepted version `number` of a document. `note`: in their own words, how or why."""

    address: str
    ref: DocumentRef
    number: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting came to: nothing `new` where that version was the one accepted last. `before`: what was."""

    acceptance: Acceptance
    new: bool
    before: Acceptance | None


@dataclass(frozen=True, slots=True)
class AcceptanceState:
    """Where a subscriber stands with a document: what they accepted last, and what is current.

    `behind`: how many other versions were current after the accepted one; None where they accepted none, or
    one of another variant. `followed`: they still follow the platform.
    """

    address: str
    ref: DocumentRef
    accepted: Acceptance | None
    current: int | None
    behind: int | None
    followed: bool


def accept(store: Store, address: str, ref: DocumentRef, number: int | None = None, note: str = "") -> Accepted:
    """Records that a subscriber accepts a version, without a number the current one.

    Raises NotFound where there is no such version, no such subscriber, or one that doesn't follow the platform;
    BadInput where the note can't be kept word for word.
    """
    _require_keepable(note)

    def write(connection: Connection) -> Accepted:
        document_id = document_id_of(connection, ref)
        subscriber = _subscriber(connection, address)
        _require_following(connection, subscriber, ref)
        version = find_version(connection, ref, number)
        _one_after_the_other(connection, subscriber.id)
        before = _last(connection, subscriber.id, document_id)
        if before is not None and before.number == version.number:
            return Accepted(before, False, before)
        now = store.now(connection)
        row = {"subscriber_id": subscriber.id, "document_id": document_id, "version_id": version.id}
        connection.execute(insert(t.acceptance).values(**row, at=now, note=note))
        return Accepted(Acceptance(subscriber.address, ref, version.number, now, note), True, before)

    return store.write(write)


def accepted(store: Store, address: str, ref: DocumentRef) -> Acceptance:
    """What a subscriber accepted last of a document. Raises NotFound with how to accept where that is nothing."""

    def read(connection: Connection) -> Acceptance:
        document_id = document_id_of(connection, ref)
        subscriber = _subscriber(connection, address, ended_too=True)
        found = _last(connection, subscriber.id, document_id)
        if found is None:
            how = f"monitor accept {ref} --for {subscriber.address}"
            raise NotFound(f"{subscriber.address} has accepted no version of {ref} yet: {how} accepts the current one.")
        return found

    return store.read(read)


def acceptances(store: Store, address: str | None = None) -> tuple[AcceptanceState, ...]:
    """For a subscriber, or each, every document followed or once accepted, and what was accepted last of it."""

    def read(connection: Connection) -> tuple[AcceptanceState, ...]:
        if address is not None:
            rows = [_subscriber(connection, address, ended_too=True)]
        else:
            rows = list(connection.execute(select(t.subscriber).order_by(t.subscriber.c.address)).all())
        return tuple(state for row in rows for state in _states(connection, row))

    return store.read(read)


# ── Who it is ────────────────────────────────────────────────────────────────────────────────────────────────────


def _subscriber(connection: Connection, address: str, *, ended_too: bool = False) -> Row[Any]:
    """The row of a subscriber. Raises NotFound with the addresses that are near."""
    rows = connection.execute(select(t.subscriber)).all()
    known = {row.address: row for row in rows if ended_too or row.ended_at is None}
    wanted = address.strip().casefold()
    found = next((row for name, row in known.items() if name.casefold() == wanted), None)
    if found is not None:
        return found
    if any(row.address.casefold() == wanted for row in rows):
        raise NotFound(f"{address} is a subscriber no more: put them back into the configuration, then monitor run.")
    near = difflib.get_close_matches(wanted, known, NEAR_MAX, _NEAR)
    mend = f"Did you mean {' or '.join(near)}?" if near else "monitor run takes new ones over from the configuration."
    raise NotFound(f"The archive has no subscriber {address}. {mend}")


def _require_keepable(note: str) -> None:
    """Half characters come from a command line in another encoding."""
    if len(note) > NOTE_MAX:
        raise BadInput(f"Expected a note of at most {NOTE_MAX:,} characters, found {len(note):,}.")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in note):
        raise BadInput(f"Expected a note in Unicode, found {note!r}: is the terminal set to another encoding?")


def _one_after_the_other(connection: Connection, subscriber_id: int) -> None:
    """Waits for whoever accepts for the same subscriber, so that each sees what was accepted; SQLite always does."""
    connection.execute(select(t.subscriber.c.id).where(t.subscriber.c.id == subscriber_id).with_for_update())


def _require_following(connection: Connection, subscriber: Row[Any], ref: DocumentRef) -> None:
    platforms = _followed(connection, subscriber.id)
    if ref.platform not in platforms:
        found = ", ".join(sorted(platforms)) or "no platform"
        near = difflib.get_close_matches(ref.platform, platforms, 1)
        hint = f" Did you mean a document of {near[0]}?" if near else ""
        raise NotFound(
            f"{subscriber.address} doesn't follow {ref.platform}, only {found}: add it to their platforms in the "
            f"configuration, then monitor run.{hint}"
        )


def _followed(connection: Connection, subscriber_id: int) -> set[str]:
    table = t.subscription
    mine = (table.c.subscriber_id == subscriber_id, table.c.ended_at.is_(None))
    return set(connection.execute(select(table.c.platform_id).where(*mine)).scalars())


# ── What was accepted ────────────────────────────────────────────────────────────────────────────────────────────


def _newest_first(subscriber_id: int) -> Select[Any]:
    joined = (
        t.acceptance.join(t.subscriber, t.subscriber.c.id == t.acceptance.c.subscriber_id)
        .join(t.version, t.version.c.id == t.acceptance.c.version_id)
        .join(t.document, t.document.c.id == t.acceptance.c.document_id)
    )
    columns = (t.subscriber.c.address, t.document.c.platform_id, t.document.c.slug, t.version.c.number)
    wanted = select(t.acceptance, *columns).select_from(joined)
    return wanted.where(t.acceptance.c.subscriber_id == subscriber_id).order_by(t.acceptance.c.id.desc())


def _last(connection: Connection, subscriber_id: int, document_id: int) -> Acceptance | None:
    mine = _newest_first(subscriber_id).where(t.acceptance.c.document_id == document_id).limit(1)
    row = connection.execute(mine).one_or_none()
    return None if row is None else _acceptance(row)


def _acceptance(row: Row[Any]) -> Acceptance:
    return Acceptance(row.address, DocumentRef(row.platform_id, row.slug), row.number, row.at, row.note)


def _states(connection: Connection, subscriber: Row[Any]) -> list[AcceptanceState]:
    last: dict[int, Acceptance] = {}
    for row in connection.execute(_newest_first(subscriber.id)):
        last.setdefault(row.document_id, _acceptance(row))
    platforms = _followed(connection, subscriber.id)
    document = t.document
    mine = document.c.platform_id.in_(platforms) | document.c.id.in_(last)
    rows = connection.execute(select(document).where(mine).order_by(document.c.platform_id, document.c.slug)).all()
    return [_state(connection, subscriber.address, row, last.get(row.id), row.platform_id in platforms) for row in rows]


def _state(
    connection: Connection, address: str, document: Row[Any], last: Acceptance | None, followed: bool
) -> AcceptanceState:
    ref = DocumentRef(document.platform_id, document.slug)
    try:
        track = stretches_of(connection, ref, document.id)
    except NotFound:
        return AcceptanceState(address, ref, None, None, None, followed)
    behind = None if last is None else _behind(track, last.number)
    return AcceptanceState(address, ref, last, track[-1].version.number, behind, followed)


def _behind(track: tuple[Stretch, ...], number: int) -> int | None:
    """How many other versions were current for a line after that one was last; None where the line never had it."""
    back = next((back for back, one in enumerate(reversed(track)) if one.version.number == number), None)
    return None if back is None else len({one.version.id for one in track[len(track) - back :]})
