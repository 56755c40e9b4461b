"""Who is told in the demo: a mailbox that speaks SMTP and a web service that verifies what it is sent.

Both are small and speak only what a well-behaved sender needs; they listen on this machine and keep what they got.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import socketserver
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

POLL_S = 0.05  # how soon a server notices that it is to close
TOLERANCE_S = 300  # how old a signed message may be


class Mailbox:
    """An SMTP server (RFC 5321, without extensions) that keeps every message whatever its recipient."""

    def __init__(self) -> None:
        self._messages: list[bytes] = []
        mailbox = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mailbox._session(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name="demo-mailbox", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def raw(self) -> tuple[bytes, ...]:
        """The messages as they arrived."""
        return tuple(self._messages)

    @property
    def messages(self) -> tuple[EmailMessage, ...]:
        """The messages, parsed."""
        return tuple(message_from_bytes(raw, _class=EmailMessage, policy=policy.default) for raw in self._messages)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _session(self, session: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            session.wfile.write(f"{line}\r\n".encode())

        say("220 mailbox of the terms-monitor demo")
        for line in session.rfile:
            match line.split(maxsplit=1)[0].upper() if line.strip() else b"":
                case b"HELO" | b"EHLO" | b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                    say("250 OK")
                case b"DATA":
                    say("354 go on")
                    self._messages.append(_message(session))
                    say("250 kept")
                case b"QUIT":
                    say("221 goodbye")
                    return
                case _:
                    say("502 not known here")


def _message(session: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    for line in session.rfile:
        if line == b".\r\n":
            break
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)


@dataclass(frozen=True, slots=True)
class Call:
    """One webhook call as it arrived. `rejected` says why its signature isn't believed, empty where it is."""

    id: str
    body: bytes
    rejected: str

    @property
    def payload(self) -> dict[str, Any]:
        """The body as JSON; an object by Standard Webhooks."""
        value: dict[str, Any] = json.loads(self.body)
        return value


class Hook:
    """A web service that takes calls signed by Standard Webhooks and refuses any other with 401."""

    def __init__(self, secret: str) -> None:
        self._calls: list[Call] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                rejected = rejection(secret, {key.lower(): value for key, value in self.headers.items()}, body)
                hook._calls.append(Call(self.headers.get("webhook-id", ""), body, rejected))
                self.send_response(HTTPStatus.UNAUTHORIZED if rejected else HTTPStatus.NO_CONTENT)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: the demo shows the calls."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name="demo-hook", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/terms"

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def rejection(secret: str, headers: dict[str, str], body: bytes) -> str:
    """Why a call isn't to be believed, empty where its signature is right. Header names are in lower case.

    Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body` with the key in base64 after "whsec_"; of several
    signatures, separated by spaces, one must be right. Written here again so that the sender doesn't check itself.
    """
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or not stamp.isdigit():
        return "webhook-id or webhook-timestamp is missing"
    if abs(time.time() - int(stamp)) > TOLERANCE_S:
        return f"the timestamp {stamp} is too old or in the future"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    for signature in headers.get("webhook-signature", "").split():
        scheme, _, value = signature.partition(",")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            continue
        if scheme == "v1" and hmac.compare_digest(given, expected):
            return ""
    return "no signature is right"
