"""What might be watched: a page as a document of its platform, and the legal documents that it links. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from monitor.core.decode import decode
from monitor.core.fingerprint import is_html
from monitor.core.kinds import DocumentKind, kind_of
from monitor.core.labels import label_of
from monitor.core.model import Reading, Snapshot, Unreadable
from monitor.core.reading.page import parse
from monitor.core.reading.vocabulary import legal_terms
from monitor.core.render.words import one_line

LINKED_MAX = 40
NAME_CHARS_MAX = 100
LEGAL_TERMS_MIN = 4
SITE_NAME_WORDS_MAX = 6  # a longer one is a sentence about the page


@dataclass(frozen=True, slots=True)
class Proposed:
    """A document that might be watched. `kind` is None for an agreement of no common kind; `linked` means that it was
    found as a link and not looked at."""

    name: str
    url: str
    kind: DocumentKind | None = None
    language: str | None = None
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A platform and its documents, the page itself first where it is one."""

    platform: str
    domain: str
    documents: tuple[Proposed, ...]


def suggest(capture: Snapshot, url: str, seen: Reading | Unreadable) -> Suggestion:
    """What a page proposes that was fetched from `url` and read, or not."""
    content_type = capture.header("content-type")
    html = decode(capture.body, content_type) if is_html(capture.body, content_type) else ""
    parsed = parse(html)
    soup, title = parsed.soup, one_line(parsed.title, NAME_CHARS_MAX)
    platform = _platform(soup, title, url)
    own = _own(url, title, platform, seen)
    linked = _linked(soup, url)
    return Suggestion(platform, domain_of(url), (*((own,) if own else ()), *linked))


def domain_of(url: str) -> str:
    """The part of a host's name that one registers, found without a list: two labels, or three under a "co.uk"."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    labels = host.split(".")
    if _is_address(host) or len(labels) < 3:
        return host
    second_level = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if second_level else labels[-2:])


_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "gob", "ac", "edu", "or", "ne", "go", "gouv"})


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


# ── The platform ─────────────────────────────────────────────────────────────────────────────────────────────────


def _platform(soup: BeautifulSoup, title: str, url: str) -> str:
    """What the page says that its site is called, else the part of its title like the host's name, else that name."""
    domain = domain_of(url)
    label = domain if _is_address(domain) else domain.split(".")[0]
    for name in (*_site_names(soup), *(part for part in _TITLE_JOINT.split(title) if _is_like(part, label))):
        own = next((part for part in _TITLE_JOINT.split(name) if _is_like(part, label)), name)
        if own and own.casefold() not in _NO_NAMES and kind_of(own, "") is None:
            return own
    return label if _is_address(domain) else label[:1].upper() + label[1:]


_TITLE_JOINT = re.compile(r"\s+[|·•–—»:-]\s+|\s*\|\s*")
_NO_NAMES = frozenset(
    {"legal", "help", "help center", "help centre", "support", "home", "trust center", "docs", "website"}
)


def _site_names(soup: BeautifulSoup) -> Iterator[str]:
    for key, value in (
        ("property", "og:site_name"),
        ("name", "application-name"),
        ("name", "apple-mobile-web-app-title"),
    ):
        tag = soup.find("meta", attrs={key: value})
        content = tag.get("content") if isinstance(tag, Tag) else None
        if isinstance(content, str) and content.strip() and len(content.split()) <= SITE_NAME_WORDS_MAX:
            yield one_line(content, NAME_CHARS_MAX)


def _is_like(name: str, label: str) -> bool:
    own = "".join(sign for sign in name.casefold() if sign.isalnum())
    host = label.casefold().replace("-", "")
    return len(own) > 1 and len(host) > 1 and (own.startswith(host) or host.startswith(own))


# ── The page itself ──────────────────────────────────────────────────────────────────────────────────────────────


def _own(url: str, title: str, platform: str, seen: Reading | Unreadable) -> Proposed | None:
    if not isinstance(seen, Reading):
        return None
    heading, titled = (_document_name(one, platform) for one in (seen.title, title))
    # A numbered heading is that of a section.
    # A numbered heading is that of a section.
    names = [name for name in (heading, titled) if name and label_of(name, heading=True) is None]
    telling = next((name for name in names if kind_of(name, "")), "")
    kind = kind_of(telling, "") or kind_of("", url)
    if kind is None and legal_terms(seen.text) < LEGAL_TERMS_MIN:
        return None
    fallback = heading if heading in names else str(kind or titled or "Terms")
    return Proposed(telling or fallback, url, kind, seen.language)


def _document_name(title: str, platform: str) -> str:
    """A title without the name of the site beside it."""
    parts = [part.strip() for part in _TITLE_JOINT.split(one_line(title, NAME_CHARS_MAX)) if part.strip()]
    own = [part for part in parts if part.casefold() != platform.casefold()]
    return own[0] if own else ""


# ── What it links ────────────────────────────────────────────────────────────────────────────────────────────────


def _linked(soup: BeautifulSoup, url: str) -> tuple[Proposed, ...]:
    base = soup.find("base", href=True)
    href = base.get("href") if isinstance(base, Tag) else None
    root = _joined(url, href) if isinstance(href, str) else url
    found: dict[str, Proposed] = {_key(url): Proposed("", url)}
    for tag in soup.find_all("a", href=True):
        proposed = _link(tag, root or url)
        if proposed is None or domain_of(proposed.url) != domain_of(url) or _is_translation(proposed, url):
            continue
        before = found.get(_key(proposed.url))
        if before is None or (before.linked and not before.name):
            found[_key(proposed.url)] = proposed
    linked = tuple(one for one in found.values() if one.linked)[:LINKED_MAX]
    return tuple(replace(one, name=one.name or str(one.kind)) for one in linked)


def _is_translation(proposed: Proposed, url: str) -> bool:
    """Whether a link that says nothing of a document leads to the page itself in another language or region."""
    one, other = (urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1] for address in (proposed.url, url))
    return not proposed.name and bool(one) and one == other


def _link(tag: Tag, root: str) -> Proposed | None:
    """The legal document that a link leads to, as far as its words and address tell; without a name where the words
    are none."""
    url = _joined(root, str(tag.get("href")))
    if url is None:
        return None
    said = one_line(tag.get_text(" "), NAME_CHARS_MAX) or one_line(str(tag.get("aria-label") or ""), NAME_CHARS_MAX)
    kind = kind_of(said, url)
    if kind is None:
        return None
    name = said if kind_of(said, "") is kind else ""
    language = tag.get("hreflang")
    return Proposed(name, url, kind, language if isinstance(language, str) else None, linked=True)


def _joined(root: str, href: str) -> str | None:
    """The absolute address of a link, without a fragment; None for what no page stands at."""
    try:
        parts = urlsplit(urljoin(root, href.strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, "")).replace(" ", "%20")
    except ValueError:
        return None


def _key(url: str) -> str:
    """By what two addresses are taken for the same: not the scheme, a last stroke or "www."."""
    parts = urlsplit(url)
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
