"""From events to notices: who is owed what. Safe to repeat, and to run in several processes at once."""

from __future__ import annotations

from monitor.core.routing import Periods
from monitor.store import notices
from monitor.store.engine import Store

EVENTS_AT_ONCE = 100


def spread(store: Store, periods: Periods, batch: int = notices.SPREAD_BATCH) -> int:
    """Writes the notices owed of every event that isn't spread yet; returns how many events it finished.

    Each batch is a transaction of its own, so that thousands of notices keep nobody waiting.
    """
    finished = 0
    while events := notices.unspread(store, EVENTS_AT_ONCE):
        for event in events:
            while not notices.spread_batch(store, event, periods, batch):
                pass
            finished += 1
    return finished
