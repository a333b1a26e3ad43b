"""Discussions: forums, topics, posts with what they said before, verified residents and veiled authors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_discussions"
down_revision = "0022_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("readers", sa.String(32), nullable=False),
        sa.Column("starters", sa.String(32), nullable=False),
        sa.Column("repliers", sa.String(32), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "readers IN ('everyone', 'residents', 'staff', 'verified')", name="ck_forum_readers"
        ),
        sa.CheckConstraint(
            "repliers IN ('everyone', 'residents', 'staff', 'verified')", name="ck_forum_repliers"
        ),
        sa.CheckConstraint(
            "starters IN ('everyone', 'residents', 'staff', 'verified')", name="ck_forum_starters"
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"], ["neighborhood.id"], name="fk_forum_neighborhood_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_forum"),
        sa.UniqueConstraint("slug", name="uq_forum_slug"),
    )
    op.create_index("ix_forum_neighborhood_id", "forum", ["neighborhood_id"], unique=False)
    op.create_index("ix_forum_position", "forum", ["position", "id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("lock_reason", sa.String(length=300), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("slow_seconds", sa.Integer(), nullable=False),
        sa.Column("slow_reason", sa.String(length=300), nullable=False),
        sa.Column("slow_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about_kind", sa.String(length=32), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("posts_count", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_number >= posts_count", name="ck_topic_posts_count"),
        sa.CheckConstraint("slow_seconds BETWEEN 0 AND 86400", name="ck_topic_slow_seconds"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_topic_author_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_topic_forum_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["topic.id"], name="fk_topic_merged_into_id"),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topic_about", "topic", ["about_kind", "about_id"], unique=True)
    op.create_index("ix_topic_author_id", "topic", ["author_id"], unique=False)
    op.create_index("ix_topic_merged_into_id", "topic", ["merged_into_id"], unique=False)
    op.create_index("ix_topic_page", "topic", ["forum_id", "pinned", "posted_at", "id"], unique=False)
    op.create_index("ix_topic_posted_at", "topic", ["posted_at", "id"], unique=False)
    op.create_table(
        "verified_resident",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name="fk_verified_resident_neighborhood_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_verified_resident_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name="fk_verified_resident_verified_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_verified_resident"),
    )
    op.create_index(
        "ix_verified_resident_neighborhood_id", "verified_resident", ["neighborhood_id"], unique=False
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("resident_of_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("rule_number", sa.Integer(), nullable=True),
        sa.Column("official_role", sa.String(length=32), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('deleted', 'given_back', 'held', 'hidden', 'published')", name="ck_post_state"
        ),
        sa.CheckConstraint("depth BETWEEN 0 AND 3", name="ck_post_depth"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_post_author_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["parent_id"], ["post.id"], name="fk_post_parent_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["resident_of_id"], ["neighborhood.id"], name="fk_post_resident_of_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_post_topic_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("key", name="uq_post_key"),
        sa.UniqueConstraint("topic_id", "number", name="uq_post_topic_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_author", "post", ["author_id", "created_at"], unique=False)
    op.create_index("ix_post_created_at", "post", ["created_at", "id"], unique=False)
    op.create_index("ix_post_parent_id", "post", ["parent_id"], unique=False)
    op.create_index("ix_post_path", "post", ["topic_id", "path"], unique=False)
    op.create_table(
        "topic_tag",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_tag_topic_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("topic_id", "word", name="pk_topic_tag"),
    )
    op.create_index("ix_topic_tag_word", "topic_tag", ["word"], unique=False)
    op.create_table(
        "post_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_post_revision_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_post_revision_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_revision"),
        sa.UniqueConstraint("post_id", "number", name="uq_post_revision_post_id_number"),
    )
    op.create_table(
        "veil_lifting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_veil_lifting_post_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["person.id"], name="fk_veil_lifting_reader_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_veil_lifting"),
    )
    op.create_index("ix_veil_lifting_post_id", "veil_lifting", ["post_id"], unique=False)
    op.create_table(
        "veiled_author",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_veiled_author_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_veiled_author_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name="pk_veiled_author"),
    )
    op.create_index("ix_veiled_author_person_id", "veiled_author", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_veiled_author_person_id", table_name="veiled_author")
    op.drop_table("veiled_author")
    op.drop_index("ix_veil_lifting_post_id", table_name="veil_lifting")
    op.drop_table("veil_lifting")
    op.drop_table("post_revision")
    op.drop_index("ix_topic_tag_word", table_name="topic_tag")
    op.drop_table("topic_tag")
    op.drop_index("ix_post_path", table_name="post")
    op.drop_index("ix_post_parent_id", table_name="post")
    op.drop_index("ix_post_created_at", table_name="post")
    op.drop_index("ix_post_author", table_name="post")
    op.drop_table("post")
    op.drop_index("ix_verified_resident_neighborhood_id", table_name="verified_resident")
    op.drop_table("verified_resident")
    op.drop_index("ix_topic_posted_at", table_name="topic")
    op.drop_index("ix_topic_page", table_name="topic")
    op.drop_index("ix_topic_merged_into_id", table_name="topic")
    op.drop_index("ix_topic_author_id", table_name="topic")
    op.drop_index("ix_topic_about", table_name="topic")
    op.drop_table("topic")
    op.drop_index("ix_forum_position", table_name="forum")
    op.drop_index("ix_forum_neighborhood_id", table_name="forum")
    op.drop_table("forum")
