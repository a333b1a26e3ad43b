"""A whole topic for paper: everything that this reader may read of it, in order, a bounded page at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Role
from forum.core.uploads import small
from forum.discussions.models import Audience
from forum.discussions.operations import moderating
from forum.discussions.operations.polls import start_poll
from forum.discussions.operations.writing import edit_post
from forum.discussions.views import printing
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


def long_topic() -> dict[str, Any]:
    """Seven posts: an answer below the first, one hidden, one held, one with a picture."""
    topic = make.topic(text="Who hears <it>?")
    first = db.session.scalars(make.posts_of(topic)).first()
    make.post(topic, text="> Who hears it?\n\nI do.")
    make.post(topic, text="An answer to the first.", parent=first)
    hidden = make.post(topic, text="What nobody reads.")
    held = make.post(topic, hold=True)
    pictured = make.pictured(topic, alt="Marks of tires")
    changed = make.post(topic, text="Last but one.")
    edit_post(
        actor=db.session.get_one(type(changed.author), changed.author_id), post=changed, text="The last."
    )
    moderating.hide(hidden.id, 2)
    start_poll(actor=topic.author, topic=topic, question="A bump?", options=["Yes", "No <way>"])
    return {
        "path": f"/topics/{topic.id}/print", "topic": f"/topics/{topic.id}-{topic.slug}", "held": held.text,
        "picture": make.picture_of(pictured), "last": changed.id,
    }  # fmt: skip


def test_a_topic_is_printed_whole_and_in_order_with_what_its_reader_may_read(
    client: Client, saved: Saved
) -> None:
    made = saved(long_topic)
    assert made["path"] in client.page(made["topic"]).links()
    page = client.page(made["path"])
    words = page.text()
    order = [
        "A bump?",
        "No <way>",
        "0 people have voted.",
        "Who hears <it>?",
        "I do.",
        "An answer to the first.",
        "Hidden under rule 2",
        "The last.",
    ]
    assert [words.index(each) for each in order] == sorted(words.index(each) for each in order)
    assert "in answer to number 1" in words
    assert made["held"] not in words
    assert "What nobody reads." not in words
    images = {image.get("src"): image for image in page.all("img")}
    assert images[small(made["picture"])].get("alt") == "Marks of tires"
    assert images[small(made["picture"])].get("loading") is None  # what is not on the screen is printed too
    assert '<meta name="robots" content="noindex">' in page.html
    assert page.forms() == []


def test_a_long_topic_is_printed_a_page_at_a_time(
    client: Client, saved: Saved, monkeypatch: pytest.MonkeyPatch, count_queries: Any
) -> None:
    monkeypatch.setattr(printing, "MOST", 3)
    made = saved(long_topic)
    seen: list[str] = []
    path: str | None = made["path"]
    while path:
        with count_queries() as statements:
            page = client.page(path)
        assert len(statements) <= 8
        numbers = [section.get("id") for section in page.all("section")]
        assert len(numbers) <= 3
        seen += numbers
        path = next((link for link in page.links() if "after=" in link), None)
    assert seen == [f"post-{number}" for number in range(1, 8)]


def test_what_is_not_for_everybody_is_printed_by_who_may_read_it(app: Flask, saved: Saved) -> None:
    def prepare() -> dict[str, Any]:
        topic = make.topic(make.forum(readers=Audience.RESIDENTS))
        return {"path": f"/topics/{topic.id}/print", "resident": accounts.person(Role.RESIDENT).id}

    made = saved(prepare)
    assert app.test_client().get(made["path"]).status_code == 404
    resident = accounts.sign_in(app.test_client(), made["resident"])
    assert resident.get(made["path"]).status_code == 200
