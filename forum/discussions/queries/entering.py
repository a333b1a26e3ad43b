"""What a reply hangs on, in one statement that is made once: it is asked while everybody else waits for the lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from forum.accounts.models import Person
from forum.core.prepared import PreparedSelect
from forum.discussions.models import Draft, Forum, PostPicture, Topic
from forum.discussions.queries.authors import PAUSED, SENT
from forum.discussions.queries.taking_part import WATCHERS
from forum.moderation.models import Setting

_WHO: Any = bindparam("person_id")
_PLACE: Any = bindparam("place")
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
whether something waits in the *place* where it was begun. Its parameters are ``topic_id``, ``person_id``, ``but`` (who
wrote), ``key``, ``now``, ``place``.
"""
