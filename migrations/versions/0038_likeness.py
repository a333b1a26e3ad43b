"""A number by which filters know the same text again: what somebody wrote lately is found in an index alone."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0038_likeness"
down_revision = "0037_polls_given_back"
branch_labels = None
depends_on = None

LOOKED_AT = timedelta(days=1)  # what is older is compared with nothing
SHORT = 20


def upgrade() -> None:
    op.add_column("post", sa.Column("likeness", sa.BigInteger(), nullable=True))
    _fill()
    op.drop_index("ix_post_author", table_name="post")
    op.create_index("ix_post_author", "post", ["author_id", "created_at", "likeness", "topic_id"])


def downgrade() -> None:
    op.drop_index("ix_post_author", table_name="post")
    op.drop_column("post", "likeness")
    op.create_index("ix_post_author", "post", ["author_id", "created_at"])


def _fill() -> None:
    """Of what was written since yesterday."""
    post = sa.table(
        "post",
        sa.column("id"),
        sa.column("text"),
        sa.column("likeness"),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    since = datetime.now(UTC) - LOOKED_AT
    if connection.dialect.name == "sqlite":
        since = since.replace(tzinfo=None)
    rows = connection.execute(sa.select(post.c.id, post.c.text).where(post.c.created_at >= since)).all()
    for number, text in rows:
        connection.execute(sa.update(post).where(post.c.id == number).values(likeness=_likeness(text)))


def _likeness(text: str) -> int | None:
    plain = unicodedata.normalize("NFKD", text).casefold()
    folded = " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
    if len(folded) <= SHORT:
        return None
    digest = blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
