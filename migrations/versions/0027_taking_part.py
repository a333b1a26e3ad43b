"""Taking part in discussions: what was read, followed, reacted to, kept and voted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_taking_part"
down_revision = "0026_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _of_readers()
    _of_polls()


def _of_readers() -> None:
    op.create_table(
        "topic_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.Column("interest", sa.String(32), nullable=False),
        sa.CheckConstraint(
            "interest IN ('follow', 'mute', 'none', 'watch')", name="ck_topic_reader_interest"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_topic_reader_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_topic_reader_topic_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topic_reader"),
        sa.UniqueConstraint("person_id", "topic_id", name="uq_topic_reader_person_id_topic_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topic_reader_interest", "topic_reader", ["topic_id", "interest"], unique=False)
    op.create_table(
        "post_reaction",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('agree', 'same_here', 'thanks')", name="ck_post_reaction_kind"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_post_reaction_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_post_reaction_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", "kind", name="pk_post_reaction"),
    )
    op.create_index("ix_post_reaction_person_id", "post_reaction", ["person_id"], unique=False)
    op.create_table(
        "post_bookmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_post_bookmark_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_post_bookmark_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_bookmark"),
        sa.UniqueConstraint("person_id", "post_id", name="uq_post_bookmark_person_id_post_id"),
    )
    op.create_index("ix_post_bookmark_list", "post_bookmark", ["person_id", "id"], unique=False)
    op.create_index("ix_post_bookmark_post_id", "post_bookmark", ["post_id"], unique=False)


def _of_polls() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_poll_topic_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.UniqueConstraint("topic_id", name="uq_poll_topic_id"),
    )
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_option_poll_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_poll_option"),
        sa.UniqueConstraint("poll_id", "position", name="uq_poll_option_poll_id_position"),
    )
    op.create_table(
        "poll_vote",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["poll_option.id"], name="fk_poll_vote_option_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_poll_vote_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("option_id", "person_id", name="pk_poll_vote"),
    )
    op.create_index("ix_poll_vote_person_id", "poll_vote", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_poll_vote_person_id", table_name="poll_vote")
    op.drop_table("poll_vote")
    op.drop_table("poll_option")
    op.drop_table("poll")
    op.drop_index("ix_post_bookmark_post_id", table_name="post_bookmark")
    op.drop_index("ix_post_bookmark_list", table_name="post_bookmark")
    op.drop_table("post_bookmark")
    op.drop_index("ix_post_reaction_person_id", table_name="post_reaction")
    op.drop_table("post_reaction")
    op.drop_index("ix_topic_reader_interest", table_name="topic_reader")
    op.drop_table("topic_reader")
