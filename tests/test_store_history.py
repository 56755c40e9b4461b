"""What the archive tells people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from monitor.core.errors import NotFound
from monitor.core.model import (
    Archived,
    ChannelKind,
    Current,
    DeliveryKind,
    DeliveryState,
    DocumentRef,
    Failed,
    FailureKind,
    Incident,
    Look,
    Message,
    Plan,
    Reread,
    Severity,
    SourceLook,
)
from monitor.store import audience, history, sightings, tables as t
from monitor.store.declare import declare
from monitor.store.documents import claim, record
from monitor.store.engine import Store
from monitor.store.values import pack
from tests.recorded import WEEKLY, document, later, same_look, see, subscriber

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS, PRIVACY = document(), document("privacy")


@pytest.fixture
def archive(store_url: str) -> Iterator[Store]:
    """Three versions of the terms, an hour apart, then a return to the first, then a day of blindness."""
    moments = [NOW]
    opened = Store.open(store_url, lambda: moments[-1])
    declare(opened, (TERMS, PRIVACY), (subscriber("a@example.com", Plan.FREE, "acme"),), WEEKLY)
    for text in ("Be kind.", "Be cruel.", "Be quick.", "Be kind."):
        see(opened, text, TERMS)
        moments.append(moments[-1] + HOUR)
    claimed = claim(opened, lease_s=60, per_host=9, only=TERMS.ref)
    assert claimed is not None
    incident = Incident("dns", "The name doesn't exist.", claimed.now, claimed.now, 1)
    failed = later(claimed, result=Failed(FailureKind.DNS, "The name doesn't exist."), incident=incident)
    assert record(opened, claimed, Look((SourceLook(TERMS.sources[0]),), None), failed)
    yield opened
    opened.close()


def test_the_list_says_where_each_document_stands(archive: Store) -> None:
    privacy, terms = history.documents(archive)
    assert (terms.ref, terms.platform_name, terms.name) == (TERMS.ref, "Acme", "Terms")
    assert (terms.number, terms.since, terms.verified_at) == (1, NOW, NOW + 3 * HOUR)
    assert (terms.last_check_at, terms.last_result) == (NOW + 4 * HOUR, "failed")
    assert terms.blind is not None
    assert (terms.blind.reason, terms.blind.since) == ("The name doesn't exist.", NOW + 4 * HOUR)
    assert terms.urls == ("https://acme.example/acme/terms",)
    assert terms.next_check_at == NOW + 5 * HOUR
    assert (privacy.number, privacy.blind, privacy.last_check_at, privacy.paused_at) == (None, None, None, None)


def test_versions_come_with_what_changed(archive: Store) -> None:
    entries = history.versions(archive, TERMS.ref)
    assert [(one.version.number, one.current, one.headline, one.severity) for one in entries] == [
        (1, True, None, None),
        (2, False, "From Be kind. to Be cruel.", Severity.LOW),
        (3, False, "From Be cruel. to Be quick.", Severity.LOW),
    ]
    assert history.versions(archive, PRIVACY.ref) == ()


def test_a_version_is_shown_with_its_newest_reading_and_evidence(archive: Store) -> None:
    shown = history.version(archive, TERMS.ref, 2)
    assert (shown.version.number, shown.current, shown.reading.text) == (2, False, "Be cruel.")
    (evidence,) = shown.evidence
    assert evidence.snapshot_id == shown.version.snapshots[0]
    assert (evidence.url, evidence.status, evidence.body_bytes) == ("https://acme.example/acme/terms", 200, 16)
    current = history.version(archive, TERMS.ref)
    assert (current.version.number, current.current) == (1, True)
    claimed = claim(archive, lease_s=60, per_host=9, only=TERMS.ref)
    assert claimed is not None
    newer = replace(current.reading, reader="reader-2", title="Read better")
    again = Current("main", current.version, newer, current.identities)
    reread = later(claimed, result=Reread(), rereadings=(again,))
    assert record(archive, claimed, same_look(claimed), reread)
    assert history.version(archive, TERMS.ref, 1).reading == newer


def test_the_change_between_neighbours_is_the_recorded_one(archive: Store) -> None:
    pair = history.between(archive, TERMS.ref, 1, 2)
    assert pair.change is not None
    assert (pair.change.old_reading_id, pair.change.new_reading_id) == (pair.old.reading.id, pair.new.reading.id)
    assert pair.change.assessment.headline == "From Be kind. to Be cruel."
    back = history.between(archive, TERMS.ref, 3, 1)
    assert back.change is not None
    assert back.new.reading.snapshots != back.new.version.snapshots  # read from the page as it was when it came back
    strangers = history.between(archive, TERMS.ref, 2, 1)
    assert strangers.change is None
    assert (strangers.old.reading.text, strangers.new.reading.text) == ("Be cruel.", "Be kind.")
    assert history.between(archive, TERMS.ref, new=3).old.version.number == 2


def test_checks_incidents_and_verifications_are_listed_newest_first(archive: Store) -> None:
    assert [(one.result, one.kind) for one in sightings.checks(archive, TERMS.ref)] == [
        ("failed", "dns"),
        ("returned", None),
        ("archived", None),
        ("archived", None),
        ("archived", None),
    ]
    assert len(sightings.checks(archive, TERMS.ref, limit=2)) == 2
    (entry,) = sightings.incidents(archive)
    assert (entry.ref, entry.incident.kind, entry.closed_at) == (TERMS.ref, "dns", None)
    assert sightings.incidents(archive, PRIVACY.ref) == ()
    intervals = sightings.verifications(archive, TERMS.ref)
    assert [(one.number, one.ended_at) for one in intervals] == [
        (1, NOW + 4 * HOUR),
        (3, NOW + 3 * HOUR),
        (2, NOW + 2 * HOUR),
        (1, NOW + HOUR),
    ]


def test_what_is_not_there_is_told_with_what_is_near(archive: Store) -> None:
    told = {
        (DocumentRef("acme", "term"), None): "no document acme/term: did you mean acme/terms",
        (DocumentRef("zzz", "qqq"), None): "no document zzz/qqq: monitor list shows what is watched",
        (TERMS.ref, 9): r"acme/terms has no version 9: it has 1 to 3\.",
        (PRIVACY.ref, None): r"Nothing of acme/privacy has been archived yet: monitor check acme/privacy",
    }
    for (ref, number), sentence in told.items():
        with pytest.raises(NotFound, match=sentence):
            history.version(archive, ref, number)
    with pytest.raises(NotFound, match="no earlier version than 1 to compare with"):
        history.between(archive, TERMS.ref)


def test_subscribers_and_deliveries_are_listed(archive: Store) -> None:
    (someone,) = audience.subscribers(archive)
    assert (someone.address, someone.plan, someone.platforms) == ("a@example.com", Plan.FREE, ("acme",))
    (channel,) = someone.channels
    assert (channel.kind, channel.target) == (ChannelKind.EMAIL, "a@example.com")
    sealed = Message(subject="Acme changed its terms", text="Look.")
    rows = [
        {
            "id": key * 32,
            "channel_id": channel.id,
            "kind": DeliveryKind.ALERT,
            "document_id": 1 if key == "a" else None,
            "message": pack(sealed),
            "sealed_at": NOW + HOUR * (key == "b"),
            "state": DeliveryState.SENT if key == "a" else DeliveryState.PARKED,
        }
        for key in ("a", "b")
    ]
    archive.write(lambda connection: connection.execute(insert(t.delivery), rows))
    newest, oldest = audience.deliveries(archive)
    assert (newest.state, newest.ref, newest.target) == (DeliveryState.PARKED, None, "a@example.com")
    assert (oldest.state, oldest.ref, oldest.subject) == (DeliveryState.SENT, TERMS.ref, "Acme changed its terms")
    assert audience.deliveries(archive, DeliveryState.PARKED) == (newest,)
    assert audience.message(archive, "aaaa") == (oldest, sealed)
    with pytest.raises(NotFound, match="Expected one delivery c, found none"):
        audience.message(archive, "c")


def test_a_first_version_without_a_change_is_its_own_beginning(archive: Store) -> None:
    outcome = see(archive, "We keep data.", PRIVACY)
    assert isinstance(outcome.result, Archived)
    (entry,) = history.versions(archive, PRIVACY.ref)
    assert entry == history.VersionEntry(outcome.result.version, True, None, None, None)
    with pytest.raises(NotFound, match=r"acme/privacy has version 1 only\."):
        history.version(archive, PRIVACY.ref, 2)
