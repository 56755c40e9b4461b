"""Our values as canonical JSON and back: sorted keys, no spaces, UTF-8, so that equal values are equal bytes."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def dump(value: object) -> bytes:
    """The canonical JSON of a value made of dataclasses, enums, dates, tuples and plain values."""
    plain = _adapter(type(value)).dump_python(value, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(kind: type[T], data: bytes) -> T:
    """The value of type `kind` that `dump` wrote. Raises pydantic's ValidationError if the bytes aren't one."""
    value: T = _adapter(kind).validate_json(data)
    return value


_adapters: dict[object, TypeAdapter[Any]] = {}  # building one costs milliseconds, using it microseconds


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
