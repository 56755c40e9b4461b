"""Who is told in a run: a real mail server and a real webhook receiver, which keep all they were given.

The mail server is aiosmtpd; the receiver believes only what the public standardwebhooks library verifies. Both are
written by others than the sender, so that the sender doesn't check itself.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from monitor.core.model import ChannelKind

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived. `recipient`: the address or URL. `id`: its Message-ID or webhook-id.

    `content`: what a person or a program reads of it.
    """

    kind: ChannelKind
    recipient: str
    id: str
    content: str


class Receivers:
    """A mail server and a webhook receiver on free ports of this machine, until `close`.

    They keep a message and confirm it `confirm_after_s` later: the time in which a sender that is killed can't know.
    """

    def __init__(self, secret: str, confirm_after_s: float = 0.0) -> None:
        self.confirm_after_s = confirm_after_s
        self.received: list[Received] = []
        self.refused: list[str] = []
        self._lock = threading.Lock()
        self._mail = Controller(_Mailbox(self), hostname=HOST, port=free_port())
        self._mail.start()
        self._hook = ThreadingHTTPServer((HOST, 0), _handler(self, Webhook(secret)))
        self._hook.daemon_threads = True
        threading.Thread(target=self._hook.serve_forever, name="hook", daemon=True).start()

    @property
    def smtp_port(self) -> int:
        """Of the mail server."""
        return int(self._mail.port)

    @property
    def webhook_port(self) -> int:
        """Of the webhook receiver."""
        return self._hook.server_port

    def take(self, message: Received) -> None:
        """Keep a message."""
        with self._lock:
            self.received.append(message)

    def refuse(self, reason: str) -> None:
        """Keep why a call wasn't believed."""
        with self._lock:
            self.refused.append(reason)

    def close(self) -> None:
        """Stop listening."""
        self._mail.stop()
        self._hook.shutdown()
        self._hook.server_close()


class _Mailbox:
    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        text = mail.get_body(("plain",))
        content = text.get_content() if text is not None else ""
        for recipient in envelope.rcpt_tos:
            self._receivers.take(Received(ChannelKind.EMAIL, recipient, str(mail["Message-ID"]), content))
        await asyncio.sleep(self._receivers.confirm_after_s)
        return "250 kept"


def _handler(receivers: Receivers, webhook: Webhook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
            except WebhookVerificationError as error:
                receivers.refuse(f"webhook {self.headers.get('webhook-id')}: {error}")
                self._end(HTTPStatus.UNAUTHORIZED)
                return
            url = f"http://{HOST}:{receivers.webhook_port}{self.path}"
            receivers.take(Received(ChannelKind.WEBHOOK, url, self.headers["webhook-id"], body.decode()))
            time.sleep(receivers.confirm_after_s)
            self._end(HTTPStatus.NO_CONTENT)

        def _end(self, status: HTTPStatus) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what came is kept."""

    return Handler


def free_port() -> int:
    """A port nobody listens on; aiosmtpd can't be asked for any."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
