"""What a topic was called before an edit of its first post is kept with what the post said; a draft keeps the hour from
which others are to see the topic; and what somebody writes beyond what accounts of their age write is held for that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_titles_edited"
down_revision = "0039_concern_indexes"
branch_labels = None
depends_on = None


_FILTERS = ("address", "appearance", "contact", "first_post", "named", "plate", "spam")


def upgrade() -> None:
    _filters(("much", *_FILTERS))
    op.add_column("post_revision", sa.Column("title", sa.String(150), nullable=True))
    op.add_column("post_revision", sa.Column("tags", sa.String(240), nullable=True))
    op.add_column("post_draft", sa.Column("opens", sa.String(16), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("post_draft", "opens", server_default=None)


def downgrade() -> None:
    op.execute("UPDATE moderation_finding SET filter = 'spam' WHERE filter = 'much'")  # as it was before
    _filters(_FILTERS)
    op.drop_column("post_draft", "opens")
    op.drop_column("post_revision", "tags")
    op.drop_column("post_revision", "title")


def _filters(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    with op.batch_alter_table("moderation_finding") as table:
        table.drop_constraint(op.f("ck_moderation_finding_filter"), type_="check")
        table.create_check_constraint(op.f("ck_moderation_finding_filter"), f"filter IN ({listed})")
