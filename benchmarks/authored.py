"""Edits Markdown as authors do, reads it, and scores what the comparison says: another maker of known edits.

python benchmarks/authored.py VERSIONS_SQLITE [--seed N] [--per-edit N] [--together N] [--json OUT] [--failures N]
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from authoring import EDITS
from mutations import GROUPS, TRIES, Tally, finish, options_of
from rich.console import Console
from sheets import Fact, Form, Sheet, letters_of, places, sheet_of
from texts import Texts, reading_of

from monitor.core.compare import compare
from monitor.core.model import Comparison, Op, Reading, SegmentKind

_CHARS_MAX = 150_000


@dataclass(frozen=True, slots=True)
class Authored:
    """A text before and after known edits, and where each block stands in both."""

    agreement: str
    edits: tuple[str, ...]
    sheet: Sheet
    old: Reading
    new: Reading
    was: dict[int, tuple[int, bool]]
    now: dict[int, tuple[int, bool]]


_Known = dict[tuple[int | None, int | None], set[Op]]


def faults_of(made: Authored, told: Comparison) -> list[str]:
    """What a comparison says wrongly; nothing where it is exact."""
    said: _Known = {(c.old, c.new): {c.op, *c.also} for c in told.changes}
    parts = {(c.old, c.new): c.parts for c in told.changes if c.parts}
    wanted, wanted_parts = _wanted(made, said)
    faults = []
    for key, ops in wanted.items():
        if said.get(key, set()) != ops:
            was, now = "+".join(sorted(ops)), "+".join(sorted(said.get(key, ())))
            faults.append(f"{was} told as {now or 'nothing'}")
    faults += [f"extra {'+'.join(sorted(ops))}" for key, ops in said.items() if key not in wanted]
    faults += [f"{Op.SPLIT}/{Op.MERGED}: other parts" for key, own in wanted_parts.items() if parts.get(key) != own]
    return faults or list(_wrong_words(made, told))


def _wanted(made: Authored, said: _Known) -> tuple[_Known, dict[tuple[int | None, int | None], tuple[int, ...]]]:
    """What should be told of which provisions; of alternatives the first that is told, or else the first."""
    wanted: _Known = defaultdict(set)
    parts = {}
    for alternatives in made.sheet.facts:
        chosen = next((one for one in alternatives if all(_key(made, fact) in said for fact in one)), alternatives[0])
        if len(alternatives) > 1:
            chosen = next((one for one in alternatives if all(fact.op in said.get(_key(made, fact), ()) for fact in one) and
                           all(len(said[_key(made, fact)] & {Op.MODIFIED, Op.RETITLED}) <= sum(f.new is fact.new for f in one) for fact in one)), chosen)
        for fact in chosen:
            wanted[_key(made, fact)].add(fact.op)
            if fact.op is Op.SPLIT:
                parts[_key(made, fact)] = tuple(made.now[id(block)][0] for block in fact.parts)
            elif fact.op is Op.MERGED:
                parts[_key(made, fact)] = tuple(made.was[id(block)][0] for block in fact.parts)
    return wanted, parts


def _key(made: Authored, fact: Fact) -> tuple[int | None, int | None]:
    old = None if fact.old is None else made.was[id(fact.old)][0]
    new = None if fact.new is None else made.now[id(fact.new)][0]
    return old, new


def _wrong_words(made: Authored, told: Comparison) -> Iterator[str]:
    gone, come = Counter[str](), Counter[str]()
    for segment in (segment for change in told.changes for segment in change.segments):
        if segment.kind is SegmentKind.DELETED:
            gone.update(letters_of(made.old.text[segment.old_start : segment.old_end]))
        elif segment.kind is SegmentKind.INSERTED:
            come.update(letters_of(made.new.text[segment.new_start : segment.new_end]))
    sheet = made.sheet
    if gone - sheet.gone - sheet.loose or come - sheet.come - sheet.loose:
        yield "marks more words than changed"
    if (sheet.gone - sheet.come) - gone or (sheet.come - sheet.gone) - come:
        yield "misses changed words"


def made_of(sources: list[tuple[str, str]], rng: random.Random, names: list[str], *, exactly: bool) -> Authored | None:
    """A text with the edits named, as far as it has places for them; None where none was found."""
    for _ in range(TRIES):
        agreement, markdown = rng.choice(sources)
        sheet, other = sheet_of(markdown), sheet_of(rng.choice(sources)[1])
        source, originals = sheet.source(), list(sheet.blocks)
        done = [name for name in names if EDITS[name](sheet, rng, other)]
        if not done or (exactly and len(done) < len(names)):
            continue
        sheet.count_through()
        old, new = reading_of(source), reading_of(sheet.source())
        if old is None or new is None:
            continue
        was, now = places(originals, old, was=True), places(sheet.blocks, new, was=False)
        made = Authored(agreement, tuple(done), sheet, old, new, was, now)
        if _is_read_as_meant(made):
            return made
    return None


def _is_read_as_meant(made: Authored) -> bool:
    """Whether each block that a fact is about is found, begins or doesn't begin a provision as before, and so do all others."""
    for fact in (fact for alternatives in made.sheet.facts for one in alternatives for fact in one):
        olds = [fact.old, *(fact.parts if fact.op is Op.MERGED else ())]
        news = [fact.new, *(fact.parts if fact.op is Op.SPLIT else ())]
        if any(block is not None and id(block) not in made.was for block in olds):
            return False
        if any(block is not None and id(block) not in made.now for block in news):
            return False
        if fact.op is not Op.MODIFIED or (fact.new and fact.new.form is Form.HEADING):
            heads = [made.was[id(b)][1] for b in olds if b is not None] + [made.now[id(b)][1] for b in news if b is not None]
            if not all(heads):
                return False
    for block in made.sheet.blocks:
        if id(block) in made.was and id(block) in made.now and block.was is not None:
            before, after = made.was[id(block)], made.now[id(block)]
            if before[1] != after[1] or _kind(made.old, before[0]) != _kind(made.new, after[0]):
                return False
    grown = len(made.new.provisions) - len(made.old.provisions)
    begun = sum(made.now[id(b)][1] for b in made.sheet.blocks if id(b) in made.now and b.was is None)
    lost = {id(b) for b in made.sheet.blocks}
    ended = sum(begins for key, (_, begins) in made.was.items() if key not in lost)
    return grown == begun - ended


