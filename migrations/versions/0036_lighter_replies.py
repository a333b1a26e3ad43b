"""An index of answers alone: a post under no other is written to one page less."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_lighter_replies"
down_revision = "0033_search_blocks"
branch_labels = None
depends_on = None

_ANSWERS = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_post_parent_id", table_name="post")
    op.create_index(
        "ix_post_parent_id", "post", ["parent_id"], sqlite_where=_ANSWERS, postgresql_where=_ANSWERS
    )


def downgrade() -> None:
    op.drop_index("ix_post_parent_id", table_name="post")
    op.create_index("ix_post_parent_id", "post", ["parent_id"])
