"""What the gate makes of answers, before anything is read."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.core.gate import gate, is_in_turn, unaudited
from monitor.core.model import (
    Answer,
    DocumentRef,
    Failure,
    FailureKind,
    FetchFailure,
    Hop,
    Kept,
    KnownSource,
    Look,
    Sameness,
    Source,
    SuspectKind,
    Unreadable,
    Verified,
)

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
SOURCE = Source("https://legal.example.com/terms")
PAGE = b"<html><body><h1>Terms</h1><p>You may use the service for business.</p></body></html>"


def answer(body: bytes = PAGE, status: int = 200, complete: bool = True, **headers: str) -> Answer:
    sent = (("Content-Type", "text/html"), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Answer(SOURCE, (Hop(SOURCE.url, status),), status, sent, body, NOW, complete)


def pass_gate(known: tuple[KnownSource, ...], answers: tuple[Answer | FetchFailure | None, ...]) -> Look:
    return gate(known, answers, NOW)


def kept(look: Look) -> Kept:
    bears = look.sources[0].bears
    assert bears is not None
    return bears


READ = kept(pass_gate((KnownSource(SOURCE),), (answer(),)))
KNOWN = KnownSource(SOURCE, last_kept=READ, bears=READ, read=READ, etag='"1"', answered_at=NOW)


def test_a_first_answer_is_kept_and_must_be_read() -> None:
    look = pass_gate((KnownSource(SOURCE),), (answer(etag='"1"', last_modified="yesterday"),))
    (one,) = look.sources
    assert look.verdict is None
    assert one.keep is not None
    assert one.keep.body == PAGE
    assert one.bears == Kept(one.keep.id, one.keep.body_hash, one.keep.fingerprint)
    assert (one.etag, one.last_modified, one.answered_at) == ('"1"', "yesterday", NOW)


def test_the_validators_of_a_framed_document_are_not_those_of_the_page() -> None:
    look = pass_gate((KnownSource(SOURCE),), (replace(answer(etag='"1"', last_modified="yesterday"), framed=True),))
    assert look.sources[0].bears is not None
    assert (look.sources[0].etag, look.sources[0].last_modified) == (None, None)


def test_each_layer_of_sameness_verifies_and_keeps_nothing() -> None:
    layers = {
        Sameness.NOT_MODIFIED: answer(b"", 304),
        Sameness.BYTES: answer(),
        Sameness.FINGERPRINT: answer(PAGE.replace(b"<p>", b"<p class='x'>")),
    }
    for sameness, seen in layers.items():
        look = pass_gate((KNOWN,), (seen,))
        assert look.verdict == Verified(sameness)
        assert look.sources[0].keep is None
        assert look.sources[0].bears == READ


def test_a_304_about_a_text_this_document_has_not_read_is_no_verification() -> None:
    unread = replace(KNOWN, bears=Kept("other", "hash", "print"))
    look = pass_gate((unread,), (answer(b"", 304),))
    assert look.verdict is None
    assert kept(look).snapshot_id == "other"


def test_a_304_without_anything_kept_is_a_failure() -> None:
    verdict = pass_gate((KnownSource(SOURCE),), (answer(b"", 304),)).verdict
    assert isinstance(verdict, Failure)
    assert verdict.kind is FailureKind.PROTOCOL


def test_an_error_page_is_evidence_and_a_failure_and_what_the_source_bears_stays() -> None:
    look = pass_gate((KNOWN,), (answer(b"<p>Down for maintenance</p>", 503, retry_after="120"),))
    assert look.verdict == Failure(FailureKind.HTTP, "The server answered 503 Service Unavailable.", 120.0)
    assert look.sources[0].keep is not None
    assert look.sources[0].bears is None


def test_404_and_410_are_told_apart() -> None:
    found = [pass_gate((KNOWN,), (answer(b"gone", status),)).verdict for status in (404, 410)]
    assert [verdict.kind for verdict in found if isinstance(verdict, Failure)] == [
        FailureKind.NOT_FOUND,
        FailureKind.GONE,
    ]


def test_an_answer_that_was_cut_is_suspect_even_where_it_looks_whole() -> None:
    look = pass_gate((KNOWN,), (answer(PAGE[:40], complete=False, content_length="9000"),))
    assert look.verdict == Unreadable(SuspectKind.CUT_SHORT, "The connection ended after 40 of 9000 announced bytes.")
    assert look.sources[0].keep is not None


def test_one_failing_source_fails_the_document_and_the_other_is_still_remembered() -> None:
    other = replace(KNOWN, source=Source("https://legal.example.com/annex"))
    failure = FetchFailure(other.source, FailureKind.TIMEOUT, "No answer within 10 s.", NOW)
    look = pass_gate((KNOWN, other), (answer(b"<p>A new text</p>"), failure))
    assert look.verdict == Failure(FailureKind.TIMEOUT, "No answer within 10 s.")
    assert look.sources[0].bears is not None
    assert look.sources[1].bears is None


def test_a_source_that_another_check_just_fetched_counts_as_what_it_bore() -> None:
    assert pass_gate((KNOWN,), (None,)).verdict == Verified(Sameness.NOT_MODIFIED)
    assert pass_gate((replace(KNOWN, read=None),), (None,)).verdict is None


def test_a_fingerprint_is_made_only_where_the_bytes_differ_from_all_that_is_known() -> None:
    made: list[bytes] = []

    def fingerprint(body: bytes, content_type: str | None) -> str:
        made.append(body)
        return "another"

    assert gate((KNOWN,), (answer(),), NOW, fingerprint).verdict == Verified(Sameness.BYTES)
    assert gate((KNOWN,), (answer(PAGE + b"<p>More</p>"),), NOW, fingerprint).verdict is None
    assert made == [PAGE + b"<p>More</p>"]


def test_an_audit_reads_what_a_fingerprint_would_verify_and_keeps_it_only_where_it_differs() -> None:
    body = PAGE.replace(b"<p>", b"<p class='x'>")
    plain = gate((KNOWN,), (answer(body),), NOW)
    look = gate((KNOWN,), (answer(body),), NOW, in_full=True)
    (one,) = look.sources
    assert look.verdict is None
    assert one.keep is not None
    assert (one.keep.body, one.bears) == (body, kept(look))
    assert unaudited(look).sources == plain.sources
    assert gate((KNOWN,), (answer(),), NOW, in_full=True).verdict == Verified(Sameness.BYTES)


def test_one_look_in_fifty_is_audited_and_always_the_same_ones() -> None:
    ref = DocumentRef("halcyon", "terms")
    turns = [attempt for attempt in range(10_000) if is_in_turn(ref, attempt, 50)]
    assert 150 < len(turns) < 250
    assert turns == [attempt for attempt in range(10_000) if is_in_turn(ref, attempt, 50)]
    assert turns != [attempt for attempt in range(10_000) if is_in_turn(DocumentRef("halcyon", "dpa"), attempt, 50)]
    assert not any(is_in_turn(ref, attempt, 0) for attempt in range(100))
