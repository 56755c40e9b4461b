"""A configuration file for watching a served history: the real daemon with shorter periods, nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from history_server import Served

PERIOD_S_MIN = 1.0  # the configuration takes no shorter one
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Targets:
    """Where things go: the database, ports of this machine, and the files that hold the secrets."""

    database: str
    smtp_port: int
    webhook_port: int
    webhook_secret: Path
    database_password: Path | None = None


def configuration(
    served: tuple[Served, ...], site: str, speed: float, targets: Targets, deadline_s: float | None = None
) -> str:
    """TOML that watches every served document, told to a professional by e-mail and webhook, to a watcher and a free
    follower by e-mail.

    `site` is the URL of the server. Periods are those of the defaults divided by `speed`, but a second at least.
    `deadline_s` is how long a fetch or a reading may take; with a short one the lease of a killed daemon ends soon.
    """
    limits = {} if deadline_s is None else {"deadline": deadline_s}
    lines = [
        *_table("database", url=targets.database),
        *_secret("password", targets.database_password),
        *_table("fetch", allow_private=["127.0.0.1"], fresh_for=PERIOD_S_MIN, **limits),
        *_table("reading", **limits),
        *_table("schedule", **_periods(speed)),
        *_email(targets),
        *_table("webhook", allow_private=["127.0.0.1"]),
        *_table("delivery", retry_first=PERIOD_S_MIN, retry_max=5 * PERIOD_S_MIN),
        *_table("operator", address="operator@example.org"),
        *_platforms(served, site),
        *_subscribers(served, targets),
    ]
    return "\n".join(lines) + "\n"


def _periods(speed: float) -> dict[str, object]:
    hours = {
        "every": 12.0,
        "same_day": 6.0,
        "digest": 7 * 24.0,
        "second_look": 5 / 60,
        "agreement": 24.0,
        "replacement": 168.0,
        "withdrawal": 72.0,
        "retry_first": 5 / 60,
        "retry_max": 6.0,
        "catch_up": 10 / 60,
    }
    return {name: max(PERIOD_S_MIN, round(value * HOUR_S / speed, 3)) for name, value in hours.items()}


def _email(targets: Targets) -> list[str]:
    sender = "Terms Monitor <terms@example.org>"
    values: dict[str, object] = {"host": "127.0.0.1", "port": targets.smtp_port, "security": "none", "from": sender}
    return _table("email", **values)


def _platforms(served: tuple[Served, ...], site: str) -> list[str]:
    lines = []
    for platform in _platform_ids(served):
        lines += _table("[platforms]", name=platform, id=platform)
        for one in served:
            if one.platform == platform:
                url = f"{site.rstrip('/')}{one.path}"
                lines += _table("[platforms.documents]", name=one.name, id=one.path.strip("/"), url=url)
    return lines


def _subscribers(served: tuple[Served, ...], targets: Targets) -> list[str]:
    platforms = _platform_ids(served)
    hook = f"http://127.0.0.1:{targets.webhook_port}/hook"
    return [
        *_table("[subscribers]", address="pro@example.org", plan="professional", platforms=platforms),
        *_table("[subscribers.channels]", type="email"),
        *_table("[subscribers.channels]", type="webhook", url=hook),
        *_secret("secret", targets.webhook_secret),
        *_table("[subscribers]", address="watcher@example.org", plan="watcher", platforms=platforms),
        *_table("[subscribers]", address="free@example.org", plan="free", platforms=platforms[:1]),
    ]


def _platform_ids(served: tuple[Served, ...]) -> list[str]:
    return sorted({one.platform for one in served})


def _table(heading: str, **values: object) -> list[str]:
    """A table in TOML: strings, numbers and lists of them are written as in JSON."""
    return ["", f"[{heading}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]


def _secret(name: str, file: Path | None) -> list[str]:
    return [] if file is None else [f"{name} = {{ file = {json.dumps(str(file))} }}"]
