"""The address that is to be replaced, so that the notice of it goes there however late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_audit"
down_revision = "0021_polish"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with _changing() as table:
        table.add_column(sa.Column("old_email", sa.String(254), nullable=False, server_default=""))
    with _changing() as table:
        table.alter_column("old_email", server_default=None)


def downgrade() -> None:
    with _changing() as table:
        table.drop_column("old_email")


def _changing() -> op.BatchOperations:
    """Made anew on SQLite, where an id must not be used a second time: links are sealed over it."""
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    return op.batch_alter_table("mailed_link", recreate=anew, table_kwargs={"sqlite_autoincrement": True})
