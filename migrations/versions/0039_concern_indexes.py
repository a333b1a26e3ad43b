"""A new concern writes to fewer pages: what is not public stands in no list of public ones, what nobody has in no list
of somebody's, who is to be warned is found by what is due, and what no form made has no key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_concern_indexes"
down_revision = "0038_likeness"
branch_labels = None
depends_on = None

_PUBLIC = "mode = 'public'"
# name, columns, and of which rows
_BEFORE = (
    ("ix_concern_listed", ["mode", "withheld", "public_changed_at", "id"], ""),
    ("ix_concern_category_id", ["category_id", "mode", "public_changed_at", "id"], ""),
    ("ix_concern_assigned_to_id", ["assigned_to_id", "status", "due_at", "id"], ""),
    ("ix_concern_due_at", ["due_at", "id"], ""),
    ("ix_concern_warn_at", ["warn_at"], ""),
)
_NOW = (
    ("ix_concern_listed", ["withheld", "public_changed_at", "id"], _PUBLIC),
    ("ix_concern_category_id", ["category_id", "withheld", "public_changed_at", "id"], _PUBLIC),
    ("ix_concern_assigned_to_id", ["assigned_to_id", "status", "due_at", "id"], "assigned_to_id IS NOT NULL"),
    ("ix_concern_due_at", ["due_at", "id", "warn_at"], ""),
)


def upgrade() -> None:
    for name, _columns, _of in _BEFORE:
        op.drop_index(name, table_name="concern")
    for name, columns, of in _NOW:
        _create(name, "concern", columns, of)
    with op.batch_alter_table("concern_entry") as table:
        table.drop_constraint(op.f("uq_concern_entry_key"), type_="unique")
    _create("ix_concern_entry_key", "concern_entry", ["key"], "key IS NOT NULL", unique=True)


def downgrade() -> None:
    op.drop_index("ix_concern_entry_key", table_name="concern_entry")
    with op.batch_alter_table("concern_entry") as table:
        table.create_unique_constraint(op.f("uq_concern_entry_key"), ["key"])
    for name, _columns, _of in _NOW:
        op.drop_index(name, table_name="concern")
    for name, columns, of in _BEFORE:
        _create(name, "concern", columns, of)


def _create(name: str, table: str, columns: list[str], of: str, *, unique: bool = False) -> None:
    held = sa.text(of) if of else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=held, postgresql_where=held)
