"""The first schema: every table with the words of the project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What a time is in tables.py, as it is today: a migration must not change when the program does.
Instant = sa.String(24).with_variant(sa.DateTime(timezone=True), "postgresql")
TABLES = (
    "platform",
    "source",
    "document",
    "blob",
    "snapshot",
    "document_source",
    "check_record",
    "version",
    "version_snapshot",
    "memory",
    "reading",
    "provision",
    "line",
    "change",
    "assessment",
    "verification",
    "pending",
    "incident",
    "subscriber",
    "channel",
    "subscription",
    "event",
    "announcement",
    "acceptance",
    "delivery",
    "notice",
)


def upgrade() -> None:
    _watched()
    _evidence()
    _versions()
    _readings()
    _changes()
    _seen()
    _subscribers()
    _events()


def downgrade() -> None:
    if _can_alter():
        op.drop_constraint("fk_source_last_kept_id", "source", type_="foreignkey")
        op.drop_constraint("fk_source_bears_id", "source", type_="foreignkey")
    for table in reversed(TABLES):
        op.drop_table(table)


def _can_alter() -> bool:
    """A source names its snapshots and a snapshot its source; SQLite takes that as it comes, and can't add it later."""
    return op.get_bind().dialect.name == "postgresql"


def _watched() -> None:
    op.create_table(
        "platform",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_platform"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35)),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("answered_at", Instant),
        sa.Column("last_kept_id", sa.String(length=32)),
        sa.Column("bears_id", sa.String(length=32)),
        sa.Column("memory_hash", sa.String(length=64)),
        sa.ForeignKeyConstraint(["bears_id"], ["snapshot.id"], name="fk_source_bears_id", use_alter=True),
        sa.ForeignKeyConstraint(["last_kept_id"], ["snapshot.id"], name="fk_source_last_kept_id", use_alter=True),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("declaration", sa.JSON(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("paused_at", Instant),
        sa.Column("withdrawn_at", Instant),
        sa.Column("next_check_at", Instant, nullable=False),
        sa.Column("lease_until", Instant),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_check_at", Instant),
        sa.Column("last_result", sa.String(length=20)),
        sa.Column("until", sa.Date()),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name="fk_document_platform_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("platform_id", "slug", name="uq_document_platform_id_slug"),
    )
    op.create_index("ix_document_host_lease_until", "document", ["host", "lease_until"])
    op.create_index("ix_document_next_check_at", "document", ["next_check_at"])


def _evidence() -> None:
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("codec", sa.String(length=10), nullable=False),
        sa.Column("base_id", sa.Integer()),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("base_id IS NULL OR base_id < id", name=op.f("ck_blob_base_is_older")),
        sa.ForeignKeyConstraint(["base_id"], ["blob.id"], name="fk_blob_base_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("hash", name="uq_blob_hash"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_snapshot_blob_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_snapshot_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
    )
    op.create_index("ix_snapshot_source_id_fetched_at", "snapshot", ["source_id", "fetched_at"])
    op.create_table(
        "document_source",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("read_id", sa.String(length=32)),
        sa.Column("ended_at", Instant),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_source_document_id"),
        sa.ForeignKeyConstraint(["read_id"], ["snapshot.id"], name="fk_document_source_read_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_document_source_source_id"),
        sa.PrimaryKeyConstraint("document_id", "source_id", name="pk_document_source"),
    )
    op.create_table(
        "check_record",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30)),
        sa.Column("reason", sa.Text()),
        sa.Column("snapshot_ids", sa.JSON(), nullable=False),
        sa.Column("audited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_check_record_document_id"),
        sa.PrimaryKeyConstraint("document_id", "attempt", name="pk_check_record"),
    )
    if _can_alter():
        op.create_foreign_key("fk_source_last_kept_id", "source", "snapshot", ["last_kept_id"], ["id"])
        op.create_foreign_key("fk_source_bears_id", "source", "snapshot", ["bears_id"], ["id"])


def _versions() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=32)),
        sa.Column("difference", sa.String(length=20)),
        sa.Column("seen_from", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (difference IS NULL)", name=op.f("ck_version_only_the_first_has_no_parent")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_version_document_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["version.id"], name="fk_version_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("document_id", "number", name="uq_version_document_id_number"),
    )
    op.create_table(
        "version_snapshot",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_version_snapshot_snapshot_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_version_snapshot_version_id"),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_version_snapshot"),
    )
    op.create_table(
        "memory",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_memory"),
    )


