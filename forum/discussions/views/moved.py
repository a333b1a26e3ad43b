"""What the page of a topic says of where its posts came from and went."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from forum.core import clock, templating
from forum.core.languages import page_language
from forum.discussions import policy
from forum.discussions.models import Topic, TopicMove, Way
from forum.discussions.queries import topics
from forum.discussions.views.board_page import topic_url
from forum.extensions import db

MOST = 5


@dataclass(frozen=True)
class Line:
    """What was moved, in *words* that the *name* of the other place ends, which stands at *url*; "" where not
    everybody who reads the topic sees that place: then the words say it all."""

    words: str
    name: str
    url: str
    when: str
    iso: str


def lines(topic: Topic) -> list[Line]:
    """The newest moves of *topic*, newest first."""
    return [_line(topic, move) for move in db.session.scalars(topics.moves_of(topic.id, MOST))]


def _line(topic: Topic, move: TopicMove) -> Line:
    name, url = _place(topic, move)
    words = _named(move.way) if name else _unnamed(move.way)
    return Line(words, name, url, templating.moment(move.at), move.at.isoformat())


def _place(topic: Topic, move: TopicMove) -> tuple[str, str]:
    """(name, address) of the other place; nothing of one that some readers of *topic* do not see."""
    forum, other, readers = move.other_forum, move.other_topic, topic.forum.readers
    if forum is not None and not policy.widens(forum.readers, readers):
        return forum.name(page_language()), url_for("discussions.forum", slug=forum.slug)
    if other is not None and policy.is_there_for(other, readers, clock.now()):
        return other.title, topic_url(other)
    return "", ""


def _named(way: Way) -> str:
    return {
        Way.FROM_FORUM: _("Staff moved this topic here from"),
        Way.FROM_TOPIC: _("Staff split this topic off from"),
        Way.MERGED: _unnamed(Way.MERGED),  # its address leads here, and its title may have been a reason
        Way.TO_TOPIC: _("Staff moved posts from here to"),
    }[way]


def _unnamed(way: Way) -> str:
    return {
        Way.FROM_FORUM: _("Staff moved this topic here from another forum."),
        Way.FROM_TOPIC: _("Staff split this topic off from another one."),
        Way.MERGED: _("Staff merged another topic into this one."),
        Way.TO_TOPIC: _("Staff moved posts from here to another topic."),
    }[way]
