"""What comes after a date, and who helps at it: minutes, action items, feedback, volunteer shifts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_after"
down_revision = "0011_organizer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _minutes()
    _feedback()
    _shifts()


def downgrade() -> None:
    for table in ("shift_signup", "shift", "feedback", "action_item", "minutes"):
        op.drop_table(table)


def _minutes() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("shows_attendance", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("published_at IS NOT NULL OR changed_at IS NULL", name=op.f("ck_minutes_changed")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], ondelete="CASCADE", name=op.f("fk_minutes_occurrence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_minutes_occurrence_id")),
    )
    op.create_table(
        "action_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> '' AND owner <> ''", name=op.f("ck_action_item_words")),
        sa.CheckConstraint("done_on IS NOT NULL OR outcome = ''", name=op.f("ck_action_item_outcome")),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], ondelete="CASCADE", name=op.f("fk_action_item_minutes_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], ondelete="SET NULL", name=op.f("fk_action_item_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
    )
    op.create_index("ix_action_item_minutes_id", "action_item", ["minutes_id"])
    op.create_index("ix_action_item_owner_id", "action_item", ["owner_id"])
    op.create_index("ix_action_item_open", "action_item", ["done_on", "due_on", "id"])


def _feedback() -> None:
    words = "IN ('no', 'partly', 'yes')"
    op.create_table(
        "feedback",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("worth", sa.String(32), nullable=False),
        sa.Column("heard", sa.String(32), nullable=False),
        sa.Column("change", sa.String(1000), nullable=False),
        sa.CheckConstraint(f"worth {words}", name=op.f("ck_feedback_worth")),
        sa.CheckConstraint(f"heard {words}", name=op.f("ck_feedback_heard")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], ondelete="CASCADE", name=op.f("fk_feedback_occurrence_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,  # a row number would tell who answered first
    )
    op.create_index("ix_feedback_occurrence_id", "feedback", ["occurrence_id"])


def _shifts() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("bring", sa.String(300), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0 AND taken >= 0 AND taken <= capacity", name=op.f("ck_shift_places")),
        sa.CheckConstraint("length > 0", name=op.f("ck_shift_length")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], ondelete="CASCADE", name=op.f("fk_shift_occurrence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_occurrence_id", "shift", ["occurrence_id", "offset", "id"])
    op.create_table(
        "shift_signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) = (name <> '')", name=op.f("ck_shift_signup_somebody")),
        sa.CheckConstraint(
            "worked IS NULL OR worked BETWEEN 0 AND 1440", name=op.f("ck_shift_signup_worked")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], ondelete="CASCADE", name=op.f("fk_shift_signup_shift_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], ondelete="CASCADE", name=op.f("fk_shift_signup_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_signup")),
        sa.UniqueConstraint("shift_id", "person_id", name=op.f("uq_shift_signup_shift_id_person_id")),
    )
    op.create_index("ix_shift_signup_person_id", "shift_signup", ["person_id"])
