"""The daemon as the operator meets it: a process, a configuration file and signals. Sites and receivers are real."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url

from monitor.demo.site import PAGES, Face
from monitor.demo.stage import EVERYTHING, Stage
from tests.due import wait_until_due

PATIENCE_S = 60.0  # on a machine with other things to do; waiting ends as soon as what is waited for is there
CONNECTOR_TERMS = "aurelle/connector-terms"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as stage:
        edit(stage, "[fetch]", '[fetch]\ndeadline = "5s"')
        edit(stage, "[email]", '[reading]\ndeadline = "5s"\n\n[email]')
        yield stage


def edit(stage: Stage, old: str, new: str) -> None:
    text = stage.config.read_text()
    assert text.count(old) == 1
    stage.config.write_text(text.replace(old, new))


def process(stage: Stage) -> psutil.Process:
    assert stage.daemon is not None
    return psutil.Process(stage.daemon.pid)


def await_log(stage: Stage, words: str, at_most_s: float = PATIENCE_S) -> None:
    assert stage.wait(lambda: words in stage.log.read_text(), at_most_s), stage.log.read_text()


def await_true(stage: Stage, until: Callable[[], bool], at_most_s: float = PATIENCE_S) -> None:
    assert stage.wait(until, at_most_s), stage.log.read_text()


def alerts(stage: Stage) -> list[str]:
    return [str(message["Message-ID"]) for message in stage.mailbox.messages if message["To"] == EVERYTHING]


def test_a_hung_host_delays_no_other_and_no_stop(stage: Stage) -> None:
    edit(stage, '[fetch]\ndeadline = "5s"', '[fetch]\ndeadline = "60s"\nread_timeout = "60s"')
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        edit(stage, stage.site.url(PAGES[0]), f"http://127.0.0.1:{port}/terms")
        stage.start_daemon()
        connection, _ = silent.accept()
        others = PAGES[1:]
        await_true(stage, lambda: all(stage.site.visits(page.ref) >= 2 for page in others))
        family = [process(stage), *process(stage).children(recursive=True)]
        began = time.monotonic()
        family[0].send_signal(signal.SIGTERM)
        _, alive = psutil.wait_procs(family, timeout=12)
        connection.close()
    assert alive == []
    assert time.monotonic() - began < 10
    assert stage.daemon is not None
    assert stage.daemon.wait() == 0
    assert "Traceback" not in stage.log.read_text()


def test_a_reload_takes_over_what_can_be_used_and_refuses_what_can_not(stage: Stage) -> None:
    first = stage.config.read_text()
    edit(stage, f'  url = "{stage.site.url(PAGES[0])}"\n', f'  url = "{stage.site.url(PAGES[0])}?"\n')
    stage.start_daemon()
    await_log(stage, "watching")
    stage.config.write_text(first.replace('plan = "professional"', 'plan = "profesional"').replace("tick", "tik"))
    process(stage).send_signal(signal.SIGHUP)
    await_log(stage, "the new configuration is refused, the old one stays in force")
    log = stage.log.read_text()
    assert 'Did you mean \\"professional\\"?' in log
    assert 'Did you mean \\"tick\\"?' in log
    assert stage.site.visits(CONNECTOR_TERMS) == 0
    stage.config.write_text(first.replace("archive.db", "other.db"))
    process(stage).send_signal(signal.SIGHUP)
    await_log(stage, "reloaded")
    assert "this change takes effect only with a restart section=database" in stage.log.read_text()
    await_true(stage, lambda: stage.site.visits(CONNECTOR_TERMS) >= 2)
    assert not (stage.directory / "other.db").exists()


def test_a_stop_waits_neither_for_reloads_nor_for_a_locked_database(stage: Stage) -> None:
    stage.start_daemon()
    await_true(stage, stage.all_visited)
    other = sqlite3.connect(stage.directory / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(50):
        process(stage).send_signal(signal.SIGHUP)
    time.sleep(1)
    began = time.monotonic()
    process(stage).terminate()
    assert stage.daemon is not None
    assert stage.daemon.wait(20) == 0
    assert time.monotonic() - began < 10
    other.close()


def test_a_database_that_goes_away_and_comes_back_is_said_once_each(stage: Stage) -> None:
    stage.start_daemon()
    await_true(stage, stage.all_visited)
    aside = (stage.directory / "archive.db").rename(stage.directory / "aside.db")
    await_log(stage, "was removed or replaced while it was in use")
    time.sleep(2)  # ten ticks, in which much works: whoever finds nothing due
    aside.rename(stage.directory / "archive.db")
    seen = stage.site.visits(CONNECTOR_TERMS)
    await_log(stage, "the database can be used again")
    await_true(stage, lambda: stage.site.visits(CONNECTOR_TERMS) > seen)
    log = stage.log.read_text()
    assert log.count("the database can't be used, trying on") == 1
    assert log.count("the database can be used again") == 1


def test_a_killed_daemon_leaves_no_process_and_tells_after_a_restart_under_one_id(stage: Stage) -> None:
    edit(stage, 'deadline = "5s"\n\n[email]', 'deadline = "1s"\n\n[email]')
    edit(stage, '[fetch]\ndeadline = "5s"', '[fetch]\ndeadline = "1s"')
    stage.start_daemon()
    await_true(stage, stage.all_visited)
    stage.site.show(CONNECTOR_TERMS, Face.EDITED)
    stage.site.show("brightloom/subprocessors", Face.EDITED)
    await_true(stage, lambda: stage.site.visits(CONNECTOR_TERMS) >= 1)
    family = [process(stage), *process(stage).children(recursive=True)]
    family[0].kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert stage.daemon is not None
    stage.daemon.wait()
    stage.start_daemon()
    await_true(stage, lambda: len(set(alerts(stage))) == 2 and len({call.id for call in stage.hook.calls}) == 2)
    more = stage.site.visits(CONNECTOR_TERMS) + 2
    await_true(stage, lambda: stage.site.visits(CONNECTOR_TERMS) >= more)
    assert len(set(alerts(stage))) == 2
    assert len({call.id for call in stage.hook.calls}) == 2
    assert {call.rejected for call in stage.hook.calls} == {""}


def test_run_once_does_what_is_due_tells_and_ends(stage: Stage) -> None:
    command = [sys.executable, "-m", "monitor", "-c", str(stage.config), "run", "--once"]
    first = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert first.returncode == 0, first.stderr
    assert alerts(stage) == []
    stage.site.show(CONNECTOR_TERMS, Face.EDITED)
    stage.site.show("cindermarket/terms", Face.CHALLENGE)
    wait_until_due(stage.config)
    second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1, second.stderr  # a challenge: not everything could be seen
    assert len(alerts(stage)) == 1


def test_the_same_program_watches_on_postgresql_and_two_of_it_at_once(stage: Stage, empty_postgres_url: str) -> None:
    url = make_url(empty_postgres_url)
    (stage.directory / "password").write_text(url.password or "")
    place = f"postgresql://{url.username}@{url.host}:{url.port}/{url.database}"
    edit(stage, 'url = "sqlite:///archive.db"', f'url = "{place}"\npassword = {{ file = "password" }}')
    command = [sys.executable, "-m", "monitor", "-c", str(stage.config), "run"]
    stage.start_daemon()
    with stage.log.open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as second:
        try:
            await_true(stage, stage.all_visited)
            stage.site.show(CONNECTOR_TERMS, Face.EDITED)
            await_true(stage, lambda: len(alerts(stage)) >= 1 and len(stage.hook.calls) >= 1)
            more = stage.site.visits(CONNECTOR_TERMS) + 2
            await_true(stage, lambda: stage.site.visits(CONNECTOR_TERMS) >= more)
        finally:
            second.terminate()
        assert second.wait(15) == 0
    assert len(alerts(stage)) == 1
    assert len(stage.hook.calls) == 1
    assert "Traceback" not in stage.log.read_text()
