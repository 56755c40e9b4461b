"""Which errors of the two databases say that the database can't be used, and the sentence for each.

Told apart by the databases' own codes, never by their words. Whatever is left is a defect or a broken constraint,
and goes to whoever wrote.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

_SQLITE = {
    sqlite3.SQLITE_BUSY: "another process has kept it locked for too long; end that one, or try again",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened; check that its folder may be written by this user",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup",
    sqlite3.SQLITE_FULL: "the disk is full; make room",
    sqlite3.SQLITE_IOERR: "reading or writing the disk failed; check the disk and that the folder may be written",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database; name another file",
    sqlite3.SQLITE_PERM: "this user may not use it; change its owner or permissions",
    sqlite3.SQLITE_READONLY: "it can't be written; check the permissions of the file and its folder",
}

_POSTGRESQL = {
    "28P01": "the password or user name is wrong; correct the URL",
    "28000": "the server refuses this user; correct the URL or the server's pg_hba.conf",
    "3D000": "the server has no database of that name; create it, or correct the URL",
    "42501": "this user may not do that; grant it the rights of the database's owner",
    "25006": "the server can only be read; name the primary server",
}
_POSTGRESQL_CLASSES = {
    "08": "the connection was lost; try again",
    "53": "the server has no more memory, disk or connections; give it more",
    "57": "the server is stopping or starting; try again",
    "58": "the server has trouble with its disk; look at its log",
}

_REPEATED = {"40001", "40P01"}  # serialization failure, deadlock


def unavailable(error: DBAPIError, url: URL) -> str | None:
    """The sentence for a database that can't be used, or None where the error says something else."""
    if url.drivername == "sqlite":
        code = getattr(error.orig, "sqlite_errorcode", None)
        why = None if code is None else _sqlite_reason(code & 0xFF, Path(url.database or ""))
        return None if why is None else f"The database {url.database} can't be used: {why}."
    why = _postgresql_reason(error)
    return None if why is None else f"The database {shown(url)} can't be used: {why}."


def shown(url: URL) -> str:
    """The URL for a person: as it was written, without the password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def must_be_repeated(error: DBAPIError) -> bool:
    """True where PostgreSQL gave up a transaction for the sake of another, so that it's worth another try."""
    return getattr(error.orig, "sqlstate", None) in _REPEATED


def _sqlite_reason(code: int, path: Path) -> str | None:
    """The reason for a primary code, which is the low byte of an extended one."""
    if code == sqlite3.SQLITE_CANTOPEN and not path.parent.is_dir():
        return f"the folder {path.parent} doesn't exist; make it, or correct the URL"
    return _SQLITE.get(code)


def _postgresql_reason(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state) or _POSTGRESQL_CLASSES.get(state[:2])
    name = type(error.orig).__name__
    unknown_option = name == "ProgrammingError" and error.statement is None  # in the URL: nothing was run yet
    if name not in ("OperationalError", "ConnectionTimeout") and not unknown_option:
        return None
    # libpq gives no code while connecting (also for a wrong password), only its words.
    first_line = str(error.orig).strip().partition("\n")[0]
    return f"{first_line or 'no connection'}; check the URL and that the server runs"
