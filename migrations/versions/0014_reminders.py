"""Reminders as chosen with an answer, and the kinds of mail that somebody does not want."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_reminders"
down_revision = "0013_replies"
branch_labels = None
depends_on = None

TABLES = ("guest_request", "rsvp")


def upgrade() -> None:
    for name in TABLES:
        with _changing(name) as table:
            table.add_column(sa.Column("remind_day", sa.Boolean(), nullable=False, server_default=sa.true()))
            table.add_column(
                sa.Column("remind_hours", sa.Boolean(), nullable=False, server_default=sa.false())
            )
        with _changing(name) as table:
            table.alter_column("remind_day", server_default=None)
            table.alter_column("remind_hours", server_default=None)
    op.create_table(
        "mail_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("rsvp_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "topic IN ('feedback', 'messages', 'reminders')", name=op.f("ck_mail_refusal_topic")
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (rsvp_id IS NULL)", name=op.f("ck_mail_refusal_whose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], ondelete="CASCADE", name=op.f("fk_mail_refusal_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], ondelete="CASCADE", name=op.f("fk_mail_refusal_rsvp_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_refusal")),
        sa.UniqueConstraint("person_id", "topic", name=op.f("uq_mail_refusal_person_id_topic")),
        sa.UniqueConstraint("rsvp_id", "topic", name=op.f("uq_mail_refusal_rsvp_id_topic")),
    )


def downgrade() -> None:
    op.drop_table("mail_refusal")
    for name in TABLES:
        with _changing(name) as table:
            table.drop_column("remind_hours")
            table.drop_column("remind_day")


def _changing(name: str) -> op.BatchOperations:
    """Made anew on SQLite, where an id must not be used a second time: links are sealed over it."""
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    return op.batch_alter_table(name, recreate=anew, table_kwargs={"sqlite_autoincrement": True})
