"""What a subscriber accepted: kept beside everything else, never changed, and the start of what is told since."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import func, select

from monitor.cli.between import moment_of
from monitor.core.errors import BadInput, NotFound
from monitor.core.model import DocumentRef, Plan
from monitor.demo.site import Face
from monitor.demo.stage import EVERYTHING, FREE_READER, Stage
from monitor.store import accepting, tables as t
from monitor.store.declare import declare
from monitor.store.engine import Store
from tests.recorded import WEEKLY, document, see, subscriber
from tests.test_cli import CONNECTOR_TERMS, monitor

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
TERMS, OTHER = document(), document(platform="other")
ANNA, BEN = "anna@example.org", "ben@example.org"
BOTH = (subscriber(ANNA, Plan.PROFESSIONAL, "acme"), subscriber(BEN, Plan.WATCHER, "acme", "other"))


@pytest.fixture
def moments() -> list[datetime]:
    return [NOW]


@pytest.fixture
def archive(store_url: str, moments: list[datetime]) -> Iterator[Store]:
    """Three versions, an hour apart."""
    opened = Store.open(store_url, lambda: moments[-1])
    declare(opened, (TERMS, OTHER), BOTH, WEEKLY)
    for text in ("Be kind.", "Be cruel.", "Be quick."):
        see(opened, text, TERMS)
        moments.append(moments[-1] + timedelta(hours=1))
    yield opened
    opened.close()


def rows(store: Store) -> int:
    count = select(func.count()).select_from(t.acceptance)
    return store.read(lambda connection: connection.execute(count).scalar_one())


# ── The store ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_acceptance_counts_and_the_same_one_again_adds_nothing(archive: Store) -> None:
    first = accepting.accept(archive, ANNA, TERMS.ref, 1, "signed by A. Berg")
    assert (first.new, first.before, first.acceptance.note) == (True, None, "signed by A. Berg")
    assert accepting.accept(archive, ANNA.upper(), TERMS.ref).acceptance.number == 3
    again = accepting.accept(archive, ANNA, TERMS.ref, 3)
    assert (again.new, rows(archive)) == (False, 2)
    earlier = accepting.accept(archive, ANNA, TERMS.ref, 2)
    assert earlier.before is not None
    assert (earlier.new, earlier.before.number) == (True, 3)
    assert accepting.accepted(archive, ANNA, TERMS.ref).number == 2


def test_how_far_behind_somebody_is_counts_the_versions_that_came_after(archive: Store) -> None:
    accepting.accept(archive, ANNA, TERMS.ref, 1)
    (state,) = accepting.acceptances(archive, ANNA)
    assert (state.ref, state.current, state.behind, state.followed) == (TERMS.ref, 3, 2, True)
    see(archive, "Be kind.", TERMS)  # the first text is back
    (state,) = accepting.acceptances(archive, ANNA)
    assert (state.current, state.behind) == (1, 0)
    assert [(one.address, one.ref.platform, one.current) for one in accepting.acceptances(archive)] == [
        (ANNA, "acme", 1),
        (BEN, "acme", 1),
        (BEN, "other", None),
    ]


def test_who_leaves_takes_no_acceptance_along_and_finds_their_own_when_they_come_back(archive: Store) -> None:
    for who in (ANNA, BEN):
        accepting.accept(archive, who, TERMS.ref, 2)
    declare(archive, (TERMS, OTHER), BOTH[:1], WEEKLY)
    assert accepting.accepted(archive, ANNA, TERMS.ref).number == 2
    assert accepting.accepted(archive, BEN, TERMS.ref).number == 2
    assert [one.followed for one in accepting.acceptances(archive, BEN)] == [False]
    with pytest.raises(NotFound, match="is a subscriber no more: put them back"):
        accepting.accept(archive, BEN, TERMS.ref)
    declare(archive, (TERMS, OTHER), BOTH, WEEKLY)
    assert accepting.accept(archive, BEN, TERMS.ref, 2).new is False


def test_the_same_version_accepted_by_many_at_once_is_one_acceptance(archive: Store) -> None:
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda _: accepting.accept(archive, ANNA, TERMS.ref, 2), range(16)))
    assert ([one.new for one in made].count(True), rows(archive)) == (1, 1)


@pytest.mark.parametrize("note", ["\udcff", "a\x00b", "x" * 2_001])
def test_a_note_that_can_not_be_kept_word_for_word_is_refused(archive: Store, note: str) -> None:
    with pytest.raises(BadInput, match="Expected a note"):
        accepting.accept(archive, ANNA, TERMS.ref, 2, note)
    assert rows(archive) == 0


@pytest.mark.parametrize(
    ("who", "ref", "number", "said"),
    [
        ("ana@example.org", TERMS.ref, None, r"no subscriber ana@example\.org\. Did you mean anna@example\.org\?"),
        ("x", TERMS.ref, None, "no subscriber x. monitor run takes new ones over"),
        (ANNA, OTHER.ref, None, "doesn't follow other, only acme: add it to their platforms"),
        (BEN, OTHER.ref, None, "Nothing of other/terms has been archived yet"),
        (ANNA, TERMS.ref, 9, "has no version 9: it has 1 to 3"),
    ],
)
def test_what_can_not_be_accepted_is_said_and_not_recorded(
    archive: Store, who: str, ref: DocumentRef, number: int | None, said: str
) -> None:
    with pytest.raises(NotFound, match=said):
        accepting.accept(archive, who, ref, number)
    assert rows(archive) == 0


# ── Moments ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01", "2026-03-01T00:00+00:00"),
        ("2026-03-01T12:30", "2026-03-01T12:30+00:00"),
        (" 2026-03-01T12:30:00Z ", "2026-03-01T12:30+00:00"),
        ("2026-03-01T12:30+02:00", "2026-03-01T10:30+00:00"),
        ("30 days", "2026-03-02T06:00+00:00"),
        ("12h", "2026-03-31T18:00+00:00"),
        ("1 Week", "2026-03-25T06:00+00:00"),
    ],
)
def test_a_moment_is_a_date_a_time_or_so_long_ago(text: str, at: str) -> None:
    assert moment_of(text, NOW) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "03/02/2026", "999999 weeks", "-3 days", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_moment_is_refused_with_what_is_one(text: str) -> None:
    with pytest.raises(BadInput, match=r'Expected a date \(2026-03-01\), a time .* or "30 days", found'):
        moment_of(text, NOW)


def test_a_moment_ahead_is_refused() -> None:
    with pytest.raises(
        BadInput, match="Expected a moment that has been, found 2027-01-01: it is 2026-04-01 06:00 UTC now"
    ):
        moment_of("2027-01-01", NOW)


# ── The commands ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two versions of the connector terms: the first one seen a hundred days ago, the second one fifty."""
    folder = tmp_path_factory.mktemp("accepting")
    with Stage(folder) as stage:
        assert monitor("check", config=stage.config).exit_code == 0
        stage.site.show(CONNECTOR_TERMS, Face.EDITED)
        monitor("check", CONNECTOR_TERMS, config=stage.config)
        with closing(sqlite3.connect(folder / "archive.db")) as database, database:
            for number, days in ((1, 100), (2, 50)):
                at = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
                database.execute("UPDATE version SET seen_from = ? WHERE number = ?", (at, number))
        yield stage


