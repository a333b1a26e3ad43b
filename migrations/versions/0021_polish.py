"""A title for the words of answers, by which who answers chooses them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_polish"
down_revision = "0020_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("concern_template", sa.Column("title", sa.String(120), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("concern_template", "title")
