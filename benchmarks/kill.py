"""Kills the daemon with SIGKILL at random moments while it watches a served history, then looks for what was lost.

    python benchmarks/kill.py CORPUS [--kills 50] [--seed 1] [--postgres | --database URL] [--json OUT]

A second daemon watches the same server unkilled: both archives must end with the same texts in the same order.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import audit
from history_server import FastClock, HistoryServer, Served
from rich.console import Console
from rich.progress import track
from rich.table import Table
from serve_history import choose, date, first_moment
from watching import Watching, watching

from monitor.core.errors import MonitorError
from monitor.store.engine import Store

COMPANY, DOCUMENTS, FROM, TO = "mistral", (24, 25, 26, 27, 28, 31, 40), "2026-03-01", "2026-04-12"
SPEED = 10_000.0
KILLS = 50
EVENTS_MIN = 5  # with fewer the run shows nothing
DEADLINE_S = 2.0  # of a fetch or reading, so that the lease a killed daemon leaves behind is short
DRAIN_S = 420.0  # longer than the lease of a message that was being sent when the last kill came


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0 where nothing was lost, 1 where something was, 2 where nothing could be run."""
    options = _options(arguments)
    try:
        served = choose(options.corpus, options.company, options.documents, options.start, options.end)
        with _folder(options.keep) as folder, _database(options, Path(folder)) as database:
            result = run(served, options, Path(folder), database)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(asdict(result), indent=1) + "\n")
    _print(Console(), result)
    return 1 if result.problems else 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to.

    `interrupted`: checks and messages that were under way at a kill. `duplicates`: messages that came again under the
    same id, by which a receiver knows them.
    """

    database: str
    interrupted: dict[str, int]
    versions: int
    events: int
    owed: int
    delivered: int
    duplicates: int
    deliveries: dict[str, int]
    control_versions: int
    control_events: int
    problems: tuple[str, ...]
    kills: int = 0
    seconds: float = 0.0


def run(served: tuple[Served, ...], options: argparse.Namespace, folder: Path, database: str) -> Result:
    """Serve the histories once, watched by a daemon that is killed and by one that isn't; then hold them together."""
    started = time.monotonic()
    clock = FastClock(first_moment(served, options.start), options.speed)
    lasts_s = (max(one.pages[-1].at for one in served) - clock.start).total_seconds() / options.speed
    server = HistoryServer(served, clock.now, "127.0.0.1", 0)
    site = f"http://127.0.0.1:{server.port}"
    beside = f"sqlite:///{folder / 'control.db'}"
    try:
        with (
            watching("killed", served, site, options.speed, folder, database, DEADLINE_S) as victim,
            watching("control", served, site, options.speed, folder, beside, DEADLINE_S) as control,
        ):
            killed = _kill(victim, _moments(options.kills, lasts_s, options.seed), started)
            time.sleep(max(0.0, started + lasts_s - time.monotonic()))
            killed.problems += [*_drain(victim), *_drain(control)]
            seconds = round(time.monotonic() - started, 1)
            return replace(_result(victim, control, killed), kills=options.kills, seconds=seconds)
    finally:
        server.close()


def _moments(kills: int, lasts_s: float, seed: int) -> list[float]:
    """Seconds from the start: anywhere in the run, also while the daemon starts again."""
    chance = random.Random(seed)
    return sorted(chance.uniform(1.0, lasts_s) for _ in range(kills))


@dataclass(slots=True)
class Kills:
    """What the killing came to: what was under way at a kill, and what went wrong but for the killing."""

    interrupted: set[str]
    problems: list[str]


def _kill(victim: Watching, moments: list[float], started: float) -> Kills:
    """Kill and start again at each moment."""
    console = Console(stderr=True)
    kills = Kills(set(), [])
    for moment in track(moments, "kills", console=console, disable=not console.is_terminal):
        time.sleep(max(0.0, started + moment - time.monotonic()))
        problem = victim.daemon.kill()
        kills.problems += [problem] if problem else []
        with _opened(victim) as store:
            kills.interrupted |= audit.under_way(store)
        victim.daemon.start()
    left = victim.daemon.left_behind()
    kills.problems += [f"processes of killed daemons are still there: {left}"] if left else []
    return kills


