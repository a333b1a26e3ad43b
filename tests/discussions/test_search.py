"""Posts are found by who may read them, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person, Role, Visitor
from forum.core import clock, search
from forum.core.search.models import SearchWaiting
from forum.discussions.models import Audience, PostState
from forum.discussions.operations.boards import ForumDetails, save_forum
from forum.discussions.operations.order import move_topic, schedule_topic
from forum.discussions.operations.states import lock_topic, set_state
from forum.discussions.operations.writing import delete_post, edit_post
from forum.discussions.queries import posts
from forum.extensions import db
from tests.conftest import BACKEND
from tests.factories import accounts
from tests.factories import discussions as make

pytestmark = pytest.mark.usefixtures("work")


@pytest.fixture(autouse=True)
def page(work: Flask) -> Iterator[None]:
    """Addresses can be made."""
    with work.test_request_context():
        yield


def hits(words: str, viewer: Any = None) -> int:
    search.let_in(within=nullcontext)
    return len(search.find(viewer or Visitor(), search.question(words, kind="post")).results)


def test_a_title_finds_its_topic_once_and_words_find_their_post() -> None:
    topic = make.topic(title="Zebra crossing", text="It is worn away.")
    make.post(topic, text="Painted in March, they said.")
    assert hits("zebra") == 1
    assert hits("painted") == 1


def test_a_topic_is_found_by_its_tags_while_it_has_them() -> None:
    author = accounts.person()
    topic = make.topic(
        author=author, title="A crossing", text="It is worn away.", tags=["zebra", "paint brush"]
    )
    make.post(topic, text="They said so in March.")
    assert (hits("zebra"), hits("brush worn"), hits('"paint brush"'), hits('"worn away"')) == (1, 1, 1, 1)
    for phrase in ("away paint", "away zebra", "brush zebra"):
        assert hits(f'"{phrase}"') == 0
    post = db.session.scalars(posts.post_numbered(topic.id, 1)).one()
    edit_post(actor=author, post=post, text="It is worn away.", tags=["stripes"])
    assert (hits("zebra"), hits("stripes")) == (0, 1)


def test_what_is_edited_hidden_or_taken_back_is_found_no_more() -> None:
    author = accounts.person()
    topic = make.topic(author=author, text="Zanzibar lamp")
    post = db.session.scalars(posts.post_numbered(topic.id, 1)).one()
    edit_post(actor=author, post=post, text="Quagga lamp")
    assert (hits("zanzibar"), hits("quagga")) == (0, 1)
    set_state(lock_topic(topic), post, PostState.HIDDEN)
    assert hits("quagga") == 0
    set_state(lock_topic(topic), post, PostState.PUBLISHED)
    assert hits("quagga") == 1
    delete_post(actor=author, post=post)
    assert hits("quagga") == 0


def test_what_changes_or_goes_before_the_job_let_it_in_is_found_as_it_is_now() -> None:
    author = accounts.person()
    topic = make.topic(author=author, text="Hello")
    changed, hidden, gone = (make.post(topic, author=author, text="Zanzibar lamp") for _ in range(3))
    edit_post(actor=author, post=changed, text="Quagga lamp")
    set_state(lock_topic(topic), hidden, PostState.HIDDEN)

    def take_back() -> None:
        if gone.is_published:
            delete_post(actor=author, post=gone)

    @contextmanager
    def meanwhile() -> Iterator[None]:  # it has been read by now, and is not written yet
        take_back()
        yield

    search.let_in(within=meanwhile)
    take_back()  # where nothing waits
    assert (hits("zanzibar"), hits("quagga")) == (0, 1)
    set_state(lock_topic(topic), hidden, PostState.PUBLISHED)
    assert hits("zanzibar") == 1


@pytest.mark.skipif(BACKEND != "sqlite", reason="on PostgreSQL nothing waits")
def test_what_is_known_already_and_waits_all_the_same_keeps_nobody_else_waiting() -> None:
    author = accounts.person()
    topic = make.topic(author=author, text="Hello")
    known, new = (make.post(topic, author=author, text="Zanzibar lamp") for _ in range(2))
    search.let_in(within=nullcontext)
    for post in (known, new):  # as a process of an older release leaves it, which knows of no queue
        search.remove("post", post.id)
    search.renew("post", known.id)
    db.session.execute(sa.insert(SearchWaiting), [{"kind": "post", "subject_id": p.id} for p in (known, new)])
    search.let_in(within=nullcontext)
    assert hits("zanzibar") == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchWaiting)) == 0


def test_only_who_reads_a_forum_finds_what_is_in_it_also_after_a_move() -> None:
    officer = accounts.person(Role.OFFICER)
    resident, verified = accounts.person(), make.verified()
    topic = make.topic(
        make.forum(readers=Audience.STAFF, starters=Audience.STAFF), author=officer, text="Quagga"
    )
    readers: tuple[tuple[Person | None, str], ...] = (
        (None, "visitor"), (resident, "resident"), (verified, "verified"), (officer, "staff"),
    )  # fmt: skip
    found = {word: hits("quagga", person) for person, word in readers}
    assert found == {"visitor": 0, "resident": 0, "verified": 0, "staff": 1}
    for audience, least in ((Audience.VERIFIED, 2), (Audience.RESIDENTS, 1), (Audience.EVERYONE, 0)):
        move_topic(actor=officer, topic=topic, forum=make.forum(readers=audience), widen=True)
        expected = [0] * least + [1] * (4 - least)
        assert [hits("quagga", person) for person, _word in readers] == expected, audience


def test_a_scheduled_topic_is_found_by_nobody_before_its_hour() -> None:
    officer = accounts.person(Role.OFFICER)
    topic = make.topic(author=officer, text="Quagga")
    schedule_topic(actor=officer, topic=topic, opens_at=clock.now() + timedelta(hours=2))
    assert hits("quagga") == 0
    schedule_topic(actor=officer, topic=topic, opens_at=None)
    assert hits("quagga") == 1


def test_a_forum_that_fewer_may_read_is_found_and_counted_by_them_alone() -> None:
    board, resident = make.forum(), accounts.person()
    make.topic(board, text="Quagga")
    counted = []
    for readers in (Audience.RESIDENTS, Audience.STAFF, Audience.EVERYONE):
        names = {"en": board.name("en")}
        save_forum(
            actor=None, forum=board, details=ForumDetails(names=names, abouts={}, readers=readers, widen=True)
        )
        asked = search.question("quagga")
        counted.append([search.find(viewer, asked).count for viewer in (Visitor(), resident)])
    assert counted == [[0, 1], [0, 0], [1, 1]]
