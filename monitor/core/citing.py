"""How a lawyer would cite a provision: "9.2 Limitation of Liability", "3(b)(ii)", "Annex A, row Nordhost AS"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from monitor.core.labels import is_annex, is_wide
from monitor.core.model import Provision, ProvisionKind, Reading

_OPENING_WORDS_MAX = 8
_TITLE_CHARS_MAX = 120
_KEY_CHARS_MAX = 80
_CONTEXT_CHARS_MAX = 70
_ABOVE_CHARS_MAX = 150
_STEM_CHARS_MAX = 80  # lists may be nested without end
_READINGS_KEPT = 4
_NUMBER = re.compile(r"\d+(?:[°ºª]|[A-Za-z]\b)?|[①-⑳]|[一二三四五六七八九十]{1,3}")


def cite(reading: Reading, ordinal: int) -> str:
    """The path of a provision. No other provision of the reading has the same.

    Numbered sections are cited by number and title, their items by both labels ("3(b)(ii)"), and what has no label by
    the title it stands under. Where that names several, what they stand in and then their first words are added.
    """
    return _paths(_Same(reading))[ordinal]


class _Same:
    """A reading as a key: equal only to itself, so that looking it up doesn't cost hashing its text."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __hash__(self) -> int:
        return id(self.reading)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.reading is self.reading


@lru_cache(maxsize=_READINGS_KEPT)
def _paths(key: _Same) -> tuple[str, ...]:
    reading = key.reading
    plain = _Paths(reading, None).paths
    often = Counter(path.casefold() for path in plain)
    if len(often) == len(plain):
        return tuple(plain)
    return tuple(_Paths(reading, frozenset(path for path, times in often.items() if times > 1)).paths)


