"""The archive of a configuration, opened: all that a command needs that only looks.

It stands apart from app.py so that looking imports neither what fetches and reads nor what sends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.config import Settings
from monitor.core.errors import StoreUnavailable
from monitor.store.engine import Store, parse_url
from monitor.store.schema import migrate, require_schema


@contextmanager
def open_store(settings: Settings, *, migrating: bool = False) -> Iterator[Store]:
    """The database, with this program's schema: brought to it where `migrating`, else refused without it."""
    url = settings.database.full_url()
    if migrating:
        migrate(url)
    elif (file := missing_file(settings)) is not None:
        raise StoreUnavailable(f"There is no database at {file} yet: 'monitor run' makes it.")
    store = Store.open(url)
    try:
        require_schema(store)
        yield store
    finally:
        store.close()


def missing_file(settings: Settings) -> Path | None:
    """The file of a SQLite database that isn't there yet: opening it would make an empty one."""
    url = parse_url(settings.database.url)
    file = Path(url.database or "")
    return file if url.drivername == "sqlite" and not file.exists() else None
