"""Forums and topics as people read them and write in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.core import clock, limits
from forum.core.transactions import unit_of_work
from forum.discussions.models import Audience, Post, Topic
from forum.discussions.policy import EDIT_WINDOW
from forum.discussions.views.writing import PREVIEWS
from forum.extensions import db
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def talk(saved: Saved) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        author = accounts.person(name="Ada Green")
        topic = make.topic(author=author, title="Cars <race> at night", text="Every **night**.")
        make.post(topic, author=accounts.person(name="Ben Stone"), text="Here too.")
        return {
            "author": author.id,
            "topic": topic.id,
            "path": f"/topics/{topic.id}-{topic.slug}",
            "forum": f"/forums/{topic.forum.slug}",
        }

    found: dict[str, Any] = saved(prepare)
    return found


def signed_in(app: Flask, person: int) -> Client:
    client: Client = accounts.sign_in(app.test_client(), person)  # type: ignore[assignment]
    return client


def test_everybody_reads_a_topic_from_the_list_of_forums_on(client: Client, talk: dict[str, Any]) -> None:
    assert talk["forum"] in client.page("/forums").links()
    assert talk["path"] in client.page(talk["forum"]).links()
    page = client.page(talk["path"])
    assert "Cars <race> at night" in page.text()
    assert "<strong>night</strong>" in page.html
    assert "Ben Stone" in page.text()
    assert client.get(talk["path"] + "-old").headers["Location"].endswith(talk["path"])


def test_a_resident_starts_a_topic_and_another_answers(
    app: Flask, saved: Saved, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["author"])
    words = {"title": "Street lamps", "text": "Three are out.", "tags": "Lamps, light"}
    answer = ada.send(f"{talk['forum']}/new", words)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert "Street lamps" in ada.page(path).text()
    ben = signed_in(app, saved(accounts.person).id)
    number = path.split("/topics/")[1].split("-")[0]
    assert ben.send(f"/topics/{number}/reply?to=1", {"text": "Four now."}).status_code == 303
    assert "Four now." in ada.page(path).text()
    with app.app_context():
        post = db.session.scalars(select(Post).where(Post.text == "Four now.")).one()
        assert (post.depth, post.number) == (1, 2)
    assert client_anchor(ben, post.id) == "#post-2"


def client_anchor(client: Client, post_id: int) -> str:
    return "#" + client.get(f"/posts/{post_id}").headers["Location"].split("#")[1]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    app: Flask, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["author"])
    answer = ada.send(f"{talk['forum']}/new", {"title": "", "text": "Three lamps are out."})
    assert answer.status_code == 422
    assert "Give it a title." in answer.text
    assert "Three lamps are out." in answer.text


def test_staff_start_a_topic_that_others_see_later(
    app: Flask, client: Client, saved: Saved, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["author"])
    olga = signed_in(app, saved(lambda: accounts.person(Role.OFFICER)).id)
    address, later = f"{talk['forum']}/new", f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    words = {"title": "Road closed", "text": "From nine to five.", "tags": "roads"}
    assert "opens" not in ada.page(address).form()
    for wrong in ("2020-01-01T10:00", "soon"):
        answer = olga.send(address, {**words, "opens": wrong})
        assert answer.status_code == 422
        for said in ("Choose a day and an hour to come", wrong, "From nine to five."):
            assert said in answer.text
    assert olga.send(address, {**words, "opens": later, "then": "draft"}).status_code == 303
    begun = olga.page(address).form()
    assert (begun["opens"], begun["title"]) == (later, "Road closed")
    path = olga.post(address, data=begun).headers["Location"]
    assert "Only staff see this topic" in olga.page(path).text()
    assert client.get(path).status_code == 404
    mine = ada.send(address, {**words, "opens": later}).headers["Location"]  # not theirs to say
    assert client.get(mine).status_code == 200


def test_an_author_changes_and_takes_back_their_words(app: Flask, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["author"])
    with app.app_context():
        first = db.session.scalars(select(Post.id).where(Post.number == 1)).one()
    assert ada.send(f"/posts/{first}/edit", {"text": "On weekends."}).status_code == 303
    assert "On weekends." in ada.page(talk["path"]).text()
    with app.app_context(), unit_of_work():
        db.session.get_one(Post, first).created_at -= EDIT_WINDOW
    assert "Take back" in ada.page(talk["path"]).text()
    late = ada.page(f"/posts/{first}/edit")
    assert "The time to change it is over" in late.text()
    assert ada.post(f"/posts/{first}/edit", data=late.form("/delete") | {"text": "No."}).status_code == 422
    form = late.form("/delete")
    assert ada.post(f"/posts/{first}/delete", data=form).status_code == 303
    text = ada.page(talk["path"]).text()
    assert "On weekends." not in text
    assert "Its author took this post back." in text


@pytest.mark.parametrize("readers", (Audience.RESIDENTS, Audience.VERIFIED, Audience.STAFF))
def test_a_forum_that_is_not_for_everyone_is_found_by_nobody_else(
    app: Flask, saved: Saved, client: Client, readers: Audience
) -> None:
    def prepare() -> tuple[str, str, int, int, int]:
        board = make.forum(readers=readers, starters=Audience.STAFF)
        officer = accounts.person(Role.OFFICER)
        topic = make.topic(board, author=officer, title="Only for some")
        people = accounts.person().id, make.verified().id, officer.id
        return board.slug, f"/topics/{topic.id}-{topic.slug}", *people

    slug, path, resident, verified, officer = saved(prepare)
    allowed = {
        Audience.RESIDENTS: (resident, verified, officer),
        Audience.VERIFIED: (verified, officer),
        Audience.STAFF: (officer,),
    }[readers]
    for person in (None, resident, verified, officer):
        reader = client if person is None else signed_in(app, person)
        expected = 200 if person in allowed else 404
        assert reader.get(path).status_code == expected, (person, readers)
        assert reader.get(f"/forums/{slug}").status_code == expected
        assert ("Only for some" in reader.get("/forums").text) is (person in allowed)


def test_long_topics_are_read_in_pages_both_ways(
    app: Flask, saved: Saved, client: Client, talk: dict[str, Any]
) -> None:
    def more() -> None:
        topic = db.session.get_one(Topic, talk["topic"])
        for number in range(50):
            make.post(topic, text=f"Post number {number}.")

    saved(more)
    for view in ("", "?view=time"):
        seen: list[str] = []
        path: str | None = talk["path"] + view
        while path:
            page = client.page(path)
            seen += [item.get("id") for item in page.all("li") if (item.get("id") or "").startswith("post-")]
            path = next((a.get("href") for a in page.all("a") if a.get("rel") == "next"), None)
        assert seen == [f"post-{number}" for number in range(1, 53)]


def test_a_topic_page_asks_as_often_for_many_posts_as_for_few(
    app: Flask, saved: Saved, talk: dict[str, Any], count_queries: Any
) -> None:
    ada = signed_in(app, talk["author"])
    with count_queries() as few:
        ada.get(talk["path"])
    saved(lambda: [make.post(db.session.get_one(Topic, talk["topic"])) for _ in range(10)])
    with count_queries() as many:
        ada.get(talk["path"])
    assert len(many) == len(few) <= 10


def test_a_draft_is_kept_found_again_and_gone_once_it_is_sent(app: Flask, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["author"])
    address = f"/topics/{talk['topic']}/reply"
    assert ada.send(address, {"text": "Half a thought", "then": "draft"}).status_code == 303
    assert "Half a thought" in ada.page(address).html
    assert "Half a thought" not in ada.page(f"{address}?to=1").html
    assert ada.send(address, {"text": "A whole thought"}).status_code == 303
    assert "thought" not in ada.page(address).form()["text"]


def test_drafts_stand_in_a_list_of_their_writers_own(
    app: Flask, client: Client, saved: Saved, talk: dict[str, Any]
) -> None:
    ada, ben = signed_in(app, talk["author"]), signed_in(app, saved(accounts.person).id)
    reply = f"/topics/{talk['topic']}/reply"
    assert "You have no drafts." in ada.page("/account/drafts").text()
    ada.send(f"{reply}?to=1", {"text": "Half a **thought**", "then": "draft"})
    ada.send(f"{talk['forum']}/new", {"title": "Lamps <out>", "text": "Three", "then": "draft"})
    page = ada.page("/account/drafts")
    assert {f"{reply}?to=1", f"{talk['forum']}/new"} <= set(page.links())
    for words in ("Half a thought", "A reply in “Cars <race> at night”", "Lamps <out>"):
        assert words in page.text()
    assert "thought" not in ben.page("/account/drafts").text()
    assert client.get("/account/drafts").status_code == 302
    with app.app_context(), unit_of_work():
        db.session.get_one(Topic, talk["topic"]).forum.readers = Audience.STAFF
    page = ada.page("/account/drafts")  # their words stay theirs, and say nothing of where
    assert ("Half a thought" in page.text(), "night" in page.text()) == (True, False)
    for _ in range(2):
        ada.post("/account/drafts", data=ada.page("/account/drafts").form("/account/drafts"))
    assert "You have no drafts." in ada.page("/account/drafts").text()


def test_a_preview_shows_how_it_will_look_and_posts_nothing(app: Flask, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["author"])
    words = {"title": "Lamps", "text": "Three are **out**. <script>x</script>", "then": "preview"}
    answer = ada.send(f"{talk['forum']}/new", words)
    assert answer.status_code == 200
    assert "<strong>out</strong>" in answer.text
    assert "<script>x" not in answer.text
    with app.app_context():
        assert db.session.query(Topic).count() == 1


def test_who_looks_at_previews_all_the_time_waits_and_may_post(app: Flask, talk: dict[str, Any]) -> None:
    ada, words = (
        signed_in(app, talk["author"]),
        {"title": "Lamps", "text": "Three are out.", "then": "preview"},
    )
    with app.test_request_context():
        while limits.hit("preview", str(talk["author"]), PREVIEWS):
            pass
    answer = ada.send(f"{talk['forum']}/new", words)
    assert (answer.status_code, "Three are out." in answer.text) == (422, True)
    assert ada.send(f"{talk['forum']}/new", words | {"then": "post"}).status_code == 303


def test_words_are_not_lost_when_the_session_ends(app: Flask, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["author"])
    address = f"{talk['forum']}/new"
    fields = ada.page(address).form() | {"title": "Lamps", "text": "Long and careful words"}
    veiled = fields | {"as_resident": "y"}  # nor may the choice not to show one's name
    for client in (app.test_client(), ada):  # nobody any more; and somebody with another token
        token = client.page(client_form(client)).form()["csrf_token"] if client is not ada else "x" * 40
        answer = client.post(address, data=veiled | {"csrf_token": token})
        assert answer.status_code == 400
        assert "Long and careful words" in answer.text
        assert "Lamps" in answer.text
    kept = answer_form(answer)
    assert kept.pop("as_resident")
    assert ada.post(address, data=kept).status_code == 303


def client_form(_client: Client) -> str:
    return "/account/reset"


def answer_form(answer: Any) -> dict[str, str]:
    found: dict[str, str] = Page(answer.text).form()
    return found