class _Paths:
    """The paths of all provisions of a reading, parents first. Those in `shared` are made longer until they are one's
    own; None leaves all as they are. `stems` are what the paths of items begin with, `contexts` what those of rows and
    definitions do."""

    def __init__(self, reading: Reading, shared: frozenset[str] | None) -> None:
        self._reading = reading
        self._shared = shared
        self._taken: set[str] = set()
        self._times: Counter[str] = Counter()
        self._stems: list[str] = []
        self._contexts: list[str] = []
        self.paths: list[str] = []
        for provision in reading.provisions:
            self._add(provision)

    def _add(self, provision: Provision) -> None:
        stem, path = self._named(provision)
        if self._shared is not None:
            if path.casefold() in self._shared:
                longer = self._in_context(provision, path)
                if longer != path and stem:
                    stem = longer if stem == path else self._in_context(provision, stem)
                path = longer
            path = self._own(provision, path, self._shared)
        self._taken.add(path.casefold())
        self.paths.append(path)
        self._stems.append(_cut(stem) if stem else _shortened(path, _CONTEXT_CHARS_MAX))
        is_said = is_annex(provision.label) or provision.label[:1] == "§" or len(provision.label.split()) > 1
        context = stem if stem and is_said else path if len(path) <= _CONTEXT_CHARS_MAX or not stem else stem
        self._contexts.append(_shortened(context, _CONTEXT_CHARS_MAX))

    def _named(self, provision: Provision) -> tuple[str, str]:
        """What stands for a provision in the paths of its items, and its own path."""
        title = _shortened(provision.title, _TITLE_CHARS_MAX).rstrip(" .:：。")
        if provision.kind is ProvisionKind.PREAMBLE:
            return "", title or "Preamble"
        if provision.kind is ProvisionKind.ROW:
            key = _shortened(provision.title, _KEY_CHARS_MAX) or self._opening(provision)
            return "", _joined(self._context(provision), f"row {key}", ", ")
        if provision.kind is ProvisionKind.DEFINITION:
            return "", _joined(self._context(provision), f"“{title}”", ", ")
        if provision.label:
            stem = self._stem(provision)
            is_section = provision.kind is ProvisionKind.SECTION
            return stem, _joined(stem, title, " ") if is_section else stem
        if title:
            return "", title
        return "", _joined(self._context(provision), self._opening(provision), ", ")

    def _stem(self, provision: Provision) -> str:
        """The label of a provision below those that it needs: "9.2" says all, "(a)" and "1" of an annex don't."""
        label = _normalised(provision.label)
        parent = None if provision.parent is None else self._reading.provisions[provision.parent]
        if parent is None or provision.parent is None:
            return f"({label})" if provision.kind is ProvisionKind.ITEM else label
        above = self._stems[provision.parent]
        if provision.kind is ProvisionKind.ITEM:
            return self._item(label, parent, above)
        if is_annex(label) or parent.kind is ProvisionKind.PREAMBLE:
            return label
        annex = self._annex(provision)
        is_finer = "." in label or label[:-1] == _normalised(parent.label)  # 3.1 and 3a under 3
        if is_finer or is_wide(parent.label) or is_annex(parent.label) or (not parent.label and provision.title):
            return _joined(annex, label, ", ")
        if parent.label and parent.kind is ProvisionKind.SECTION:
            return f"{above}{_gap(parent)}({label})" if _NUMBER.fullmatch(label) else _joined(annex, label, ", ")
        return _joined(annex, label, ", ") if parent.label else _joined(self._contexts[provision.parent], label, ", ")

    def _item(self, label: str, parent: Provision, above: str) -> str:
        """An item below its parent: "3(b)", "Security, (a)"; a label that repeats its parent's stands alone."""
        if parent.label and label.startswith(f"{_normalised(parent.label)}."):
            return label
        if parent.kind is ProvisionKind.DEFINITION:
            return f"{above} ({label})"
        if not parent.label:
            return f"{above}, ({label})"
        return f"{above}{_gap(parent)}({label})"

    def _annex(self, provision: Provision) -> str:
        """The stem of the annex that a provision stands in, whose numbers begin again."""
        parent = provision.parent
        for _ in range(_STEM_CHARS_MAX):
            if parent is None:
                return ""
            if is_annex(self._reading.provisions[parent].label):
                return self._stems[parent]
            parent = self._reading.provisions[parent].parent
        return ""

    def _context(self, provision: Provision) -> str:
        return "" if provision.parent is None else self._contexts[provision.parent]

    def _in_context(self, provision: Provision, path: str) -> str:
        """A path below that of the parent, where it doesn't begin with that."""
        parent = provision.parent
        if parent is None or self._reading.provisions[parent].kind is ProvisionKind.PREAMBLE:
            return path
        above, stem = self.paths[parent], self._stems[parent]
        if len(above) > _ABOVE_CHARS_MAX or path.startswith(above):
            return path
        return above + path[len(stem) :] if path.startswith(stem) else f"{above}, {path}"

    def _own(self, provision: Provision, path: str, shared: frozenset[str]) -> str:
        """A path that no provision before has: with its next cells or first words, and then with a number."""
        if path.casefold() not in shared and path.casefold() not in self._taken:
            return path
        more = self._told_apart(provision)
        longer = f"{path}{more}" if more and more not in path else path
        numbered = longer
        while numbered.casefold() in self._taken:
            self._times[longer] += 1
            numbered = f"{longer} [{self._times[longer] + 1}]"
        return numbered

    def _told_apart(self, provision: Provision) -> str:
        text = self._reading.text
        if provision.kind is ProvisionKind.ROW:
            cells = text[provision.start : provision.end].strip().split(" | ")[1:]
            return ", ".join(["", *(_shortened(cell, _OPENING_WORDS_MAX * 5) for cell in cells[:2] if cell)])
        words = text[provision.body_start : provision.end].split(maxsplit=_OPENING_WORDS_MAX)
        return f", “{_first(words)}”" if words else ""

    def _opening(self, provision: Provision) -> str:
        return _first(self._reading.text[provision.start : provision.end].split(maxsplit=_OPENING_WORDS_MAX))


def _first(words: Sequence[str]) -> str:
    ellipsis = " …" if len(words) > _OPENING_WORDS_MAX else ""
    return _shortened(" ".join(words[:_OPENING_WORDS_MAX]), _KEY_CHARS_MAX) + ellipsis


def _normalised(label: str) -> str:
    """A label without the signs around it: "a" for "(a)", "a)" and "a."."""
    return label.strip(" ()[]（）.:：、．").translate(_WIDE_DIGITS)


_WIDE_DIGITS = {ord("０") + digit: str(digit) for digit in range(10)}


def _gap(parent: Provision) -> str:
    return " " if parent.label.startswith("§") else ""


def _cut(stem: str) -> str:
    """A stem, or the nearest labels of one that is too long."""
    tail = stem[-_STEM_CHARS_MAX // 2 :]
    return stem if len(stem) <= _STEM_CHARS_MAX else "…" + tail[max(0, tail.find("(")) :]


def _joined(first: str, second: str, between: str) -> str:
    return f"{first}{between}{second}" if first and second else first or second


def _shortened(title: str, chars_max: int) -> str:
    return title if len(title) <= chars_max else title[: chars_max - 1].rstrip() + "…"
