"""A change in the terminal: each provision with the words that went and came, in colour and readable without."""

from __future__ import annotations

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from monitor.cli.output import WIDTH_MIN
from monitor.core.model import Severity
from monitor.core.redline import Limits, Mark, Passage, Redline, Run
from monitor.core.render.marks import apart, folded, happened, is_moved, legible, moved, plain, unmarked
from monitor.core.render.words import Counted, clean, counts_of, one_line

TERMINAL = Limits(run_words=400, context=14)
WHOLE = Limits()
INDENT = "  "
SEVERITIES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.NONE: "dim"}

_STYLES = {
    Mark.DELETED: "red strike",
    Mark.INSERTED: "green underline",
    Mark.MOVED_OUT: "magenta italic",
    Mark.MOVED_IN: "magenta italic",
    Mark.EQUAL: "",
}


def show_redline(out: Console, redline: Redline) -> None:
    """Print every passage of a redline, and how many were left out."""
    for before, passage in zip((None, *redline.passages), redline.passages, strict=False):
        if before is not None and (before.runs or passage.runs):
            out.print()
        _show_passage(out, passage, colour=out.color_system is not None and not out.no_color)
    if redline.left_out:
        out.print(f"… and {redline.left_out} more", style="dim")


def _show_passage(out: Console, passage: Passage, *, colour: bool) -> None:
    title = Text.assemble((one_line(passage.path) or "(no heading)", "bold"), "  ", (happened(passage), "yellow"))
    counts = counted(passage)
    title.append(f"  {counts}" if counts else "", "dim")
    out.print(title)
    if passage.runs:
        # Not Rich's padding, which fills every line with blanks to its end.
        for line in _body(passage, colour=colour).wrap(out, max(WIDTH_MIN, out.width - len(INDENT))):
            line.rstrip()
            out.print(Text.assemble(INDENT, line))


def _body(passage: Passage, *, colour: bool) -> Text:
    runs = legible(passage.runs)
    body = Text()
    for before, run in zip((None, *runs), runs, strict=False):
        if colour and before is not None and _touch(before, run):
            body.append(" ")
        body.append_text(_coloured(run) if colour else Text(plain(run)))
    return body


def _touch(before: Run, run: Run) -> bool:
    """Whether "30" that went and "90" that came would read as 3090 where a terminal shows no more than colours."""
    replaced = before.mark is Mark.DELETED and run.mark is Mark.INSERTED
    return replaced and not any(sign.isspace() for sign in before.text[-1:] + run.text[:1])


def _coloured(run: Run) -> Text:
    if run.hidden:
        return Text(f" … {folded(run)} … ", "dim")
    if not run.text.strip():
        return Text(unmarked(run))
    lead, words, trail = apart(run.text)
    text = (clean(words), "" if run.in_place else _STYLES[run.mark])
    if is_moved(run):
        return Text.assemble(lead, (f"[{moved(run)}: ", "dim"), text, ("]", "dim"), trail)
    return Text.assemble(lead, text, trail)


def counted(what: Counted) -> str:
    """What changed in numbers, with blanks that a search finds: 2 sentences changed, 1 added · +12 −3 words."""
    return counts_of(what).replace("\u00a0", " ")


def rule(title: str) -> Rule:
    """A line across the terminal with a title."""
    return Rule(Text(title, "bold"), align="left", style="dim")
