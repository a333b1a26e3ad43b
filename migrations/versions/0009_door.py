"""People counted at the door, on several devices at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_door"
down_revision = "0008_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("people BETWEEN -1000 AND 10000", name=op.f("ck_arrival_people")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], ondelete="CASCADE", name=op.f("fk_arrival_occurrence_id")
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], ondelete="SET NULL", name=op.f("fk_arrival_rsvp_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], ondelete="SET NULL", name=op.f("fk_arrival_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("occurrence_id", "key", name=op.f("uq_arrival_occurrence_id_key")),
    )
    op.create_index("ix_arrival_rsvp_id", "arrival", ["rsvp_id"])
    op.create_index("ix_arrival_recorded_by_id", "arrival", ["recorded_by_id"])
    # What was counted until now stands as one count.
    op.execute(
        "INSERT INTO arrival (occurrence_id, key, people, arrived_at, undone) "
        "SELECT id, 'counted-before', walk_ins, starts_at, false FROM occurrence WHERE walk_ins > 0"
    )


def downgrade() -> None:
    op.drop_table("arrival")  # the sum stays in occurrence.walk_ins
