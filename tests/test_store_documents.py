"""The queue and the archive as a check uses them, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select, update

from monitor.core.errors import NotFound, StoreError
from monitor.core.model import (
    Archived,
    Current,
    DocumentRef,
    Failed,
    FailureKind,
    Held,
    Incident,
    Kept,
    Look,
    Pending,
    Reread,
    Returned,
    Sameness,
    Source,
    SourceLook,
    SuspectKind,
    Verified,
    Version,
    change_id,
)
from monitor.store import tables as t
from monitor.store.declare import declare
from monitor.store.documents import Claim, claim, recall, record, snapshots, spread_out
from monitor.store.engine import Store
from monitor.store.values import compress
from tests.recorded import WEEKLY, capture, check, document, later, look, reading, same_look, see

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
TERMS = document()


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(store_url: str, clock: Clock) -> Iterator[Store]:
    """A store whose clock the test sets, with one document declared."""
    opened = Store.open(store_url, clock)
    declare(opened, (TERMS,), (), WEEKLY)
    yield opened
    opened.close()


def take(store: Store, ref: DocumentRef | None = None, per_host: int = 9) -> Claim | None:
    return claim(store, lease_s=60, per_host=per_host, only=ref)


def count(store: Store, table: object) -> int:
    return store.read(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_due_document_is_claimed_once_until_its_lease_ends(archive: Store, clock: Clock) -> None:
    first = take(archive)
    assert first is not None
    assert (first.document, first.attempt, first.now, first.incident) == (TERMS, 1, NOW, None)
    assert [(known.source, known.bears) for known in first.known] == [(TERMS.sources[0], None)]
    assert take(archive) is None
    clock.forward(seconds=60)
    second = take(archive)
    assert second is not None
    assert second.attempt == 2


def test_who_lost_the_lease_records_nothing(archive: Store, clock: Clock) -> None:
    lost = take(archive)
    clock.forward(seconds=61)
    holder = take(archive)
    assert lost is not None
    assert holder is not None
    snapshot = capture(TERMS.sources[0], "Be kind.", clock.now)
    seen = look(snapshot, sources=TERMS.sources)
    assert record(archive, lost, seen, later(lost, result=Failed(FailureKind.DNS, "no name"))) is False
    assert count(archive, t.snapshot) == 0
    assert isinstance(check(archive, holder, "Be kind.").result, Archived)


def test_a_host_has_no_more_claims_than_seats(archive: Store) -> None:
    elsewhere = document("privacy", "other", host="other.example")
    declare(archive, (TERMS, document("privacy"), document("dpa"), elsewhere), (), WEEKLY)
    claimed = [take(archive, per_host=2) for _ in range(4)]
    refs = [str(one.document.ref) for one in claimed if one]
    assert refs == ["acme/terms", "acme/privacy", "other/privacy"]


def test_one_document_is_checked_on_demand_though_it_is_not_due(archive: Store) -> None:
    see(archive, "Be kind.", TERMS)
    assert take(archive) is None
    assert take(archive, TERMS.ref) is not None
    assert take(archive, TERMS.ref) is None  # it is being checked
    assert take(archive, DocumentRef("acme", "nothing")) is None


def test_seats_hold_against_many_who_claim_at_once(archive: Store) -> None:
    declare(archive, tuple(document(f"d{number}") for number in range(20)), (), WEEKLY)
    claimed: list[Claim | None] = []
    threads = [threading.Thread(target=lambda: claimed.append(take(archive, per_host=5))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one.document.ref for one in claimed if one]
    assert len(claimed) == 20
    assert len(taken) == len(set(taken)) == 5


def test_a_first_version_is_recorded_whole_and_recalled(archive: Store, clock: Clock) -> None:
    outcome = see(archive, "Be kind.", TERMS)
    clock.forward(hours=1)
    claimed = take(archive)
    assert claimed is not None
    assert isinstance(outcome.result, Archived)
    seen = reading("Be kinder.", capture(TERMS.sources[0], "Be kinder.", clock.now))
    recalled = recall(archive, claimed, seen)
    assert recalled.current is not None
    assert recalled.current.version == outcome.result.version
    assert recalled.current.reading == outcome.result.reading
    assert recalled.current.identities == outcome.result.identities
    assert recalled.last_number == 1
    (known,) = claimed.known
    assert known.read == known.bears == known.last_kept
    assert known.etag == '"1"'
    assert claimed.last_check_at == NOW
    (kept,) = snapshots(archive, outcome.result.version.snapshots)
    assert kept == capture(TERMS.sources[0], "Be kind.", NOW)


def test_a_return_finds_the_earlier_version_and_counts_what_was_told(archive: Store, clock: Clock) -> None:
    first = see(archive, "Be kind.", TERMS)
    clock.forward(hours=1)
    see(archive, "Be cruel.", TERMS)
    clock.forward(hours=1)
    back = see(archive, "Be kind.", TERMS)
    assert isinstance(first.result, Archived)
    assert isinstance(back.result, Returned)
    assert back.result.version == first.result.version
    for seen, returned_to, told in (("Be cruel.", 2, 1), ("Be kind.", 1, 0)):
        clock.forward(hours=1)
        claimed = take(archive, TERMS.ref)
        assert claimed is not None
        recalled = recall(archive, claimed, reading(seen, capture(TERMS.sources[0], seen, clock.now)))
        assert [version.number for version in recalled.equal] == [returned_to]
        assert recalled.current is not None
        between = {change_id(*ends) for ends in permutations((recalled.current.version.id, recalled.equal[0].id))}
        assert len(recalled.returns & between) == told
        if told:
            clock.forward(hours=1)
            see(archive, "Be quick.", TERMS)
    assert recalled.last_number == 3
    assert (count(archive, t.version), count(archive, t.event)) == (3, 3)


def test_recording_the_same_twice_changes_nothing(archive: Store, clock: Clock) -> None:
    outcome = see(archive, "Be kind.", TERMS)
    tables = (t.version, t.reading, t.provision, t.snapshot, t.blob, t.event, t.change)
    before = [count(archive, table) for table in tables]
    again = take(archive, TERMS.ref)
    assert again is not None
    snapshot = capture(TERMS.sources[0], "Be kind.", NOW)
    assert record(archive, again, look(snapshot, sources=TERMS.sources), outcome)
    assert [count(archive, table) for table in tables] == before


def test_the_reading_that_can_be_compared_is_recalled(archive: Store, clock: Clock) -> None:
    outcome = see(archive, "Be kind.", TERMS)
    assert isinstance(outcome.result, Archived)
    claimed = take(archive, TERMS.ref)
    assert claimed is not None
    newer = replace(outcome.result.reading, reader="reader-2")
    again = Current("main", outcome.result.version, newer, outcome.result.identities)
    reread = later(claimed, result=Reread(), rereadings=(again,))
    assert record(archive, claimed, same_look(claimed), reread)
    for reader in ("reader-1", "reader-2"):
        recalled = recall(archive, claimed, replace(newer, reader=reader, snapshots=("x",)))
        assert recalled.current is not None
        assert recalled.current.reading.reader == reader
    unknown = recall(archive, claimed, replace(newer, reader="reader-3"))
    assert unknown.current is not None
    assert unknown.current.reading.reader == "reader-2"


def test_a_failure_ends_the_verification_and_opens_an_incident(archive: Store, clock: Clock) -> None:
    see(archive, "Be kind.", TERMS)
    clock.forward(hours=1)
    verified = take(archive)
    assert verified is not None
    assert record(archive, verified, same_look(verified), later(verified))
    clock.forward(hours=1)
    failed = take(archive)
    assert failed is not None
    incident = Incident("dns", "no name", since=clock.now, kind_since=clock.now, looks=1)
    blind = later(failed, result=Failed(FailureKind.DNS, "no name"), incident=incident)
    assert record(archive, failed, Look((SourceLook(TERMS.sources[0]),), None), blind)
    clock.forward(hours=1)
    seen = take(archive)
    assert seen is not None
    assert seen.incident == incident
    assert recall(archive, seen, Verified(Sameness.BYTES)).incident == incident
    assert record(archive, seen, same_look(seen), later(seen))
    intervals = archive.read(lambda connection: connection.execute(select(t.verification)).all())
    hour = timedelta(hours=1)
    found = [(one.first_at, one.last_at, one.looks, one.ended_at) for one in intervals]
    assert found == [(NOW, NOW + hour, 2, NOW + 2 * hour), (NOW + 3 * hour, NOW + 3 * hour, 1, None)]
    closed = archive.read(lambda connection: connection.execute(select(t.incident.c.closed_at)).scalar_one())
    assert closed == clock.now
    checks = archive.read(lambda connection: connection.execute(select(t.check.c.result)).scalars().all())
    assert checks == ["archived", "failed"]  # looks that verified are counted in the intervals


def test_an_interval_never_spans_a_day_without_a_look(archive: Store, clock: Clock) -> None:
    see(archive, "Be kind.", TERMS)
    for hours in (1, 20, 30):  # as usual; late, which is no blindness; after a day in which nothing ran
        clock.forward(hours=hours)
        claimed = take(archive)
        assert claimed is not None
        assert record(archive, claimed, same_look(claimed), later(claimed))
    intervals = archive.read(lambda connection: connection.execute(select(t.verification)).all())
    hour = timedelta(hours=1)
    found = [(one.first_at, one.last_at, one.looks) for one in intervals]
    assert found == [(NOW, NOW + 21 * hour, 3), (NOW + 51 * hour, NOW + 51 * hour, 1)]


def test_a_suspect_is_kept_but_not_what_was_read(archive: Store, clock: Clock) -> None:
    see(archive, "Be kind.", TERMS)
    claimed = take(archive, TERMS.ref)
    assert claimed is not None
    (known,) = claimed.known
    odd = capture(TERMS.sources[0], "Be", clock.now)
    pending = Pending("a" * 64, SuspectKind.CUT_SHORT, "half is missing", clock.now, 1)
    assert record(
        archive, claimed, look(odd, sources=TERMS.sources), later(claimed, result=Held(pending), pending=pending)
    )
    again = take(archive, TERMS.ref)
    assert again is not None
    (after,) = again.known
    assert after.read == known.read
    assert after.last_kept == after.bears == Kept(odd.id, odd.body_hash, odd.fingerprint)
    assert recall(archive, again, Verified(Sameness.BYTES)).pending == pending


def test_withdrawal_is_remembered_from_its_first_moment(archive: Store, clock: Clock) -> None:
    see(archive, "Be kind.", TERMS)
    gone = Failed(FailureKind.GONE, "410")
    for _ in range(2):
        claimed = take(archive, TERMS.ref)
        assert claimed is not None
        assert record(
            archive, claimed, Look((SourceLook(TERMS.sources[0]),), None), later(claimed, result=gone, withdrawn=True)
        )
        clock.forward(hours=1)
    withdrawn_at = archive.read(lambda connection: connection.execute(select(t.document.c.withdrawn_at)).scalar_one())
    assert withdrawn_at == NOW
    claimed = take(archive)
    assert claimed is not None
    assert recall(archive, claimed, Verified(Sameness.BYTES)).withdrawn


def test_a_later_answer_of_a_shared_source_is_not_overwritten(archive: Store, clock: Clock) -> None:
    shared = replace(document("privacy"), sources=TERMS.sources)
    declare(archive, (TERMS, shared), (), WEEKLY)
    slow, fast = take(archive, TERMS.ref), take(archive, shared.ref)
    assert slow is not None
    assert fast is not None
    old = capture(TERMS.sources[0], "Be kind.", NOW)
    clock.forward(seconds=5)
    new = capture(TERMS.sources[0], "Be kinder.", clock.now)
    pending = Pending("a" * 64, SuspectKind.DIFFERS_A_LOT, "very different", clock.now, 1)
    held = later(fast, result=Held(pending), pending=pending)
    assert record(archive, fast, look(new, sources=TERMS.sources), held)
    assert record(archive, slow, look(old, sources=TERMS.sources), later(slow, result=Held(pending), pending=pending))
    bears = archive.read(lambda connection: connection.execute(select(t.source.c.bears_id)).scalar_one())
    assert bears == new.id


def test_damaged_bytes_are_never_given_out(archive: Store) -> None:
    outcome = see(archive, "Be kind.", TERMS)
    assert isinstance(outcome.result, Archived)
    archive.write(lambda connection: connection.execute(update(t.blob).values(data=compress(b"something else"))))
    with pytest.raises(StoreError, match="The archive is damaged: expected bytes with the hash"):
        snapshots(archive, outcome.result.version.snapshots)
    with pytest.raises(NotFound, match="no snapshot nothing"):
        snapshots(archive, ("nothing",))


def test_missed_checks_are_made_once_and_spread_out(archive: Store, clock: Clock) -> None:
    documents = tuple(document(f"d{number}") for number in range(4))
    declare(archive, documents, (), WEEKLY)
    for one in documents[:3]:
        see(archive, "Be kind.", one)
    clock.forward(days=3)
    assert spread_out(archive, 90.0) == 3
    watched = select(t.document.c.next_check_at).where(t.document.c.paused_at.is_(None)).order_by(t.document.c.slug)
    due = archive.read(lambda connection: connection.execute(watched).scalars().all())
    assert due == [clock.now + timedelta(seconds=seconds) for seconds in (0, 30, 60)] + [NOW]


def test_times_come_back_in_whole_milliseconds(archive: Store, clock: Clock) -> None:
    clock.now = datetime(2026, 4, 1, 8, 0, 0, 123_987, tzinfo=UTC).astimezone()
    claimed = take(archive)
    assert claimed is not None
    lease_until = archive.read(lambda connection: connection.execute(select(t.document.c.lease_until)).scalar_one())
    assert claimed.now == datetime(2026, 4, 1, 8, 0, 0, 123_000, tzinfo=UTC)
    assert lease_until == claimed.now + timedelta(seconds=60)


def test_a_document_of_two_sources_remembers_each(archive: Store) -> None:
    sources = (Source("https://acme.example/part-2"), Source("https://acme.example/part-1"))
    both = replace(TERMS, sources=sources)
    declare(archive, (both,), (), WEEKLY)
    claimed = take(archive)
    assert claimed is not None
    assert [known.source for known in claimed.known] == list(sources)
    captures = tuple(capture(source, source.url, NOW) for source in sources)
    seen = reading("Both.", *captures)
    version = Version("v" * 32, both.ref, 1, None, None, seen.snapshots, NOW, NOW)
    outcome = later(claimed, result=Archived(version, seen, ("i" * 32,)))
    assert record(archive, claimed, look(*captures, sources=sources), outcome)
    again = take(archive, both.ref)
    assert again is not None
    assert [known.read.snapshot_id for known in again.known if known.read] == [one.id for one in captures]
    recalled = recall(archive, again, seen)
    assert recalled.current is not None
    assert recalled.current.version == version
