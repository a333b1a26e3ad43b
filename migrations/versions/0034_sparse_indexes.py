"""What nearly every row leaves empty is indexed where it is filled: a new concern wrote six pages of nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034_sparse_indexes"
down_revision = "0033_search_blocks"
branch_labels = None
depends_on = None

# Each is called after its table and its first column, which may be empty.
SPARSE = (
    ("concern", "entered_by_id"),
    ("concern", "merged_into_id"),
    ("concern", "neighborhood_id", "status", "due_at", "id"),
    ("concern", "unlisted_at"),
    ("concern_entry", "staff_id"),
    ("concern_identity", "person_id"),
)


def upgrade() -> None:
    for table, column, *more in SPARSE:
        filled = sa.text(f"{column} IS NOT NULL")
        _drop(table, column)
        op.create_index(
            f"ix_{table}_{column}", table, [column, *more], sqlite_where=filled, postgresql_where=filled
        )


def downgrade() -> None:
    for table, column, *more in SPARSE:
        _drop(table, column)
        op.create_index(f"ix_{table}_{column}", table, [column, *more])


def _drop(table: str, column: str) -> None:
    op.drop_index(f"ix_{table}_{column}", table_name=table)
