"""Access needs: asked where they can be served, seen by the event's editors alone, erased 30 days after the date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Role
from forum.audit.models import Entry
from forum.core import jobs
from forum.events.models import AccessNeed, Answer, GuestRequest, Occurrence, Rsvp
from forum.events.operations.extras import Extras
from forum.events.operations.guests import ask_guest
from forum.events.operations.needs import KEPT, Needs, keep_needs
from forum.events.operations.offers import pass_offer
from forum.events.operations.rsvp import answer, erase_answers_of
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
SERVES = {"interpreter": "Spanish, Polish", "step_free": True, "childcare": True, "quiet_space": True}
ALL = Needs(interpreter="Polish", step_free=True, children=2, quiet_space=True, note="I hear with one ear.")


def going(date: Occurrence, needs: Needs = ALL) -> Rsvp:
    rsvp = answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING)
    keep_needs(rsvp=rsvp, needs=needs)
    return rsvp


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(AccessNeed)) or 0


def test_only_what_the_event_can_serve_is_kept(work: Flask) -> None:
    some = going(make.occurrence(step_free=True, childcare=False))
    assert Needs.of(db.session.get(AccessNeed, some.id)) == Needs(step_free=True, note=ALL.note)
    going(make.occurrence())
    going(make.occurrence(**SERVES), Needs())
    assert kept() == 1


def test_needs_go_with_the_answer(work: Flask) -> None:
    date = make.occurrence(**SERVES)
    first, second, third = going(date), going(date), going(date)
    keep_needs(rsvp=first, needs=Needs(children=1))
    assert Needs.of(db.session.get(AccessNeed, first.id)) == Needs(children=1)
    answer(actor=second.person, occurrence=date, answer=Answer.NOT_GOING)
    erase_answers_of(third.person_id or 0)
    assert kept() == 1
    pass_offer(rsvp=first) if first.offer_ends_at else keep_needs(rsvp=first, needs=Needs())
    assert kept() == 0


def test_the_job_erases_needs_30_days_after_the_end_and_not_before(app: Flask, saved: Saved) -> None:
    def two() -> list[datetime]:
        dates = [make.occurrence(starts_local=make.evening(days), **SERVES) for days in (7, 9)]
        return [going(date).occurrence.ends_at for date in dates]

    with time_machine.travel(datetime.now(UTC), tick=False) as time:
        early, late = saved(two)
        steps = ((early + KEPT - timedelta(seconds=1), 2), (early + KEPT, 1), (late, 1), (late + KEPT, 0))
        for moment, left in steps:
            time.move_to(moment)
            with app.app_context():
                jobs.run("events.erase_needs")
                assert kept() == left


def test_needs_are_in_no_ledger_and_no_outbox(work: Flask) -> None:
    date = make.occurrence(**SERVES)
    going(date)
    ask_guest(
        occurrence=date, name="Sam", email="sam@example.org", language="en", answer=Answer.GOING,
        extras=Extras(needs=ALL),
    )  # fmt: skip
    for table in (Entry.__table__, Notification.__table__):
        assert "one ear" not in str(db.session.execute(select(table)).all())
    assert db.session.scalars(select(GuestRequest.needs)).one() == ALL.said


# -- the pages


@pytest.fixture
def date(saved: Saved) -> tuple[str, str]:
    """The addresses of the answer's page and of the roster."""
    event = saved(lambda: make.event(contact_phone="555 0100", **(SERVES | {"quiet_space": None})))
    return (
        f"/events/{event.id}/rsvp",
        f"/desk/events/{event.id}/dates/{event.occurrences[0].original_date}/roster",
    )


def signed_in(app: Flask, saved: Saved, role: Role = Role.RESIDENT) -> Client:
    person = saved(lambda: accounts.person(role, name=f"Alex {role}"))
    client: Client = app.test_client()  # type: ignore[assignment]
    accounts.sign_in(client, person.id)
    return client


def test_a_resident_says_what_they_need_and_the_organizer_alone_sees_it(
    app: Flask, saved: Saved, date: tuple[str, str]
) -> None:
    own, roster = date
    resident = signed_in(app, saved)
    assert "quiet space" not in resident.page(own).text().lower()
    needs = {"interpreter": "Polish", "step_free": "y", "children": "2", "note": "I hear with one ear."}
    assert resident.send(own, {"answer": "going", **needs}).status_code == 303
    assert "I hear with one ear." in resident.get(own).text
    seen = signed_in(app, saved, Role.OFFICER).page(roster).text()
    assert "1 asks for an interpreter" in seen
    assert "2 children in childcare" in seen
    assert (
        "Interpreter: Polish; A way in without steps; 2 children in childcare; I hear with one ear." in seen
    )
    for role in (Role.AUDITOR,):
        assert "one ear" not in signed_in(app, saved, role).page(roster).text()
    assert resident.send(own, {"answer": "going", "party_size": "99"}).status_code == 422
    assert "one ear" in resident.get(own).text


def test_an_old_form_without_the_fields_changes_nothing_of_them(
    app: Flask, saved: Saved, date: tuple[str, str]
) -> None:
    resident = signed_in(app, saved)
    resident.send(date[0], {"answer": "going", "note": "I hear with one ear.", "keeps_attendance": "y"})
    token = resident.page(date[0]).form("/rsvp")["csrf_token"]
    plain = {"csrf_token": token, "answer": "going", "party_size": "2"}
    assert resident.post(date[0], data=plain).status_code == 303
    page = resident.get(date[0]).text
    assert "one ear" in page
    with app.app_context():
        assert db.session.scalars(select(Rsvp.keeps_attendance)).one()


def test_an_officer_takes_a_callers_needs_down_and_changes_them(
    app: Flask, saved: Saved, date: tuple[str, str]
) -> None:
    officer = signed_in(app, saved, Role.OFFICER)
    call = {"name": "Mrs. Alvarez", "party_size": "2", "interpreter": "Spanish", "children": "1"}
    assert officer.send(date[1], call, form="/callers").status_code == 303
    assert "Mrs. Alvarez, 2 people" in officer.page(date[1]).text()
    with app.app_context():
        number = db.session.scalars(select(Rsvp.id)).one()
    change = officer.send(f"{date[1]}/{number}", {"interpreter": "", "children": "2"})
    assert change.status_code == 303
    with app.app_context():
        assert Needs.of(db.session.scalars(select(AccessNeed)).one()) == Needs(children=2)


def test_where_nothing_can_be_served_it_says_whom_to_ask(client: Client, saved: Saved) -> None:
    event = saved(lambda: make.event(contact_phone="555 0100"))
    page = client.page(f"/events/{event.id}/rsvp")
    assert "Ask us: 555 0100" in page.text()
    assert "interpreter" not in page.form("/guest")


def test_the_roster_asks_as_often_for_many_needs_as_for_one(
    app: Flask, saved: Saved, date: tuple[str, str], count_queries: Any
) -> None:
    officer = signed_in(app, saved, Role.OFFICER)

    def add() -> None:
        going(db.session.scalars(select(Occurrence)).one())

    saved(add)
    with count_queries() as one:
        officer.get(date[1])
    for _ in range(3):
        saved(add)
    with count_queries() as many:
        officer.get(date[1])
    assert len(many) == len(one) <= 12
