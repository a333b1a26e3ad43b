"""Search entries that are not for everybody have words of their own, and nothing else keeps them apart any more.

Those kept with everybody's words go, before anybody could find them by these. The job worker makes them anew when it
starts (``flask search rebuild`` does so at once); until then staff find less of their own.
"""

from __future__ import annotations

from alembic import op

revision = "0031_own_words"
down_revision = "0030_forum_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM search_entry WHERE audience <> 'public'")


def downgrade() -> None:
    op.execute("DELETE FROM search_entry WHERE audience <> 'public'")
