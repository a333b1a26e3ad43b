"""What the town's people say with one press: reactions under posts, and the votes of a poll."""

from __future__ import annotations

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.core.transactions import operation
from forum.discussions.models import Poll, Post, ReactionKind, Topic
from forum.discussions.operations.polls import start_poll, vote
from forum.discussions.operations.taking_part import react
from forum.extensions import db

# The beginning of a post, and who pressed what below it.
REACTIONS = (
    ("Every Friday and Saturday", ReactionKind.SAME_HERE, ("grace", "walter", "eva", "nora")),
    ("You are right to ask.", ReactionKind.THANKS, ("walter", "resident", "grace")),
    ("The counts: 61 cars", ReactionKind.THANKS, ("eva", "linh")),
    ("Your own report says so.", ReactionKind.AGREE, ("marcus", "imani", "eva", "theo", "nora")),
    ("I read the report as you do.", ReactionKind.THANKS, ("resident2", "imani")),
    ("At 8:10 nobody stops.", ReactionKind.SAME_HERE, ("linh", "imani", "fatima")),
)
TOPIC = "The crossing at the school needs a guard"
QUESTION = "What should come first at the crossing?"
VOTES = (
    ("A guard in the morning", ("nora", "linh", "imani", "fatima", "grace")),
    ("A light with a button", ("eva", "walter")),
    ("A raised crossing", ("theo", "rosa", "luis")),
)


@operation
def play(people: dict[str, Person]) -> None:
    """Every press, in one unit of work; nothing where there is a poll already."""
    if db.session.scalar(sa.select(sa.exists().where(Poll.id.is_not(None)))):
        return
    for beginning, kind, who in REACTIONS:
        post = db.session.scalars(sa.select(Post).where(Post.text.startswith(beginning))).one()
        for mailbox in who:
            react(actor=people[mailbox], post=post, kind=kind)
    topic = db.session.scalars(sa.select(Topic).where(Topic.title == TOPIC)).one()
    poll = start_poll(
        actor=people["nora"], topic=topic, question=QUESTION, options=[words for words, _who in VOTES]
    )
    for option, (_words, voters) in zip(poll.options, VOTES, strict=True):
        for mailbox in voters:
            vote(actor=people[mailbox], poll=poll, option_ids=[option.id])
