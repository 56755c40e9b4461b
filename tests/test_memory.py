"""What earlier captures of a source taught the reader, and that it never costs a clause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from pages import SENTENCES, TERMS, declared_and_captured
from test_explain import PIECES

from monitor.core import canonical
from monitor.core.explain import explain
from monitor.core.lessons import lessons
from monitor.core.memory import BYTES_MAX, NOTHING, RESTLESS_AFTER, name_of, teach
from monitor.core.model import Lesson, Memory, Place, Reading, Restless, Snapshot, Stir, Unreadable
from monitor.core.read import READER, read
from monitor.core.reading.why import Why

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
MENU = ("Products", "Integrations", "Hosting", "Support")
ENTRIES = "".join(f"<p>{name}</p>" for name in MENU)
NAV = "<nav><ul>" + "".join(f"<li><a href=/{name}>{name}</a></li>" for name in MENU) + "</ul></nav>"
CLAUSE = "The Customer releases the Provider from any liability for what its connectors do with personal data."


def page(inner: str = "", around: str = "") -> str:
    return f"<html><body>{around}<main>{TERMS}{inner}</main></body></html>"


def taught(*bodies: str, **declared: object) -> Memory:
    """What is remembered after each of these pages became a version, a day after the other."""
    memory, at = NOTHING, NOW
    old: tuple[Snapshot, ...] = ()
    for body in bodies:
        document, captures = declared_and_captured((body,), **declared)
        before = read(document, old, (memory,)) if old else None
        assert not isinstance(before, Unreadable)
        (lesson,) = lessons(document, captures, (memory,), before, at)
        memory, at, old = teach(memory, lesson), at + timedelta(days=1), captures
    return memory


def text(body: str, memory: Memory, **declared: object) -> str:
    document, captures = declared_and_captured((body,), **declared)
    seen = read(document, captures, (memory,))
    assert isinstance(seen, Reading), seen
    return seen.text


# ── Furniture stays furniture ────────────────────────────────────────────────────────────────────────────────────


def test_a_menu_that_becomes_readable_after_a_redesign_is_still_left_out() -> None:
    memory = taught(page(around=NAV))
    moved = f"<main>{ENTRIES}{TERMS}</main>"
    assert "Integrations" in text(moved, NOTHING)
    assert text(moved, memory) == text(page(), NOTHING)
    # And after the redesign has become a version itself, because the terms were amended with it.
    amended = moved.replace("30 days", "60 days")
    assert "Integrations" not in text(amended, taught(page(around=NAV), amended))


def test_words_of_a_menu_are_read_where_they_are_new_in_the_text() -> None:
    memory = taught(page(around=NAV))
    items = "".join(f"<li>{name}</li>" for name in MENU)
    new = f"<h2>9. Subprocessors</h2><ul>{items}</ul>"
    assert text(page(new, around=NAV), memory).endswith("9. Subprocessors\n" + "\n".join(MENU))
    # Even if the menu is gone: a single heading or item between clauses is never left out.
    one = f"<h2>Hosting</h2><p>{CLAUSE}</p>"
    assert f"Hosting\n{CLAUSE}" in text(page(one), memory)


def test_a_heading_that_is_read_is_no_furniture() -> None:
    menu = NAV.replace("Products", "Section 1").replace("Support", "2. Section 2")
    memory = taught(page(around=menu))
    assert text(page(), memory) == text(page(), NOTHING)


@pytest.mark.parametrize("line", ["Last updated: 3 June 2026", "1. Scope", CLAUSE])
def test_a_date_a_numbered_line_and_a_clause_are_read_once_the_layout_lets_them(line: str) -> None:
    memory = taught(page(around=f"<div>{line}</div>"))
    assert text(f"<main><p>{line}</p>{TERMS}</main>", memory).startswith(line)


# ── Terms stay terms ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "opened", ["<aside class=promo>", "<div class=share-box>", "<footer>", "<div class=modal>", "<nav>"]
)
def test_a_clause_that_moves_into_what_looks_like_furniture_is_still_read(opened: str) -> None:
    closed = f"</{opened[1:-1].split()[0]}>"
    before = page(f"<h2>Connectors</h2><p>{CLAUSE}</p>")
    outside = f"{opened}<h2>Connectors</h2><p>{CLAUSE}</p><p>Try our new plan</p>{closed}"
    after = f"<html><body><main>{TERMS}</main>{outside}</body></html>"
    assert CLAUSE not in text(after, NOTHING)
    assert text(after, taught(before)) == text(before, NOTHING)


def test_a_list_of_links_that_was_read_once_is_no_clause() -> None:
    names = ("Additional product terms", "Terms for the use of products of the Customer on its own infrastructure")
    sections = "".join(f"<h2>{name}</h2><p>{CLAUSE} {name}.</p>" for name in names)
    links = "".join(f"<li><a href=/{at}>{name}</a></li>" for at, name in enumerate(names))
    memory = taught(page(sections, around=NAV))
    moved = f"<main>{ENTRIES}{TERMS}<aside><ul>{links}</ul></aside></main>"
    assert text(moved, memory) == text(page(), NOTHING)


def test_what_the_declaration_takes_out_stays_out() -> None:
    memory = taught(page(f"<p>{CLAUSE}</p>"))
    promotion = page(around=f"<aside class=promo><p>{CLAUSE}</p></aside>")
    assert CLAUSE in text(promotion, memory)
    assert CLAUSE not in text(promotion, memory, remove=("aside",))
    assert CLAUSE not in text(promotion, memory, select=("main",))
    assert CLAUSE not in text(promotion, memory, section="Section 4")
    assert lessons(*declared_and_captured((promotion,), select=("main",)), (), None, NOW) == ()


def test_a_section_on_cookies_that_gets_buttons_is_still_read_and_a_banner_is_not() -> None:
    asked = "We and our partners store cookies on your device to learn what you like, with your consent to this policy."
    section = f"<div><h2>Cookies</h2><p>{asked}</p>%s</div><p>{CLAUSE}</p>"
    buttons = "<button>Accept</button><button>Refuse</button>"
    memory = taught(page(section % ""))
    assert asked not in text(page(section % buttons), NOTHING)
    assert asked in text(page(section % buttons), memory)
    assert asked not in text(page(around=f"<div><p>{asked}</p>{buttons}</div>"), memory)
    assert asked not in text(page(around=f"<footer><p>{asked}</p></footer>"), memory)


def test_another_copy_of_a_clause_stays_left_out() -> None:
    memory = taught(page(f"<p>{CLAUSE}</p>"))
    assert text(page(f"<p>{CLAUSE}</p>", around=f"<aside>{CLAUSE}</aside>"), memory).count(CLAUSE) == 1


# ── Restless lines go ────────────────────────────────────────────────────────────────────────────────────────────


def teasers(number: int) -> str:
    return f"<p>{CLAUSE}</p><p>Ten thoughts on number {number}</p><p>What {number} teaches about cats</p>"


def test_teasers_that_change_again_and_again_are_left_out_in_the_end() -> None:
    shown = [page(teasers(number)) for number in range(9)]
    assert "cats" in text(shown[4], taught(*shown[:RESTLESS_AFTER]))
    memory = taught(*shown[: RESTLESS_AFTER + 1])
    assert text(shown[8], memory) == text(page(f"<p>{CLAUSE}</p>"), NOTHING)
    # What comes besides is told, and so is what an agreement turns on.
    assert "liable for all of it" in text(page(teasers(8) + "<p>The Customer is liable for all of it</p>"), memory)
    assert "new clause" in text(page(teasers(8).replace("cats", "our new clause on liability and licences")), memory)


@pytest.mark.parametrize(
    "edits",
    [
        [f"<p>Support costs {number} € a month</p>" for number in range(9)],
        [f"<table><tr><th>Name<th>Place<tr><td>Host {n}<td>Norway<tr><td>Two<td>Oslo</table>" for n in range(9)],
        [f"<p>{CLAUSE.replace('any', str(number))}</p>" for number in range(9)],
        ["<ul>" + "".join(f"<li>Host {n}, Norway</li>" for n in range(9, number, -1)) + "</ul>" for number in range(9)],
        [f"<p>Shown to the {('East', 'West')[number % 2]}</p>" for number in range(9)],
        [
            "<ul><li>" + "</li><li>".join(sorted(MENU, key=lambda n, i=i: hash((n[i % 4], i)))) + "</li></ul>"
            for i in range(9)
        ],
    ],
    ids=["price", "table of subprocessors", "clause", "list that grows", "variants", "another order"],
)
def test_what_an_agreement_turns_on_is_never_restless(edits: list[str]) -> None:
    assert taught(*(page(f"{edit}<p>{SENTENCES[0]}</p>") for edit in edits)).restless == ()


def test_edits_of_a_place_that_are_weeks_apart_are_no_restlessness() -> None:
    memory = NOTHING
    for number in range(9):
        stir = Stir(Place("a", "b"), f"{number}", NOW + number * timedelta(days=5), 1, 9)
        memory = teach(memory, Lesson("s", READER, (), (), (stir,)))
    assert memory.restless == ()


# ── A memory is a value ──────────────────────────────────────────────────────────────────────────────────────────

PAGES = st.lists(st.sampled_from([*PIECES, "<aside>", "</aside>", NAV, CLAUSE]), min_size=3, max_size=14).map("".join)


@settings(max_examples=150, deadline=None)
@given(PAGES, PAGES)
def test_a_page_reads_the_same_under_what_it_taught_and_is_explained_as_it_is_read(first: str, second: str) -> None:
    document, captures = declared_and_captured((page(first),))
    once = read(document, captures, ())
    memory = teach(NOTHING, lessons(document, captures, (), None, NOW)[0]) if isinstance(once, Reading) else NOTHING
    if isinstance(once, Reading):
        again = read(document, captures, (memory,))
        assert isinstance(again, Reading)
        assert (again.text, again.blocks) == (once.text, once.blocks)
    document, captures = declared_and_captured((page(second, around=first),))
    seen = read(document, captures, (memory,))
    explained = explain(document, captures, (memory,))
    assert explained.seen == seen
    if isinstance(seen, Reading):
        assert "\n".join(block.text for block in explained.kept) == seen.text


KEYS = st.integers(0, 20_000).map(lambda number: f"{number:08}")
STIRS = st.builds(
    Stir,
    st.builds(Place, st.just("\U0001f600" * 8), KEYS),
    KEYS,
    st.integers(0, 30).map(lambda days: NOW + timedelta(days=days)),
    st.integers(1, 20),
    st.integers(1, 10**9),
)
TAUGHT = st.tuples(
    st.integers(0, 9_000), st.integers(0, 5_000), st.lists(KEYS, max_size=60), st.lists(STIRS, max_size=30)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TAUGHT, min_size=1, max_size=5))
def test_a_memory_is_bounded_holds_the_last_lesson_and_learns_nothing_twice(
    taken: list[tuple[int, int, list[str], list[Stir]]],
) -> None:
    memory = NOTHING
    for start, count, left, stirs in taken:
        shown = tuple(f"{number:08}" for number in range(start, start + count))
        memory = teach(memory, Lesson("s", READER, shown, tuple(left * 30), tuple(stirs)))
        assert len(canonical.dump(memory)) <= BYTES_MAX
        assert set(shown[-4_000:]) <= set(memory.read)
        assert not set(memory.left) & set(memory.read)
        assert name_of(teach(memory, Lesson("s", READER, shown, tuple(left * 30)))) == name_of(memory)
    assert canonical.load(Memory, canonical.dump(memory)) == memory


def test_what_another_reader_remembered_counts_for_nothing() -> None:
    memory = Memory("0", ("a",), ("b",), (), (Restless(Place("", ""), 9, 999),))
    document, captures = declared_and_captured((page(),))
    assert read(document, captures, (memory,)) == read(document, captures, ())
    assert teach(memory, Lesson("s", READER, ("c",), ())) == Memory(READER, ("c",))


def test_a_shell_is_judged_by_what_it_bears_whatever_is_remembered() -> None:
    memory = taught(page(around=NAV))
    document, captures = declared_and_captured((f"<main>{ENTRIES}</main><script>{'x' * 9999}</script>",))
    assert read(document, captures, (memory,)) == read(document, captures, ())
    assert explain(document, captures, (memory,)).reasons()[0][0] is Why.REMEMBERED
