"""A picture that a decision hid names the rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_pictures_and_drafts"
down_revision = "0031_own_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post_picture", sa.Column("rule_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("post_picture", "rule_number")
