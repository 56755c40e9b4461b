"""What is watched: documents and their sources, as declared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


def derive_id(*parts: str) -> str:
    """An id of 32 hex digits, the same for the same parts and different for any others (SHA-256, truncated)."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(framed.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, order=True)
class DocumentRef:
    """Names one document: the slugs of its platform and of itself. Written `platform/document`."""

    platform: str
    document: str

    def __str__(self) -> str:
        return f"{self.platform}/{self.document}"


@dataclass(frozen=True, slots=True)
class Source:
    """One URL with its fetch settings. Two documents that declare the same source share it."""

    url: str
    language: str | None = None

    @property
    def id(self) -> str:
        return derive_id("source", self.url, self.language or "")


@dataclass(frozen=True, slots=True)
class Range:
    """What stands on a page between two elements: the first that `start` matches, and the first after it that `end`
    does. `with_start` and `with_end` say whether the two themselves belong to it."""

    start: str
    end: str
    with_start: bool = True
    with_end: bool = False

    def __str__(self) -> str:
        """As it stands in the config, where the keys are those of Open Terms Archive."""
        first = "startBefore" if self.with_start else "startAfter"
        last = "endAfter" if self.with_end else "endBefore"
        return f"{{{first} = {self._quoted(self.start)}, {last} = {self._quoted(self.end)}}}"

    @staticmethod
    def _quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


Selector = str | Range  # a CSS selector, or what stands between two of them


@dataclass(frozen=True, slots=True)
class ReadingDeclaration:
    """The part of a declaration that decides what is read from a page."""

    section: str | None = None
    select: tuple[Selector, ...] = ()
    remove: tuple[Selector, ...] = ()
    language: str | None = None

    @property
    def key(self) -> str:
        select, remove = ("\n".join(map(str, selectors)) for selectors in (self.select, self.remove))
        return derive_id("declaration", self.section or "", select, remove, self.language or "")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is due: every so many seconds, or by a cron expression in a time zone. Exactly one is set."""

    every_s: float | None = None
    cron: str | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Document:
    """One watched agreement of a platform, as declared."""

    ref: DocumentRef
    platform_name: str
    name: str
    sources: tuple[Source, ...]
    schedule: Schedule
    reading: ReadingDeclaration = ReadingDeclaration()


@dataclass(frozen=True, slots=True)
class Policy:
    """The periods and limits by which a check is decided, from the operator's configuration. Periods in seconds.

    `audit_every`: of so many looks that a fingerprint would verify, one is read in full; 0 for none.
    """

    second_look_s: float = 300.0
    agreement_s: float = 86_400.0
    replacement_s: float = 604_800.0
    withdrawal_s: float = 259_200.0
    retry_first_s: float = 300.0
    retry_max_s: float = 21_600.0
    incident_after: int = 3
    fresh_for_s: float = 60.0
    audit_every: int = 50
