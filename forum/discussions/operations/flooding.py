"""How much somebody writes in a day: counted where a post is let in, and what is said where it is too much.

What one reply is counted by is at hand: filters ask how much of the day says the same. Only who begins a topic is
asked for more, and who writes on while much of theirs waits.
"""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.discussions.models import Post, PostState
from forum.discussions.queries import authors
from forum.extensions import db
from forum.moderation.filters import Lately
from forum.moderation.pace import DAY, Pace

MOST_WAITING = 20  # posts of a day that wait for a person; who wrote so much is asked to wait as well


def pace_of(post: Post, author: Person, known: Lately) -> Pace:
    """How much it is with *post*, beside what is *known* of the author's other posts of the day."""
    return Pace(
        posts=known.count + 1,
        topics=known.topics + 1,
        begun=_begun(author) if post.number == 1 else 0,
    )


def refuse_more(author: Person) -> None:
    """Refusal for one post more, while so many wait: nobody could read them all."""
    held = authors.counted_since(row_id(author), clock.now() - DAY, Post.state == PostState.HELD)
    if (db.session.scalar(held) or 0) > MOST_WAITING:
        raise Refusal(
            _(
                "You wrote very much in one day, and %(count)s of your posts wait for a person to read them. Post "
                "again when some have been read, or tomorrow. Your words are still here: you can keep them as a draft.",
                count=MOST_WAITING,
            )
        )


def _begun(author: Person) -> int:
    """How many topics of the last day are theirs, with the one that they begin now."""
    return db.session.scalar(authors.counted_since(row_id(author), clock.now() - DAY, Post.number == 1)) or 0
