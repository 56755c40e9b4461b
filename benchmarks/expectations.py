"""What an acceptance case expects, and in which sentences what happened differs from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from harness import Looked
from pydantic import ConfigDict
from scoring import named, why

from monitor.core.compare import compare
from monitor.core.model import (
    Archived,
    Change,
    Difference,
    Failed,
    Held,
    NotModified,
    Op,
    Outcome,
    Provision,
    ProvisionChange,
    ProvisionKind,
    Reading,
    Reread,
    Returned,
    Suspect,
    Unchanged,
)

STRICT = ConfigDict(extra="forbid")  # an expectation nobody checks would be a promise nobody keeps
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class ExpectedProvision:
    """A provision change that must be among those found."""

    __pydantic_config__ = STRICT

    op: str
    heading: str | None = None
    moved: bool = False
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A change of a table row that bears this text."""

    __pydantic_config__ = STRICT

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """What the one change of a case must be. `only`: nothing else but renumbering."""

    __pydantic_config__ = STRICT

    provisions: tuple[ExpectedProvision, ...] = ()
    only: bool = False
    no_ops: tuple[str, ...] = ()
    words_added: int | None = None
    words_removed: int | None = None
    words_added_max: int | None = None
    words_removed_max: int | None = None
    rows: tuple[ExpectedRow, ...] = ()
    no_row_ops: tuple[str, ...] = ()
    stated_date: date | None = None
    notice_days: int | None = None
    flags: tuple[str, ...] = ()
    flags_absent: tuple[str, ...] = ()
    severity: str | None = None
    signals: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedCapture:
    """One capture of a case and the results that will do."""

    __pydantic_config__ = STRICT

    at: datetime
    file: str
    status: int
    url: str
    headers: dict[str, str]
    result: str | tuple[str, ...]

    @property
    def results(self) -> tuple[str, ...]:
        """Any of these will do."""
        return (self.result,) if isinstance(self.result, str) else self.result


