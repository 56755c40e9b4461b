"""One check, from claim to record. Read `check` aloud: it is the way every document goes, again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from monitor.core.compare import compare
from monitor.core.decide import decide
from monitor.core.errors import PoolError
from monitor.core.fingerprint import fingerprint, fingerprint_of_bytes, is_html
from monitor.core.gate import gate, is_in_turn, unaudited
from monitor.core.identity import hand_on
from monitor.core.lessons import lessons
from monitor.core.model import (
    Answer,
    Archived,
    Current,
    Document,
    Failed,
    Failure,
    FailureKind,
    FetchFailure,
    Frame,
    KnownSource,
    Look,
    Memory,
    Outcome,
    Policy,
    Reading,
    Recalled,
    Reread,
    Returned,
    Seen,
    Snapshot,
    Source,
    Unchanged,
    Unreadable,
    Verified,
)
from monitor.core.read import read, read_by
from monitor.store.documents import Claim, current_of, memories, recall, record, snapshots
from monitor.store.engine import Store

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
_Answers = tuple[Answer | FetchFailure | None, ...]


class Fetching(Protocol):
    """The seam to the world: one source in, what it answered out."""

    def fetch(self, source: Source, known: KnownSource) -> Answer | FetchFailure:
        """Any HTTP response, or why there was none."""
        ...


class Computing(Protocol):
    """Where pages are read and compared: the process pool, or the same thread in a replay."""

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. Raises PoolError where it ran out of time or memory."""
        ...


def check(store: Store, fetcher: Fetching, pool: Computing, policy: Policy, claim: Claim) -> Outcome | None:
    """Look at a claimed document once and record what it comes to.

    Returns the outcome, or None where the lease was lost meanwhile and nothing was recorded.
    """
    answers = tuple(_answer(fetcher, known, claim, policy) for known in claim.known)
    look, seen = _see(store, fetcher, pool, policy, claim, answers)
    try:
        recalled = recall(store, claim, seen)
        if isinstance(seen, Reading):
            recalled = _read_again(store, pool, claim.document, seen, recalled)
        elif isinstance(seen, Verified):
            recalled = _catch_up(store, pool, claim, recalled)
        outcome = _decide(pool, claim, seen, recalled, policy)
        outcome = _with_lessons(store, pool, claim, look, seen, recalled, outcome)
    except PoolError as error:
        failure = Failure(FailureKind.PARKED, str(error))
        outcome = decide(claim.document, failure, recall(store, claim, failure), policy, claim.now)
    if isinstance(outcome.result, (Unchanged, Reread)):
        look = unaudited(look)
    elif look.audited and not isinstance(outcome.result, Failed):
        log.warning("the gate missed a difference", extra={"document": claim.document.ref})
    return outcome if record(store, claim, look, outcome) else None


def _see(
    store: Store, fetcher: Fetching, pool: Computing, policy: Policy, claim: Claim, answers: _Answers
) -> tuple[Look, Seen]:
    """What the answers show. A document that a page only frames is fetched once, in place of the page.

    Where something is pending or couldn't be seen only a reading says whether that is over.
    """
    followed: set[str] = set()
    audits = is_in_turn(claim.document.ref, claim.attempt, policy.audit_every)
    in_full = audits or claim.is_pending or claim.incident is not None
    while True:
        look = gate(claim.known, answers, claim.now, partial(_fingerprint, pool), in_full=in_full)
        look = replace(look, audited=look.audited and audits)
        if look.verdict is not None:
            return look, look.verdict
        captures = _captures(store, look)
        try:
            seen = pool.call(read, claim.document, captures, _remembered(store, claim))
        except PoolError as error:
            return look, Failure(FailureKind.PARKED, str(error))
        frame = seen.frame if isinstance(seen, Unreadable) else None
        if frame is None or frame.source_id in followed:
            return look, seen
        followed.add(frame.source_id)
        answers = tuple(
            _follow(fetcher, known.source, capture, frame) if known.source.id == frame.source_id else answer
            for known, capture, answer in zip(claim.known, captures, answers, strict=True)
        )


def _fingerprint(pool: Computing, body: bytes, content_type: str | None) -> str:
    """The fingerprint of a page, made where a hostile one does no harm; one that does is told apart by its bytes."""
    if not is_html(body, content_type):
        return fingerprint(body, content_type)
    try:
        return pool.call(fingerprint, body, content_type)
    except PoolError:
        return fingerprint_of_bytes(body)


def _follow(fetcher: Fetching, source: Source, page: Snapshot, frame: Frame) -> Answer | FetchFailure:
    """The framed document as the answer of the source whose page frames it; how it was reached stands in its chain."""
    inner = Source(frame.url, source.language)
    answer = fetcher.fetch(inner, KnownSource(inner))
    if isinstance(answer, FetchFailure):
        return replace(answer, source=source)
    return replace(answer, source=source, chain=(*page.chain, *answer.chain), framed=True)


