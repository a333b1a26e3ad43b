"""Talking about something of another slice: the first question makes the topic."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import row_id
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.discussions import subjects
from forum.discussions.models import Forum, Post, Topic
from forum.discussions.operations.states import lock_topic, renew_topic
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import LONGEST_TITLE, Written
from forum.discussions.queries.talks import topic_about
from forum.extensions import db


@operation
def ask_about(*, actor: Person, forum: Forum, kind: str, about_id: int, title: str, written: Written) -> Post:
    """Ask in the topic about *about_id* of that *kind*, which is made in *forum* if there is none; it has no author.

    Refusal as for a reply.
    """
    # The forum's row is held, so that of two first questions the second finds the topic of the other.
    held = select(Forum).where(Forum.id == row_id(forum)).with_for_update()
    forum = db.session.scalars(held.execution_options(populate_existing=True)).one()
    topic = db.session.scalars(topic_about(kind, about_id)).one_or_none()
    if topic is None:
        title = title[:LONGEST_TITLE]
        # Asked while the forum is held: who withdraws it waits for that, and then finds the topic.
        public = subjects.kinds[kind].is_public(about_id)
        topic = Topic(
            forum=forum, title=title, slug=slug_of(title, "topic"), about_kind=kind, about_id=about_id,
            about_public=public,
        )  # fmt: skip
        db.session.add(topic)
        db.session.flush()
    return reply(actor=actor, topic=topic, written=written)


@operation
def show_talk_about(kind: str, about_id: int, *, public: bool) -> None:
    """Let everybody read the talk about a thing, or only who still sees it: it was made *public*, or withdrawn."""
    forum = select(Forum.id).where(Forum.slug == subjects.kinds[kind].forum).with_for_update()
    db.session.scalars(forum).all()
    topic = db.session.scalars(topic_about(kind, about_id)).one_or_none()
    if topic is not None and topic.about_public is not public:
        topic = lock_topic(topic)
        topic.about_public = public
        renew_topic(topic)
