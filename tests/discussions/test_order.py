"""Keeping order: who may, what it says, what stays true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.audit.models import Entry
from forum.core import clock
from forum.core.errors import Refusal
from forum.discussions.models import Audience, Interest, Post, Topic, TopicReader
from forum.discussions.operations import joining, moderating, moderating_topics, order
from forum.discussions.operations.writing import reply
from forum.discussions.operations.written import Written
from forum.discussions.views import moved
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make


@pytest.fixture
def officer(work: Flask) -> Person:
    return accounts.person(Role.OFFICER)


def numbered(topic: Topic, number: int) -> Post:
    return db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == number)).one()


def standing(topic: Topic) -> list[tuple[int, int, str]]:
    rows = db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.path))
    return [(post.number, post.depth, post.text) for post in rows]


def test_a_resident_keeps_no_order(work: Flask) -> None:
    topic, person = make.topic(), accounts.person()
    with pytest.raises(Refusal):
        order.lock_conversation(actor=person, topic=topic, reason="Because.")
    assert not topic.locked


def test_a_lock_says_why_and_ends(officer: Person) -> None:
    topic = make.topic()
    with pytest.raises(Refusal):
        order.lock_conversation(actor=officer, topic=topic, reason="  ")
    order.lock_conversation(actor=officer, topic=topic, reason="Answered on Monday.")
    with pytest.raises(Refusal):
        make.post(topic)
    order.unlock_conversation(actor=officer, topic=topic)
    assert (make.post(topic).number, topic.lock_reason) == (2, "")
    acts = db.session.scalars(select(Entry.detail).where(Entry.act == "topic.lock").order_by(Entry.id))
    assert list(acts) == [{"locked": True}, {"locked": False}]


def test_slow_mode_needs_a_reason_and_an_end(officer: Person) -> None:
    topic, soon = make.topic(), clock.now() + timedelta(hours=2)
    for minutes, reason, ends in (
        (10, "", soon),
        (10, "Hot.", None),
        (1441, "Hot.", soon),
        (-1, "Hot.", soon),
    ):
        with pytest.raises(Refusal):
            order.slow_down(actor=officer, topic=topic, minutes=minutes, reason=reason, ends_at=ends)
    order.slow_down(actor=officer, topic=topic, minutes=10, reason="Hot.", ends_at=soon)
    assert topic.is_slow(clock.now())
    assert not topic.is_slow(soon)
    order.slow_down(actor=officer, topic=topic, minutes=0)
    assert (topic.slow_seconds, topic.slow_reason, topic.slow_ends_at) == (0, "", None)


def test_a_scheduled_topic_stands_in_its_forum_as_of_its_hour(officer: Person) -> None:
    topic, soon = make.topic(), clock.now() + timedelta(hours=2)
    written = topic.posted_at
    order.schedule_topic(actor=officer, topic=topic, opens_at=soon)
    assert (topic.is_open(clock.now()), topic.is_open(soon), topic.posted_at) == (False, True, soon)
    order.schedule_topic(actor=officer, topic=topic, opens_at=None)
    assert (topic.is_open(clock.now()), topic.posted_at) == (True, written)


def test_a_topic_moves_to_more_readers_only_when_it_is_meant(officer: Person) -> None:
    closed, open_ = make.forum(readers=Audience.STAFF, starters=Audience.STAFF), make.forum()
    topic = make.topic(closed, author=officer)
    with pytest.raises(Refusal):
        order.move_topic(actor=officer, topic=topic, forum=open_)
    order.move_topic(actor=officer, topic=topic, forum=open_, widen=True)
    order.move_topic(actor=officer, topic=topic, forum=closed)
    with pytest.raises(Refusal):
        order.move_topic(actor=officer, topic=topic, forum=make.forum(archived=True), widen=True)
    assert topic.forum_id == closed.id


def test_merged_posts_come_after_with_new_numbers_and_whole_threads(officer: Person) -> None:
    first, second = make.topic(text="A"), make.topic(first_forum(), text="B")
    make.post(first, text="A2")
    answer = make.post(second, text="B2", parent=numbered(second, 1))
    make.post(second, text="B3", parent=answer)
    before = make.topic(text="C")
    joining.merge_topics(actor=officer, source=before, target=second)
    joining.merge_topics(actor=officer, source=second, target=first)
    assert standing(first) == [
        (1, 0, "A"), (2, 0, "A2"), (3, 0, "B"), (4, 1, "B2"), (5, 2, "B3"), (6, 0, "C"),
    ]  # fmt: skip
    assert (first.posts_count, first.last_number, second.posts_count) == (6, 6, 0)
    assert (second.merged_into_id, before.merged_into_id) == (first.id, first.id)
    assert make.post(first).number == 7
    for again in (
        lambda: joining.merge_topics(actor=officer, source=second, target=first),
        lambda: make.post(second),
    ):
        with pytest.raises(Refusal):
            again()
    address, more = second.id, Written(text="B4")  # a form that was opened before
    # Number 3 is another post there: what was written to the old one stands at the end.
    assert reply(actor=officer, topic=address, written=more, parent=3).path == "00000008."


def test_who_followed_a_topic_follows_the_one_it_was_merged_into(officer: Person) -> None:
    source, target, person, other = make.topic(), make.topic(), accounts.person(), accounts.person()
    for reader, topic, interest in (
        (person, source, Interest.WATCH), (other, source, Interest.WATCH), (other, target, Interest.MUTE),
    ):  # fmt: skip
        db.session.add(TopicReader(person_id=reader.id, topic_id=topic.id, interest=interest, read_number=1))
    db.session.flush()
    joining.merge_topics(actor=officer, source=source, target=target)
    rows = db.session.scalars(select(TopicReader).where(TopicReader.topic_id == target.id)).all()
    assert {(row.person_id, row.interest) for row in rows} == {
        (person.id, Interest.WATCH), (other.id, Interest.MUTE),
    }  # fmt: skip


def first_forum() -> Any:
    return make.forum()


def test_a_topic_is_not_merged_into_itself_nor_into_one_that_more_people_read(officer: Person) -> None:
    closed = make.topic(make.forum(readers=Audience.STAFF, starters=Audience.STAFF), author=officer)
    with pytest.raises(Refusal):
        joining.merge_topics(actor=officer, source=closed, target=closed)
    with pytest.raises(Refusal):
        joining.merge_topics(actor=officer, source=closed, target=make.topic())
    hidden = make.topic()
    order.schedule_topic(actor=officer, topic=hidden, opens_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Refusal):
        joining.merge_topics(actor=officer, source=hidden, target=make.topic())
    talk = make.topic()
    talk.about_kind, talk.about_id = "event", 1
    with pytest.raises(Refusal):
        joining.merge_topics(actor=officer, source=talk, target=make.topic())


def test_chosen_posts_go_with_their_answers_and_what_stays_keeps_its_numbers(officer: Person) -> None:
    topic = make.topic(text="1")
    two = make.post(topic, text="2")
    make.post(topic, text="3", parent=two)
    make.post(topic, text="4", parent=numbered(topic, 1))
    ids = {two.id}
    last = numbered(topic, 4).created_at
    made = joining.split_topic(actor=officer, topic=topic, post_ids=ids, title="About lamps")
    assert standing(topic) == [(1, 0, "1"), (4, 1, "4")]
    assert standing(made) == [(1, 0, "2"), (2, 1, "3")]
    assert (topic.posts_count, topic.last_number, topic.posted_at) == (2, 4, last)
    assert (made.posts_count, made.last_number, made.slug) == (2, 2, "about-lamps")
    assert make.post(topic).number == 5


def test_what_others_read_stays_readable_when_it_leaves_a_topic_that_waits(officer: Person) -> None:
    topic = make.topic()
    read, waits = make.post(topic), make.post(topic, hold=True)
    moderating.hold(numbered(topic, 1).id)
    assert topic.published_at is None
    assert (
        joining.split_topic(actor=officer, topic=topic, post_ids={read.id}, title="A").published_at
        is not None
    )
    assert (
        joining.split_topic(actor=officer, topic=topic, post_ids={waits.id}, title="B").published_at is None
    )


def test_the_first_post_stays_and_somebody_must_go(officer: Person) -> None:
    topic = make.topic()
    make.post(topic)
    for chosen, title in (
        ({numbered(topic, 1).id}, "T"),
        (set(), "T"),
        ({0}, "T"),
        ({numbered(topic, 2).id}, " "),
    ):
        with pytest.raises(Refusal):
            joining.split_topic(actor=officer, topic=topic, post_ids=chosen, title=title)


def test_staff_keep_order_from_the_topics_page(app: Flask, saved: Any, client: Any) -> None:
    def prepare() -> dict[str, Any]:
        topic, other = make.topic(title="Lamps"), make.topic(title="Light")
        ids = [make.post(topic, text="Something else.").id, make.post(topic, text="It stays.").id]
        return {
            "officer": accounts.person(Role.OFFICER).id, "resident": accounts.person().id, "topic": topic.id,
            "path": f"/topics/{topic.id}-lamps", "other": f"/topics/{other.id}-light", "posts": ids,
            "forum": make.forum(names={"en": {"name": "Repairs"}}).id,
        }  # fmt: skip

    site = saved(prepare)
    path = f"/topics/{site['topic']}/order"
    officer: Any = accounts.sign_in(app.test_client(), site["officer"])
    resident: Any = accounts.sign_in(app.test_client(), site["resident"])
    assert path in officer.page(site["path"]).links()
    assert path not in resident.page(site["path"]).links()
    assert resident.get(path).status_code == 404

    def do(deed: str, **words: Any) -> int:
        fields = {f"{deed}-{name}": value for name, value in words.items()}
        return int(officer.send(path, fields, form=f"/order/{deed}").status_code)

    assert do("lock", reason="") == 422
    assert do("lock", reason="Answered on Monday.") == 303
    assert "Answered on Monday." in client.page(site["path"]).text()
    assert [do("unlock"), do("pin"), do("archive"), do("restore"), do("unpin")] == [303] * 5
    with app.app_context():
        later = (clock.to_local(clock.now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert do("slow", minutes="15", ends=later, reason="It is late.") == 303
    assert "one post in 15 min" in client.page(site["path"]).text()
    assert do("schedule", opens="9999-12-31T23:59") == 422
    assert [do("normal"), do("schedule", opens=later)] == [303, 303]
    assert client.get(site["path"]).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert client.get(site["path"]).status_code == 200
    assert [do("open"), do("move", forum=str(site["forum"]))] == [303, 303]
    assert "Repairs" in client.page(site["path"]).text()
    split = officer.send(f"/topics/{site['topic']}/split", {"title": "Cars", "posts": str(site["posts"][0])})
    assert "Something else." in client.page(split.headers["Location"]).text()
    assert do("merge", number="http://localhost/topics/99999999-none") == 422
    assert do("merge", number="http://localhost" + site["other"]) == 303
    shown = client.page(site["other"]).text()
    assert "It stays." in shown
    assert "Staff merged another topic into this one." in shown
    assert client.get(site["path"]).headers["Location"].endswith(site["other"])
    assert site["other"] in client.get(f"/posts/{site['posts'][1]}").headers["Location"]


@pytest.fixture
def page(work: Flask) -> Iterator[None]:
    """Addresses can be made."""
    with work.test_request_context():
        yield


def told(topic: Topic) -> list[tuple[str, str]]:
    """(words, name of the other place) of each line that the topic's page has about moves, newest first."""
    return [(line.words, line.name) for line in moved.lines(topic)]


