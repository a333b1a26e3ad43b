"""What a topic was called before an edit of its first post is kept with what the post said; a draft keeps the hour from
which others are to see the topic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_titles_edited"
down_revision = "0039_concern_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post_revision", sa.Column("title", sa.String(150), nullable=True))
    op.add_column("post_revision", sa.Column("tags", sa.String(240), nullable=True))
    op.add_column("post_draft", sa.Column("opens", sa.String(16), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("post_draft", "opens", server_default=None)


def downgrade() -> None:
    op.drop_column("post_draft", "opens")
    op.drop_column("post_revision", "tags")
    op.drop_column("post_revision", "title")
