"""Databases brought to this program's schema, or refused."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from monitor.core.errors import SchemaMismatch
from monitor.store.engine import Store, parse_url, postgresql_engine, sqlite_engine
from monitor.store.schema import migrate, migrations, require_schema
from monitor.store.tables import metadata

ROOT = Path(__file__).parent.parent


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, on each of the two in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def engine(url: str) -> Engine:
    parsed = parse_url(url)
    return sqlite_engine(parsed, writing=True) if parsed.drivername == "sqlite" else postgresql_engine(parsed)


def run(url: str, *statements: str) -> None:
    made = engine(url)
    with made.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    made.dispose()


def test_an_empty_database_is_migrated_once(empty_url: str) -> None:
    assert migrate(empty_url) is True
    assert migrate(empty_url) is False
    store = Store.open(empty_url)
    require_schema(store)
    store.close()


def test_metadata_and_migrations_agree(store_url: str) -> None:
    made = engine(store_url)
    with made.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert _checks(connection) == {
            (table.name, str(check.name))
            for table in metadata.sorted_tables
            for check in table.constraints
            if _named(check)
        }
    made.dispose()


def _named(constraint: object) -> bool:
    return type(constraint).__name__ == "CheckConstraint"


def _checks(connection: Connection) -> set[tuple[str, str]]:
    """Check constraints, which Alembic doesn't compare."""
    inspector = inspect(connection)
    return {
        (table, str(check["name"]))
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_migrations_go_down_and_up_again(store_url: str) -> None:
    made = engine(store_url)
    with made.begin() as connection:
        command.downgrade(migrations(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with made.begin() as connection:
        command.upgrade(migrations(connection), "head")
    made.dispose()
    assert migrate(store_url) is False


def test_only_one_of_many_who_start_at_once_migrates(empty_url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(migrate, [empty_url] * 6))
    assert sorted(done) == [False] * 5 + [True]


def test_a_newer_database_is_refused(store_url: str) -> None:
    run(store_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match=r"newer than this program: its schema is 9999.*Install the newer version"):
        migrate(store_url)


def test_a_half_migrated_database_is_refused(store_url: str) -> None:
    run(store_url, "DROP TABLE notice")
    with pytest.raises(SchemaMismatch, match=r"half-migrated: it lacks notice\. Restore it"):
        migrate(store_url)
    run(store_url, "INSERT INTO alembic_version VALUES ('0000')")
    with pytest.raises(SchemaMismatch, match=r"half-migrated.*found 000\d, 000\d"):
        migrate(store_url)
    run(store_url, "DROP TABLE alembic_version")
    with pytest.raises(SchemaMismatch, match=r"half-migrated.*found none"):
        migrate(store_url)


def test_a_database_of_another_program_is_refused(empty_url: str) -> None:
    run(empty_url, "CREATE TABLE customers (id INTEGER)")
    with pytest.raises(SchemaMismatch, match=r"belongs to another program.*\(customers\)\. Name an empty database"):
        migrate(empty_url)


def test_who_only_reads_is_told_to_run_first(empty_url: str) -> None:
    store = Store.open(empty_url)
    with pytest.raises(SchemaMismatch, match="is empty or of an older version: run 'monitor run' once"):
        require_schema(store)
    store.close()


def test_a_built_package_carries_its_migrations_and_uses_them(tmp_path: Path) -> None:
    build = "from setuptools import build_meta; import sys; build_meta.build_wheel(sys.argv[1])"
    made = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=_copy(tmp_path), capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    assert sorted(path.name for path in installed.iterdir() if path.suffix != ".dist-info") == ["monitor"]
    url = f"sqlite:///{tmp_path}/installed.db"
    used = subprocess.run(
        [sys.executable, "-c", _MIGRATE, str(installed), url], cwd=tmp_path, capture_output=True, text=True
    )
    assert used.stdout.split() == [str(installed / "monitor" / "migrations"), "True"], used.stderr


_MIGRATE = """
import sys
sys.path.insert(0, sys.argv[1])
from monitor.store.schema import MIGRATIONS, migrate
print(MIGRATIONS, migrate(sys.argv[2]))
"""


def _copy(folder: Path) -> Path:
    """What a package is built from, so that building leaves nothing in the checkout."""
    copy = folder / "checkout"
    copy.mkdir()
    names = ("pyproject.toml", "README.md", "LICENSE", "monitor", "migrations")
    present = [str(ROOT / name) for name in names if (ROOT / name).exists()]
    subprocess.run(["cp", "-a", *present, str(copy)], check=True)
    for name in ("README.md", "LICENSE"):
        (copy / name).touch()
    return copy
