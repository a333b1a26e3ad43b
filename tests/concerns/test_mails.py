"""Who is mailed of what, when, in which words; and what is never in a mail."""

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
from forum.concerns.jobs import open_morning
from forum.concerns.models import About, Closing, Concern, Mode, Status
from forum.concerns.operations.disputing import dispute_concern
from forum.concerns.operations.recusing import recuse
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import answer_concern, assign_concern, close_concern
from forum.core import clock
from forum.extensions import db
from forum.notifications.models import Notification
from tests.accounts.mailbox import mail_to, text_of
from tests.factories import accounts, concerns, neighborhoods

Saved = Callable[[Callable[[], Any]], Any]
ANSWER = "A patrol comes on Friday."
EVENING = datetime(2026, 3, 4, 3, 47, 13, tzinfo=UTC)  # 21:47 of the third in Chicago
MORNING = datetime(2026, 3, 4, 13, 0, 0, tzinfo=UTC)


def answer(made: Concern) -> None:
    answer_concern(
        actor=accounts.person(Role.SUPERVISOR), concern=db.session.get_one(Concern, made.id), text=ANSWER
    )


def to(app: Flask, person: Person) -> list[str]:
    return [text_of(mail) for mail in mail_to(app, person.email)]


@pytest.mark.parametrize("mode", [Mode.PUBLIC, Mode.PRIVATE, Mode.CONFIDENTIAL])
def test_the_person_reads_that_there_is_news_and_the_words_only_of_what_is_public(
    app: Flask, saved: Saved, mode: Mode
) -> None:
    def make() -> tuple[Concern, Person]:
        person = accounts.person()
        return concerns.concern(mode, person=person, title="Cars race"), person

    made, person = saved(make)
    saved(lambda: answer(made))
    (mail,) = mail_to(app, person.email)
    assert mail["Subject"] == f"There is news about your concern {made.reference}"
    assert f"http://localhost/concerns/{made.reference}" in text_of(mail)
    assert (ANSWER in mail.as_string()) is (mode is Mode.PUBLIC)
    assert "Cars race" not in mail.as_string()


def test_who_has_no_account_is_sent_to_the_page_for_receipt_codes(app: Flask, saved: Saved) -> None:
    made = saved(lambda: concerns.concern(contact=Contact(name="Sam", email="sam@example.org")))
    saved(lambda: answer(made))
    (mail,) = mail_to(app, "sam@example.org")
    assert "http://localhost/concerns/track" in text_of(mail)
    assert ANSWER not in mail.as_string()


def test_words_that_stopped_being_public_before_the_mail_went_are_not_in_it(app: Flask, saved: Saved) -> None:
    made, person = saved(lambda: (concerns.concern(Mode.PUBLIC, person=(p := accounts.person())), p))
    saved(lambda: answer(made))
    saved(lambda: make_stricter(concern=db.session.get_one(Concern, made.id), mode=Mode.PRIVATE))
    (text,) = to(app, person)
    assert ANSWER not in text


def test_closing_is_told(app: Flask, saved: Saved) -> None:
    made, person = saved(lambda: (concerns.concern(person=(p := accounts.person())), p))
    saved(
        lambda: close_concern(
            actor=accounts.person(Role.OFFICER),
            concern=db.session.get_one(Concern, made.id),
            closed_as=Closing.NO_POWER,
            text=ANSWER,
        )
    )
    assert len(to(app, person)) == 1


def test_a_new_concern_is_told_to_the_officers_of_the_beat_and_says_nothing_else(
    app: Flask, saved: Saved
) -> None:
    def make() -> tuple[Concern, Person, Person, Person]:
        area = neighborhoods.neighborhood("Logan Square")
        officer, other = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
        boss = accounts.person(Role.SUPERVISOR)
        neighborhoods.beat(neighborhoods=[area], officers=[officer])
        return concerns.concern(Mode.PUBLIC, neighborhood_id=area.id), officer, other, boss

    made, officer, other, boss = saved(make)
    (text,) = to(app, officer)
    assert "A new concern is waiting" in text
    for word in (made.reference, made.title, "Sheffield", "Logan Square"):
        assert word not in text
    assert to(app, other) == to(app, boss) == []


def test_without_a_beat_and_for_what_is_confidential_supervisors_are_told(app: Flask, saved: Saved) -> None:
    def make() -> tuple[Person, Person]:
        officer, boss = accounts.person(Role.OFFICER), accounts.person(Role.SUPERVISOR)
        area = neighborhoods.neighborhood("Logan Square")
        neighborhoods.beat(neighborhoods=[area], officers=[officer])
        concerns.concern(Mode.PRIVATE)
        concerns.concern(Mode.CONFIDENTIAL, neighborhood_id=area.id)
        return officer, boss

    officer, boss = saved(make)
    assert (len(to(app, officer)), len(to(app, boss))) == (0, 1)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        with app.app_context():
            open_morning()  # of what is confidential, in the digest: a mail's time would tell when it came
        assert (len(to(app, officer)), len(to(app, boss))) == (0, 2)


