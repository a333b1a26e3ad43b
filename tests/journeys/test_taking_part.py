"""Neighbors talk: reading on, reacting, being told while the page stays open; with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Role
from forum.discussions.models import Topic, TopicReader
from forum.discussions.operations.polls import start_poll
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.journeys.test_keyboard import focus, tab_to
from tests.servers import wait_until
from tests.servers.town import Town

pytestmark = pytest.mark.browser
LONG = "Averylongwordwithoutabreak" * 12


def talk() -> dict[str, Any]:
    """A topic with threads four levels deep, words in two directions, a poll and an official answer."""
    reader, author = accounts.person(name="Jo Reader"), accounts.person(name="Ada Green")
    topic = make.topic(author=author, title="Cars race at night", text="Who else hears it?")
    parent = None
    for number in range(4):
        parent = make.post(topic, parent=parent, text=f"Answer number {number}.")
    officer = accounts.person(Role.OFFICER, name="Dana Ruiz", title="Neighborhood officer")
    official = make.post(topic, author=officer, text="We are there on the next three weekends.")
    official.official_role, topic.official_id = "officer", official.id
    make.post(topic, text=f"نسمعها كل ليلة.\n\n{LONG}")
    start_poll(
        actor=author, topic=topic, question="What would help?", options=["A bump", "A camera", LONG[:100]]
    )
    return {"reader": reader.id, "topic": topic.id, "path": f"/topics/{topic.id}-{topic.slug}",
            "forum": topic.forum.slug}  # fmt: skip


@pytest.mark.parametrize(
    ("scripts", "width", "scheme"),
    ((True, NARROW, "dark"), (True, WIDE, "light"), (False, NARROW, "light")),
    ids=("phone", "desktop", "without JavaScript"),
)
def test_a_neighbor_takes_part_in_a_topic(
    town: Town, reader: Callable[..., Reader], scripts: bool, width: Any, scheme: Any
) -> None:
    made = town.make(talk)
    window = reader(made["reader"], scripts=scripts, width=width, color_scheme=scheme)
    window.go("/forums")
    window.press("Cars race at night", "link")
    window.press("Same here")
    assert window.page.locator(".pill[aria-pressed=true]").all_inner_texts() == ["Same here 1"]
    window.page.get_by_label("A camera").check()
    window.press("Vote", exact=True)
    window.reads("1 person has voted.")
    window.press("Watch", exact=True)
    window.reads("You watch this topic")
    window.page.locator(".post-links button").nth(1).click()
    window.go("/account/bookmarks")
    window.reads("Answer number 0.")
    window.go("/account/topics")
    window.press("Cars race at night", "link")
    window.press("Quote", "link")
    assert "> " in window.page.locator("main [name=text]").input_value()
    window.page.locator("main [name=text]").fill("I hear them too.")
    window.press("Post it")
    window.reads("I hear them too.")


def test_an_open_page_says_what_is_new_and_moves_nothing(town: Town, reader: Callable[..., Reader]) -> None:
    made = town.make(talk)
    window = reader(width=NARROW)
    window.go(made["path"])
    window.press("Hide the answers")
    assert not window.page.locator("#post-4").is_visible()
    window.press("Show the answers (3)")
    assert window.page.locator("#post-4").is_visible()
    window.page.evaluate("scrollTo(0, 300)")
    town.make(lambda: make.post(db.session.get_one(Topic, made["topic"]), text="Just now.").id)
    before = window.page.evaluate("scrollY")
    window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    news = window.page.get_by_role("link", name="1 new post")
    news.wait_for()
    assert window.page.evaluate("scrollY") == before
    news.click()
    window.reads("Just now.")


def test_what_was_seen_counts_as_read_and_nothing_else(town: Town, reader: Callable[..., Reader]) -> None:
    made = town.make(talk)
    town.make(lambda: [make.post(db.session.get_one(Topic, made["topic"])).id for _ in range(20)])
    window = reader(made["reader"], width=NARROW)

    def read() -> int:
        mine = select(TopicReader.read_number).where(TopicReader.person_id == made["reader"])
        with town.app.app_context():
            return int(db.session.scalar(mine) or 0)

    window.go(f"{made['path']}?view=time")
    window.page.locator("#post-1").scroll_into_view_if_needed()
    wait_until(lambda: read() > 0, what="the first posts to be read")
    assert read() < 20  # the page is longer than the window
    window.page.locator(".posts > li").last.scroll_into_view_if_needed()
    wait_until(lambda: read() == 20, what="the rest to be read")
    window.go("/forums")
    window.reads("7 new")


def test_keys_go_on_where_a_press_has_left_them(town: Town, reader: Callable[..., Reader]) -> None:
    made = town.make(talk)
    window = reader(made["reader"], width=WIDE)
    window.go(made["path"])
    tab_to(window, "Follow", most=150)
    window.page.keyboard.press("Enter")
    window.reads("You follow this topic: it stands in your list.")
    tab_to(window, "Follow", most=1)
    window.go(f"/topics/{made['topic']}/reply")
    for words, begins in (
        ("I hear them **too**.", "How it will look"),
        ("He lives at 12 North Oak Street, in the white house.", "Please look at this once more"),
    ):
        window.fill(text=words)
        tab_to(window, "Preview" if "too" in words else "Post it")
        window.page.keyboard.press("Enter")
        window.reads(begins)
        assert focus(window).startswith(begins)


def test_without_scripts_the_keys_go_on_from_the_preview(town: Town, reader: Callable[..., Reader]) -> None:
    made = town.make(talk)
    window = reader(made["reader"], width=WIDE, scripts=False)
    window.go(f"/topics/{made['topic']}/reply")
    window.fill(text="I hear them **too**.")
    tab_to(window, "Preview")
    window.page.keyboard.press("Enter")
    window.reads("How it will look")
    assert focus(window).startswith("How it will look")
    tab_to(window, "text", most=1)


@pytest.mark.parametrize("scripts", (True, False))
def test_enter_in_a_line_shows_how_it_will_look_and_posts_nothing(
    town: Town, reader: Callable[..., Reader], scripts: bool
) -> None:
    made = town.make(talk)
    window = reader(made["reader"], width=WIDE, scripts=scripts)
    window.go(f"/forums/{made['forum']}/new")
    window.fill(text="Could we have a **bench** there?", title="A bench by the pond")
    window.page.keyboard.press("Enter")
    window.reads("How it will look")
    assert focus(window).startswith("How it will look")
    assert window.page.locator("[name=title]").input_value() == "A bench by the pond"
