"""Room kept for one step of the events work."""

from __future__ import annotations

revision = "0010_series_splits"
down_revision = "0009_door"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
