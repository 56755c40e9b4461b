"""Values for tests of the store: a document, its looks and the outcomes of its checks, without fetching or reading."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.model import (
    Archived,
    Assessment,
    Block,
    BlockKind,
    Change,
    Channel,
    ChannelKind,
    Comparison,
    Difference,
    Document,
    DocumentRef,
    Event,
    EventKind,
    Hop,
    Kept,
    Look,
    NotModified,
    Op,
    Outcome,
    Plan,
    Provision,
    ProvisionChange,
    ProvisionKind,
    Reading,
    Recalled,
    Returned,
    Sameness,
    Schedule,
    Severity,
    Snapshot,
    Source,
    SourceLook,
    Subscriber,
    Verified,
    Version,
    derive_id,
)
from monitor.store.documents import Claim, claim, recall, record
from monitor.store.engine import Store

HOURLY = Schedule(every_s=3600.0)
WEEKLY = Schedule(cron="0 8 * * 1")


def document(slug: str = "terms", platform: str = "acme", host: str = "acme.example") -> Document:
    return Document(
        ref=DocumentRef(platform, slug),
        platform_name=platform.title(),
        name=slug.title(),
        sources=(Source(f"https://{host}/{platform}/{slug}"),),
        schedule=HOURLY,
    )


def subscriber(address: str, plan: Plan, *platforms: str, time_zone: str = "UTC") -> Subscriber:
    return Subscriber(address, plan, platforms, (Channel(ChannelKind.EMAIL, address, address),), time_zone)


def capture(source: Source, text: str, at: datetime) -> Snapshot:
    body = f"<p>{text}</p>".encode()
    body_hash = sha256(body)
    return Snapshot(
        id=derive_id("snapshot", source.id, body_hash, at.isoformat()),
        source_id=source.id,
        chain=(Hop("https://acme.example/old", 301), Hop(source.url, 200)),
        status=200,
        headers=(("Content-Type", "text/html"), ("ETag", '"1"')),
        body=body,
        body_hash=body_hash,
        fingerprint=sha256(text.encode()),
        fetched_at=at,
    )


def look(*snapshots: Snapshot, sources: tuple[Source, ...]) -> Look:
    """A good look at every source that must be read."""
    looks = zip(sources, snapshots, strict=True)
    return Look(tuple(_source_look(source, snapshot) for source, snapshot in looks), None)


def same_look(claimed: Claim) -> Look:
    """A look that found every source as it was."""
    known = claimed.known
    sources = tuple(SourceLook(one.source, bears=one.bears, answered_at=claimed.now) for one in known)
    return Look(sources, Verified(Sameness.NOT_MODIFIED))


def reading(text: str, *snapshots: Snapshot, reader: str = "reader-1", declaration: str = "d" * 32) -> Reading:
    """A reading of one paragraph in one provision."""
    meaning = sha256(text.lower().encode())
    return Reading(
        snapshots=tuple(one.id for one in snapshots),
        reader=reader,
        declaration=declaration,
        memories=(),
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
        provisions=(Provision(0, ProvisionKind.PREAMBLE, "", "", 1, None, 0, 0, len(text)),),
        words_hash=sha256(text.encode()),
        meaning_hash=meaning,
        undated_hash=meaning,
    )


def check(store: Store, claimed: Claim, text: str) -> Outcome:
    """Sees `text` at the claimed document's one source and records what that comes to; the outcome."""
    (source,) = claimed.document.sources
    snapshot = capture(source, text, claimed.now)
    seen = reading(text, snapshot)
    outcome = _decide(claimed, seen, recall(store, claimed, seen))
    assert record(store, claimed, look(snapshot, sources=(source,)), outcome)
    return outcome


def see(store: Store, text: str, document: Document) -> Outcome:
    """Claims the document, due or not, and checks it."""
    claimed = claim(store, lease_s=60, per_host=99, only=document.ref)
    assert claimed is not None
    return check(store, claimed, text)


def later(claimed: Claim, **changes: object) -> Outcome:
    """The outcome of a look that found nothing new, with changes."""
    usual = Outcome(NotModified(Sameness.NOT_MODIFIED), claimed.now + timedelta(hours=1))
    return replace(usual, **changes)  # type: ignore[arg-type]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _source_look(source: Source, snapshot: Snapshot) -> SourceLook:
    kept = Kept(snapshot.id, snapshot.body_hash, snapshot.fingerprint)
    return SourceLook(source, snapshot, kept, '"1"', None, snapshot.fetched_at)


def _decide(claimed: Claim, seen: Reading, recalled: Recalled) -> Outcome:
    """The bare bones of decide: a first version, a return, or a change."""
    current, ref, now = recalled.current, claimed.document.ref, claimed.now
    identities = (derive_id("identity", seen.id),)
    if current is None:
        first = Version(derive_id("version", str(ref), "", seen.id), ref, 1, None, None, seen.snapshots, now, now)
        return later(claimed, result=Archived(first, seen, identities))
    if recalled.equal:
        change = _change(current.version, recalled.equal[0], current.reading, seen)
        event = Event(EventKind.RETURN, ref, change.id, now, change.id, change.new_version_id, "Back again")
        return later(claimed, result=Returned(recalled.equal[0], seen, current.identities, change), events=(event,))
    number = recalled.last_number + 1
    version_id = derive_id("version", str(ref), current.version.id, seen.words_hash)
    version = Version(
        version_id, ref, number, current.version.id, Difference.CHANGE, seen.snapshots, seen_from=now, recorded_at=now
    )
    change = _change(current.version, version, current.reading, seen)
    event = Event(EventKind.CHANGE, ref, change.id, now, change.id, version.id, "Something changed")
    return later(claimed, result=Archived(version, seen, current.identities, change), events=(event,))


def _change(old: Version, new: Version, old_reading: Reading, new_reading: Reading) -> Change:
    modified = ProvisionChange(Op.MODIFIED, "Preamble", 0, 0)
    comparison = Comparison(Difference.CHANGE, (modified,), ((0, 0),))
    assessment = Assessment("rules-1", f"From {old_reading.text} to {new_reading.text}", Severity.LOW)
    return Change(old.id, new.id, old_reading.id, new_reading.id, "compare-1", comparison, assessment)
