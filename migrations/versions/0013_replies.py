"""When an answer was last given, by mail and otherwise: which of two is the newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_replies"
down_revision = "0012_after"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew on SQLite: an id, over which links and addresses are sealed, must not be used a second time.
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("rsvp", recreate=anew, table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE rsvp SET said_at = updated_at")


def downgrade() -> None:
    with op.batch_alter_table("rsvp") as table:
        table.drop_column("replied_at")
        table.drop_column("said_at")
