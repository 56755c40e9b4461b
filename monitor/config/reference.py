"""What is known of the configuration without a file: the example, the JSON Schema, and the reference for people."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from monitor.config.declared import ConfigFile
from monitor.config.shape import Shape

_INTRODUCTION = """\
# Configuration

One TOML file holds everything: what is watched, when, and who is told. `monitor init` writes a commented one,
`monitor validate` checks it and shows every problem at once, `monitor schema` prints its JSON Schema (for editors:
[schemas/config.json](schemas/config.json)). A running daemon reads it again on SIGHUP; a broken file is refused and the
old one stays in force.

* A **period** is text with a unit (`"90s"`, `"15m"`, `"6h"`, `"7d"`) or a number of seconds, one second or longer. A
  **time-out** is written the same way and may be shorter.
* An **interval or cron** is a period, or a cron expression of five fields (`"30 7 * * mon-fri"`), which goes by the
  `time_zone` beside it.
* A **size** is text with a unit (`"500kB"`, `"20MB"`, `"1GiB"`) or a number of bytes.
* An **id** has small letters, digits and single hyphens between them.
* A **secret** never stands in the file, only where it is kept: `{env = "NAME"}` or `{file = "PATH"}`.
* A **CSS selector or range** is text (`"main"`, `".cookie-note"`), or a table of two selectors, one that begins the
  range and one that ends it: `{startBefore = "#terms", endBefore = "#annex"}`. `startBefore` and `endAfter` count the
  matched element in, `startAfter` and `endBefore` leave it out. It begins at the first match on the page and ends at
  the first match after that. A selector that stops matching makes the document unreadable, and the incident names it:
  nothing is lost, or taken for terms, in silence.
* A **path** that is relative starts at the folder of the configuration file.

This page is made from the program by `monitor.config.reference_markdown`; a test holds the two together.
"""


def example() -> str:
    """The commented file that `monitor init` writes."""
    return (files("monitor.config") / "example.toml").read_text(encoding="utf-8")


def json_schema() -> dict[str, object]:
    """The JSON Schema of the file, for editors. What must hold between its parts is checked only by `load`."""
    schema = ConfigFile.model_json_schema(by_alias=True, schema_generator=_TomlSchema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class _TomlSchema(GenerateJsonSchema):
    """TOML has no null: a key that may be left out is left out. Titles that only repeat the key are noise."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        return {word: value for word, value in described.items() if (word, value) != ("default", None)}

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def reference_markdown() -> str:
    """Every key with its kind, default and meaning, as docs/configuration.md."""
    return _INTRODUCTION + "".join(_section(*section) for section in _sections("", Shape(ConfigFile)))


def _sections(name: str, table: Shape) -> Iterator[tuple[str, Shape]]:
    """Every table of the file under the heading it has there, outer ones first."""
    if name:
        yield name, table
    for word in table.fields():
        shape = table.key(word)
        inner = shape.item() if shape.is_list() else shape
        if not inner.is_table() or inner.is_noted():
            continue
        if inner.model().__name__ == "ChannelTable" and name == "[operator]":
            continue  # the same as a subscriber's, which come later
        path = f"{name.strip('[]')}.{word}".strip(".")
        yield from _sections(f"[[{path}]]" if shape.is_list() else f"[{path}]", inner)


def _section(name: str, table: Shape) -> str:
    lines = [
        f"\n## `{name}`\n",
        f"{table.model().__doc__}\n",
        "| key | kind | default | meaning |",
        "|---|---|---|---|",
    ]
    for word, field in table.fields().items():
        kind = table.key(word).kind().name.replace("|", "\\|")
        lines.append(f"| `{word}` | {kind} | {_default(field)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in (None, (), {}):
        return ""
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
