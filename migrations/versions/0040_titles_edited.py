"""What a topic was called before an edit of its first post is kept with what the post said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_titles_edited"
down_revision = "0037_polls_given_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post_revision", sa.Column("title", sa.String(150), nullable=True))
    op.add_column("post_revision", sa.Column("tags", sa.String(240), nullable=True))


def downgrade() -> None:
    op.drop_column("post_revision", "tags")
    op.drop_column("post_revision", "title")
