"""When an answer was last given, by mail and otherwise: which of two is the newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_replies"
down_revision = "0012_after"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rsvp", sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rsvp", sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE rsvp SET said_at = updated_at")


def downgrade() -> None:
    with op.batch_alter_table("rsvp") as table:
        table.drop_column("replied_at")
        table.drop_column("said_at")
