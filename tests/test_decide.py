"""All branches of a check, told as stories. A `Story` keeps what the archive would recall between two looks."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from monitor.core.decide import RETRY_AFTER_MAX_S, decide
from monitor.core.lines import LINES_MAX, edit, name_of
from monitor.core.model import (
    Archived,
    Change,
    Current,
    Difference,
    Document,
    DocumentRef,
    Event,
    EventKind,
    Failed,
    Failure,
    FailureKind,
    Held,
    Line,
    NotModified,
    Outcome,
    Policy,
    Reading,
    Recalled,
    Returned,
    Sameness,
    Schedule,
    Seen,
    Source,
    Suspect,
    SuspectKind,
    ToldEdit,
    Unchanged,
    Unreadable,
    Unsaid,
    Verified,
    Version,
    change_id,
)
from tests.readings import reading_of

START = datetime(2026, 4, 1, 6, tzinfo=UTC)
DOCUMENT = Document(
    DocumentRef("halcyon", "connector-terms"),
    "Halcyon",
    "Connector Terms",
    (Source("https://legal.example.com/terms"),),
    Schedule(every_s=21_600),
)
POLICY = Policy()
TERMS = """
# Connector Terms
Last updated: 1 April 2026
## 1. Use
You may connect your software to the service for your own business purposes only.
## 2. Security
You report every incident to us within 72 hours after you have learned of it.
## 3. Term
Either party may end this agreement with 30 days' written notice at any time.
"""
EDITED = TERMS.replace("72 hours", "24 hours")
REWRITTEN = "\n".join(line[::-1] if line and line[0] not in "#L" else line for line in TERMS.split("\n"))
OTHER = """
# Cookie Notice
We place small files on your device when you read our weblog, and we count how often each story is opened.
## Choices
Your browser lets you refuse them, and nothing on the weblog stops working when you do.
"""
OTHER_TERMS = """
# Vendor Rules
Merchants warrant that whatever they list is licensed, and indemnify the marketplace against any third party.
## Liability
Nobody is liable beyond what was paid. Jurisdiction lies with the courts of Bergen; arbitration is excluded.
## Ending
A merchant terminates through the dashboard. Confidential information and personal data are erased afterwards.
"""
SWEDISH = """
# Ett bageri för alla
Vi bakar bröd med tålamod, mjöl, vatten och salt, varje morgon sedan nittiotalet, mitt i staden.
## Öppet
Kom förbi när du vill, ta med dina vänner, och ät medan det fortfarande är varmt ur ugnen.
"""
GUIDELINES = """
# Halcyon house rules for everyone
Treat whoever you meet as you would treat a neighbour, and leave alone whoever asks for it.
## Pictures
Show your own face, keep children out of it, and never send what was not asked for.
## Help
Tell the team when somebody frightens you, blocks your way or wants money from you.
"""
HOME = """
# Halcyon brings singles together
Thousands found love here since spring: browse profiles, join our dinners, start talking tonight.
## Free trial
Download the app on any phone, pick an evening nearby and bring friends along at no cost.
## Stories
Laura and Jon married last June after chatting about records, dogs, mountains and sourdough.
"""


@dataclass
class Story:
    """A document's looks, one after the other, each six hours after the last unless said otherwise."""

    now: datetime = START
    lines: dict[str, tuple[Current, datetime]] = field(default_factory=dict)  # when seen last; the last one at the end
    started: dict[str, datetime] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)  # names of ended lines by their version
    versions: list[tuple[Version, Reading]] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)
    told: list[Event] = field(default_factory=list)
    outcome: Outcome | None = None

    def look(self, seen: Seen | str, after_s: float = 21_600) -> Outcome:
        seen = reading_of(seen) if isinstance(seen, str) else seen
        self.now += timedelta(seconds=after_s)
        self.outcome = decide(DOCUMENT, seen, self.recalled(seen), POLICY, self.now)
        self.remember(self.outcome)
        return self.outcome

    def recalled(self, seen: Seen) -> Recalled:
        seen_last_first = list(reversed(self.lines.values()))
        currents = [current for current, _ in seen_last_first]
        equal = [version for version, reading in self.versions if self.is_earlier(version, reading, seen)]
        before = self.outcome
        return Recalled(
            lines=tuple(Line(one.line, one.version.id, "", self.started[one.line], at) for one, at in seen_last_first),
            current=currents[0] if currents else None,
            others=tuple(currents[1:]),
            equal=tuple(equal),
            line_of_equal=self.ended.get(equal[0].id, name_of(len(self.lines) + len(self.ended) + 1)) if equal else "",
            reopens=bool(equal) and equal[0].id in self.ended,
            returns=frozenset(one.about for one in self.told if one.kind is EventKind.RETURN),
            edits=tuple(one for line in currents[1:] and currents for one in self.edits_of(line)),
            unsaid=self.unsaid() if len(currents) > 1 else None,
            last_number=len(self.versions),
            pending=before.pending if before else None,
            incident=before.incident if before else None,
            withdrawn=before.withdrawn if before else False,
        )

    @property
    def current(self) -> Current | None:
        """What the last look that saw the terms showed."""
        return next((current for current, _ in reversed(self.lines.values())), None)

    def is_earlier(self, version: Version, reading: Reading, seen: Seen) -> bool:
        same = isinstance(seen, Reading) and reading.meaning_hash == seen.meaning_hash
        return same and version.id not in [current.version.id for current, _ in self.lines.values()]

    def edits_of(self, line: Current) -> Iterator[ToldEdit]:
        readings = {one.id: reading for one, reading in self.versions}
        for one in self.told:
            if one.kind is EventKind.CHANGE and one.version_id == line.version.id:
                change = self.changes[one.about]
                old, new = readings[change.old_version_id], readings[change.new_version_id]
                yield ToldEdit(line.line, edit(old, new, change.comparison), one.at)

    def unsaid(self) -> Unsaid | None:
        shown = next(reversed(self.lines.values()))[0].version.id
        last = [one for one in self.told if one.kind in (EventKind.CHANGE, EventKind.RETURN)][-1:]
        about = change_id(str(last[0].version_id), shown) if last else ""
        returned = [one.about for one in self.told if one.kind is EventKind.RETURN]
        return Unsaid(about, shown, "Settled") if about in self.changes and about not in returned else None

    def remember(self, outcome: Outcome) -> None:
        result = outcome.result
        if isinstance(result, Archived):
            self.versions.append((result.version, result.reading))
        if isinstance(result, Archived | Returned):
            if result.change:
                self.changes[result.change.id] = result.change
            current = Current(outcome.line, result.version, result.reading, result.identities)
            self.ended.pop(result.version.id, None)
        elif outcome.line in self.lines:
            current = self.lines[outcome.line][0]
        if isinstance(result, NotModified | Unchanged | Archived | Returned):
            if self.lines.pop(outcome.line, None) is None:
                self.started[outcome.line] = self.now
            self.lines[outcome.line] = (current, self.now)
            for name in outcome.ended:
                self.ended[self.lines.pop(name)[0].version.id] = name
        self.told += outcome.events


