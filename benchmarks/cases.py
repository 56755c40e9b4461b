"""Runs acceptance cases through the check of the daemon and prints what each failing one expected and got.

python benchmarks/cases.py FOLDER [--case NAME] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from expectations import Case, ExpectedCapture, Happened, problems
from harness import Archives, Capture, InThread, Looked, Watch
from histories import CHECKED_EVERY_S, slug
from pydantic import ValidationError
from rich.console import Console
from rich.progress import track
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from monitor.core.canonical import load
from monitor.core.errors import BadInput, MonitorError
from monitor.core.model import Archived, Document, DocumentRef, Event, Policy, Returned, Schedule, Source
from monitor.core.render import email, webhook
from monitor.core.render.facts import Letterhead
from monitor.core.routing import FOR_SUBSCRIBERS
from monitor.store.tellings import tellings


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0 where every case passed, 1 where one failed, 2 where there is none to run."""
    options = _options(arguments)
    try:
        folders = find_cases(options.folder, options.case)
        judged = run_all(folders)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    failed = sum(bool(found) for found in judged.values())
    if options.json:
        options.json.write_text(json.dumps(report(judged), indent=1) + "\n")
    _print(Console(), judged)
    return 1 if failed else 0


def find_cases(folder: Path, name: str | None) -> tuple[Path, ...]:
    """The folders of the cases, one or all. Raises BadInput where there is none."""
    pattern = f"{name or '*'}/case.json"
    found = tuple(sorted(file.parent for file in folder.glob(pattern)))
    if not found:
        raise BadInput(f"{folder}: expected folders with a case.json, found no {pattern}.")
    return found


def run_all(folders: tuple[Path, ...]) -> dict[str, list[str]]:
    """The problems of each case by its name, in order."""
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="cases-") as scratch:
        archives = Archives(Path(scratch))
        shown = track(folders, "cases", console=console, disable=not console.is_terminal)
        return {folder.name: run(folder, archives) for folder in shown}


def run(folder: Path, archives: Archives) -> list[str]:
    """Look at the captures of a case at their times; what differs from what it expects."""
    case = load_case(folder)
    with archives.watching(_declared(folder.name, case), Policy(), InThread()) as watch:
        looks = [_show(folder, case, number, watch) for number in range(len(case.captures))]
        return problems(case, _happened(looks, watch))


def report(judged: dict[str, list[str]]) -> dict[str, object]:
    """The JSON of a run."""
    failed = sum(bool(found) for found in judged.values())
    cases = [{"case": name, "ok": not found, "problems": found} for name, found in judged.items()]
    return {"passed": len(judged) - failed, "failed": failed, "cases": cases}


def load_case(folder: Path) -> Case:
    """The case in a folder. Raises BadInput where its case.json can't be used."""
    file = folder / "case.json"
    try:
        return load(Case, file.read_bytes())
    except ValidationError as error:
        raise BadInput(f"{file}: expected a case as its README describes it, found\n{error}") from error


def _declared(name: str, case: Case) -> Document:
    ref = DocumentRef(slug(case.platform), slug(name))
    return Document(ref, case.platform, case.document, (Source(case.url),), Schedule(every_s=CHECKED_EVERY_S))


def _show(folder: Path, case: Case, number: int, watch: Watch) -> tuple[Looked, ...]:
    following = case.captures[number + 1 : number + 2]
    until = following[0].at if following else None
    return tuple(watch.show(_capture(folder, case.captures[number]), until))


def _capture(folder: Path, given: ExpectedCapture) -> Capture:
    headers = tuple(given.headers.items())
    return Capture(given.at, given.status, given.url, headers, (folder / given.file).read_bytes())


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────────────


def _happened(looks: list[tuple[Looked, ...]], watch: Watch) -> Happened:
    every = [looked for shown in looks for looked in shown]
    results = [looked.outcome.result for looked in every]
    moves = [result for result in results if isinstance(result, Archived | Returned)]
    again = [one.reading for looked in every for one in looked.outcome.rereadings]
    readings = {reading.id: reading for reading in (*(move.reading for move in moves), *again)}
    changes = tuple(move.change for move in moves if move.change is not None)
    return Happened(
        results=tuple(shown[-1] for shown in looks),
        alerts=watch.alerts(),
        blind_s=watch.blind_s(),
        lines=watch.lines(),
        withdrawn=watch.withdrawn(),
        readings=readings,
        versions={move.version.number: move.reading for move in moves if isinstance(move, Archived)},
        current=moves[-1].reading if moves else None,
        changes=changes,
        rendered=_rendered(watch, [event for looked in every for event in looked.outcome.events]),
    )


def _rendered(watch: Watch, events: list[Event]) -> dict[str, str]:
    """Every alert as each kind of channel shows it to a person: words only, as a mail reader or receiver has them."""
    shown: dict[str, list[str]] = {"HTML e-mail": [], "text e-mail": [], "webhook": []}
    told = [event for event in events if event.kind in FOR_SUBSCRIBERS]
    for telling in tellings(watch.store, [event.id for event in told]):
        mail = email.alert((telling,), "UTC", Letterhead("terms@example.org", "operator@example.org"))
        shown["HTML e-mail"].append(LexborHTMLParser(mail.html).text())
        shown["text e-mail"].append(mail.text)
        shown["webhook"].extend(_strings(json.loads(webhook.event(telling).payload)))
    return {channel: "\n".join(texts) for channel, texts in shown.items()}


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


# ── For a person ─────────────────────────────────────────────────────────────────────────────────────────────────


def _print(console: Console, judged: dict[str, list[str]]) -> None:
    table = Table("case", "expected and got", title="Acceptance cases that failed", show_lines=True)
    for name, found in judged.items():
        if found:
            table.add_row(name, "\n".join(_plain(found)))
    failed = table.row_count
    if failed:
        console.print(table)
    console.print(f"{len(judged) - failed} passed, {failed} failed")


def _plain(lines: Iterable[str]) -> Iterable[str]:
    """Lines that rich shows as they are."""
    return (line.replace("[", "\\[") for line in lines)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of cases, each with its case.json")
    parser.add_argument("--case", metavar="NAME", help="only this one")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every problem here")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