@dataclass(frozen=True, slots=True)
class Case:
    """One acceptance case, as its case.json says it."""

    __pydantic_config__ = STRICT

    platform: str
    document: str
    url: str
    language: str  # of the made-up page; never passed to the reader
    why: str
    captures: tuple[ExpectedCapture, ...]
    alerts: int | tuple[int, int]
    change: ExpectedChange | None = None
    last_stated_date: date | None = None
    blind_days: int | None = None
    variants: bool = False
    returned_to: int | None = None
    withdrawn: bool = False
    net_since_version: int | None = None
    net_provisions: int | None = None
    escaped: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of running a case. `results`: the last look at each capture. `blind_s`: how long nothing was seen.

    `readings` are those of the archive by id, `versions` by number; `rendered` is the alert of the case's change as
    each kind of channel shows it to a person.
    """

    results: tuple[Looked, ...]
    alerts: int
    blind_s: float
    lines: int
    withdrawn: bool
    readings: dict[str, Reading]
    versions: dict[int, Reading]
    current: Reading | None
    changes: tuple[Change, ...]
    rendered: dict[str, str]


def problems(case: Case, happened: Happened) -> list[str]:
    """What was expected and what came instead, a sentence each; empty where the case passed."""
    found = [*_results(case, happened), *_alerts(case, happened), *_rest(case, happened)]
    if case.change is not None:
        found += _change(case.change, happened)
    if case.escaped:
        found += _escaped(case, happened)
    return found


# ── Results and alerts ───────────────────────────────────────────────────────────────────────────────────────────


def results_of(outcome: Outcome) -> frozenset[str]:
    """The words of the cases that an outcome satisfies."""
    match outcome.result:
        case NotModified() | Unchanged() | Reread():
            return frozenset({"same", "markup"})
        case Archived(version=version):
            return frozenset({str(version.difference) if version.difference else "first"})
        case Returned():
            return frozenset({"reverted"})
        case Held() | Suspect():
            return frozenset({"suspect"})
        case Failed():
            return frozenset({"failed"})


def _results(case: Case, happened: Happened) -> Iterator[str]:
    for capture, looked in zip(case.captures, happened.results, strict=True):
        if results_of(looked.outcome).isdisjoint(capture.results):
            wanted = " or ".join(capture.results)
            said = why(looked.outcome)
            yield f"{capture.file}: expected {wanted}, got {named(looked.outcome.result)}{': ' + said if said else ''}"


def _alerts(case: Case, happened: Happened) -> Iterator[str]:
    low, high = (case.alerts, case.alerts) if isinstance(case.alerts, int) else case.alerts
    if not low <= happened.alerts <= high:
        yield f"alerts: expected {low if low == high else f'{low} to {high}'}, got {happened.alerts}"


def _rest(case: Case, happened: Happened) -> Iterator[str]:
    blind_days = round(happened.blind_s / DAY_S)
    if case.blind_days is not None and blind_days != case.blind_days:
        yield f"blind_days: expected {case.blind_days}, got {blind_days}"
    if case.variants and happened.lines < 2:
        yield f"variants: expected the texts to be kept as variants of one document, got {happened.lines} line(s)"
    if case.withdrawn != happened.withdrawn:
        yield f"withdrawn: expected {case.withdrawn}, got {happened.withdrawn}"
    results = [looked.outcome.result for looked in happened.results]
    returned = {result.version.number for result in results if isinstance(result, Returned)}
    if case.returned_to is not None and case.returned_to not in returned:
        yield f"returned_to: expected version {case.returned_to}, got {sorted(returned) or 'no return'}"
    if case.last_stated_date is not None:
        stated = happened.changes[-1].assessment.stated_date if happened.changes else None
        if stated != case.last_stated_date:
            yield f"last_stated_date: expected {case.last_stated_date}, got {stated}"
    yield from _net(case, happened)


def _net(case: Case, happened: Happened) -> Iterator[str]:
    if case.net_since_version is None:
        return
    then, now = happened.versions.get(case.net_since_version), happened.current
    if then is None or now is None:
        yield f"net_since_version: expected a version {case.net_since_version}, got none"
        return
    differing = [change for change in compare(then, now).changes if ops(change) != {Op.RENUMBERED}]
    if len(differing) != case.net_provisions:
        shown = ", ".join(change.path for change in differing)
        yield f"net_provisions: expected {case.net_provisions}, got {len(differing)} ({shown})"


# ── The one change ───────────────────────────────────────────────────────────────────────────────────────────────


def the_change(changes: tuple[Change, ...]) -> Change | None:
    """The change a case is about: its first of kind change, else its first of any kind."""
    real = (change for change in changes if change.comparison.difference is Difference.CHANGE)
    return next(real, changes[0] if changes else None)


def ops(change: ProvisionChange) -> frozenset[str]:
    """Everything that happened to a provision."""
    return frozenset({change.op, *change.also})


def _change(expected: ExpectedChange, happened: Happened) -> list[str]:
    change = the_change(happened.changes)
    if change is None:
        return ["change: expected one, got none"]
    texts = _Texts(happened.readings[change.old_reading_id], happened.readings[change.new_reading_id])
    return [
        *_provisions(expected, change, texts),
        *_rows(expected, change, texts),
        *_words(expected, change),
        *_assessed(expected, change),
    ]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The two readings a change cites."""

    old: Reading
    new: Reading

    def before(self, change: ProvisionChange) -> str:
        return _text(self.old, change.old)

    def after(self, change: ProvisionChange) -> str:
        return _text(self.new, change.new)

    def headings(self, change: ProvisionChange) -> set[str]:
        return {_plain(title) for title in (*_titles(self.old, change.old), *_titles(self.new, change.new))}

    def is_row(self, change: ProvisionChange) -> bool:
        sides = ((self.old, change.old), (self.new, change.new))
        return any(one is not None and reading.provisions[one].kind is ProvisionKind.ROW for reading, one in sides)


def _text(reading: Reading, ordinal: int | None) -> str:
    if ordinal is None:
        return ""
    provision = reading.provisions[ordinal]
    return _plain(reading.text[provision.start : provision.end])


def _titles(reading: Reading, ordinal: int | None) -> Iterator[str]:
    """The heading of a provision and of those it stands in: an item is cited by its section."""
    while ordinal is not None:
        provision: Provision = reading.provisions[ordinal]
        yield provision.title
        ordinal = provision.parent


def _plain(text: str) -> str:
    return " ".join(text.split())


