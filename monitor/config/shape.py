"""The shape of the file, found from its models: what may stand at a place, in words. For problems and the reference."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from monitor.config.values import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be: a type and what is noted beside it."""

    annotation: Any
    notes: tuple[Any, ...] = ()

    @staticmethod
    def at(place: tuple[str | int, ...], model: type[BaseModel]) -> Shape:
        """The shape of what may stand at a place of a file described by `model`."""
        shape = Shape(model)
        for part in place:
            shape = shape.item() if isinstance(part, int) else shape.key(part)
        return shape

    def key(self, word: str) -> Shape:
        """The shape of the value of a key of this table."""
        field = self.fields()[word]
        return _plain(Shape(field.annotation, tuple(field.metadata)))

    def item(self) -> Shape:
        """The shape of an item of this list."""
        return _plain(Shape(get_args(self.annotation)[0]))

    def model(self) -> type[BaseModel]:
        """The model of this table."""
        model: type[BaseModel] = self.annotation
        return model

    def fields(self) -> dict[str, FieldInfo]:
        """The keys of this table, as they are written in the file."""
        return {field.alias or name: field for name, field in self.model().model_fields.items()}

    def is_list(self) -> bool:
        """Whether it is a list of values."""
        return get_origin(self.annotation) is tuple

    def is_table(self) -> bool:
        """Whether it is a table, described by a model."""
        return isinstance(self.annotation, type) and issubclass(self.annotation, BaseModel)

    def is_noted(self) -> bool:
        """Whether its kind is noted beside it, and not found from its type."""
        return any(isinstance(note, Kind) for note in self.notes)

    def words(self) -> tuple[str, ...]:
        """The words that may stand here, where only certain ones may."""
        if isinstance(self.annotation, type) and issubclass(self.annotation, Enum):
            return tuple(str(member.value) for member in self.annotation)
        return ()

    def kind(self) -> Kind:
        """The same in words."""
        noted = next((note for note in self.notes if isinstance(note, Kind)), None)
        if noted is not None:
            return noted
        if self.is_list():
            item = self.item().kind()
            most = next((f"at most {note.max_length} of " for note in self.notes if isinstance(note, MaxLen)), "")
            return Kind(f"list, {most}{item.name}", "a list in brackets, each item " + item.expected)
        if self.words():
            return Kind(" or ".join(self.words()), "one of " + ", ".join(f'"{word}"' for word in self.words()))
        if self.is_table():
            return Kind("table", "a table")
        low, high = self._limits()
        return Kind(f"number, {low}–{high}", f"a whole number from {low} to {high}")

    def _limits(self) -> tuple[object, object]:
        low = next(note.ge for note in self.notes if isinstance(note, Ge))
        high = next(note.le for note in self.notes if isinstance(note, Le))
        return low, high


def _plain(shape: Shape) -> Shape:
    """The shape without the wrappers of annotation: Annotated, and "or None", which TOML can't say."""
    if get_origin(shape.annotation) is Annotated:
        inner, *notes = get_args(shape.annotation)
        return _plain(Shape(inner, (*shape.notes, *notes)))
    choices = [choice for choice in get_args(shape.annotation) if choice is not NoneType]
    if NoneType in get_args(shape.annotation) and len(choices) == 1:
        return _plain(Shape(choices[0], shape.notes))
    return shape
