"""The demonstration's forums are lively, answered, and true in every count."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from forum.core import clock
from forum.demo import judged, people, pressed, ruled, said, talking
from forum.discussions.models import Forum, PollVote, Post, PostState, Topic
from forum.discussions.queries.posts import published_count
from forum.extensions import db
from forum.moderation.models import Appeal, Case, CaseState, Decision, Verdict


def test_the_town_talks_in_four_forums_and_everything_said_is_there(work: Flask) -> None:
    talking.play(people.add_cast({}))
    talking.play(people.add_cast({}))
    assert [forum.slug for forum in db.session.scalars(select(Forum).order_by(Forum.position))] == [
        "announcements", "streets-and-traffic", "ask-the-department", "events",
    ]  # fmt: skip
    topics = db.session.scalars(select(Topic)).all()
    assert sorted(topic.title for topic in topics) == sorted(talk.title for talk in said.talks())
    assert all(topic.posts_count == db.session.scalar(published_count(topic.id)) for topic in topics)
    assert sum(topic.posts_count for topic in topics) == sum(len(talk.posts) for talk in said.talks())
    assert (
        {topic.locked for topic in topics} == {topic.official_id is None for topic in topics} == {True, False}
    )
    assert any(topic.is_slow(clock.now()) for topic in topics)
    assert all(post.created_at <= clock.now() for post in db.session.scalars(select(Post)))


def test_the_town_votes_reports_and_decides_and_criticism_stays(work: Flask) -> None:
    cast = people.add_cast({})
    talking.play(cast)
    for _time in range(2):
        pressed.play(cast)
        ruled.play(cast)
    assert db.session.scalar(select(func.count()).select_from(PollVote)) == 10
    disputed = {db.session.get_one(Post, case.thing_id): case for case in db.session.scalars(select(Case))}
    assert len(disputed) == len(judged.DISPUTES)
    told = {post.text.split()[0]: (post.state, case.state) for post, case in disputed.items()}
    assert told["Your"] == (PostState.PUBLISHED, CaseState.DECIDED)  # three readers reported what criticizes
    assert told["The"] == (PostState.PUBLISHED, CaseState.DECIDED)  # hidden, and back after an appeal
    assert told["Theo"] == (PostState.HIDDEN, CaseState.DECIDED)
    assert told["One"] == (PostState.HELD, CaseState.NEW)
    verdicts = db.session.scalars(select(Appeal.verdict).order_by(Appeal.id)).all()
    assert verdicts == [Verdict.OVERTURNED, None]
    times = db.session.scalars(select(Decision.decided_at).order_by(Decision.id)).all()
    assert times == sorted(times)
    assert times[-1] < clock.now()
    assert all(
        topic.posts_count == db.session.scalar(published_count(topic.id))
        for topic in db.session.scalars(select(Topic))
    )
