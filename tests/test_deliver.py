"""From notices to mailboxes: one message each, sealed before it is sent, settled after, whatever gets in between."""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from monitor.core.errors import NotifyError
from monitor.core.model import (
    ChannelKind,
    Comparison,
    Delivery,
    Difference,
    Op,
    Plan,
    ProvisionChange,
    Segment,
    SegmentKind,
)
from monitor.core.render.facts import Letterhead
from monitor.core.routing import DeliveryPolicy, Periods
from monitor.deliver import seal, send_due
from monitor.notify.email import EmailNotifier, Security, SmtpServer
from monitor.notify.webhook import WebhookNotifier
from monitor.spread import spread
from monitor.store import deliveries, tables as t
from monitor.store.engine import Store
from monitor.store.values import pack
from tests.mailbox import Mailbox
from tests.sending import MONDAY, OPERATOR, OTHER, PRIVACY, TERMS, WEEKLY, World, reader, world
from tests.servers import Site, page

LETTERHEAD = Letterhead("Terms Monitor <monitor@example.org>", "ops@example.org")
PERIODS = Periods(same_day_s=6 * 3600.0)
POLICY = DeliveryPolicy(retry_first_s=60, retry_max_s=3600, give_up_after_s=86_400, lease_s=120)
PROFESSIONAL = reader("ann@example.com", Plan.PROFESSIONAL, "acme", "other")
WATCHER = reader("wim@example.com", Plan.WATCHER, "acme")
FREE = reader("fay@example.com", Plan.FREE, "acme", time_zone="Europe/Oslo")


@pytest.fixture
def here(store_url: str) -> Iterator[World]:
    with world(store_url) as made:
        yield made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def notifiers(mailbox: Mailbox) -> dict[ChannelKind, EmailNotifier]:
    return {ChannelKind.EMAIL: EmailNotifier(SmtpServer("localhost", mailbox.port, Security.NONE, timeout_s=5.0))}


def sealed(here: World) -> int:
    spread(here.store, PERIODS)
    return seal(here.store, LETTERHEAD, WEEKLY)


def sent(here: World, mailbox: Mailbox) -> int:
    return send_due(here.store, notifiers(mailbox), POLICY)


def tell(here: World, mailbox: Mailbox) -> int:
    sealed(here)
    return sent(here, mailbox)


def states(here: World) -> list[str]:
    return [row.state for row in here.rows(t.delivery)]


