"""Room kept for one step of the events work."""

from __future__ import annotations

revision = "0007_notices"
down_revision = "0006_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
