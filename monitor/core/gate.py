"""The gate: most looks end here, without reading a page. Pure: answers and what is known in, a Look out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from monitor.core.fingerprint import fingerprint
from monitor.core.headers import retry_after_s
from monitor.core.model import (
    Answer,
    DocumentRef,
    Failure,
    FailureKind,
    FetchFailure,
    Kept,
    KnownSource,
    Look,
    Sameness,
    Snapshot,
    SourceLook,
    SuspectKind,
    Unreadable,
    Verified,
    derive_id,
)

Fingerprint = Callable[[bytes, str | None], str]
_Verdict = Verified | Failure | Unreadable | None
_WEAKEST_LAST = tuple(Sameness)
_BY_FINGERPRINT = Verified(Sameness.FINGERPRINT)


def gate(
    known: tuple[KnownSource, ...],
    answers: tuple[Answer | FetchFailure | None, ...],
    now: datetime,
    fingerprint: Fingerprint = fingerprint,
    *,
    in_full: bool = False,
) -> Look:
    """What the answers come to, source by source: verified, failed, suspect, or to be read (`verdict` None).

    An answer of None stands for a source that another document's check fetched a moment ago; it still bears what it
    bore then. One failing source decides the whole look: a document is never composed from a part of its sources.
    `now` is the database's time of this check. With `in_full` no fingerprint verifies anything: what one would have
    verified is read, and is evidence of its own until it turns out to be the same (`unaudited`).
    """
    passed = [_pass(source, answer, now, fingerprint) for source, answer in zip(known, answers, strict=True)]
    verdict = _together([one.verdict for one in passed])
    if in_full and verdict == _BY_FINGERPRINT:
        return Look(tuple(one.in_full or one.look for one in passed), None, audited=True)
    return Look(tuple(one.look for one in passed), verdict)


def is_in_turn(ref: DocumentRef, attempt: int, every: int) -> bool:
    """Whether a check of a document is one of those, one of so many and never at random, whose page is read in full.

    `attempt` counts its checks. Never with 0.
    """
    return every > 0 and int(derive_id("audit", str(ref), str(attempt)), 16) % every == 0


def unaudited(look: Look) -> Look:
    """An audited look that found nothing, as if it had been verified by its fingerprints: nothing more is kept."""
    sources = (replace(one, keep=None, bears=one.like, like=None) if one.like else one for one in look.sources)
    return replace(look, sources=tuple(sources))


@dataclass(frozen=True, slots=True)
class _Passed:
    look: SourceLook
    verdict: _Verdict
    in_full: SourceLook | None = None


def _pass(known: KnownSource, answer: Answer | FetchFailure | None, now: datetime, fingerprint: Fingerprint) -> _Passed:
    if isinstance(answer, FetchFailure):
        return _Passed(SourceLook(known.source), Failure(answer.kind, answer.reason))
    if answer is None or answer.status == HTTPStatus.NOT_MODIFIED:
        return _pass_not_modified(known, answer, now)
    snapshot = _snapshot(known, answer, fingerprint)
    seen = Kept(snapshot.id, snapshot.body_hash, snapshot.fingerprint)
    borne = _already_kept(known, seen)
    keep = None if borne else snapshot
    bad = _bad_answer(answer)
    if bad is not None:
        return _Passed(SourceLook(known.source, keep=keep), bad)
    look = SourceLook(
        known.source,
        keep=keep,
        bears=borne or seen,
        etag=None if answer.framed else answer.header("etag"),
        last_modified=None if answer.framed else answer.header("last-modified"),
        answered_at=now,
    )
    verdict = _sameness(known.read, seen)
    in_full = replace(look, keep=snapshot, bears=seen, like=borne) if verdict == _BY_FINGERPRINT else None
    return _Passed(look, verdict, in_full)


def _pass_not_modified(known: KnownSource, answer: Answer | None, now: datetime) -> _Passed:
    if known.bears is None:
        reason = "The server answered 304 Not Modified although nothing it could refer to is kept."
        return _Passed(SourceLook(known.source), Failure(FailureKind.PROTOCOL, reason))
    look = SourceLook(
        known.source,
        bears=known.bears,
        etag=(answer and answer.header("etag")) or known.etag,
        last_modified=(answer and answer.header("last-modified")) or known.last_modified,
        answered_at=now if answer else known.answered_at,
    )
    same = _sameness(known.read, known.bears) is not None
    return _Passed(look, Verified(Sameness.NOT_MODIFIED) if same else None)


def _snapshot(known: KnownSource, answer: Answer, fingerprint: Fingerprint) -> Snapshot:
    body_hash = hashlib.sha256(answer.body).hexdigest()
    same_bytes = next((kept for kept in _kept(known) if kept.body_hash == body_hash), None)
    made = same_bytes.fingerprint if same_bytes else fingerprint(answer.body, answer.header("content-type"))
    return Snapshot(
        id=derive_id("snapshot", answer.source.id, body_hash, answer.fetched_at.isoformat()),
        source_id=answer.source.id,
        chain=answer.chain,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        body_hash=body_hash,
        fingerprint=made,
        fetched_at=answer.fetched_at,
        complete=answer.complete,
    )


def _kept(known: KnownSource) -> tuple[Kept, ...]:
    return tuple(kept for kept in (known.read, known.bears, known.last_kept) if kept)


def _already_kept(known: KnownSource, seen: Kept) -> Kept | None:
    """A kept snapshot of the same fingerprint; the very bytes rather than others."""
    alike = [kept for kept in _kept(known) if kept.fingerprint == seen.fingerprint]
    return next((kept for kept in alike if kept.body_hash == seen.body_hash), alike[0] if alike else None)


def _sameness(read: Kept | None, seen: Kept) -> Verified | None:
    if read is None:
        return None
    if read.body_hash == seen.body_hash:
        return Verified(Sameness.BYTES)
    return _BY_FINGERPRINT if read.fingerprint == seen.fingerprint else None


def _bad_answer(answer: Answer) -> Failure | Unreadable | None:
    gone = _GONE.get(answer.status)
    if gone is not None:
        return Failure(gone, _status_sentence(answer))
    if answer.status != HTTPStatus.OK:
        wait_s = retry_after_s(answer, answer.fetched_at)
        return Failure(FailureKind.HTTP, _status_sentence(answer), retry_after_s=wait_s)
    if not answer.complete:
        announced = answer.header("content-length")
        length = f" of {announced} announced" if announced else ""
        return Unreadable(SuspectKind.CUT_SHORT, f"The connection ended after {len(answer.body)}{length} bytes.")
    return None


_GONE: dict[int, FailureKind] = {HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND, HTTPStatus.GONE: FailureKind.GONE}


def _status_sentence(answer: Answer) -> str:
    try:
        phrase = f" {HTTPStatus(answer.status).phrase}"
    except ValueError:
        phrase = ""
    return f"The server answered {answer.status}{phrase}."


def _together(verdicts: list[_Verdict]) -> _Verdict:
    """The verdict on a document: a failure first, then a suspect, then what must be read, then the weakest layer."""
    for kind in (Failure, Unreadable):
        for verdict in verdicts:
            if isinstance(verdict, kind):
                return verdict
    samenesses = [verdict.sameness for verdict in verdicts if isinstance(verdict, Verified)]
    if len(samenesses) < len(verdicts):
        return None
    return Verified(max(samenesses, key=_WEAKEST_LAST.index))
