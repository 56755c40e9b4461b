"""The demo does what it says: right alerts, no other, and everything kept where it says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.root import app
from monitor.demo.receivers import Mailbox, rejection
from monitor.demo.site import PAGES, Face, render

TODAY = date(2026, 12, 24)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_the_demo_tells_what_ought_to_be_told_and_keeps_it(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["demo", "--dir", str(tmp_path / "demo")])
    assert shown.exit_code == 0, shown.output
    assert "4 alerts, each by e-mail and webhook, and no other" in shown.output
    assert len(list((tmp_path / "demo" / "mail").glob("*.eml"))) >= 7
    config = str(tmp_path / "demo" / "terms-monitor.toml")
    listed = CliRunner().invoke(app, ["--config", config, "diff", "connector-terms"])
    assert "[-30-]{+90+} days" in listed.output
    assert "backdated" not in shown.output
    assert "takes effect 30 days after it was seen" in shown.output
    again = CliRunner().invoke(app, ["demo", "--dir", str(tmp_path / "demo")])
    assert again.exit_code == 2
    assert "isn't empty" in again.stderr


def test_every_visit_brings_other_bytes_but_a_quiet_page_the_same() -> None:
    for page in PAGES:
        assert render(page, Face.FIRST, 1, TODAY) != render(page, Face.FIRST, 2, TODAY)
        assert render(page, Face.FIRST, 1, TODAY) == render(page, Face.FIRST, 1, TODAY)
        assert render(page, Face.FIRST, 1, TODAY) != render(page, Face.REDESIGNED, 1, TODAY)


def test_an_edited_page_is_dated_today_and_takes_effect_later() -> None:
    edited = render(PAGES[0], Face.EDITED, 1, TODAY).decode()
    assert "Last updated: 24 December 2026" in edited
    assert "Effective: 23 January 2027" in edited
    assert "24 December 2026" not in render(PAGES[0], Face.FIRST, 1, TODAY).decode()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    yield mailbox
    mailbox.close()


def test_the_mailbox_keeps_messages_as_they_were_sent(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.sendmail("a@x.example", ["b@x.example"], b"Subject: one\r\n\r\nfirst\r\n.dot\r\n")
        smtp.sendmail("a@x.example", ["b@x.example"], b"Subject: two\r\n\r\nsecond\r\n")
        assert smtp.docmd("VRFY", "b")[0] == 502
    assert [message["Subject"] for message in mailbox.messages] == ["one", "two"]
    assert mailbox.messages[0].get_content() == "first\r\n.dot\r\n"


def signed(stamp: int, body: bytes, secret: str = SECRET) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, b"id.%d." % stamp + body, hashlib.sha256)).decode()
    return {"webhook-id": "id", "webhook-timestamp": str(stamp), "webhook-signature": f"v1,x v2,y v1,{signature}"}


def test_only_a_right_and_fresh_signature_is_believed() -> None:
    now = int(time.time())
    assert rejection(SECRET, signed(now, b"{}"), b"{}") == ""
    assert rejection(SECRET, signed(now, b"{}"), b"{ }") == "no signature is right"
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    assert rejection(SECRET, signed(now, b"{}", other), b"{}") == "no signature is right"
    assert "too old" in rejection(SECRET, signed(now - 3600, b"{}"), b"{}")
    assert "missing" in rejection(SECRET, {"webhook-signature": "v1,x"}, b"{}")
