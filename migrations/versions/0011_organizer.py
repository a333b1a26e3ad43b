"""Room kept for one step of the events work."""

from __future__ import annotations

revision = "0011_organizer"
down_revision = "0010_series_splits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