@pytest.mark.usefixtures("page")
def test_the_page_says_where_a_topic_came_from_and_what_went_where(officer: Person) -> None:
    old, topic = make.forum(names={"en": {"name": "Streets"}}), make.topic(title="Lamps")
    order.move_topic(actor=officer, topic=topic, forum=old)
    order.move_topic(actor=officer, topic=topic, forum=old)  # nothing moves
    first, home = topic.forum, make.forum(names={"en": {"name": "Parks"}})
    order.move_topic(actor=officer, topic=topic, forum=home)
    assert told(topic)[0] == ("Staff moved this topic here from", "Streets")
    assert (len(told(topic)), first) == (2, old)
    post = make.post(topic)
    made = joining.split_topic(actor=officer, topic=topic, post_ids={post.id}, title="Benches")
    assert told(topic)[0] == ("Staff moved posts from here to", "Benches")
    assert told(made) == [("Staff split this topic off from", "Lamps")]
    joining.merge_topics(actor=officer, source=made, target=topic)
    assert told(topic)[:2] == [
        ("Staff merged another topic into this one.", ""),
        ("Staff moved posts from here to another topic.", ""),
    ]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("readers", [Audience.RESIDENTS, Audience.VERIFIED, Audience.STAFF])
def test_the_page_names_no_place_that_some_of_its_readers_do_not_see(
    officer: Person, readers: Audience
) -> None:
    closed = make.forum(names={"en": {"name": "Behind doors"}}, readers=readers)
    topic, within = make.topic(closed, author=officer), make.topic(closed, author=officer)
    order.move_topic(actor=officer, topic=topic, forum=make.forum(), widen=True)
    assert told(topic) == [("Staff moved this topic here from another forum.", "")]
    order.move_topic(actor=officer, topic=topic, forum=closed)
    assert [name for _words, name in told(topic)][1] == "Behind doors"
    post = make.post(within, author=officer)
    made = joining.split_topic(actor=officer, topic=within, post_ids={post.id}, title="A secret title")
    assert told(within) == [("Staff moved posts from here to", "A secret title")]
    order.move_topic(actor=officer, topic=within, forum=make.forum(), widen=True)
    assert told(within)[1] == ("Staff moved posts from here to another topic.", "")
    moderating_topics.hide(made.id, 3)
    order.move_topic(actor=officer, topic=within, forum=closed)
    assert told(within)[2] == ("Staff moved posts from here to another topic.", "")
