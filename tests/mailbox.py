"""A real SMTP server on 127.0.0.1 that keeps the mail it takes and answers as it is told to.

with Mailbox() as mailbox:
    mailbox.says("RCPT", "550 no such user")
    ...
    assert mailbox.mails == []
"""

from __future__ import annotations

import asyncio
import email
import ssl
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP as SMTP_PROTOCOL, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it came: the envelope, and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, email.message_from_bytes(self.data, policy=SMTP))

    def part(self, subtype: str) -> str:
        """The text of the part of that subtype: plain or html."""
        body = self.message.get_body((subtype,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Mailbox:
    """`users`: names and passwords that may sign in; with any, mail is only taken from them."""

    users: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None  # from the first byte
    starttls: ssl.SSLContext | None = None
    mails: list[Mail] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers: defaultdict[str, list[str]] = defaultdict(list)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def says(self, command: str, *answers: str) -> None:
        """The next answers to MAIL, RCPT or DATA; after them it takes mail again."""
        self._answers[command].extend(answers)

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=self.tls)

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> SMTP_PROTOCOL:
        return SMTP_PROTOCOL(
            self,
            hostname="mailbox.test",
            tls_context=self.starttls,
            require_starttls=self.starttls is not None,
            authenticator=self._authenticate if self.users else None,
            auth_require_tls=False,
            loop=self._loop,
        )

    def _authenticate(self, server: object, session: object, envelope: object, how: str, sent: Any) -> AuthResult:
        assert isinstance(sent, LoginPassword)
        name, password = sent.login.decode(), sent.password.decode()
        return AuthResult(success=self.users.get(name) == password, handled=False)

    # What aiosmtpd asks of a handler.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP_PROTOCOL, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.users and not session.authenticated:
            return "530 sign in first"
        envelope.mail_from = address
        return self._said("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP_PROTOCOL, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._said("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP_PROTOCOL, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._said("DATA", "250 OK")
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            encrypted = self.tls is not None or session.ssl is not None
            self.mails.append(Mail(str(envelope.mail_from), tuple(envelope.rcpt_tos), content, encrypted))
        return answer

    def _said(self, command: str, usual: str) -> str:
        self.commands.append(command)
        return self._answers[command].pop(0) if self._answers[command] else usual
