"""Drafts: words in discussions that are not sent yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_drafts"
down_revision = "0025_moderation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(48), nullable=False),
        sa.Column("title", sa.String(150), nullable=False),
        sa.Column("tags", sa.String(240), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_post_draft_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "place", name="pk_post_draft"),
    )
    op.create_index("ix_post_draft_kept_at", "post_draft", ["kept_at"])


def downgrade() -> None:
    op.drop_index("ix_post_draft_kept_at", table_name="post_draft")
    op.drop_table("post_draft")
