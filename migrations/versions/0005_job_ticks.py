"""When each periodic job was last begun, so that one worker of several runs it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_job_ticks"
down_revision = "0004_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_tick",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_tick")),
    )


def downgrade() -> None:
    op.drop_table("job_tick")