def _readings() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("declaration", sa.String(length=32), nullable=False),
        sa.Column("memories", sa.JSON(), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("meaning_hash", sa.String(length=64), nullable=False),
        sa.Column("undated_hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_reading_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
    )
    op.create_index("ix_reading_meaning_hash", "reading", ["meaning_hash"])
    op.create_index("ix_reading_version_id", "reading", ["version_id"])
    op.create_table(
        "provision",
        sa.Column("reading_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_provision_reading_id"),
        sa.PrimaryKeyConstraint("reading_id", "ordinal", name="pk_provision"),
    )
    op.create_index("ix_provision_identity", "provision", ["identity"])
    op.create_table(
        "line",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("reading_id", sa.String(length=32), nullable=False),
        sa.Column("read_by", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_line_document_id"),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_line_reading_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_line_version_id"),
        sa.PrimaryKeyConstraint("document_id", "name", name="pk_line"),
    )


def _changes() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("old_version_id", sa.String(length=32), nullable=False),
        sa.Column("new_version_id", sa.String(length=32), nullable=False),
        sa.Column("old_reading_id", sa.String(length=32), nullable=False),
        sa.Column("new_reading_id", sa.String(length=32), nullable=False),
        sa.Column("compare", sa.String(length=40), nullable=False),
        sa.Column("difference", sa.String(length=20), nullable=False),
        sa.Column("comparison", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_change_document_id"),
        sa.ForeignKeyConstraint(["new_reading_id"], ["reading.id"], name="fk_change_new_reading_id"),
        sa.ForeignKeyConstraint(["new_version_id"], ["version.id"], name="fk_change_new_version_id"),
        sa.ForeignKeyConstraint(["old_reading_id"], ["reading.id"], name="fk_change_old_reading_id"),
        sa.ForeignKeyConstraint(["old_version_id"], ["version.id"], name="fk_change_old_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sa.UniqueConstraint(
            "old_reading_id", "new_reading_id", "compare", name="uq_change_old_reading_id_new_reading_id_compare"
        ),
    )
    op.create_table(
        "assessment",
        sa.Column("change_id", sa.String(length=32), nullable=False),
        sa.Column("rules", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_assessment_change_id"),
        sa.PrimaryKeyConstraint("change_id", "rules", name="pk_assessment"),
    )


def _seen() -> None:
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("first_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_verification_document_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_verification_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
    )
    op.create_index("ix_verification_document_id_last_at", "verification", ["document_id", "last_at"])
    op.create_index(
        "uq_verification_open",
        "verification",
        ["document_id", "line"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pending",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_seen", Instant, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_pending_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_pending"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("kind_since", Instant, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Instant),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_incident_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_document_id", "incident", ["document_id"])
    op.create_index(
        "uq_incident_open",
        "incident",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _subscribers() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("address", name="uq_subscriber_address"),
        sa.UniqueConstraint("id", "plan", name="uq_subscriber_id_plan"),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("next_digest_at", Instant),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_channel_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_channel"),
    )
    op.create_index("ix_channel_next_digest_at", "channel", ["next_digest_at"])
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("platform_id", sa.String(length=100), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR plan <> 'free' OR slot = 1", name=op.f("ck_subscription_free_has_one_slot")
        ),
        sa.CheckConstraint("slot BETWEEN 1 AND 10", name=op.f("ck_subscription_slot_exists")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name="fk_subscription_platform_id"),
        sa.ForeignKeyConstraint(
            ["subscriber_id", "plan"],
            ["subscriber.id", "subscriber.plan"],
            name="fk_subscription_subscriber_id_plan",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
    )
    op.create_index("ix_subscription_platform_id", "subscription", ["platform_id"])
    op.create_index(
        "uq_subscription_platform",
        "subscription",
        ["subscriber_id", "platform_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_subscription_slot",
        "subscription",
        ["subscriber_id", "slot"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("change_id", sa.String(length=32)),
        sa.Column("version_id", sa.String(length=32)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spread_at", Instant),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_event_change_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_event_document_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_event_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_document_id_at", "event", ["document_id", "at"])
    op.create_index(
        "ix_event_unspread",
        "event",
        ["at"],
        sqlite_where=sa.text("spread_at IS NULL"),
        postgresql_where=sa.text("spread_at IS NULL"),
    )
    op.create_table(
        "announcement",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("takes_effect", sa.Date(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_announcement_document_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_announcement_snapshot_id"),
        sa.PrimaryKeyConstraint("document_id", "takes_effect", name="pk_announcement"),
    )
    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_acceptance_subscriber_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_acceptance_document_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_acceptance_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance"),
    )
    op.create_index("ix_acceptance_subscriber_id_document_id", "acceptance", ["subscriber_id", "document_id"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document_id", sa.Integer()),
        sa.Column("period", sa.String(length=40)),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", Instant, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", Instant),
        sa.Column("lease_until", Instant),
        sa.Column("last_error", sa.Text()),
        sa.Column("settled_at", Instant),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_delivery_channel_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_delivery_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("channel_id", "period", name="uq_delivery_channel_id_period"),
    )
    op.create_index("ix_delivery_next_attempt_at", "delivery", ["next_attempt_at"])
    op.create_table(
        "notice",
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("delivery_id", sa.String(length=32)),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="fk_notice_channel_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_notice_delivery_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_notice_event_id"),
        sa.PrimaryKeyConstraint("event_id", "channel_id", name="pk_notice"),
    )
    op.create_index("ix_notice_delivery_id", "notice", ["delivery_id"])
    op.create_index(
        "ix_notice_unsealed",
        "notice",
        ["channel_id", "due_at"],
        sqlite_where=sa.text("delivery_id IS NULL"),
        postgresql_where=sa.text("delivery_id IS NULL"),
    )
