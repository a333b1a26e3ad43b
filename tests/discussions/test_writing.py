"""Starting topics, replying, editing, taking back: what each keeps true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.models import Role
from forum.core import clock
from forum.core.errors import Refusal
from forum.discussions.models import Audience, Post, PostState, Revision, Topic, VeiledAuthor
from forum.discussions.operations import order
from forum.discussions.operations.entering import add_post
from forum.discussions.operations.writing import delete_post, edit_post, reply, start_topic
from forum.discussions.operations.written import Written
from forum.discussions.queries import posts
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")


def test_posts_are_numbered_and_counted_within_their_topic() -> None:
    first, second = make.topic(), make.topic()
    assert [make.post(first).number, make.post(second).number, make.post(first).number] == [2, 2, 3]
    assert (first.posts_count, first.last_number, second.posts_count) == (3, 3, 2)


def test_threads_stand_under_what_they_answer_four_levels_deep_at_most() -> None:
    topic = make.topic()
    parent = None
    for _ in range(6):
        parent = make.post(topic, parent=parent)
    make.post(topic)
    found = list(db.session.scalars(posts.threaded(topic.id)))
    assert [post.depth for post in found] == [0, 0, 1, 2, 3, 3, 3, 0]
    assert [post.number for post in found] == [1, 2, 3, 4, 5, 6, 7, 8]
    late = make.post(topic, parent=found[1])
    order = [post.number for post in db.session.scalars(posts.threaded(topic.id))]
    assert order.index(late.number) == order.index(8) - 1


def test_the_same_form_sent_twice_is_one_post() -> None:
    person, topic = accounts.person(), make.topic()
    once = reply(actor=person, topic=topic, written=Written(text="Yes.", key="k" * 20))
    again = reply(actor=person, topic=topic, written=Written(text="Yes.", key="k" * 20))
    assert (once.id, topic.posts_count) == (again.id, 2)
    forum = make.forum()
    started = [
        start_topic(actor=person, forum=forum, title="A", written=Written(text="B", key="t" * 20))
        for _ in range(2)
    ]
    assert started[0].id == started[1].id


def test_a_topic_sent_again_with_another_key_is_the_one_that_was_begun() -> None:
    forum, person = make.forum(), accounts.person()

    def begin(key: str, *, title: str = "Lamps", text: str = "They are dark.", **how: Any) -> Topic:
        written = Written(text=text, key=key * 20)
        return start_topic(**{"actor": person, "forum": forum, "title": title, "written": written, **how})

    first = begin("a")
    assert begin("b", title=" Lamps ", text="They are dark.\n") is first
    others = begin("c", text="Still dark."), begin("d", title="Light"), begin("e", forum=make.forum())
    assert len({first, *others, begin("f", actor=accounts.person())}) == 5
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert begin("g") is not first
    delete_post(
        actor=person, post=db.session.scalars(select(Post).where(Post.topic_id == others[0].id)).one()
    )
    assert begin("h", text="Still dark.") is not others[0]


def test_a_reply_sent_again_with_another_key_is_the_one_that_was_made() -> None:
    person, topic, first = accounts.person(), make.topic(), make.post(make.topic())
    words = "The lamp at the corner has been dark since Monday."

    def say(key: str, text: str = words, **how: Any) -> Post:
        written = Written(text=text, key=key * 20)
        return reply(**{"actor": person, "topic": topic, "written": written, **how})

    once = say("a")
    assert say("b") is once
    others = (
        say("c", "Still dark at the corner, I went there."),
        say("d", topic=first.topic),
        say("e", actor=accounts.person()),
    )
    assert len({once, *others}) == 4
    assert say("f", "Thanks.") is not say("g", "Thanks.")  # so short a word may be meant twice
    officer, end = accounts.person(Role.OFFICER), clock.now() + timedelta(hours=2)
    order.slow_down(actor=officer, topic=topic, minutes=60, reason="Calm down.", ends_at=end)
    assert say("h") is once
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False), pytest.raises(Refusal):
        say("i")
    order.slow_down(actor=officer, topic=topic, minutes=0)
    answer = say("j", parent=once)
    assert answer is not once
    assert say("k", parent=once) is answer
    delete_post(actor=person, post=answer)
    assert say("l", parent=once) is not answer


def test_the_same_form_sent_at_the_same_moment_to_two_processes_is_one_post() -> None:
    person, topic, written = accounts.person(), make.topic(), Written(text="Yes.", key="k" * 20)
    once = add_post(person, topic, None, written)
    assert once is not None
    assert add_post(person, topic, None, written) is None
    assert (topic.posts_count, topic.last_number) == (2, 2)


def test_an_answer_to_what_is_not_read_any_more_stands_at_the_end() -> None:
    person, topic = accounts.person(), make.topic()
    gone = make.post(topic, author=person)
    answer = reply(actor=person, topic=topic.id, written=Written(text="Yes."), parent=gone.number)
    delete_post(actor=person, post=gone)
    late = reply(actor=person, topic=topic.id, written=Written(text="No."), parent=gone.number)
    assert (answer.parent_id, late.parent_id) == (gone.id, None)


@pytest.mark.parametrize("closing", ("locked", "archived"))
def test_a_closed_topic_takes_no_reply(closing: str) -> None:
    topic = make.topic()
    setattr(topic, closing, True)
    db.session.flush()
    with pytest.raises(Refusal):
        make.post(topic)


def test_only_who_the_forum_is_for_starts_and_replies() -> None:
    forum = make.forum(starters=Audience.STAFF, repliers=Audience.VERIFIED)
    with pytest.raises(Refusal):
        make.topic(forum)
    topic = make.topic(forum, author=accounts.person(Role.OFFICER))
    with pytest.raises(Refusal):
        make.post(topic)
    assert make.post(topic, author=make.verified()).number == 2


def test_slow_mode_asks_to_wait_and_ends_by_itself() -> None:
    person, topic = accounts.person(), make.topic()
    topic.slow_seconds, topic.slow_ends_at = 600, clock.now() + timedelta(minutes=5)
    db.session.flush()
    make.post(topic, author=person)
    with pytest.raises(Refusal, match="slow mode"):
        make.post(topic, author=person)
    make.post(topic, author=accounts.person(Role.OFFICER))
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert make.post(topic, author=person).number == 4


def test_an_author_edits_for_a_while_and_what_it_said_is_kept() -> None:
    person = accounts.person()
    topic = make.topic(author=person)
    post = db.session.scalars(posts.post_numbered(topic.id, 1)).one()
    edit_post(actor=person, post=post, text="Every **weekend**.")
    assert "<strong>weekend</strong>" in post.html
    kept = db.session.query(Revision).one()
    assert (kept.text, kept.by_staff) == ("Every night.", False)
    with time_machine.travel(clock.now() + timedelta(hours=1)), pytest.raises(Refusal):
        edit_post(actor=person, post=post, text="Never.")
    edit_post(actor=accounts.person(Role.OFFICER), post=post, text="Every weekend, says the author.")
    assert [r.by_staff for r in db.session.query(Revision).order_by(Revision.number)] == [False, True]


def test_a_post_taken_back_leaves_its_place_and_no_words() -> None:
    person, topic = accounts.person(), make.topic()
    post = make.post(topic, author=person, text="My secret.")
    answer = make.post(topic, parent=post)
    delete_post(actor=person, post=post)
    assert (post.state, post.text, post.html, topic.posts_count) == (PostState.DELETED, "", "", 2)
    assert [p.number for p in db.session.scalars(posts.threaded(topic.id))] == [1, 2, answer.number]
    with pytest.raises(Refusal):
        delete_post(actor=accounts.person(), post=answer)


def test_a_held_post_is_not_counted_and_moves_nothing() -> None:
    topic = make.topic()
    before = topic.posted_at
    held = make.post(topic, hold=True)
    assert (held.state, topic.posts_count, topic.posted_at) == (PostState.HELD, 1, before)


@pytest.mark.parametrize("as_resident", (False, True))
def test_what_somebody_has_said_today_waits_when_they_say_it_again(as_resident: bool) -> None:
    person, topic, text = make.verified(), make.topic(), "Buy my watches, the best watches in town."
    said = [
        make.post(topic, author=who, text=words, as_resident=veiled).state
        for who, words, veiled in (
            (person, text, as_resident), (person, f" {text.upper()}\n", False), (accounts.person(), text, False),
        )
    ]  # fmt: skip
    assert said == [PostState.PUBLISHED, PostState.HELD, PostState.PUBLISHED]
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert make.post(topic, author=person, text=text).is_published


def test_what_somebody_has_said_is_what_their_posts_say_now() -> None:
    person, topic = accounts.person(), make.topic()
    before, after = (
        "The lamps are out at the corner of the park.",
        "The lamps at the corner of the park are mended.",
    )
    edit_post(actor=person, post=make.post(topic, author=person, text=before), text=after)
    delete_post(actor=person, post=make.post(topic, author=person, text=before))
    states = [make.post(topic, author=person, text=text).state for text in (before, after)]
    assert states == [PostState.PUBLISHED, PostState.HELD]


def test_a_resident_of_a_neighborhood_stands_in_no_column_of_the_post() -> None:
    person, topic = make.verified(), make.topic()
    post = make.post(topic, author=person, as_resident=True)
    assert (post.author_id, post.resident_of_id is None) == (None, False)
    assert db.session.query(VeiledAuthor).one().person_id == person.id
    with pytest.raises(Refusal):
        make.post(topic, as_resident=True)


def test_a_title_and_tags_are_changed_with_the_first_post_and_by_who_may_edit_it() -> None:
    person = accounts.person()
    topic = make.topic(author=person, title="Cars race")
    first, reply_ = db.session.scalars(make.posts_of(topic)).one(), make.post(topic, author=person)
    edit_post(
        actor=person, post=first, text=first.text, title="Cars race at night", tags=["Noise", "cars", "noise"]
    )
    edit_post(actor=person, post=first, text=first.text, title=" Cars race at night", tags=["cars", "noise"])
    kept = db.session.query(Revision).one()  # the same again is no change
    assert (kept.title, kept.tags, kept.text) == ("Cars race", "", "Every night.")
    assert (topic.title, topic.slug) == ("Cars race at night", "cars-race-at-night")
    edit_post(actor=person, post=reply_, text="I do not.", title="Mine", tags=["mine"])
    for title, tags in (("", ["a"]), ("Fine", [f"tag {number}" for number in range(6)])):
        with pytest.raises(Refusal):
            edit_post(actor=person, post=first, text="Gone.", title=title, tags=tags)
    assert (topic.title, [tag.word for tag in topic.tags], first.text) == (
        "Cars race at night", ["cars", "noise"], "Every night.",
    )  # fmt: skip
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        with pytest.raises(Refusal):
            edit_post(actor=person, post=first, text=first.text, title="Too late")
        edit_post(actor=accounts.person(Role.OFFICER), post=first, text=first.text, tags=["cars"])
    assert [tag.word for tag in topic.tags] == ["cars"]


@pytest.mark.parametrize(
    ("title", "text"), (("", "words"), ("title", "  "), ("t" * 151, "w"), ("t", "w" * 10_001))
)
def test_missing_or_too_many_words_are_refused(title: str, text: Any) -> None:
    with pytest.raises(Refusal):
        make.topic(title=title, text=text)
