"""Mail about topics: to whom, once, and not when it has become needless."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.discussions import mentions
from forum.discussions.acts import DiscussionNotice
from forum.discussions.models import Interest, PostState, Topic, TopicReader
from forum.discussions.operations import taking_part
from forum.discussions.operations.telling import PAUSE
from forum.discussions.operations.writing import edit_post, set_state
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")


def told(kind: DiscussionNotice) -> list[Notification]:
    return list(db.session.scalars(select(Notification).where(Notification.kind == kind).order_by("id")))


def watch(person: Person, topic: Topic) -> TopicReader:
    taking_part.set_interest(actor=person, topic=topic, interest=Interest.WATCH)
    return db.session.scalars(select(TopicReader).where(TopicReader.person_id == person.id)).one()


def test_a_busy_topic_is_one_mail_each_pause_to_each_who_watches() -> None:
    topic, reader = make.topic(), accounts.person()
    start = clock.now().replace(minute=1, second=0, microsecond=0)
    with time_machine.travel(start, tick=False) as machine:
        watch(reader, topic)
        for _ in range(5):
            make.post(topic)
            machine.shift(timedelta(minutes=2))
        assert len(told(DiscussionNotice.TOPIC_POSTED)) == 1
        machine.shift(PAUSE)
        make.post(topic)
    first, second = told(DiscussionNotice.TOPIC_POSTED)
    assert start < first.due_at <= start + PAUSE < second.due_at
    assert (first.detail["after"], second.detail["after"]) == (1, 6)


def test_a_post_that_was_held_is_news_when_it_is_shown() -> None:
    topic, reader = make.topic(), accounts.person()
    with time_machine.travel(clock.now(), tick=False) as machine:
        watch(reader, topic)
        held = make.post(topic, hold=True)
        make.post(topic)
        machine.shift(2 * PAUSE)
        set_state(topic, held, PostState.PUBLISHED)
        assert [row.due_at > clock.now() for row in told(DiscussionNotice.TOPIC_POSTED)] == [False, True]


def test_nobody_is_mailed_of_their_own_words_or_without_watching() -> None:
    topic, writer, follower = make.topic(), accounts.person(), accounts.person()
    watch(writer, topic)
    taking_part.set_interest(actor=follower, topic=topic, interest=Interest.FOLLOW)
    make.post(topic, author=writer)
    assert told(DiscussionNotice.TOPIC_POSTED) == []


def test_who_is_named_is_told_once_however_often_the_post_is_changed() -> None:
    dana = accounts.person(Role.OFFICER, name="Dana Ruiz")
    author, topic = accounts.person(), make.topic()
    post = make.post(topic, author=author, text="Can @dana-ruiz look? And @DANA-RUIZ again.")
    assert f'<a href="/people/{dana.id}">@dana-ruiz</a>' in post.html
    edit_post(actor=author, post=post, text="Could @dana-ruiz look?")
    (notification,) = told(DiscussionNotice.TOPIC_MENTIONED)
    assert (notification.recipient_id, notification.subject_id) == (dana.id, post.id)


def test_a_team_is_its_people_and_a_held_post_names_nobody_yet() -> None:
    team = accounts.team(name="Eastside team")
    people = [accounts.person(Role.OFFICER, team_id=team.id) for _ in range(2)]
    topic = make.topic()
    post = make.post(topic, text="What does @eastside-team say?", hold=True)
    assert told(DiscussionNotice.TOPIC_MENTIONED) == []
    set_state(topic, post, PostState.PUBLISHED)
    assert [row.recipient_id for row in told(DiscussionNotice.TOPIC_MENTIONED)] == [p.id for p in people]


def test_a_name_that_two_bear_or_a_resident_bears_names_nobody() -> None:
    for role in (Role.OFFICER, Role.OFFICER):
        accounts.person(role, name="Sam Lee")
    accounts.person(name="Ada Green")
    assert mentions.people_in("@sam-lee @ada-green someone@sam-lee.org") == []
    assert "<a" not in mentions.rendered("@sam-lee and @ada-green")


def test_a_name_inside_code_or_a_link_stays_as_it_is() -> None:
    accounts.person(Role.OFFICER, name="Dana Ruiz")
    html = mentions.rendered("`@dana-ruiz` and [@dana-ruiz](https://example.org) <b>@dana-ruiz</b>")
    assert html.count("/people/") == 1
    assert "<b>" not in html
