"""Joins what was judged by reading with a replay: raw figures, judged ones, and what nobody has read yet.

python benchmarks/judged.py REPLAY_JSON [--table FILE]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from monitor.core.errors import BadInput, MonitorError

TABLE = Path(__file__).with_name("judged.csv")
WIDTH_PIPED = 140

_COLUMNS = ("doc", "from_snapshot", "to_snapshot", "class", "alerted", "verdict", "reason")
_SILENCE_WANTED = frozenset({"not_terms", "bad_capture", "editorial", "date_only", "variant"})
_ALERTED = {"yes": True, "no": False}


class Verdict(StrEnum):
    """What a person found of the answer that a pair got."""

    RIGHT = "right"
    WRONG = "wrong"
    VARIANT = "variant"  # another text was served for a while: neither answer is a fault
    UNSURE = "unsure"


_Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A pair that was read, the answer it had got then, and what was found of that answer."""

    doc: int
    key: _Key
    kind: str  # the corpus' class of the pair
    alerted: bool
    verdict: Verdict
    reason: str

    @property
    def deserves_alert(self) -> bool | None:
        """Whether the wording really changed, whatever answer a later reader gives; None where that is open."""
        if self.verdict in (Verdict.VARIANT, Verdict.UNSURE):
            return None
        return self.alerted is (self.verdict is Verdict.RIGHT)


@dataclass(frozen=True, slots=True)
class Row:
    """A pair that a replay lists as worth reading."""

    doc: int
    key: _Key
    kind: str
    label: str | None
    alerted: bool

    @property
    def is_surprising(self) -> bool:
        """Whether the answer contradicts the recording, or the judgement of the corpus where there is one."""
        if self.alerted:
            return self.kind == "same" or self.label in _SILENCE_WANTED
        return self.kind == "change" or self.label == "substantive"


@dataclass(frozen=True, slots=True)
class Figures:
    """The pairs of one class: as recorded, and as judged.

    Of the judged pairs, `true` are alerts and `missed` silences where wording changed, `false` alerts and `silent`
    silences where none did, `open` variants and what nobody can tell. `unjudged`: surprising answers nobody has read.
    """

    pairs: int
    alerted: int
    true: int
    false: int
    missed: int
    silent: int
    open: int
    unjudged: int


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, or 2 where a file can't be used."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("replay", type=Path, metavar="REPLAY_JSON", help="what replay.py --json wrote")
    parser.add_argument("--table", type=Path, default=TABLE, help="the judgements; by default judged.csv beside this")
    options = parser.parse_args(arguments)
    try:
        judgements, replayed = read_table(options.table), _read_replay(options.replay)
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_PIPED
    _print(console, judgements, replayed)
    return 0


def read_table(path: Path) -> dict[_Key, Judgement]:
    """The judgements by (from_snapshot, to_snapshot). Raises BadInput, with the line, on one that can't be used."""
    judgements: dict[_Key, Judgement] = {}
    with _opened(path) as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            raise BadInput(f"{path}: expected the columns {', '.join(_COLUMNS)}, found {rows.fieldnames}.")
        for row in rows:
            try:
                judgement = _judgement(row)
            except (KeyError, TypeError, ValueError) as error:
                raise BadInput(f"{path}, line {rows.line_num}: expected a judgement, found {row} ({error}).") from None
            if judgement.key in judgements:
                raise BadInput(f"{path}, line {rows.line_num}: the pair {judgement.key} is judged twice.")
            judgements[judgement.key] = judgement
    return judgements


def figures(judgements: dict[_Key, Judgement], replayed: dict[str, Any]) -> dict[str, Figures]:
    """The figures of each class that a judgement or the recording says something about."""
    counts = Counter((judgement.kind, what) for judgement, what in answers(judgements, replayed))
    counts.update((row.kind, "unjudged") for row in unjudged(judgements, rows_of(replayed).values()))
    kinds = {"same", "change"} | {kind for kind, _ in counts}
    result = {}
    for kind in sorted(kinds, key=lambda kind: (kind not in ("same", "change"), kind)):
        recorded = replayed["pairs"].get(kind, {})
        judged = {name: counts[kind, name] for name in ("true", "false", "missed", "silent", "open", "unjudged")}
        result[kind] = Figures(pairs=recorded.get("n", 0), alerted=recorded.get("alerted", 0), **judged)
    return result


