"""A post on its way through filters, reports, decisions and appeals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.core.templating import moment
from forum.discussions.models import Post, PostState, Topic
from forum.discussions.operations import moderating
from forum.discussions.operations.polls import start_poll
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.operations.deciding import decide
from forum.moderation.operations.reporting import report
from forum.moderation.queries.pauses import paused_until
from tests.factories import accounts
from tests.factories import discussions as make
from tests.pages import Client, Page

Saved = Callable[[Callable[[], Any]], Any]
ADDRESS = "He lives at 1419 West Blackhawk Street, go and see."


@pytest.fixture
def talk(saved: Saved) -> dict[str, Any]:
    def prepare() -> dict[str, Any]:
        topic = make.topic(title="Cars race at night")
        writer = accounts.person(name="Ada Green")
        return {
            "topic": topic.id,
            "board": topic.forum.slug,
            "path": f"/topics/{topic.id}-{topic.slug}",
            "owner": topic.author_id,
            "writer": writer.id,
            "officer": accounts.person(Role.OFFICER, name="Olga Officer").id,
        }

    found: dict[str, Any] = saved(prepare)
    return found


def signed_in(app: Flask, person: int) -> Client:
    client: Client = accounts.sign_in(app.test_client(), person)  # type: ignore[assignment]
    return client


def post_said(app: Flask, text: str) -> Post | None:
    with app.app_context():
        return db.session.scalars(select(Post).where(Post.text == text)).one_or_none()


def test_a_home_address_is_asked_about_then_held_then_mended_by_its_author(
    app: Flask, client: Client, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["writer"])
    address = f"/topics/{talk['topic']}/reply"
    asked = ada.send(address, {"text": ADDRESS})
    assert asked.status_code == 200
    assert "Please look at this once more" in asked.text
    assert post_said(app, ADDRESS) is None
    privately = ada.post("/concerns/new", data=Page(asked.text).form("/concerns/new"))
    carried = Page(privately.text).form(
        "/concerns/new"
    )  # what was typed goes along, and nothing is kept of it
    assert (privately.status_code, carried["story"], carried["mode"]) == (200, ADDRESS, "private")
    sent = ada.post(address, data=Page(asked.text).form_with("text"))
    assert sent.status_code == 303
    held = post_said(app, ADDRESS)
    assert held is not None
    assert held.state is PostState.HELD
    assert "Blackhawk" not in client.page(talk["path"]).html
    why = ada.get(f"/posts/{held.id}/why")
    assert "/moderation/" in why.headers["Location"]
    assert ada.send(f"/posts/{held.id}/edit", {"text": "He drives too fast."}).status_code == 303
    assert "He drives too fast." in client.page(talk["path"]).text()


def test_ones_own_number_is_asked_about_and_stands_at_once_when_it_is_sent_again(
    app: Flask, client: Client, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["writer"])
    address, text = (
        f"/topics/{talk['topic']}/reply",
        "My number is 773-555-0142. Or email me at ada@example.org.",
    )
    asked = ada.send(address, {"text": text})
    assert Page(asked.text).text().count("Your own phone number or e-mail address") == 1
    assert "ada@example.org" in Page(asked.text).text()
    assert "a person reads it before others do" not in asked.text
    assert post_said(app, text) is None
    assert ada.post(address, data=Page(asked.text).form_with("text")).status_code == 303
    assert "773-555-0142" in client.page(talk["path"]).text()


def test_who_is_asked_to_edit_reads_where_they_edit_what_they_are_asked(
    app: Flask, saved: Saved, talk: dict[str, Any]
) -> None:
    def prepare() -> int:
        author = db.session.get_one(Person, talk["writer"])
        post = make.post(db.session.get_one(Topic, talk["topic"]), author=author, text="He is a fool.")
        reporter, officer = accounts.person(), db.session.get_one(Person, talk["officer"])
        case = report(actor=reporter, kind="post", thing_id=post.id, rule_number=3, words="").case
        wanted = "Say what he does, not what he is."
        decide(actor=officer, case=case, measure=Measure.EDIT, rule_number=3, words=wanted)
        return post.id

    post, ada = saved(prepare), signed_in(app, talk["writer"])
    shown = ada.page(f"{talk['path']}?view=time").text()
    assert "We ask you to edit what you wrote." in shown
    assert "waits for a person" not in shown
    public = app.test_client().page(f"{talk['path']}?view=time").text()  # type: ignore[attr-defined]
    assert "This post cannot be read now." in public
    assert "asked to edit" not in public
    assert "We ask you to edit" not in signed_in(app, talk["officer"]).page(f"/posts/{post}/edit").text()
    edited = ada.page(f"/posts/{post}/edit").text()
    assert "We ask you to edit what you wrote." in edited
    assert "Rule 3: No harassment" in edited
    assert "Say what he does, not what he is." in edited
    assert ada.send(f"/posts/{post}/edit", {"text": "He drives too fast."}).status_code == 303
    assert "We ask you to edit" not in ada.page(f"/posts/{post}/edit").text()


def test_the_author_of_a_poll_is_told_what_to_mend_where_they_change_it(
    app: Flask, saved: Saved, talk: dict[str, Any]
) -> None:
    def prepare() -> None:
        topic = db.session.get_one(Topic, talk["topic"])
        words = {"question": "Is he a fool?", "options": ["Yes", "No"]}
        poll = start_poll(actor=topic.author, topic=topic, **words)  # type: ignore[arg-type]
        reporter, officer = accounts.person(), db.session.get_one(Person, talk["officer"])
        case = report(actor=reporter, kind="poll", thing_id=poll.id, rule_number=3, words="").case
        decide(actor=officer, case=case, measure=Measure.EDIT, rule_number=3, words="Ask about the road.")

    saved(prepare)
    shown = signed_in(app, talk["owner"]).page(f"/topics/{talk['topic']}/poll/edit").text()
    for words in ("We ask you to edit your poll.", "Rule 3: No harassment", "Ask about the road."):
        assert words in shown


def test_who_may_not_post_reads_so_before_they_write(app: Flask, saved: Saved, talk: dict[str, Any]) -> None:
    def prepare() -> str:
        author = db.session.get_one(Person, talk["writer"])
        post = make.post(db.session.get_one(Topic, talk["topic"]), author=author, text="Cowards!")
        officer, reporter = db.session.get_one(Person, talk["officer"]), accounts.person()
        case = report(actor=reporter, kind="post", thing_id=post.id, rule_number=3, words="").case
        decide(actor=officer, case=case, measure=Measure.PAUSE, rule_number=3, words="No.", pause_days=7)
        until = paused_until(author, clock.now())
        assert until is not None
        return moment(until)

    ada, board = signed_in(app, talk["writer"]), talk["board"]
    for path in (f"/topics/{talk['topic']}/reply", f"/forums/{board}/new"):
        assert "You can post again on" not in ada.page(path).text()
    until = saved(prepare)
    for path in (f"/topics/{talk['topic']}/reply", f"/forums/{board}/new"):
        assert f"You can post again on {until}." in ada.page(path).text()
    refused = ada.send(f"/topics/{talk['topic']}/reply", {"text": "May I say something?"})
    assert refused.status_code == 422
    assert f"You cannot post until {until}." in refused.text
    assert "May I say something?" in refused.text


def test_criticism_is_held_by_nothing(app: Flask, client: Client, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["writer"])
    words = "The chief lies to us, officers are lazy, and this department is a disgrace."
    assert ada.send(f"/topics/{talk['topic']}/reply", {"text": words}).status_code == 303
    assert words in client.page(talk["path"]).text()


def test_a_post_can_be_reported_and_the_form_is_found_beside_it(app: Flask, talk: dict[str, Any]) -> None:
    ada = signed_in(app, talk["writer"])
    link = next(link for link in ada.page(talk["path"]).links() if "/report/" in link)
    assert ada.get(link).status_code == 200


def test_a_report_and_its_authors_page_quote_a_post_without_its_marks(
    app: Flask, client: Client, saved: Saved, talk: dict[str, Any]
) -> None:
    def prepare() -> int:
        words = "**Loud** cars, [as I said](https://example.org/cars):\n\n> *again*"
        post = make.post(
            db.session.get_one(Topic, talk["topic"]),
            author=db.session.get_one(Person, talk["writer"]),
            text=words,
        )
        report(actor=accounts.person(), kind="post", thing_id=post.id, rule_number=3, words="")
        return post.id

    post = saved(prepare)
    olga, ada = signed_in(app, talk["officer"]), signed_in(app, talk["writer"])
    where = ada.get(f"/posts/{post}/why").headers["Location"]
    for page in (olga.page(f"/report/post/{post}"), ada.page(where)):
        assert "Loud cars, as I said (https://example.org/cars): again" in " ".join(page.text().split())
        assert "**" not in page.text()


def test_a_topic_whose_first_post_is_held_is_there_for_its_author_alone(
    app: Flask, client: Client, saved: Saved, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["writer"])
    with app.app_context():
        slug = db.session.get_one(Topic, talk["topic"]).forum.slug
    asked = ada.send(f"/forums/{slug}/new", {"title": "My neighbor", "text": ADDRESS})
    sent = ada.post(f"/forums/{slug}/new", data=Page(asked.text).form_with("text"))
    path = sent.headers["Location"]
    assert (ada.get(path).status_code, client.get(path).status_code) == (200, 404)
    assert "My neighbor" not in client.page(f"/forums/{slug}").text()
    assert "My neighbor" not in client.page("/forums").text()


def test_the_title_goes_with_the_first_post_and_comes_back_with_it(
    app: Flask, client: Client, talk: dict[str, Any], saved: Saved
) -> None:
    saved(lambda: make.post(db.session.get_one(Topic, talk["topic"])))
    with app.app_context():
        first = db.session.scalars(select(Post.id).where(Post.number == 1)).one()
    saved(lambda: moderating.hide(first, 3))
    assert client.get(talk["path"]).status_code == 404
    for address in ("/forums", "/search?q=race"):
        assert "Cars race at night" not in client.page(address).text(), address
    saved(lambda: moderating.show(first))
    assert client.get(talk["path"]).status_code == 200
    assert "Cars race at night" in client.page("/search?q=race").text()


def test_nobody_opens_their_held_topic_by_a_reply(app: Flask, saved: Saved, talk: dict[str, Any]) -> None:
    def prepare() -> None:
        writer = db.session.get_one(Person, talk["writer"])
        topic = make.topic(author=writer, title="My neighbor", text=make.HELD)
        make.post(topic, author=writer, text="Nobody answers me.")
        assert topic.published_at is None

    saved(prepare)


def test_an_address_in_a_title_is_mended_by_its_author(
    app: Flask, client: Client, talk: dict[str, Any]
) -> None:
    ada = signed_in(app, talk["writer"])
    with app.app_context():
        slug = db.session.get_one(Topic, talk["topic"]).forum.slug
    asked = ada.send(f"/forums/{slug}/new", {"title": ADDRESS, "text": "He drives too fast."})
    assert ada.post(f"/forums/{slug}/new", data=Page(asked.text).form_with("text")).status_code == 303
    held = post_said(app, "He drives too fast.")
    assert held is not None
    address = f"/posts/{held.id}/edit"
    assert ada.page(address).form()["title"] == ADDRESS
    assert ada.send(address, {"title": " ", "text": "He drives too fast."}).status_code == 422
    assert ada.send(address, {"title": "My neighbor", "text": "He drives too fast."}).status_code == 303
    assert "My neighbor" in client.page(f"/forums/{slug}").text()
    # What it is called goes through the filters again, its tags too; asked once, and sent as it is it waits.
    named = {"title": "My neighbor", "tags": "cars, 312-555-0199", "text": "He drives too fast."}
    asked = ada.send(address, named)
    assert (asked.status_code, "phone number" in asked.text) == (200, True)
    assert ada.post(address, data=Page(asked.text).form_with("text")).status_code == 303
    assert "My neighbor" not in client.page(f"/forums/{slug}").text()
    assert ada.send(address, {**named, "tags": "cars, Speed"}).status_code == 303
    assert "speed" in client.page(f"/forums/{slug}").text()
