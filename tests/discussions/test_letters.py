"""Mail about topics as it is worded, and when it has become needless."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.core.mail import Message, addressed_to
from forum.discussions.messages import mentioned, posted
from forum.discussions.models import Audience, Interest, PostState, Topic, TopicReader
from forum.discussions.operations import taking_part
from forum.discussions.operations.writing import set_state
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def watched(saved: Saved) -> dict[str, int]:
    """A topic that somebody watches, with two posts since."""

    def prepare() -> dict[str, int]:
        topic, reader = make.topic(title="Cars race at night"), accounts.person()
        taking_part.set_interest(actor=reader, topic=topic, interest=Interest.WATCH)
        make.post(topic, author=accounts.person(name="Ben Stone"), text="I hear **them** too.")
        last = make.post(topic, text="<b>Every</b> night.")
        return {"topic": topic.id, "reader": reader.id, "last": last.number}

    found: dict[str, int] = saved(prepare)
    return found


def letter(app: Flask, person: int, language: str = "en") -> Message | None:
    """The mail that waits for *person*, worded."""
    with app.app_context(), addressed_to(language):
        waiting = select(Notification).where(Notification.recipient_id == person)
        notification = db.session.scalars(waiting).one()
        render = posted if notification.kind == "topic.posted" else mentioned
        return render(notification, Recipient(id=person, address="x@example.org", language=language))


def test_a_mail_has_the_words_of_a_public_topic_and_how_to_stop(app: Flask, watched: dict[str, int]) -> None:
    message = letter(app, watched["reader"])
    assert message is not None
    assert message.subject == "New in: Cars race at night"
    for words in ("2 new posts", "Ben Stone", "I hear them too.", "<b>Every</b> night.", "view=time"):
        assert words in message.text
    assert "<b>" not in message.html
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.headers["List-Unsubscribe"].strip("<>") in message.text


def test_a_mail_is_in_the_language_of_who_reads_it(app: Flask, watched: dict[str, int]) -> None:
    english, spanish = letter(app, watched["reader"]), letter(app, watched["reader"], "es")
    assert english is not None
    assert spanish is not None
    assert spanish.subject != english.subject


@pytest.mark.parametrize("since", ("read", "stopped", "not theirs to see", "hidden"))
def test_a_mail_is_withdrawn_when_it_has_become_needless(
    app: Flask, saved: Saved, watched: dict[str, int], since: str
) -> None:
    def happen() -> None:
        topic = db.session.get_one(Topic, watched["topic"])
        reader = db.session.get_one(Person, watched["reader"])
        if since == "read":
            taking_part.mark_read(actor=reader, topic=topic, number=watched["last"])
        elif since == "stopped":
            taking_part.set_interest(actor=reader, topic=topic, interest=Interest.NONE)
        elif since == "hidden":
            for post in list(db.session.scalars(make.posts_of(topic))):
                set_state(topic, post, PostState.HIDDEN)
        else:
            topic.forum.readers = Audience.STAFF

    assert letter(app, watched["reader"]) is not None
    saved(happen)
    assert letter(app, watched["reader"]) is None


def test_one_click_ends_it_and_the_topic_stays_in_the_list(
    app: Flask, client: Client, watched: dict[str, int]
) -> None:
    message = letter(app, watched["reader"])
    assert message is not None
    path = message.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert client.get(path).status_code == 200
    assert letter(app, watched["reader"]) is not None  # a scanner of mail has opened it
    for _ in range(2):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert letter(app, watched["reader"]) is None
    with app.app_context():
        row = db.session.scalars(select(TopicReader).where(TopicReader.person_id == watched["reader"])).one()
        assert row.interest is Interest.FOLLOW
    assert client.get(path[:-2] + "00").status_code == 404


def test_words_of_a_forum_that_is_not_for_everyone_stay_out_of_the_mail(app: Flask, saved: Saved) -> None:
    def prepare() -> int:
        topic, reader = make.topic(make.forum(readers=Audience.RESIDENTS)), accounts.person()
        taking_part.set_interest(actor=reader, topic=topic, interest=Interest.WATCH)
        make.post(topic, text="Between us.")
        return reader.id

    message = letter(app, saved(prepare))
    assert message is not None
    assert message.private
    assert "Between us." not in message.text + message.html


def test_who_is_named_reads_where_and_what(app: Flask, saved: Saved) -> None:
    def prepare() -> int:
        dana = accounts.person(Role.OFFICER, name="Dana Ruiz")
        make.post(make.topic(), text="Can @dana-ruiz look?")
        return dana.id

    message = letter(app, saved(prepare))
    assert message is not None
    assert "Can @dana-ruiz look?" in message.text
    assert "/posts/" in message.text
