"""A poll that its author is asked to change. Staff who serve no beat are found, too: a job makes their kind anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037_polls_given_back"
down_revision = "0036_lighter_replies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("poll", sa.Column("given_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("poll", "given_back", server_default=None)
    op.execute("UPDATE search_entry SET analysis = 0 WHERE kind = 'person'")


def downgrade() -> None:
    op.execute("UPDATE poll SET held = true WHERE given_back")  # others do not read it, as before
    op.drop_column("poll", "given_back")
