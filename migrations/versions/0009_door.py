"""Room kept for one step of the events work."""

from __future__ import annotations

revision = "0009_door"
down_revision = "0008_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
