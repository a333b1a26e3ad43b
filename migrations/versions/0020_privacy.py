"""The public order of concerns, days that the morning writes anew, which closing a dispute was about, statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_privacy"
down_revision = "0019_public"
branch_labels = None
depends_on = None


def upgrade() -> None:
    long_ago = "2000-01-01 00:00:00+00:00"
    op.add_column(
        "concern",
        sa.Column("public_changed_at", sa.DateTime(timezone=True), nullable=False, server_default=long_ago),
    )
    op.add_column("concern", sa.Column("stirred_on", sa.Date(), nullable=True))
    # The agency's zone is not known here: what came before ends with its UTC day. Nothing of the time of day is kept.
    if op.get_bind().dialect.name == "sqlite":
        ends = "strftime('%Y-%m-%d 00:00:00.000000', changed_at, '+1 day')"
    else:
        ends = "(date_trunc('day', changed_at AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC'"
    op.execute(f"UPDATE concern SET public_changed_at = {ends}")  # noqa: S608 - one of two constants
    # The next morning rounds what confidential ones have kept to the second, and writes it anew.
    op.execute("UPDATE concern SET stirred_on = '2000-01-01' WHERE mode IN ('anonymous', 'confidential')")
    _indexes("public_changed_at")
    _disputes()
    _recusals(with_rowid=False)
    _statements()


def downgrade() -> None:
    op.drop_table("concern_statement")
    _recusals(with_rowid=True)
    op.drop_column("concern_dispute", "number")
    _indexes("changed_at")
    op.drop_column("concern", "stirred_on")
    op.drop_column("concern", "public_changed_at")


def _indexes(moment: str) -> None:
    """What the public list is in the order of."""
    for name, columns in (
        ("ix_concern_listed", ["mode", "withheld", moment, "id"]),
        ("ix_concern_category_id", ["category_id", "mode", moment, "id"]),
    ):
        op.drop_index(name, "concern")
        op.create_index(name, "concern", columns)


def _disputes() -> None:
    """A dispute is the person's reopening of the same rank: nobody else's reopening is a person's."""
    op.add_column("concern_dispute", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        """
        UPDATE concern_dispute SET number = coalesce((
            SELECT opened.number FROM (
                SELECT concern_id, number, row_number() OVER (PARTITION BY concern_id ORDER BY number) AS place
                FROM concern_entry WHERE author = 'person' AND status = 'reopened'
            ) AS opened
            JOIN (
                SELECT id, concern_id, row_number() OVER (PARTITION BY concern_id ORDER BY raised_at, id) AS place
                FROM concern_dispute
            ) AS raised ON raised.concern_id = opened.concern_id AND raised.place = opened.place
            WHERE raised.id = concern_dispute.id
        ), 0)
        """
    )


def _recusals(*, with_rowid: bool) -> None:
    """On SQLite a row number would tell between which others one was written."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_concern_recusal_person_id", "concern_recusal")
    op.rename_table("concern_recusal", "concern_recusal_before")
    op.create_table(
        "concern_recusal",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], ondelete="CASCADE", name=op.f("fk_concern_recusal_concern_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], ondelete="CASCADE", name=op.f("fk_concern_recusal_person_id")
        ),
        sa.PrimaryKeyConstraint("concern_id", "person_id", name=op.f("pk_concern_recusal")),
        sqlite_with_rowid=with_rowid,
    )
    op.execute(
        "INSERT INTO concern_recusal (concern_id, person_id, named, since) "
        "SELECT concern_id, person_id, named, since FROM concern_recusal_before"
    )
    op.drop_table("concern_recusal_before")
    op.create_index("ix_concern_recusal_person_id", "concern_recusal", ["person_id"])


def _statements() -> None:
    op.create_table(
        "concern_statement",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], ondelete="CASCADE", name=op.f("fk_concern_statement_concern_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], ondelete="CASCADE", name=op.f("fk_concern_statement_person_id")
        ),
        sa.PrimaryKeyConstraint("concern_id", "person_id", name=op.f("pk_concern_statement")),
    )
    op.create_index("ix_concern_statement_person_id", "concern_statement", ["person_id"])
