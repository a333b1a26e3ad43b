"""Giving a topic a poll, and voting in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.discussions import policy
from forum.discussions.models import Poll, PollOption, PollVote, Topic
from forum.discussions.operations.moderating import refuse_paused
from forum.discussions.operations.moderating_polls import let_in
from forum.discussions.operations.states import lock_topic
from forum.discussions.queries import polls
from forum.discussions.queries.boards import is_verified
from forum.extensions import db
from forum.moderation.queries.pauses import paused_until

LONGEST_QUESTION = 200
LONGEST_OPTION = 120
FEWEST, MOST = 2, 8


@operation
def start_poll(
    *,
    actor: Person,
    topic: Topic,
    question: str,
    options: Sequence[str],
    several: bool = False,
    closes_at: datetime | None = None,
) -> Poll:
    """Give *topic* its poll; once people have voted for what stands there it is not changed.

    Its words go through the filters that posts go through, and may be held. Refusal when there is one already, when
    words are missing, and while *actor* is paused. *closes_at* None: open as long as the topic is.
    """
    topic = lock_topic(topic)
    refuse_paused(paused_until(actor, clock.now()))
    if not policy.can_poll(actor, topic, clock.now(), verified=is_verified(actor)):
        raise Refusal(_("You cannot start a poll in this topic."))
    if db.session.scalars(polls.poll_of(topic.id)).one_or_none() is not None:
        raise Refusal(_("This topic has a poll already."))
    question, words = _checked(question, options, closes_at)
    poll = Poll(
        topic_id=topic.id, question=question, several=several, closes_at=closes_at, author_id=row_id(actor)
    )
    poll.options = [PollOption(position=place, words=word) for place, word in enumerate(words)]
    db.session.add(poll)
    db.session.flush()
    let_in(poll, actor)
    return poll


@operation
def edit_poll(
    *,
    actor: Person,
    poll: Poll,
    question: str,
    options: Sequence[str],
    several: bool = False,
    closes_at: datetime | None = None,
) -> Poll:
    """Change a poll that nobody has voted in, or that its author was asked to change; through the filters once more.

    Votes that it had before are let go, since they were for other words. Refusal as in start_poll.
    """
    topic = lock_topic(poll.topic)
    poll = db.session.scalars(polls.held_poll(topic.id)).one()
    votes = db.session.scalars(polls.votes_for(poll.id)).all()
    if not policy.can_edit_poll(actor, poll, voted=bool(votes)):
        raise Refusal(_("This poll can no longer be changed."))
    question, words = _checked(question, options, closes_at)
    asked = (question, words, several, closes_at)
    if asked == (poll.question, [option.words for option in poll.options], poll.several, poll.closes_at):
        return poll
    for each in votes:
        db.session.delete(each)
    poll.question, poll.several, poll.closes_at = question, several, closes_at
    _put_options(poll, words)
    db.session.flush()
    let_in(poll, actor, edited=True)
    return poll


def _put_options(poll: Poll, words: Sequence[str]) -> None:
    """Answers keep their rows where they can: no two may have one place, not even for a moment."""
    for option, word in zip(poll.options, words, strict=False):
        option.words = word
    del poll.options[len(words) :]
    for place in range(len(poll.options), len(words)):
        poll.options.append(PollOption(position=place, words=words[place]))


@operation
def vote(*, actor: Person, poll: Poll, option_ids: Collection[int]) -> None:
    """What *actor* chooses, in place of what they chose before; nothing chosen takes the vote back.

    Refusal once it is closed, and for more than one answer where one is asked for.
    """
    db.session.scalars(select(Person.id).where(Person.id == actor.id).with_for_update()).one()
    poll = db.session.scalars(polls.open_poll(poll.topic_id)).one()
    if not policy.can_vote(actor, poll, clock.now(), verified=is_verified(actor)):
        raise Refusal(_("This poll takes no more votes."))
    chosen = {option.id for option in poll.options} & set(option_ids)
    if len(chosen) > 1 and not poll.several:
        raise Refusal(_("Choose one answer."))
    before = {row.option_id: row for row in db.session.scalars(polls.votes_of(actor.id, poll.id))}
    for option_id in before.keys() - chosen:
        db.session.delete(before[option_id])
    db.session.add_all(
        PollVote(option_id=option_id, person_id=actor.id) for option_id in chosen - before.keys()
    )
    db.session.flush()


def _checked(question: str, options: Sequence[str], closes_at: datetime | None) -> tuple[str, list[str]]:
    """The question and its answers as they are kept. Refusal for what is missing or too long."""
    question, words = question.strip(), [option.strip() for option in options if option.strip()]
    if not question:
        raise Refusal(_("Ask something."), "question")
    if len(question) > LONGEST_QUESTION:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_QUESTION), "question")
    if not FEWEST <= len(words) <= MOST:
        raise Refusal(
            _("Give %(fewest)s to %(most)s answers, one a line.", fewest=FEWEST, most=MOST), "options"
        )
    if len({word.casefold() for word in words}) < len(words):
        raise Refusal(_("Two answers are the same."), "options")
    if max(map(len, words)) > LONGEST_OPTION:
        raise Refusal(_("Use at most %(most)s characters a line.", most=LONGEST_OPTION), "options")
    if closes_at is not None and closes_at <= clock.now():
        raise Refusal(_("Choose a moment that is still to come."), "closes_on")
    return question, words
