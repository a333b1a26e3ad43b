"""What people and staff do in forums, at random, and what of it each may find: told from the things themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.models import Person, Role, Visitor
from forum.accounts.operations.erasing import erase
from forum.core import clock
from forum.discussions import policy
from forum.discussions.models import Audience, Post, PostState, Topic
from forum.discussions.operations import joining, moderating_topics
from forum.discussions.operations.boards import ForumDetails, save_forum
from forum.discussions.operations.moderating import replace_text
from forum.discussions.operations.order import archive_topic, move_topic, schedule_topic
from forum.discussions.operations.states import lock_topic, set_state
from forum.discussions.operations.writing import delete_post, edit_post
from forum.discussions.queries.boards import is_verified
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from tests.factories import accounts
from tests.factories import discussions as make

PICK = st.integers(0, 5)
ACTS = st.tuples(
    st.sampled_from([
        "topic", "topic", "say", "say", "say", "set", "set", "set", "edit post", "delete post", "redact", "schedule",
        "carry", "join", "part", "readers", "archive", "whole", "erase author",
    ]),
    PICK,
    PICK,
)  # fmt: skip
TEXTS = ("Zanzibar is dark.", "Luz en *Zanzíbar*.", "Quagga.")


class Talk:
    """Forums of every audience in which a resident, a verified resident and an officer talk."""

    def __init__(self, area: Neighborhood) -> None:
        self.area = area
        self.officer = accounts.person(Role.OFFICER)
        self.verified = make.verified(area=area)
        self.resident = accounts.person()
        self.forums = [make.forum(readers=audience) for audience in Audience]

    @property
    def topics(self) -> list[Topic]:
        return list(db.session.scalars(select(Topic).order_by(Topic.id)))

    @property
    def posts(self) -> list[Post]:
        return list(db.session.scalars(select(Post).order_by(Post.id)))

    def do(self, act: str, which: int, how: int) -> bool:
        """One act; False when it is none of these."""
        acts: dict[str, Callable[[int, int], Any]] = {
            "topic": self._start, "say": self._say, "schedule": self._schedule, "readers": self._readers,
            "join": self._join, "part": self._part, "whole": self._whole,
            "carry": lambda which, how: move_topic(
                actor=self.officer, topic=self._topic(which), forum=self.forums[how % 4], widen=True
            ),
            "archive": lambda which, how: archive_topic(
                actor=self.officer, topic=self._topic(which), archived=bool(how % 2)
            ),
            "set": self._set,
            "edit post": lambda which, how: edit_post(
                actor=(self.officer, self._author(which))[how % 2], post=self._post(which), text=TEXTS[how % 3]
            ),
            "delete post": lambda which, _how: delete_post(actor=self._author(which), post=self._post(which)),
            "redact": lambda which, how: replace_text(self._post(which).id, f"Quagga\n\n{TEXTS[how % 3]}"),
            "erase author": self._erase,
        }  # fmt: skip
        if act in acts and (act in ("topic", "readers") or self.topics):
            acts[act](which, how)
        return act in acts

    def visible(self, viewer: Person | Visitor) -> set[tuple[str, str]]:
        """Posts with the word that everybody reads who reads their forum, in topics that are there for them."""
        now, verified = clock.now(), is_verified(viewer)
        return {
            ("post", f"/posts/{post.id}")
            for post in self.posts
            if policy.can_see_topic(viewer, post.topic, now, verified=verified)
            and post.topic.is_open(now)  # staff and its author see it before, and find it when others do
            and post.topic.published_at is not None
            and policy.can_see_post(Visitor(), post)
            and "zan" in f"{post.topic.title if post.number == 1 else ''} {post.text}".lower()
        }

    def _start(self, which: int, how: int) -> None:
        author, veiled = ((self.resident, False), (self.officer, False), (self.verified, True))[how % 3]
        text = f"{TEXTS[how % 3]} {make.HELD if how == 3 else ''}"
        topic = make.topic(
            self.forums[which % 4], author=author, title=("Zanzibar lamp", "Lamp")[how % 2], text=text
        )
        if veiled:
            make.post(topic, author=author, text=TEXTS[0], as_resident=True)

    def _say(self, which: int, how: int) -> None:
        posts = [post for post in self.posts if post.topic_id == self._topic(which).id]
        make.post(
            self._topic(which), author=(self.resident, self.officer, self.verified)[how % 3], text=TEXTS[how % 3],
            parent=posts[how % len(posts)] if posts and how > 3 else None, hold=how == 4, as_resident=how == 2,
        )  # fmt: skip

    def _set(self, which: int, how: int) -> None:
        post, state = self._post(which), list(PostState)[how % 5]
        if post.state is not PostState.DELETED and state is not PostState.DELETED:
            set_state(lock_topic(post.topic), post, state)

    def _schedule(self, which: int, how: int) -> None:
        opens = clock.now() + timedelta(hours=2) if how % 2 else None
        schedule_topic(actor=self.officer, topic=self._topic(which), opens_at=opens)

    def _join(self, which: int, how: int) -> None:
        joining.merge_topics(
            actor=self.officer, source=self._topic(which), target=self._topic(how), widen=True
        )

    def _part(self, which: int, how: int) -> None:
        post = self._post(which)
        joining.split_topic(
            actor=self.officer, topic=post.topic, post_ids={post.id}, title=("Zanzibar", "Split")[how % 2]
        )

    def _whole(self, which: int, how: int) -> None:
        """A decision about the whole topic, or its end."""
        topic = self._topic(which)
        if how % 3:
            moderating_topics.show(topic.id)
        else:
            moderating_topics.hide(topic.id, 3)

    def _readers(self, which: int, how: int) -> None:
        forum = self.forums[which % 4]
        names = {"en": forum.name("en")}
        details = ForumDetails(names=names, abouts={}, readers=list(Audience)[how % 4], widen=True)
        save_forum(actor=None, details=details, forum=forum)

    def _erase(self, which: int, how: int) -> None:
        if how == 5:
            erase(self._author(which))
            self.resident, self.verified = accounts.person(), make.verified(area=self.area)

    def _topic(self, which: int) -> Topic:
        return self.topics[which % len(self.topics)]

    def _post(self, which: int) -> Post:
        return self.posts[-1 - which % len(self.posts)]

    def _author(self, which: int) -> Person:
        return self._post(which).author or self.verified