def english(notation: str) -> Reading:
    return replace(reading_of(notation), language="en")


def told(outcome: Outcome) -> list[EventKind]:
    return [event.kind for event in outcome.events]


def begun() -> Story:
    story = Story()
    story.look(TERMS)
    return story


def test_the_first_text_is_version_1_and_nobody_is_told() -> None:
    outcome = Story().look(TERMS)
    assert isinstance(outcome.result, Archived)
    assert (outcome.result.version.number, outcome.result.version.parent_id) == (1, None)
    assert outcome.result.change is None
    assert told(outcome) == []
    assert outcome.next_check_at == START + timedelta(hours=12)


def test_an_edit_is_a_version_with_a_change_and_is_told() -> None:
    story = begun()
    first = story.versions[0][0]
    outcome = story.look(EDITED)
    assert isinstance(outcome.result, Archived)
    assert (outcome.result.version.number, outcome.result.version.parent_id) == (2, first.id)
    assert outcome.result.version.difference is Difference.CHANGE
    assert told(outcome) == [EventKind.CHANGE]
    change = outcome.result.change
    assert change is not None
    assert outcome.events[0].change_id == change.id
    assert "Security" in outcome.events[0].text


def test_identities_live_on_in_what_did_not_change() -> None:
    story = begun()
    assert story.current is not None
    before = story.current.identities
    story.look(EDITED)
    assert story.current.identities == before


def test_the_same_words_are_no_version() -> None:
    story = begun()
    assert story.look(TERMS).result == Unchanged(Difference.NONE)
    assert story.look(Verified(Sameness.BYTES)).result == NotModified(Sameness.BYTES)


