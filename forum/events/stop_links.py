"""The part of an address that ends one kind of mail (RFC 8058): ``r17.<seal>``, 128 bits that nobody can make up.

It names an answer and a topic, and stands in mail about that answer alone; so it tells nobody who has an account.
"""

from __future__ import annotations

from flask import url_for

from forum.core import tokens
from forum.events.models import Rsvp, Topic

_LETTERS = {topic.value[0]: topic for topic in Topic}


def token_for(rsvp_id: int, topic: Topic) -> str:
    """The token that ends *topic* for the owner of the answer *rsvp_id*."""
    return topic.value[0] + tokens.sealed(rsvp_id, _purpose(topic))


def read(token: str) -> tuple[int, Topic] | None:
    """The answer's id and the topic that *token* was made for; None when this installation did not make it."""
    topic = _LETTERS.get(token[:1].lower())
    number = tokens.unsealed(token[1:], _purpose(topic)) if topic is not None else None
    return (number, topic) if number is not None and topic is not None else None


def stop_url(rsvp: Rsvp, topic: Topic) -> str:
    """The absolute address, for mail; inside ``addressed_to`` it carries the configured host, whoever asked."""
    return url_for("events.stop_mail", token=token_for(rsvp.id, topic), _external=True)


def _purpose(topic: Topic) -> str:
    return f"stop mail:{topic}"
