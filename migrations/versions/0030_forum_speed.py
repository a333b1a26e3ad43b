"""Where a day begins in a topic of a hundred thousand posts."""

from __future__ import annotations

from alembic import op

revision = "0030_forum_speed"
down_revision = "0029_reports_of_all"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_post_day", "post", ["topic_id", "created_at", "number"])


def downgrade() -> None:
    op.drop_index("ix_post_day", table_name="post")
