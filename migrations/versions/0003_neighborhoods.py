"""Neighborhoods, beats, their officers, and who follows what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_neighborhoods"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "neighborhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("boundary", sa.JSON(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighborhood")),
        sa.UniqueConstraint("key", name=op.f("uq_neighborhood_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_neighborhood_slug")),
    )
    op.create_table(
        "beat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("code", name=op.f("uq_beat_code")),
    )
    op.create_table(
        "beat_neighborhood",
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beat_id"], ["beat.id"], name=op.f("fk_beat_neighborhood_beat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name=op.f("fk_beat_neighborhood_neighborhood_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("beat_id", "neighborhood_id", name=op.f("pk_beat_neighborhood")),
    )
    op.create_index("ix_beat_neighborhood_neighborhood_id", "beat_neighborhood", ["neighborhood_id"])
    op.create_table(
        "beat_officer",
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beat_id"], ["beat.id"], name=op.f("fk_beat_officer_beat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_beat_officer_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("beat_id", "person_id", name=op.f("pk_beat_officer")),
    )
    op.create_index("ix_beat_officer_person_id", "beat_officer", ["person_id"])
    op.create_table(
        "follow",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name=op.f("fk_follow_neighborhood_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_follow_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "neighborhood_id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_neighborhood_id", "follow", ["neighborhood_id"])


def downgrade() -> None:
    op.drop_table("follow")
    op.drop_table("beat_officer")
    op.drop_table("beat_neighborhood")
    op.drop_table("beat")
    op.drop_table("neighborhood")
