"""Answers without an account, places offered for a while, and how an answer is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_answers"
down_revision = "0005_job_ticks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("occurrence") as table:
        table.add_column(sa.Column("places_offered", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(op.f("ck_occurrence_counts"), type_="check")
        table.create_check_constraint(
            op.f("ck_occurrence_counts"), "places_taken >= 0 AND places_offered >= 0 AND walk_ins >= 0"
        )
    with op.batch_alter_table("occurrence") as table:
        table.alter_column("places_offered", server_default=None)
    with op.batch_alter_table("rsvp") as table:
        table.add_column(sa.Column("email", sa.String(254), nullable=False, server_default=""))
        table.add_column(sa.Column("language", sa.String(16), nullable=False, server_default=""))
        table.add_column(sa.Column("code_hash", sa.String(64), nullable=True))
        table.add_column(sa.Column("offer_ends_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("shown_neighborhood_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("keeps_attendance", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in ("channel", "place", "somebody", "ticket"):
            table.drop_constraint(op.f(f"ck_rsvp_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_rsvp_channel"), "channel IN ('mail', 'phone', 'site')")
        table.create_check_constraint(
            op.f("ck_rsvp_place"), "place IN ('confirmed', 'none', 'offered', 'waiting')"
        )
        table.create_check_constraint(
            op.f("ck_rsvp_somebody"), "(person_id IS NULL AND code_hash IS NULL) = (name <> '')"
        )
        table.create_check_constraint(
            op.f("ck_rsvp_ticket"), "(place IN ('offered', 'waiting')) = (ticket IS NOT NULL)"
        )
        table.create_check_constraint(
            op.f("ck_rsvp_offer"), "(place = 'offered') = (offer_ends_at IS NOT NULL)"
        )
        table.create_unique_constraint(op.f("uq_rsvp_code_hash"), ["code_hash"])
        table.create_foreign_key(
            op.f("fk_rsvp_shown_neighborhood_id"),
            "neighborhood",
            ["shown_neighborhood_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("rsvp") as table:
        for column in ("email", "language", "keeps_attendance"):
            table.alter_column(column, server_default=None)
    op.create_index("ix_rsvp_shown_neighborhood_id", "rsvp", ["shown_neighborhood_id"])
    op.create_index("ix_rsvp_offer_ends_at", "rsvp", ["offer_ends_at"])
    guest = sa.text("email <> ''")
    op.create_index(
        "ix_rsvp_guest",
        "rsvp",
        ["occurrence_id", "email"],
        unique=True,
        sqlite_where=guest,
        postgresql_where=guest,
    )


def downgrade() -> None:
    # Who had an offer stands in line again, at the same turn; what older versions cannot hold is left out.
    op.execute("DELETE FROM rsvp WHERE code_hash IS NOT NULL")
    op.execute("UPDATE rsvp SET place = 'waiting', offer_ends_at = NULL WHERE place = 'offered'")
    op.execute("UPDATE rsvp SET channel = 'site' WHERE channel = 'mail'")
    op.execute("UPDATE occurrence SET waiting = waiting + places_offered")
    op.drop_index("ix_rsvp_guest", "rsvp")
    op.drop_index("ix_rsvp_offer_ends_at", "rsvp")
    op.drop_index("ix_rsvp_shown_neighborhood_id", "rsvp")
    with op.batch_alter_table("rsvp") as table:
        for name in ("channel", "offer", "place", "somebody", "ticket"):
            table.drop_constraint(op.f(f"ck_rsvp_{name}"), type_="check")
        table.drop_constraint(op.f("fk_rsvp_shown_neighborhood_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_rsvp_code_hash"), type_="unique")
        table.create_check_constraint(op.f("ck_rsvp_channel"), "channel IN ('phone', 'site')")
        table.create_check_constraint(op.f("ck_rsvp_place"), "place IN ('confirmed', 'none', 'waiting')")
        table.create_check_constraint(op.f("ck_rsvp_somebody"), "(person_id IS NULL) = (name <> '')")
        table.create_check_constraint(op.f("ck_rsvp_ticket"), "(place = 'waiting') = (ticket IS NOT NULL)")
        for column in (
            "keeps_attendance",
            "shown_neighborhood_id",
            "offer_ends_at",
            "code_hash",
            "language",
            "email",
        ):
            table.drop_column(column)
    with op.batch_alter_table("occurrence") as table:
        table.drop_constraint(op.f("ck_occurrence_counts"), type_="check")
        table.create_check_constraint(op.f("ck_occurrence_counts"), "places_taken >= 0 AND walk_ins >= 0")
        table.drop_column("places_offered")
