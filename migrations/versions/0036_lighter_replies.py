"""What waits for search, and an index of answers alone: a reply is written to fewer pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_lighter_replies"
down_revision = "0034_sparse_indexes"
branch_labels = None
depends_on = None

_ANSWERS = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "search_waiting",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_search_waiting")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_post_parent_id", table_name="post")
    op.create_index(
        "ix_post_parent_id", "post", ["parent_id"], sqlite_where=_ANSWERS, postgresql_where=_ANSWERS
    )


def downgrade() -> None:
    op.drop_index("ix_post_parent_id", table_name="post")
    op.create_index("ix_post_parent_id", "post", ["parent_id"])
    op.drop_table("search_waiting")
