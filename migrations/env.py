"""Alembic's way in. The program gives it a connection inside a transaction; `alembic -x url=…` makes its own."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from monitor.store.engine import parse_url, postgresql_engine, sqlite_engine
from monitor.store.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,  # SQLite can, and so a migration is done or not done
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = parse_url(context.get_x_argument(as_dictionary=True)["url"])
    sqlite = url.drivername == "sqlite"
    engine = sqlite_engine(url, writing=True) if sqlite else postgresql_engine(url)
    with engine.begin() as connection:
        migrate(connection)