def _provisions(expected: ExpectedChange, change: Change, texts: _Texts) -> Iterator[str]:
    wanted_ones: set[int] = set()
    for wanted in expected.provisions:
        matching = {n for n, one in enumerate(change.comparison.changes) if _matches(wanted, one, texts)}
        wanted_ones |= matching
        if not matching:
            yield f"provisions: expected {_said(wanted)}, got {_shown(change)}"
    for number, one in enumerate(change.comparison.changes):
        if expected.only and number not in wanted_ones and ops(one) != {Op.RENUMBERED}:
            yield f"only: expected no other provision change, got {_show(one)}"
        for op in ops(one) & set(expected.no_ops):
            yield f"no_ops: expected no provision {op}, got {_show(one)}"


def _matches(wanted: ExpectedProvision, change: ProvisionChange, texts: _Texts) -> bool:
    return (
        wanted.op in ops(change)
        and (wanted.heading is None or _plain(wanted.heading) in texts.headings(change))
        and (not wanted.moved or Op.MOVED in ops(change))
        and (wanted.before is None or _plain(wanted.before) in texts.before(change))
        and (wanted.after is None or _plain(wanted.after) in texts.after(change))
    )


def _rows(expected: ExpectedChange, change: Change, texts: _Texts) -> Iterator[str]:
    rows = [one for one in change.comparison.changes if texts.is_row(one)]
    for wanted in expected.rows:
        bearing = (one for one in rows if _plain(wanted.text) in texts.before(one) + "\n" + texts.after(one))
        if not any(wanted.op in ops(one) for one in bearing):
            yield f"rows: expected {wanted.op} “{wanted.text}”, got {_shown(change)}"
    for one in rows:
        for op in ops(one) & set(expected.no_row_ops):
            yield f"no_row_ops: expected no row {op}, got {_show(one)}"


def _words(expected: ExpectedChange, change: Change) -> Iterator[str]:
    added, removed = change.comparison.words_added, change.comparison.words_removed
    for name, got in (("words_added", added), ("words_removed", removed)):
        exactly: int | None = getattr(expected, name)
        at_most: int | None = getattr(expected, f"{name}_max")
        if exactly is not None and got != exactly:
            yield f"{name}: expected {exactly}, got {got}"
        if at_most is not None and got > at_most:
            yield f"{name}_max: expected at most {at_most}, got {got}"


def _assessed(expected: ExpectedChange, change: Change) -> Iterator[str]:
    assessed = change.assessment
    for name in ("stated_date", "notice_days", "severity"):
        wanted, got = getattr(expected, name), getattr(assessed, name)
        if wanted is not None and got != wanted:
            yield f"{name}: expected {wanted}, got {got}"
    for name, said in (("flags", assessed.flags), ("signals", assessed.signals), ("categories", assessed.topics)):
        missing = set(getattr(expected, name)) - set(said)
        if missing:
            yield f"{name}: expected {_listed(missing)}, got {_listed(said)}"
    unwanted = set(expected.flags_absent) & set(assessed.flags)
    if unwanted:
        yield f"flags_absent: expected no {_listed(unwanted)}, got {_listed(assessed.flags)}"


def _said(wanted: ExpectedProvision) -> str:
    quoted = {"of": wanted.heading, "before": wanted.before, "after": wanted.after}
    parts = [f"{name} “{value}”" for name, value in quoted.items() if value is not None]
    return " ".join([wanted.op, *(["and moved"] if wanted.moved else []), *parts])


def _shown(change: Change) -> str:
    return "; ".join(map(_show, change.comparison.changes)) or f"no provision change ({change.comparison.difference})"


def _show(one: ProvisionChange) -> str:
    return f"{'+'.join((one.op, *one.also))} “{one.path}”"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or "none"


# ── Outputs ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _escaped(case: Case, happened: Happened) -> Iterator[str]:
    change = the_change(happened.changes)
    if change is None:
        yield "escaped: expected a change to show, got none"
        return
    reading = happened.readings[change.new_reading_id]
    hostile = [word for word in _inserted(change, reading).split() if "<" in word or ">" in word]
    if not hostile:
        yield "escaped: expected words that look like markup in the new text, got none"
    for channel, shown in happened.rendered.items():
        for word in hostile:
            if word not in shown:
                yield f"escaped: expected {word} as text in {channel}, got it otherwise or not at all"


def _inserted(change: Change, reading: Reading) -> str:
    spans = [(s.new_start, s.new_end) for one in change.comparison.changes for s in one.segments]
    return " ".join(reading.text[start:end] for start, end in spans)
