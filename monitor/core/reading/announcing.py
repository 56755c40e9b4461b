"""From one capture to what its page announces, wherever on it that stands: in the text, in a banner, in a dialog."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bs4.element import Tag

from monitor.core.decode import decode
from monitor.core.fingerprint import is_html
from monitor.core.model import Announcement, ReadingDeclaration, Snapshot
from monitor.core.reading.announced import announced, may_announce, sentences_of
from monitor.core.reading.coming import CURRENT, PREVIOUS
from monitor.core.reading.extract import Extract, extract
from monitor.core.reading.hrefs import absolute
from monitor.core.reading.page import parse
from monitor.core.reading.trace import Trace

_BANNER_CHARS = 400  # around the words in the element that also holds their link
_LINKS_MAX = 2_000


def announcements(capture: Snapshot, extracted: Extract, language: str | None, own: str) -> tuple[Announcement, ...]:
    """What the page of a capture announces with a date after the capture, the versions it holds already first.

    `own` names the page's agreement. Most pages have no such date, which costs little to see; the others are walked
    once more, with all that isn't read.
    """
    on = capture.fetched_at.date()
    found = {one.takes_effect: one for one in extracted.versions.coming}
    if may_announce(_shown(extracted), language, on):
        page = _page(capture)
        lines = [*_every(page, on), *(line.text for line in extracted.every)]
        for one in announced(lines, language, on, own):
            found.setdefault(one.takes_effect, replace(one, url=_link(page, one.quote, capture.url)))
    return tuple(replace(one, snapshot_id=capture.id) for one in found.values())


def _shown(extracted: Extract) -> str:
    """All that may bear a date: data in scripts isn't on the page that is shown."""
    read = "\n".join(line.text for line in extracted.every)
    return extracted.visible_text if len(extracted.visible_text) > len(read) else f"{extracted.visible_text}\n{read}"


def _page(capture: Snapshot) -> str:
    content_type = capture.header("content-type")
    return decode(capture.body, content_type) if is_html(capture.body, content_type) else ""


def _every(page: str, on: date) -> list[str]:
    trace: Trace = []
    if page:
        extract(page, ReadingDeclaration(), trace, on=on)
    return [line.text for line in trace]


def _link(page: str, quote: str, base: str) -> str:
    """Where the words link to, or what stands around them; empty where nothing there is a link to a coming version."""
    if not page:
        return ""
    for link in parse(page).soup.find_all("a", href=True, limit=_LINKS_MAX):
        href, said = str(link["href"]), _text(link)
        around = _around(link, quote)
        if said and around and not href.startswith("#") and not _is_of_another(said, around):
            url = absolute(base, href)
            if url is not None:
                return url
    return ""


def _around(link: Tag, quote: str) -> str:
    """The text of the element that holds a link and the words, and little more; empty where there is none."""
    around: Tag | None = link
    while around is not None and len(text := _text(around)) <= len(quote) + _BANNER_CHARS:
        if _key(quote) in _key(text):
            return text
        around = around.parent
    return ""


def _is_of_another(said: str, around: str) -> bool:
    """Whether the sentence with the link speaks of the version that is or was in force: "the previous one, here"."""
    sentences = (around[start:end] for start, end in sentences_of(around))
    return any(said in one and (PREVIOUS.search(one) or CURRENT.search(one)) for one in sentences)


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _key(text: str) -> str:
    return "".join(text.split())
