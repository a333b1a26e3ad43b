"""What search looks in: one row a thing that can be found, and each database's own index over its words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024_search"
down_revision = "0023_discussions"
branch_labels = None
depends_on = None

COLUMNS = ("title_stems", "text_stems", "names", "marks")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    large = sa.Integer() if sqlite else sa.BigInteger()
    op.create_table(
        "search_entry",
        sa.Column("id", large, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", large, nullable=False),
        sa.Column("audience", sa.String(32), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in COLUMNS),
        sa.Column("vector", sa.Text() if sqlite else postgresql.TSVECTOR(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entry_kind_subject_id")),
    )
    if sqlite:
        _index_of_sqlite()
    else:
        op.create_index("ix_search_entry_vector", "search_entry", ["vector"], postgresql_using="gin")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entry")


def _index_of_sqlite() -> None:
    """FTS5 over the table's own rows: it keeps no copy of their words, so it is told the old ones of each change."""
    names = ", ".join(COLUMNS)
    op.execute(
        f"CREATE VIRTUAL TABLE search_index USING fts5({names}, content='search_entry', content_rowid='id',"
        " columnsize=0, tokenize=\"ascii tokenchars '_'\")"
    )
    new, old = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("new", "old"))
    add = f"INSERT INTO search_index(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - words from above
    drop = f"INSERT INTO search_index(search_index, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
    op.execute(f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {add} END")
    op.execute(f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN {drop} {add} END")