def answers(judgements: dict[_Key, Judgement], replayed: dict[str, Any]) -> list[tuple[Judgement, str]]:
    """What is to be thought of the answer that each judged pair got in this replay: a name of `Figures`."""
    rows = rows_of(replayed)
    docs = {document["doc"] for document in replayed["per_document"]}
    found = ((judgement, _answer(judgement, rows)) for judgement in judgements.values() if judgement.doc in docs)
    return [(judgement, _thought(judgement, alerted)) for judgement, alerted in found if alerted is not None]


def rows_of(replayed: dict[str, Any]) -> dict[_Key, Row]:
    """The pairs that a replay lists, by their snapshots."""
    rows = (
        Row(row["doc"], (row["from_snapshot"], row["to_snapshot"]), row["class"], row["kind"], row["alerted"])
        for row in replayed["to_read"]
    )
    return {row.key: row for row in rows}


def unjudged(judgements: dict[_Key, Judgement], rows: Iterable[Row]) -> list[Row]:
    """The surprising answers that nobody has read."""
    return [row for row in rows if row.is_surprising and row.key not in judgements]


def _answer(judgement: Judgement, rows: dict[_Key, Row]) -> bool | None:
    """Whether the replay alerted on a judged pair. It lists what contradicts the recording, so that a pair it doesn't
    list got the answer that was recorded; of other classes that says nothing."""
    row = rows.get(judgement.key)
    if row is not None:
        return row.alerted
    return {"same": False, "change": True}.get(judgement.kind)


def _thought(judgement: Judgement, alerted: bool) -> str:
    match judgement.deserves_alert:
        case None:
            return "open"
        case True:
            return "true" if alerted else "missed"
        case False:
            return "false" if alerted else "silent"


def _judgement(row: dict[str, str]) -> Judgement:
    return Judgement(
        doc=int(row["doc"]),
        key=(int(row["from_snapshot"]), int(row["to_snapshot"])),
        kind=row["class"],
        alerted=_ALERTED[row["alerted"]],
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
    )


def _read_replay(path: Path) -> dict[str, Any]:
    with _opened(path) as file:
        try:
            replayed: dict[str, Any] = json.load(file)
            return {name: replayed[name] for name in ("pairs", "to_read", "per_document")}
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path}: expected the JSON of a replay, found something else ({error}).") from None


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{path}: expected a file that can be read: {error.strerror}.") from None


def _print(console: Console, judgements: dict[_Key, Judgement], replayed: dict[str, Any]) -> None:
    found = figures(judgements, replayed)
    same, change = found["same"], found["change"]
    console.print(
        f"Raw: {_share(same.alerted, same.pairs)} pairs of class same alerted, "
        f"{_share(change.pairs - change.alerted, change.pairs)} of class change silent."
    )
    console.print(
        f"Judged: {_share(same.false, same.pairs)} false alerts, "
        f"{_share(change.missed, change.pairs)} missed changes of wording; "
        f"{sum(one.unjudged for one in found.values())} answers unjudged."
    )
    table = Table("class", title="Judged pairs by class")
    names = ("pairs", "alerted", "true", "false", "missed", "silent", "open", "unjudged")
    for name in names:
        table.add_column(name, justify="right")
    for kind, one in found.items():
        table.add_row(kind, *(f"{getattr(one, name):,}" for name in names))
    console.print(table)
    _print_faults(console, judgements, replayed)


def _print_faults(console: Console, judgements: dict[_Key, Judgement], replayed: dict[str, Any]) -> None:
    faults = Table("pairs", "class", "what", "reason", "such as", title="At fault, by reason")
    groups: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement, what in answers(judgements, replayed):
        if what in ("false", "missed"):
            groups.setdefault((judgement.kind, what, judgement.reason), []).append(judgement)
    for (kind, what, reason), members in sorted(groups.items(), key=lambda item: -len(item[1])):
        faults.add_row(str(len(members)), kind, what, reason, _named(members[0].doc, members[0].key))
    if groups:
        console.print(faults)
    for row in unjudged(judgements, rows_of(replayed).values()):
        answer = "alerted" if row.alerted else "silent"
        console.print(f"unjudged: {_named(row.doc, row.key)}, class {row.kind}, {answer}")


def _named(doc: int, key: _Key) -> str:
    return f"document {doc}, {key[0]} → {key[1]}"


def _share(count: int, of: int) -> str:
    return f"{count:,} of {of:,} ({count / max(of, 1):.2%})"


if __name__ == "__main__":
    sys.exit(main())
