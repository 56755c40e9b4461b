"""The benchmarks are honest mirrors: replay, acceptance cases, served histories and the audit after kills.

A tiny corpus of made-up pages is written in the shared corpus' format. What needs the shared one is skipped without it.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import zstandard
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(BENCHMARKS))  # they are scripts beside each other, not a package

import audit  # noqa: E402
import authoring  # noqa: E402
import cases  # noqa: E402
import replay  # noqa: E402
import scoring  # noqa: E402
from harness import DIGEST, Archives, Capture, InThread, Looked  # noqa: E402
from histories import choose, open_corpus  # noqa: E402
from history_server import HistoryServer, load_served  # noqa: E402
from receivers import Received, Receivers  # noqa: E402

from monitor.config import load  # noqa: E402
from monitor.core.compare import compare  # noqa: E402
from monitor.core.model import (  # noqa: E402
    Archived,
    Channel,
    ChannelKind,
    Document,
    DocumentRef,
    Pending,
    Plan,
    Policy,
    Schedule,
    Source,
    Subscriber,
    SuspectKind,
)
from monitor.core.routing import Periods  # noqa: E402
from monitor.store import notices  # noqa: E402
from monitor.store.declare import declare  # noqa: E402
from monitor.store.tables import event  # noqa: E402

START = datetime(2026, 4, 1, 6, tzinfo=UTC)
HALF_A_DAY = timedelta(hours=12)

# The shared corpus' reader as far as it is used, for a corpus of one group a page.
READER = '''
import sqlite3
from collections import namedtuple
import zstandard

Doc = namedtuple("Doc", "id collection service terms_type source_id company n_kept")
Row = namedtuple("Row", "id t url mime adjacent label sha256 size data")

class Snapshot(Row):
    raw = property(lambda self: zstandard.ZstdDecompressor().decompress(self.data, max_output_size=self.size))

class Corpus:
    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def docs(self):
        query = "SELECT id, collection, service, terms_type, source_id, company, n_kept FROM doc ORDER BY id"
        return [Doc(*row) for row in self.db.execute(query)]

    def snapshots(self, doc):
        query = """SELECT s.id, t, url, mime, adjacent, label, sha256, size, data FROM snapshot s
            JOIN blob b ON b.id = s.blob_id JOIN grp g ON g.id = b.grp_id WHERE doc_id = ? ORDER BY seq"""
        return [Snapshot(*row) for row in self.db.execute(query, (doc,))]

    def pair_class(self, doc, prev, cur):
        return cur.label
'''

TOPICS = ("Orders", "Prices", "Delivery", "Returns", "Accounts", "Content", "Liability", "Termination")
SENTENCES = (
    "{topic} are handled by Quillmark under this section, and you agree to read it before you rely on it.",
    "If something about {topic} is unclear, write to the office in Tallinn within 30 days and wait for the answer.",
    "Nothing here on {topic} limits rights that the law of your country gives you as a consumer.",
)


def page(text: str, nonce: int, title: str = "Terms of Use") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Quillmark</title>'
        f'<script nonce="{nonce}">window.build={nonce}</script></head><body><nav><a href="/">Home</a></nav>'
        f"<main><h1>{title}</h1>{text}</main><footer>© Quillmark</footer></body></html>"
    ).encode()


def sections(*changed: tuple[str, str]) -> str:
    """Eight sections; each pair replaces words in them."""
    paragraphs = {topic: "".join(f"<p>{one.format(topic=topic)}</p>" for one in SENTENCES) for topic in TOPICS}
    text = "".join(f"<h2>{number}. {topic}</h2>{body}" for number, (topic, body) in enumerate(paragraphs.items(), 1))
    for before, after in changed:
        assert before in text
        text = text.replace(before, after)
    return text


EDIT = (
    "Delivery is unclear, write to the office in Tallinn within 30 days",
    "Delivery is unclear, write within 3 days",
)
REWRITTEN = "".join(
    f"<h2>{number}. On {topic}</h2>"
    + f"<p>Our partners abroad now decide {topic} questions by themselves; the {topic} desk answers by telephone.</p>"
    + f"<p>Whoever disagrees about {topic} has to appear before an arbitrator whom the company has appointed.</p>"
    for number, topic in enumerate(TOPICS, 1)
)
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<p>Verify you are human by completing the action below. Enable JavaScript and cookies to continue.</p>"
    b"</body></html>"
)

PAGES: dict[int, tuple[tuple[bytes, str], ...]] = {
    1: (
        (page(sections(), 11), "start"),
        (page(sections(), 12), "same"),
        (page(sections(EDIT), 13), "change"),
        (page(sections(EDIT), 14), "same"),
        (page(REWRITTEN, 15), "change"),
        (page(REWRITTEN, 16), "same"),
    ),
    2: (
        (page(sections(("Quillmark", "Quillmark Post")), 21, "Privacy Notice"), "start"),
        (CHALLENGE, "same"),
        (page(sections(("Quillmark", "Quillmark Post")), 22, "Privacy Notice"), "same"),
    ),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two made-up documents, looked at every twelve hours."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "read_corpus.py").write_text(READER)
    write_corpus(folder / "corpus.sqlite")
    return folder


def write_corpus(file: Path) -> None:
    db = sqlite3.connect(file)
    db.executescript(
        """
        CREATE TABLE grp(id INTEGER PRIMARY KEY, raw_size INTEGER, data BLOB);
        CREATE TABLE blob(id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, size INTEGER, grp_id INTEGER, off INTEGER);
        CREATE TABLE doc(id INTEGER PRIMARY KEY, collection TEXT, service TEXT, terms_type TEXT, source_id TEXT,
            company TEXT, n_kept INTEGER);
        CREATE TABLE snapshot(id INTEGER PRIMARY KEY, doc_id INTEGER, seq INTEGER, adjacent INTEGER, t INTEGER,
            url TEXT, mime TEXT, blob_id INTEGER, label TEXT);
        """
    )
    number = 0
    for doc, recorded in PAGES.items():
        name = ("Terms", "Privacy")[doc - 1]
        db.execute("INSERT INTO doc VALUES (?, 'made', 'Shop', ?, '', 'quillmark', ?)", (doc, name, len(recorded)))
        for seq, (body, label) in enumerate(recorded):
            number += 1
            name_of_bytes = hashlib.sha256(body).hexdigest()
            db.execute("INSERT INTO grp VALUES (?, ?, ?)", (number, len(body), zstandard.compress(body)))
            db.execute("INSERT INTO blob VALUES (?, ?, ?, ?, 0)", (number, name_of_bytes, len(body), number))
            at = int((START + seq * HALF_A_DAY).timestamp())
            url = f"https://quillmark.test/{name.lower()}"
            row = (number, doc, seq, int(seq > 0), at, url, "text/html", number, label)
            db.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.commit()
    db.close()


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT)


# ── Replay ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_replay_says_for_each_class_of_pairs_how_many_raised_an_alert(corpus: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    judged = {"from_snapshot": 2, "to_snapshot": 3, "kind": "substantive", "sure": False}
    labels.write_text(json.dumps(judged) + "\n")
    out = tmp_path / "out.json"
    done = run("replay.py", corpus, "--labels", labels, "--json", out, "--processes", 1)
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text())
    counts = {name: found[name] for name in ("documents", "captures", "versions", "alerts", "suspects")}
    assert counts == {"documents": 2, "captures": 9, "versions": 4, "alerts": 2, "suspects": 1}
    (suspected,) = found["suspected"]
    assert (suspected["doc"], suspected["class"], suspected["kind"]) == (2, "same", "suspect challenge")
    assert found["pairs"] == {"change": {"n": 2, "alerted": 2}, "same": {"n": 5, "alerted": 0}}
    assert found["labels"] == {"substantive": {"n": 1, "alerted": 1, "n_sure": 0, "alerted_sure": 0}}
    (row,) = found["to_read"]
    assert (row["doc"], row["class"], row["kind"], row["alerted"]) == (1, "change", "substantive", True)
    assert [one["captures"] for one in found["per_document"]] == [6, 3]
    assert found["cpu_ms_per_capture"] > 0


def test_a_text_that_differs_a_lot_is_looked_at_again_and_alerts_between_two_captures(
    corpus: Path, tmp_path: Path
) -> None:
    recorded = open_corpus(corpus)
    one = replay.replay(recorded, recorded.docs()[0], Archives(tmp_path), InThread())
    rewritten = one.pairs[4]
    assert one.looks == one.captures + 1
    assert (rewritten.kind, rewritten.alerted, rewritten.result) == ("change", True, "archived change")
    assert not one.pairs[5].alerted


@pytest.mark.parametrize("company", ["quillmark", "QuillMark"])
def test_a_replay_takes_a_company_by_its_name(corpus: Path, company: str) -> None:
    assert [doc.id for doc in choose(open_corpus(corpus), company)] == [1, 2]


def test_a_company_that_is_not_recorded_is_refused_with_those_that_are(corpus: Path) -> None:
    done = run("replay.py", corpus, "--company", "inkwell")
    assert done.returncode == 2
    assert done.stderr == "The corpus has no document of company inkwell. Its companies are quillmark.\n"


@dataclass(frozen=True)
class Looks:
    """A look that raised an alert and one that didn't, from real checks, to be given other texts and times."""

    loud: Looked
    quiet: Looked

    def held(self, at: datetime, text: str) -> Looked:
        pending = Pending(text, SuspectKind.CUT_SHORT, "", at, 1)
        return replace(self.quiet, at=at, outcome=replace(self.quiet.outcome, pending=pending))

    def believed(self, at: datetime, text: str) -> Looked:
        result = self.loud.outcome.result
        assert isinstance(result, Archived)
        result = replace(result, reading=replace(result.reading, words_hash=text))
        return replace(self.loud, at=at, outcome=replace(self.loud.outcome, result=result))