def test_signs_and_dates_alone_make_a_version_that_nobody_is_told_of() -> None:
    for notation, difference in (
        (TERMS.replace("days'", "days’ "), Difference.COSMETIC),
        (TERMS.replace("1 April 2026", "9 April 2026"), Difference.DATE_ONLY),
    ):
        outcome = begun().look(notation)
        assert isinstance(outcome.result, Archived)
        assert outcome.result.version.difference is difference
        assert told(outcome) == []


def test_a_first_return_is_told_and_gets_no_number() -> None:
    story = begun()
    story.look(EDITED)
    back = story.look(TERMS)
    assert isinstance(back.result, Returned)
    assert back.result.version.number == 1
    assert told(back) == [EventKind.RETURN]
    assert len(story.lines) == 1


def test_a_return_after_another_change_is_told_again() -> None:
    story = begun()
    story.look(EDITED)
    story.look(TERMS)
    story.look(TERMS.replace("30 days'", "90 days'"))
    assert told(story.look(TERMS)) == [EventKind.RETURN]


def test_changes_taken_back_one_after_the_other_are_told_one_after_the_other() -> None:
    story = begun()
    story.look(EDITED)
    story.look(LATER)
    assert [told(story.look(text)) for text in (EDITED, TERMS)] == [[EventKind.RETURN]] * 2
    assert len(story.lines) == 1


# ── Variants ─────────────────────────────────────────────────────────────────────────────────────────────────────

LATER = EDITED.replace("30 days'", "90 days'")
ELSEWHERE = TERMS.replace("your own business purposes only", "the purposes of a consumer in the European Union")


def alternating(*texts: str) -> Story:
    """Texts that have been shown in turn often enough to be variants."""
    story = begun()
    for text in (*texts[1:], *texts, *texts):
        story.look(text)
    return story


def test_from_the_second_flip_on_two_texts_are_two_lines_and_no_switch_is_told() -> None:
    story = begun()
    story.look(ELSEWHERE)
    story.look(TERMS)
    second = story.look(ELSEWHERE)
    assert told(second) == [EventKind.VARIANTS]
    assert list(story.lines) == ["main", "variant-2"]
    for text in (TERMS, ELSEWHERE, ELSEWHERE, TERMS):
        outcome = story.look(text)
        assert isinstance(outcome.result, Returned | Unchanged)
        assert told(outcome) == []
    assert len(story.versions) == len(story.lines) == 2


def test_three_texts_in_turn_are_three_lines_after_one_return() -> None:
    story = alternating(TERMS, EDITED, ELSEWHERE)
    events = Counter(event.kind for event in story.told)
    assert events == {EventKind.CHANGE: 2, EventKind.RETURN: 1, EventKind.VARIANTS: 2}
    assert len(story.lines) == len(story.versions) == 3


def test_an_edit_of_one_variant_is_told_and_moves_its_line_only() -> None:
    story = alternating(TERMS, ELSEWHERE)
    story.look(TERMS)
    outcome = story.look(ELSEWHERE.replace("72 hours", "24 hours"))
    assert isinstance(outcome.result, Archived)
    assert outcome.line == "variant-2"
    assert outcome.result.version.parent_id == story.versions[1][0].id
    assert outcome.result.change is not None
    assert [change.path for change in outcome.result.change.comparison.changes] == ["2 Security"]
    assert told(outcome) == [EventKind.CHANGE]
    assert [current.version.number for current, _ in story.lines.values()] == [1, 3]
    assert told(story.look(TERMS)) == []


def test_the_same_edit_of_the_other_variant_is_a_version_and_not_told_again() -> None:
    story = alternating(TERMS, ELSEWHERE)
    assert told(story.look(ELSEWHERE.replace("72 hours", "24 hours"))) == [EventKind.CHANGE]
    same = story.look(TERMS.replace("72 hours", "24 hours"))
    assert isinstance(same.result, Archived)
    assert (same.line, told(same)) == ("main", [])
    another = story.look(TERMS.replace("72 hours", "24 hours").replace("30 days'", "10 days'"))
    assert told(another) == [EventKind.CHANGE]


def test_a_variant_that_is_seen_no_more_ends_and_what_is_left_is_told_if_it_was_not() -> None:
    story = alternating(TERMS, ELSEWHERE)  # what was told last is the return to version 1; the last look saw version 2
    weeks = [told(story.look(Verified(Sameness.BYTES), after_s=7 * 86_400)) for _ in range(4)]
    assert weeks == [[], [EventKind.RETURN], [], []]
    assert list(story.lines) == ["variant-2"]
    assert story.told[-1].version_id == story.versions[1][0].id
    assert told(story.look(TERMS)) == []
    assert list(story.lines) == ["variant-2", "main"]


