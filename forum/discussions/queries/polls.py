"""The poll of a topic with its counts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from forum.discussions.models import Poll, PollOption, PollVote, Topic


def poll_of(topic_id: int) -> Select[Poll]:
    """The topic's poll, with the topic and forum that say who may vote."""
    return (
        select(Poll)
        .join(Poll.topic)
        .join(Topic.forum)
        .options(contains_eager(Poll.topic).contains_eager(Topic.forum))
        .where(Poll.topic_id == topic_id)
    )


def of_topics(topic_ids: Collection[int]) -> Select[Poll]:
    """The polls of these topics, each with its answers."""
    return select(Poll).options(selectinload(Poll.options)).where(Poll.topic_id.in_(topic_ids))


def whole_polls(poll_ids: Collection[int]) -> Select[Poll]:
    """These polls, each with its answers, author, topic and forum: for moderation."""
    with_topic = joinedload(Poll.topic).joinedload(Topic.forum)
    options = (selectinload(Poll.options), joinedload(Poll.author), with_topic)
    return select(Poll).options(*options).where(Poll.id.in_(poll_ids))


_OTHER = aliased(PollOption)
_VOTES = (
    select(func.count()).where(PollVote.option_id == PollOption.id).correlate(PollOption).scalar_subquery()
)
_PEOPLE = (
    select(func.count(PollVote.person_id.distinct()))
    .join(_OTHER, _OTHER.id == PollVote.option_id)
    .where(_OTHER.poll_id == Poll.id)
    .correlate(Poll)
    .scalar_subquery()
)
COUNTED = (
    select(Poll, PollOption, _VOTES, _PEOPLE)
    .join(PollOption, PollOption.poll_id == Poll.id)
    .where(Poll.topic_id == bindparam("topic_id"))
    .order_by(PollOption.position)
)
"""(poll, option, its votes, people who voted at all) for each option of the poll of ``topic_id``, in order.

Made once, since every page of a topic asks.
"""


def held_poll(topic_id: int) -> Select[Poll]:
    """The topic's poll, read afresh and held to the end of the unit of work: nobody votes meanwhile."""
    return poll_of(topic_id).with_for_update(of=Poll).execution_options(populate_existing=True)


def open_poll(topic_id: int) -> Select[Poll]:
    """The same for who votes: others vote at the same time, and nobody changes what is voted for."""
    return poll_of(topic_id).with_for_update(of=Poll, read=True).execution_options(populate_existing=True)


def votes_for(poll_id: int) -> Select[PollVote]:
    """What everybody chose."""
    return (
        select(PollVote)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollOption.poll_id == poll_id)
    )


def votes_of(person_id: int, poll_id: int) -> Select[PollVote]:
    """What one person chose."""
    return (
        select(PollVote)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollOption.poll_id == poll_id, PollVote.person_id == person_id)
    )
