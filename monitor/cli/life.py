"""A provision's whole life in words and as facts: `monitor history DOCUMENT --provision 9.2`."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.text import Text

from monitor.cli.output import console, count, moment, print_hanging, print_json
from monitor.cli.redlining import TERMINAL, WHOLE, show_redline
from monitor.core.life import Kinship
from monitor.core.model import Comparison, Difference
from monitor.core.redline import Limits, Redline, redline
from monitor.core.render.words import one_line
from monitor.store.lives import Cause, Life, LifeEvent

_KINSHIP = {
    Kinship.SPLIT_FROM: "split from",
    Kinship.SPLIT_INTO: "split off:",
    Kinship.MERGED_FROM: "merged with",
    Kinship.MERGED_INTO: "merged into",
    Kinship.FOLLOWS: "in place of",
    Kinship.FOLLOWED_BY: "went on as",
}


def show_life(life: Life, *, whole: bool) -> None:
    """The life of a provision in the terminal: where it is now, then each event with its redline."""
    out = console()
    print_hanging(
        out, Text.assemble((one_line(life.path), "bold"), f"  {life.ref}", (f"  identity {life.identity}", "dim"))
    )
    print_hanging(out, Text(_standing(life)))
    for before, event in zip((None, *life.events), life.events, strict=False):
        out.print()
        _show_event(out, event, before, whole=whole)


def print_life(life: Life) -> None:
    """The life of a provision as facts."""
    last = life.track[-1]
    print_json(
        {
            "document": life.ref,
            "identity": life.identity,
            "path": life.path,
            "version": life.number,
            "current": life.here,
            "worded_since": life.worded_since,
            "verified_at": last.verified_at,
            "events": [_facts(event) for event in life.events],
            "lineage": [
                {"version": event.version.number, "kinship": one.kinship, "identity": one.identity, "path": one.path}
                for event in life.events
                if event.step is not None
                for one in event.step.relatives
            ],
        }
    )


def _facts(event: LifeEvent) -> dict[str, object]:
    made = event.step
    return {
        "version": event.version.number,
        "before": event.before.number if event.before else None,
        "since": event.since,
        "cause": event.cause,
        "ops": made.ops if made else (),
        "path": made.path if made else event.path,
        "was": made.was if made else "",
        "words_added": made.words_added if made else 0,
        "words_removed": made.words_removed if made else 0,
        "old_reading": event.old.reading.id if event.old else None,
        "new_reading": event.new.reading.id,
        "passages": _redline(event, WHOLE).passages,
    }


def _standing(life: Life) -> str:
    """Where it is now, and since when its words are what they are."""
    last = life.track[-1]
    if not life.here:
        gone = life.events[-1]
        return f"Not in the current version {last.version.number}: it went with version {gone.version.number}."
    verified = f", last verified {moment(last.verified_at)}" if last.verified_at else ""
    until = last.verified_at or last.since
    stood = _days(life.worded_since, until)
    words = f"its words stand since {moment(life.worded_since)}{stood}{verified} (UTC)"
    return f"In the current version {last.version.number}; {words}."


def _days(since: datetime, until: datetime) -> str:
    days = (until - since).days
    return f", {count(days, 'day')}" if days > 0 else ""


def _show_event(out: Console, event: LifeEvent, before: LifeEvent | None, *, whole: bool) -> None:
    title = Text.assemble((f"Version {event.version.number}", "bold"), f"  {moment(event.since)}  ")
    title.append_text(Text(_happened(event), "yellow"))
    title.append(_stood(before, event), "dim")
    print_hanging(out, title)
    made = event.step
    for one in made.relatives if made else ():
        print_hanging(
            out, Text.assemble(f"  {_KINSHIP[one.kinship]} {one_line(one.path)}", (f"  identity {one.identity}", "dim"))
        )
    show_redline(out, _redline(event, WHOLE if whole else TERMINAL))


def _stood(before: LifeEvent | None, event: LifeEvent) -> str:
    """For how long nothing had happened to it, or it hadn't been there."""
    days = _days(before.since, event.since) if before else ""
    was_there = event.step is not None and event.step.was
    return f"  after{days.removeprefix(',')} {'unchanged' if was_there else 'without it'}" if days else ""


def _happened(event: LifeEvent) -> str:
    made = event.step
    if made is None:
        return f"in the first version, as {one_line(event.path)}"
    ops = " and ".join(op.value for op in made.ops)
    if event.cause is Cause.RETURN:
        return f"{ops}, as this version's text came back"
    if event.cause is Cause.REREADING:
        return f"{ops} by another reading, which divides the same text otherwise"
    return ops


def _redline(event: LifeEvent, limits: Limits) -> Redline:
    """The redline of the provision's own changes in this step; of what only a newer reader divides there is none."""
    made = event.step
    if made is None or event.old is None or event.cause is Cause.REREADING:
        return Redline(())
    return redline(Comparison(Difference.CHANGE, made.changes), event.old.reading, event.new.reading, limits)