@pytest.fixture
def looks(tmp_path: Path) -> Looks:
    with Archives(tmp_path).watching(DOCUMENT, Policy(), InThread()) as watch:
        shown = [one for capture in CAPTURES for one in watch.show(capture, capture.at + HALF_A_DAY)]
    assert [one.alerts for one in shown] == [0, 0, 1]
    return Looks(loud=shown[2], quiet=shown[1])


DOCUMENT = Document(
    DocumentRef("quillmark", "terms"), "Quillmark", "Terms", (Source("https://quillmark.test/terms"),), Schedule(3600.0)
)
CAPTURES = [
    Capture(START + n * HALF_A_DAY, 200, "https://quillmark.test/terms", (("Content-Type", "text/html"),), body)
    for n, (body, _) in enumerate(PAGES[1][:3])
]


@pytest.mark.parametrize(("hours", "owner"), [(47, 0), (49, 1)])
def test_the_alert_of_a_held_text_belongs_to_the_pair_that_brought_it_for_two_days(
    looks: Looks, hours: int, owner: int
) -> None:
    pairs = [scoring.Pair(1, n, n + 1, START + n * HALF_A_DAY, "change") for n in range(2)]
    attribution = scoring.Attribution()
    attribution.follow(pairs[0], looks.held(START, "new"))
    attribution.follow(pairs[1], looks.held(START + HALF_A_DAY, "new"))
    attribution.follow(pairs[1], looks.believed(START + timedelta(hours=hours), "new"))
    assert [pair.alerted for pair in pairs] == [owner == 0, owner == 1]


