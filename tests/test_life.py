"""A provision's life through real checks on both databases: identities last, and what is told of them is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.check import check
from monitor.core import read as module
from monitor.core.citing import cite
from monitor.core.compare import compare
from monitor.core.errors import NotFound
from monitor.core.identity import hand_on, mint, shared
from monitor.core.life import Kinship
from monitor.core.locate import locate, near
from monitor.core.model import Document, DocumentRef, Op, Policy, Reading, Result
from monitor.store import history, tables as t
from monitor.store.declare import declare
from monitor.store.documents import claim
from monitor.store.engine import Store
from monitor.store.lives import Cause, LifeEvent, life
from monitor.store.stretches import current_at, stretches
from tests.pages import SENTENCES
from tests.readings import reading_of
from tests.test_check import DAILY, MAIN, Here, World
from tests.test_cli import monitor

WATCHED = Document(DocumentRef("halcyon", "terms"), "Halcyon", "Terms", (MAIN,), DAILY)
TITLES = ("Licence", "Keys", "Ending", "Data", "Liability", "Fees", "Suspension", "Law")
FIRST = tuple(zip(TITLES, SENTENCES, strict=True))
ENDING, COPIES = (
    "Each party may terminate this agreement with a notice of 90 days in writing.",
    "On termination the Customer returns all copies of the software to the Provider without delay.",
)

Sections = tuple[tuple[str, str], ...]
Look = Callable[[Sections], Result]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def archive(store_url: str, world: World) -> Iterator[Store]:
    opened = Store.open(store_url, clock=lambda: world.now)
    declare(opened, (WATCHED,), (), DAILY)
    yield opened
    opened.close()


@pytest.fixture
def look(archive: Store, world: World) -> Look:
    return lambda sections: look_at(archive, world, sections)


def look_at(store: Store, world: World, sections: Sections) -> Result:
    """A look, ten days after the one before, at a page of these sections, numbered in their order."""
    numbered = enumerate(sections, start=1)
    body = "".join(f"<h2>{number}. {title}</h2><p>{text}</p>" for number, (title, text) in numbered)
    world.pages[MAIN.url] = f"<h1>Terms of Service</h1><p>Last updated: 3 May 2026</p>{body}"
    world.now += timedelta(days=10)
    taken = claim(store, lease_s=60, per_host=9, only=WATCHED.ref)
    assert taken is not None
    outcome = check(store, world, Here(), Policy(), taken)
    assert outcome is not None
    return outcome.result


def with_section(sections: Sections, number: int, *instead: tuple[str, str]) -> Sections:
    return (*sections[: number - 1], *instead, *sections[number:])


def told(events: tuple[LifeEvent, ...]) -> list[tuple[int, Cause, tuple[Op, ...], str]]:
    return [(one.version.number, one.cause, one.step.ops if one.step else (), one.path) for one in events]


# ── A whole life ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_life_is_told_through_edits_numbers_titles_a_split_its_end_and_its_return(archive: Store, look: Look) -> None:
    edited = with_section(FIRST, 3, ("Ending", ENDING))
    renumbered = (FIRST[0], ("Notices", "All notices are given in writing and in English."), *edited[1:])
    retitled = with_section(renumbered, 4, ("Termination", ENDING))
    longer = with_section(retitled, 4, ("Termination", f"{ENDING} {COPIES}"))
    divided = with_section(longer, 4, ("Termination", ENDING), ("Return of copies", COPIES))
    gone = with_section(divided, 4)
    for sections in (FIRST, FIRST, edited, renumbered, retitled, longer, divided, gone, divided):
        look(sections)
    whole = life(archive, WATCHED.ref, "Termination")
    assert told(whole.events) == [
        (1, Cause.FIRST, (), "3 Ending"),
        (2, Cause.CHANGE, (Op.MODIFIED,), "3 Ending"),
        (3, Cause.CHANGE, (Op.RENUMBERED,), "4 Ending"),
        (4, Cause.CHANGE, (Op.RETITLED,), "4 Termination"),
        (5, Cause.CHANGE, (Op.MODIFIED,), "4 Termination"),
        (6, Cause.CHANGE, (Op.SPLIT,), "4 Termination"),
        (7, Cause.CHANGE, (Op.REMOVED,), "4 Termination"),
        (6, Cause.RETURN, (Op.ADDED,), "4 Termination"),
    ]
    assert (whole.path, whole.number, whole.here) == ("4 Termination", 6, True)
    other = life(archive, WATCHED.ref, "return of COPIES")
    (first, *_) = other.events
    assert first.step is not None
    (edge,) = first.step.relatives
    assert (edge.kinship, edge.identity, edge.path) == (Kinship.SPLIT_FROM, whole.identity, "4 Termination")
    assert whole.events[5].step is not None
    assert [(one.kinship, one.identity) for one in whole.events[5].step.relatives] == [
        (Kinship.SPLIT_INTO, other.identity)
    ]
    assert life(archive, WATCHED.ref, whole.identity) == whole


def test_a_merged_provision_names_what_it_went_into_and_is_found_where_it_was_last(archive: Store, look: Look) -> None:
    apart = with_section(FIRST, 3, ("Ending", ENDING), ("Copies", COPIES))
    for sections in (apart, with_section(FIRST, 3, ("Ending", f"{ENDING} {COPIES}"))):
        look(sections)
    gone = life(archive, WATCHED.ref, "Copies")
    assert (gone.here, gone.number, gone.path) == (False, 1, "4 Copies")
    last = gone.events[-1].step
    assert last is not None
    assert [(one.kinship, one.path) for one in last.relatives] == [(Kinship.MERGED_INTO, "3 Ending")]
    assert life(archive, WATCHED.ref, "Ending").identity == last.relatives[0].identity


def test_a_switch_between_variants_is_no_edit_of_either(archive: Store, look: Look) -> None:
    europe = with_section(FIRST, 8, ("Law", "These terms are governed by the laws of Ireland; the courts of Dublin."))
    for sections in (FIRST, europe, FIRST, europe, FIRST, europe):
        look(sections)
    look(with_section(europe, 3, ("Ending", ENDING)))
    assert [(one.version.number, one.returned) for one in stretches(archive, WATCHED.ref)] == [
        (1, False),
        (2, False),
        (3, False),
    ]
    assert [number for number, *_ in told(life(archive, WATCHED.ref, "Law").events)] == [1, 2]
    assert [number for number, *_ in told(life(archive, WATCHED.ref, "Ending").events)] == [1, 3]


def test_what_was_current_at_a_moment_is_known_also_after_a_return(archive: Store, look: Look, world: World) -> None:
    before = world.now
    for sections in (FIRST, with_section(FIRST, 3, ("Ending", ENDING)), FIRST):
        look(sections)
    track = stretches(archive, WATCHED.ref)
    assert [(one.version.number, one.returned) for one in track] == [(1, False), (2, False), (1, True)]
    assert current_at(track, before) is None
    assert [current_at(track, before + timedelta(days=days)) for days in (11, 21, 31)] == list(track)


# ── Identities last, and are never given to something else ───────────────────────────────────────────────────────


def test_a_new_reader_hands_identities_on_and_what_it_divides_otherwise_is_told_as_that(
    archive: Store, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(FIRST)
    before = history.version(archive, WATCHED.ref).identities
    monkeypatch.setattr(module, "READER", "next")
    made = module._reading
    monkeypatch.setattr(module, "_reading", lambda *args: _without_the_last(made(*args)))
    look(FIRST)
    look(with_section(FIRST, 3, ("Ending", ENDING)))
    assert history.version(archive, WATCHED.ref).identities == before[:-1]
    ended = life(archive, WATCHED.ref, "Law")
    assert told(ended.events)[1:] == [(1, Cause.REREADING, (Op.MERGED,), "8 Law")]
    assert told(life(archive, WATCHED.ref, "Ending").events)[1:] == [(2, Cause.CHANGE, (Op.MODIFIED,), "3 Ending")]


def _without_the_last(reading: Reading) -> Reading:
    """The same text with its last two provisions as one."""
    *others, one, last = reading.provisions
    return replace(reading, provisions=(*others, replace(one, end=last.end)))


def test_whatever_comes_and_goes_no_reading_has_an_identity_of_something_else(archive: Store, look: Look) -> None:
    """Each section has a word that no other has; an identity must never be seen with two of them."""
    marks = ("alder", "birch", "cedar", "dogwood", "elder", "fir")
    section = {mark: (mark.title(), f"The {mark} clause binds both parties for {len(mark)} years.") for mark in marks}
    for order in ("abcdef", "abdef", "fabde", "abcdef", "bdfa", "bcdfae", "abdef", "abcdef", "cf", "abcdef", "fedcba"):
        look(tuple(section[mark] for first in order for mark in marks if mark.startswith(first)))
    rows = archive.read(lambda connection: connection.execute(select(t.provision)).all())
    titles, readings = defaultdict(set), defaultdict(list)
    for row in rows:
        titles[row.identity].add(row.title)
        readings[row.reading_id].append(row.identity)
    assert len(readings) > 6
    assert all(len(found) == 1 for found in titles.values())
    assert all(len(set(identities)) == len(identities) for identities in readings.values())


def test_all_readings_of_a_version_agree_on_its_identities(archive: Store, look: Look) -> None:
    for sections in (FIRST, FIRST[:5], FIRST, FIRST[1:], FIRST):
        look(sections)
    both = t.provision.join(t.reading, t.reading.c.id == t.provision.c.reading_id)
    mine = (
        select(t.provision)
        .select_from(both)
        .where(t.reading.c.version_id == history.version(archive, WATCHED.ref, 1).version.id)
    )
    rows = archive.read(lambda connection: connection.execute(mine).all())
    assert len({row.reading_id for row in rows}) >= 2
    assert len({row.identity for row in rows}) == len({row.ordinal for row in rows})


# ── Net between versions that never followed each other ──────────────────────────────────────────────────────────


def test_a_provision_rewritten_step_by_step_is_one_modified_and_not_removed_and_added() -> None:
    old_words = "supplier shall without undue delay inform the buyer about every breach of security it learns"
    new_words = "a vendor tells its client within two days whenever any incident touches personal data held there"
    before, after = old_words.split(), new_words.split()
    texts = [" ".join(after[:done] + before[done:]) for done in range(len(after) + 1)]
    steps = [
        reading_of(
            f"## 1. Scope\nThese terms govern the service.\n## 2. {title}\n{text}\n## 3. Law\nThe law of France."
        )
        for title, text in zip(["Breaches"] * 8 + ["Incidents"] * 9, texts, strict=True)
    ]
    identities = [mint(steps[0])]
    for one, other in pairwise(steps):
        identities.append(hand_on(other, compare(one, other), identities[-1]))
    known = shared(identities[0], identities[-1])
    net = compare(steps[0], steps[-1], known)
    assert [(change.op, change.also, change.path) for change in net.changes] == [
        (Op.MODIFIED, (Op.RETITLED,), "2 Incidents")
    ]
    back = compare(steps[-1], steps[0], [(new, old) for old, new in known])
    assert (back.words_added, back.words_removed) == (net.words_removed, net.words_added)


def test_words_that_stand_whole_elsewhere_are_stronger_than_an_identity() -> None:
    old = reading_of("## 1. Fees\nFees are due within 14 days.\n## 2. Data\nData is encrypted at rest.")
    new = reading_of("## 1. Data\nData is encrypted at rest.")
    net = compare(old, new, [(0, 0)])
    assert {(change.op, change.path) for change in net.changes} == {
        (Op.REMOVED, "1 Fees"),
        (Op.RENUMBERED, "1 Data"),
    }


def test_an_identity_that_drifted_into_other_words_gives_way_to_where_the_words_are() -> None:
    visit = "When you visit our offices in Brussels a camera films the entrance and the reception for your safety."
    other = "Certain partners obtain statistics concerning purchases unless somebody objects beforehand by letter."
    old = reading_of(f"## 1. Scope\nThese terms govern.\n## 2. Visits\n{visit}")
    came = visit.replace("Brussels", "Liège").replace("your safety", "our safety")
    new = reading_of(f"## 1. Scope\nThese terms govern.\n## 2. Cameras\n{came}\n## 3. Partners\n{other}")
    assert compare(old, new, [(0, 0), (1, 2)]) == compare(old, new)
    kept = compare(old, reading_of(f"## 1. Scope\nThese terms govern.\n## 2. Partners\n{other}"), [(0, 0), (1, 1)])
    assert [change.op for change in kept.changes] == [Op.MODIFIED]


# ── Which one is meant ───────────────────────────────────────────────────────────────────────────────────────────

CONTRACT = reading_of(
    """
