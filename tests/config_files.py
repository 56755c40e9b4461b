"""What the tests of the configuration share: short files that are right, and how to load them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config import Settings, load
from monitor.config.declared import ConfigFile
from monitor.config.shape import Shape
from monitor.core.errors import ConfigError

HIDDEN = "hunter2"

BASE = """
operator = {address = "ops@example.org"}

[[platforms]]
name = "Mistral AI"

[[platforms.documents]]
name = "Terms"
url = "https://example.org/terms"
"""
EMAIL = """
[email]
host = "smtp.example.org"
from = "Terms Monitor <terms@example.org>"
"""
ANNA = """
[[subscribers]]
address = "anna@example.org"
plan = "professional"
platforms = ["mistral-ai"]
"""


def configured(tmp_path: Path, text: str | bytes, *, check_secrets: bool = False) -> Settings:
    """The settings that a file with this text makes."""
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, check_secrets=check_secrets)


def complaints(tmp_path: Path, text: str | bytes, *, check_secrets: bool = False) -> list[str]:
    """The sentences that a file with this text gets."""
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text, check_secrets=check_secrets)
    return [str(problem) for problem in caught.value.problems]


def every_key(place: tuple[str, ...] = (), shape: Shape | None = None) -> Iterator[tuple[str, ...]]:
    """The way to every key of the file."""
    shape = shape or Shape(ConfigFile)
    for word in shape.fields():
        yield (*place, word)
        inner = shape.key(word).item() if shape.key(word).is_list() else shape.key(word)
        if inner.is_table():
            yield from every_key((*place, word), inner)


def uncommented(text: str) -> str:
    """The example with every setting in force: a comment that is prose has a space after its #."""
    lines = [
        line.removeprefix("#") if line[:1] == "#" and line[1:2] not in ("", " ") else line for line in text.split("\n")
    ]
    return "\n".join(line for line in lines if "postgresql" not in line and "DATABASE_PASSWORD" not in line)
