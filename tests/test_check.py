"""One check, from claim to record, on both databases: only the world outside is a double."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest
from sqlalchemy import func, select

from monitor.check import Computing, check
from monitor.core.errors import PoolError
from monitor.core.model import (
    Answer,
    Archived,
    Document,
    DocumentRef,
    EventKind,
    Failed,
    FailureKind,
    FetchFailure,
    Held,
    Hop,
    KnownSource,
    NotModified,
    Outcome,
    Policy,
    Reading,
    ReadingDeclaration,
    Reread,
    Result,
    Sameness,
    Schedule,
    Source,
    Suspect,
    SuspectKind,
)
from monitor.core.read import read
from monitor.pool import Pool
from monitor.store import tables as t
from monitor.store.declare import declare
from monitor.store.documents import claim, memories, memories_of, snapshots
from monitor.store.engine import Store
from monitor.store.sightings import Audits, audits
from monitor.store.values import unpack
from tests.pages import SENTENCES, TERMS

P = ParamSpec("P")
T = TypeVar("T")
DAILY = Schedule(every_s=86_400)
ANNEX_A = (
    "<h1>Annex A</h1><p>The Provider may engage these subprocessors for hosting. It informs the Customer of any new one"
    " at least 14 days before it begins to process personal data, and the Customer may object in writing.</p>"
)
MAIN, ANNEX = Source("https://legal.example.com/terms"), Source("https://legal.example.com/annex")


@dataclass
class World:
    """Serves pages, and says how often each was asked for."""

    pages: dict[str, str | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: datetime = datetime(2026, 4, 1, 6, tzinfo=UTC)

    def fetch(self, source: Source, known: KnownSource) -> Answer | FetchFailure:
        self.asked.append(source.url)
        page = self.pages[source.url]
        status, body = (page, "") if isinstance(page, int) else (200, page)
        self.now += timedelta(milliseconds=300)  # the network takes its time, so that answers come after their claim
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        return Answer(source, (Hop(source.url, status),), status, headers, body.encode(), self.now)


class Here:
    """The pool's work, done in this thread."""

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


class Broken:
    """A pool whose processes all die."""

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        raise PoolError("Reading took longer than 20 s and was ended.")


@pytest.fixture
def world() -> World:
    return World({MAIN.url: TERMS})


@pytest.fixture
def archive(store_url: str, world: World) -> Iterator[Store]:
    opened = Store.open(store_url, clock=lambda: world.now)
    yield opened
    opened.close()


def document(name: str = "terms", *sources: Source, reading: ReadingDeclaration | None = None) -> Document:
    declared = reading or ReadingDeclaration()
    return Document(DocumentRef("halcyon", name), "Halcyon", name, sources or (MAIN,), DAILY, declared)


def look(
    store: Store, world: World, watched: Document, pool: Computing | None = None, policy: Policy | None = None
) -> Result:
    outcome = look_whole(store, world, watched, pool, policy)
    assert outcome is not None
    return outcome.result


def look_whole(
    store: Store, world: World, watched: Document, pool: Computing | None = None, policy: Policy | None = None
) -> Outcome | None:
    world.now += timedelta(seconds=1)
    taken = claim(store, lease_s=60, per_host=9, only=watched.ref)
    assert taken is not None
    return check(store, world, pool or Here(), policy or Policy(), taken)


def count(store: Store, table: str) -> int:
    rows = select(func.count()).select_from(t.metadata.tables[table])
    return store.read(lambda connection: connection.execute(rows).scalar_one())


