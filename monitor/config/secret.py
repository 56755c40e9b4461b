"""Secrets: named in the configuration, kept in the environment or a file, read only when they are used.

A `Secret` never holds the value, so that nothing that prints, logs, dumps or compares settings can show it.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from monitor.config.addresses import File
from monitor.config.values import Kind, Unfit, unreadable
from monitor.core.errors import ConfigError, Problem

SECRET_BYTES_MAX = 10_000
WEBHOOK_KEY_BYTES = range(24, 65)  # Standard Webhooks 1.0.0, "Signature scheme"


def parse_variable(value: object) -> str:
    """The name of an environment variable. In capitals, so that a secret written here by mistake is refused unseen."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", value):
        raise Unfit(found="something else (not shown)")
    return value


Variable = Annotated[
    str,
    PlainValidator(parse_variable),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$", "maxLength": 100}),
    Kind("variable", "the name of an environment variable, in capitals"),
]


class SecretTable(BaseModel):
    """Where a secret is kept: in an environment variable or in a file; exactly one of the two."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        title="Secret",
        json_schema_extra={"minProperties": 1, "maxProperties": 1},
    )

    env: Variable | None = Field(None, description="The environment variable that holds it.")
    file: File | None = Field(None, description="The file that holds it; a line break at its end doesn't count.")

    def reveal(self) -> str:
        """The secret itself, read now. Raises ConfigError where it is missing."""
        try:
            return self.look()
        except Unfit as unfit:
            problem = Problem("secret", unfit.expected, unfit.found, unfit.mend)
            raise ConfigError(str(self.file or self.env), (problem,)) from None

    def look(self) -> str:
        """The same as `reveal`, for who knows its place in the file: raises Unfit."""
        if self.env is not None:
            return _from_environment(self.env)
        assert self.file is not None
        return _from_file(self.file)


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if value:
        return value
    found = "none of that name" if value is None else "an empty one"
    raise Unfit(expected=f"the environment variable {name} to hold the secret", found=found)


def _from_file(path: Path) -> str:
    expected = f"the file {path} to hold the secret"
    try:
        with path.open("rb") as file:
            value = file.read(SECRET_BYTES_MAX + 1).decode().rstrip("\r\n")
    except OSError as error:
        raise Unfit(expected=expected, found=unreadable(error)) from None
    except UnicodeDecodeError:
        raise Unfit(expected=expected, found="bytes that aren't UTF-8 text") from None
    if not value or len(value) > SECRET_BYTES_MAX:
        raise Unfit(expected=expected, found="nothing in it" if not value else f"more than {SECRET_BYTES_MAX} bytes")
    return value


def check_webhook_key(value: str) -> None:
    """Raises Unfit unless a secret is one by Standard Webhooks: whsec_ and the base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in WEBHOOK_KEY_BYTES:
        raise Unfit(
            expected="a Standard Webhooks secret (whsec_ and the base64 of 24 to 64 bytes)",
            found="one of another form (not shown)",
            mend='"openssl rand -base64 32" makes one.',
        )


def _no_plain_secret(value: object) -> object:
    if isinstance(value, dict) and len(value.keys() & {"env", "file"}) == 1:
        return value
    if isinstance(value, str):
        mend = "A secret doesn't stand in this file, because the file is copied, committed and shown."
        raise Unfit(found="a string (not shown)", mend=mend)
    if isinstance(value, dict):
        both = {"env", "file"} <= value.keys()
        raise Unfit(found="a table with both" if both else "a table with neither")
    raise Unfit(found="something else (not shown)")


Secret = Annotated[
    SecretTable,
    BeforeValidator(_no_plain_secret),
    Kind("secret", 'where the secret is kept, {env = "NAME"} or {file = "PATH"}'),
]
