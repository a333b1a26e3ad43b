"""Ending kinds of mail: RFC 8058's one click, the page, the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.core.mail import addressed_to
from forum.events import stop_links
from forum.events.models import Answer, Channel, MailRefusal, Occurrence, Place, Rsvp, Topic
from forum.events.operations.messages_to_all import message_everyone
from forum.events.operations.rsvp import answer
from forum.events.optional_mail import written_to_all
from forum.events.queries.roster import Standing
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient
from tests.factories import accounts
from tests.factories import events as make

Saved = Callable[[Callable[[], Any]], Any]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ids(app: Flask, saved: Saved) -> dict[str, int]:
    """An account's answer and a guest's to the same date."""

    def prepare() -> dict[str, int]:
        date, person = make.occurrence(), accounts.person(email="rosa@example.org")
        mine = answer(actor=person, occurrence=date, answer=Answer.GOING)
        guest = Rsvp(
            occurrence_id=date.id,
            name="Gil",
            email="gil@example.org",
            language="es",
            channel=Channel.SITE,
            answer=Answer.MAYBE,
            place=Place.NONE,
        )
        db.session.add(guest)
        db.session.flush()
        return {"date": date.id, "person": person.id, "account": mine.id, "guest": guest.id}

    found: dict[str, int] = saved(prepare)
    return found


def path(app: Flask, rsvp_id: int, topic: Topic = Topic.REMINDERS) -> str:
    with app.app_context():
        return f"/u/{stop_links.token_for(rsvp_id, topic)}"


def refusals(app: Flask) -> set[tuple[str, int | None, int | None]]:
    with app.app_context():
        rows = db.session.execute(sa.select(MailRefusal.topic, MailRefusal.person_id, MailRefusal.rsvp_id))
        return {(str(topic), person, rsvp) for topic, person, rsvp in rows}


def test_looking_at_the_link_changes_nothing(app: Flask, client: Any, ids: dict[str, int]) -> None:
    page = client.page(path(app, ids["account"]))
    assert "Stop this mail" in page.text()
    assert client.head(path(app, ids["account"])).status_code == 200
    assert refusals(app) == set()


@pytest.mark.parametrize("kind", ("application/x-www-form-urlencoded", "multipart/form-data", None))
@pytest.mark.parametrize(
    "headers", ({}, {"Origin": "https://mail.example"}, {"Sec-Fetch-Site": "cross-site"})
)
def test_one_click_of_a_mail_program_ends_it_without_cookie_login_or_redirect(
    app: Flask, ids: dict[str, int], kind: str | None, headers: dict[str, str]
) -> None:
    bare = app.test_client(use_cookies=False)
    data = ONE_CLICK if kind else None
    for _time in range(2):
        found = bare.post(path(app, ids["account"]), data=data, content_type=kind, headers=headers)
        assert found.status_code == 200
    assert refusals(app) == {("reminders", ids["person"], None)}


def test_a_guest_ends_it_for_one_answer_and_can_take_that_back(
    app: Flask, client: Any, ids: dict[str, int]
) -> None:
    where = path(app, ids["guest"], Topic.MESSAGES)
    client.post(where, data=ONE_CLICK)
    assert refusals(app) == {("messages", None, ids["guest"])}
    assert client.post(f"{where}/again").status_code == 200
    assert refusals(app) == set()


def test_the_answers_to_an_account_and_to_a_guest_are_the_same(
    app: Flask, client: Any, ids: dict[str, int]
) -> None:
    pages = {client.page(path(app, ids[who])).text() for who in ("account", "guest")}
    assert len(pages) == 1


def test_a_link_of_an_answer_that_is_gone_still_answers(app: Flask, client: Any, ids: dict[str, int]) -> None:
    where = path(app, 4711)
    assert client.post(where, data=ONE_CLICK).status_code == 200
    assert refusals(app) == set()


def test_no_made_up_token_opens_anything(app: Flask, client: Any, ids: dict[str, int]) -> None:
    genuine = path(app, ids["account"]).removeprefix("/u/")
    for token in (
        "x", "r", "r1", "r.", genuine[1:], "m" + genuine[1:], "f" + genuine[1:], genuine[:-1], genuine + "0",
        genuine.replace(".", ".0", 1), "r999999999999999999." + "0" * 32, "r\u0661." + "0" * 32, "%2e%2e",
    ):  # fmt: skip
        assert client.get(f"/u/{token}").status_code in (308, 404), token
        assert client.post(f"/u/{token}", data=ONE_CLICK).status_code == 404, token
        assert client.post(f"/u/{token}/again").status_code == 404, token
    assert refusals(app) == set()
    assert len(genuine.partition(".")[2]) * 4 >= 128


def message(saved: Saved, date: int) -> None:
    saved(
        lambda: message_everyone(
            actor=accounts.person(),
            occurrence=db.session.get_one(Occurrence, date),
            audience=[Standing.GOING, Standing.MAYBE],
            subject="Bring boots",
            text="It rains.",
            token="t",
        )
    )


def test_an_organizers_message_carries_the_headers_with_the_configured_host(
    app: Flask, saved: Saved, ids: dict[str, int]
) -> None:
    message(saved, ids["date"])
    with app.app_context(), app.test_request_context("/", headers={"Host": "evil.example"}):
        told = db.session.scalars(
            sa.select(Notification).where(
                Notification.kind == "event.message", Notification.recipient_id.is_(None)
            )
        ).one()
        with addressed_to("en"):
            found = written_to_all(told, Recipient(id=None, address="", language="en"))
        assert found is not None
        url = app.config["FORUM"].base_url.rstrip("/") + path(app, ids["guest"], Topic.MESSAGES)
    assert found.headers["List-Unsubscribe"] == f"<{url}>"
    assert found.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in found.text
    assert url in found.html


def test_who_refused_messages_gets_none_and_others_do(
    app: Flask, client: Any, saved: Saved, ids: dict[str, int]
) -> None:
    client.post(path(app, ids["account"], Topic.MESSAGES))
    message(saved, ids["date"])
    with app.app_context():
        worded = {}
        for told in db.session.scalars(sa.select(Notification).where(Notification.kind == "event.message")):
            with addressed_to("en"):
                made = written_to_all(told, Recipient(id=told.recipient_id, address="", language="en"))
            worded[told.subject_id] = made is not None
    assert worded == {ids["account"]: False, ids["guest"]: True}


def test_an_account_chooses_what_it_gets(app: Flask, client: Any, ids: dict[str, int]) -> None:
    accounts.sign_in(client, ids["person"])
    client.post(path(app, ids["account"]))
    form = client.page("/account/mail").form()
    assert {"messages", "feedback"} <= form.keys()
    assert "reminders" not in form
    del form["feedback"]
    answered = client.post("/account/mail", data=form | {"reminders": "y"})
    assert answered.status_code == 303
    assert refusals(app) == {("feedback", ids["person"], None)}