def test_a_change_is_in_the_mailbox_at_once_and_only_once(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    assert tell(here, mailbox) == 1
    assert tell(here, mailbox) == 0
    (mail,) = mailbox.mails
    (row,) = here.rows(t.delivery)
    assert mail.recipients == ("ann@example.com",)
    assert mail.message["Subject"] == "Acme · Terms: 1 provision changed"
    assert mail.message["Message-ID"] == f"<{row.id}@example.org>"
    assert "Terms as changed 1 times" in mail.part("plain")
    assert (row.state, row.attempts, row.settled_at, row.next_attempt_at) == ("sent", 1, here.now, None)
    assert [notice.delivery_id for notice in here.rows(t.notice)] == [row.id]


def test_a_watcher_gets_the_changes_of_the_day_in_one_mail_per_document(here: World, mailbox: Mailbox) -> None:
    here.declare(WATCHER)
    here.changes(TERMS)
    here.changes(PRIVACY)
    assert tell(here, mailbox) == 0
    here.waits(hours=5)
    here.changes(TERMS)
    assert tell(here, mailbox) == 0
    here.waits(hours=1)
    assert tell(here, mailbox) == 2
    subjects = {str(mail.message["Subject"]) for mail in mailbox.mails}
    assert subjects == {"Acme · Terms: 2 changes", "Acme · Privacy: 1 provision changed"}
    assert all(row.delivery_id for row in here.rows(t.notice))


def test_all_alerts_of_a_document_are_one_thread(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    for about in (TERMS, TERMS, OTHER):
        here.changes(about)
        tell(here, mailbox)
    first, second, other = (mail.message for mail in mailbox.mails)
    assert first["References"] == second["References"] != other["References"]
    assert len({message["Message-ID"] for message in (first, second, other)}) == 3


def test_a_digest_comes_when_its_time_comes_with_or_without_changes(here: World, mailbox: Mailbox) -> None:
    here.declare(FREE)
    here.changes()
    here.fails(PRIVACY)
    assert tell(here, mailbox) == 0
    here.now = MONDAY + timedelta(days=7)  # eight o'clock in Oslo
    assert tell(here, mailbox) == 1
    assert tell(here, mailbox) == 0
    here.waits(days=7)
    assert tell(here, mailbox) == 1
    first, second = mailbox.mails
    assert first.message["Subject"] == "Digest: 1 change, 1 of 2 documents not verified"
    assert "Terms as changed 1 times" in first.part("plain")
    text = " ".join(second.part("plain").split())
    assert "No changes, 1 of 2 documents not verified" in text
    assert "Terms: version 2, last verified 6 April 2026, 08:01 CEST." in text
    assert "Privacy: could not be seen since 6 April 2026, 08:01 CEST: The page answered with a bot challenge." in text
    assert {row.period for row in here.rows(t.delivery)} == {"2026-04-13T08:00", "2026-04-20T08:00"}


def test_a_digest_missed_for_weeks_comes_once(here: World, mailbox: Mailbox) -> None:
    here.declare(FREE)
    here.changes()
    here.waits(days=30)
    assert tell(here, mailbox) == 1
    assert tell(here, mailbox) == 0


def test_who_leaves_the_free_plan_is_not_kept_waiting_for_a_digest_that_never_comes(
    here: World, mailbox: Mailbox
) -> None:
    here.declare(FREE)
    here.changes()
    assert tell(here, mailbox) == 0
    here.declare(replace(FREE, plan=Plan.PROFESSIONAL))
    assert tell(here, mailbox) == 1
    assert "Terms as changed 1 times" in mailbox.mails[0].part("plain")


def test_a_webhook_gets_each_event_by_itself(here: World) -> None:
    key = base64.b64encode(bytes(32)).decode()
    with Site() as site, httpx.Client() as client:
        site.on("/hook", page())
        here.declare(reader("ann@example.com", Plan.PROFESSIONAL, "acme", webhook=site.url("/hook")))
        here.changes()
        here.changes()
        assert sealed(here) == 2
        notifier = WebhookNotifier(client, lambda channel: key)
        assert send_due(here.store, {ChannelKind.WEBHOOK: notifier}, POLICY) == 2
    types = [json.loads(request.body)["type"] for request in site.requests]
    assert types == ["terms.changed", "terms.changed"]
    assert len({request.headers["webhook-id"] for request in site.requests}) == 2


def test_incidents_of_many_documents_are_one_note_to_the_operator(here: World, mailbox: Mailbox) -> None:
    here.declare(OPERATOR, PROFESSIONAL)
    here.fails(TERMS)
    here.fails(OTHER)
    assert tell(here, mailbox) == 1
    (mail,) = mailbox.mails
    assert mail.recipients == ("ops@example.org",)
    assert mail.message["Subject"] == "2 incidents opened or closed"
    assert [row.kind for row in here.rows(t.delivery)] == ["operator"]


def test_a_failed_delivery_is_put_off_and_sent_later_as_it_was(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    mailbox.says("RCPT", "450 busy", "450 busy")
    assert tell(here, mailbox) == 0
    here.waits(seconds=59)
    assert sent(here, mailbox) == 0
    assert mailbox.commands.count("RCPT") == 1
    here.waits(seconds=1)
    assert sent(here, mailbox) == 0
    (row,) = here.rows(t.delivery)
    assert "450 busy" in row.last_error
    assert row.next_attempt_at == here.now + timedelta(seconds=120)
    here.waits(seconds=120)
    assert sent(here, mailbox) == 1
    (mail,) = mailbox.mails
    assert mail.message["Date"].datetime == MONDAY + timedelta(minutes=1)
    assert [(row.state, row.last_error) for row in here.rows(t.delivery)] == [("sent", None)]


def test_what_a_server_refuses_for_good_is_parked_and_said(
    here: World, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    mailbox.says("RCPT", "550 no such user")
    with caplog.at_level(logging.ERROR):
        tell(here, mailbox)
    (row,) = here.rows(t.delivery)
    assert (row.state, row.next_attempt_at) == ("parked", None)
    assert "no such user" in row.last_error
    assert [record.message for record in caplog.records] == ["parked"]
    here.waits(days=1)
    assert sent(here, mailbox) == 0


def test_what_fails_for_days_is_given_up_but_not_before_it_was_tried(here: World) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    sealed(here)
    here.waits(days=3)  # nobody was there to send it
    nobody = {ChannelKind.EMAIL: _Failing("450 busy")}
    for _ in range(3):
        assert states(here) == ["sealed"]
        send_due(here.store, nobody, POLICY)
        here.waits(hours=1)
    assert states(here) == ["parked"]


class _Failing:
    """A notifier that fails in one way, as often as it is asked."""

    def __init__(self, reason: str, retry_after_s: float | None = None, defect: bool = False) -> None:
        self.asked: list[Delivery] = []
        self._error = NotifyError(reason, permanent=False, retry_after_s=retry_after_s)
        self._defect = defect

    def send(self, delivery: Delivery) -> None:
        self.asked.append(delivery)
        raise ZeroDivisionError("a defect") if self._defect else self._error


def test_retry_after_is_obeyed(here: World) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    sealed(here)
    send_due(here.store, {ChannelKind.EMAIL: _Failing("429", retry_after_s=900)}, POLICY)
    assert [row.next_attempt_at for row in here.rows(t.delivery)] == [here.now + timedelta(seconds=900)]


def test_a_receiver_that_fails_is_not_asked_for_each_of_its_deliveries(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    here.changes(TERMS)
    here.changes(OTHER)
    assert sealed(here) == 2
    failing = _Failing("450 busy")
    send_due(here.store, {ChannelKind.EMAIL: failing}, POLICY)
    assert len(failing.asked) == 1
    here.waits(seconds=60)
    assert sent(here, mailbox) == 2


def test_what_a_defect_keeps_from_being_made_is_put_off_and_keeps_no_other_waiting(
    here: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.deliver.SEALED_AT_ONCE", 1)
    zoe, zed = reader("zoe@example.com", Plan.PROFESSIONAL, "other"), reader("zed@example.com", Plan.FREE, "other")
    here.declare(WATCHER, FREE, zoe, zed)
    here.changes(TERMS)
    (about,) = here.rows(t.assessment)
    here.store.write(lambda connection: connection.execute(update(t.assessment).values(data={})))
    here.waits(hours=6)
    here.changes(OTHER)
    here.waits(days=7)
    assert tell(here, mailbox) == 2
    assert tell(here, mailbox) == 0
    assert {mail.recipients for mail in mailbox.mails} == {(zoe.address,), (zed.address,)}
    assert caplog.text.count("a message could not be made") == 2
    here.store.write(lambda connection: connection.execute(update(t.assessment).values(data=about.data)))
    here.waits(minutes=15)
    assert tell(here, mailbox) == 2
    assert {mail.recipients for mail in mailbox.mails[2:]} == {(WATCHER.address,), (FREE.address,)}


def test_a_defect_in_one_delivery_stops_no_other(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL, reader("bob@example.com", Plan.PROFESSIONAL, "acme"))
    here.changes()
    sealed(here)
    working = notifiers(mailbox)[ChannelKind.EMAIL]
    poison = _Failing("", defect=True)

    class Both:
        def send(self, delivery: Delivery) -> None:
            (poison if delivery.channel.target == "ann@example.com" else working).send(delivery)

    assert send_due(here.store, {ChannelKind.EMAIL: Both()}, POLICY) == 1
    assert sorted(states(here)) == ["sealed", "sent"]
    assert {row.last_error for row in here.rows(t.delivery)} == {
        None,
        "A defect of terms-monitor: ZeroDivisionError; see the log.",
    }


def test_a_sender_that_dies_leaves_its_delivery_to_another_after_the_lease(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    sealed(here)
    dead = deliveries.claim(here.store, POLICY)
    assert dead is not None
    assert sent(here, mailbox) == 0
    here.waits(seconds=120)
    assert sent(here, mailbox) == 1
    assert mailbox.mails[0].message["Message-ID"] == f"<{dead.id}@example.org>"
    assert not deliveries.put_off(here.store, dead, "too late", 60, POLICY)
    assert not deliveries.settle_parked(here.store, dead, "too late")
    assert states(here) == ["sent"]


def test_a_delivery_that_ends_its_sender_every_time_is_parked_in_the_end(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    sealed(here)
    for _ in range(3):
        assert deliveries.claim(here.store, POLICY) is not None  # and nothing is heard of it again
        here.waits(hours=9)
        assert states(here) == ["sealed"]
    assert sent(here, mailbox) == 0
    assert [(row.state, row.last_error) for row in here.rows(t.delivery)] == [("parked", deliveries.LOST)]


def test_what_was_taken_is_settled_even_when_the_lease_was_lost(here: World) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    sealed(here)
    slow = deliveries.claim(here.store, POLICY)
    here.waits(seconds=120)
    other = deliveries.claim(here.store, POLICY)
    assert slow is not None
    assert other == replace(slow, attempts=2)
    assert deliveries.settle_sent(here.store, slow)
    assert not deliveries.settle_sent(here.store, other)


def test_who_left_the_configuration_is_not_written_to(here: World, mailbox: Mailbox) -> None:
    here.declare(PROFESSIONAL, WATCHER)
    here.changes()
    sealed(here)
    here.declare(OPERATOR)
    here.waits(hours=6)
    assert tell(here, mailbox) == 0
    assert states(here) == ["parked"]
    assert mailbox.mails == []


def test_a_wrong_quotation_is_never_sent(here: World, mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    here.declare(PROFESSIONAL)
    here.changes()
    damaged = _comparison_beyond_the_text()
    here.store.write(lambda connection: connection.execute(update(t.change).values(comparison=damaged)))
    assert tell(here, mailbox) == 1
    (mail,) = mailbox.mails
    assert "Something changed" in mail.part("plain")
    assert "Terms as changed" not in mail.part("plain")
    assert "QuotationDefect" in caplog.text


def _comparison_beyond_the_text() -> bytes:
    segment = Segment(SegmentKind.INSERTED, 0, 0, 0, 10_000)
    change = ProvisionChange(Op.MODIFIED, "Preamble", 0, 0, segments=(segment,))
    return pack(Comparison(Difference.CHANGE, (change,)))


def test_several_processes_seal_and_send_the_same_notices_once(store_url: str, mailbox: Mailbox) -> None:
    with world(store_url) as here:
        people = [reader(f"p{number}@example.com", Plan.PROFESSIONAL, "acme") for number in range(8)]
        here.declare(*people)
        here.changes()
        spread(here.store, PERIODS)

        def work(store: Store) -> None:
            seal(store, LETTERHEAD, WEEKLY)
            send_due(store, notifiers(mailbox), POLICY)

        stores = [Store.open(store_url, clock=lambda: here.now) for _ in range(4)]
        threads = [threading.Thread(target=work, args=(store,)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        for store in stores:
            store.close()
        assert sorted(mail.recipients[0] for mail in mailbox.mails) == sorted(person.address for person in people)
        assert set(states(here)) == {"sent"}
