"""Pictures and polls hidden alone, drafts that go out without a name, and talk about what is not public.

Of a poll that was there before nothing says who made it: its topic's author is taken, as moderation did until now.
Posts that others no longer read leave search at once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_hidden_and_held"
down_revision = "0031_own_words"
branch_labels = None
depends_on = None

_AUTHOR = "fk_poll_author_id"


def upgrade() -> None:
    op.add_column("post_picture", sa.Column("rule_number", sa.Integer(), nullable=True))
    _add_flag("post_draft", "as_resident")
    _add_flag("poll", "held")
    op.add_column("poll", sa.Column("hidden_rule", sa.Integer(), nullable=True))
    with op.batch_alter_table("poll") as table:
        table.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(_AUTHOR), "person", ["author_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_poll_author_id", "poll", ["author_id"])
    _add_flag("topic", "about_public", sa.true())
    op.execute(
        "UPDATE topic SET about_public = false WHERE about_kind = 'event' AND about_id NOT IN"
        " (SELECT id FROM event WHERE status <> 'draft')"
    )
    op.execute(
        "DELETE FROM search_entry WHERE kind = 'post' AND subject_id IN"
        " (SELECT post.id FROM post JOIN topic ON topic.id = post.topic_id WHERE NOT topic.about_public)"
    )
    op.execute("UPDATE poll SET author_id = (SELECT author_id FROM topic WHERE topic.id = poll.topic_id)")


def downgrade() -> None:
    op.drop_column("topic", "about_public")
    op.drop_index("ix_poll_author_id", table_name="poll")
    with op.batch_alter_table("poll") as table:
        table.drop_constraint(op.f(_AUTHOR), type_="foreignkey")
        table.drop_column("author_id")
    op.drop_column("poll", "hidden_rule")
    op.drop_column("poll", "held")
    op.drop_column("post_draft", "as_resident")
    op.drop_column("post_picture", "rule_number")


def _add_flag(table: str, column: str, value: sa.ColumnElement[bool] | None = None) -> None:
    """A column that is false, or *value*, in every row there is."""
    default = sa.false() if value is None else value
    op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=default))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, server_default=None)
