"""What checks come to, in words for the terminal."""

from __future__ import annotations

from rich.text import Text

from monitor.core.model import (
    Archived,
    Difference,
    Failed,
    Held,
    NotModified,
    Outcome,
    Reread,
    Result,
    Returned,
    Sameness,
    Suspect,
    Unchanged,
)
from monitor.core.render.words import HEADLINE_MAX, one_line

BUSY = "is being checked by somebody else right now, or is paused"

_LAYERS = {
    Sameness.NOT_MODIFIED: "the server says it isn't modified",
    Sameness.BYTES: "the same bytes",
    Sameness.FINGERPRINT: "the same to a reader's eye",
}


def spoken(outcome: Outcome | None) -> Text:
    """One line on what a check came to; None where nothing was recorded."""
    if outcome is None:
        return Text(BUSY, "yellow")
    word, style, detail = _words(outcome.result)
    return Text.assemble((word, style), f"  {detail}" if detail else "")


def _words(result: Result) -> tuple[str, str, str]:
    """The word for a result, its style, and the detail."""
    match result:
        case NotModified():
            return "verified", "green", _LAYERS[result.sameness]
        case Unchanged():
            only_markup = result.difference is Difference.MARKUP
            return "verified", "green", "only the markup changed" if only_markup else "read, word for word the same"
        case Reread():
            return "verified", "green", "read again, because the reader or the declaration changed"
        case Archived() | Returned():
            return _new_words(result)
        case Held():
            return "held", "yellow", f"looked at again before it counts: {result.pending.reason}"
        case Suspect():
            return "not seen", "red", f"this can't be the terms ({result.kind.value}): {result.reason}"
        case Failed():
            return "not seen", "red", f"no usable answer ({result.kind.value}): {result.reason}"


def _new_words(result: Archived | Returned) -> tuple[str, str, str]:
    number = result.version.number
    if result.change is None:
        return f"version {number}", "cyan", f"the first one, {len(result.reading.provisions)} provisions"
    kind = result.change.comparison.difference
    detail = one_line(result.change.assessment.headline, HEADLINE_MAX)
    if isinstance(result, Returned):
        return f"back to version {number}", "magenta", detail
    return f"version {number}", "bold magenta" if kind is Difference.CHANGE else "cyan", detail
