"""Applies known edits to real texts and scores what the comparison says of them.

python benchmarks/mutations.py VERSIONS_SQLITE [--maker provisions|pages] [--seed N] [--per-edit N] [--together N]
    [--json OUT] [--failures N]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import authoring
from cards import Card, Draft, Expected, cards_of, is_read_as_meant, marked_words, reading_of_cards, words_of
from mutating import EDITS
from rich.console import Console
from rich.progress import track
from rich.table import Table
from texts import Texts, reading_of

from monitor.core.compare import compare
from monitor.core.errors import MonitorError
from monitor.core.model import Comparison, Difference, Op, ProvisionChange, Reading

GROUPS = {"single": (1, 1), "up_to_5": (2, 5), "up_to_20": (6, 20)}
TRIES = 12
ORDINALS_MIN = 4  # a text of fewer provisions has no place for edits


@dataclass(slots=True)
class Tally:
    """How many mutants of a kind there were, and of how many everything was told exactly."""

    n: int = 0
    exact: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text before and after known edits."""

    agreement: str
    edits: tuple[str, ...]
    old: Reading
    new: Reading
    cards: tuple[Card, ...]
    expected: tuple[Expected, ...]

    def faults(self, told: Comparison) -> list[str]:
        """What a comparison says wrongly of it; nothing where it is exact."""
        place = {id(card): at for at, card in enumerate(self.cards)}
        left = list(told.changes)
        faults = []
        for expected in self.expected:
            change = next((one for one in left if _is_of(expected, one, place)), None)
            if change is None:
                faults.append(f"missing {expected.op}")
                continue
            left.remove(change)
            faults.extend(_wrong_words(expected, change, self))
        faults.extend(f"extra {change.op}" for change in left)
        if not self.expected and told.difference is Difference.CHANGE and not left:
            faults.append("called a change")
        return faults


_Source = TypeVar("_Source")


@dataclass(frozen=True, slots=True)
class Maker(Generic[_Source]):
    """Somebody who edits texts: with which edits, which texts, and one of them with some edits made."""

    edits: tuple[str, ...]
    sources: Callable[[Texts], list[_Source]]
    made: Callable[..., Mutant | authoring.Edited | None]


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns 0, or 2 where the texts can't be used."""
    options = _options(arguments)
    try:
        maker = _maker(options.maker)
        sources = maker.sources(Texts(options.versions))
    except MonitorError as error:
        print(error, file=sys.stderr)
        return 2
    console = Console()
    rng = random.Random(options.seed)
    groups: dict[str, Tally] = {name: Tally() for name in GROUPS}
    operations: dict[str, Tally] = defaultdict(Tally)
    shown = 0
    for group, mutant in track(
        list(_mutants(maker, sources, rng, options)), "comparing", console=console, disable=not console.is_terminal
    ):
        faults = mutant.faults(compare(mutant.old, mutant.new))
        _count(groups[group], faults)
        if group == "single":
            _count(operations[mutant.edits[0]], faults)
        if faults and shown < options.failures:
            shown += 1
            console.print(f"{group} {mutant.agreement} {', '.join(mutant.edits)}: {'; '.join(faults)}", markup=False)
    totals = _totals(groups, operations)
    if options.json:
        options.json.write_text(json.dumps(totals, indent=1) + "\n")
    _print(console, groups, operations)
    return 0


def _is_of(expected: Expected, change: ProvisionChange, place: dict[int, int]) -> bool:
    new = None if expected.new is None else place[id(expected.new)]
    if (change.op, change.old, change.new) != (expected.op, expected.old, new):
        return False
    if expected.op is Op.SPLIT:
        return change.parts == tuple(place[id(card)] for card in expected.new_parts)
    if expected.op is Op.MERGED:
        return change.parts == expected.parts
    return change.also == expected.also


def _wrong_words(expected: Expected, change: ProvisionChange, mutant: Mutant) -> Iterator[str]:
    """Whether words are marked that weren't touched, or touched ones aren't."""
    deleted, inserted = marked_words(mutant.old, mutant.new, [change])
    if expected.op is Op.RENUMBERED:
        return
    gone, come = words_of(expected.removed), words_of(expected.added)
    if deleted - gone or inserted - come:
        yield f"{expected.op}: marks more words than changed"
    if (gone - come) - deleted or (come - gone) - inserted:
        yield f"{expected.op}: misses changed words"


