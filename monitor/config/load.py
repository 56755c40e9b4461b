"""Reads the configuration file: bytes to TOML to settings, with every problem of a step at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.declared import ConfigFile
from monitor.config.faults import Fault, Place, Tree, faults_of, problems_in_order
from monitor.config.rules import broken_rules
from monitor.config.secret import SecretTable, check_webhook_key
from monitor.config.sections import ChannelTable
from monitor.config.settings import Settings, settle
from monitor.config.values import Unfit, unreadable
from monitor.core.errors import ConfigError, Problem

FILE_BYTES_MAX = 1_000_000


def load(path: Path, *, check_secrets: bool = False) -> Settings:
    """The settings a file makes. Raises ConfigError with every problem found.

    With `check_secrets` every secret is read once (and forgotten) and every certificate file looked for, so that what
    is missing shows at the start and not when the first message is sent.
    """
    tree = _parse(path, _read(path))
    faults = list(broken_rules(tree))
    file = None
    try:
        file = ConfigFile.model_validate(tree, context={"folder": path.absolute().parent})
    except ValidationError as error:
        faults += faults_of(error, ConfigFile)
    if file is not None and check_secrets:
        faults += _outside(file)
    if file is None or faults:
        raise ConfigError(str(path), problems_in_order(faults, tree))
    return settle(path, file)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        raise _refused(path, "a configuration file", "none", '"monitor init" writes one.') from None
    except OSError as error:
        raise _refused(path, "a readable file", unreadable(error)) from None
    if len(data) > FILE_BYTES_MAX:
        raise _refused(path, f"at most {FILE_BYTES_MAX // 1000} kB", "more")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        found = f"the byte 0x{data[error.start]:02x}"
        raise _refused(path, "UTF-8", found, "Save the file as UTF-8.", f"line {line}, column {column}") from None


def _parse(path: Path, text: str) -> Tree:
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise _refused(path, "valid TOML", "brackets nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, and what int() says of a number with thousands of digits
        raise _broken(path, text, str(error)) from None
    return {word: _frozen(value) for word, value in tree.items()}


def _frozen(value: Any) -> Any:
    """The same value with tuples for lists, which strict validation wants."""
    if isinstance(value, dict):
        return {word: _frozen(inner) for word, inner in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


_HINTS = {
    "Invalid value": 'Text stands in quotes: name = "Mistral AI".',
    "Cannot overwrite a value": "A key stands once in its table.",
    "Cannot declare": "A table stands once in the file; in a list of tables it is written [[name]].",
    "Unterminated string": "A quotation mark is missing.",
    "Unclosed array": "A closing bracket or a comma is missing.",
}


def _broken(path: Path, text: str, message: str) -> ConfigError:
    """One sentence with the line and column where the parser stopped."""
    said = re.sub(r" \(at .*\)$", "", message)
    at = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    lines = text.split("\n")
    line, column = (int(at[1]), int(at[2])) if at else (len(lines), len(lines[-1]) + 1)
    if said.startswith("Exceeds the limit"):
        said = "A number with too many digits"
    mend = next((hint for start, hint in _HINTS.items() if said.startswith(start)), "")
    found = f"something else: {said[0].lower()}{said[1:]}"
    return _refused(path, "valid TOML", found, mend, f"line {line}, column {column}")


def _refused(path: Path, expected: str, found: str, mend: str = "", key: str = "the file") -> ConfigError:
    return ConfigError(str(path), (Problem(key, expected, found, mend),))


# ── What stands outside the file ─────────────────────────────────────────────────────────────────────────────────


def _outside(file: ConfigFile) -> Iterator[Fault]:
    """Every secret and certificate file that can't be read."""
    yield from _secret(("database", "password"), file.database.password)
    if file.email is not None:
        yield from _secret(("email", "password"), file.email.password)
        yield from _certificates(("email", "ca_file"), file.email.ca_file)
    yield from _certificates(("webhook", "ca_file"), file.webhook.ca_file)
    yield from _webhooks(("operator",), file.operator.channels)
    for index, subscriber in enumerate(file.subscribers):
        yield from _webhooks(("subscribers", index), subscriber.channels)


def _webhooks(owner: Place, channels: tuple[ChannelTable, ...]) -> Iterator[Fault]:
    for index, channel in enumerate(channels):
        yield from _secret((*owner, "channels", index, "secret"), channel.secret, webhook=True)


def _secret(place: Place, secret: SecretTable | None, *, webhook: bool = False) -> Iterator[Fault]:
    if secret is None:
        return
    try:
        value = secret.look()
        if webhook:
            check_webhook_key(value)
    except Unfit as unfit:
        yield Fault(place, unfit.expected, unfit.found, unfit.mend)


def _certificates(place: Place, path: Path | None) -> Iterator[Fault]:
    if path is not None and not path.is_file():
        yield Fault(place, "a file of certificates", f"none at {path}")
