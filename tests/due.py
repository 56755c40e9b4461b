"""Waiting for the next turn of every document, by what the archive says and not by a guess."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from monitor.archive import open_store
from monitor.config import load
from monitor.store.history import documents


def wait_until_due(config: Path) -> None:
    """Returns once every document that this configuration watches is due."""
    with open_store(load(config)) as store:
        due = max(state.next_check_at for state in documents(store))
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
