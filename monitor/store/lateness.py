"""How long what is due has been lying there: the one thing that tells a working daemon from one that only runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, func, or_, select

from monitor.core.model import DeliveryState
from monitor.store import tables as t
from monitor.store.engine import Store


def lateness(store: Store) -> timedelta:
    """For how long the check or delivery that is due longest, and that nobody holds, has been waiting; or zero."""

    def read(connection: Connection) -> timedelta:
        now = store.now(connection)
        document, delivery = t.document.c, t.delivery.c
        checks = select(func.min(document.next_check_at)).where(
            document.paused_at.is_(None), or_(document.lease_until.is_(None), document.lease_until <= now)
        )
        messages = select(func.min(delivery.next_attempt_at)).where(
            delivery.state == DeliveryState.SEALED, or_(delivery.lease_until.is_(None), delivery.lease_until <= now)
        )
        due = [connection.execute(query).scalar_one() for query in (checks, messages)]
        return max([now - moment for moment in due if moment is not None and moment < now], default=timedelta())

    return store.read(read)
