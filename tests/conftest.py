"""What tests share: a migrated store on each database, with the database's own clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from monitor.store.engine import Store
from monitor.store.schema import migrate
from tests.postgres import PostgresMissing, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a running PostgreSQL with a migrated database called `template`."""
    try:
        server = postgres_server()
        url = server.__enter__()
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    try:
        make_database(url, "template")
        migrate(database_url(url, "template"))
        yield url
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    path = tmp_path / "monitor.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The URL of a fresh, migrated PostgreSQL database."""
    return make_database(postgres, f"t{next(_numbers)}", template="template")


@pytest.fixture
def empty_postgres_url(postgres: str) -> str:
    """The URL of a fresh PostgreSQL database without tables."""
    return make_database(postgres, f"t{next(_numbers)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, on each of the two in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store on a fresh, migrated database, on each of the two in turn."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


_numbers = itertools.count(1)


def make_database(server: str, name: str, template: str = "template0") -> str:
    """Makes a database on the server and returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return database_url(server, name)


def database_url(server: str, name: str) -> str:
    return server.rpartition("/")[0] + f"/{name}"
