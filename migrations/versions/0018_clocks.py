"""When the agency is open, what is due next of a concern, and who was warned."""

from __future__ import annotations

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0018_clocks"
down_revision = "0017_desk"
branch_labels = None
depends_on = None

CLOCKS = "'acknowledgement', 'answer', 'closing', 'update'"
WEEKDAYS = range(5)


def upgrade() -> None:
    _calendar()
    _warnings()
    with op.batch_alter_table("concern_category") as table:
        table.add_column(sa.Column("acknowledge_hours", sa.Integer(), nullable=False, server_default="72"))
        table.create_check_constraint(op.f("ck_concern_category_acknowledge_hours"), "acknowledge_hours > 0")
    with op.batch_alter_table("concern_category") as table:
        table.alter_column("acknowledge_hours", server_default=None)
    # What was due before this step was kept by nothing; the next entry of each concern reckons it.
    op.execute("UPDATE concern SET due_at = NULL")
    with op.batch_alter_table("concern") as table:
        table.add_column(sa.Column("due_clock", sa.String(32), nullable=True))
        table.add_column(sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("target_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_concern_due_clock"), f"due_clock IN ({CLOCKS})")
        table.create_check_constraint(op.f("ck_concern_due"), "(due_at IS NULL) = (due_clock IS NULL)")
        table.create_index("ix_concern_warn_at", ["warn_at"])


def downgrade() -> None:
    with op.batch_alter_table("concern") as table:
        table.drop_index("ix_concern_warn_at")
        table.drop_constraint(op.f("ck_concern_due"), type_="check")
        table.drop_constraint(op.f("ck_concern_due_clock"), type_="check")
        table.drop_column("target_at")
        table.drop_column("warn_at")
        table.drop_column("due_clock")
    with op.batch_alter_table("concern_category") as table:
        table.drop_constraint(op.f("ck_concern_category_acknowledge_hours"), type_="check")
        table.drop_column("acknowledge_hours")
    for name in ("concern_warning", "concern_holiday", "concern_opening"):
        op.drop_table(name)


def _calendar() -> None:
    opening = op.create_table(
        "concern_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_concern_opening_weekday")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_concern_opening_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_opening")),
        sa.UniqueConstraint("weekday", "opens", name=op.f("uq_concern_opening_weekday_opens")),
    )
    op.bulk_insert(opening, [{"weekday": day, "opens": time(9), "closes": time(17)} for day in WEEKDAYS])
    op.create_table(
        "concern_holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_concern_holiday_day")),
    )


def _warnings() -> None:
    op.create_table(
        "concern_warning",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"clock IN ({CLOCKS})", name=op.f("ck_concern_warning_clock")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_warning_concern_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concern_id", "clock", "round", name=op.f("pk_concern_warning")),
    )
