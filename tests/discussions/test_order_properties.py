"""Whatever is posted, taken back, merged and split: no post is lost, and numbers, counts and threads are true."""

from __future__ import annotations

from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.models import Role
from forum.core.errors import Refusal
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations import joining
from forum.discussions.operations.official import mark_official
from forum.discussions.operations.writing import delete_post
from forum.discussions.queries.posts import published_count, threaded
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make

ACTS = st.lists(
    st.tuples(
        st.sampled_from(("start", "reply", "reply", "reply", "hold", "delete", "merge", "split", "official")),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    min_size=4,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_no_act_loses_a_post_or_makes_a_number_or_count_untrue(
    context: Flask, acts: list[tuple[str, int, int]]
) -> None:
    db.session.rollback()
    g.writing = True
    officer, resident, board = accounts.person(Role.OFFICER), accounts.person(), make.forum()
    written: dict[int, str] = {}
    make.topic(board, author=resident, text="start")
    for name, one, two in acts:
        topics = db.session.scalars(select(Topic).where(Topic.forum_id == board.id).order_by(Topic.id)).all()
        topic, other = topics[one % len(topics)], topics[two % len(topics)]
        posts = db.session.scalars(select(Post).where(Post.topic_id == topic.id).order_by(Post.number)).all()
        post = posts[two % len(posts)] if posts else None
        try:
            if name == "start":
                make.topic(board, author=resident, text="start")
            elif name in ("reply", "hold"):
                make.post(
                    topic,
                    author=(resident, officer)[two % 2],
                    parent=post,
                    text=f"{one} {two}",
                    hold=name == "hold",
                )
            elif name == "delete" and post is not None:
                delete_post(actor=(resident, officer)[one % 2], post=post)
            elif name == "merge":
                joining.merge_topics(actor=officer, source=topic, target=other)
            elif name == "split" and post is not None:
                joining.split_topic(
                    actor=officer, topic=topic, post_ids={post.id, posts[-1].id}, title="Split"
                )
            elif name == "official" and post is not None:
                mark_official(actor=officer, post=post)
        except Refusal:
            continue
        check(written)
    db.session.rollback()


def check(written: dict[int, str]) -> None:
    """Raise AssertionError when something is untrue; *written* gathers every post that ever was."""
    db.session.expire_all()
    everything = db.session.scalars(select(Post)).all()
    assert written.keys() <= {post.id for post in everything}
    for post in everything:
        assert post.text == written.get(post.id, post.text) or post.state is PostState.DELETED
        written[post.id] = post.text
    for topic in db.session.scalars(select(Topic)).all():
        found = list(db.session.scalars(threaded(topic.id)))
        assert topic.posts_count == db.session.scalar(published_count(topic.id))
        assert max((post.number for post in found), default=0) <= topic.last_number
        assert topic.merged_into_id is None or not found
        officials = [post.id for post in found if post.official_role is not None]
        assert topic.official_id is None or topic.official_id in officials
        shown = {post.id: post for post in found}
        assert len({post.number for post in found}) == len(found)
        for post in found:
            parent = shown[post.parent_id] if post.parent_id else None
            assert post.path == f"{parent.path if parent else ''}{post.number:08d}."
            assert post.depth == (parent.depth + 1 if parent else 0)
            assert parent is None or parent.number < post.number
