"""Notices to who has no account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_notices"
down_revision = "0006_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notification") as table:
        table.alter_column("recipient_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # Older versions know nobody without an account; the outbox would never let go of these.
    op.execute("DELETE FROM notification WHERE recipient_id IS NULL")
    with op.batch_alter_table("notification") as table:
        table.alter_column("recipient_id", existing_type=sa.Integer(), nullable=False)