def test_a_held_text_that_another_text_replaced_gets_no_alert(looks: Looks) -> None:
    pairs = [scoring.Pair(1, n, n + 1, START + n * HALF_A_DAY, "change") for n in range(2)]
    attribution = scoring.Attribution()
    attribution.follow(pairs[0], looks.held(START, "new"))
    attribution.follow(pairs[1], looks.held(START + HALF_A_DAY, "newer"))
    attribution.follow(pairs[1], looks.believed(START + 2 * HALF_A_DAY, "newer"))
    assert [pair.alerted for pair in pairs] == [False, True]


@pytest.mark.skipif(not (SHARED / "corpus" / "corpus.sqlite").exists(), reason="the shared corpus isn't beside us")
def test_real_histories_are_read_by_the_reader_of_their_corpus(tmp_path: Path) -> None:
    recorded = open_corpus(SHARED / "corpus")
    doc = min((doc for doc in recorded.docs() if doc.n_kept > 10), key=lambda doc: doc.n_kept)
    one = replay.replay(recorded, doc, Archives(tmp_path), InThread())
    assert one.captures == doc.n_kept
    assert one.looks >= one.captures
    assert one.versions >= 1
    assert all(pair.result for pair in one.pairs)


# ── Acceptance cases ─────────────────────────────────────────────────────────────────────────────────────────────


def write_case(folder: Path, name: str, results: list[str], alerts: int, heading: str) -> None:
    case = folder / name
    case.mkdir()
    captures = []
    for number, (result, body) in enumerate(zip(results, (PAGES[1][0][0], PAGES[1][2][0]), strict=True)):
        (case / f"{number}.html").write_bytes(body)
        captures.append(
            {
                "at": (START + number * HALF_A_DAY).isoformat(),
                "file": f"{number}.html",
                "status": 200,
                "url": "https://quillmark.test/terms",
                "headers": {"Content-Type": "text/html; charset=utf-8"},
                "result": result,
            }
        )
    change = {
        "provisions": [{"op": "modified", "heading": heading, "after": "within 3 days"}],
        "only": True,
        "signals": ["number"],
        "words_added_max": 4,
    }
    whole = {
        "platform": "Quillmark",
        "document": "Terms of Use",
        "url": "https://quillmark.test/terms",
        "language": "en",
        "why": "made up",
        "captures": captures,
        "alerts": alerts,
        "change": change,
    }
    (case / "case.json").write_text(json.dumps(whole))


