"""Which two versions are meant: by their numbers, since a moment, or since what a subscriber accepted last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.cli.output import count, moment, remark
from monitor.core.assess import assess
from monitor.core.compare import COMPARE, compare
from monitor.core.errors import BadInput
from monitor.core.identity import shared
from monitor.core.model import Change, DocumentRef, Version
from monitor.store import history as archive
from monitor.store.accepting import accepted
from monitor.store.engine import Store
from monitor.store.history import Between
from monitor.store.stretches import Stretch, comebacks, current_at, stretches

_AGO = re.compile(r"(\d{1,6})\s*(h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Two versions, and where nothing changed between them a sentence that says so."""

    two: Between
    same: str = ""


def choose_two(
    store: Store,
    ref: DocumentRef,
    old: int | None = None,
    new: int | None = None,
    *,
    since: str | None = None,
    accepted_by: str | None = None,
) -> Chosen:
    """The two versions to compare; a remark says where they come from. Raises BadInput where two ways are given."""
    ways = [one for one in (old, since, accepted_by) if one is not None]
    if len(ways) > 1:
        raise BadInput(
            f"--from, --since and --accepted-by each say what to compare from: expected one of them, found {len(ways)}."
        )
    if since is not None:
        return _since(store, ref, moment_of(since, store.read(store.now)), new)
    if accepted_by is not None:
        return _accepted(store, ref, accepted_by, new)
    return Chosen(_latest(store, ref) if old is None and new is None else archive.between(store, ref, old, new))


def changed(two: Between) -> Change:
    """The change between two versions: as recorded, or for two that never were neighbours made now, as it is made when
    one follows the other, but for the provisions that are known to be the same."""
    if two.change is not None:
        return two.change
    old, new = two.old, two.new
    comparison = compare(old.reading, new.reading, shared(old.identities, new.identities))
    assessment = assess(old.reading, new.reading, comparison, seen_from=new.version.seen_from)
    ids = (old.version.id, new.version.id, old.reading.id, new.reading.id)
    return Change(*ids, COMPARE, comparison, assessment)


def back_since(store: Store, two: Between) -> datetime | None:
    """Since when the later version was current again, where its text came back right after the earlier one."""
    mine = (two.old.version, two.new.version)
    found = (one.at for one in reversed(comebacks(store, two.new.version.ref)) if (one.after, one.version) == mine)
    return next(found, None)


def moment_of(text: str, now: datetime) -> datetime:
    """The moment that is meant by an ISO date or date-time, in UTC unless it has an offset, or by "30 days" (ago).

    Raises BadInput where it is none, or lies ahead.
    """
    wanted = text.strip()
    ago = _AGO.fullmatch(wanted)
    try:
        if ago:
            return now - timedelta(hours=int(ago[1]) * _HOURS[ago[2][0].lower()])
        found = datetime.fromisoformat(wanted)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(
            f'Expected a date (2026-03-01), a time (2026-03-01T12:00+02:00) or "30 days", found {text!r}.'
        ) from None
    if found > now:
        raise BadInput(f"Expected a moment that has been, found {text}: it is {moment(now)} UTC now.")
    return found


def _latest(store: Store, ref: DocumentRef) -> Between:
    """The current version and what was current before it: of a text that is back, not what it once came from."""
    *_, before, last = (None, *stretches(store, ref))
    if before is None or not last.returned:
        return archive.between(store, ref)
    remark(f"Version {last.version.number} is current again since {moment(last.since)} UTC.")
    return archive.between(store, ref, before.version.number, last.version.number)


def _since(store: Store, ref: DocumentRef, at: datetime, new: int | None) -> Chosen:
    track = stretches(store, ref)
    then = current_at(track, at)
    if then is None:
        then = track[0]
        remark(f"The archive of {ref} begins later, on {moment(then.since)} UTC: compared with its first version.")
    else:
        remark(f"On {moment(at)} UTC version {then.version.number} was current, since {moment(then.since)}.")
    two = archive.between(store, ref, then.version.number, new)
    return Chosen(two, _same(track, then, max(at, then.since)) if two.old.version == two.new.version else "")


def _accepted(store: Store, ref: DocumentRef, address: str, new: int | None) -> Chosen:
    last = accepted(store, address, ref)
    remark(f"{last.address} accepted version {last.number} on {moment(last.at)} UTC.")
    two = archive.between(store, ref, last.number, new)
    if two.old.version != two.new.version:
        return Chosen(two)
    return Chosen(two, _same_as_accepted(stretches(store, ref), two.new.version, last.at))


def _same_as_accepted(track: tuple[Stretch, ...], version: Version, at: datetime) -> str:
    """What there is to say where the version that was accepted is the one that is asked for."""
    then, last = current_at(track, at), track[-1]
    if last.version != version:
        return f"No change: version {version.number} is the one that was accepted."
    if then is not None and then.version == version:
        return _same(track, then, at)
    return (
        f"No change since it was accepted: version {version.number}, current since {moment(last.since)}, "
        f"was {_verified(last)}."
    )


def _same(track: tuple[Stretch, ...], then: Stretch, at: datetime) -> str:
    """What there is to say where the version of then is the one that is asked for."""
    number, last = then.version.number, track[-1]
    if last.version != then.version:
        return f"No change: version {number} was current on {moment(at)} UTC already."
    if last == then:
        since = f"version {number}, current since {moment(then.since)}"
        return f"No change since {moment(at)} UTC: {since}, was {_verified(last)}."
    between = len(track) - track.index(then) - 2
    return (
        f"No difference from {moment(at)} UTC: version {number} was current then and is again since "
        f"{moment(last.since)}, {_verified(last)}; {count(between, 'version')} came in between (monitor history)."
    )


def _verified(stretch: Stretch) -> str:
    until = f" until {moment(stretch.verified_at)} UTC" if stretch.looks else " yet"
    return f"verified {count(stretch.looks, 'time')}{until}"
