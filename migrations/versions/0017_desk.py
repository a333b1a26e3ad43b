"""The desk: disputes, saved filters, words for answers, consent to pass on, and the record of who was in danger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_desk"
down_revision = "0016_raising"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("concern_entry") as table:
        table.add_column(sa.Column("evidence", sa.String(500), nullable=False, server_default=""))
    with op.batch_alter_table("concern_entry") as table:
        table.alter_column("evidence", server_default=None)
    _duty_entry()
    _concern_template()
    _concern_view()
    _concern_dispute()
    _concern_transfer()
    op.create_index("ix_concern_due_at", "concern", ["due_at", "id"])
    _make_append_only()


def downgrade() -> None:
    _drop_append_only()
    op.drop_index("ix_concern_due_at", "concern")
    for table in (
        "concern_transfer",
        "concern_dispute",
        "concern_view",
        "concern_template",
        "duty_entry",
    ):
        op.drop_table(table)
    with op.batch_alter_table("concern_entry") as entries:
        entries.drop_column("evidence")


def _duty_entry() -> None:
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("told", sa.String(200), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('abuse', 'self_harm', 'threat')", name=op.f("ck_duty_entry_kind")),
        sa.CheckConstraint(
            "step IN ('called_emergency', 'ended', 'noted', 'opened', 'reached_person', 'told_referral', "
            "'told_supervisor')",
            name=op.f("ck_duty_entry_step"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duty_entry_concern_id", "duty_entry", ["concern_id", "id"])


def _concern_template() -> None:
    op.create_table(
        "concern_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grade", sa.Double(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("name <> '' AND text <> ''", name=op.f("ck_concern_template_words")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["person.id"],
            name=op.f("fk_concern_template_reviewed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_template")),
        sa.UniqueConstraint("name", "language", name=op.f("uq_concern_template_name_language")),
    )
    op.create_index("ix_concern_template_reviewed_by_id", "concern_template", ["reviewed_by_id"])


def _concern_view() -> None:
    op.create_table(
        "concern_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_concern_view_words")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_concern_view_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_concern_view_person_id_name")),
    )


def _concern_dispute() -> None:
    op.create_table(
        "concern_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.CheckConstraint("outcome IN ('overturned', 'upheld')", name=op.f("ck_concern_dispute_outcome")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_concern_dispute_words")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_concern_dispute_decided")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_concern_dispute_closed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_dispute_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_concern_dispute_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_dispute")),
    )
    op.create_index("ix_concern_dispute_closed_by_id", "concern_dispute", ["closed_by_id"])
    op.create_index("ix_concern_dispute_concern_id", "concern_dispute", ["concern_id", "raised_at"])
    op.create_index("ix_concern_dispute_decided_by_id", "concern_dispute", ["decided_by_id"])
    op.create_index("ix_concern_dispute_outcome", "concern_dispute", ["outcome", "raised_at", "id"])


def _concern_transfer() -> None:
    op.create_table(
        "concern_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("to_name", sa.String(200), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("consent", sa.String(32), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("consent IN ('by_phone', 'on_thread')", name=op.f("ck_concern_transfer_consent")),
        sa.CheckConstraint("to_name <> '' AND why <> ''", name=op.f("ck_concern_transfer_words")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (consent IS NULL)", name=op.f("ck_concern_transfer_answered")
        ),
        sa.CheckConstraint(
            "sent_at IS NULL OR answered_at IS NOT NULL", name=op.f("ck_concern_transfer_sent_after_consent")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_concern_transfer_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_transfer_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_concern_transfer_recorded_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_concern_transfer_sent_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_transfer")),
    )
    op.create_index("ix_concern_transfer_asked_by_id", "concern_transfer", ["asked_by_id"])
    op.create_index("ix_concern_transfer_concern_id", "concern_transfer", ["concern_id", "asked_at"])
    op.create_index("ix_concern_transfer_recorded_by_id", "concern_transfer", ["recorded_by_id"])
    op.create_index("ix_concern_transfer_sent_by_id", "concern_transfer", ["sent_by_id"])


def _make_append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER duty_entry_no_{act} BEFORE {act.upper()} ON duty_entry "
                "BEGIN SELECT RAISE(ABORT, 'the duty record is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION duty_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the duty record is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER duty_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON duty_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION duty_is_append_only()"
    )


def _drop_append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER duty_entry_no_{act}")
        return
    op.execute("DROP TRIGGER duty_entry_append_only ON duty_entry")
    op.execute("DROP FUNCTION duty_is_append_only()")
