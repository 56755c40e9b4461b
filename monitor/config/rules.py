"""What must hold between the parts of a configuration file: ids that differ, platforms that exist, limits of plans.

The rules look at the tree as TOML gave it, not at validated values, so that one run shows these faults together with
all others; what has the wrong type is passed over here, because validation names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from monitor.config.declared import PLATFORMS_PER_SUBSCRIBER
from monitor.config.faults import Fault, Place, Tree
from monitor.config.sections import SAME_DAY_S_MAX, DeliverySection, ScheduleSection, Section
from monitor.config.values import seconds, shown, slugify, suggestion
from monitor.core.addresses import Address, AddressPolicy, Allowed
from monitor.core.model import Plan

DOCUMENTS_MAX = 10_000
LOOPBACK: dict[str, Address] = {"localhost": IPv4Address("127.0.0.1")}  # the name that needs no resolving

Table = dict[str, Any]


def broken_rules(tree: Tree) -> Iterator[Fault]:
    """Every fault between the parts of a file."""
    yield from _platforms(tree)
    yield from _subscribers(tree)
    yield from _periods(tree)
    yield from _mail(tree)
    yield from _contact(tree)


# ── Platforms and documents ──────────────────────────────────────────────────────────────────────────────────────


def _platforms(tree: Tree) -> Iterator[Fault]:
    yield from _same_ids(("platforms",), tree)
    count = 0
    for index, platform in _tables(tree, "platforms"):
        place: Place = ("platforms", index)
        yield from _same_ids((*place, "documents"), platform)
        yield from _same_documents(place, platform)
        for number, document in _tables(platform, "documents"):
            count += 1
            yield from _document((*place, "documents", number), document, _allowed(tree, "fetch"))
    if count > DOCUMENTS_MAX:
        yield Fault(("platforms",), f"at most {DOCUMENTS_MAX} documents in all", str(count))


def _same_ids(place: Place, table: Tree) -> Iterator[Fault]:
    """Two tables of one list with the same id, given or made from the name; or with none."""
    first: dict[str, int] = {}
    for index, item in _tables(table, str(place[-1])):
        slug = _id_of(item)
        own: Place = (*place, index, "id")
        if not slug and _text(item, "name"):
            yield Fault(own, "an id", "none, and none can be made from the name", 'Write one, such as id = "mistral".')
        elif slug in first:
            other = f"{place[-1]}[{first[slug]}]"
            yield Fault(own, "an id of its own", f'"{slug}", which is that of {other}', "Write another id.")
        elif slug:
            first[slug] = index


def _same_documents(place: Place, platform: Table) -> Iterator[Fault]:
    """Two documents that would read the same thing under two ids."""
    first: dict[object, int] = {}
    for index, document in _tables(platform, "documents"):
        urls = _urls(document)
        reads = (urls, *(repr(document.get(key)) for key in ("section", "select", "language")))
        if urls and reads in first:
            mend = "Take one of the two away, or give them different sections."
            found = f"those of documents[{first[reads]}]"
            yield Fault((*place, "documents", index), "pages and a section of its own", found, mend)
        first.setdefault(reads, index)


def _document(place: Place, document: Table, allowed: AddressPolicy) -> Iterator[Fault]:
    if "url" not in document and not document.get("urls"):
        yield Fault((*place, "url"), "url or urls", "neither")
    if "url" in document and "urls" in document:
        yield Fault((*place, "urls"), "either url or urls", "both")
    for key in ("url", "urls"):
        yield from _private((*place, key), document.get(key), allowed, "fetch")
    if len(set(_urls(document))) < len(_urls(document)):
        yield Fault((*place, "urls"), "every URL once", "one of them twice")


def _private(place: Place, value: object, policy: AddressPolicy, section: str) -> Iterator[Fault]:
    """An address that is plainly private, which the guard would refuse at every call. Names are resolved only there."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _private((*place, index), item, policy, section)
    if not isinstance(value, str):
        return
    host, port = _host_and_port(value)
    literal = LOOPBACK.get(host) or _literal(host)
    if literal is not None and policy.refusal(host, port, literal) is not None:
        mend = f'If it is meant, write allow_private = ["{host}"] under [{section}].'
        yield Fault(place, "an address on the internet", f"{host}, which is private", mend)


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", 0


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


# ── Subscribers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _subscribers(tree: Tree) -> Iterator[Fault]:
    known = frozenset(_id_of(platform) for _, platform in _tables(tree, "platforms"))
    first: dict[str, int] = {}
    for index, subscriber in _tables(tree, "subscribers"):
        place: Place = ("subscribers", index)
        yield from _follows((*place, "platforms"), subscriber, known)
        yield from _channels(place, subscriber, tree)
        address = _text(subscriber, "address").casefold()
        if address in first:
            found = f"the address of subscribers[{first[address]}]"
            yield Fault((*place, "address"), "an address of its own", found, "One address is one subscriber.")
        elif address:
            first[address] = index
    operator = tree.get("operator")
    if isinstance(operator, dict):
        yield from _channels(("operator",), operator, tree)


def _follows(place: Place, subscriber: Table, known: frozenset[str]) -> Iterator[Fault]:
    followed = subscriber.get("platforms")
    if not isinstance(followed, tuple):
        return
    if not followed:
        yield Fault(place, "at least one platform", "an empty list")
    yield from _too_many(place, subscriber.get("plan"), len(followed))
    for index, platform in enumerate(followed):
        if isinstance(platform, str) and platform not in known:
            yield Fault((*place, index), "the id of a platform in this file", shown(platform), _meant(platform, known))
        elif platform in followed[:index]:
            yield Fault((*place, index), "every platform once", f"{shown(platform)} a second time")