def _maker(name: str) -> Maker[Any]:
    if name == "pages":
        return Maker(tuple(authoring.EDITS), authoring.sources_of, authoring.made)
    return Maker(tuple(EDITS), lambda texts: list(_sources(texts)), _made)


def _mutants(
    maker: Maker[_Source], sources: list[_Source], rng: random.Random, options: argparse.Namespace
) -> Iterator[tuple[str, Mutant | authoring.Edited]]:
    for name in maker.edits:
        for _ in range(options.per_edit):
            mutant = maker.made(sources, rng, [name], exactly=True)
            if mutant is not None:
                yield "single", mutant
    for group, (low, high) in GROUPS.items():
        for _ in range(0 if group == "single" else options.together):
            names = rng.choices(maker.edits, k=rng.randint(low, high))
            mutant = maker.made(sources, rng, names, exactly=False)
            if mutant is not None:
                yield group, mutant


def _made(sources: list[tuple[str, Reading]], rng: random.Random, names: list[str], *, exactly: bool) -> Mutant | None:
    """A mutant with the edits named, as far as a text has places for them; None where none was found."""
    for _ in range(TRIES):
        agreement, old = rng.choice(sources)
        other = cards_of(rng.choice(sources)[1])
        draft = Draft(cards_of(old), set(), [])
        done = []
        for name in names:
            if _applied(draft, name, rng, other, old):
                done.append(name)
        if not done or (exactly and len(done) < len(names)):
            continue
        return Mutant(agreement, tuple(done), old, _reading(draft, old), tuple(draft.cards), tuple(draft.expected))
    return None


def _applied(draft: Draft, name: str, rng: random.Random, other: Sequence[Card], old: Reading) -> bool:
    """Whether an edit was made and is read as it was meant; else the draft is as before."""
    before = list(draft.cards), set(draft.touched), list(draft.expected)
    if EDITS[name](draft, rng, other) and is_read_as_meant(draft.cards, _reading(draft, old)):
        return True
    draft.cards, draft.touched, draft.expected = before
    return False


def _reading(draft: Draft, old: Reading) -> Reading:
    return reading_of_cards(draft.cards, old, "mutant")


def _sources(texts: Texts) -> Iterator[tuple[str, Reading]]:
    """The last version of each agreement, laid out again from its provisions."""
    for agreement in texts.agreements():
        if not agreement.versions:
            continue
        reading = reading_of(texts.text(agreement.versions[-1]))
        if reading is not None and len(reading.provisions) >= ORDINALS_MIN:
            yield agreement.name, reading


def _count(tally: Tally, faults: list[str]) -> None:
    tally.n += 1
    tally.exact += not faults
    tally.wrong.update(faults)


def _totals(groups: dict[str, Tally], operations: dict[str, Tally]) -> dict[str, Any]:
    totals: dict[str, Any] = {name: {"n": tally.n, "exact": tally.exact} for name, tally in groups.items()}
    totals["per_operation"] = {name: {"n": tally.n, "exact": tally.exact} for name, tally in operations.items()}
    return totals


def _print(console: Console, groups: dict[str, Tally], operations: dict[str, Tally]) -> None:
    table = Table(title="Known edits told exactly")
    for column in ("edits", "mutants", "exact", "share", "what was wrong"):
        table.add_column(column)
    for name, tally in [*operations.items(), *groups.items()]:
        share = f"{tally.exact / tally.n:.1%}" if tally.n else ""
        wrong = ", ".join(f"{count} × {what}" for what, count in tally.wrong.most_common(4))
        table.add_row(name, str(tally.n), str(tally.exact), share, wrong)
    console.print(table)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", type=Path, help="versions.sqlite, with its reader beside it, or the folder of both")
    parser.add_argument("--maker", choices=("provisions", "pages"), default="provisions", help="who makes the edits")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-edit", type=int, default=100, help="mutants with a single edit, for each kind")
    parser.add_argument("--together", type=int, default=300, help="mutants of each group with several edits")
    parser.add_argument("--failures", type=int, default=0, help="how many failures to show")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
