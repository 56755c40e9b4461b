"""Which provision is meant by what somebody writes: an identity, a path, a label, a title or a part of one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator

from monitor.core.citing import cite
from monitor.core.comparing.clauses import words_of
from monitor.core.model import Provision, Reading

NEAR_MAX = 3
_NEAR = 0.6  # as difflib has it
_IDENTITY = re.compile(r"[0-9a-f]{6,32}")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_WORD_LETTERS_MIN = 3  # "Article", "Annex"; fewer letters are a number themselves (iv, A)

_Tokens = tuple[str, ...]


def locate(reading: Reading, identities: tuple[str, ...], words: str) -> tuple[int, ...]:
    """The ordinals of the provisions that are meant, by the surest way in which any is; none where none is.

    In this order: the identity or its beginning, the whole path, the label ("9.2", "3(b)", "Annex A"), the label
    without the word before its number, the whole title, a part of a title, a part of a path.
    """
    wanted = words.strip()
    if _IDENTITY.fullmatch(wanted):
        found = tuple(at for at, identity in enumerate(identities) if identity.startswith(wanted))
        if found:
            return found
    spoken, tokens = words_of(wanted), _tokens(wanted)
    ways: tuple[Callable[[Provision], bool], ...] = (
        lambda one: words_of(cite(reading, one.ordinal)) == spoken,
        lambda one: tokens in _labels(reading, one, _tokens),
        lambda one: tokens in _labels(reading, one, _numbers),
        lambda one: words_of(one.title) == spoken,
        lambda one: _within(spoken, words_of(one.title)),
        lambda one: _within(spoken, words_of(cite(reading, one.ordinal))),
    )
    for way in ways if spoken else ():
        found = tuple(one.ordinal for one in reading.provisions if way(one))
        if found:
            return found
    return ()


def near(reading: Reading, words: str) -> tuple[str, ...]:
    """The paths of the provisions whose path, label or title is like what was written, the likest first."""
    scored = []
    for provision in reading.provisions:
        path = cite(reading, provision.ordinal)
        names = {name.casefold() for name in (path, provision.label, provision.title) if name}
        ratios = [
            difflib.SequenceMatcher(None, words.casefold(), name[: 2 * len(words) + 20]).ratio() for name in names
        ]
        scored.append((-max(ratios, default=0.0), provision.ordinal, path))
    return tuple(dict.fromkeys(path for score, _, path in sorted(scored) if -score >= _NEAR))[:NEAR_MAX]


def _tokens(text: str) -> _Tokens:
    """A label's letters and numbers, however they are joined: "9.2", "3(b)", "§ 7"."""
    return tuple(_TOKEN.findall(text.casefold()))


def _numbers(label: str) -> _Tokens:
    """A label without the words before its number: "Article 5" is also 5."""
    tokens = _tokens(label)
    named = [at for at, token in enumerate(tokens) if token.isdigit() or len(token) < _WORD_LETTERS_MIN]
    return tokens[named[0] :] if named else tokens


def _labels(reading: Reading, provision: Provision, split: Callable[[str], _Tokens]) -> Iterator[_Tokens]:
    """The label alone, and after those of what it stands in, as far up as wanted: (b), 3(b), Annex A 3(b)."""
    tokens = split(provision.label)
    if not tokens:
        return
    yield tokens
    while provision.parent is not None:
        provision = reading.provisions[provision.parent]
        above = split(provision.label)
        if above and tokens[: len(above)] != above:
            tokens = above + tokens
            yield tokens


def _within(part: _Tokens, whole: _Tokens) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
