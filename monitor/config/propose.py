"""A suggestion as it stands in the configuration file: TOML that validates, with ids where names give none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.config.addresses import parse_url
from monitor.config.settings import Settings
from monitor.config.values import Unfit, parse_language, parse_text, slugify
from monitor.core.render.words import one_line
from monitor.core.suggest import Proposed, Suggestion, domain_of

_FALLBACK = "document"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as it would be declared. `id` is None where the name gives it."""

    name: str
    id: str | None
    url: str
    language: str | None
    proposed: Proposed


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to paste. `platform_id` is None where the name gives it; `into` names the platform of the configuration
    that has it already, whose documents these would be."""

    platform: str
    platform_id: str | None
    into: str | None
    entries: tuple[Entry, ...]
    known: tuple[str, ...]  # addresses that are watched already

    def toml(self) -> str:
        """The tables, each document with its kind beside it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        if self.into is None:
            yield "[[platforms]]"
            yield f"name = {_quoted(self.platform)}"
            if self.platform_id:
                yield f"id = {_quoted(self.platform_id)}"
        else:
            yield f"# Below the documents of {one_line(self.into)}, which the file has already:"
        told = False
        for entry in self.entries:
            if entry.proposed.linked and not told:
                told = True
                yield "\n# Linked there and not looked at yet: leave out what you don't want to watch."
            yield from _table(entry)


def propose(suggestion: Suggestion, settings: Settings | None = None) -> Proposal:
    """The proposal, without what `settings` watches already."""
    into = _platform_in(settings, suggestion) if settings else None
    watched = {source.url for document in settings.documents for source in document.sources} if settings else set()
    taken = (
        {document.ref.document for document in settings.documents if document.ref.platform == into}
        if settings
        else set()
    )
    entries: list[Entry] = []
    known: list[str] = []
    for one in suggestion.documents:
        if one.url in watched:
            known.append(one.url)
        elif _fits(one.url):
            entries.append(_entry(one, taken))
    name = one_line(suggestion.platform) or suggestion.domain
    platform_id = None if slugify(name) else slugify(suggestion.domain)
    return Proposal(name, platform_id, into, tuple(entries), tuple(known))


def _platform_in(settings: Settings, suggestion: Suggestion) -> str | None:
    """The id of the platform that is meant: of the same name, or with documents of the same domain."""
    own = slugify(suggestion.platform) or slugify(suggestion.domain)
    if any(platform.id == own for platform in settings.platforms):
        return own
    for document in settings.documents:
        if any(domain_of(source.url) == suggestion.domain for source in document.sources):
            return document.ref.platform
    return None


def _entry(proposed: Proposed, taken: set[str]) -> Entry:
    """The entry under an id that no other has; adds it to `taken`."""
    name = _text(proposed.name) or (proposed.kind.value if proposed.kind else _FALLBACK)
    wanted = slugify(name) or slugify(proposed.kind.value if proposed.kind else _FALLBACK)
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted[:90].rstrip('-')}-{number}", number + 1
    taken.add(free)
    return Entry(name, free if free != slugify(name) else None, proposed.url, _language(proposed.language), proposed)


def _table(entry: Entry) -> Iterator[str]:
    yield ""
    yield "[[platforms.documents]]" + (f"  # {entry.proposed.kind.value}" if entry.proposed.kind else "")
    yield f"name = {_quoted(entry.name)}"
    if entry.id:
        yield f"id = {_quoted(entry.id)}"
    yield f"url = {_quoted(entry.url)}"
    if entry.language:
        yield f"language = {_quoted(entry.language)}"


def _fits(url: str) -> bool:
    try:
        parse_url(url)
    except Unfit:
        return False
    return True


def _text(name: str) -> str:
    try:
        return parse_text(one_line(name))
    except Unfit:
        return ""


def _language(tag: str | None) -> str | None:
    try:
        return parse_language(tag) if tag else None
    except Unfit:
        return None


def _quoted(text: str) -> str:
    """A basic string of TOML: what JSON escapes is escaped there in the same way, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