def _remembered(store: Store, claim: Claim) -> tuple[Memory, ...]:
    return memories(store, tuple(known.memory for known in claim.known))


def _answer(fetcher: Fetching, known: KnownSource, claim: Claim, policy: Policy) -> Answer | FetchFailure | None:
    return None if _fresh(known, claim, policy) else fetcher.fetch(known.source, known)


def _fresh(known: KnownSource, claim: Claim, policy: Policy) -> bool:
    """Whether another document's check fetched this source a moment ago, after this document's own last check."""
    if known.bears is None or known.answered_at is None or claim.last_check_at is None:
        return False
    recently = (claim.now - known.answered_at).total_seconds() < policy.fresh_for_s
    return recently and known.answered_at > claim.last_check_at


def _captures(store: Store, look: Look) -> tuple[Snapshot, ...]:
    """What the sources bear, in order: just fetched, or kept before and taken from the archive."""
    fetched = {one.keep.id: one.keep for one in look.sources if one.keep}
    borne = [one.bears.snapshot_id for one in look.sources if one.bears]
    kept = snapshots(store, tuple(one for one in borne if one not in fetched))
    fetched.update((snapshot.id, snapshot) for snapshot in kept)
    return tuple(fetched[one] for one in borne)


def _read_again(store: Store, pool: Computing, document: Document, reading: Reading, recalled: Recalled) -> Recalled:
    """The current versions as today's reader sees them, where their readings can't be compared with the new one."""
    if recalled.current is None:
        return recalled
    remembered = memories(store, reading.memories)
    currents = [
        one if one.reading.comparable_with(reading) else _made_again(store, pool, document, one, remembered)
        for one in (recalled.current, *recalled.others)
    ]
    before = (recalled.current, *recalled.others)
    again = tuple(new for new, old in zip(currents, before, strict=True) if new is not old)
    return replace(recalled, current=currents[0], others=tuple(currents[1:]), rereadings=again)


def _made_again(
    store: Store, pool: Computing, document: Document, current: Current, remembered: tuple[Memory, ...]
) -> Current:
    """A current version read again from its snapshots. The same as before where today's reader doesn't believe them."""
    captures = snapshots(store, current.version.snapshots)
    again = pool.call(read, document, captures, remembered)
    if isinstance(again, Unreadable):
        return current  # today's reader no longer believes the page it once read: the old reading has to do
    comparison = pool.call(compare, current.reading, again)
    return replace(current, reading=again, identities=hand_on(again, comparison, current.identities))


def _catch_up(store: Store, pool: Computing, claim: Claim, recalled: Recalled) -> Recalled:
    """Reads one current version again that was read by an older reader or declaration, if there is one.

    One a check, so that an upgrade costs each document a reading when it is due anyway and nothing in between. What
    can't be read again is left alone until the reader or the declaration is another one once more.
    """
    key = read_by(claim.document)
    behind = next((line for line in recalled.lines if line.read_by != key), None)
    if behind is None:
        return recalled
    current = current_of(store, claim, behind)
    try:
        again = _made_again(store, pool, claim.document, current, _remembered(store, claim))
    except PoolError:
        again = current
    if again is current:
        return replace(recalled, unread=((behind.name, key),))
    return replace(recalled, rereadings=(again,))


def _decide(pool: Computing, claim: Claim, seen: Seen, recalled: Recalled, policy: Policy) -> Outcome:
    if isinstance(seen, Reading):
        return pool.call(decide, claim.document, seen, recalled, policy, claim.now)
    return decide(claim.document, seen, recalled, policy, claim.now)


def _with_lessons(
    store: Store, pool: Computing, claim: Claim, look: Look, seen: Seen, recalled: Recalled, outcome: Outcome
) -> Outcome:
    """The outcome with what it teaches: only a text that was read and is recorded does, so that a memory changes as
    rarely as the text. A suspect and a text that isn't believed yet teach nothing, nor does a switch between lines."""
    result = outcome.result
    if not isinstance(seen, Reading) or not isinstance(result, Archived | Returned) or result.reading.id != seen.id:
        return outcome
    compared = {one.reading.id: one.reading for one in (recalled.current, *recalled.others) if one}
    before = compared.get(result.change.old_reading_id) if result.change else None
    captures, remembered = _captures(store, look), memories(store, seen.memories)
    try:
        return replace(outcome, lessons=pool.call(lessons, claim.document, captures, remembered, before, claim.now))
    except PoolError:
        return outcome  # what was read stands, and the next version teaches, too