def test_what_is_left_is_not_told_where_it_was_told_last() -> None:
    story = alternating(TERMS, ELSEWHERE)
    story.look(TERMS)
    assert [told(story.look(Verified(Sameness.BYTES), after_s=7 * 86_400)) for _ in range(4)] == [[]] * 4
    assert list(story.lines) == ["main"]


def test_there_are_never_more_lines_than_the_limit() -> None:
    many = [TERMS.replace("30 days'", f"{number} days'") for number in range(LINES_MAX + 3)]
    story = alternating(TERMS, *many)
    assert len(story.lines) == LINES_MAX


def test_a_text_that_differs_a_lot_is_looked_at_again_before_it_counts() -> None:
    story = begun()
    held = story.look(REWRITTEN)
    assert isinstance(held.result, Held)
    assert held.result.pending.kind is SuspectKind.DIFFERS_A_LOT
    assert told(held) == []
    assert held.next_check_at == story.now + timedelta(seconds=POLICY.second_look_s)
    first_seen = story.now
    too_soon = story.look(REWRITTEN, after_s=5)
    assert isinstance(too_soon.result, Held)
    outcome = story.look(REWRITTEN, after_s=POLICY.second_look_s)
    assert isinstance(outcome.result, Archived)
    assert outcome.result.version.seen_from == first_seen
    assert told(outcome) == [EventKind.CHANGE]
    assert outcome.pending is None


def test_a_text_that_is_another_one_at_each_look_is_an_incident_and_not_asked_for_every_minute() -> None:
    story = begun()
    waits, events = [], []
    for number in range(6):
        outcome = story.look("# Connector Terms\n" + f"Nothing of what stood here before is left {number} times. " * 9)
        assert isinstance(outcome.result, Held)
        waits.append((outcome.next_check_at - story.now).total_seconds())
        events += told(outcome)
    assert events == [EventKind.INCIDENT]
    assert waits == [300, 300, 600, 1200, 2400, 4800]


def test_another_document_is_believed_only_after_more_than_a_day() -> None:
    story = begun()
    assert isinstance(story.look(OTHER_TERMS).result, Held)
    assert isinstance(story.look(OTHER_TERMS, after_s=86_400).result, Held)
    outcome = story.look(OTHER_TERMS, after_s=60)
    assert isinstance(outcome.result, Archived)
    assert EventKind.CHANGE in told(outcome)


def test_a_page_with_hardly_a_legal_word_is_believed_in_place_of_a_document_only_after_more_than_a_week() -> None:
    for page in (OTHER, SWEDISH):
        story = begun()
        for days in range(7):
            held = story.look(page, after_s=86_400 if days else 21_600)
            assert isinstance(held.result, Held)
            assert held.result.pending.kind is SuspectKind.WRONG_DOCUMENT
        assert isinstance(story.look(page, after_s=86_400).result, Held)
        outcome = story.look(page, after_s=60)
        assert isinstance(outcome.result, Archived)
        assert EventKind.CHANGE in told(outcome)


def test_a_page_without_a_legal_word_never_follows_an_agreement_that_has_many() -> None:
    story = Story()
    story.look(OTHER_TERMS)
    for _ in range(30):
        held = story.look(english(HOME), after_s=86_400)
        assert isinstance(held.result, Held)
    assert held.incident is not None
    assert held.incident.kind is SuspectKind.WRONG_DOCUMENT
    assert isinstance(story.look(OTHER_TERMS).result, Unchanged)
    named = english(HOME.replace("Free trial", "Our privacy policy"))  # whatever calls itself so may be one
    for _ in range(9):
        believed = story.look(named, after_s=86_400)
    assert isinstance(believed.result, Archived)
    assert len(story.versions) == 2


def test_a_document_that_comes_after_a_home_page_need_not_wait_for_a_week() -> None:
    story = Story()
    story.look(HOME)
    assert isinstance(story.look(OTHER).result, Held)
    assert isinstance(story.look(OTHER, after_s=86_460).result, Archived)


