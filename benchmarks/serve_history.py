"""Serves the recorded histories of a company over HTTP as time passes, for the real daemon to watch.

python benchmarks/serve_history.py CORPUS --company NAME --speed N [--from DATE] [--to DATE] [--documents ID ...]
python benchmarks/serve_history.py CORPUS --company NAME --speed N --port P --config PREFIX > PREFIX.toml
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import histories
from configured import Targets, configuration
from history_server import FastClock, HistoryServer, Served, load_served

from monitor.core.errors import BadInput, MonitorError

PORT = 8765


def main(arguments: list[str] | None = None) -> int:
    """The command line. Serves until SIGINT or SIGTERM; returns 0, or 2 where there is nothing to serve."""
    options = _options(arguments)
    try:
        served = choose(options.corpus, options.company, options.documents, options.start, options.end)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    if options.config:
        print(_configuration(options, served), end="")
        return 0
    _serve(options, served)
    return 0


def choose(
    path: Path, company: str, documents: list[int] | None, start: datetime | None, end: datetime | None
) -> tuple[Served, ...]:
    """The histories to serve. Raises BadInput where no chosen document was recorded in that time."""
    corpus = histories.open_corpus(path)
    docs = histories.choose(corpus, company)
    unknown = set(documents or ()) - {doc.id for doc in docs}
    if unknown:
        known = ", ".join(str(doc.id) for doc in docs)
        raise BadInput(f"{company} has no document {', '.join(map(str, sorted(unknown)))}. Its documents are {known}.")
    chosen = (doc for doc in docs if not documents or doc.id in documents)
    served = load_served(corpus, chosen, start, end)
    if not served:
        raise BadInput(f"Nothing of {company} was recorded between {start or 'the beginning'} and {end or 'the end'}.")
    return served


def first_moment(served: tuple[Served, ...], start: datetime | None) -> datetime:
    """When the recording starts: as asked, or with its first page."""
    return start or min(one.pages[0].at for one in served)


def _serve(options: argparse.Namespace, served: tuple[Served, ...]) -> None:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    clock = FastClock(first_moment(served, options.start), options.speed)
    server = HistoryServer(served, clock.now, options.host, options.port)
    last = max(one.pages[-1].at for one in served)
    seconds = (last - clock.start).total_seconds() / options.speed
    print(f"Serving {len(served)} documents at http://{options.host}:{server.port}/")
    print(f"from {clock.start:%Y-%m-%d} to {last:%Y-%m-%d}, {seconds:.0f} s at this speed; then the last pages stay.")
    sys.stdout.flush()
    stop.wait()
    server.close()


def _configuration(options: argparse.Namespace, served: tuple[Served, ...]) -> str:
    prefix = Path(options.config).absolute()
    database = f"sqlite:///{prefix.with_suffix('.db')}"
    targets = Targets(database, options.smtp_port, options.webhook_port, prefix.with_suffix(".secret"))
    return configuration(served, f"http://{options.host}:{options.port}", options.speed, targets)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="its folder, or the file corpus.sqlite")
    parser.add_argument("--company", required=True, help="whose documents")
    parser.add_argument("--speed", type=float, required=True, metavar="N", help="how many times as fast as ours")
    parser.add_argument("--documents", type=int, nargs="+", metavar="ID", help="only these documents of the corpus")
    parser.add_argument("--from", dest="start", type=date, metavar="DATE", help="start here (2026-03-01)")
    parser.add_argument("--to", dest="end", type=date, metavar="DATE", help="show nothing recorded later")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT, help="0: any free one")
    parser.add_argument("--config", metavar="PREFIX", help="print a configuration with files named so, and end")
    parser.add_argument("--smtp-port", type=int, default=8025, help="of the mail server in that configuration")
    parser.add_argument("--webhook-port", type=int, default=8026, help="of the webhook receiver in it")
    return parser.parse_args(arguments)


def date(text: str) -> datetime:
    """A date or time as written on the command line, UTC where it says no zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
