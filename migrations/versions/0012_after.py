"""Room kept for one step of the events work."""

from __future__ import annotations

revision = "0012_after"
down_revision = "0011_organizer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
