"""The agency's answer, what staff change, and what waits for a word of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry
from forum.core import clock
from forum.core.differences import differences
from forum.core.errors import Refusal
from forum.discussions.models import Post, Topic
from forum.discussions.operations import moderating
from forum.discussions.operations.official import mark_official, unmark_official
from forum.discussions.operations.writing import delete_post, edit_post
from forum.discussions.queries import answers
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make


def test_a_topic_has_one_official_answer_and_the_ledger_says_whose_word_it_was(work: Flask) -> None:
    officer, supervisor, topic = accounts.person(Role.OFFICER), accounts.person(Role.SUPERVISOR), make.topic()
    first, second = make.post(topic, author=officer), make.post(topic, author=officer)
    mark_official(actor=officer, post=first)
    mark_official(actor=supervisor, post=second)
    assert (topic.official_id, first.official_role, second.official_role) == (second.id, None, "supervisor")
    unmark_official(actor=officer, post=first)
    assert topic.official_id == second.id
    unmark_official(actor=officer, post=second)
    assert (topic.official_id, second.official_role) == (None, None)
    acts = db.session.scalars(select(Entry.detail).where(Entry.act == "post.official").order_by(Entry.id))
    assert list(acts) == [{"official": True}, {"official": True}, {"official": False}]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.SUPERVISOR}))
def test_nobody_else_says_what_the_agencys_answer_is(work: Flask, role: Role) -> None:
    person, topic = accounts.person(role), make.topic()
    post = make.post(topic, author=accounts.person(Role.OFFICER))
    for act in (mark_official, unmark_official):
        with pytest.raises(Refusal):
            act(actor=person, post=post)
    assert topic.official_id is None


def test_what_a_resident_wrote_is_not_the_agencys_answer(work: Flask) -> None:
    officer, topic = accounts.person(Role.OFFICER), make.topic()
    with pytest.raises(Refusal):
        mark_official(actor=officer, post=make.post(topic))
    held = make.post(topic, author=officer, hold=True)
    with pytest.raises(Refusal):
        mark_official(actor=officer, post=held)


def test_an_answer_that_is_taken_back_is_an_answer_no_longer(work: Flask) -> None:
    officer, topic = accounts.person(Role.OFFICER), make.topic()
    post = make.post(topic, author=officer)
    mark_official(actor=officer, post=post)
    delete_post(actor=officer, post=post)
    assert (topic.official_id, post.official_role) == (None, None)


def test_an_answer_that_is_hidden_is_one_again_when_it_is_back_unless_there_is_another(work: Flask) -> None:
    officer, topic = accounts.person(Role.OFFICER), make.topic()
    first, second = make.post(topic, author=officer), make.post(topic, author=officer)
    mark_official(actor=officer, post=first)
    moderating.hide(first.id, 3)
    assert topic.official_id is None
    moderating.show(first.id)
    assert topic.official_id == first.id
    moderating.hide(first.id, 3)
    mark_official(actor=officer, post=second)
    moderating.show(first.id)
    assert (topic.official_id, first.official_role) == (second.id, None)
    moderating.hide(second.id, 3)
    unmark_official(actor=officer, post=second)
    moderating.show(second.id)
    assert (topic.official_id, second.official_role) == (None, None)


def test_topics_wait_until_staff_write_in_them_the_oldest_first(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    older, newer, answered, own = make.topic(), make.topic(), make.topic(), make.topic(author=officer)
    make.post(answered, author=accounts.person(Role.REVIEWER))
    for topic, days in ((older, 3), (newer, 1), (answered, 9), (own, 9)):
        topic.created_at = clock.now() - timedelta(days=days)
    closed, archived = make.topic(), make.topic()
    closed.locked = archived.archived = True
    db.session.flush()
    assert list(db.session.scalars(answers.waiting(officer, clock.now()))) == [older, newer]


def test_the_time_to_answer_goes_from_the_first_post_to_the_official_one(work: Flask) -> None:
    officer, topic, open_ = accounts.person(Role.OFFICER), make.topic(), make.topic()
    own = make.topic(author=officer)
    since = clock.now() - timedelta(days=1)
    with time_machine.travel(clock.now() + timedelta(hours=5)):
        for asked in (topic, own):
            mark_official(actor=officer, post=make.post(asked, author=officer))
    found = db.session.execute(answers.answer_times(officer, since, clock.now())).all()
    assert [(forum, round((b - a) / timedelta(hours=1))) for forum, a, b in found] == [(topic.forum_id, 5)]
    assert dict(db.session.execute(answers.asked_count(officer, since, clock.now())).all()) == {
        topic.forum_id: 1,
        open_.forum_id: 1,
    }


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after


@pytest.fixture
def site(saved: Any) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        topic = make.topic(author=accounts.person(name="Ada Green"), text="Cars race after dark.")
        officer = accounts.person(Role.OFFICER, name="Sam Lopez")
        answer = make.post(topic, author=officer, text="We are on it.")
        first = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
        edit_post(
            actor=db.session.get_one(type(officer), topic.author_id),
            post=first,
            text="Cars race loudly at 9.",
            tags=["motors"],
        )
        edit_post(actor=officer, post=first, text="Cars race at 9, <b>says</b> Ada.", title="Night races")
        return {
            "path": f"/topics/{topic.id}-{topic.slug}", "officer": officer.id, "first": first.id, "answer": answer.id,
            "topic": topic.id,
        }  # fmt: skip

    found: dict[str, Any] = saved(prepare)
    return found


def test_everybody_reads_what_staff_changed_and_only_who_keeps_order_what_the_author_did(
    app: Flask, client: Any, site: dict[str, Any]
) -> None:
    path = f"/posts/{site['first']}/history"
    assert path in client.page(site["path"]).links()
    assert f"/posts/{site['answer']}/history" not in client.page(site["path"]).links()
    page = client.page(path)
    assert [len(page.all(tag)) > 0 for tag in ("ins", "del")] == [True, True]
    assert "loudly" in page.text()
    assert "Cars race at night" in page.text()  # its title until then
    for own in ("after dark", "motors"):
        assert own not in page.html
    assert "&lt;b&gt;says" in page.html
    officer: Any = accounts.sign_in(app.test_client(), site["officer"])
    kept = officer.page(path).text()  # a reader may have reported what it said before
    assert [words in kept for words in ("after dark", "motors", "loudly")] == [True, True, True]


def test_what_is_hidden_has_no_history(app: Flask, client: Any, saved: Any, site: dict[str, Any]) -> None:
    def hide() -> None:
        topic = db.session.get_one(Topic, site["topic"])
        delete_post(
            actor=db.session.get_one(type(topic.author), topic.author_id),
            post=db.session.get_one(Post, site["first"]),
        )

    saved(hide)
    assert client.get(f"/posts/{site['first']}/history").status_code == 404


def test_an_officer_pins_an_answer_under_the_question(app: Flask, client: Any, site: dict[str, Any]) -> None:
    officer: Any = accounts.sign_in(app.test_client(), site["officer"])
    assert "The agency’s answer" not in client.page(site["path"]).text()
    assert officer.send(site["path"], form=f"/posts/{site['answer']}/official").status_code == 303
    page = client.page(site["path"])
    assert (
        page.text().index("race at 9") < page.text().index("The agency’s answer") < page.text().index("on it")
    )
    assert "Officer" in page.text()
    desk = officer.page("/desk/forums").text()
    assert "1 of 1" in desk
    assert officer.send(site["path"], form=f"/posts/{site['answer']}/not-official").status_code == 303
    assert "The agency’s answer" not in client.page(site["path"]).text()
