"""«Me too» and follow: one a person, by account or confirmed mailbox, counted truly, stopped by one press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.accounts.operations.erasing import erase
from forum.concerns.models import Concern, ConcernFollow, FollowRequest, Identity, Mode
from forum.concerns.operations.following import (
    LinkOver,
    ask_to_follow,
    confirm_follow,
    find_follow,
    follow_concern,
    follow_token,
    forget_requests,
    request_token,
    stop_follow,
)
from forum.concerns.operations.speaking import make_stricter
from forum.concerns.operations.working import answer_concern
from forum.core import clock, limits
from forum.core.errors import Refusal
from forum.extensions import db
from tests.accounts.mailbox import mail_to, path_in, text_of
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def public(work: Flask) -> Concern:
    return concerns.concern(Mode.PUBLIC)


@pytest.fixture(autouse=True)
def truth(app: Flask) -> Iterator[None]:
    """After every test the kept count is what there is."""
    yield
    with app.app_context():
        rows = select(ConcernFollow.concern_id, sa.func.count()).where(ConcernFollow.me_too)
        counted = {row[0]: row[1] for row in db.session.execute(rows.group_by(ConcernFollow.concern_id))}
        for concern in db.session.scalars(select(Concern)):
            assert concern.others_count == counted.get(concern.id, 0)


def by_mail(concern: Concern, email: str, **said: bool) -> ConcernFollow | None:
    ask_to_follow(
        concern=concern,
        email=email,
        language="en",
        me_too=said.get("me_too", True),
        mails=said.get("mails", True),
    )
    request = db.session.scalars(select(FollowRequest).order_by(FollowRequest.id.desc())).first()
    assert request is not None
    return confirm_follow(request_token(request))


def test_a_person_counts_once_by_account_and_mailbox_together(public: Concern) -> None:
    person = accounts.person(email="ana@example.org")
    follow_concern(actor=person, concern=public, me_too=True, mails=False)
    assert by_mail(public, "Ana@Example.org") is None
    follow_concern(actor=person, concern=public, me_too=True, mails=True)
    assert public.others_count == 1


def test_nothing_counts_before_the_mailed_link_is_pressed_and_pressing_twice_is_once(public: Concern) -> None:
    ask_to_follow(concern=public, email="sam@example.org", language="en", me_too=True, mails=False)
    assert public.others_count == 0
    token = request_token(db.session.scalars(select(FollowRequest)).one())
    confirm_follow(token)
    confirm_follow(token)
    assert public.others_count == 1


@pytest.mark.parametrize("token", ["", "1", "1.abc", "99999999999.x", "0.0", "é.é"])
def test_a_made_up_link_is_refused(public: Concern, token: str) -> None:
    with pytest.raises(LinkOver):
        confirm_follow(token)
    assert find_follow(token) is None


def test_a_link_ends_after_a_day_and_its_address_is_forgotten(public: Concern) -> None:
    ask_to_follow(concern=public, email="sam@example.org", language="en", me_too=True, mails=False)
    token = request_token(db.session.scalars(select(FollowRequest)).one())
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        with pytest.raises(LinkOver):
            confirm_follow(token)
        forget_requests()
    assert db.session.scalars(select(FollowRequest)).all() == []


def test_what_is_not_public_any_more_takes_no_voices(public: Concern) -> None:
    ask_to_follow(concern=public, email="sam@example.org", language="en", me_too=True, mails=False)
    token = request_token(db.session.scalars(select(FollowRequest)).one())
    make_stricter(concern=public, mode=Mode.PRIVATE)
    with pytest.raises(LinkOver):
        confirm_follow(token)
    with pytest.raises(LinkOver):
        follow_concern(actor=accounts.person(), concern=public, me_too=True, mails=True)


def test_ones_own_concern_is_not_me_too(work: Flask) -> None:
    person = accounts.person()
    with pytest.raises(Refusal):
        follow_concern(
            actor=person, concern=concerns.concern(Mode.PUBLIC, person=person), me_too=True, mails=False
        )


def test_stopping_ends_mail_and_keeps_the_voice_unless_told_otherwise(public: Concern) -> None:
    follow = by_mail(public, "sam@example.org")
    assert follow is not None
    stop_follow(follow=follow)
    assert (public.others_count, follow.mails) == (1, False)
    stop_follow(follow=follow, me_too_as_well=True)
    assert public.others_count == 0
    assert find_follow(follow_token(follow)) is None


def test_an_erased_account_leaves_its_public_concern_and_takes_its_name_and_voice(work: Flask) -> None:
    person = accounts.person()
    own, other = concerns.concern(Mode.PUBLIC, person=person), concerns.concern(Mode.PUBLIC)
    follow_concern(actor=person, concern=other, me_too=True, mails=True)
    erase(person)
    assert db.session.scalars(select(Identity)).all() == []
    assert other.others_count == 0
    assert db.session.get(Concern, own.id) is not None


def test_a_visitor_follows_by_mail_hears_of_the_answer_and_stops_by_one_click(
    app: Flask, client: Client, saved: Saved
) -> None:
    made = saved(lambda: concerns.concern(Mode.PUBLIC))
    path = f"/concerns/{made.reference}/follow"
    client.send(path, {"email": "sam@example.org"})
    link = path_in(mail_to(app, "sam@example.org")[-1])
    assert "It worries you too" in client.page(link).text()
    client.send(link, {})
    saved(lambda: answered(made.id))
    letter = mail_to(app, "sam@example.org")[-1]
    assert "A patrol comes on Friday." in text_of(letter)
    stop = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = app.test_client().post(
            "/" + stop.split("/", 3)[3], data={"List-Unsubscribe": "One-Click"}, headers=elsewhere
        )
        assert answer.status_code == 200
    saved(lambda: answered(made.id))
    assert len(mail_to(app, "sam@example.org")) == 2
    assert "1 other says the same" in client.page(f"/concerns/{made.reference}").text()


def answered(concern_id: int) -> None:
    answer_concern(
        actor=accounts.person(Role.OFFICER),
        concern=db.session.get_one(Concern, concern_id),
        text="A patrol comes on Friday.",
    )


def test_an_account_follows_and_takes_it_back(app: Flask, saved: Saved) -> None:
    made, person = saved(lambda: (concerns.concern(Mode.PUBLIC), accounts.person()))
    client = app.test_client()
    sign_in(client, person.id)
    path = f"/concerns/{made.reference}/follow"
    client.send(path, {})
    assert "1 other says the same" in client.page(f"/concerns/{made.reference}").text()
    client.send(path, {"me_too": None, "mails": None})
    assert "says the same" not in client.page(f"/concerns/{made.reference}").text()


@pytest.mark.parametrize("data", [{"email": ""}, {"email": "odd"}, {"me_too": None, "mails": None}])
def test_mistakes_are_told_beside_the_field(client: Client, saved: Saved, data: dict[str, Any]) -> None:
    made = saved(lambda: concerns.concern(Mode.PUBLIC))
    sent = {"email": "sam@example.org"} | data
    assert client.send(f"/concerns/{made.reference}/follow", sent).status_code == 422


def test_a_flood_of_one_mailbox_is_answered_alike_and_mails_no_more(
    app: Flask, client: Client, saved: Saved
) -> None:
    made = saved(lambda: [concerns.concern(Mode.PUBLIC) for _ in range(8)])
    for concern in made:
        answer = client.send(f"/concerns/{concern.reference}/follow", {"email": "flooded@example.org"})
        assert answer.status_code == 303
    assert len(mail_to(app, "flooded@example.org")) == 5


def test_following_leaves_no_count_of_an_address_on_a_disk(app: Flask, client: Client, saved: Saved) -> None:
    made = saved(lambda: concerns.concern(Mode.PUBLIC))
    client.send(f"/concerns/{made.reference}/follow", {"email": "eva@example.org"})
    assert mail_to(app, "eva@example.org")
    with app.app_context():
        key = limits.anonymous("127.0.0.1")
    for path in Path(app.instance_path).glob("limits.db*"):
        assert key.encode() not in path.read_bytes()
        assert b"concern-follow" not in path.read_bytes()
