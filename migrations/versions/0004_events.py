"""Events, occurrences, RSVPs and personal calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_events"
down_revision = "0003_neighborhoods"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("color", sa.String(32), nullable=False),
        sa.Column("shape", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "color IN ('clay', 'moss', 'ochre', 'plum', 'slate', 'teal')", name=op.f("ck_event_kind_color")
        ),
        sa.CheckConstraint(
            "shape IN ('bar', 'circle', 'diamond', 'drop', 'leaf', 'square')",
            name=op.f("ck_event_kind_shape"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_kind")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_kind_slug")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("source_key", sa.String(255), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("story_html", sa.Text(), nullable=False),
        sa.Column("story_renderer", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rrule", sa.String(255), nullable=True),
        sa.Column("extra_starts", sa.JSON(), nullable=False),
        sa.Column("skipped_starts", sa.JSON(), nullable=False),
        sa.Column("materialized_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_name", sa.String(200), nullable=False),
        sa.Column("place_address", sa.String(255), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("online_url", sa.String(500), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("childcare", sa.Boolean(), nullable=True),
        sa.Column("quiet_space", sa.Boolean(), nullable=True),
        sa.Column("interpreter", sa.String(200), nullable=False),
        sa.Column("transit", sa.String(255), nullable=False),
        sa.Column("hosts", sa.String(255), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("contact_phone", sa.String(60), nullable=False),
        sa.Column("picture", sa.String(80), nullable=False),
        sa.Column("picture_alt", sa.String(300), nullable=False),
        sa.Column("rsvp_policy", sa.String(32), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_reason", sa.String(500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feed_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("vevents", sa.LargeBinary(), nullable=False),
        sa.Column("vevents_made", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "rsvp_policy IN ('none', 'required', 'welcome')", name=op.f("ck_event_rsvp_policy")
        ),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name=op.f("ck_event_published")),
        sa.CheckConstraint(
            "status IN ('cancelled', 'draft', 'postponed', 'published')", name=op.f("ck_event_status")
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_capacity")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_event_minutes")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_event_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["event_kind.id"], name=op.f("fk_event_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("source_key", name=op.f("uq_event_source_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_event_uid")),
    )
    op.create_index("ix_event_created_by_id", "event", ["created_by_id"])
    op.create_index("ix_event_feed_changed_at", "event", ["feed_changed_at"])
    op.create_index("ix_event_kind_id", "event", ["kind_id"])
    op.create_index("ix_event_status", "event", ["status", "updated_at", "id"])
    op.create_table(
        "event_neighborhood",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_neighborhood_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name=op.f("fk_event_neighborhood_neighborhood_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "neighborhood_id", name=op.f("pk_event_neighborhood")),
    )
    op.create_index("ix_event_neighborhood_neighborhood_id", "event_neighborhood", ["neighborhood_id"])
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("original_date", sa.Date(), nullable=False),
        sa.Column("original_start", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("place_name", sa.String(200), nullable=True),
        sa.Column("place_address", sa.String(255), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("next_ticket", sa.Integer(), nullable=False),
        sa.Column("walk_ins", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occurrence_order")),
        sa.CheckConstraint("places_taken >= 0 AND walk_ins >= 0", name=op.f("ck_occurrence_counts")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_occurrence_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["event_kind.id"], name=op.f("fk_occurrence_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("event_id", "original_date", name=op.f("uq_occurrence_event_id_original_date")),
    )
    op.create_index("ix_occurrence_event_id", "occurrence", ["event_id", "starts_at"])
    op.create_index("ix_occurrence_kind_id", "occurrence", ["kind_id", "listed", "starts_at", "id"])
    op.create_index("ix_occurrence_listed_starts_at", "occurrence", ["listed", "starts_at", "id"])
    op.create_table(
        "rsvp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("answer", sa.String(32), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) = (name <> '')", name=op.f("ck_rsvp_somebody")),
        sa.CheckConstraint(
            "(place = 'none') = (answer <> 'going')", name=op.f("ck_rsvp_place_follows_answer")
        ),
        sa.CheckConstraint("(place = 'waiting') = (ticket IS NOT NULL)", name=op.f("ck_rsvp_ticket")),
        sa.CheckConstraint("answer IN ('going', 'maybe', 'not_going')", name=op.f("ck_rsvp_answer")),
        sa.CheckConstraint("channel IN ('phone', 'site')", name=op.f("ck_rsvp_channel")),
        sa.CheckConstraint("place IN ('confirmed', 'none', 'waiting')", name=op.f("ck_rsvp_place")),
        sa.CheckConstraint("party_size BETWEEN 1 AND 20", name=op.f("ck_rsvp_party_size")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_rsvp_occurrence_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rsvp_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvp")),
        sa.UniqueConstraint("occurrence_id", "person_id", name=op.f("uq_rsvp_occurrence_id_person_id")),
        sa.UniqueConstraint("occurrence_id", "ticket", name=op.f("uq_rsvp_occurrence_id_ticket")),
    )
    op.create_index("ix_rsvp_person_id", "rsvp", ["person_id", "place"])
    op.create_table(
        "calendar_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_token_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_token_token_hash")),
    )
    op.create_index("ix_calendar_token_person_id", "calendar_token", ["person_id"])
    _offer_default_kinds()


def downgrade() -> None:
    op.drop_table("calendar_token")
    op.drop_table("rsvp")
    op.drop_table("occurrence")
    op.drop_table("event_neighborhood")
    op.drop_table("event")
    op.drop_table("event_kind")


DEFAULT_KINDS = (
    ("beat-meeting", "Beat meeting", "Reunión de ronda", "teal", "circle"),
    ("town-hall", "Town hall", "Asamblea vecinal", "plum", "square"),
    ("school-visit", "School visit", "Visita escolar", "ochre", "drop"),
    ("community-service", "Community service project", "Proyecto de servicio comunitario", "moss", "leaf"),
    ("open-training", "Training open to the public", "Capacitación abierta al público", "slate", "bar"),
    ("coffee", "Coffee with an officer", "Café con un oficial", "clay", "circle"),
    ("youth", "Youth", "Jóvenes", "ochre", "diamond"),
    ("senior", "Seniors", "Personas mayores", "plum", "leaf"),
    ("other", "Other", "Otro", "slate", "square"),
)


def _offer_default_kinds() -> None:
    """The list an administrator starts from."""
    kinds = sa.table(
        "event_kind",
        sa.column("slug", sa.String),
        sa.column("names", sa.JSON),
        sa.column("color", sa.String),
        sa.column("shape", sa.String),
        sa.column("position", sa.Integer),
        sa.column("retired", sa.Boolean),
    )
    rows = [
        {
            "slug": slug,
            "names": {"en": en, "es": es},
            "color": color,
            "shape": shape,
            "position": i,
            "retired": False,
        }
        for i, (slug, en, es, color, shape) in enumerate(DEFAULT_KINDS)
    ]
    op.bulk_insert(kinds, rows)