def test_a_diff_since_a_moment_is_the_net_from_what_was_current_then(watched: Stage) -> None:
    def since(when: str) -> tuple[int, str, str]:
        result = monitor("diff", CONNECTOR_TERMS, "--since", when, config=watched.config)
        return result.exit_code, result.stdout, result.stderr

    code, shown, remarked = since("60 days")
    assert (code, "version 1 → 2" in shown, "[-30-]{+90+} days" in shown) == (0, True, True)
    assert "version 1 was current, since" in remarked
    code, shown, remarked = since("2020-01-01")
    assert (code, "version 1 → 2" in shown) == (0, True)
    assert "begins later" in remarked
    assert "compared with its first version" in remarked
    code, shown, _ = since("10 days")
    assert code == 0
    assert re.fullmatch(
        r"No change since .* UTC: version 2, current since .*, was verified 1 time until .* UTC\.\n", shown
    )


def test_the_json_of_a_diff_since_is_a_change_record_also_where_nothing_changed(watched: Stage) -> None:
    schema = json.loads((Path(__file__).parent.parent / "docs" / "schemas" / "change-1.json").read_text())
    for when, versions in (("60 days", (1, 2)), ("10 days", (2, 2))):
        record = json.loads(monitor("diff", CONNECTOR_TERMS, "--since", when, "--json", config=watched.config).stdout)
        jsonschema.validate(record, schema)
        assert (record["old"]["number"], record["new"]["number"]) == versions
        assert bool(record["edits"]) == (versions == (1, 2))