def _drain(watched: Watching) -> Iterator[str]:
    """Wait until nothing is left to do, then stop the daemon; what went wrong."""
    since = datetime.now(UTC)
    until = time.monotonic() + DRAIN_S
    with _opened(watched) as store:
        while not audit.settled(store, since):
            if time.monotonic() > until:
                yield f"{watched.name}: not settled {DRAIN_S:g} s after the end of the history: {watched.daemon.said()}"
                break
            time.sleep(1.0)
    problem = watched.daemon.stop()
    if problem:
        yield f"{watched.name}: {problem}"


def _result(victim: Watching, control: Watching, killed: Kills) -> Result:
    with _opened(victim) as store, _opened(control) as beside:
        found = audit.audit(store, victim.receivers.received)
        expected = audit.audit(beside, control.receivers.received)
        deliveries = audit.deliveries_by_kind(store)
        dialect = "postgresql" if store.url.startswith("postgresql") else "sqlite"
    problems = [*killed.problems, *found.problems, *(f"control: {problem}" for problem in expected.problems)]
    problems += audit.differing(expected.texts, found.texts)
    problems += [*victim.receivers.refused, *control.receivers.refused]
    if found.events < EVENTS_MIN:
        problems.append(f"only {found.events} changes: with fewer than {EVENTS_MIN} the run shows nothing")
    return Result(
        database=dialect,
        interrupted=dict(Counter(one.split()[0] for one in killed.interrupted)),
        versions=found.versions,
        events=found.events,
        owed=found.owed,
        delivered=found.delivered,
        duplicates=found.duplicates,
        deliveries=deliveries,
        control_versions=expected.versions,
        control_events=expected.events,
        problems=tuple(problems),
    )


@contextmanager
def _opened(watched: Watching) -> Iterator[Store]:
    store = Store.open(watched.database)
    try:
        yield store
    finally:
        store.close()


def _folder(keep: Path | None) -> AbstractContextManager[str]:
    """Where databases, configurations and logs are: kept to look into, or gone afterwards."""
    if keep is None:
        return tempfile.TemporaryDirectory(prefix="kill-")
    keep.mkdir(parents=True)
    return nullcontext(str(keep))


def _database(options: argparse.Namespace, folder: Path) -> AbstractContextManager[str]:
    if options.postgres:
        return _postgres()
    return nullcontext(options.database or f"sqlite:///{folder / 'killed.db'}")


def _postgres() -> AbstractContextManager[str]:
    """The server that the tests use, by its file: the tests are no package."""
    file = Path(__file__).resolve().parent.parent / "tests" / "postgres.py"
    spec = importlib.util.spec_from_file_location("postgres", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server: AbstractContextManager[str] = module.postgres_server()
    return server


def _print(console: Console, result: Result) -> None:
    table = Table(title=f"{result.kills} kills on {result.database} in {result.seconds:.0f} s", show_header=False)
    for name, value in asdict(result).items():
        if name not in ("database", "kills", "seconds", "problems"):
            table.add_row(name.replace("_", " "), str(value))
    console.print(table)
    for problem in result.problems:
        console.print(problem, style="red", markup=False)
    console.print(f"{len(result.problems)} problems" if result.problems else "Nothing lost, nothing told twice.")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="its folder, or the file corpus.sqlite")
    parser.add_argument("--company", default=COMPANY)
    parser.add_argument("--documents", type=int, nargs="+", metavar="ID", default=list(DOCUMENTS))
    parser.add_argument("--from", dest="start", type=date, default=date(FROM), metavar="DATE")
    parser.add_argument("--to", dest="end", type=date, default=date(TO), metavar="DATE")
    parser.add_argument("--speed", type=float, default=SPEED, metavar="N", help="how many times as fast as ours")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", metavar="URL", help="an empty database (SQLite by default)")
    where.add_argument("--postgres", action="store_true", help="start a PostgreSQL server for the run")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep databases and logs in this new directory")
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
