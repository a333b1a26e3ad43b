"""A complaint reaches no reviewer it is about, before or after it is screened; and never nobody at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.acts import ConcernNotice
from forum.concerns.jobs import open_morning
from forum.concerns.models import About, Concern, Mode, Recusal
from forum.concerns.operations.handing import step_back
from forum.concerns.operations.recusing import screen_concern
from forum.concerns.operations.speaking import write_again
from forum.core import clock
from forum.core.errors import Refusal
from forum.extensions import db
from forum.notifications.models import Notification
from tests.accounts.mailbox import mail_to, text_of
from tests.concerns.test_sight import seen
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in

Saved = Callable[[Callable[[], Any]], Any]


def complaint(story: str = "He was rude.", **changes: Any) -> Concern:
    values: dict[str, Any] = {"mode": Mode.ANONYMOUS, "about": About.COMPLAINT, "category": "officer"}
    return concerns.concern(**(values | {"story": story, "title": "At the desk"} | changes))


def test_a_reviewer_whose_name_is_in_the_words_never_sees_them(work: Flask) -> None:
    named = accounts.person(Role.REVIEWER, name="Dolores Quintéro")
    other = accounts.person(Role.REVIEWER, name="Sam Okafor")
    for told in ("Mrs. QUINTERO shouted at me.", "dolores quintero shouted"):
        made = complaint(told)
        assert made.id in seen(other)
        assert made.id not in seen(named)
    assert complaint("Somebody shouted at me.").id in seen(named)


def test_a_name_that_its_person_writes_later_counts_too(work: Flask) -> None:
    named, other = accounts.person(Role.REVIEWER, name="Dolores Quintero"), accounts.person(Role.REVIEWER)
    made = complaint()
    assert made.id in seen(named)
    write_again(concern=made, text="I know now that it was Quintero.")
    assert made.id in seen(other)
    assert made.id not in seen(named)


def test_a_whole_name_keeps_it_from_their_chain_and_a_last_name_alone_from_nobody_else(work: Flask) -> None:
    chief = accounts.person(Role.SUPERVISOR)
    accounts.person(Role.OFFICER, name="Sam White", answers_to_id=chief.id)
    other, reviewer = accounts.person(Role.SUPERVISOR), accounts.person(Role.REVIEWER)
    whole, last = complaint("It was Sam White."), complaint("A white car stood there.")
    for made in (whole, last):
        screen_concern(actor=reviewer, concern=made, named=[])
    assert seen(chief) == {last.id}
    assert seen(other) == {whole.id, last.id}


def test_when_it_was_kept_from_somebody_tells_no_more_than_the_day(work: Flask) -> None:
    accounts.person(Role.REVIEWER, name="Dolores Quintero")
    complaint("It was Quintero.")
    (recusal,) = db.session.scalars(select(Recusal))
    assert recusal.since == clock.day_begins()
    assert db.session.scalars(select(LedgerEntry)).all() == []


def test_a_reviewer_says_first_that_it_is_not_about_them_and_that_is_on_record(
    app: Flask, saved: Saved
) -> None:
    def make() -> tuple[int, str]:
        return accounts.person(Role.REVIEWER).id, complaint("He shouted.", title="A shout").reference

    reviewer, reference = saved(make)
    client = app.test_client()
    sign_in(client, reviewer)
    assert "A shout" not in client.page("/desk/concerns").text()
    address = f"/desk/concerns/{reference}/statement"
    for rest in ("", "/screening", "/identity", "/duty"):
        answer = client.get(f"/desk/concerns/{reference}{rest}")
        if answer.status_code != 404:
            assert (answer.status_code, answer.headers["Location"]) == (303, address)
    page = client.page(address)
    assert "He shouted" not in page.text()
    assert client.post(address, data=page.form(address) | {"go": "not_me"}).status_code == 303
    assert "He shouted." in client.page(f"/desk/concerns/{reference}").text()
    with app.app_context():
        (entry,) = db.session.scalars(select(LedgerEntry).where(LedgerEntry.act == "concern.state"))
        assert entry.actor_id == reviewer


def test_who_steps_back_from_it_unread_never_sees_it(app: Flask, saved: Saved) -> None:
    def make() -> tuple[int, str]:
        accounts.person(Role.REVIEWER)
        return accounts.person(Role.REVIEWER).id, complaint().reference

    reviewer, reference = saved(make)
    client = app.test_client()
    sign_in(client, reviewer)
    address = f"/desk/concerns/{reference}/statement"
    assert client.post(address, data=client.page(address).form(address) | {"go": "me"}).status_code == 303
    assert client.get(address).status_code == client.get(f"/desk/concerns/{reference}").status_code == 404


def test_naming_somebody_never_hides_a_concern_from_everybody(work: Flask) -> None:
    chief = accounts.person(Role.SUPERVISOR)
    sergeant = accounts.person(Role.SUPERVISOR, answers_to_id=chief.id)
    accounts.person(Role.OFFICER, answers_to_id=sergeant.id)
    made = concerns.concern(Mode.PRIVATE)
    with pytest.raises(Refusal, match="Nobody would be left"):
        step_back(actor=sergeant, concern=made, person=chief, named=True)
    db.session.rollback()


def test_what_is_hidden_from_all_supervisors_is_told_to_reviewers_outside_the_chain(
    app: Flask, saved: Saved
) -> None:
    def make() -> tuple[Person, Person, Person]:
        chief = accounts.person(Role.SUPERVISOR)
        sergeant = accounts.person(Role.SUPERVISOR, answers_to_id=chief.id)
        below = accounts.person(Role.REVIEWER, answers_to_id=sergeant.id)
        outside = accounts.person(Role.REVIEWER)
        made = concerns.concern(Mode.PRIVATE)
        step_back(actor=sergeant, concern=made, person=chief, named=True)
        assert seen(outside) == {made.id}
        assert seen(chief) == seen(sergeant) == seen(below) == set()
        return below, outside, sergeant

    _below, outside, _sergeant = saved(make)
    with app.app_context():
        left = select(Notification.recipient_id).where(Notification.kind == str(ConcernNotice.CONCERN_LEFT))
        assert db.session.scalars(left).all() == [outside.id]
    assert len(mail_to(app, outside.email)) == 1


def test_administrators_hear_in_the_morning_of_what_nobody_at_the_desk_may_read(
    app: Flask, saved: Saved
) -> None:
    def make() -> Person:
        accounts.person(Role.REVIEWER, name="Dolores Quintero")
        complaint("It was Quintero.", mode=Mode.PRIVATE)
        return accounts.person(Role.ADMINISTRATOR)

    administrator = saved(make)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        for _ in range(2):
            with app.app_context():
                open_morning()
        (mail,) = mail_to(app, administrator.email)
        assert "nobody at the desk may read" in text_of(mail)
        assert "Quintero" not in text_of(mail)
