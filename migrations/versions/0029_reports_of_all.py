"""Reports of topics, pictures and names; waves: what was hidden together with one press, and can be undone so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_reports_of_all"
down_revision = "0028_attachments"
branch_labels = None
depends_on = None

STEPS = "'appeal', 'appeal_answer', 'appeal_decide', 'decide', 'drop', 'edit', 'hold', 'release', 'report', 'take'"


def upgrade() -> None:
    op.add_column("topic", sa.Column("hidden_rule", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("picture_rule", sa.Integer(), nullable=True))
    op.add_column("person", sa.Column("hidden_name", sa.String(120), nullable=True))
    _steps(f"{STEPS}, 'undo'")
    _waves()
    _items()


def downgrade() -> None:
    op.drop_table("moderation_wave_item")
    op.drop_table("moderation_wave")
    op.execute("DELETE FROM moderation_step WHERE step = 'undo'")
    _steps(STEPS)
    # A name that was hidden comes back: the version before knows of nothing that could give it back later.
    op.execute("UPDATE person SET name = hidden_name WHERE hidden_name IS NOT NULL")
    op.drop_column("person", "hidden_name")
    op.drop_column("event", "picture_rule")
    op.drop_column("topic", "hidden_rule")


def _steps(words: str) -> None:
    with op.batch_alter_table("moderation_step") as table:
        table.drop_constraint(op.f("ck_moderation_step_step"), type_="check")
        table.create_check_constraint(op.f("ck_moderation_step_step"), f"step IN ({words})")


def _waves() -> None:
    op.create_table(
        "moderation_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy", sa.Boolean(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_moderation_wave_words")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_moderation_wave_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderation_moderator.id"],
            name=op.f("fk_moderation_wave_moderator_id"), ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["moderation_rule.id"], name=op.f("fk_moderation_wave_rule_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_moderation_wave_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_wave")),
        sa.UniqueConstraint("key", name=op.f("uq_moderation_wave_key")),
    )  # fmt: skip
    for column in ("made_by_id", "moderator_id", "rule_id", "undone_by_id"):
        op.create_index(f"ix_moderation_wave_{column}", "moderation_wave", [column])
    op.create_index("ix_moderation_wave_busy", "moderation_wave", ["busy", "id"])


def _items() -> None:
    op.create_table(
        "moderation_wave_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("case_before", sa.String(32), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "case_before IN ('decided', 'dropped', 'new', 'taken')",
            name=op.f("ck_moderation_wave_item_case_before"),
        ),
        sa.CheckConstraint(
            "state IN ('hidden', 'restored', 'skipped', 'waiting')",
            name=op.f("ck_moderation_wave_item_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["moderation_decision.id"],
            name=op.f("fk_moderation_wave_item_decision_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["moderation_decision.id"],
            name=op.f("fk_moderation_wave_item_lead_id"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["moderation_wave.id"], name=op.f("fk_moderation_wave_item_wave_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_wave_item")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_wave_item_decision_id")),
        sa.UniqueConstraint("wave_id", "kind", "thing_id", name=op.f("uq_moderation_wave_item_wave_id_kind_thing_id")),
    )  # fmt: skip
    op.create_index("ix_moderation_wave_item_lead_id", "moderation_wave_item", ["lead_id", "id"])
    op.create_index("ix_moderation_wave_item_wave_id", "moderation_wave_item", ["wave_id", "state", "id"])
