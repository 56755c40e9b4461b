"""Which document is meant: `platform/document`, or the id of a document that only one platform has."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from monitor.config import Settings
from monitor.core.errors import NotFound
from monitor.core.model import DocumentRef
from monitor.store import history as archive
from monitor.store.engine import Store

NEAR_MAX = 3

Which = Annotated[str, typer.Argument(metavar="DOCUMENT", help="platform/document, or the document's own id.")]


def choose(settings: Settings, words: str) -> DocumentRef:
    """The declared document that is meant. Raises NotFound with the nearest ones where none or several are."""
    return choose_among(tuple(document.ref for document in settings.documents), words)


def choose_in(store: Store, words: str) -> DocumentRef:
    """The archived document that is meant. Raises NotFound as `choose` does."""
    return choose_among(tuple(state.ref for state in archive.documents(store)), words)


def choose_among(refs: tuple[DocumentRef, ...], words: str) -> DocumentRef:
    """The one of `refs` that is meant, written `platform/document` or by its own id where that is unique."""
    wanted = words.strip().strip("/").lower()
    for ref in refs:
        if str(ref) == wanted:
            return ref
    same = [ref for ref in refs if ref.document == wanted]
    if len(same) == 1:
        return same[0]
    if same:
        raise NotFound(f"{len(same)} documents are called {wanted}: say which of {_listed(same)}.")
    near = _near(refs, wanted)
    mend = f"Did you mean {_listed(near)}?" if near else 'See "monitor list".'
    raise NotFound(f"There is no document {words!r}. {mend}")


def _near(refs: tuple[DocumentRef, ...], wanted: str) -> list[DocumentRef]:
    named = {str(ref): ref for ref in refs} | {ref.document: ref for ref in refs}
    platform = [ref for ref in refs if ref.platform == wanted]
    names = difflib.get_close_matches(wanted, named, n=NEAR_MAX, cutoff=0.7)
    return (platform or list(dict.fromkeys(named[name] for name in names)))[:NEAR_MAX]


def _listed(refs: list[DocumentRef]) -> str:
    return " or ".join(str(ref) for ref in refs)
