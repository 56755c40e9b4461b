"""The schema: every table with the words of the project. Alembic compares its migrations with this MetaData.

Ids that are text are derived from what they are about; ids that are numbers say the order of recording. Nothing
recorded is deleted: what ends has an `ended_at`, what pauses a `paused_at`. Only `pending` is working state.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from monitor.store.instants import Instant

SLOTS = 10  # platforms a subscriber may follow

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(32)
HASH = String(64)
SLUG = String(100)

# ── What is watched ──────────────────────────────────────────────────────────────────────────────────────────────

platform = Table(
    "platform",
    metadata,
    Column("id", SLUG, primary_key=True),
    Column("name", Text, nullable=False),
    Column("paused_at", Instant),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform_id", ForeignKey("platform.id"), nullable=False),
    Column("slug", SLUG, nullable=False),
    Column("name", Text, nullable=False),
    Column("declaration", JSON, nullable=False),  # model.Document, canonical
    Column("host", String(255), nullable=False),  # of its first source: seats are counted per host
    Column("paused_at", Instant),
    Column("withdrawn_at", Instant),
    # The queue: a document is due when next_check_at has come and no lease is in force.
    Column("next_check_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("attempt", Integer, nullable=False, server_default="0"),  # the fence
    Column("last_check_at", Instant),
    Column("last_result", String(20)),
    Column("until", Date),  # from this day on the same pages read otherwise
    UniqueConstraint("platform_id", "slug"),
    Index("ix_document_next_check_at", "next_check_at"),
    Index("ix_document_host_lease_until", "host", "lease_until"),
)

source = Table(
    "source",
    metadata,
    Column("id", ID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("language", String(35)),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("answered_at", Instant),
    Column("last_kept_id", ForeignKey("snapshot.id", use_alter=True)),
    Column("bears_id", ForeignKey("snapshot.id", use_alter=True)),
    Column("memory_hash", HASH),
)

document_source = Table(
    "document_source",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("source_id", ForeignKey("source.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("read_id", ForeignKey("snapshot.id")),  # what this document last read from the source
    Column("ended_at", Instant),
)

# ── Evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────

blob = Table(
    "blob",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("codec", String(10), nullable=False),
    Column("base_id", ForeignKey("blob.id", ondelete="RESTRICT")),
    Column("data", LargeBinary, nullable=False),
    CheckConstraint("base_id IS NULL OR base_id < id", name="base_is_older"),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", ID, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("blob_id", ForeignKey("blob.id"), nullable=False),
    Column("fingerprint", HASH, nullable=False),
    Column("chain", JSON, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_snapshot_source_id_fetched_at", "source_id", "fetched_at"),
)

check = Table(
    "check_record",  # CHECK is a word of SQL; looks that verified are counted in verification instead, but audits
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("result", String(20), nullable=False),
    Column("kind", String(30)),
    Column("reason", Text),
    Column("snapshot_ids", JSON, nullable=False),  # what the look saw, where it was kept
    Column("audited", Boolean, nullable=False),  # read although the gate saw no difference
)

# ── Versions, readings, changes ──────────────────────────────────────────────────────────────────────────────────

version = Table(
    "version",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("parent_id", ForeignKey("version.id")),
    Column("difference", String(20)),
    Column("seen_from", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("document_id", "number"),
    CheckConstraint("(parent_id IS NULL) = (difference IS NULL)", name="only_the_first_has_no_parent"),
)

version_snapshot = Table(
    "version_snapshot",
    metadata,
    Column("version_id", ForeignKey("version.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
)

memory = Table(
    "memory",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("id", ID, primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("reader", String(40), nullable=False),
    Column("declaration", ID, nullable=False),
    Column("memories", JSON, nullable=False),
    Column("words_hash", HASH, nullable=False),
    Column("meaning_hash", HASH, nullable=False),
    Column("undated_hash", HASH, nullable=False),
    Column("data", LargeBinary, nullable=False),  # model.Reading, canonical JSON, zstd
    Column("recorded_at", Instant, nullable=False),
    Index("ix_reading_version_id", "version_id"),
    Index("ix_reading_meaning_hash", "meaning_hash"),
)

provision = Table(
    "provision",
    metadata,
    Column("reading_id", ForeignKey("reading.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("identity", ID, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("label", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("ix_provision_identity", "identity"),
)

line = Table(
    "line",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("reading_id", ForeignKey("reading.id"), nullable=False),
    Column("read_by", ID, nullable=False),  # the reader and declaration it was read under, or tried to be
    Column("attempt", Integer, nullable=False),  # the check that saw it last: the highest one is what is shown now
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

change = Table(
    "change",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("old_version_id", ForeignKey("version.id"), nullable=False),
    Column("new_version_id", ForeignKey("version.id"), nullable=False),
    Column("old_reading_id", ForeignKey("reading.id"), nullable=False),
    Column("new_reading_id", ForeignKey("reading.id"), nullable=False),
    Column("compare", String(40), nullable=False),
    Column("difference", String(20), nullable=False),
    Column("comparison", LargeBinary, nullable=False),  # model.Comparison, canonical JSON, zstd
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("old_reading_id", "new_reading_id", "compare"),
)

assessment = Table(
    "assessment",
    metadata,
    Column("change_id", ForeignKey("change.id"), primary_key=True),
    Column("rules", String(40), primary_key=True),
    Column("severity", String(10), nullable=False),
    Column("data", JSON, nullable=False),  # model.Assessment
    Column("recorded_at", Instant, nullable=False),
)

# ── What could be seen ───────────────────────────────────────────────────────────────────────────────────────────

verification = Table(
    "verification",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("line", String(40), nullable=False),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("ended_at", Instant),
    Index("ix_verification_document_id_last_at", "document_id", "last_at"),
    Index(
        "uq_verification_open",
        "document_id",
        "line",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

pending = Table(
    "pending",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("words_hash", HASH, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("kind_since", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("closed_at", Instant),
    Index("ix_incident_document_id", "document_id"),
    Index(
        "uq_incident_open",
        "document_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

# ── Who is told ──────────────────────────────────────────────────────────────────────────────────────────────────

event = Table(
    "event",
    metadata,
    Column("id", ID, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("change_id", ForeignKey("change.id")),
    Column("version_id", ForeignKey("version.id")),
    Column("text", Text, nullable=False),
    Column("spread_at", Instant),  # when every notice owed of it had been written
    Index("ix_event_document_id_at", "document_id", "at"),
    Index(
        "ix_event_unspread",
        "at",
        sqlite_where=text("spread_at IS NULL"),
        postgresql_where=text("spread_at IS NULL"),
    ),
)

announcement = Table(  # what a page said of a coming version, when it first named that day
    "announcement",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("takes_effect", Date, primary_key=True),
    Column("quote", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
    Column("at", Instant, nullable=False),
)

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(320), nullable=False, unique=True),
    Column("plan", String(20), nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("id", "plan"),
)

channel = Table(
    "channel",
    metadata,
    Column("id", ID, primary_key=True),
    Column("subscriber_id", ForeignKey("subscriber.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("target", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("next_digest_at", Instant),  # NULL where the plan has no digest
    Index("ix_channel_next_digest_at", "next_digest_at"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", Integer, nullable=False),
    Column("plan", String(20), nullable=False),
    Column("platform_id", ForeignKey("platform.id"), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # The database itself can't hold an eleventh platform, or a second one on the free plan, whoever writes at once:
    # an active subscription needs a slot of its own, and there are no more slots than the plan allows.
    ForeignKeyConstraint(["subscriber_id", "plan"], ["subscriber.id", "subscriber.plan"], onupdate="CASCADE"),
    CheckConstraint(f"slot BETWEEN 1 AND {SLOTS}", name="slot_exists"),
    CheckConstraint("ended_at IS NOT NULL OR plan <> 'free' OR slot = 1", name="free_has_one_slot"),
    Index(
        "uq_subscription_slot",
        "subscriber_id",
        "slot",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "uq_subscription_platform",
        "subscriber_id",
        "platform_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_subscription_platform_id", "platform_id"),
)

acceptance = Table(  # never changed: the newest of a subscriber and document counts
    "acceptance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscriber.id"), nullable=False),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_acceptance_subscriber_id_document_id", "subscriber_id", "document_id"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", ID, primary_key=True),
    Column("channel_id", ForeignKey("channel.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("document_id", ForeignKey("document.id")),  # of an alert: one delivery is one thread
    Column("period", String(40)),  # of a digest: the local period, once per channel
    Column("message", LargeBinary, nullable=False),  # model.Message, canonical JSON, zstd: what every retry sends
    Column("sealed_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", Instant),  # NULL once sent or parked
    Column("lease_until", Instant),
    Column("last_error", Text),
    Column("settled_at", Instant),
    UniqueConstraint("channel_id", "period"),
    Index("ix_delivery_next_attempt_at", "next_attempt_at"),
)

notice = Table(
    "notice",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("channel_id", ForeignKey("channel.id"), primary_key=True),
    Column("due_at", Instant),  # NULL: waits for the channel's digest
    Column("delivery_id", ForeignKey("delivery.id")),
    Index(
        "ix_notice_unsealed",
        "channel_id",
        "due_at",
        sqlite_where=text("delivery_id IS NULL"),
        postgresql_where=text("delivery_id IS NULL"),
    ),
    Index("ix_notice_delivery_id", "delivery_id"),
)
