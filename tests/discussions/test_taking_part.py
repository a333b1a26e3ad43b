"""Reading on, interest, reactions, bookmarks: what each keeps true, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from forum.accounts.models import Role, Visitor
from forum.core import clock
from forum.core.errors import Refusal
from forum.discussions.models import (
    Audience,
    Bookmark,
    Interest,
    PostState,
    Reaction,
    ReactionKind,
    TopicReader,
)
from forum.discussions.operations import taking_part
from forum.discussions.operations.writing import set_state
from forum.discussions.queries import taking_part as queries
from forum.discussions.queries.topics import newest
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")


def test_what_was_read_goes_on_and_never_back_or_beyond_the_end() -> None:
    topic, reader = make.topic(), accounts.person()
    for _ in range(4):
        make.post(topic)
    marks = [taking_part.mark_read(actor=reader, topic=topic, number=number) for number in (3, 2, 99)]
    assert marks == [3, 3, 5]
    assert db.session.scalar(select(func.count()).select_from(TopicReader)) == 1


def test_who_begins_to_follow_has_read_what_is_there() -> None:
    topic, reader = make.topic(), accounts.person()
    make.post(topic)
    taking_part.set_interest(actor=reader, topic=topic, interest=Interest.FOLLOW)
    row = db.session.scalars(queries.reader_of(reader.id, topic.id)).one()
    assert (row.read_number, row.interest) == (2, Interest.FOLLOW)
    taking_part.set_interest(actor=reader, topic=topic, interest=Interest.NONE)
    assert list(db.session.scalars(queries.followed_by(reader, clock.now()))) == []


def test_followed_topics_are_listed_by_what_was_written_last_and_only_while_they_can_be_read() -> None:
    reader, board = accounts.person(), make.forum()
    first, second = make.topic(board), make.topic(board)
    hidden = make.topic(make.forum(readers=Audience.STAFF), author=accounts.person(Role.OFFICER))
    for topic in (first, second, hidden):
        taking_part.set_interest(actor=reader, topic=topic, interest=Interest.FOLLOW)
    make.post(first)
    found = list(db.session.scalars(queries.followed_by(reader, clock.now())))
    assert [row.topic_id for row in found] == [first.id, second.id]
    key = first.posted_at, first.id
    assert [r.topic_id for r in db.session.scalars(queries.followed_by(reader, clock.now(), after=key))] == [
        second.id
    ]


def test_what_is_muted_is_not_among_what_was_lately_written_in() -> None:
    reader, topic = accounts.person(), make.topic()
    taking_part.set_interest(actor=reader, topic=topic, interest=Interest.MUTE)
    assert list(db.session.scalars(newest(reader, clock.now(), 8))) == []
    for other in (accounts.person(), Visitor()):
        assert list(db.session.scalars(newest(other, clock.now(), 8))) == [topic]


def test_a_reaction_is_one_of_each_kind_and_pressing_again_takes_it_back() -> None:
    post, reader = make.post(make.topic()), accounts.person()

    def press(kind: ReactionKind) -> bool:
        return taking_part.react(actor=reader, post=post, kind=kind)

    assert [press(ReactionKind.THANKS), press(ReactionKind.AGREE), press(ReactionKind.THANKS)] == [
        True,
        True,
        False,
    ]
    said = db.session.execute(queries.REACTION_COUNTS, {"post_ids": [post.id]}).all()
    assert said == [(post.id, ReactionKind.AGREE, 1)]


@pytest.mark.parametrize("why", ("locked", "archived", "hidden", "held", "own", "not readable"))
def test_nobody_reacts_where_nothing_more_is_said(why: str) -> None:
    reader, officer = accounts.person(), accounts.person(Role.OFFICER)
    board = make.forum(readers=Audience.STAFF) if why == "not readable" else make.forum()
    topic = make.topic(board, author=officer)
    post = make.post(topic, author=reader if why == "own" else officer)
    if why in ("hidden", "held"):
        set_state(topic, post, PostState(why))
    elif why in ("locked", "archived"):
        setattr(topic, why, True)
    with pytest.raises(Refusal):
        taking_part.react(actor=reader, post=post, kind=ReactionKind.THANKS)
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == 0


def test_bookmarks_are_listed_newest_first_while_their_posts_can_be_read() -> None:
    reader, topic = accounts.person(), make.topic()
    posts = [make.post(topic) for _ in range(3)]
    for post in (*posts, posts[0]):
        taking_part.set_bookmark(actor=reader, post=post, keep=True)
    set_state(topic, posts[1], PostState.HIDDEN)

    def listed(**more: Any) -> list[int]:
        return [b.post_id for b in db.session.scalars(queries.bookmarks_of(reader, clock.now(), **more))]

    assert listed() == [posts[2].id, posts[0].id]
    last = db.session.scalars(select(Bookmark.id).where(Bookmark.post_id == posts[2].id)).one()
    assert listed(before=last) == [posts[0].id]
    taking_part.set_bookmark(actor=reader, post=posts[2], keep=False)
    assert listed() == [posts[0].id]
    assert list(db.session.scalars(queries.bookmarks_of(accounts.person(), clock.now()))) == []


def test_one_statement_holds_all_that_is_the_readers_own_on_a_page(count_queries: Any) -> None:
    reader, topic = accounts.person(), make.topic()
    post = make.post(topic)
    taking_part.mark_read(actor=reader, topic=topic, number=1)
    taking_part.react(actor=reader, post=post, kind=ReactionKind.AGREE)
    taking_part.set_bookmark(actor=reader, post=post, keep=True)
    with count_queries() as statements:
        own = db.session.execute(
            queries.OWN, {"person_id": reader.id, "topic_id": topic.id, "post_ids": [post.id]}
        ).all()
    assert len(statements) == 1
    assert sorted(map(tuple, own)) == [("agree", post.id), ("bookmark", post.id), ("none", 1)]


def test_an_erased_account_leaves_nothing_of_it() -> None:
    reader, topic = accounts.person(), make.topic()
    post = make.post(topic)
    taking_part.set_interest(actor=reader, topic=topic, interest=Interest.WATCH)
    taking_part.react(actor=reader, post=post, kind=ReactionKind.AGREE)
    taking_part.set_bookmark(actor=reader, post=post, keep=True)
    taking_part.forget_taking_part(reader.id)
    for table in (TopicReader, Reaction, Bookmark):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
