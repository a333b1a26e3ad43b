"""Raising a concern: warnings counted by day, and disputes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_raising"
down_revision = "0015_concerns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concern_danger_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("cause IN ('category', 'words')", name=op.f("ck_concern_danger_count_cause")),
        sa.CheckConstraint("times > 0", name=op.f("ck_concern_danger_count_times")),
        sa.PrimaryKeyConstraint("day", "cause", name=op.f("pk_concern_danger_count")),
    )
    _concern_dispute()


def downgrade() -> None:
    op.drop_table("concern_dispute")
    op.drop_table("concern_danger_count")


def _concern_dispute() -> None:
    op.create_table(
        "concern_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.CheckConstraint("outcome IN ('overturned', 'upheld')", name=op.f("ck_concern_dispute_outcome")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_concern_dispute_words")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_concern_dispute_decided")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_concern_dispute_closed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_dispute_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_concern_dispute_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_dispute")),
    )
    op.create_index("ix_concern_dispute_closed_by_id", "concern_dispute", ["closed_by_id"])
    op.create_index("ix_concern_dispute_concern_id", "concern_dispute", ["concern_id", "raised_at"])
    op.create_index("ix_concern_dispute_decided_by_id", "concern_dispute", ["decided_by_id"])
    op.create_index("ix_concern_dispute_outcome", "concern_dispute", ["outcome", "raised_at", "id"])