# Terms
Some words before.
## 3. Fees
(a) Fees are due in advance.
(b) Fees are not refunded.
## 9. Liability
## 9.2. Limitation of Liability
Liability is limited.
## Article 5 Security
(b) Keys are rotated.
## A. Subprocessors
| Nordhost AS | Norway
"""
)


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("9.2", ["9.2 Limitation of Liability"]),
        ("§ 9.2.", ["9.2 Limitation of Liability"]),
        ("3(b)", ["3(b)"]),
        ("3 b", ["3(b)"]),
        ("(b)", ["3(b)", "Article 5(b)"]),
        ("article 5", ["Article 5 Security"]),
        ("5", ["Article 5 Security"]),
        ("5(b)", ["Article 5(b)"]),
        ("Liability", ["9 Liability"]),
        ("limitation of", ["9.2 Limitation of Liability"]),
        ("nordhost", ["A Subprocessors, row Nordhost AS"]),
        ("A Subprocessors, row Nordhost AS", ["A Subprocessors, row Nordhost AS"]),
        ("9.3", []),
        ("", []),
        ("…", []),
    ],
)
def test_a_provision_is_found_by_label_path_title_or_part_of_one(words: str, paths: list[str]) -> None:
    assert [cite(CONTRACT, ordinal) for ordinal in locate(CONTRACT, mint(CONTRACT), words)] == paths


def test_a_provision_is_found_by_its_identity_or_the_beginning_of_it() -> None:
    identities = mint(CONTRACT)
    assert locate(CONTRACT, identities, identities[4]) == (4,)
    assert locate(CONTRACT, identities, identities[4][:12]) == (4,)
    assert near(CONTRACT, "limitation of liabilty") == ("9.2 Limitation of Liability",)


def test_one_that_is_not_there_or_not_alone_is_one_clear_sentence(archive: Store, look: Look) -> None:
    look(FIRST)
    with pytest.raises(NotFound, match=r"'99\.1'\. monitor show halcyon/terms has the text"):
        life(archive, WATCHED.ref, "99.1")
    with pytest.raises(NotFound, match='Did you mean "8 Law"'):
        life(archive, WATCHED.ref, "8 Laws")
    for title in ("the first one", "the second one"):
        look((*FIRST, ("Annex", f"This is {title} of several."), ("Annex", "Another one that is called so.")))
    with pytest.raises(NotFound, match=r"'annex' may be 2 provisions of .*, version 3: \"9 Annex\", \"10 An"):
        life(archive, WATCHED.ref, "annex")


# ── Read alike ───────────────────────────────────────────────────────────────────────────────────────────────────

CONFIG = """
[database]
url = "sqlite:///monitor.db"
[operator]
address = "o@example.org"
[[platforms]]
name = "Halcyon"
documents = [{{ name = "Terms", url = "{url}" }}]
"""


def test_a_net_change_over_a_new_reader_tells_only_what_the_page_changed(
    tmp_path: Path, sqlite_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older reader took the last section for no part of the terms."""
    store = Store.open(sqlite_url, clock=lambda: world.now)
    declare(store, (WATCHED,), (), DAILY)
    texts = [with_section(FIRST, 3, ("Ending", ENDING.replace("90", str(days)))) for days in (30, 45, 60, 90)]
    made = module._reading
    monkeypatch.setattr(module, "READER", "older")
    monkeypatch.setattr(module, "_reading", lambda *args: cut_short(made(*args)))
    for sections in texts[:2]:
        look_at(store, world, sections)
    monkeypatch.undo()
    for sections in texts[2:]:
        look_at(store, world, sections)
    store.close()
    (tmp_path / "terms-monitor.toml").write_text(CONFIG.format(url=MAIN.url))
    result = monitor("diff", "terms", "--from", "1", "--to", "4", config=tmp_path / "terms-monitor.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("provision") == 1
    assert "notice of [-30-]{+90+} days" in result.stdout
    (tmp_path / "terms-monitor.toml").write_text(CONFIG[: CONFIG.index("[[platforms")])
    gone = monitor("diff", "halcyon/terms", "--from", "1", "--to", "4", config=tmp_path / "terms-monitor.toml")
    assert gone.exit_code == 0
    assert "isn't in the configuration any more" in gone.stderr
    assert "8 Law  added" in gone.stdout


def cut_short(reading: Reading) -> Reading:
    *provisions, last = reading.provisions
    text = reading.text[: last.start]
    blocks = tuple(block for block in reading.blocks if block.end <= last.start)
    hashed = module.hashes(text, blocks, tuple(provisions), ())
    return replace(
        reading,
        text=text,
        blocks=blocks,
        provisions=tuple(provisions),
        words_hash=hashed.words,
        meaning_hash=hashed.meaning,
        undated_hash=hashed.undated,
    )
