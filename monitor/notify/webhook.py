"""Webhooks: the sealed payload, signed by Standard Webhooks 1.0.0 at each attempt, by a client that guards its way."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from monitor.core.errors import NotifyError
from monitor.core.headers import wait_s
from monitor.core.model import Channel, Delivery
from monitor.core.render.words import one_line

SIGNATURE_VERSION = "v1"
SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that the specification gives secrets, not one of them
GONE = 410


class WebhookNotifier:
    """Posts deliveries to their receivers.

    `client` must follow no redirects and bound each request in time (net's guarded_client does); the body of an
    answer isn't read. `secret_of` gives a channel's signing secret: base64, with or without `whsec_`.
    """

    def __init__(
        self,
        client: httpx.Client,
        secret_of: Callable[[Channel], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._secret_of = secret_of
        self._clock = clock

    def send(self, delivery: Delivery) -> None:
        """Returns once the receiver has answered 2xx. Raises NotifyError where it hasn't; permanent only for 410."""
        body = delivery.message.payload.encode()
        now = self._clock()
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": sign(self._secret_of(delivery.channel), delivery.id, int(now.timestamp()), body),
        }
        host = httpx.URL(delivery.channel.target).host  # not the whole address: it may hold a token
        try:
            with self._client.stream("POST", delivery.channel.target, content=body, headers=headers) as answer:
                status, retry_after = answer.status_code, answer.headers.get("retry-after", "")
        except httpx.TimeoutException:
            raise NotifyError(f"The webhook receiver {host} didn't answer in time.", permanent=False) from None
        except httpx.HTTPError as error:
            reason = one_line(str(error), 300).rstrip(".") or type(error).__name__
            raise NotifyError(f"The webhook receiver {host} can't be reached: {reason}.", permanent=False) from None
        _judge(status, host, wait_s(retry_after, now))


def sign(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """The value of webhook-signature: HMAC-SHA256 of id, time and body, joined by full stops. Raises NotifyError.

    Standard Webhooks 1.0.0, "Signature scheme", symmetric.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise NotifyError("The webhook's secret isn't base64, with or without whsec_.", permanent=False) from None
    signed = b".".join((message_id.encode(), str(timestamp_s).encode(), body))
    return f"{SIGNATURE_VERSION},{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def _judge(status: int, host: str, retry_after_s: float | None) -> None:
    """Raises NotifyError unless the status is a success."""
    if 200 <= status < 300:
        return
    if status == GONE:
        raise NotifyError(f"The webhook receiver {host} says that the endpoint is gone (410).", permanent=True)
    if 300 <= status < 400:
        raise NotifyError(
            f"The webhook receiver {host} redirects ({status}), which isn't followed: configure its new address.",
            permanent=False,
        )
    raise NotifyError(f"The webhook receiver {host} answered {status}.", permanent=False, retry_after_s=retry_after_s)