def test_a_failing_case_says_what_it_expected_and_got(tmp_path: Path) -> None:
    write_case(tmp_path, "good", ["first", "change"], 1, "Delivery")
    write_case(tmp_path, "wrong", ["first", "same"], 0, "Orders")
    out = tmp_path / "out.json"
    assert cases.main([str(tmp_path), "--json", str(out)]) == 1
    found = json.loads(out.read_text())
    assert (found["passed"], found["failed"]) == (1, 1)
    good, wrong = found["cases"]
    assert good == {"case": "good", "ok": True, "problems": []}
    assert [problem.split(":")[0] for problem in wrong["problems"]] == ["1.html", "alerts", "provisions", "only"]
    assert wrong["problems"][1] == "alerts: expected 0, got 1"
    assert cases.main([str(tmp_path), "--case", "good"]) == 0


def test_an_expectation_nobody_checks_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_case(tmp_path, "case", ["first", "change"], 1, "Delivery")
    file = tmp_path / "case" / "case.json"
    file.write_text(file.read_text().replace('"why"', '"whim": 1, "why"'))
    assert cases.main([str(tmp_path)]) == 2
    assert "whim" in capsys.readouterr().err


@pytest.mark.skipif(not (SHARED / "cases").exists(), reason="the shared cases aren't beside us")
def test_every_shared_case_can_be_read() -> None:
    folders = cases.find_cases(SHARED / "cases", None)
    assert len([cases.load_case(folder) for folder in folders]) == len(folders) > 50


