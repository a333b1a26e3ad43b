"""Series that go on as another, and the addresses and names that dates had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_series_splits"
down_revision = "0009_door"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("follows_uid", sa.String(64), nullable=True))
    op.create_index("ix_event_follows_uid", "event", ["follows_uid"])
    op.add_column("occurrence", sa.Column("known_uid", sa.String(64), nullable=True))
    op.add_column("occurrence", sa.Column("known_start", sa.DateTime(), nullable=True))
    op.create_table(
        "former_date",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("original_date", sa.Date(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_former_date_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_former_date_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "original_date", name=op.f("pk_former_date")),
    )
    op.create_index("ix_former_date_occurrence_id", "former_date", ["occurrence_id"])


def downgrade() -> None:
    op.drop_index("ix_former_date_occurrence_id", "former_date")
    op.drop_table("former_date")
    op.drop_column("occurrence", "known_start")
    op.drop_column("occurrence", "known_uid")
    op.drop_index("ix_event_follows_uid", "event")
    op.drop_column("event", "follows_uid")