def test_one_way_to_say_from_where_is_enough(watched: Stage) -> None:
    for more in (["--from", "1"], ["--accepted-by", EVERYTHING]):
        result = monitor("diff", CONNECTOR_TERMS, "--since", "9 days", *more, config=watched.config)
        assert result.exit_code == 2
        assert "expected one of them, found 2" in result.stderr


def test_a_version_is_accepted_and_the_diff_starts_from_there(watched: Stage) -> None:
    none = monitor("diff", CONNECTOR_TERMS, "--accepted-by", EVERYTHING, config=watched.config)
    assert none.exit_code == 2
    how = f"monitor accept {CONNECTOR_TERMS} --for {EVERYTHING}"
    assert f"{how} accepts the current one" in none.stderr
    accept = ("accept", CONNECTOR_TERMS, "--for", EVERYTHING)
    made = monitor(*accept, "--version", "1", "--note", "file 12", config=watched.config)
    assert made.stdout == f"{EVERYTHING} accepted version 1 of {CONNECTOR_TERMS}.\n"
    behind = monitor("accepted", "--for", EVERYTHING, config=watched.config).stdout
    assert re.search(rf"{CONNECTOR_TERMS} +1 .* 2 +1 version behind, \+\d+ −\d+ words", behind)
    assert "nothing accepted yet" in behind
    shown = monitor("diff", CONNECTOR_TERMS, "--accepted-by", EVERYTHING, config=watched.config)
    assert "[-30-]{+90+} days" in shown.stdout
    assert f"{EVERYTHING} accepted version 1 on " in shown.stderr
    assert "has accepted version 1" in monitor(*accept, "-n", "1", config=watched.config).stdout
    assert monitor(*accept, config=watched.config).stdout.endswith(f"version 2 of {CONNECTOR_TERMS}.\n")
    same = monitor("diff", CONNECTOR_TERMS, "--accepted-by", EVERYTHING, config=watched.config)
    assert (same.exit_code, same.stdout.startswith("No change since")) == (0, True)
    earlier = monitor(*accept, "-n", "1", config=watched.config).stdout
    assert "It is earlier than version 2, accepted" in earlier
    facts = json.loads(monitor("accepted", "--for", EVERYTHING, "--json", config=watched.config).stdout)
    mine = next(one for one in facts if one["accepted"])
    assert (mine["accepted"]["number"], mine["behind"], mine["current"], mine["difference"]) == (1, 1, 2, "change")


def test_accepting_for_somebody_who_does_not_follow_is_one_sentence(watched: Stage) -> None:
    result = monitor("accept", CONNECTOR_TERMS, "--for", FREE_READER, config=watched.config)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "doesn't follow aurelle" in result.stderr


def test_the_life_of_a_provision_is_shown_with_its_redlines(watched: Stage) -> None:
    version = json.loads(monitor("show", CONNECTOR_TERMS, "--json", config=watched.config).stdout)
    record = json.loads(monitor("diff", CONNECTOR_TERMS, "--json", config=watched.config).stdout)
    changed = next(one for one in record["provisions"] if one["op"] == "modified" and "90" in one["after"]["text"])
    identity = changed["after"]["identity"]
    assert identity in version["identities"]
    history = ("history", CONNECTOR_TERMS, "--provision", changed["after"]["label"])
    shown = monitor(*history, config=watched.config).stdout
    assert "in the first version, as" in shown
    assert "[-30-]{+90+} days" in shown
    assert "after 50 days unchanged" in shown
    assert "its words stand since" in shown
    facts = json.loads(monitor(*history, "--json", config=watched.config).stdout)
    assert (facts["identity"], facts["current"], facts["lineage"]) == (identity, True, [])
    assert [(one["version"], one["cause"], one["ops"]) for one in facts["events"]] == [
        (1, "first", []),
        (2, "change", ["modified"]),
    ]
    none = monitor("history", CONNECTOR_TERMS, "--provision", "99.9", config=watched.config)
    assert (none.exit_code, none.stderr.count("\n")) == (2, 1)
