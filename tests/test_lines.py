"""Variants of a document in the archive, and versions read again by a newer reader: whole checks on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ParamSpec, TypeVar

import pytest
from sqlalchemy import select

from monitor.check import check
from monitor.core import read as module
from monitor.core.compare import compare
from monitor.core.lines import LINES_MAX, UNSEEN_MAX, edit, ended, nearest
from monitor.core.model import (
    Archived,
    Current,
    Document,
    DocumentRef,
    EventKind,
    Line,
    NotModified,
    Outcome,
    Plan,
    Policy,
    Reading,
    ReadingDeclaration,
    Reread,
    Returned,
    Unchanged,
)
from monitor.store import history, sightings, tables as t
from monitor.store.declare import declare
from monitor.store.documents import claim
from monitor.store.engine import Store
from monitor.store.tellings import standings
from tests.pages import TERMS
from tests.readings import reading_of
from tests.recorded import subscriber
from tests.test_check import DAILY, MAIN, Broken, Here, World

P = ParamSpec("P")
T = TypeVar("T")
WATCHED = Document(DocumentRef("halcyon", "terms"), "Halcyon", "Terms", (MAIN,), DAILY)
EUROPE = TERMS.replace("Denmark; the courts of Aarhus", "Ireland; the courts of Dublin")
EDIT = ("30 days", "90 days")


@pytest.fixture
def world() -> World:
    return World({MAIN.url: TERMS})


@pytest.fixture
def archive(store_url: str, world: World) -> Iterator[Store]:
    opened = Store.open(store_url, clock=lambda: world.now)
    declare(opened, (WATCHED,), (), DAILY)
    yield opened
    opened.close()


def look(store: Store, world: World, page: str | None = None, pool: Here | Broken | None = None) -> Outcome:
    """A daily look, at a new page or at the one that was there."""
    world.now += timedelta(days=1)
    world.pages[MAIN.url] = page or world.pages[MAIN.url]
    taken = claim(store, lease_s=60, per_host=9, only=WATCHED.ref)
    assert taken is not None
    outcome = check(store, world, pool or Here(), Policy(), taken)
    assert outcome is not None
    return outcome


def alternate(store: Store, world: World) -> list[list[EventKind]]:
    """Two regions' texts in turn, until they are variants; what was told at each look."""
    pages = (TERMS, EUROPE, TERMS, EUROPE, TERMS, EUROPE)
    return [[event.kind for event in look(store, world, page).events] for page in pages]


def readings(store: Store) -> list[tuple[str, str]]:
    """The reader of each reading and the version it is of, in the order of recording."""
    query = select(t.reading.c.reader, t.reading.c.version_id).order_by(t.reading.c.recorded_at, t.reading.c.reader)
    return [tuple(row) for row in store.read(lambda connection: connection.execute(query).all())]


# ── Variants ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_texts_in_turn_become_two_lines_and_the_operator_is_told_once(archive: Store, world: World) -> None:
    assert alternate(archive, world) == [[], [EventKind.CHANGE], [EventKind.RETURN], [EventKind.VARIANTS], [], []]
    assert [(line.name, line.number, line.ended_at) for line in history.lines(archive, WATCHED.ref)] == [
        ("main", 1, None),
        ("variant-2", 2, None),
    ]
    assert [entry.current for entry in history.versions(archive, WATCHED.ref)] == [True, True]
    (state,) = history.documents(archive)
    assert (state.number, len(state.lines), state.last_result) == (2, 2, "returned")
    assert history.version(archive, WATCHED.ref).version.number == 2


def test_each_line_is_verified_on_its_own_and_a_look_at_the_other_ends_nothing(archive: Store, world: World) -> None:
    alternate(archive, world)
    look(archive, world, TERMS)
    assert isinstance(look(archive, world).result, NotModified)
    open_ones = [one for one in sightings.verifications(archive, WATCHED.ref) if one.ended_at is None]
    assert sorted((one.number, one.looks) for one in open_ones) == [(1, 4), (2, 2)]
    world.pages[MAIN.url] = 503  # nobody could see any of them
    look(archive, world)
    assert all(one.ended_at for one in sightings.verifications(archive, WATCHED.ref))


