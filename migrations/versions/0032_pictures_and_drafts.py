"""A picture that a decision hid names the rule; a draft keeps whether it is to be sent under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_pictures_and_drafts"
down_revision = "0031_own_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post_picture", sa.Column("rule_number", sa.Integer(), nullable=True))
    op.add_column(
        "post_draft", sa.Column("as_resident", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("post_draft", "as_resident", server_default=None)


def downgrade() -> None:
    op.drop_column("post_draft", "as_resident")
    op.drop_column("post_picture", "rule_number")
