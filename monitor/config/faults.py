"""From what validation finds to problems a person can mend: the place with its names, expected, found, suggestion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.shape import Shape
from monitor.config.values import Unfit, shown, suggestion
from monitor.core.errors import Problem

Place = tuple[str | int, ...]
Tree = Mapping[str, Any]  # what TOML gave: the one place where its shape isn't known yet

# What people write instead, too far from the right word for a search by likeness.
SYNONYMS = {
    "cron": "schedule",
    "every": "schedule",
    "interval": "schedule",
    "href": "url",
    "link": "url",
    "lang": "language",
    "email": "address",
    "mail": "address",
    "title": "name",
    "slug": "id",
    "server": "host",
    "user": "username",
    "login": "username",
    "tz": "time_zone",
    "ignore": "remove",
    "exclude": "remove",
    "include": "select",
    "selector": "select",
    "kind": "type",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of the file."""

    place: Place
    expected: str
    found: str
    mend: str = ""


def faults_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """Every fault that pydantic found in a file of the shape `model`."""
    for detail in error.errors(include_url=False):
        yield _unknown_key(detail, model) if detail["type"] == "extra_forbidden" else _misfit(detail, model)


def problems_in_order(faults: list[Fault], tree: Tree) -> tuple[Problem, ...]:
    """The faults as problems, in the order of the file and each once."""
    ordered = sorted(faults, key=lambda fault: _position(fault.place, tree))
    problems = (Problem(place_text(fault.place, tree), fault.expected, fault.found, fault.mend) for fault in ordered)
    return tuple(dict.fromkeys(problems))


def place_text(place: Place, tree: Tree) -> str:
    """A place with the names of what it is in: platforms[1] "Mistral AI" › documents[0] "Terms" › schedule."""
    text, value = "", tree
    joint = "."
    for part in place:
        value = _inside(value, part)
        if isinstance(part, int):
            name = _name_of(value)
            text += f"[{part}] {name}" if name else f"[{part}]"
            joint = " › "
        else:
            text += f"{joint}{part}" if text else part
    return text


def _position(place: Place, tree: Tree) -> tuple[int, ...]:
    """Where a place stands among all others in the order of the file; what is missing stands last in its table."""
    positions = []
    value: Any = tree
    for part in place:
        if isinstance(part, int):
            positions.append(part)
        else:
            keys = list(value) if isinstance(value, dict) else []
            positions.append(keys.index(part) if part in keys else len(keys))
        value = _inside(value, part)
    return tuple(positions)


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, tuple) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _name_of(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return next((shown(value[key]) for key in ("name", "address", "id") if isinstance(value.get(key), str)), "")


# ── Pydantic's errors ────────────────────────────────────────────────────────────────────────────────────────────


def _unknown_key(detail: ErrorDetails, model: type[BaseModel]) -> Fault:
    *table, word = detail["loc"]
    known = Shape.at(tuple(table), model).fields()
    synonym = SYNONYMS.get(str(word), "")
    mend = f'Did you mean "{synonym}"?' if synonym in known else suggestion(str(word), known)
    return Fault(detail["loc"], "a known key", "an unknown one", mend or f"Known are {', '.join(known)}.")


def _misfit(detail: ErrorDetails, model: type[BaseModel]) -> Fault:
    shape = Shape.at(detail["loc"], model)
    context = detail.get("ctx", {})
    unfit = context.get("error")
    if isinstance(unfit, Unfit):
        found = unfit.found or shown(detail["input"])
        return Fault(detail["loc"], unfit.expected or shape.kind().expected, found, unfit.mend)
    if detail["type"] == "missing":
        return Fault(detail["loc"], shape.kind().expected, "nothing", "The key is required.")
    if detail["type"] == "too_long":
        found = str(context["actual_length"])
        return Fault(detail["loc"], f"at most {context['max_length']} entries", found)
    return Fault(detail["loc"], shape.kind().expected, shown(detail["input"]), _mend(detail, shape))


def _mend(detail: ErrorDetails, shape: Shape) -> str:
    value = detail["input"]
    if shape.is_list() and isinstance(value, dict):
        words = ".".join(part for part in detail["loc"] if isinstance(part, str))
        return f"Write [[{words}]] with two pairs of brackets."
    if shape.is_list() and isinstance(value, str):
        return f"Write [{shown(value)}]."
    return suggestion(value, shape.words()) if isinstance(value, str) else ""
