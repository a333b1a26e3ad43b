"""What a reply hangs on, in one statement that is made once: it is asked while everybody else waits for the lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from forum.accounts.models import Person
from forum.core.prepared import PreparedSelect
from forum.discussions.models import Draft, Forum, Post, PostPicture, Topic
from forum.discussions.queries.authors import PAUSED, SENT
from forum.discussions.queries.taking_part import WATCHERS
from forum.moderation.models import Setting

_WHO: Any = bindparam("person_id")
_PLACE: Any = bindparam("place")
# Of the few things that they wrote last: whoever writes a hundred in these minutes is not asked about each.
_LATELY = (
    select(Post.id, Post.likeness, Post.topic_id, Post.created_at)
    .where(Post.author_id == _WHO, Post.created_at > bindparam("lately"))
    .order_by(Post.created_at.desc())
    .limit(10)
    .subquery("lately")
)
_ALIKE = (
    select(_LATELY.c.id)
    .where(_LATELY.c.likeness == bindparam("likeness"), _LATELY.c.topic_id == Topic.id)
    .order_by(_LATELY.c.created_at.desc())
    .limit(1)
    .correlate(Topic)
    .scalar_subquery()
)
REPLYING = PreparedSelect(
    select(
        Topic,
        Forum,
        Person,
        Setting,
        SENT.label("sent"),
        PAUSED.label("paused"),
        exists(WATCHERS.with_only_columns(1).order_by(None).correlate(None)).label("watched"),
        or_(
            exists().where(Draft.person_id == _WHO, Draft.place == _PLACE),
            exists().where(PostPicture.person_id == _WHO, PostPicture.place == _PLACE),
        ).label("begun"),
        _ALIKE.label("alike"),
    )
    .join_from(Topic, Forum, Forum.id == Topic.forum_id)
    .join_from(Topic, Person, Person.id == _WHO)
    .join_from(Topic, Setting, Setting.id == 1)
    .where(Topic.id == bindparam("topic_id"), Topic.merged_into_id.is_(None))
    .with_for_update(of=Topic)
    .execution_options(populate_existing=True)
)
"""The topic, where it was merged into no other, held to the end of the unit of work; its forum; who writes; the
agency's choices; the post that this form has made; until when they may not post; whether somebody watches the topic;
whether something waits in the *place* where it was begun; what the same person wrote in it *lately*, under their name,
in words like these. Its parameters are ``topic_id``, ``person_id``, ``but`` (who wrote), ``key``, ``now``, ``place``,
``lately``, and the text's ``likeness``, which may be None.
"""
