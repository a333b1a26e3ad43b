"""What the owner of an answer reads when a letter could not simply be counted."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.mail import addressed_to
from forum.core.transactions import unit_of_work
from forum.events.models import Answer
from forum.events.operations.replies import _SILENT, Ending, tell_owner
from forum.events.operations.rsvp import answer
from forum.events.replies.words import SENDS_WHAT_HOLDS
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, registry
from tests.factories import accounts
from tests.factories import events as make


@pytest.mark.parametrize("ending", sorted(set(Ending) - set(_SILENT)))
def test_every_reason_is_worded_with_the_event_and_where_to_answer(context: Flask, ending: Ending) -> None:
    with unit_of_work():
        date = make.occurrence(capacity=1, contact_email="caps@example.org")
        answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
        rsvp = answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
        tell_owner(rsvp_id=rsvp.id, ending=ending)
    notice = db.session.query(Notification).filter_by(kind="rsvp.reply").one()
    with addressed_to("en"):
        message = registry.wordings[notice.kind].renderer(
            notice, Recipient(id=rsvp.person_id, address="x@example.org", language="en")
        )
    assert message is not None
    for words in ("1433 beat meeting", "/events/", "caps@example.org"):
        assert words in message.text
        assert words in message.html
    sent = [part.content_type for part in message.attachments]
    assert any("method=REQUEST" in kind for kind in sent) == (ending in SENDS_WHAT_HOLDS)
