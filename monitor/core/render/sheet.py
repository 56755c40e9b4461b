"""What a page, a Markdown text and a patch of one change are made from: both texts, the head, the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from shlex import join

from monitor.core.assessing.evidence import edits
from monitor.core.assessing.tally import tally
from monitor.core.model import Comparison, Difference, Document, Reading, Severity, Snapshot
from monitor.core.record import text_hash
from monitor.core.render.facts import Evidence, Exhibit
from monitor.core.render.sections import Fact, Section, summary
from monitor.core.render.words import capital, counts_of, moment, one_line

TIME_ZONE = "UTC"
SAME = {
    Difference.NONE: "The words are the same.",
    Difference.MARKUP: "The words are the same; only the markup differs.",
}
_SMALL = {Difference.COSMETIC: " (cosmetic)", Difference.DATE_ONLY: " (only a date)"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: what it is called (version 3, or a file's name) and what bears it."""

    name: str
    reading: Reading
    evidence: tuple[Evidence, ...]
    seen: str = ""

    @property
    def text_hash(self) -> str:
        """The SHA-256 of the text as it was read, as a change record has it."""
        return text_hash(self.reading.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A change with everything that any format says of it. `name` is fit for a file's name."""

    name: str
    section: Section
    comparison: Comparison
    old: Side
    new: Side


def of_versions(
    document: Document, exhibit: Exhibit, old_evidence: tuple[Evidence, ...], back: datetime | None = None
) -> Sheet:
    """The sheet of a change between two archived versions; `exhibit` has the evidence of the later one.

    `back`: since when the later one was current again, where its text came back.
    """
    old, new = exhibit.old_version, exhibit.new_version
    return Sheet(
        name=f"{document.ref.platform}-{document.ref.document}",
        section=summary(document, exhibit, back or new.seen_from, TIME_ZONE),
        comparison=exhibit.change.comparison,
        old=Side(f"version {old.number}", exhibit.old, old_evidence, moment(old.seen_from, TIME_ZONE)),
        new=Side(f"version {new.number}", exhibit.new, exhibit.evidence, moment(new.seen_from, TIME_ZONE)),
    )


def of_files(old: tuple[str, Reading, Snapshot], new: tuple[str, Reading, Snapshot], comparison: Comparison) -> Sheet:
    """The sheet of two files that are compared; each has its path, its reading and its bytes."""
    counted = tally(comparison, edits(old[1], new[1], comparison)).everything or "No provision changed"
    section = Section(
        title="Compared",
        headline=SAME.get(comparison.difference) or f"{counted}{_SMALL.get(comparison.difference, '')}.",
        platform="Two files",
        document=one_line(f"{PurePath(old[0]).name} → {PurePath(new[0]).name}"),
        severity=Severity.NONE,
        counts=counts_of(comparison),
        facts=(Fact("Earlier", one_line(old[0])), Fact("Later", one_line(new[0]))),
        warnings=(),
        command=one_line(join(["monitor", "compare", old[0], new[0]]), 2_000),
    )
    return Sheet(
        PurePath(new[0]).stem, section, comparison, _of_file("earlier text", *old), _of_file("later text", *new)
    )


def _of_file(name: str, path: str, reading: Reading, capture: Snapshot) -> Side:
    return Side(name, reading, (Evidence(capture.id, one_line(path), capture.body_hash, capture.fetched_at),))


def proofs(sheet: Sheet) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """For each side what it is called, and lines of evidence: what it is of, and the SHA-256 of that."""
    return tuple(
        (
            capital(side.name),
            (
                *((_borne(piece, is_file=not side.seen), piece.body_hash) for piece in side.evidence),
                ("The text as it was read", side.text_hash),
            ),
        )
        for side in (sheet.old, sheet.new)
    )


def _borne(piece: Evidence, *, is_file: bool) -> str:
    if is_file:
        return f"The file {piece.url}"
    when = moment(piece.fetched_at, TIME_ZONE)
    return f"The bytes that {one_line(piece.url, 2_000)} answered on {when} (snapshot {piece.snapshot_id})"