def _kind(reading: Reading, ordinal: int) -> str:
    return reading.provisions[ordinal].kind.value


def main(arguments: list[str] | None = None) -> int:
    options = options_of(arguments)
    sources = _sources(options.versions)
    rng = random.Random(options.seed)
    groups = {name: Tally() for name in GROUPS}
    operations: dict[str, Tally] = defaultdict(Tally)
    console = Console(width=200)
    for group, names, exactly in _orders(rng, options.per_edit, options.together):
        made = made_of(sources, rng, names, exactly=exactly)
        if made is None:
            continue
        faults = faults_of(made, compare(made.old, made.new))
        groups[group].count(faults)
        if group == "single":
            operations[names[0]].count(faults)
        if faults and options.failures > 0:
            options.failures -= 1
            console.print(f"{group} {made.agreement} [{', '.join(made.edits)}]: {'; '.join(faults)}", markup=False)
    finish(console, groups, operations, options.json)
    return 0


def _orders(rng, per_edit, together):
    for name in EDITS:
        for _ in range(per_edit):
            yield "single", [name], True
    for group, (low, high) in GROUPS.items():
        for _ in range(0 if group == "single" else together):
            yield group, rng.choices(list(EDITS), k=rng.randint(low, high)), False


def _sources(path) -> list[tuple[str, str]]:
    found = []
    texts = Texts(path)
    for agreement in texts.agreements():
        if agreement.versions:
            markdown = texts.text(agreement.versions[-1])
            if 3_000 < len(markdown) < _CHARS_MAX:
                found.append((agreement.name, markdown))
    return found


if __name__ == "__main__":
    sys.exit(main())
