"""The real daemon as a process of its own, with a mail server and a webhook receiver, to be watched or killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from configured import Targets, configuration
from history_server import Served
from receivers import Receivers
from sqlalchemy import make_url

STOP_S = 15.0
GONE_S = 5.0  # how long the processes of a killed daemon may take to notice
SECRET = "whsec_b25lIHRoYXQgbGl2ZXMgZm9yIG1pbnV0ZXMgb25seQ=="  # of a receiver that is gone after the run
LOG_SHOWN = 600
CONFIRM_AFTER_S = 1.0  # so that some kills come between the taking of a message and its settling


class DaemonProcess:
    """`python -m monitor run` with a configuration; what it writes is appended to a file beside it."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._log = config.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None
        self._sessions: list[int] = []

    def start(self) -> None:
        """Start it; it leads a session of its own, so that what it leaves behind can be found."""
        command = [sys.executable, "-m", "monitor", "--config", str(self._config), "run"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self._sessions.append(self._process.pid)

    def kill(self) -> str | None:
        """End it with SIGKILL as the kernel would for want of memory. What is wrong, if it had ended by itself."""
        assert self._process is not None
        ended = self._process.poll()
        self._process.kill()
        self._process.wait()
        return None if ended is None else f"the daemon ended by itself with exit code {ended}: {self.said()}"

    def stop(self) -> str | None:
        """Ask it to stop. What is wrong, if it didn't end in time or with an error."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return f"the daemon had not stopped {STOP_S:g} s after SIGTERM: {self.said()}"
        return f"the daemon stopped with exit code {code}: {self.said()}" if code else None

    def left_behind(self) -> list[int]:
        """The processes of daemons started here that are still there though the daemon isn't."""
        alive = self._process.pid if self._process is not None and self._process.poll() is None else None
        ended = {session for session in self._sessions if session != alive}
        until = time.monotonic() + GONE_S
        while (left := _members(ended)) and time.monotonic() < until:
            time.sleep(0.1)
        return left

    def said(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-LOG_SHOWN:]


def _members(sessions: set[int]) -> list[int]:
    """The living processes of these sessions (proc(5): the sixth field of stat; Z is a zombie)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[3]) in sessions and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@dataclass(frozen=True, slots=True)
class Watching:
    """A daemon with its receivers. `database` has the password in it."""

    name: str
    daemon: DaemonProcess
    receivers: Receivers
    database: str


@contextmanager
def watching(
    name: str, served: tuple[Served, ...], site: str, speed: float, folder: Path, database: str, deadline_s: float
) -> Iterator[Watching]:
    """A daemon that watches the served documents from its start on; it is killed at the end if nobody stopped it."""
    receivers = Receivers(SECRET, CONFIRM_AFTER_S)
    try:
        config = folder / f"{name}.toml"
        targets = _targets(folder / name, database, receivers)
        config.write_text(configuration(served, site, speed, targets, deadline_s))
        daemon = DaemonProcess(config)
        daemon.start()
        try:
            yield Watching(name, daemon, receivers, database)
        finally:
            daemon.kill()
    finally:
        receivers.close()


def _targets(prefix: Path, database: str, receivers: Receivers) -> Targets:
    secret = prefix.with_suffix(".secret")
    secret.write_text(SECRET)
    url = make_url(database)
    password = None
    if url.password is not None:
        password = prefix.with_suffix(".password")
        password.write_text(str(url.password))
    shown = url._replace(password=None).render_as_string(hide_password=False)  # set() leaves it as it is
    for file in (secret, password):
        if file is not None:
            file.chmod(0o600)
    return Targets(shown, receivers.smtp_port, receivers.webhook_port, secret, password)
