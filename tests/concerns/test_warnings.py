"""A supervisor hears of a concern before it is late: once, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.acts import ConcernAct, ConcernNotice
from forum.concerns.jobs import warn, warn_of_anonymous
from forum.concerns.models import About, Concern, Mode, Warned
from forum.concerns.operations.recusing import recuse, screen_concern
from forum.concerns.operations.timing import supervisors_of
from forum.concerns.operations.working import answer_concern, assign_concern
from forum.core import clock
from forum.core.mail import addressed_to
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, registry
from tests.factories import accounts, concerns

Saved = Callable[[Callable[[], Any]], Any]
DUE = select(Notification).where(Notification.kind == str(ConcernNotice.CONCERN_DUE))
MONDAY = datetime(2026, 3, 2, 16, 5, tzinfo=UTC)


def told() -> list[tuple[int | None, str]]:
    """Who was told of which clock."""
    found = db.session.scalars(DUE.order_by(Notification.id))
    return [(row.recipient_id, row.detail["clock"]) for row in found]


def every_ten_minutes(job: Callable[[], None], until: datetime) -> list[datetime]:
    """Run *job* from now on; the moments at which somebody was told something."""
    at, heard, before = clock.now(), [], 0
    while at < until:
        with time_machine.travel(at, tick=False):
            job()
        if len(told()) > before:
            before = len(told())
            heard.append(at)
        at += timedelta(minutes=10)
    return heard


def test_a_supervisor_hears_once_and_before_the_breach(app: Flask, saved: Saved) -> None:
    with time_machine.travel(MONDAY, tick=False):
        boss = saved(lambda: accounts.person(Role.SUPERVISOR))
        made = saved(concerns.concern)
        with app.app_context():
            heard = every_ten_minutes(warn, MONDAY + timedelta(days=6))
            due = db.session.get_one(Concern, made.id).due_at
            assert due == MONDAY + timedelta(hours=72)
            assert told() == [(boss.id, "answer")]
            assert due - timedelta(hours=12) <= heard[0] < due
            acts = db.session.scalars(select(LedgerEntry.act)).all()
            assert acts.count(str(ConcernAct.CONCERN_WARN)) == 1


def test_each_round_of_a_clock_is_warned_of_for_itself(app: Flask, saved: Saved) -> None:
    with time_machine.travel(MONDAY, tick=False):
        saved(lambda: accounts.person(Role.SUPERVISOR))
        officer, made = saved(lambda: (accounts.person(Role.OFFICER), concerns.concern()))
    with app.app_context():
        for week in (0, 2, 4):
            with time_machine.travel(MONDAY + timedelta(weeks=week, hours=1), tick=False):
                with unit_of_work():
                    found = db.session.get_one(Concern, made.id)
                    answer_concern(
                        actor=db.session.get_one(Person, officer.id), concern=found, text="We were there."
                    )
                every_ten_minutes(warn, clock.now() + timedelta(days=13, hours=23, minutes=50))
        assert [kind for _who, kind in told()] == ["update", "update", "update"]
        assert len(set(db.session.scalars(select(Warned.round)))) == 3


def test_an_answered_concern_is_not_warned_of(app: Flask, saved: Saved) -> None:
    with time_machine.travel(MONDAY, tick=False):
        saved(lambda: accounts.person(Role.SUPERVISOR))
        saved(
            lambda: answer_concern(
                actor=accounts.person(Role.OFFICER), concern=concerns.concern(), text="Yes."
            )
        )
        with app.app_context():
            every_ten_minutes(warn, MONDAY + timedelta(days=4))
            assert told() == []


def test_an_anonymous_one_is_warned_of_in_the_morning_of_the_day_before(app: Flask, saved: Saved) -> None:
    with time_machine.travel(MONDAY, tick=False):
        saved(lambda: accounts.person(Role.SUPERVISOR))
        saved(lambda: concerns.concern(Mode.ANONYMOUS))
        with app.app_context():
            assert every_ten_minutes(warn, MONDAY + timedelta(days=6)) == []
            heard = []
            for day in range(1, 6):
                morning = datetime(2026, 3, 2 + day, 13, tzinfo=UTC)  # seven in Chicago
                with time_machine.travel(morning, tick=False):
                    before = len(told())
                    warn_of_anonymous()
                    heard += [day] if len(told()) > before else []
            assert heard == [2]  # Wednesday, for Thursday at nine
            entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.act == "concern.warn")).all()
            assert [entry.subject_kind for entry in entries] == ["concern"]


def test_supervisors_of_the_chain_are_told_before_all_others(work: Flask) -> None:
    boss, other = accounts.person(Role.SUPERVISOR), accounts.person(Role.SUPERVISOR)
    officer = accounts.person(Role.OFFICER, answers_to_id=boss.id)
    made = concerns.concern()
    assert supervisors_of(made) == [boss, other]
    assign_concern(actor=boss, concern=made, to=officer)
    assert supervisors_of(made) == [boss]


def test_nobody_it_is_kept_from_is_told(work: Flask) -> None:
    boss, outside = accounts.person(Role.SUPERVISOR), accounts.person(Role.SUPERVISOR)
    reviewer = accounts.person(Role.REVIEWER)
    officer = accounts.person(Role.OFFICER, answers_to_id=boss.id)
    made = concerns.concern(Mode.PRIVATE, about=About.COMPLAINT, category="officer")
    assert supervisors_of(made) == [reviewer]  # not screened: nobody else may see it
    screen_concern(actor=reviewer, concern=made, named=[officer])
    assert supervisors_of(made) == [outside]
    recuse(actor=reviewer, concern=made, people=[outside])
    assert supervisors_of(made) == [reviewer]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_says_which_and_when_and_nothing_of_what_it_says(
    app: Flask, saved: Saved, language: str
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        boss = saved(lambda: accounts.person(Role.SUPERVISOR))
        made = saved(
            lambda: concerns.concern(Mode.CONFIDENTIAL, person=accounts.person(name="Marisol Quintero"))
        )
        with app.app_context():
            with time_machine.travel(MONDAY + timedelta(days=2, hours=1), tick=False):
                warn()
                assert db.session.scalars(DUE).all() == []  # a mail at noon would tell when it came
                warn_of_anonymous()
            row = db.session.scalars(DUE).one()
            with addressed_to(language):
                wording = registry.wordings[row.kind].renderer
                message = wording(row, Recipient(id=boss.id, address=boss.email, language=language))
            assert message is not None
            words = f"{message.subject} {message.text} {message.html}"
            assert made.reference in words
            for secret in ("Sheffield", "Cars race", "Marisol", "Speeding"):
                assert secret not in words


def test_a_mail_is_withdrawn_when_it_is_kept_from_its_reader_since(app: Flask, saved: Saved) -> None:
    with time_machine.travel(MONDAY, tick=False):
        boss = saved(lambda: accounts.person(Role.SUPERVISOR))
        made = saved(concerns.concern)
        with app.app_context():
            every_ten_minutes(warn, MONDAY + timedelta(days=3))
            with unit_of_work():
                people = [db.session.get_one(Person, boss.id)]
                recuse(actor=None, concern=db.session.get_one(Concern, made.id), people=people)
            row = db.session.scalars(DUE).one()
            with addressed_to("en"):
                wording = registry.wordings[row.kind].renderer
                assert wording(row, Recipient(id=boss.id, address=boss.email, language="en")) is None
