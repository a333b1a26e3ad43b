"""Lists of search: which entries of a block have a word, and what changed in a block since it was cut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033_search_blocks"
down_revision = "0032_hidden_and_held"
branch_labels = None
depends_on = None

# What nobody but a few may find is in no block.
COVERED = "{row}.audience = 'public' AND {row}.id <= (SELECT max(last) FROM search_block)"
FUNCTION = """
CREATE FUNCTION search_entry_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF {old} THEN INSERT INTO search_change (id) VALUES (old.id) ON CONFLICT DO NOTHING; END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF {new} THEN INSERT INTO search_change (id) VALUES (new.id) ON CONFLICT DO NOTHING; END IF;
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    large = sa.Integer() if sqlite else sa.BigInteger()
    op.create_table(
        "search_block",
        sa.Column("number", large, nullable=False, autoincrement=True),
        sa.Column("first", large, nullable=False),
        sa.Column("last", large, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_block")),
        sa.UniqueConstraint("last", name=op.f("uq_search_block_last")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_list",
        sa.Column("block", large, nullable=False, autoincrement=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("more", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("block", "word", name=op.f("pk_search_list")),
    )
    op.create_table(
        "search_place",
        sa.Column("id", large, nullable=False, autoincrement=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_place")),
    )
    op.create_table(
        "search_change",
        sa.Column("id", large, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_change")),
    )
    (_triggers_of_sqlite if sqlite else _trigger_of_postgresql)()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("lists_new", "lists_old", "lists_changed"):
            op.execute(f"DROP TRIGGER search_entry_{name}")
    else:
        op.execute("DROP TRIGGER search_entry_lists ON search_entry")
        op.execute("DROP FUNCTION search_entry_changes")
    for name in ("search_change", "search_place", "search_list", "search_block"):
        op.drop_table(name)


def _triggers_of_sqlite() -> None:
    new, old = (COVERED.format(row=row) for row in ("new", "old"))
    note = "INSERT OR IGNORE INTO search_change (id) SELECT {row}.id WHERE {covered};"
    note_new, note_old = note.format(row="new", covered=new), note.format(row="old", covered=old)
    op.execute(f"CREATE TRIGGER search_entry_lists_new AFTER INSERT ON search_entry BEGIN {note_new} END")
    op.execute(f"CREATE TRIGGER search_entry_lists_old AFTER DELETE ON search_entry BEGIN {note_old} END")
    op.execute(
        f"CREATE TRIGGER search_entry_lists_changed AFTER UPDATE ON search_entry BEGIN {note_old} {note_new} END"
    )


def _trigger_of_postgresql() -> None:
    op.execute(FUNCTION.format(**{row: COVERED.format(row=row) for row in ("new", "old")}))
    op.execute(
        "CREATE TRIGGER search_entry_lists AFTER INSERT OR UPDATE OR DELETE ON search_entry"
        " FOR EACH ROW EXECUTE FUNCTION search_entry_changes()"
    )
    # Lists are small and do not get smaller: looking whether they could takes longer than reading them.
    for table, column in (("search_list", "bits"), ("search_list", "more"), ("search_place", "ids")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
