"""Neighbors talk: criticism stays, a home address is held and mended, a hidden post is appealed and comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.discussions.models import Forum
from forum.extensions import db
from tests.factories import accounts, discussions
from tests.journeys.reader import NARROW, WIDE, Reader
from tests.servers.town import Town

pytestmark = pytest.mark.browser
PHONE = {"width": NARROW, "color_scheme": "light"}
DESK_IN_THE_DARK = {"width": WIDE, "color_scheme": "dark"}
WITHOUT_SCRIPTS = {"width": NARROW, "scripts": False}
WAYS = pytest.mark.parametrize(
    "way", (PHONE, DESK_IN_THE_DARK, WITHOUT_SCRIPTS), ids=("phone", "dark", "plain")
)
CRITICISM = (
    "The chief promised patrols in March and nothing happened. I do not believe this department any more."
)
ADDRESS = "The man lives at 1419 West Blackhawk Street, everybody knows."


def people(count: int) -> list[int]:
    return [accounts.person(name=f"Neighbor {number}").id for number in range(count)]


def board() -> str:
    made = discussions.forum(names={"en": {"name": "Around town", "about": "What happens on our streets."}})
    return made.slug


@WAYS
def test_criticism_is_reported_by_several_held_by_nothing_and_kept(
    town: Town, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    slug, (author, *reporters) = town.make(board), town.make(lambda: people(4))
    window = reader(author, **way)
    window.go("/forums")
    window.go(f"/forums/{slug}")
    window.press("Start a topic", "link")
    window.fill(title="Where are the patrols?", text=CRITICISM, tags="patrols")
    window.press("Post it")
    window.reads("Your topic is there.")
    path = window.page.url
    for number, reporter in enumerate(reporters):
        other = reader(reporter, **(way if number == 0 else {"scripts": False}))
        other.go(path)
        other.reads("I do not believe this department")
        reports(other, "1", "It insults the police.")
    officer = reader("supervisor", **way)
    opens_case(officer, "I do not believe")
    decides(officer, "keep", "Criticism of the agency breaks no rule.")
    visitor = reader(**way)
    visitor.go(path)
    visitor.reads("I do not believe this department")


@WAYS
def test_a_home_address_is_held_edited_and_published(
    town: Town, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    slug, (author,) = town.make(board), town.make(lambda: people(1))
    path = town.make(lambda: talk(slug))
    window = reader(author, **way)
    window.go(path)
    window.press("Reply", "link")
    window.fill(text=ADDRESS)
    window.press("Post it")
    window.reads("Please look at this once more")
    window.press("Post it")
    window.reads("This post waits for a person to read it.")
    window.press("Why, and what you can do", "link")
    window.reads("A home address")
    window.press("Edit it", "link")
    window.fill(text="A man drives too fast on Blackhawk.")
    window.press("Save")
    visitor = reader(**way)
    visitor.go(path)
    visitor.reads("A man drives too fast")


@WAYS
def test_a_hidden_post_is_appealed_restored_and_counted_in_the_log(
    town: Town, reader: Callable[..., Reader], way: dict[str, Any]
) -> None:
    slug, (author, reporter) = town.make(board), town.make(lambda: people(2))
    path = town.make(lambda: talk(slug, author, "You are wrong about this, and you know it."))
    other = reader(reporter, **way)
    other.go(path)
    reports(other, "3", "It is rude.")
    officer = reader("officer", **way)
    opens_case(officer, "You are wrong about this")
    decides(officer, "hide", "The whole sentence is an insult.")
    visitor = reader(**way)
    visitor.go(path)
    visitor.reads("Hidden under rule")
    window = reader(author, **way)
    window.go(path)
    window.press("Why, and what you can do", "link")
    window.reads("The whole sentence is an insult.")
    window.fill(words="I disagree with somebody. That is allowed.")
    window.press("Appeal")
    reviewer = reader("reviewer", **way)
    reviewer.go("/desk/moderation/appeals")
    reviewer.page.locator("main table a").first.click()
    reviewer.page.locator("main input[value=overturned]").check()
    reviewer.fill(why="It attacks an opinion and not a person.")
    reviewer.press("Decide")
    visitor.go(path)
    visitor.reads("You are wrong about this")
    visitor.go("/moderation/log")
    visitor.reads("Overturned")
    visitor.go("/rules")


def talk(slug: str, author: int | None = None, text: str = "I hear them too.") -> str:
    """The address of a topic with an answer."""
    found = db.session.scalars(select(Forum).where(Forum.slug == slug)).one()
    writer = db.session.get_one(Person, author) if author else None
    topic = discussions.topic(found, title="Cars race at night")
    discussions.post(topic, author=writer, text=text)
    return f"/topics/{topic.id}-{topic.slug}"


def reports(window: Reader, rule: str, words: str) -> None:
    window.page.locator(".post").get_by_role("link", name="Report").last.click()  # beside the newest post
    window.page.wait_for_load_state()
    window.check()
    window.page.locator(f"main input[name=rule][value='{rule}']").first.check()
    window.fill(words=words)
    window.press("Report it")


def opens_case(window: Reader, words: str) -> None:
    """The newest case that shows *words*."""
    window.go("/desk/moderation?whose=all")
    for address in [a.get_attribute("href") for a in window.page.locator("main table a").all()]:
        window.go(str(address))
        if window.page.get_by_text(words).count():
            return
    raise AssertionError(f"no case about {words}")


def decides(window: Reader, measure: str, words: str) -> None:
    window.page.locator(f"main input[name=measure][value={measure}]").check()
    window.choose("rule", "3")
    window.fill(words=words)
    window.press("Decide")