def _too_many(place: Place, plan: object, count: int) -> Iterator[Fault]:
    if plan == Plan.FREE and count > 1:
        mend = 'The plans "watcher" and "professional" follow up to ten.'
        yield Fault(place, "one platform, as the free plan follows one", str(count), mend)
    elif count > PLATFORMS_PER_SUBSCRIBER:
        mend = "Let a second address follow the others."
        yield Fault(place, f"at most {PLATFORMS_PER_SUBSCRIBER} platforms for one subscriber", str(count), mend)


def _meant(platform: str, known: frozenset[str]) -> str:
    """The platform that may be meant: by its id, or by its name."""
    if slugify(platform) in known:
        return f'Did you mean "{slugify(platform)}"?'
    if not known:
        return "There is no [[platforms]] in it."
    return suggestion(platform, known)


def _channels(place: Place, owner: Table, tree: Tree) -> Iterator[Fault]:
    channels = _tables(owner, "channels")
    mail = "email" in tree
    if not channels and place[0] == "subscribers" and not mail:
        yield Fault((*place, "channels"), "a way to be told", "none", _NO_MAIL)
    seen: set[tuple[str, str]] = set()
    for index, channel in channels:
        own: Place = (*place, "channels", index)
        yield from _channel(own, channel, owner, mail)
        yield from _private((*own, "url"), channel.get("url"), _allowed(tree, "webhook"), "webhook")
        target = (_text(channel, "type"), _text(channel, "url") or _text(channel, "address") or _text(owner, "address"))
        if target in seen:
            yield Fault(own, "every channel once", "the same one a second time")
        seen.add(target)


_NO_MAIL = "E-mail needs the section [email]; add it, or declare a webhook."


def _channel(place: Place, channel: Table, owner: Table, mail: bool) -> Iterator[Fault]:
    kind = channel.get("type")
    if kind == "webhook":
        for key, expected in (("url", "the URL that is called"), ("secret", "the secret that signs each call")):
            if key not in channel:
                yield Fault((*place, key), expected, "nothing", "A webhook needs it.")
        if "address" in channel:
            yield Fault((*place, "address"), "no address for a webhook", shown(channel["address"]))
    if kind == "email":
        if not mail:
            yield Fault((*place, "type"), "a channel that can be used", '"email" without a mail server', _NO_MAIL)
        if "address" not in channel and "address" not in owner:
            yield Fault((*place, "address"), "an e-mail address", "nothing")
        for key in ("url", "secret"):
            if key in channel:
                yield Fault((*place, key), f"no {key} for an e-mail channel", "one")


# ── Sections ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _periods(tree: Tree) -> Iterator[Fault]:
    same_day = seconds(_at(tree, "schedule", "same_day"))
    if same_day is not None and same_day > SAME_DAY_S_MAX:
        found = shown(_at(tree, "schedule", "same_day"))
        yield Fault(("schedule", "same_day"), "at most 12 hours", found, "Watchers are promised the same day.")
    sections: tuple[tuple[str, type[Section]], ...] = (("schedule", ScheduleSection), ("delivery", DeliverySection))
    for name, section in sections:
        least, most = (_at(tree, name, key, section) for key in ("retry_first", "retry_max"))
        least_s, most_s = seconds(least), seconds(most)
        if least_s is not None and most_s is not None and least_s > most_s:
            yield Fault((name, "retry_first"), f"no more than retry_max, which is {shown(most)}", shown(least))


def _mail(tree: Tree) -> Iterator[Fault]:
    email = tree.get("email")
    if not isinstance(email, dict):
        return
    for key, other in (("username", "password"), ("password", "username")):
        if key in email and other not in email:
            yield Fault(("email", other), f"a {other}, because there is a {key}", "nothing")


def _contact(tree: Tree) -> Iterator[Fault]:
    if _at(tree, "fetch", "contact") is None and _at(tree, "operator", "address") is None:
        expected = "an e-mail address or URL at which the operators of watched sites can reach you"
        yield Fault(("fetch", "contact"), expected, "nothing", "Write it here, or as operator.address.")


# ── The tree ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _id_of(table: Tree) -> str:
    """The id of a platform or document: its own, or the one its name gives."""
    return slugify(_text(table, "id") or _text(table, "name"))


def _tables(table: Tree, key: str) -> list[tuple[int, Table]]:
    items = table.get(key)
    if not isinstance(items, tuple):
        return []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, dict)]


def _text(table: Tree, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _at(tree: Tree, name: str, key: str, section: type[Section] | None = None) -> object:
    """The value of a key in a section, or the default of that kind of section."""
    table = tree.get(name)
    if isinstance(table, dict) and key in table:
        return table[key]
    return section.model_fields[key].default if section is not None else None


def _allowed(tree: Tree, section: str) -> AddressPolicy:
    """Who may be called; an exception that can't be understood is a fault of its own."""
    entries = _at(tree, section, "allow_private")
    listed = entries if isinstance(entries, tuple) else ()
    return AddressPolicy(tuple(_exceptions(entry for entry in listed if isinstance(entry, str))))


def _exceptions(entries: Iterable[str]) -> Iterator[Allowed]:
    for entry in entries:
        with suppress(ValueError):
            yield Allowed.parse(entry)


def _urls(document: Table) -> tuple[str, ...]:
    urls = document.get("urls")
    several = tuple(url for url in urls if isinstance(url, str)) if isinstance(urls, tuple) else ()
    return (document["url"],) if isinstance(document.get("url"), str) else several