def test_an_edit_of_one_region_is_told_once_and_moves_the_lines_it_is_on(archive: Store, world: World) -> None:
    alternate(archive, world)
    edited = look(archive, world, EUROPE.replace(*EDIT))
    assert isinstance(edited.result, Archived)
    assert [event.kind for event in edited.events] == [EventKind.CHANGE]
    before = look(archive, world, TERMS)
    assert isinstance(before.result, Returned)
    assert before.events == ()
    same = look(archive, world, TERMS.replace(*EDIT))
    assert isinstance(same.result, Archived)
    assert same.events == ()
    assert [(line.name, line.number) for line in history.lines(archive, WATCHED.ref)] == [("main", 4), ("variant-2", 3)]
    versions = {entry.version.number: entry.version for entry in history.versions(archive, WATCHED.ref)}
    assert (versions[3].parent_id, versions[4].parent_id) == (versions[2].id, versions[1].id)
    another = look(archive, world, TERMS.replace(*EDIT).replace("14 days", "7 days"))
    assert [event.kind for event in another.events] == [EventKind.CHANGE]


def test_a_region_that_is_seen_no_more_ends_and_opens_again_without_a_word(archive: Store, world: World) -> None:
    alternate(archive, world)
    told = [event.kind for _ in range(UNSEEN_MAX.days + 2) for event in look(archive, world).events]
    assert told == [EventKind.RETURN]  # version 2 is what is left, and the last thing told was version 1
    lines = history.lines(archive, WATCHED.ref)
    assert [(line.name, line.ended_at is None) for line in lines] == [("main", False), ("variant-2", True)]
    back = look(archive, world, TERMS)
    assert isinstance(back.result, Returned)
    assert (back.line, back.events) == ("main", ())
    assert {line.name: line.ended_at for line in history.lines(archive, WATCHED.ref)} == {
        "main": None,
        "variant-2": None,
    }


def test_a_digest_knows_of_variants(archive: Store, world: World) -> None:
    declare(archive, (WATCHED,), (subscriber("anna@example.org", Plan.FREE, "halcyon"),), DAILY)
    alternate(archive, world)
    first = archive.read(lambda connection: connection.execute(select(t.subscriber.c.id)).scalar_one())
    (standing,) = standings(archive, first)
    assert (standing.version, standing.variants) == (2, (1, 2))
    assert standing.variants_since == history.lines(archive, WATCHED.ref)[1].started_at


def test_a_new_text_belongs_to_the_line_it_shares_most_with() -> None:
    one = reading_of("# Terms\nYou may use the service in Denmark. We answer within 30 days of your letter.")
    other = reading_of("# Terms\nYou may use the service in Ireland. We answer within 30 days of your letter.")
    lines = (_current("main", one), _current("variant-2", other))
    for line, country in (("main", "Denmark"), ("variant-2", "Ireland")):
        new = reading_of(f"# Terms\nYou may use the service in {country}. We answer within 60 days of your letter.")
        assert nearest(new, lines).line == line


def test_an_edit_is_the_same_wherever_the_provision_stands_and_another_one_in_another_provision() -> None:
    def edited(before: str, after: str) -> str:
        old, new = reading_of(before), reading_of(after)
        return edit(old, new, compare(old, new))

    here = "# Terms\n## 1. Notice\nYou give 30 days' notice.\n## 2. Fees\nYou pay within 30 days."
    there = "# Terms\nFor Ireland.\n## 1. Use\nBe kind.\n## 2. Notice\nYou give 30 days' notice."
    notice = ("30 days' notice", "60 days' notice")
    assert edited(here, here.replace(*notice)) == edited(there, there.replace(*notice))
    assert edited(here, here.replace(*notice)) != edited(here, here.replace("within 30", "within 60"))


