"""Answers that wait for their owner to confirm an address, and what people need to take part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_guests"
down_revision = "0007_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _access_need()
    _guest_request()


def downgrade() -> None:
    op.drop_table("guest_request")
    op.drop_table("access_need")


def _access_need() -> None:
    op.create_table(
        "access_need",
        sa.Column("rsvp_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("interpreter", sa.String(60), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("quiet_space", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.CheckConstraint("children BETWEEN 0 AND 20", name=op.f("ck_access_need_children")),
        sa.CheckConstraint(
            "interpreter <> '' OR step_free OR children > 0 OR quiet_space OR note <> ''",
            name=op.f("ck_access_need_something"),
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], ondelete="CASCADE", name=op.f("fk_access_need_rsvp_id")
        ),
        sa.PrimaryKeyConstraint("rsvp_id", name=op.f("pk_access_need")),
    )


def _guest_request() -> None:
    op.create_table(
        "guest_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(32), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("shown_neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answer IN ('going', 'maybe', 'not_going')", name=op.f("ck_guest_request_answer")),
        sa.CheckConstraint("party_size BETWEEN 1 AND 20", name=op.f("ck_guest_request_party_size")),
        sa.CheckConstraint(
            "(name = '' AND email = '') = (rsvp_id IS NOT NULL)", name=op.f("ck_guest_request_confirmed")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            ondelete="CASCADE",
            name=op.f("fk_guest_request_occurrence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], ondelete="CASCADE", name=op.f("fk_guest_request_rsvp_id")
        ),
        sa.ForeignKeyConstraint(
            ["shown_neighborhood_id"],
            ["neighborhood.id"],
            ondelete="SET NULL",
            name=op.f("fk_guest_request_shown_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_request")),
        sqlite_autoincrement=True,
    )
    for column in ("expires_at", "occurrence_id", "rsvp_id", "shown_neighborhood_id"):
        op.create_index(f"ix_guest_request_{column}", "guest_request", [column])
