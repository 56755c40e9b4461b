"""The kinds of values that are addresses: of pages, people, networks and the database.

Nothing is resolved or called here. Credentials inside a URL are refused and never repeated.
"""

from __future__ import annotations

import ipaddress
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.config.values import Kind, Unfit, breaks_a_line, suggestion

URL_LENGTH_MAX = 2_000
ADDRESS_LENGTH_MAX = 320

_HOST = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?"
_MAILBOX = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_HOST}"


def parse_url(value: object) -> str:
    """A page's URL: http or https, a host, no credentials, no fragment."""
    if not isinstance(value, str):
        raise Unfit()
    if len(value) > URL_LENGTH_MAX:
        raise Unfit(found=f"{len(value)} characters", expected=f"at most {URL_LENGTH_MAX} characters")
    if any(c.isspace() or not c.isprintable() for c in value):
        raise Unfit(found="a URL with a space or control character in it", mend="Write a space as %20.")
    parts = _split(value)
    if parts.scheme not in ("http", "https"):
        bare = not parts.scheme and re.match(rf"{_HOST}(/|$)", value) and "." in value
        raise Unfit(mend=f'Did you mean "https://{value}"?' if bare else "")
    if "@" in parts.netloc:
        mend = "Credentials in a URL would end up in the archive and in every message."
        raise Unfit(found="a URL with credentials inside (not shown)", mend=mend)
    if not parts.hostname:
        raise Unfit(found="a URL without a host")
    if "#" in value:
        mend = "What follows # is never sent. To watch one part of a page, name its heading with section."
        raise Unfit(found="a URL with a fragment", mend=mend)
    return value


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where it isn't a number up to 65535
    except ValueError:
        raise Unfit(found="a URL with a broken host or port") from None
    return parts


def parse_address(value: object) -> str:
    """An e-mail address without a display name."""
    if not isinstance(value, str) or len(value) > ADDRESS_LENGTH_MAX or not re.fullmatch(_MAILBOX, value):
        raise Unfit()
    return value


def parse_mailbox(value: object) -> str:
    """An e-mail address, with or without a display name."""
    if not isinstance(value, str) or breaks_a_line(value):
        raise Unfit()
    parse_address(parseaddr(value)[1])
    return value


def parse_contact(value: object) -> str:
    """What a watched site may use to reach the operator: an e-mail address or a URL."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return parse_url(value)
    return parse_address(value)


def parse_host(value: object) -> str:
    """The host of a server, by name or address, without a scheme or port."""
    if isinstance(value, str) and (re.fullmatch(_HOST, value) or _is_ip(value)):
        return value
    raise Unfit(mend="Leave out scheme and port." if isinstance(value, str) and ":" in value else "")


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def parse_network(value: object) -> str:
    """A host name, an IP address or a network in CIDR notation; each may have a port: "[::1]:8080"."""
    if not isinstance(value, str):
        raise Unfit()
    name = without_port(value)
    if "/" not in name:
        parse_host(name)
        return value
    try:
        network = ipaddress.ip_network(name, strict=False)
        exact = ipaddress.ip_interface(name).ip == network.network_address
    except ValueError:
        raise Unfit() from None
    if not exact:
        raise Unfit(mend=f'Did you mean "{network}"?')
    return value


def without_port(entry: str) -> str:
    """The host, address or network of an entry, without brackets and port."""
    match = re.fullmatch(r"\[(?P<bracketed>[^\]]*)\](:[0-9]{1,5})?|(?P<plain>[^:]*)(:[0-9]{1,5})?", entry)
    return (match["bracketed"] or match["plain"] or "") if match else entry


_SECRET_OPTIONS = {"password", "sslpassword"}  # of libpq, which takes them as parameters of the URL too


def parse_database(value: object, info: ValidationInfo) -> str:
    """A database URL. The file of a SQLite database is found from the folder of the configuration file."""
    if not isinstance(value, str):
        raise Unfit()
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise Unfit() from None
    if url.password is not None or _SECRET_OPTIONS & url.query.keys():
        mend = 'Name where it is kept: password = {env = "NAME"} or {file = "PATH"}.'
        raise Unfit(found="a URL with a password inside (not shown)", expected="a URL without a password", mend=mend)
    if url.drivername == "sqlite":
        return _sqlite(url, Path((info.context or {}).get("folder", ".")))
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        near = suggestion(url.drivername, ("sqlite", "postgresql"))
        raise Unfit(found=f"one for {url.drivername}", mend=near)
    if not url.database:
        raise Unfit(found="a URL that names no database")
    return value


def _sqlite(url: URL, folder: Path) -> str:
    if not url.database or url.database == ":memory:" or url.query:
        mend = 'Three slashes, then the path: "sqlite:///terms-monitor.db".'
        raise Unfit(found="one that names no lasting file", mend=mend)
    path = folder / Path(url.database).expanduser()
    return url.set(database=str(path)).render_as_string(hide_password=False)


def parse_file(value: object, info: ValidationInfo) -> Path:
    """The path of a file, found from the folder of the configuration file. Whether it is there is checked later."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Unfit()
    return Path((info.context or {}).get("folder", ".")) / Path(value).expanduser()


Url = Annotated[
    str,
    PlainValidator(parse_url),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": URL_LENGTH_MAX}),
    Kind("URL", "an http or https URL with a host, without credentials and without a fragment"),
]
Address = Annotated[
    str,
    PlainValidator(parse_address),
    WithJsonSchema({"type": "string", "format": "email"}),
    Kind("e-mail address", 'an e-mail address such as "anna@example.org"'),
]
Mailbox = Annotated[
    str,
    PlainValidator(parse_mailbox),
    WithJsonSchema({"type": "string"}),
    Kind("e-mail address, with or without a name", 'an e-mail address such as "Terms Monitor <terms@example.org>"'),
]
Contact = Annotated[
    str,
    PlainValidator(parse_contact),
    WithJsonSchema({"type": "string"}),
    Kind("e-mail address or URL", "an e-mail address or URL at which the operators of watched sites can reach you"),
]
Host = Annotated[
    str,
    PlainValidator(parse_host),
    WithJsonSchema({"type": "string"}),
    Kind("host", 'a host such as "smtp.example.org"'),
]
Network = Annotated[
    str,
    PlainValidator(parse_network),
    WithJsonSchema({"type": "string"}),
    Kind("host, IP address or CIDR", 'a host, an IP address or a network such as "10.0.0.0/8"'),
]
Database = Annotated[
    str,
    PlainValidator(parse_database),
    WithJsonSchema({"type": "string"}),
    Kind("database URL", 'a URL such as "sqlite:///terms-monitor.db" or "postgresql://user@host/name"'),
]
File = Annotated[
    Path,
    PlainValidator(parse_file),
    WithJsonSchema({"type": "string"}),
    Kind("path", "the path of a file"),
]
