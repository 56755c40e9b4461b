"""`monitor suggest`: what might be watched, as TOML ready to paste."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.app import new_pool
from monitor.cli.invocation import Invocation, settings_of
from monitor.cli.output import Json, count, print_exactly, print_json, remark
from monitor.cli.pages import document_at, fetch_now, say_unseen, sections_of
from monitor.config.addresses import parse_url
from monitor.config.propose import Proposal, propose
from monitor.config.values import Unfit, shown
from monitor.core.errors import BadInput
from monitor.core.model import Document, Reading, Snapshot, Unreadable
from monitor.core.read import read
from monitor.core.suggest import Suggestion, suggest as suggested


def suggest(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A legal page, or one that links to several.")],
    as_json: Json = False,
) -> None:
    """Propose entries for a page and the legal documents it links.

    They are TOML, ready to paste. The page is fetched once and nothing is recorded; what it links isn't looked at, and
    what the configuration watches already is left out. Ends with 1 where there is nothing to propose.

    Example: monitor suggest https://example.org/terms >> terms-monitor.toml
    """
    document = document_at(_address(url))
    fetched = fetch_now(ctx, document)
    if not isinstance(fetched, tuple):
        say_unseen(ctx, url, fetched)
        raise typer.Exit(1)
    with new_pool(sections_of(ctx)[1]) as pool:
        suggestion, unread = pool.call(_look, document, fetched[0])
    settings = settings_of(ctx) if ctx.ensure_object(Invocation).config.exists() else None
    proposal = propose(suggestion, settings)
    if as_json:
        print_json(_facts(url, proposal))
    elif proposal.entries:
        print_exactly(proposal.toml())
    _remark(proposal, unread, ctx)
    if not proposal.entries and not proposal.known:
        raise typer.Exit(1)


def _address(text: str) -> str:
    """The address without a fragment, which no server is sent. Raises BadInput with how it ought to look."""
    try:
        return parse_url(text.split("#")[0])
    except Unfit as unfit:
        mend = f" {unfit.mend}" if unfit.mend else ""
        expected = unfit.expected or "an http or https URL with a host"
        raise BadInput(f"Expected {expected}, found {unfit.found or shown(text)}.{mend}") from None


def _look(document: Document, capture: Snapshot) -> tuple[Suggestion, Unreadable | None]:
    """Run in the pool: the page read, and what it proposes."""
    seen = read(document, (capture,), ())
    final = capture.chain[-1].url if capture.chain else document.sources[0].url
    return suggested(capture, final.split("#")[0], seen), None if isinstance(seen, Reading) else seen


def _facts(url: str, proposal: Proposal) -> dict[str, object]:
    documents = [
        {
            "name": entry.name,
            "id": entry.id,
            "url": entry.url,
            "kind": entry.proposed.kind.name.lower() if entry.proposed.kind else None,
            "language": entry.language,
            "linked": entry.proposed.linked,
        }
        for entry in proposal.entries
    ]
    platform = {"name": proposal.platform, "id": proposal.platform_id, "into": proposal.into}
    toml = proposal.toml() if documents else ""
    return {"url": url, "platform": platform, "documents": documents, "known": proposal.known, "toml": toml}


def _remark(proposal: Proposal, unread: Unreadable | None, ctx: typer.Context) -> None:
    config = ctx.ensure_object(Invocation).config
    if unread is not None:
        remark(f"The page itself isn't proposed: {unread.reason}")
    if proposal.known:
        remark(f"Left out because it is watched already: {', '.join(proposal.known)}")
    if proposal.entries:
        where = f"into {config}" if config.exists() else f'into {config}, which "monitor init" writes'
        found = count(len(proposal.entries), "document")
        remark(f"{found} proposed, nothing recorded. Paste it {where}, then: monitor validate")
    elif not proposal.known:
        remark("The page is no legal document of its platform and links none.")