def test_a_page_of_the_same_platform_is_not_its_document() -> None:
    story = Story()
    story.look(GUIDELINES)
    home = story.look(HOME)
    assert isinstance(home.result, Held)
    assert home.result.pending.kind is SuspectKind.WRONG_DOCUMENT
    assert isinstance(story.look(HOME, after_s=86_500).result, Held)
    assert isinstance(story.look(GUIDELINES).result, Unchanged)
    assert [event.kind for event in story.told] == []


def test_a_pending_text_that_goes_away_was_never_there() -> None:
    story = begun()
    assert isinstance(story.look(OTHER).result, Held)
    outcome = story.look(Verified(Sameness.BYTES))
    assert isinstance(outcome.result, NotModified)
    assert outcome.pending is None
    assert len(story.versions) == 1


def test_a_failure_in_between_keeps_what_is_pending() -> None:
    story = begun()
    held = story.look(OTHER)
    outcome = story.look(Failure(FailureKind.TIMEOUT, "No answer within 10 s."))
    assert outcome.pending == held.pending


def test_a_challenge_for_days_is_one_incident_that_closes_itself() -> None:
    story = begun()
    challenge = Unreadable(SuspectKind.CHALLENGE, "The page asks whether you are human.")
    events = []
    for _ in range(5):
        outcome = story.look(challenge)
        assert outcome.result == Suspect(challenge.kind, challenge.reason)
        events += told(outcome)
    assert events == [EventKind.INCIDENT]
    assert outcome.incident is not None
    since = outcome.incident.since
    assert outcome.incident.looks == 5
    back = story.look(TERMS)
    assert told(back) == [EventKind.INCIDENT_CLOSED]
    assert back.incident is None
    assert back.closed is not None
    assert back.closed.since == since == START + timedelta(hours=12)


def test_a_text_that_is_not_believed_yet_closes_no_incident() -> None:
    story = begun()
    for _ in range(3):
        blind = story.look(Unreadable(SuspectKind.CHALLENGE, "The page asks whether you are human."))
    held = story.look(REWRITTEN)
    assert isinstance(held.result, Held)
    assert (held.incident, held.closed, told(held)) == (blind.incident, None, [])
    believed = story.look(REWRITTEN, after_s=POLICY.second_look_s)
    assert isinstance(believed.result, Archived)
    assert told(believed) == [EventKind.CHANGE, EventKind.INCIDENT_CLOSED]
    assert believed.closed == blind.incident


def test_a_single_failure_is_no_news_to_anybody() -> None:
    story = begun()
    assert told(story.look(Failure(FailureKind.CONNECT, "Connection refused."))) == []
    assert told(story.look(TERMS)) == []


def test_failures_are_tried_again_with_growing_waits_and_retry_after_is_obeyed() -> None:
    story = begun()
    failure = Failure(FailureKind.HTTP, "The server answered 503 Service Unavailable.")
    waits = [(story.look(failure).next_check_at - story.now).total_seconds() for _ in range(8)]
    assert waits == [300, 600, 1200, 2400, 4800, 9600, 19_200, 21_600]
    patient = story.look(Failure(FailureKind.HTTP, "Too many requests.", retry_after_s=90_000))
    assert patient.next_check_at == story.now + timedelta(seconds=90_000)
    for_ever = story.look(Failure(FailureKind.HTTP, "Too many requests.", retry_after_s=1e12))
    assert for_ever.next_check_at == story.now + timedelta(days=7)


def test_gone_is_believed_after_a_day_and_told_once() -> None:
    story = begun()
    gone = Failure(FailureKind.GONE, "The server answered 410 Gone.")
    outcomes = [story.look(gone, after_s=43_200) for _ in range(5)]
    assert [outcome.withdrawn for outcome in outcomes] == [False, False, True, True, True]
    events = [kind for outcome in outcomes for kind in told(outcome)]
    assert events.count(EventKind.WITHDRAWAL) == 1
    assert all(isinstance(outcome.result, Failed) for outcome in outcomes)
    assert not story.look(TERMS).withdrawn


def test_what_came_back_and_goes_again_is_told_again() -> None:
    story = begun()
    gone = Failure(FailureKind.GONE, "The server answered 410 Gone.")
    events = [event for _ in range(3) for event in story.look(gone, after_s=86_400).events]
    story.look(TERMS)
    events += [event for _ in range(3) for event in story.look(gone, after_s=86_400).events]
    withdrawals = [event for event in events if event.kind is EventKind.WITHDRAWAL]
    assert len({event.id for event in withdrawals}) == len(withdrawals) == 2


