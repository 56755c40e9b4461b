"""Tables brought in line with the configuration, and the limits that the database itself keeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from monitor.core.model import Plan, Range, ReadingDeclaration, Schedule, Source, Subscriber
from monitor.store import tables as t
from monitor.store.declare import Declared, declare
from monitor.store.documents import claim, record
from monitor.store.engine import Store
from tests.recorded import WEEKLY, document, later, same_look, see, subscriber

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)  # a Wednesday
PLATFORMS = tuple(f"platform-{number}" for number in range(1, 14))
DOCUMENTS = tuple(document("terms", platform) for platform in PLATFORMS)
TERMS = document()


@pytest.fixture
def fixed(store_url: str) -> Iterator[Store]:
    """A store whose clock stands still."""
    opened = Store.open(store_url, lambda: NOW)
    yield opened
    opened.close()


def active(store: Store) -> list[tuple[str, str, int]]:
    """Who follows what in which slot."""
    both = t.subscription.join(t.subscriber, t.subscription.c.subscriber_id == t.subscriber.c.id)
    columns = (t.subscriber.c.address, t.subscription.c.platform_id, t.subscription.c.slot)
    wanted = select(*columns).select_from(both).where(t.subscription.c.ended_at.is_(None)).order_by(*columns)
    return store.read(lambda connection: [tuple(row) for row in connection.execute(wanted)])


def test_declaring_the_same_again_writes_nothing(store: Store) -> None:
    people = (subscriber("a@example.com", Plan.WATCHER, *PLATFORMS[:2]), subscriber("f@example.com", Plan.FREE))
    first = declare(store, DOCUMENTS, people, WEEKLY)
    assert (first.platforms_added, first.documents_added) == (13, 13)
    assert (first.subscribers_started, first.channels_started, first.subscriptions_started) == (2, 2, 2)
    assert not declare(store, DOCUMENTS, people, WEEKLY)


def test_what_left_the_file_is_paused_and_comes_back_with_its_history(fixed: Store) -> None:
    declare(fixed, (TERMS, document("privacy")), (), WEEKLY)
    see(fixed, "Be kind.", TERMS)
    assert declare(fixed, (document("privacy"),), (), WEEKLY) == Declared(documents_paused=1)
    assert claim(fixed, lease_s=60, per_host=9, only=TERMS.ref) is None
    assert declare(fixed, (TERMS, document("privacy")), (), WEEKLY) == Declared(documents_resumed=1)
    back = claim(fixed, lease_s=60, per_host=9, only=TERMS.ref)
    assert back is not None
    assert back.known[0].read is not None


def test_a_renamed_document_keeps_its_place_in_the_queue(fixed: Store) -> None:
    declare(fixed, (TERMS,), (), WEEKLY)
    see(fixed, "Be kind.", TERMS)
    renamed = replace(TERMS, name="Terms of Use", platform_name="Acme Inc.")
    assert declare(fixed, (renamed,), (), WEEKLY) == Declared(platforms_changed=1, documents_changed=1)
    assert claim(fixed, lease_s=60, per_host=9) is None


@pytest.mark.parametrize(
    "changed",
    [
        replace(TERMS, sources=(Source("https://acme.example/new"), *TERMS.sources)),
        replace(TERMS, reading=ReadingDeclaration(section="Terms")),
        replace(TERMS, reading=ReadingDeclaration(select=("h1", Range("h2", "#annex", with_end=True)))),
    ],
    ids=["sources", "section", "range"],
)
def test_a_document_that_is_read_otherwise_is_due_at_once_and_read_anew(fixed: Store, changed: object) -> None:
    declare(fixed, (TERMS,), (), WEEKLY)
    see(fixed, "Be kind.", TERMS)
    under_way = claim(fixed, lease_s=60, per_host=9, only=TERMS.ref)
    assert under_way is not None
    assert declare(fixed, (changed,), (), WEEKLY) == Declared(documents_changed=1)
    assert record(fixed, under_way, same_look(under_way), later(under_way)) is False
    due = claim(fixed, lease_s=60, per_host=9)
    assert due is not None
    assert due.document == changed
    assert [known.source for known in due.known] == list(due.document.sources)
    assert all(known.read is None for known in due.known)
    assert any(known.bears is not None for known in due.known)


def test_a_shorter_interval_brings_the_next_check_forward(fixed: Store) -> None:
    declare(fixed, (TERMS,), (), WEEKLY)
    see(fixed, "Be kind.", TERMS)
    for every_s, due_s in ((60.0, 60), (7200.0, 60)):
        declare(fixed, (replace(TERMS, schedule=Schedule(every_s=every_s)),), (), WEEKLY)
        due = fixed.read(lambda connection: connection.execute(select(t.document.c.next_check_at)).scalar_one())
        assert due == NOW + timedelta(seconds=due_s)


def test_a_subscriber_swaps_platforms_and_takes_the_lowest_free_slots(store: Store) -> None:
    address = "a@example.com"
    declare(store, DOCUMENTS, (subscriber(address, Plan.WATCHER, *PLATFORMS[:10]),), WEEKLY)
    kept = (*PLATFORMS[:2], *PLATFORMS[3:9], PLATFORMS[10], PLATFORMS[11])
    changed = declare(store, DOCUMENTS, (subscriber(address, Plan.WATCHER, *kept),), WEEKLY)
    assert changed == Declared(subscriptions_started=2, subscriptions_ended=2)
    slots = {platform: slot for _, platform, slot in active(store)}
    assert (slots[PLATFORMS[10]], slots[PLATFORMS[11]]) == (3, 10)
    assert len(slots) == 10


def test_a_changed_plan_moves_what_stays_into_its_slots(store: Store) -> None:
    address = "a@example.com"
    declare(store, DOCUMENTS, (subscriber(address, Plan.PROFESSIONAL, *PLATFORMS[:3]),), WEEKLY)
    changed = declare(store, DOCUMENTS, (subscriber(address, Plan.FREE, PLATFORMS[2]),), WEEKLY)
    assert changed == Declared(subscribers_changed=1, subscriptions_ended=2)
    assert active(store) == [(address, PLATFORMS[2], 1)]
    declare(store, DOCUMENTS, (subscriber(address, Plan.FREE, PLATFORMS[4]),), WEEKLY)
    assert active(store) == [(address, PLATFORMS[4], 1)]
    declare(store, DOCUMENTS, (subscriber(address, Plan.WATCHER, PLATFORMS[4], PLATFORMS[5]),), WEEKLY)
    assert active(store) == [(address, PLATFORMS[4], 1), (address, PLATFORMS[5], 2)]


def test_a_subscriber_who_left_is_told_nothing_and_may_come_back(store: Store) -> None:
    someone = subscriber("a@example.com", Plan.WATCHER, PLATFORMS[0])
    declare(store, DOCUMENTS, (someone,), WEEKLY)
    left = declare(store, DOCUMENTS, (), WEEKLY)
    assert left == Declared(subscribers_ended=1, channels_ended=1, subscriptions_ended=1)
    assert active(store) == []
    back = declare(store, DOCUMENTS, (someone,), WEEKLY)
    assert back == Declared(subscribers_started=1, channels_started=1, subscriptions_started=1)


def test_only_the_free_plan_has_a_digest_at_its_own_eight_in_the_morning(fixed: Store) -> None:
    people: tuple[Subscriber, ...] = (
        subscriber("berlin@example.com", Plan.FREE, PLATFORMS[0], time_zone="Europe/Berlin"),
        subscriber("utc@example.com", Plan.FREE, PLATFORMS[0]),
        subscriber("watcher@example.com", Plan.WATCHER, PLATFORMS[0]),
    )
    declare(fixed, DOCUMENTS, people, WEEKLY)
    assert _digests(fixed) == {
        "berlin@example.com": datetime(2026, 4, 6, 6, tzinfo=UTC),
        "utc@example.com": datetime(2026, 4, 6, 8, tzinfo=UTC),
        "watcher@example.com": None,
    }
    declare(fixed, DOCUMENTS, people, Schedule(cron="0 8 * * 5"))
    assert _digests(fixed)["utc@example.com"] == datetime(2026, 4, 3, 8, tzinfo=UTC)
    declare(fixed, DOCUMENTS, (replace(people[1], plan=Plan.WATCHER),), WEEKLY)
    assert _digests(fixed)["utc@example.com"] is None


def test_two_who_declare_at_once_agree(store: Store) -> None:
    person = subscriber("a@example.com", Plan.WATCHER, *PLATFORMS[:10])
    results: list[Declared] = []
    threads = [
        threading.Thread(target=lambda: results.append(declare(store, DOCUMENTS, (person,), WEEKLY))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(result) for result in results) == [False, False, False, True]


def test_however_many_ask_at_once_nobody_follows_eleven_platforms(store_url: str) -> None:
    """Fifty threads over two stores, as two processes would be, each try to take any free slot."""
    stores = [Store.open(store_url) for _ in range(2)]
    declare(stores[0], DOCUMENTS, (subscriber("a@example.com", Plan.WATCHER),), WEEKLY)
    refused: list[int] = []

    def follow(number: int) -> None:
        values = {"subscriber_id": 1, "plan": Plan.WATCHER, "platform_id": PLATFORMS[number % 13], "started_at": NOW}
        for slot in range(12):  # 0 and 11 are no slots
            try:
                stores[number % 2].write(
                    lambda c, slot=slot: c.execute(insert(t.subscription).values(**values, slot=slot))
                )
            except IntegrityError:
                refused.append(number)

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    followed = active(stores[0])
    assert [slot for _, _, slot in sorted(followed, key=lambda row: row[2])] == list(range(1, 11))
    assert len({platform for _, platform, _ in followed}) == 10
    assert len(refused) == 50 * 12 - 10
    for one in stores:
        one.close()


def test_an_ended_subscription_frees_its_slot_and_stays(store: Store) -> None:
    declare(store, DOCUMENTS, (subscriber("a@example.com", Plan.WATCHER, *PLATFORMS[:10]),), WEEKLY)
    eleventh = {"subscriber_id": 1, "plan": Plan.WATCHER, "platform_id": PLATFORMS[10], "slot": 4, "started_at": NOW}

    def follow(connection: Connection) -> None:
        connection.execute(insert(t.subscription).values(eleventh))

    with pytest.raises(IntegrityError):
        store.write(follow)
    freed = update(t.subscription).where(t.subscription.c.slot == 4).values(ended_at=NOW)
    store.write(lambda connection: connection.execute(freed))
    store.write(follow)
    assert len(active(store)) == 10
    everything = store.read(lambda connection: connection.execute(select(t.subscription.c.id)).scalars().all())
    assert len(everything) == 11


def test_the_database_refuses_a_second_platform_on_the_free_plan(store: Store) -> None:
    declare(store, DOCUMENTS, (subscriber("a@example.com", Plan.FREE, PLATFORMS[0]),), WEEKLY)
    second = {"subscriber_id": 1, "platform_id": PLATFORMS[1], "started_at": NOW}
    for plan, slot in ((Plan.FREE, 1), (Plan.FREE, 2), (Plan.WATCHER, 2)):  # the last lies about the plan
        row = insert(t.subscription).values(**second, plan=plan, slot=slot)
        with pytest.raises(IntegrityError):
            store.write(lambda connection, row=row: connection.execute(row))
    assert len(active(store)) == 1


def test_a_plan_with_ten_platforms_cannot_become_free_behind_their_back(store: Store) -> None:
    declare(store, DOCUMENTS, (subscriber("a@example.com", Plan.WATCHER, *PLATFORMS[:2]),), WEEKLY)
    with pytest.raises(IntegrityError):
        store.write(lambda connection: connection.execute(update(t.subscriber).values(plan=Plan.FREE)))


def _digests(store: Store) -> dict[str, datetime | None]:
    wanted = select(t.channel.c.target, t.channel.c.next_digest_at)
    return store.read(lambda connection: {row.target: row.next_digest_at for row in connection.execute(wanted)})
