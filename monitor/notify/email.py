"""E-mail by SMTP: over TLS, STARTTLS or neither, with authentication and checked certificates."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from monitor.core.errors import NotifyError
from monitor.core.model import Delivery
from monitor.core.render.words import one_line

LINE_LENGTH_MAX = 998  # RFC 5322, 2.1.1
LEAVE_TIMEOUT_S = 5.0
_ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)  # of a server that is there


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    TLS = "tls"  # from the first byte, usually port 465
    STARTTLS = "starttls"  # after a greeting in the clear, usually port 587; refused servers get no mail
    NONE = "none"  # for a server on this machine


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The mail server that takes our mail. `password` is asked for when it is needed, and never kept."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = None
    password: Callable[[], str] | None = field(default=None, repr=False)
    timeout_s: float = 30.0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class EmailNotifier:
    """Hands deliveries to a mail server, one connection each. `context` says whom to trust, by default the system's."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._silent_until_s = 0.0  # on the monotonic clock
        self._context = context or ssl.create_default_context()

    def send(self, delivery: Delivery) -> None:
        """Returns once the server has taken the mail. Raises NotifyError where it hasn't.

        Permanent is only what the server says of this one recipient or message; what it says of us (no connection,
        wrong password, sender not allowed) is for the operator to mend, and loses no mail meanwhile.
        """
        mail = compose(delivery)
        sender = parseaddr(dict(delivery.message.headers)["From"])[1]
        with self._explained(delivery), self._connected() as smtp:
            smtp.sendmail(sender, [delivery.channel.target], mail)

    def check(self) -> None:
        """Connects, greets and signs in, and sends nothing. Raises NotifyError with what stands in the way."""
        with self._explained(None), self._connected() as smtp:
            smtp.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A greeted connection, signed in.

        After one that got no answer, whether to the greeting or later, fails at once for as long as that took: many
        mails must not wait for a time-out one by one, and webhooks behind them.
        """
        begun_s = time.monotonic()
        if begun_s < self._silent_until_s:
            raise OSError("it couldn't be a moment ago, and isn't tried again yet")
        try:
            smtp = self._dial()
            try:
                if self._server.security is Security.STARTTLS:
                    smtp.starttls(context=self._context)
                if self._server.username is not None and self._server.password is not None:
                    smtp.login(self._server.username, self._server.password())
                yield smtp
            finally:
                _leave(smtp)
        except OSError as error:  # smtplib's own errors are among them
            if not isinstance(error, _ANSWERS):
                failed_s = time.monotonic()
                self._silent_until_s = failed_s + (failed_s - begun_s)
            raise

    def _dial(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=self._context)
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)

    @contextmanager
    def _explained(self, delivery: Delivery | None) -> Iterator[None]:
        """Turns what smtplib raises into a NotifyError with a sentence that holds no secret."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            target = delivery.channel.target if delivery else "the recipient"
            raise self._refusal(f"refused {target}", code, said, permanent=code >= 500) from None
        except smtplib.SMTPDataError as error:
            raise self._refusal("refused the message", *_answer(error), permanent=error.smtp_code >= 500) from None
        except smtplib.SMTPSenderRefused as error:
            raise self._refusal(f"refused the sender {error.sender}", *_answer(error), permanent=False) from None
        except smtplib.SMTPAuthenticationError as error:
            # What the server says here isn't repeated: some echo what they were sent.
            raise self._transient(
                f"refused the user name or the password ({error.smtp_code}). Check username and password in [email]"
            ) from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise self._transient(self._reason(error)) from None

    def _reason(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"has a certificate that can't be trusted: {error.verify_message}"
        if isinstance(error, ssl.SSLError):
            return f"speaks no TLS that we understand ({error.reason or 'no reason given'}). Check security in [email]"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return f"lacks what is needed: {one_line(str(error))} Check security and username in [email]"
        if isinstance(error, smtplib.SMTPResponseException):
            return f"answered {error.smtp_code}: {_said(error.smtp_error)}"
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            return f"didn't answer within {self._server.timeout_s:g} seconds"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return "closed the connection"
        if isinstance(error, UnicodeError):
            return "can't be given a user name, password or address with letters beyond ASCII"
        return f"can't be reached: {error.strerror if isinstance(error, OSError) and error.strerror else error}"

    def _refusal(self, what: str, code: int, said: bytes | str, *, permanent: bool) -> NotifyError:
        return NotifyError(f"The mail server {self._server} {what}: {code} {_said(said)}.", permanent=permanent)

    def _transient(self, what: str) -> NotifyError:
        return NotifyError(f"The mail server {self._server} {what.rstrip('.')}.", permanent=False)


def compose(delivery: Delivery) -> bytes:
    """The bytes of the mail: the same for every attempt."""
    message = delivery.message
    mail = EmailMessage(policy=_POLICY)
    for name, value in (*message.headers, ("Subject", message.subject)):
        mail[name] = value  # refuses line breaks: nobody writes headers of their own
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    mail.set_boundary(f"=_{delivery.id}")
    return mail.as_bytes()


class _AsWritten(EmailPolicy):
    """Leaves an ASCII header in one line: the standard policy breaks long ids and addresses by encoding them."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        line = f"{name}: {value}"
        if line.isascii() and len(line) <= LINE_LENGTH_MAX:
            return line.encode() + self.linesep.encode()
        return super().fold_binary(name, value)


_POLICY = _AsWritten(linesep=SMTP.linesep, cte_type="7bit")  # not every server on the way takes eight bits


def _leave(smtp: smtplib.SMTP) -> None:
    """Says goodbye if that is still possible: what was taken stays taken, whatever the server answers now."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(LEAVE_TIMEOUT_S)
        smtp.quit()
    smtp.close()


def _answer(error: smtplib.SMTPResponseException) -> tuple[int, bytes | str]:
    return error.smtp_code, error.smtp_error


def _said(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(words, 300).rstrip(".")
