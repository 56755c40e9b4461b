"""Webhooks reach a real receiver with a signature that the public library verifies."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from standardwebhooks import Webhook

from monitor.core.applying import apply
from monitor.core.errors import NotifyError
from monitor.core.model import Channel, ChannelKind, Delivery, DeliveryKind, EventKind, Message, derive_id
from monitor.core.render import webhook
from monitor.core.render.facts import Span, Standing
from monitor.net import AddressPolicy, guarded_client
from monitor.notify.webhook import WebhookNotifier
from tests.readings import reading_of
from tests.servers import Site, drip, hung, page, redirect
from tests.telling import NEW, OLD, SEEN, announcement, document, incident, telling, variants, withdrawal

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SCHEMAS = Path(__file__).parent.parent / "docs" / "schemas"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with guarded_client(AddressPolicy.allowing(("127.0.0.1",)), deadline_s=1.0) as guarded:
        yield guarded


def delivery(target: str, message: Message | None = None) -> Delivery:
    channel = Channel(ChannelKind.WEBHOOK, target, "ann@example.com")
    message = message or webhook.event(telling())
    return Delivery(derive_id("delivery", channel.id), channel, DeliveryKind.ALERT, message, SEEN, attempts=1)


def refused(client: httpx.Client, target: str) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        WebhookNotifier(client, lambda channel: SECRET).send(delivery(target))
    return caught.value


def test_a_call_is_verified_by_the_public_library(client: httpx.Client) -> None:
    with Site() as site:
        site.on("/hook", page(status=204))
        sent = delivery(site.url("/hook"))
        WebhookNotifier(client, lambda channel: SECRET).send(sent)
    (request,) = site.requests
    payload = Webhook(SECRET).verify(request.body, dict(request.headers))
    assert payload == json.loads(sent.message.payload)
    assert request.method == "POST"
    assert request.headers["webhook-id"] == sent.id
    assert request.headers["content-type"] == "application/json"


def test_each_attempt_is_signed_anew_over_the_same_bytes_under_the_same_id(client: httpx.Client) -> None:
    start = datetime.now(UTC)
    moments = iter([start, start + timedelta(seconds=90)])
    with Site() as site:
        site.on("/hook", page())
        sender = WebhookNotifier(client, lambda channel: SECRET.removeprefix("whsec_"), clock=lambda: next(moments))
        for _ in range(2):
            sender.send(delivery(site.url("/hook")))
    first, second = site.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 90
    for request in site.requests:
        Webhook(SECRET).verify(request.body, dict(request.headers))


@pytest.mark.parametrize(
    ("reply", "permanent", "retry_after_s", "said"),
    [
        (page(status=410), True, None, "says that the endpoint is gone (410)"),
        (page(status=500), False, None, "answered 500"),
        (page(status=404), False, None, "answered 404"),
        (page(status=429, retry_after="120"), False, 120.0, "answered 429"),
        (page(status=503, retry_after="soon"), False, None, "answered 503"),
        (redirect("/elsewhere"), False, None, "redirects (302)"),
        (hung, False, None, "didn't answer in time"),
        (drip(0.02, head=b""), False, None, "didn't answer in time"),
    ],
)
def test_the_answer_decides_whether_it_is_tried_again(
    client: httpx.Client, reply: object, permanent: bool, retry_after_s: float | None, said: str
) -> None:
    with Site() as site:
        site.on("/hook", reply)  # type: ignore[arg-type]
        error = refused(client, site.url("/hook?token=secret"))
    assert (error.permanent, error.retry_after_s) == (permanent, retry_after_s)
    assert said in str(error)
    assert "secret" not in str(error)
    assert len(site.requests) == 1


def test_the_endless_body_of_an_answer_is_not_waited_for(client: httpx.Client) -> None:
    with Site() as site:
        site.on("/hook", drip(0.01))
        WebhookNotifier(client, lambda channel: SECRET).send(delivery(site.url("/hook")))
    assert len(site.requests) == 1


def test_a_receiver_that_is_not_there_is_tried_again(client: httpx.Client) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        error = refused(client, f"http://127.0.0.1:{nobody.getsockname()[1]}/hook")
    assert "127.0.0.1 can't be reached" in str(error)
    assert not error.permanent


def test_a_private_address_is_not_called() -> None:
    with Site() as site, guarded_client(AddressPolicy.allowing(()), deadline_s=1.0) as guarded:
        error = refused(guarded, site.url("/hook"))
        assert site.requests == []
    assert "may not be called" in str(error)


def test_a_secret_of_another_form_is_said_and_not_shown(client: httpx.Client) -> None:
    with pytest.raises(NotifyError) as caught:
        WebhookNotifier(client, lambda channel: "hunter2!").send(delivery("http://127.0.0.1:9/hook"))
    assert "isn't base64" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def validator() -> Draft202012Validator:
    change = Resource.from_contents(json.loads((SCHEMAS / "change-1.json").read_text()))
    schema = json.loads((SCHEMAS / "webhook-1.json").read_text())
    return Draft202012Validator(schema, registry=Registry().with_resource("change-1.json", change))


@pytest.mark.parametrize(
    "message",
    [
        webhook.event(telling()),
        webhook.event(telling(kind=EventKind.RETURN)),
        webhook.event(withdrawal()),
        webhook.event(announcement()),
        webhook.event(incident()),
        webhook.event(variants()),
        webhook.digest((telling(), withdrawal(), announcement()), (Standing(document(), 4, SEEN),), Span(None, SEEN)),
        webhook.digest((), (Standing(document(), 4, SEEN, variants=(3, 4), variants_since=SEEN),), Span(None, SEEN)),
    ],
    ids=["changed", "returned", "withdrawn", "announced", "incident", "variants", "digest", "digest of variants"],
)
def test_every_payload_keeps_to_the_published_schema(message: Message) -> None:
    payload = json.loads(message.payload)
    validator().validate(payload)
    with pytest.raises(ValidationError, match=r"is not valid|is a required property"):
        validator().validate({**payload, "data": {}})


def test_a_receiver_can_make_the_new_text_of_the_old_one() -> None:
    record = json.loads(webhook.event(telling()).payload)["data"]
    assert apply(record, reading_of(OLD).text) == reading_of(NEW).text


def test_a_record_too_long_for_a_call_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json.loads(webhook.event(telling()).payload)
    monkeypatch.setattr(webhook, "RECORDS_CHARS_MAX", len(json.dumps(whole["data"])))
    about = document()
    payload = json.loads(
        webhook.digest((telling(about=about), telling(about=about), withdrawal()), (), Span(None, SEEN)).payload
    )
    validator().validate(payload)
    first, second, third = (event["data"] for event in payload["data"]["events"])
    assert (first, third["text"]) == (whole["data"], withdrawal().event.text)
    assert second["text"].endswith("monitor diff nordhost/connector-terms --from 3 --to 4 --json.")
    assert "edits" not in second
