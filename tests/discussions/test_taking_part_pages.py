"""Following, reacting, keeping and voting as people do it, without JavaScript; and what a page that stays open asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.discussions.models import Audience, Interest, PostState, Topic
from forum.discussions.operations import taking_part
from forum.discussions.operations.polls import start_poll, vote
from forum.discussions.operations.writing import set_state
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def talk(saved: Saved) -> dict[str, Any]:
    """A topic of three posts, and somebody who reads."""

    def prepare() -> dict[str, Any]:
        topic = make.topic(author=accounts.person(name="Ada Green"), title="Cars race", text="At *night*.")
        second = make.post(topic, author=accounts.person(name="Ben Stone"), text="Here too.")
        third = make.post(topic, parent=second, text="Since May.")
        return {
            "topic": topic.id, "path": f"/topics/{topic.id}-{topic.slug}", "forum": topic.forum.slug,
            "second": second.id, "third": third.id, "author": topic.author_id, "reader": accounts.person().id,
        }  # fmt: skip

    found: dict[str, Any] = saved(prepare)
    return found


@pytest.fixture
def reader(app: Flask, talk: dict[str, Any]) -> Client:
    return signed_in(app, talk["reader"])


def signed_in(app: Flask, person: int) -> Client:
    client: Client = accounts.sign_in(app.test_client(), person)  # type: ignore[assignment]
    return client


def press(client: Client, path: str, **values: Any) -> str:
    """Send a small form; where it leads."""
    token = client.page("/account/name").form()["csrf_token"]
    answer = client.post(path, data={"csrf_token": token, **values})
    assert answer.status_code == 303, answer.status_code
    return str(answer.headers["Location"])


def add_posts(saved: Saved, topic_id: int, count: int) -> None:
    saved(lambda: [make.post(db.session.get_one(Topic, topic_id)) for _ in range(count)])


def test_what_is_new_is_marked_in_lists_and_the_link_leads_to_it(
    saved: Saved, reader: Client, talk: dict[str, Any]
) -> None:
    number = talk["topic"]
    assert f"/topics/{number}/unread" not in reader.page("/forums").links()
    press(reader, f"/topics/{number}/read", number=3)
    assert " new" not in reader.page(f"/forums/{talk['forum']}").text()
    add_posts(saved, number, 2)
    for page in ("/forums", f"/forums/{talk['forum']}"):
        assert "2 new" in reader.page(page).text()
        assert f"/topics/{number}/unread" in reader.page(page).links()
    target = reader.get(f"/topics/{number}/unread").headers["Location"]
    assert target.endswith("?view=time&after=3#post-4")
    assert [item.get("id") for item in reader.page(target).all("li") if item.get("id")] == [
        "post-4",
        "post-5",
    ]


def test_reading_alone_writes_nothing(reader: Client, talk: dict[str, Any], count_queries: Any) -> None:
    with count_queries() as statements:
        reader.get(talk["path"])
        reader.get(f"/topics/{talk['topic']}/unread")
    assert all(statement.startswith(("SELECT", "WITH")) for statement in statements)


def test_a_followed_topic_stands_in_ones_list_with_what_is_new(
    saved: Saved, reader: Client, talk: dict[str, Any]
) -> None:
    press(reader, f"/topics/{talk['topic']}/interest", interest="follow")
    assert "You follow this topic" in reader.page(talk["path"]).text()
    add_posts(saved, talk["topic"], 1)
    text = reader.page("/account/topics").text()
    assert "Cars race" in text
    assert "1 new" in text
    press(reader, f"/topics/{talk['topic']}/interest", interest="none")
    assert "Cars race" not in reader.page("/account/topics").text()


def test_a_muted_topic_is_not_among_what_was_lately_written_in(reader: Client, talk: dict[str, Any]) -> None:
    assert talk["path"] in reader.page("/forums").links()
    press(reader, f"/topics/{talk['topic']}/interest", interest="mute")
    assert talk["path"] not in reader.page("/forums").links()
    assert talk["path"] in reader.page(f"/forums/{talk['forum']}").links()


def test_a_reaction_is_counted_for_everybody_and_marked_for_who_gave_it(
    client: Client, reader: Client, talk: dict[str, Any]
) -> None:
    back = press(reader, f"/posts/{talk['second']}/react", kind="same_here", next=talk["path"])
    assert back.endswith(f"{talk['path']}#post-2")
    assert "Same here 1" in client.page(talk["path"]).text()
    pressed = [b for b in reader.page(talk["path"]).all("button") if b.get("aria-pressed") == "true"]
    assert [button.get("value") for button in pressed] == ["same_here"]
    press(reader, f"/posts/{talk['second']}/react", kind="same_here", next="https://evil.example/")
    assert "Same here" not in client.page(talk["path"]).text()


def test_a_bookmark_is_found_in_ones_own_list_alone(
    app: Flask, saved: Saved, reader: Client, talk: dict[str, Any]
) -> None:
    press(reader, f"/posts/{talk['third']}/bookmark", keep=1)
    assert "Since May." in reader.page("/account/bookmarks").text()
    assert "Since May." not in signed_in(app, talk["author"]).page("/account/bookmarks").text()
    press(reader, f"/posts/{talk['third']}/bookmark", keep=0)
    assert "Since May." not in reader.page("/account/bookmarks").text()


def test_long_lists_of_ones_own_are_read_in_pages(saved: Saved, reader: Client, talk: dict[str, Any]) -> None:
    def many() -> None:
        person, board = db.session.get_one(Person, talk["reader"]), make.forum()
        for number in range(32):
            topic = make.topic(board, title=f"Topic number {number:02}")
            taking_part.set_interest(actor=person, topic=topic, interest=Interest.FOLLOW)
            taking_part.set_bookmark(
                actor=person, post=db.session.scalars(make.posts_of(topic)).one(), keep=True
            )

    saved(many)
    for address in ("/account/topics", "/account/bookmarks"):
        seen: list[str] = []
        path: str | None = address
        while path:
            page = reader.page(path)
            seen += [f"{n:02}" for n in range(32) if f"Topic number {n:02}" in page.text()]
            path = next((a.get("href") for a in page.all("a") if a.get("rel") == "next"), None)
        assert sorted(seen) == [f"{number:02}" for number in range(32)]


def test_one_thread_is_read_alone(client: Client, talk: dict[str, Any]) -> None:
    page = client.page(talk["path"])
    assert f"{talk['path']}?under=2" in page.links()
    alone = client.page(f"{talk['path']}?under=2")
    assert [item.get("id") for item in alone.all("li") if item.get("id")] == ["post-2", "post-3"]
    for wrong in ("999", "x", "-1"):
        assert "post-1" in client.page(f"{talk['path']}?under={wrong}").html


def test_a_day_leads_to_its_first_post(app: Flask, client: Client, talk: dict[str, Any]) -> None:
    with app.app_context():
        today = clock.today()
    where = {
        f"{today:%Y-%m-%d}": "after=0#post-1",
        "1999-01-01": "after=0#post-1",
        "2999-01-01": "after=2#post-3",
        "nonsense": "view=time",
        "0001-01-01": "post-1",
    }
    for day, end in where.items():
        answer = client.get(f"/topics/{talk['topic']}/on?day={day}")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(end), day


def test_a_page_that_stays_open_is_told_what_is_new(
    saved: Saved, client: Client, reader: Client, talk: dict[str, Any]
) -> None:
    path = f"/topics/{talk['topic']}/since?number=3"
    for who in (client, reader):
        first = who.get(path)
        assert first.get_json()["count"] == 0
        again = who.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
    add_posts(saved, talk["topic"], 2)
    saved(
        lambda: set_state(
            db.session.get_one(Topic, talk["topic"]),
            make.post(db.session.get_one(Topic, talk["topic"])),
            PostState.HELD,
        )
    )
    news = reader.get(path, headers={"If-None-Match": first.headers["ETag"]}).get_json()
    assert (news["count"], news["words"]) == (2, "2 new posts")
    assert news["url"].endswith("?view=time&after=3#post-4")


def test_a_poll_is_asked_voted_in_and_its_counts_shown_to_who_voted(
    app: Flask, client: Client, reader: Client, talk: dict[str, Any]
) -> None:
    author = signed_in(app, talk["author"])
    address = f"/topics/{talk['topic']}/poll"
    assert address in author.page(talk["path"]).links()
    assert address not in reader.page(talk["path"]).links()
    assert reader.get(address).status_code == 404
    assert author.send(address, {"question": "A bump?", "options": "Yes"}).status_code == 422
    ended = app.test_client().post(address, data={"question": "A bump?", "options": "Yes\nNo"})  # the session
    assert (ended.status_code, Page(ended.text).form()["options"]) == (400, "Yes\nNo")
    assert author.send(address, {"question": "A bump?", "options": "Yes\nNo"}).status_code == 303
    page = reader.page(talk["path"])
    option = next(i.get("value") for i in page.all("input") if i.get("name") == "option")
    assert "1 vote" not in page.text()
    press(reader, f"/topics/{talk['topic']}/vote", option=option)
    assert "1 vote" in reader.page(talk["path"]).text()
    assert "1 vote" not in client.page(talk["path"]).text()
    assert "1 person has voted." in client.page(talk["path"]).text()


def test_a_poll_is_looked_at_gently_waits_where_it_is_asked_unchanged_and_is_mended(
    app: Flask, client: Client, reader: Client, talk: dict[str, Any]
) -> None:
    author = signed_in(app, talk["author"])
    address = f"/topics/{talk['topic']}/poll"
    asked = author.send(address, {"question": "Go and see?", "options": f"{make.HELD}\nNo"})
    assert (asked.status_code, "Please look at this once more" in asked.text) == (200, True)
    assert author.post(address, data=Page(asked.text).form()).status_code == 303
    for page in (client.page(talk["path"]), reader.page(talk["path"]), author.page(talk["path"])):
        assert "The poll of this topic waits for a person to read it." in page.text()
        assert make.HELD not in page.text()
    why = f"{address}/why"
    assert why in author.page(talk["path"]).links()
    case = author.page(author.get(why).headers["Location"])
    assert make.HELD in case.text()
    assert reader.get(why).status_code == 404
    edit = f"{address}/edit"
    assert edit in case.links()
    assert edit in author.page(talk["path"]).links()
    assert reader.get(edit).status_code == 404
    assert author.page(edit).form()["options"] == f"{make.HELD}\nNo"
    assert author.send(edit, {"question": "Go and see?", "options": "Only one"}).status_code == 422
    assert author.send(edit, {"question": "Go and see?", "options": "Yes\nNo"}).status_code == 303
    assert "Yes" in client.page(talk["path"]).text()
    assert edit in author.page(talk["path"]).links()
    option = next(i.get("value") for i in reader.page(talk["path"]).all("input") if i.get("name") == "option")
    press(reader, f"/topics/{talk['topic']}/vote", option=option)
    assert edit not in author.page(talk["path"]).links()
    assert author.get(edit).status_code == 404


@pytest.mark.parametrize("readers", (Audience.EVERYONE, Audience.RESIDENTS))
def test_feeds_hold_what_everybody_may_read(
    app: Flask, saved: Saved, client: Client, readers: Audience
) -> None:
    def prepare() -> tuple[str, int]:
        topic = make.topic(make.forum(readers=readers), title="Cars & <races>")
        dana = accounts.person(Role.OFFICER, name="Dana Ruiz")
        hidden = make.post(topic, text="Not for long.")
        make.post(topic, author=dana, text="I am @dana-ruiz.")
        set_state(topic, hidden, PostState.HIDDEN)
        return topic.forum.slug, topic.id

    slug, topic = saved(prepare)
    for path in (f"/forums/{slug}.atom", f"/topics/{topic}.atom"):
        answer = client.get(path)
        if readers is not Audience.EVERYONE:
            assert answer.status_code == 404
            continue
        entries = ElementTree.fromstring(answer.data).findall(f"{ATOM}entry")
        assert "Cars & <races>" in (entries[0].findtext(f"{ATOM}title") or "")
        assert "Not for long." not in answer.text
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    if readers is Audience.EVERYONE:
        assert "http://localhost/people/" in client.get(f"/topics/{topic}.atom").text
        assert f"/forums/{slug}.atom" in client.get(f"/forums/{slug}").text
        assert f"/topics/{topic}.atom" in client.page(f"/topics/{topic}-cars-races").html


def test_what_one_may_not_see_takes_no_press(app: Flask, saved: Saved, talk: dict[str, Any]) -> None:
    def prepare() -> tuple[int, int]:
        officer = accounts.person(Role.OFFICER)
        topic = make.topic(make.forum(readers=Audience.STAFF), author=officer)
        return topic.id, make.post(topic, author=officer).id

    topic, post = saved(prepare)
    reader = signed_in(app, talk["reader"])
    token = reader.page("/account/name").form()["csrf_token"]
    for path in (
        f"/posts/{post}/react", f"/posts/{post}/bookmark", f"/topics/{topic}/read", f"/topics/{topic}/vote",
        f"/topics/{topic}/interest", f"/topics/{topic}/poll",
    ):  # fmt: skip
        data = {"csrf_token": token, "kind": "thanks", "keep": "1", "interest": "watch", "number": "1"}
        assert reader.post(path, data=data).status_code == 404, path
    for path in (
        f"/topics/{topic}/since?number=0",
        f"/topics/{topic}/on?day=2026-01-01",
        f"/topics/{topic}/unread",
    ):
        assert reader.get(path).status_code == 404, path


def test_pages_ask_as_often_for_much_as_for_little(
    saved: Saved, reader: Client, talk: dict[str, Any], count_queries: Any
) -> None:
    def all_there_is() -> None:
        topic = db.session.get_one(Topic, talk["topic"])
        officer, author = accounts.person(Role.OFFICER), db.session.get_one(Person, talk["author"])
        topic.official_id = make.post(topic, author=officer).id
        poll = start_poll(actor=author, topic=topic, question="A bump?", options=["Yes", "No"])
        vote(actor=author, poll=poll, option_ids=[poll.options[0].id])

    saved(all_there_is)
    press(reader, f"/topics/{talk['topic']}/read", number=1)
    press(reader, f"/posts/{talk['second']}/react", kind="thanks")
    paths = (talk["path"], "/forums", f"/forums/{talk['forum']}", "/account/topics", "/account/bookmarks")

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with count_queries() as statements:
                reader.get(path)
            counts.append(len(statements))
        return counts

    few = asked()
    add_posts(saved, talk["topic"], 15)

    def more() -> None:
        topic = db.session.get_one(Topic, talk["topic"])
        for _ in range(5):
            make.topic(topic.forum)

    saved(more)
    assert asked() == few
    assert max(few) <= 10, few