# ── Served histories ─────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def serving(corpus: Path, now: list[datetime]) -> Iterator[str]:
    recorded = open_corpus(corpus)
    served = load_served(recorded, recorded.docs(), None, None)
    server = HistoryServer(served, lambda: now[0], "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.close()


def test_a_served_page_changes_when_its_time_comes_and_not_before(corpus: Path) -> None:
    now = [START - HALF_A_DAY]
    with serving(corpus, now) as site:
        url = f"{site}/1-shop-terms"
        first = httpx.get(url)
        assert first.content == PAGES[1][0][0]
        assert first.headers["content-type"] == "text/html; charset=utf-8"
        since = {"If-None-Match": first.headers["etag"]}
        now[0] = START + HALF_A_DAY - timedelta(seconds=1)
        assert httpx.get(url, headers=since).status_code == 304
        assert httpx.get(url, headers={"If-Modified-Since": first.headers["last-modified"]}).status_code == 304
        now[0] = START + HALF_A_DAY
        assert httpx.get(url, headers=since).content == PAGES[1][1][0]
        now[0] = START + 100 * HALF_A_DAY
        assert httpx.get(url).content == PAGES[1][5][0]


def test_the_index_says_what_is_shown_and_what_time_it_is(corpus: Path) -> None:
    now = [START + 2 * HALF_A_DAY]
    with serving(corpus, now) as site:
        index = httpx.get(f"{site}/index.json").json()
        page = httpx.get(site).text
        missing = httpx.get(f"{site}/elsewhere")
    assert datetime.fromisoformat(index["now"]) == now[0]
    assert [(one["path"], one["shown_before"], one["pages"]) for one in index["documents"]] == [
        ("/1-shop-terms", 3, 6),
        ("/2-shop-privacy", 3, 3),
    ]
    assert 'href="/2-shop-privacy"' in page
    assert missing.status_code == 404


def test_only_the_pages_of_a_time_are_served_with_the_one_before(corpus: Path) -> None:
    recorded = open_corpus(corpus)
    served = load_served(recorded, recorded.docs(), START + 3 * HALF_A_DAY, START + 4 * HALF_A_DAY)
    assert [(one.doc, len(one.pages)) for one in served] == [(1, 3)]


def test_the_printed_configuration_is_one_the_daemon_takes(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "watch.secret").write_text("whsec_b25lIHRoYXQgbGl2ZXMgZm9yIG1pbnV0ZXMgb25seQ==")
    arguments = ("--company", "quillmark", "--speed", 20_000, "--port", 8765, "--config", tmp_path / "watch")
    done = run("serve_history.py", corpus, *arguments)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "watch.toml"
    file.write_text(done.stdout)
    settings = load(file)
    assert [source.url for document in settings.documents for source in document.sources] == [
        "http://127.0.0.1:8765/1-shop-terms",
        "http://127.0.0.1:8765/2-shop-privacy",
    ]
    assert settings.policy.agreement_s == pytest.approx(4.32)
    assert settings.policy.second_look_s == 1.0


# ── The audit after kills ────────────────────────────────────────────────────────────────────────────────────────


def test_the_audit_misses_a_message_that_never_came_and_one_that_came_under_two_ids(tmp_path: Path) -> None:
    channel = Channel(ChannelKind.WEBHOOK, "http://127.0.0.1:1/hook", "anna@example.org")
    subscriber = Subscriber("anna@example.org", Plan.PROFESSIONAL, ("quillmark",), (channel,))
    with Archives(tmp_path).watching(DOCUMENT, Policy(), InThread()) as watch:
        declare(watch.store, (DOCUMENT,), (subscriber,), DIGEST)
        for capture in CAPTURES:
            list(watch.show(capture, capture.at + HALF_A_DAY))
        found = audit.audit(watch.store, [])
        assert (found.versions, found.events, found.owed, found.delivered) == (2, 1, 1, 0)
        assert [problem.split(" ", 2)[2] for problem in found.problems] == [
            f"is owed to channel {channel.id}, but no delivery has it"
        ]
        change_id = watch.store.read(lambda connection: connection.execute(select(event.c.change_id)).scalar_one())
        notices.spread_batch(watch.store, notices.unspread(watch.store, 1)[0], Periods())
        twice = [Received(ChannelKind.WEBHOOK, channel.target, name, f'"{change_id}"') for name in ("one", "two")]
        problems = audit.audit(watch.store, twice).problems
    assert any("under 2 ids: one, two" in problem for problem in problems)
    assert sum("the archive doesn't know" in problem for problem in problems) == 2


def test_every_reading_of_an_archive_is_made_again_from_its_snapshots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archives(tmp_path).watching(DOCUMENT, Policy(), InThread()) as watch:
        for capture in CAPTURES:
            list(watch.show(capture, capture.at + HALF_A_DAY))
        made, differing = audit.not_made_again(watch.store)
        assert (made, differing) == (3, [])  # the first version twice: also under what it had taught
        monkeypatch.setattr("monitor.core.read.language_of", lambda text: "eo")
        assert len(audit.not_made_again(watch.store)[1]) == made


def test_the_receiver_keeps_a_signed_call_and_refuses_any_other() -> None:
    secret = "whsec_b25lIHRoYXQgbGl2ZXMgZm9yIG1pbnV0ZXMgb25seQ=="
    receivers = Receivers(secret)
    try:
        url = f"http://127.0.0.1:{receivers.webhook_port}/hook"
        now = datetime.now(UTC)
        headers = {"webhook-id": "d1", "webhook-timestamp": str(int(now.timestamp()))}
        signed = headers | {"webhook-signature": Webhook(secret).sign("d1", now, "{}")}
        assert httpx.post(url, content="{}", headers=signed).status_code == 204
        assert httpx.post(url, content="{ }", headers=signed).status_code == 401
    finally:
        receivers.close()
    assert receivers.received == [Received(ChannelKind.WEBHOOK, url, "d1", "{}")]
    assert len(receivers.refused) == 1


# ── Known edits ──────────────────────────────────────────────────────────────────────────────────────────────────


def agreement(subject: str) -> str:
    """Some Markdown with all that the edits of pages need."""
    duties = [f"{subject} must keep the {word} of each order for a year. It may not sell the {word}." for word in WORDS]
    headed = [f"## Keeping {word}\n\n{duty}" for word, duty in zip(WORDS, duties, strict=True)]
    clauses = [f"3.{at}. {duty}" for at, duty in enumerate(duties, start=1)]
    items = [f"({letter}) the {word} that {subject} was told of;" for letter, word in zip("abcd", WORDS, strict=True)]
    return "\n\n".join(["# Terms of Service", *headed, "## 3. Records", *clauses, "## Notices to keep", *items])


WORDS = ("receipt", "address", "password", "invoice")


@pytest.mark.parametrize("edit", authoring.EDITS)
def test_what_an_author_did_to_a_page_is_told_exactly(edit: str) -> None:
    sources = [("Terms", agreement("Halcyon")), ("Terms", agreement("Every single buyer and seller"))]
    edited = authoring.made(sources, random.Random(3), [edit], exactly=True)
    assert edited is not None
    assert edited.faults(compare(edited.old, edited.new)) == []
    assert edited.faults(compare(edited.old, edited.old)) != []
