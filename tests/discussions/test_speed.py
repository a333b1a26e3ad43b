"""What pages of discussions ask of the database: how often, and by which index, however long a topic is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Role, Visitor
from forum.core import clock
from forum.core.search import let_in, question
from forum.core.search.asking import Order, find
from forum.discussions.models import Forum, ReactionKind
from forum.discussions.operations.official import mark_official
from forum.discussions.operations.taking_part import mark_read, react
from forum.discussions.queries import authors, posts, topics
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.statements import Statements

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def talk(saved: Saved) -> dict[str, Any]:
    """A topic of twenty-five posts with an official answer, tags and reactions, of which a reader has read five."""

    def prepare() -> dict[str, Any]:
        reader, officer = accounts.person(), accounts.person(Role.OFFICER)
        topic = make.topic()
        for _ in range(24):
            post = make.post(topic)
            react(actor=reader, post=post, kind=ReactionKind.THANKS)
        mark_official(actor=officer, post=make.post(topic, author=officer))
        mark_read(actor=reader, topic=topic, number=5)
        return {
            "reader": reader.id, "topic": topic.id,
            "paths": (f"/topics/{topic.id}-{topic.slug}", f"/forums/{topic.forum.slug}"),
        }  # fmt: skip

    found: dict[str, Any] = saved(prepare)
    return found


def test_a_page_with_marks_and_reactions_asks_ten_questions_at_most(app: Flask, talk: dict[str, Any]) -> None:
    client = _reading(app, talk)
    for path in talk["paths"]:
        with Statements() as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= 10, asked


@pytest.mark.once  # on PostgreSQL what is kept ends with every commit in the cluster, and other tests commit meanwhile
def test_a_page_with_marks_and_reactions_that_is_opened_again_asks_three(
    app: Flask, talk: dict[str, Any]
) -> None:
    client = _reading(app, talk)
    for path in talk["paths"]:
        client.get(path)
        with Statements() as asked:
            client.get(path)
        # Of blocks, of the index, of the words that are ranked, of the entries that are shown, and of their posts.
        assert len(asked) <= 5, asked


def _reading(app: Flask, talk: dict[str, Any]) -> Any:
    """Somebody signed in who has been here before."""
    client = accounts.sign_in(app.test_client(), talk["reader"])
    client.get("/account/name")
    return client


def test_a_topic_is_kept_for_visitors_whatever_name_they_asked_under(
    app: Flask, talk: dict[str, Any]
) -> None:
    for headers in ({}, {"Cookie": "seen=1"}):
        answer = app.test_client().get(talk["paths"][0], base_url="http://127.0.0.1:81", headers=headers)
        assert answer.status_code == 200
        assert b"127.0.0.1:81" not in answer.data


def test_a_reply_is_written_with_six_statements(app: Flask, talk: dict[str, Any]) -> None:
    client, path = _reading(app, talk), f"/topics/{talk['topic']}/reply"
    fields = client.page(path).form() | {"text": "I hear them too."}
    with Statements() as asked:
        assert client.post(path, data=fields).status_code == 303
    # Who reads; what it hangs on, its row, its topic, what they wrote lately, its entry for search.
    assert len(asked) <= 6, asked


def plan(wanted: Any, **asked: Any) -> str:
    """How the database goes about it; PostgreSQL sees ten thousand posts first, since its way hangs on how many it
    knows, and is told not to read everything, as it may of a small table."""
    engine = db.engine
    if asked:
        wanted = wanted.params(**asked)
    sql = str(wanted.compile(engine, compile_kwargs={"literal_binds": True})).replace("%%", "%")
    if engine.dialect.name == "sqlite":
        return "\n".join(str(row[3]) for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {sql}")))
    _fill()
    for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        db.session.execute(sa.text(f"SET LOCAL {way} = off"))
    return "\n".join(str(row[0]) for row in db.session.execute(sa.text(f"EXPLAIN {sql}")))


def _fill() -> None:
    """Posts of a hundred topics and of five hundred people, a minute apart; nothing else is there."""
    db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # nobody checks foreign keys
    db.session.execute(
        sa.text(
            "INSERT INTO post (topic_id, number, depth, path, author_id, text, html, renderer, pictures_count, state,"
            " created_at) SELECT n % 100, n, 0, lpad(n::text, 8, '0') || '.', n % 500, 'x', 'x', 1, 0, 'published',"
            " now() - n * interval '1 minute' FROM generate_series(1, 10000) n"
        )
    )
    db.session.execute(sa.text("ANALYZE post"))


@pytest.mark.parametrize(
    ("wanted", "index"),
    (
        (posts.threaded(7, after="00099980.").limit(21), "ix_post_path"),
        (posts.threaded(7, before="00099980.").limit(21), "ix_post_path"),
        (posts.by_time(7, after=99_980).limit(21), "uq_post_topic_id_number"),
        (posts.by_time(7, before=99_980).limit(21), "uq_post_topic_id_number"),
        (posts.newest_in(7, 30), "uq_post_topic_id_number"),
        (posts.number_on(7, clock.now() - timedelta(days=9)), "ix_post_day"),
        (posts.last_published(7), "ix_post_day"),
    ),
    ids=("threads on", "threads back", "numbers on", "numbers back", "newest", "a day", "the last"),
)
def test_a_page_is_found_by_its_place_and_nothing_before_it_is_read(
    work: Flask, wanted: Any, index: str
) -> None:
    found = plan(wanted)
    if db.engine.dialect.name == "sqlite":
        index = {"uq_post_topic_id_number": "sqlite_autoindex_post"}.get(index, index)
        assert "TEMP B-TREE" not in found
    assert index in found, found
    assert "Sort" not in found


def test_a_forum_is_read_by_what_was_lately_written_in_it(work: Flask) -> None:
    board = Forum(id=3, slug="x")
    after = (False, clock.now(), 12)
    found = plan(topics.topics_of(Visitor(), board, clock.now(), after=after).limit(31))
    assert "ix_topic_page" in found
    assert "TEMP B-TREE" not in found


def test_what_somebody_wrote_lately_is_found_without_reading_all_that_they_wrote(work: Flask) -> None:
    asked = {"person_id": 5, "since": clock.now() - timedelta(days=2), "but": 1, "topic_id": 2, "likeness": 3}
    found = plan(authors.WRITTEN_SINCE.statement, **asked)
    assert "ix_post_author" in found
    assert "SCAN post" not in found
    if db.engine.dialect.name == "sqlite":  # a text lies on a page of its own, and there are fifty of them
        assert "COVERING INDEX ix_post_author" in found


def test_counting_no_further_than_a_thousand_costs_no_second_question(app: Flask, saved: Saved) -> None:
    saved(lambda: make.topic(title="Lamps are out").id)
    with app.app_context():
        let_in()
    for order in Order:
        with app.test_request_context(), Statements() as asked:
            answer = find(Visitor(), question("lamps"), order=order)
        assert answer.count == 1
        # Of blocks, of the index, of the words that are ranked, of the entries that are shown, and of their posts.
        assert len(asked) <= 5, asked
