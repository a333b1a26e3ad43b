"""Messages that an organizer sends to everybody who answered, and an index for the roster."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_organizer"
down_revision = "0010_series_splits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subject <> '' AND text <> ''", name=op.f("ck_event_message_words")),
        sa.CheckConstraint("recipients >= 0", name=op.f("ck_event_message_recipients")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], ondelete="CASCADE", name=op.f("fk_event_message_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            ondelete="CASCADE",
            name=op.f("fk_event_message_occurrence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], ondelete="SET NULL", name=op.f("fk_event_message_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_message")),
        sa.UniqueConstraint("token", name=op.f("uq_event_message_token")),
    )
    op.create_index("ix_event_message_event_id", "event_message", ["event_id", "created_at"])
    op.create_index("ix_event_message_occurrence_id", "event_message", ["occurrence_id"])
    op.create_index("ix_event_message_author_id", "event_message", ["author_id"])
    op.create_index(
        "ix_rsvp_roster", "rsvp", ["occurrence_id", "place", "answer", "ticket", "id", "party_size"]
    )


def downgrade() -> None:
    op.drop_index("ix_rsvp_roster", "rsvp")
    op.drop_table("event_message")