def test_lines_over_the_limit_end_the_longest_unseen_first(world: World) -> None:
    lines = tuple(
        Line(f"variant-{number}", "v", "", world.now, world.now - timedelta(hours=number))
        for number in range(LINES_MAX + 2)
    )
    assert ended(lines, f"variant-{LINES_MAX + 1}", world.now) == ("variant-7", "variant-8")


def _current(line: str, reading: Reading) -> Current:
    return Current(line, None, reading, ())  # type: ignore[arg-type]


# ── Reading again ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_reader_reads_each_current_version_again_once_and_nobody_is_told(
    archive: Store, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alternate(archive, world)
    before = history.version(archive, WATCHED.ref)
    numbers = [entry.version.number for entry in history.versions(archive, WATCHED.ref)]
    _read_otherwise(monkeypatch)
    results = [look(archive, world) for _ in range(4)]
    assert [type(one.result) for one in results] == [Reread, Reread, NotModified, NotModified]  # a line a check
    assert not any(one.events for one in results)
    assert [reader for reader, _ in readings(archive)].count("next") == 2
    after = history.version(archive, WATCHED.ref)
    assert (after.version, after.identities[:3]) == (before.version, before.identities[:3])
    assert after.reading.reader == "next"
    assert after.reading.text == before.reading.text.upper()
    assert [entry.version.number for entry in history.versions(archive, WATCHED.ref)] == numbers
    edited = look(archive, world, EUROPE.replace(*EDIT))
    assert isinstance(edited.result, Archived)
    assert edited.result.change is not None
    assert len(edited.result.change.comparison.changes) == 1  # compared with what today's reader made of it


def test_a_new_declaration_reads_the_line_that_is_not_shown_again_too(archive: Store, world: World) -> None:
    alternate(archive, world)
    declared = replace(WATCHED, reading=ReadingDeclaration(select=("h1, h2, p",)))
    declare(archive, (declared,), (), DAILY)
    assert isinstance(look(archive, world).result, Reread)
    assert isinstance(look(archive, world).result, NotModified)
    assert len({version for _, version in readings(archive)}) == 2


def test_what_cannot_be_read_again_is_tried_once(archive: Store, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    look(archive, world)
    _read_otherwise(monkeypatch)
    assert isinstance(look(archive, world, pool=Broken()).result, NotModified)
    assert isinstance(look(archive, world, pool=Broken()).result, NotModified)
    tried = _Counting()
    assert isinstance(look(archive, world, pool=tried).result, NotModified)
    assert tried.calls == 0
    changed = look(archive, world, TERMS.replace(*EDIT))
    assert isinstance(changed.result, Archived)


def test_a_text_only_the_new_reader_reads_otherwise_is_never_told(
    archive: Store, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(archive, world)
    _read_otherwise(monkeypatch)
    outcome = look(archive, world, TERMS.replace("<p>", "<p class='x'> "))  # another page, the same words
    assert isinstance(outcome.result, Reread | Unchanged | NotModified)
    assert outcome.events == ()


class _Counting(Here):
    def __init__(self) -> None:
        self.calls = 0

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.calls += 1
        return super().call(function, *args, **kwargs)


def _read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A next version of the reader, which reads every word in capitals."""
    made = module._reading

    def capitals(*args: object) -> Reading:
        reading = made(*args)  # type: ignore[arg-type]
        text = reading.text.upper()
        hashed = module.hashes(text, reading.blocks, reading.provisions, ())
        return replace(
            reading, text=text, words_hash=hashed.words, meaning_hash=hashed.meaning, undated_hash=hashed.undated
        )

    monkeypatch.setattr(module, "READER", "next")
    monkeypatch.setattr(module, "_reading", capitals)