def test_not_found_is_believed_after_days_of_nothing_else() -> None:
    story = begun()
    missing = Failure(FailureKind.NOT_FOUND, "The server answered 404 Not Found.")
    for _ in range(2):
        assert not story.look(missing, after_s=86_400).withdrawn
    story.look(Failure(FailureKind.TIMEOUT, "No answer within 10 s."), after_s=86_400)
    withdrawn = [story.look(missing, after_s=86_400).withdrawn for _ in range(4)]
    assert withdrawn == [False, False, False, True]


def test_what_was_never_seen_cannot_be_withdrawn() -> None:
    story = Story()
    gone = Failure(FailureKind.GONE, "The server answered 410 Gone.")
    assert not any(story.look(gone, after_s=86_400).withdrawn for _ in range(5))


def test_an_id_is_the_same_when_the_same_check_is_decided_again() -> None:
    one, two = begun().look(EDITED), begun().look(EDITED)
    assert one == two


# ── Any looks in any order ───────────────────────────────────────────────────────────────────────────────────────

TEXTS = (
    TERMS,
    EDITED,
    ELSEWHERE,
    ELSEWHERE.replace("72 hours", "24 hours"),
    TERMS.replace("days'", "days’ "),
    TERMS.replace("1 April 2026", "9 April 2026"),
    TERMS.replace("## 2. Security", "## 2. Safety").replace("## 3. Term", "## 4. Term"),
    "\n".join(line[::-1] if line and line[0] not in "#L" else line for line in TERMS.split("\n")),
    TERMS.split("## 2.")[0],
    OTHER,
)
SEEN = st.one_of(
    st.sampled_from(TEXTS).map(reading_of),
    st.sampled_from(Sameness).map(Verified),
    st.builds(
        Failure,
        st.sampled_from((FailureKind.GONE, FailureKind.NOT_FOUND, FailureKind.TIMEOUT)),
        st.just("No."),
        st.sampled_from((None, 30.0, 1e12)),
    ),
    st.builds(Unreadable, st.sampled_from((SuspectKind.CHALLENGE, SuspectKind.EMPTY)), st.just("It asks.")),
)
SPELLS = st.tuples(SEEN, st.sampled_from((5, 300, 21_600, 86_401, 300_000)), st.integers(1, 4))
LOOKS = st.lists(SPELLS, min_size=1, max_size=12).map(
    lambda spells: [(seen, after_s) for seen, after_s, times in spells for _ in range(times)]
)
LONGEST_S = max(RETRY_AFTER_MAX_S, 21_600)


@settings(max_examples=150, deadline=None)
@given(LOOKS)
def test_whatever_is_seen_the_story_holds_together(looks: list[tuple[Seen, float]]) -> None:
    story = begun()
    events = []
    for seen, after_s in looks:
        before = story.outcome
        assert before is not None
        outcome = story.look(seen, after_s)
        recorded = len(story.versions)
        archived = outcome.result if isinstance(outcome.result, Archived) else None
        assert archived is None or archived.version.number == recorded
        is_change = isinstance(outcome.result, Archived | Returned) and (
            outcome.result.change is not None
            and outcome.result.change.comparison.difference is Difference.CHANGE
            and outcome.result.change.comparison.changes != ()
        )
        of_a_look = [event.kind for event in outcome.events if event.text != "Settled"]
        assert is_change or not {EventKind.CHANGE, EventKind.RETURN} & set(of_a_look)
        assert len(story.lines) <= LINES_MAX
        assert len({current.version.id for current, _ in story.lines.values()}) == len(story.lines)
        assert 0 < (outcome.next_check_at - story.now).total_seconds() <= LONGEST_S
        assert outcome.closed in (None, before.incident)
        assert (outcome.closed is None) or (outcome.incident is None)
        assert pickle.loads(pickle.dumps(outcome)) == outcome
        events += list(outcome.events)
    told_of = [event.about for event in events if event.kind is EventKind.INCIDENT]
    closed = [event.about for event in events if event.kind is EventKind.INCIDENT_CLOSED]
    assert told_of[: len(closed)] == closed
    assert len(told_of) - len(closed) in (0, 1)
    assert len({event.id for event in events}) == len(events)
    assert len({version.id for version, _ in story.versions}) == len(story.versions)
    again = Story()
    again.look(TERMS)
    assert [again.look(seen, after_s) for seen, after_s in looks][-1] == story.outcome
