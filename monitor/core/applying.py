"""Applies a change record to a text, in both directions, and checks what it quotes: anybody can, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from shlex import join

from pydantic import TypeAdapter, ValidationError

from monitor.core.errors import BadInput
from monitor.core.model import SegmentKind
from monitor.core.record import SCHEMA, SCHEMA_VERSION, Edit, text_hash

_QUOTE_MAX = 40  # characters of a text that an error quotes


def apply(record: Mapping[str, object], old_text: str) -> str:
    """The new text, made of the old one by a change record. Raises BadInput if the record is about another text."""
    forward = [(edit.old_start, edit.old_end, edit.old, edit.new) for edit in _edits_of(record)]
    return _replaced(record, ("old", "new"), old_text, forward)


def unapply(record: Mapping[str, object], new_text: str) -> str:
    """The old text, made of the new one by a change record. Raises BadInput if the record is about another text."""
    backward = [(edit.new_start, edit.new_end, edit.new, edit.old) for edit in _edits_of(record)]
    return _replaced(record, ("new", "old"), new_text, backward)


def _replaced(
    record: Mapping[str, object], sides: tuple[str, str], text: str, replacements: list[tuple[int, int, str, str]]
) -> str:
    given, wanted = sides
    expected, found = _hash_of(record, given), text_hash(text)
    if found != expected:
        raise BadInput(
            f"The change record is about another text: expected one with the SHA-256 {expected}, found {found}. "
            f"{_first_difference(text, replacements) or _other_length(record, given, text)}"
            f"Give it the exact text of the version that it names as {given!r}{_how_to_get(record, given)}."
        )
    pieces, at = [], 0
    for start, end, gone, come in replacements:
        if not at <= start <= end or text[start:end] != gone:
            raise BadInput(f"The change record is damaged: its edit at character {start} doesn't fit its {given} text.")
        pieces += [text[at:start], come]
        at = end
    result = "".join((*pieces, text[at:]))
    if text_hash(result) != _hash_of(record, wanted):
        raise BadInput(f"The change record is damaged: its edits don't make the {wanted} text that it names.")
    return result


def _first_difference(text: str, replacements: list[tuple[int, int, str, str]]) -> str:
    """Where an edit is the first not to fit, as a sentence: rather there than by hashes one sees what was mixed up."""
    for start, end, gone, _ in replacements:
        if text[start:end] != gone:
            return f"At character {start} it expects {_quoted(gone)}, found {_quoted(text[start:end])}. "
    return ""


def _how_to_get(record: Mapping[str, object], side: str) -> str:
    """What prints the text of a side, where that is a version of an archive; fit for a shell, whoever wrote it."""
    document, named = record.get("document"), record[side]
    if not isinstance(document, Mapping) or not isinstance(named, Mapping):
        return ""
    ref, number, reading = f"{document.get('platform')}/{document.get('id')}", named.get("number"), named.get("reading")
    return ": " + join(["monitor", "show", ref, "--version", f"{number}", "--reading", f"{reading}", "--text"])


def _other_length(record: Mapping[str, object], side: str, text: str) -> str:
    """That the text is longer or shorter, as a sentence: rather by a line break at its end, or by one sign in each."""
    named = record[side]
    expected = named.get("text_length") if isinstance(named, Mapping) else None
    if not isinstance(expected, int) or expected == len(text):
        return ""
    more = f"{abs(len(text) - expected)} {'more' if len(text) > expected else 'fewer'}"
    end = ", a line break at its end" if text.endswith("\n") and len(text) == expected + 1 else ""
    return f"It has {len(text)} characters, {more} than expected{end}. "


_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])


def _edits_of(record: Mapping[str, object]) -> tuple[Edit, ...]:
    if record.get("schema") != SCHEMA or record.get("schema_version") != SCHEMA_VERSION:
        raise BadInput(
            f"Expected a change record, {SCHEMA} version {SCHEMA_VERSION}, found {record.get('schema')!r} "
            f"version {record.get('schema_version')!r}. Upgrade terms-monitor if the record is newer."
        )
    try:
        found = _EDITS.validate_python(record.get("edits"))
        for edit in found:
            (edit.old + edit.new).encode()  # JSON can hold half a character, a text can't
    except ValidationError as error:
        raise BadInput(f"Expected the edits of a change record, found something else: {_first(error)}.") from error
    except UnicodeEncodeError:
        raise BadInput("Expected the edits of a change record, found half a character (a lone surrogate).") from None
    return found


def _first(error: ValidationError) -> str:
    """The first of what is wrong: 3.old_start: input should be a valid integer."""
    found = error.errors()[0]
    where = ".".join(map(str, found["loc"]))
    return f"{where}: {found['msg']}" if where else found["msg"].lower()


# ── Whether a record quotes what stands there ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    kind: SegmentKind
    text: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class _Told:
    path: str
    before: _Place | None
    after: _Place | None
    segments: tuple[_Part, ...]


_PROVISIONS: TypeAdapter[tuple[_Told, ...]] = TypeAdapter(tuple[_Told, ...])


def check_quotes(record: Mapping[str, object], old_text: str, new_text: str) -> None:
    """Checks that a record's provisions quote the two texts exactly. Raises BadInput where one doesn't.

    `apply` looks only at the edits: this is for whoever is shown what happened to which provision.
    """
    try:
        told = _PROVISIONS.validate_python(record.get("provisions"))
    except ValidationError as error:
        raise BadInput(f"Expected the provisions of a change record, found something else: {_first(error)}.") from error
    for one in told:
        for side, text, start, end, quoted in _quotations(one, old_text, new_text):
            if not 0 <= start <= end or text[start:end] != quoted:
                raise BadInput(
                    f"The change record is damaged: in {_quoted(one.path)} it quotes {_quoted(quoted)} at character "
                    f"{start} of its {side} text, where {_quoted(text[max(0, start) : max(0, end)])} stands."
                )


def _quotations(told: _Told, old: str, new: str) -> Iterator[tuple[str, str, int, int, str]]:
    """Everything that is quoted: of which side, from which text, from where to where, and how."""
    if told.before is not None:
        yield "old", old, told.before.start, told.before.end, told.before.text
    if told.after is not None:
        yield "new", new, told.after.start, told.after.end, told.after.text
    for part in told.segments:
        if part.kind not in (SegmentKind.INSERTED, SegmentKind.MOVED_IN):
            yield "old", old, part.old_start, part.old_end, part.text
        if part.kind not in (SegmentKind.DELETED, SegmentKind.MOVED_OUT):
            yield "new", new, part.new_start, part.new_end, part.text


def _hash_of(record: Mapping[str, object], side: str) -> str:
    named = record.get(side)
    found = named.get("text_sha256") if isinstance(named, Mapping) else None
    if not isinstance(found, str):
        raise BadInput(f"The change record is damaged: it doesn't say which text is its {side} one (text_sha256).")
    return found


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTE_MAX else text[:_QUOTE_MAX] + "…")
