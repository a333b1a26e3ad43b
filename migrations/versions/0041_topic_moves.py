"""Where the posts of a topic came from and went, for who reads it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041_topic_moves"
down_revision = "0040_titles_edited"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("other_forum_id", sa.Integer(), nullable=True),
        sa.Column("other_topic_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "way IN ('from_forum', 'from_topic', 'merged', 'to_topic')", name=op.f("ck_topic_move_way")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_move_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_forum_id"], ["forum.id"], name=op.f("fk_topic_move_other_forum_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["other_topic_id"], ["topic.id"], name=op.f("fk_topic_move_other_topic_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_move")),
    )
    op.create_index("ix_topic_move_topic", "topic_move", ["topic_id", "id"])
    op.create_index("ix_topic_move_other_forum_id", "topic_move", ["other_forum_id"])
    op.create_index("ix_topic_move_other_topic_id", "topic_move", ["other_topic_id"])


def downgrade() -> None:
    op.drop_table("topic_move")
