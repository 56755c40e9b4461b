"""The demo's stage: the site, the receivers, and the real daemon as a process of its own, in one directory."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from monitor.demo.receivers import Hook, Mailbox
from monitor.demo.site import PAGES, Site

STOP_S = 15.0

EVERYTHING, FREE_READER, OPERATOR = "legal@customer.example", "reader@home.example", "operator@monitor.example"

CONFIG = """\
# Written by `monitor demo`. It is the real daemon; only the periods are shorter than in real life.

[database]
url = "sqlite:///archive.db"

[fetch]
allow_private = ["127.0.0.1"]  # the made-up site is on this machine
per_host = 8

[schedule]
every = "1s"        # in real life hours
digest = "8s"       # in real life a week
tick = "0.2s"
catch_up = "1s"
retry_first = "1s"
retry_max = "1s"
incident_after = 2

[email]
host = "127.0.0.1"
port = {mail_port}
security = "none"
from = "Terms Monitor <monitor@monitor.example>"

[webhook]
allow_private = ["127.0.0.1"]

[operator]
name = "The demo"
address = "{operator}"
"""

PLATFORM = """
[[platforms]]
name = "{page.platform_name}"
id = "{page.platform}"
"""

DOCUMENT = """
  [[platforms.documents]]
  name = "{page.name}"
  id = "{page.document}"
  url = "{url}"
"""

SUBSCRIBERS = """
[[subscribers]]  # told at once, by e-mail and webhook
address = "{everything}"
plan = "professional"
platforms = [{platforms}]
channels = [
  {{ type = "email" }},
  {{ type = "webhook", url = "{hook}", secret = {{ file = "webhook-secret" }} }},
]

[[subscribers]]  # one platform, a digest
address = "{free}"
plan = "free"
platforms = ["cindermarket"]
"""


class Stage:
    """Everything that runs during the demo; leaving it stops everything and keeps the files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.config = directory / "terms-monitor.toml"
        self.log = directory / "daemon.log"
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        self.site, self.mailbox, self.hook = Site(), Mailbox(), Hook(secret)
        directory.mkdir(parents=True, exist_ok=True)
        _write_secret(directory / "webhook-secret", secret)
        self.config.write_text(_config(self.site, self.mailbox, self.hook), encoding="utf-8")
        self.daemon: subprocess.Popen[bytes] | None = None

    def start_daemon(self) -> None:
        """Start `monitor run` on the demo's configuration."""
        command = [sys.executable, "-m", "monitor", "--config", str(self.config), "run"]
        with self.log.open("ab") as log:
            self.daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - our own command

    def stop_daemon(self) -> None:
        """Ask the daemon to stop, as `docker stop` does."""
        if self.daemon is None:
            return
        self.daemon.terminate()
        try:
            self.daemon.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()

    @property
    def running(self) -> bool:
        return self.daemon is not None and self.daemon.poll() is None

    def wait(self, until: Callable[[], bool], at_most_s: float) -> bool:
        """Whether `until` came true in time; stops waiting where the daemon has ended."""
        deadline = time.monotonic() + at_most_s
        while time.monotonic() < deadline and self.running:
            if until():
                return True
            time.sleep(0.1)
        return until()

    def all_visited(self, times: int = 2) -> bool:
        """Whether each page was looked at so often since it last changed: the first look may have begun before."""
        return all(self.site.visits(page.ref) >= times for page in PAGES)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop_daemon()
        for one in (self.site, self.mailbox, self.hook):
            one.close()


def _write_secret(path: Path, secret: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")


def _config(site: Site, mailbox: Mailbox, hook: Hook) -> str:
    parts = [CONFIG.format(mail_port=mailbox.port, operator=OPERATOR)]
    shown: list[str] = []
    for page in PAGES:
        if page.platform not in shown:
            shown.append(page.platform)
            parts.append(PLATFORM.format(page=page))
        parts.append(DOCUMENT.format(page=page, url=site.url(page)))
    platforms = ", ".join(f'"{platform}"' for platform in shown)
    parts.append(SUBSCRIBERS.format(everything=EVERYTHING, free=FREE_READER, platforms=platforms, hook=hook.url))
    return "".join(parts)
