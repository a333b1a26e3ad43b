"""What moderation can do with a poll, and what a poll does on its way in; wiring registers POLL.

Its words are one text, a line each (lines.py): the question, then each of its answers.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.accounts.models import Person
from forum.discussions import lines
from forum.discussions.models import Poll
from forum.discussions.operations import moderating_topics
from forum.discussions.operations.moderating import lately
from forum.discussions.operations.moderating_topics import replace_poll
from forum.discussions.queries import authors, polls
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.operations.receiving import receive
from forum.moderation.pace import Pace
from forum.moderation.registry import Moderated, Shown, Thing, Viewer, Wording

KIND = "poll"


def let_in(poll: Poll, author: Person, *, edited: bool = False) -> None:
    """Send a flushed *poll* through the filters that posts go through; they may hold it for a person."""
    receive(
        kind=KIND,
        thing_id=poll.id,
        author=author,
        posts_before=lambda: db.session.scalar(authors.published_by(author.id, but=0)) or 0,
        lately=lambda words: lately(author, words),
        pace=lambda known: Pace(posts=known.count + 1) if not edited or poll.held else Pace(),
        edited=edited,
    )


def load(poll_id: int) -> Thing | None:
    """The poll as moderation takes it."""
    return load_many([poll_id]).get(poll_id)


def load_many(poll_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several, with as many questions however many there are."""
    found = db.session.scalars(polls.whole_polls(poll_ids)).all()
    spoken = {poll.id: _text(poll) for poll in found}
    with lines.one_language():
        texts = {poll.id: _text(poll) for poll in found}
    return {poll.id: _thing(poll, texts[poll.id], spoken[poll.id]) for poll in found}


def sees(viewer: Viewer, poll_id: int) -> bool:
    """Who reads the topic reads its poll, once it does not wait and unless it is hidden."""
    poll = db.session.get(Poll, poll_id)
    return poll is not None and poll.is_shown and moderating_topics.sees(viewer, poll.topic_id)


def about(viewer: Viewer, poll_id: int) -> tuple[str, str] | None:
    """(title, address) of its topic."""
    topic = db.session.get_one(Poll, poll_id).topic
    seen = moderating_topics.sees(viewer, topic.id)
    return (topic.title, f"/topics/{topic.id}-{topic.slug}") if seen else None


def hold(poll_id: int) -> None:
    """A line in its place says that it waits; nobody votes."""
    _change(poll_id, held=True)


def show(poll_id: int) -> None:
    """As it was before, with the votes that it had."""
    _change(poll_id)


def hide(poll_id: int, rule: int) -> None:
    """A line in its place names the rule; its votes are kept."""
    _change(poll_id, rule=rule)


def give_back(poll_id: int) -> None:
    """Its author is asked to change it; the line in its place says no more than while it is held."""
    _change(poll_id, given_back=True)


def replace_text(poll_id: int, text: str) -> None:
    """Other words; its answers stay in their order, since people have voted for them."""
    poll = db.session.get_one(Poll, poll_id)
    replace_poll(poll, lines.apart(text.splitlines()))
    db.session.flush()


def _change(poll_id: int, *, held: bool = False, given_back: bool = False, rule: int | None = None) -> None:
    poll = db.session.get_one(Poll, poll_id)
    poll.held, poll.given_back, poll.hidden_rule = held, given_back, rule
    db.session.flush()


def _shown(poll: Poll) -> Shown:
    if poll.hidden_rule is not None:
        return Shown.HIDDEN
    if poll.given_back:
        return Shown.GIVEN_BACK
    return Shown.HELD if poll.held else Shown.SHOWN


def _text(poll: Poll) -> str:
    return "\n".join(lines.poll_lines(poll))


def _thing(poll: Poll, text: str, spoken: str) -> Thing:
    topic = poll.topic
    return Thing(
        kind=KIND,
        id=poll.id,
        author_id=poll.author_id,
        author_name=poll.author.name if poll.author is not None else _("Somebody who left"),
        title="",
        text=text,
        spoken=spoken,
        url=f"/topics/{topic.id}-{topic.slug}#poll",
        edit_url=f"/topics/{topic.id}/poll/edit",
        neighborhood_id=topic.forum.neighborhood_id,
        created_at=topic.created_at,
        shown=_shown(poll),
    )


POLL = Moderated(
    kind=KIND, noun=_l("poll"), load=load, load_many=load_many, sees=sees, show=show, hide=hide, hold=hold,
    give_back=give_back, replace_text=replace_text, about=about,
    wording={
        Measure.EDIT: Wording(
            _l("Ask to edit: its author gets the poll back, and its votes begin anew when they change it"),
            _l("We ask you to edit your poll. Until then, others cannot read it."),
        ),
        Measure.REDACT: Wording(
            _l("Change its question or answers: without the words that break the rule"),
            _l("We changed the words of your poll. The votes stay."),
        ),
        Measure.HIDE: Wording(
            _l("Hide the poll: the topic stays"), _l("We hid your poll. The topic itself stays.")
        ),
    },
)  # fmt: skip
