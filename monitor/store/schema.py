"""Brings a database to the schema of this program, or refuses it with what to do. Never repairs, never guesses.

The migrations are Alembic's, in `migrations/` at the top of the repository, which the package carries as its data.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from monitor.core.errors import SchemaMismatch
from monitor.store.engine import Lock, Store, connecting, lock, parse_url, postgresql_engine, sqlite_engine
from monitor.store.tables import metadata
from monitor.store.unavailable import shown
from monitor.store.writer import begun

if TYPE_CHECKING:
    from alembic.config import Config  # imported where it is used: who only looks at an archive never needs it

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def migrate(url: str) -> bool:
    """Brings the database at `url` to this program's schema; True where there was something to do.

    Only one process does it, in one transaction; another that starts at once waits and finds it done. Raises
    SchemaMismatch for a database that is newer, half-migrated or not ours, StoreUnavailable where it can't be used.
    """
    from alembic import command

    parsed = parse_url(url)
    sqlite = parsed.drivername == "sqlite"
    engine = sqlite_engine(parsed, writing=True) if sqlite else postgresql_engine(parsed)
    try:
        with connecting(parsed), begun(engine) as connection:
            lock(connection, Lock.MIGRATE)
            if _at_head(connection, shown=shown(parsed)):
                return False
            command.upgrade(migrations(connection), "head")
            connection.commit()
            return True
    finally:
        engine.dispose()


def require_schema(store: Store) -> None:
    """Raises SchemaMismatch unless the database has this program's schema: for those who read and don't migrate."""
    if not store.read(lambda connection: _is_whole(connection) or _at_head(connection, shown=store.url)):
        raise SchemaMismatch(
            f"The database {store.url} is empty or of an older version: run 'monitor run' once, which prepares it."
        )


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations, run on `connection` inside its transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _is_whole(connection: Connection) -> bool:
    """Whether this is our schema, as nearly every time. False says no more than that a closer look is needed."""
    tables = set(inspect(connection).get_table_names())
    if not tables >= {"alembic_version", *metadata.tables}:
        return False
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest]


def _at_head(connection: Connection, shown: str) -> bool:
    """True at our schema, False where it may be migrated. Raises SchemaMismatch where it may not."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(migrations())
    known = {revision.revision for revision in script.walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    present = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if len(heads) > 1 or (not heads and present & set(metadata.tables)):
        raise SchemaMismatch(
            f"The database {shown} is half-migrated: it has tables of ours, but not one version of the schema "
            f"(found {', '.join(heads) or 'none'}). Restore it from a backup, or name an empty database."
        )
    if not heads and present:
        raise SchemaMismatch(
            f"The database {shown} belongs to another program: it has tables that aren't ours "
            f"({', '.join(sorted(present)[:3])}). Name an empty database."
        )
    if heads and heads[0] not in known:
        raise SchemaMismatch(
            f"The database {shown} is newer than this program: its schema is {heads[0]}, and this program knows "
            f"{script.get_current_head()}. Install the newer version of terms-monitor."
        )
    if heads != (script.get_current_head(),):
        return False
    missing = set(metadata.tables) - present
    if missing:
        raise SchemaMismatch(
            f"The database {shown} is half-migrated: it lacks {', '.join(sorted(missing))}. Restore it from a backup."
        )
    return True