def test_a_change_a_second_after_a_check_is_seen_by_the_next_one(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    assert isinstance(look(archive, world, document()), Archived)
    world.pages[MAIN.url] = TERMS.replace("30 days", "90 days")
    found = look(archive, world, document())
    assert isinstance(found, Archived)
    assert found.version.number == 2
    assert look(archive, world, document()) == NotModified(Sameness.BYTES)


def test_a_source_of_two_documents_is_fetched_once(archive: Store, world: World) -> None:
    both = document("one"), document("two")
    declare(archive, both, (), DAILY)
    for watched in both:
        assert isinstance(look(archive, world, watched), Archived)
    for watched in both:
        assert isinstance(look(archive, world, watched), NotModified)
    assert len(world.asked) == 3  # the last but one look shared what the look before it had fetched


def test_a_document_of_two_sources_is_composed_only_when_both_answer(archive: Store, world: World) -> None:
    watched = document("terms", MAIN, ANNEX)
    declare(archive, (watched,), (), DAILY)
    world.pages[ANNEX.url] = 503
    assert isinstance(look(archive, world, watched), Failed)
    assert count(archive, "version") == 0
    world.pages[ANNEX.url] = ANNEX_A
    first = look(archive, world, watched)
    assert isinstance(first, Archived)
    assert "Annex A" in first.reading.text
    world.now += timedelta(hours=1)
    world.pages[ANNEX.url] = ANNEX_A.replace("hosting", "support")
    second = look(archive, world, watched)
    assert isinstance(second, Archived)
    assert second.reading.text.startswith("Terms of Service")


def test_a_page_that_breaks_its_reader_costs_one_check_and_is_looked_at_again(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    broken = look(archive, world, document(), Broken())
    assert isinstance(broken, Failed)
    assert broken.kind is FailureKind.PARKED
    assert count(archive, "snapshot") == 1  # what broke it is evidence
    assert isinstance(look(archive, world, document()), Archived)


def test_a_page_that_would_blow_up_its_parser_is_told_apart_by_its_bytes(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    world.pages[MAIN.url] = bomb = "<p>".join(f"<b x{number}>" for number in range(20_000))
    with Pool(processes=1, deadline_s=20.0, memory_bytes=500_000_000) as pool:
        look(archive, world, document(), pool)
    kept = archive.read(lambda connection: connection.execute(select(t.snapshot.c.fingerprint)).scalar_one())
    assert kept == hashlib.sha256(bomb.encode()).hexdigest()


def test_what_the_gate_misses_is_found_by_an_audit_told_and_counted(
    archive: Store, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    note = "<div class=note>The Provider may change the fees with a notice of 30 days in writing.</div>"
    always, never = Policy(audit_every=1), Policy(audit_every=0)
    declare(archive, (document(),), (), DAILY)
    world.pages[MAIN.url] = TERMS + note
    look(archive, world, document())
    world.pages[MAIN.url] = TERMS + note.replace("note", "'note 2'")
    assert look(archive, world, document(), policy=always) == Reread()  # under what it had taught
    assert (count(archive, "snapshot"), audits(archive)) == (1, Audits(looks=1, misses=0, newest=None))
    world.pages[MAIN.url] = TERMS + note.replace("note", "cookie-banner")
    assert look(archive, world, document(), policy=never) == NotModified(Sameness.FINGERPRINT)
    found = look(archive, world, document(), policy=always)
    assert isinstance(found, Archived)
    assert snapshots(archive, found.version.snapshots)[0].body.decode() == world.pages[MAIN.url]
    assert audits(archive) == Audits(looks=2, misses=1, newest=document().ref)
    assert [record.message for record in caplog.records] == ["the gate missed a difference"]


def test_what_is_pending_is_read_again_though_the_gate_sees_no_difference(archive: Store, world: World) -> None:
    """Else a text that an audit found and that isn't believed yet would never be looked at again."""
    words = [sentence.split() for sentence in SENTENCES for _ in range(3)]
    folded = "".join(f"<div class=note>{' '.join(one[at % 3 + 1 :])}.</div>" for at, one in enumerate(words))
    always, never = Policy(audit_every=1), Policy(audit_every=0)
    declare(archive, (document(),), (), DAILY)
    world.pages[MAIN.url] = TERMS + folded
    look(archive, world, document())
    world.pages[MAIN.url] = TERMS + folded.replace("note", "cookie-banner")
    held = look(archive, world, document(), policy=always)
    assert isinstance(held, Held)
    again = look(archive, world, document(), policy=never)
    assert isinstance(again, Held)
    assert again.pending.looks == 2


def test_a_suspect_page_is_kept_once_and_the_terms_after_it_are_verified(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    look(archive, world, document())
    world.pages[MAIN.url] = "<title>Just a moment...</title><p>Checking that you are human. Please wait.</p>"
    for _ in range(3):
        found = look(archive, world, document())
        assert isinstance(found, Suspect)
        assert found.kind is SuspectKind.CHALLENGE
    assert count(archive, "snapshot") == 2
    world.pages[MAIN.url] = TERMS
    assert isinstance(look(archive, world, document()), NotModified)
    assert count(archive, "version") == 1


def test_another_declaration_reads_again_and_is_never_a_version(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    look(archive, world, document())
    declared = document(reading=ReadingDeclaration(select=("h1, h2, p",)))
    declare(archive, (declared,), (), DAILY)
    assert look(archive, world, declared) == Reread()
    assert (count(archive, "version"), count(archive, "reading"), count(archive, "event")) == (1, 2, 0)
    world.pages[MAIN.url] = TERMS.replace("30 days", "90 days")
    found = look(archive, world, declared)
    assert isinstance(found, Archived)
    assert found.change is not None
    assert [change.op for change in found.change.comparison.changes] == ["modified"]


def test_a_framed_document_is_the_terms_and_the_evidence(archive: Store, world: World) -> None:
    watched, inner = document("terms", MAIN), "https://files.example.net/terms/en"
    declare(archive, (watched,), (), DAILY)
    world.pages = {
        MAIN.url: "<h1>Legal</h1><iframe src=//files.example.net/terms/en height=900></iframe>",
        inner: TERMS,
    }
    assert isinstance(look(archive, world, watched), Archived)
    assert isinstance(look(archive, world, watched), NotModified)
    world.pages[MAIN.url] = str(world.pages[MAIN.url]).replace("Legal", "Our legal page")
    assert look(archive, world, watched) == NotModified(Sameness.BYTES)
    world.pages[inner] = TERMS.replace("30 days", "60 days")
    found = look(archive, world, watched)
    assert isinstance(found, Archived)
    assert found.change is not None
    (kept,) = snapshots(archive, found.version.snapshots)
    assert (kept.source_id, kept.url, kept.body.decode()) == (MAIN.id, inner, world.pages[inner])
    assert [hop.url for hop in kept.chain] == [MAIN.url, inner]
    assert read(watched, (kept,), memories(archive, found.reading.memories)) == found.reading


def test_a_frame_is_followed_once_and_what_it_answers_counts(archive: Store, world: World) -> None:
    watched, inner = document("terms", MAIN), "https://legal.example.com/embed/terms"
    declare(archive, (watched,), (), DAILY)
    world.pages = {MAIN.url: "<iframe src=/embed/terms></iframe>", inner: "<iframe src=/embed/terms/again></iframe>"}
    assert look(archive, world, watched).kind is SuspectKind.FRAME  # type: ignore[union-attr]
    assert world.asked == [MAIN.url, inner]
    world.pages[inner] = 404
    assert look(archive, world, watched).kind is FailureKind.NOT_FOUND  # type: ignore[union-attr]


def test_who_lost_the_lease_records_nothing(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    slow = claim(archive, lease_s=60, per_host=9, only=document().ref)
    assert slow is not None
    world.now += timedelta(seconds=61)
    assert isinstance(look(archive, world, document()), Archived)
    world.pages[MAIN.url] = TERMS.replace("30 days", "90 days")
    assert check(archive, world, Here(), Policy(), slow) is None
    assert count(archive, "version") == 1


def test_deciding_the_same_check_twice_records_it_once(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    look(archive, world, document())
    world.pages[MAIN.url] = TERMS.replace("30 days", "90 days")
    taken = claim(archive, lease_s=60, per_host=9, only=document().ref)
    assert taken is not None
    assert check(archive, world, Here(), Policy(), taken) is not None
    assert check(archive, world, Here(), Policy(), replace(taken)) is not None
    assert (count(archive, "version"), count(archive, "event"), count(archive, "change")) == (2, 1, 1)


# ── What earlier captures taught ─────────────────────────────────────────────────────────────────────────────────

NAMES = ("Products", "Integrations", "Hosting", "Support")
MENU = "<nav>" + "".join(f"<p><a href=/{name}>{name}</a></p>" for name in NAMES) + "</nav>"
TEASERS = "<p>Ten thoughts on number {0}</p><p>What {0} teaches about cats</p>"


def told(store: Store, world: World, watched: Document, *pages: str) -> list[bool]:
    """Whether each of these pages, looked at a day after the other, was told."""
    found = []
    for body in pages:
        world.now += timedelta(days=1)
        world.pages[MAIN.url] = body
        outcome = look_whole(store, world, watched)
        assert outcome is not None
        found.append(any(event.kind in (EventKind.CHANGE, EventKind.RETURN) for event in outcome.events))
    return found


def made_again(store: Store, watched: Document) -> int:
    """How many readings of the archive are the same when they are made again from what they name."""
    stored = store.read(lambda connection: connection.execute(select(t.reading.c.data)).scalars().all())
    readings = [unpack(Reading, data) for data in stored]
    for one in readings:
        assert read(watched, snapshots(store, one.snapshots), memories(store, one.memories)) == one
    return len(readings)


def test_a_redesign_is_not_told_and_an_edit_with_it_is(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    moved = MENU.replace("nav>", "div>")
    edited = TERMS.replace("30 days", "90 days")
    pages = (f"{MENU}<main>{TERMS}</main>", f"<main>{moved}{TERMS}</main>", f"<main>{moved}{edited}</main>")
    assert told(archive, world, document(), *pages) == [False, False, True]
    assert told(archive, world, document(), f"<main>{edited}</main>", pages[0]) == [False, True]
    assert made_again(archive, document()) > 3


def test_teasers_are_told_a_few_times_and_then_no_more(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    pages = [f"<main>{TERMS}{TEASERS.format(number)}</main>" for number in range(9)]
    assert told(archive, world, document(), *pages) == [False] + [True] * 4 + [False] * 4
    edited = pages[8].replace("30 days", "90 days")
    assert told(archive, world, document(), edited, edited.replace(TEASERS.format(8), "")) == [True, False]
    assert made_again(archive, document()) > 6


def test_a_list_of_subprocessors_is_told_each_time(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    hosts = [f"<li>Host {number}, Norway</li>" for number in range(9)]
    pages = [f"<main>{TERMS}<h2>Annex</h2><ul>{''.join(hosts[number:])}</ul></main>" for number in range(7)]
    assert told(archive, world, document(), *pages) == [False] + [True] * 6


def test_two_documents_share_what_their_source_taught(archive: Store, world: World) -> None:
    sections = [document(f"part-{n}", reading=ReadingDeclaration(section=f"Section {n}")) for n in (3, 4)]
    declare(archive, tuple(sections), (), DAILY)
    old, new = (f"{TERMS}{TEASERS.format(number)}" for number in range(2))
    claimed = [claim(archive, lease_s=60, per_host=9, only=watched.ref) for watched in sections]
    world.pages[MAIN.url] = f"{MENU}<main>{old}</main>"
    for taken in claimed:
        assert taken is not None
        assert check(archive, world, Here(), Policy(), taken) is not None
    # The second one knew nothing of the first one's lesson when it was claimed. None is lost, and neither is disturbed.
    world.pages[MAIN.url] = f"{MENU}<main>{new.replace('30 days', '90 days')}</main>"
    results = [look(archive, world, watched) for watched in sections]
    assert isinstance(results[0], Archived)
    assert results[1] == Reread()
    (remembered,) = memories_of(archive, sections[0].ref)
    assert memories_of(archive, sections[1].ref) == (remembered,)
    assert len(remembered.read) == 2 + 2 * len(SENTENCES) + 4 + 1
    assert count(archive, "memory") == 2


def test_what_is_not_believed_teaches_nothing(archive: Store, world: World) -> None:
    declare(archive, (document(),), (), DAILY)
    look(archive, world, document())
    other = "<h1>News</h1>" + "".join(
        f"<p>Our cats like number {n} of the policy and the terms.</p>" for n in range(30)
    )
    for body in (other, "<title>Just a moment...</title><p>Checking that you are human.</p>"):
        world.pages[MAIN.url] = body
        assert isinstance(look(archive, world, document()), Held | Suspect)
    assert count(archive, "memory") == 1
