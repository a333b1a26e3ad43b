"""Concerns in public: who follows one or says «me too», what a search finds, and the questions afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_public"
down_revision = "0018_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("concern", sa.Column("others_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("concern", sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("concern", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("concern", sa.Column("unlisted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_concern_unlisted_at", "concern", ["unlisted_at"])
    # Without folding of accents, which SQL has not: what came before is found by words as they were written.
    op.execute(
        "UPDATE concern SET search_text = lower(title || ' ' || place || ' ' || story) WHERE mode = 'public'"
    )
    _follow()
    _follow_request()
    _afterwards()


def downgrade() -> None:
    op.drop_table("concern_afterwards")
    op.drop_table("concern_follow_request")
    op.drop_table("concern_follow")
    op.drop_index("ix_concern_unlisted_at", "concern")
    for column in ("unlisted_at", "search_text", "asked", "others_count"):
        op.drop_column("concern", column)


def _follow() -> None:
    op.create_table(
        "concern_follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("me_too", sa.Boolean(), nullable=False),
        sa.Column("mails", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) = (email <> '')", name=op.f("ck_concern_follow_whose")),
        sa.CheckConstraint("me_too OR mails", name=op.f("ck_concern_follow_something")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], ondelete="CASCADE", name=op.f("fk_concern_follow_concern_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], ondelete="CASCADE", name=op.f("fk_concern_follow_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_follow")),
        sa.UniqueConstraint("concern_id", "person_id", name=op.f("uq_concern_follow_concern_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_concern_follow_person_id", "concern_follow", ["person_id"])
    op.create_index(
        "uq_concern_follow_concern_id_email",
        "concern_follow",
        ["concern_id", "email"],
        unique=True,
        sqlite_where=sa.text("email <> ''"),
        postgresql_where=sa.text("email <> ''"),
    )


def _follow_request() -> None:
    op.create_table(
        "concern_follow_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("me_too", sa.Boolean(), nullable=False),
        sa.Column("mails", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("me_too OR mails", name=op.f("ck_concern_follow_request_something")),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["concern.id"],
            ondelete="CASCADE",
            name=op.f("fk_concern_follow_request_concern_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_follow_request")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_concern_follow_request_concern_id", "concern_follow_request", ["concern_id", "email"])
    op.create_index("ix_concern_follow_request_expires_at", "concern_follow_request", ["expires_at"])


def _afterwards() -> None:
    op.create_table(
        "concern_afterwards",
        sa.Column("key", sa.String(43), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "question IN ('dealt_with', 'respect')", name=op.f("ck_concern_afterwards_question")
        ),
        sa.CheckConstraint("verdict IN ('no', 'partly', 'yes')", name=op.f("ck_concern_afterwards_verdict")),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            ondelete="SET NULL",
            name=op.f("fk_concern_afterwards_neighborhood_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_concern_afterwards")),
        sqlite_with_rowid=False,  # a row number would tell which answers came together
    )
    op.create_index("ix_concern_afterwards_neighborhood_id", "concern_afterwards", ["neighborhood_id"])
