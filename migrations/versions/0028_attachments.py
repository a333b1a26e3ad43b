"""Pictures under posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_attachments"
down_revision = "0027_taking_part"
branch_labels = None
depends_on = None

_COUNTS = (
    ("post", "pictures_count"),
    *(("post_revision", f"pictures_{what}") for what in ("in", "out", "told")),
)


def upgrade() -> None:
    op.create_table(
        "post_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=48), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(post_id IS NULL) = (person_id IS NOT NULL)", name="ck_post_picture_whose"),
        sa.CheckConstraint("(person_id IS NULL) = (place IS NULL)", name="ck_post_picture_place"),
        sa.CheckConstraint("post_id IS NULL OR alt <> ''", name="ck_post_picture_alt"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_picture_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_post_picture_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_picture"),
        sa.UniqueConstraint("name", name="uq_post_picture_name"),
    )
    op.create_index("ix_post_picture_post_id", "post_picture", ["post_id", "position"], unique=False)
    op.create_index("ix_post_picture_place", "post_picture", ["person_id", "place"], unique=False)
    op.create_index("ix_post_picture_kept_at", "post_picture", ["kept_at"], unique=False)
    for table, column in _COUNTS:
        # Added in place: a town's posts are not written anew for a number that is 0 in all of them.
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        for table, column in _COUNTS:
            op.alter_column(table, column, server_default=None)


def downgrade() -> None:
    for table, column in reversed(_COUNTS):
        op.drop_column(table, column)
    op.drop_index("ix_post_picture_kept_at", table_name="post_picture")
    op.drop_index("ix_post_picture_place", table_name="post_picture")
    op.drop_index("ix_post_picture_post_id", table_name="post_picture")
    op.drop_table("post_picture")