def test_a_complaint_is_told_to_reviewers_alone_and_never_to_who_is_recused(app: Flask, saved: Saved) -> None:
    def make() -> tuple[Person, Person, Person]:
        boss, named, reviewer = (accounts.person(r) for r in (Role.SUPERVISOR, Role.REVIEWER, Role.REVIEWER))
        made = concerns.concern(about=About.COMPLAINT, category="officer")
        recuse(actor=None, concern=made, people=[named])
        return boss, named, reviewer

    boss, named, reviewer = saved(make)
    assert (len(to(app, boss)), len(to(app, named)), len(to(app, reviewer))) == (0, 0, 1)


def test_an_anonymous_concern_is_told_and_entered_the_next_morning_and_no_row_knows_when_it_came(
    app: Flask, saved: Saved
) -> None:
    with time_machine.travel(EVENING, tick=False):
        boss, officer = saved(lambda: (accounts.person(Role.SUPERVISOR), accounts.person(Role.OFFICER)))
        made = saved(lambda: concerns.concern(Mode.ANONYMOUS))
        with app.app_context():
            open_morning()  # not of the day itself
            assert db.session.scalars(select(LedgerEntry)).all() == []
            assert db.session.scalars(select(Notification)).all() == []
    with time_machine.travel(MORNING, tick=False):
        for _ in range(2):
            with app.app_context():
                open_morning()
        assert len(to(app, boss)) == len(to(app, officer)) == 1
        with app.app_context():
            (entry,) = db.session.scalars(select(LedgerEntry)).all()
            assert (entry.act, entry.subject_id) == ("concern.enter", made.id)
            for row in (*db.session.scalars(select(Notification)), entry):
                written = repr({column.key: getattr(row, column.key) for column in row.__table__.columns})
                assert "47, 13" not in written
                assert ":47:13" not in written


def test_the_digest_is_not_sent_to_who_may_see_none_of_them(app: Flask, saved: Saved) -> None:
    with time_machine.travel(EVENING, tick=False):
        officer, reviewer = saved(lambda: (accounts.person(Role.OFFICER), accounts.person(Role.REVIEWER)))
        saved(lambda: concerns.concern(Mode.ANONYMOUS, about=About.COMPLAINT, category="officer"))
    with time_machine.travel(MORNING, tick=False):
        with app.app_context():
            open_morning()
        assert (len(to(app, officer)), len(to(app, reviewer))) == (0, 1)


def test_nobody_is_mailed_of_an_anonymous_answer(app: Flask, saved: Saved) -> None:
    made = saved(lambda: concerns.concern(Mode.ANONYMOUS, contact=Contact(email="me@example.org")))
    saved(lambda: answer(made))
    with app.app_context():
        assert db.session.scalars(select(Notification)).all() == []
    assert mail_to(app, "me@example.org") == []


def test_what_somebody_took_already_is_not_told(app: Flask, saved: Saved) -> None:
    def make() -> Person:
        boss = accounts.person(Role.SUPERVISOR)
        made = concerns.concern()
        answer_concern(actor=boss, concern=made, text=ANSWER, status=Status.IN_PROGRESS)
        return boss

    assert to(app, saved(make)) == []


@pytest.mark.parametrize("mode", [Mode.PRIVATE, Mode.ANONYMOUS])
def test_who_has_it_hears_that_its_person_wrote_and_of_a_hidden_one_the_next_morning(
    app: Flask, saved: Saved, mode: Mode
) -> None:
    subject = "Somebody wrote again about a concern that you have"
    with time_machine.travel(EVENING, tick=False):
        holder, other = saved(lambda: (accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)))
        made = saved(lambda: concerns.concern(mode))

        def wrote() -> None:
            concern = db.session.get_one(Concern, made.id)
            assign_concern(actor=accounts.person(Role.SUPERVISOR), concern=concern, to=holder)
            write_again(concern=concern, text="It goes on every night.")

        saved(wrote)
        at_once = [mail["Subject"] for mail in mail_to(app, holder.email)]
        assert (subject in at_once) is (mode is Mode.PRIVATE)
    with time_machine.travel(MORNING, tick=False):
        for _ in range(2):
            with app.app_context():
                open_morning()
        letters = mail_to(app, holder.email)
        assert [mail["Subject"] for mail in letters].count(subject) == 1
        assert not any(
            "every night" in mail.as_string() or made.reference in mail.as_string() for mail in letters
        )
        assert subject not in [mail["Subject"] for mail in mail_to(app, other.email)]


@pytest.mark.parametrize("mode", [Mode.PRIVATE, Mode.ANONYMOUS])
def test_who_may_decide_a_dispute_hears_of_it_and_never_who_closed_it(
    app: Flask, saved: Saved, mode: Mode
) -> None:
    with time_machine.travel(EVENING, tick=False):
        closer, boss = saved(lambda: (accounts.person(Role.SUPERVISOR), accounts.person(Role.SUPERVISOR)))

        def dispute() -> None:
            made = concerns.concern(mode)
            close_concern(actor=closer, concern=made, closed_as=Closing.NO_POWER, text="Not ours.")
            dispute_concern(concern=made, words="It is.")
            write_again(concern=made, text="I have a picture of it, too.")

        saved(dispute)
    with time_machine.travel(MORNING, tick=False):
        with app.app_context():
            open_morning()
        told = [[mail["Subject"] for mail in mail_to(app, person.email)] for person in (closer, boss)]
    assert "A closing is disputed" not in told[0]
    assert told[1].count("A closing is disputed") == 1
