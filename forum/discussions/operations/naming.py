"""The title and the tags of a topic: as they are kept, and changed with its first post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select, update

from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.discussions import lines
from forum.discussions.models import Post, Revision, Topic, TopicTag
from forum.discussions.operations.written import LONGEST_TITLE, checked_title
from forum.extensions import db

MOST_TAGS = 5
LONGEST_TAG = 40


class Named(NamedTuple):
    """A topic's title, and its tags in order with commas between them."""

    title: str
    tags: str


def named(topic: Topic) -> Named:
    """What it is called now."""
    return Named(topic.title, ", ".join(tag.word for tag in topic.tags))


def rename(topic: Topic, title: str | None, tags: Sequence[str] | None) -> Named | None:
    """Give *topic* another title and other tags, None: as they are. Returns what it was called before; None where
    nothing changed. Refusal for a title that is missing or too long, and for tags that are too many or too long.
    """
    before = named(topic)
    wanted = before.title if title is None else checked_title(title)
    words = None if tags is None else tags_of(tags)
    if wanted != before.title:
        topic.title, topic.slug = wanted, slug_of(wanted, "topic")
    if words is not None:
        put_tags(topic, words)
    if named(topic) == before:
        return None
    db.session.flush()
    return before


def replace_name(topic: Topic, found: Sequence[str]) -> lines.Apart:
    """Give *topic* the name in the lines of a moderator's text: a title, then what else they are, which is returned.

    What it was called before goes too, since changes of a first post are public.
    """
    title, *others = [line.strip() for line in found if line.strip()] or [_("(removed)")]
    topic.title = title[:LONGEST_TITLE]
    topic.slug = slug_of(topic.title, "topic")
    rest = lines.apart(others)
    words = {" ".join(word.lower().split())[:LONGEST_TAG] for word in rest.tags} - {""}
    put_tags(topic, sorted(words)[:MOST_TAGS])
    first = select(Post.id).where(Post.topic_id == topic.id, Post.number == 1)
    kept = update(Revision).where(Revision.post_id.in_(first), Revision.title.is_not(None))
    db.session.execute(kept.values(title=None, tags=None))
    return rest


def put_tags(topic: Topic, words: Sequence[str]) -> None:
    """Give *topic* these tags; one that it has keeps its row."""
    there = {tag.word: tag for tag in topic.tags}
    topic.tags = [there.get(word) or TopicTag(word=word) for word in sorted(set(words))]


def tags_of(words: Sequence[str]) -> list[str]:
    """Tags as they are kept: small letters, each once. Refusal for too many or too long."""
    found = sorted({" ".join(word.lower().split()) for word in words} - {""})
    if len(found) > MOST_TAGS or any(len(word) > LONGEST_TAG for word in found):
        raise Refusal(
            _("Use at most %(most)s tags of %(length)s characters.", most=MOST_TAGS, length=LONGEST_TAG),
            "tags",
        )
    return found
