"""Raising a concern: warnings counted by day."""

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


def downgrade() -> None:
    op.drop_table("concern_danger_count")
