"""E-mail leaves by a real SMTP server, and what the server says decides whether it is tried again."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import replace

import pytest

from monitor.core.errors import NotifyError
from monitor.core.model import Channel, ChannelKind, Delivery, DeliveryKind, derive_id
from monitor.core.render import email
from monitor.core.render.facts import Envelope, Letterhead
from monitor.notify.email import EmailNotifier, Security, SmtpServer, compose
from tests.mailbox import Mailbox
from tests.servers import authority
from tests.telling import SEEN, document, telling

LETTERHEAD = Letterhead("Terms Monitor <monitor@example.org>", "ops@example.org")
PASSWORD = "correct horse battery staple"


def delivery(target: str = "ann@example.com", headline: str = "Payment is due sooner") -> Delivery:
    channel = Channel(ChannelKind.EMAIL, target, target)
    delivery_id = derive_id("delivery", channel.id, "1")
    envelope = Envelope(delivery_id, target, SEEN, thread=email.thread_root(channel.id, document().ref))
    message = email.addressed(email.alert((telling(headline=headline),), "UTC", LETTERHEAD), envelope, LETTERHEAD)
    return Delivery(delivery_id, channel, DeliveryKind.ALERT, message, SEEN, attempts=1)


def notifier(mailbox: Mailbox, context: ssl.SSLContext | None = None, **changes: object) -> EmailNotifier:
    server = SmtpServer("localhost", mailbox.port, Security.NONE, timeout_s=5.0)
    return EmailNotifier(replace(server, **changes), context)  # type: ignore[arg-type]


def refused(sender: EmailNotifier, one: Delivery | None = None) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        sender.send(one or delivery())
    return caught.value


def test_a_mail_arrives_with_both_parts_and_its_headers() -> None:
    sent = delivery()
    with Mailbox() as mailbox:
        notifier(mailbox).send(sent)
    (mail,) = mailbox.mails
    assert (mail.sender, mail.recipients) == ("monitor@example.org", ("ann@example.com",))
    message = mail.message
    assert message["Subject"] == "Nordhost · Connector Terms: 4 provisions changed, 2 added, 2 removed"
    assert message["Message-ID"] == f"<{sent.id}@example.org>"
    assert message["In-Reply-To"] == message["References"] != message["Message-ID"]
    assert message["Date"].datetime == SEEN
    assert message["List-Unsubscribe"] == "<mailto:ops@example.org?subject=unsubscribe>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "within [-30-]{+14+} days" in mail.part("plain").replace("\n   ", " ")
    assert "<ins" in mail.part("html")
    assert "Payment is due sooner" in mail.part("html")


def test_every_attempt_sends_the_same_bytes() -> None:
    assert compose(delivery()) == compose(replace(delivery(), attempts=7))


def test_a_long_id_or_address_is_not_broken_by_encoding() -> None:
    domain = "terms-monitor-of-the-association-for-consumer-protection.example.org"
    long = Letterhead(f"monitor@{domain}", f"unsubscriptions-of-the-monitor@{domain}")
    sent = delivery()
    message = email.addressed(sent.message, Envelope(sent.id, "ann@example.com", SEEN, "f" * 32), long)
    raw = compose(replace(sent, message=message)).decode("ascii")
    assert f"References: <{'f' * 32}@{domain}>\r\n" in raw
    assert f"List-Unsubscribe: <mailto:{long.operator}?subject=unsubscribe>\r\n" in raw
    assert max(len(line) for line in raw.split("\r\n")) <= 998


def test_nobody_writes_headers_of_their_own() -> None:
    about = replace(document(), name="Terms\r\nBcc: eve@example.net\r\n\r\nHello")
    message = email.alert((telling(about=about),), "UTC", LETTERHEAD)
    sent = delivery()
    with Mailbox() as mailbox:
        notifier(mailbox).send(replace(sent, message=replace(sent.message, subject=message.subject)))
    (mail,) = mailbox.mails
    assert mail.recipients == ("ann@example.com",)
    assert mail.message["Bcc"] is None
    with pytest.raises(ValueError, match="linefeed"):
        compose(replace(sent, message=replace(sent.message, subject="a\r\nBcc: eve@example.net")))


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_mail_goes_encrypted_and_signed_in(security: Security) -> None:
    server, client = authority("localhost")
    how = {"tls": server} if security is Security.TLS else {"starttls": server}
    with Mailbox(users={"monitor": PASSWORD}, **how) as mailbox:
        sender = notifier(mailbox, client, security=security, username="monitor", password=lambda: PASSWORD)
        sender.check()
        sender.send(delivery())
    assert [mail.encrypted for mail in mailbox.mails] == [True]


def test_a_certificate_that_cannot_be_trusted_gets_no_mail() -> None:
    server, _ = authority("localhost")
    with Mailbox(starttls=server) as mailbox:
        error = refused(notifier(mailbox, security=Security.STARTTLS))
    assert "certificate that can't be trusted" in str(error)
    assert not error.permanent
    assert mailbox.mails == []


def test_a_server_without_starttls_gets_no_mail_where_it_is_asked_for() -> None:
    with Mailbox() as mailbox:
        error = refused(notifier(mailbox, security=Security.STARTTLS))
    assert "STARTTLS" in str(error)
    assert mailbox.mails == []


def test_a_wrong_password_is_said_without_the_password_and_loses_no_mail() -> None:
    with Mailbox(users={"monitor": PASSWORD}) as mailbox:
        error = refused(notifier(mailbox, username="monitor", password=lambda: "wrong " + PASSWORD))
    assert "refused the user name or the password (535)" in str(error)
    assert PASSWORD not in str(error)
    assert not error.permanent


@pytest.mark.parametrize(
    ("command", "answer", "permanent"),
    [
        ("RCPT", "550 no such user", True),
        ("RCPT", "450 mailbox busy", False),
        ("DATA", "554 looks like spam", True),
        ("DATA", "451 try again later", False),
        ("MAIL", "553 you may not send as that", False),
    ],
)
def test_what_the_server_says_of_the_mail_decides_whether_it_is_tried_again(
    command: str, answer: str, permanent: bool
) -> None:
    with Mailbox() as mailbox:
        mailbox.says(command, answer)
        sender = notifier(mailbox)
        error = refused(sender)
        assert error.permanent is permanent
        assert answer[:3] in str(error)
        assert answer[4:] in str(error)
        sender.send(delivery())
    assert len(mailbox.mails) == 1


def test_a_server_that_cannot_be_reached_is_told_by_name() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        error = refused(EmailNotifier(SmtpServer("127.0.0.1", port, Security.NONE, timeout_s=2.0)))
    assert f"127.0.0.1:{port} can't be reached" in str(error)
    assert not error.permanent


@pytest.mark.parametrize("said", [b"", b"220 mail.test\r\n250 mail.test\r\n"], ids=["at once", "once it has greeted"])
def test_many_mails_do_not_wait_one_by_one_for_a_server_that_is_silent(said: bytes) -> None:
    one = delivery()
    connections: list[socket.socket] = []

    def greet() -> None:
        with contextlib.suppress(OSError):
            while True:
                connections.append(silent.accept()[0])
                connections[-1].sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Thread(target=greet, daemon=True).start()
        sender = EmailNotifier(SmtpServer("127.0.0.1", silent.getsockname()[1], Security.NONE, timeout_s=1.0))
        errors = [refused(sender, one) for _ in range(20)]
        silent.shutdown(socket.SHUT_RDWR)
    assert len(connections) == 1
    assert not any(error.permanent for error in errors)
    connections[0].close()


def test_a_server_that_says_nothing_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        error = refused(EmailNotifier(SmtpServer("127.0.0.1", port, Security.NONE, timeout_s=0.2)))
    assert "didn't answer within 0.2 seconds" in str(error)
    assert not error.permanent
