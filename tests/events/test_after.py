"""After a date: minutes and action items everybody reads, feedback that belongs to nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import Role
from forum.audit.models import Entry
from forum.core import clock, jobs
from forum.core.errors import Refusal
from forum.core.transactions import unit_of_work
from forum.events.models import ActionItem, Answer, Feedback, Minutes, Occurrence, Verdict
from forum.events.operations.events import cancel_event, withdraw_event
from forum.events.operations.feedback import give_feedback, new_key
from forum.events.operations.minutes import publish_minutes, write_minutes
from forum.events.operations.rsvp import answer
from forum.events.queries.feedback import FEWEST, results_of
from forum.extensions import db
from forum.notifications.models import Notification
from tests.factories import accounts, after
from tests.factories import events as make
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def officer(client: Client, saved: Saved) -> Client:
    """A signed-in officer's browser."""
    accounts.sign_in(client, saved(after.officer))
    return client


def where(date: Occurrence) -> str:
    return f"/desk/events/{date.event_id}/dates/{date.original_date.isoformat()}"


def only(app: Flask, model: Any) -> Any:
    with app.app_context():
        return db.session.scalars(sa.select(model)).unique().one()


def test_minutes_are_hidden_until_they_are_published_and_say_when_they_changed(
    officer: Client, app: Flask, saved: Saved
) -> None:
    date = saved(lambda: after.past())
    visitor: Any = app.test_client()
    page = f"/events/{date.event_id}-{date.event.slug}"
    officer.send(f"{where(date)}/minutes", {"text": "We spoke of **lights** and trees."}, form="/minutes")
    officer.send(
        f"{where(date)}/minutes",
        {"item-text": "Ask for a lamp", "item-owner": "Beat 1433 team", "item-due_on": "2031-03-04"},
        form="/minutes/items",
    )
    assert "lights" not in visitor.page(page).text()
    officer.send(f"{where(date)}/minutes", {"then": "publish"}, form="/minutes")
    read = visitor.page(page).text()
    assert "We spoke of lights and trees." in read
    assert "Ask for a lamp" in read
    assert "Beat 1433 team" in read
    assert "Changed on" not in read
    officer.send(f"{where(date)}/minutes", {"text": "We spoke of lamps."}, form="/minutes")
    assert "Changed on" in visitor.page(page).text()
    officer.send(f"{where(date)}/minutes", form="/minutes/withdraw")
    assert "lamps" not in visitor.page(page).text()
    with app.app_context():
        acts = list(
            db.session.scalars(
                sa.select(Entry.act).where(Entry.subject_kind == "occurrence").order_by(Entry.id)
            )
        )
    assert acts == [
        "minutes.edit", "action_item.add", "minutes.publish", "minutes.edit", "minutes.withdraw"
    ]  # fmt: skip


def test_minutes_that_somebody_else_saved_are_not_written_over(
    officer: Client, app: Flask, saved: Saved
) -> None:
    date = saved(lambda: after.past())
    saved(lambda: after.minutes(db.session.get_one(Occurrence, date.id), text="Hers"))
    answered = officer.send(f"{where(date)}/minutes", {"text": "Mine", "version": "1"}, form="/minutes")
    assert answered.status_code == 422
    assert "Mine" in answered.text
    assert only(app, Minutes).html == "<p>Hers</p>"


def test_there_is_nothing_to_publish_before_the_date_or_without_words(work: Flask) -> None:
    officer = after.officer()
    ahead, over = make.occurrence(), after.past()
    write_minutes(actor=officer, occurrence=ahead, text="Agenda", shows_attendance=False)
    with pytest.raises(Refusal, match="not begun"):
        publish_minutes(actor=officer, occurrence=ahead)
    with pytest.raises(Refusal, match="nothing to publish"):
        publish_minutes(actor=officer, occurrence=over)


def test_a_series_names_its_earlier_minutes_and_the_list_of_the_past_marks_them(
    client: Client, saved: Saved
) -> None:
    def prepare() -> Any:
        event = make.event(starts_local=make.evening(-14), rrule="FREQ=WEEKLY;COUNT=5", title="Talks")
        after.minutes(event.occurrences[0])
        return event, event.occurrences[0].original_date

    event, day = saved(prepare)
    page = client.page(f"/events/{event.id}-{event.slug}")
    assert f"/events/{event.id}-{event.slug}/{day.isoformat()}#minutes" in page.links()
    assert (
        "We spoke of lights and trees."
        in client.page(f"/events/{event.id}-{event.slug}/{day.isoformat()}").text()
    )
    assert client.page("/events?past=1").text().count("Minutes") == 1


def test_an_action_item_is_open_until_it_is_said_what_came_of_it(
    officer: Client, app: Flask, saved: Saved
) -> None:
    def prepare() -> Occurrence:
        date = after.past()
        after.minutes(date)
        after.item(date)
        return date

    date = saved(prepare)
    item = only(app, ActionItem)
    assert "Ask for a lamp" in officer.page("/desk/actions").text()
    assert "Ask for a lamp" not in officer.page("/desk/actions?mine=1").text()
    path = f"{where(date)}/minutes/items/{item.id}"
    refused = officer.send(path, {"outcome": "It shines."})
    assert refused.status_code == 422
    assert "on which day" in refused.text
    officer.send(path, {"outcome": "It shines.", "done_on": date.original_date.isoformat()})
    assert "Ask for a lamp" not in officer.page("/desk/actions").text()
    assert "It shines." in officer.page(f"/events/{date.event_id}-{date.event.slug}").text()


def test_who_answers_for_an_item_is_shown_by_role_and_finds_it_among_their_own(
    officer: Client, app: Flask, saved: Saved
) -> None:
    date = saved(lambda: after.past())
    given = {"item-text": "Call the school", "item-owner": "", "item-mine": "y", "item-due_on": "2031-03-04"}
    officer.send(f"{where(date)}/minutes", given, form="/minutes/items")
    assert only(app, ActionItem).owner == "Beat sergeant, 14th District"
    assert "Call the school" in officer.page("/desk/actions?mine=1").text()


def test_open_items_come_page_by_page_soonest_first_in_a_fixed_number_of_queries(
    officer: Client, saved: Saved, count_queries: Any
) -> None:
    def add(many: int) -> None:
        date, actor = after.past(), after.officer()
        for number in range(many):
            after.item(
                date, actor=actor, text=f"Item {number:02}", due_on=clock.today() + timedelta(days=number)
            )

    saved(lambda: add(1))
    with count_queries() as one:
        officer.get("/desk/actions")
    saved(lambda: add(35))
    with count_queries() as many:
        first = officer.page("/desk/actions")
    assert len(one) == len(many)
    more = next(link for link in first.links() if "after=" in link)
    shown = first.text() + officer.page(more).text()
    assert [number for number in range(35) if f"Item {number:02}" not in shown] == []


def test_feedback_needs_no_account_and_a_form_sent_twice_counts_once(
    client: Client, app: Flask, saved: Saved
) -> None:
    date = saved(lambda: after.past())
    path = f"/events/{date.event_id}/feedback"
    assert path in client.page(f"/events/{date.event_id}-{date.event.slug}").links()
    form = client.page(path).form() | {"worth": "yes", "heard": "partly", "change": "Begin later."}
    first, second = client.post(path, data=form), client.post(path, data=form | {"worth": "no"})
    assert first.status_code == second.status_code == 303
    assert "without a name" in client.page(first.headers["Location"]).text()
    kept = only(app, Feedback)
    assert (kept.worth, kept.heard, kept.change) == (Verdict.YES, Verdict.PARTLY, "Begin later.")
    assert set(Feedback.__table__.columns.keys()) == {"key", "occurrence_id", "worth", "heard", "change"}


def test_feedback_that_lacks_an_answer_or_a_key_keeps_what_was_typed(
    client: Client, app: Flask, saved: Saved
) -> None:
    date = saved(lambda: after.past())
    path = f"/events/{date.event_id}/feedback"
    lacking = client.send(path, {"worth": "yes", "change": "Louder, please."})
    assert lacking.status_code == 422
    assert "Louder, please." in lacking.text
    forged = client.send(path, {"worth": "yes", "heard": "yes", "change": "Louder.", "key": "1." + "0" * 32})
    assert forged.status_code == 422
    assert "Louder." in forged.text
    with app.app_context():
        assert db.session.query(Feedback).count() == 0


def test_feedback_opens_at_the_end_and_closes_two_weeks_later(work: Flask) -> None:
    date = make.occurrence(starts_local=make.evening(1))
    key = new_key(date.id)

    def give() -> bool:
        return give_feedback(occurrence=date, key=key, worth=Verdict.YES, heard=Verdict.NO)

    for moment in (date.ends_at - timedelta(seconds=1), date.ends_at + timedelta(days=14)):
        with time_machine.travel(moment, tick=False), pytest.raises(Refusal):
            give()
    with time_machine.travel(date.ends_at + timedelta(days=13), tick=False):
        assert give()
        other = make.occurrence(starts_local=make.evening(-1))
        with pytest.raises(Refusal):
            give_feedback(occurrence=other, key=key, worth=Verdict.YES, heard=Verdict.NO)
        cancel_event(actor=None, event=date.event, reason="Flooded")
        with pytest.raises(Refusal):
            give()


def test_few_answers_are_withheld_and_many_are_sums_in_no_order(officer: Client, saved: Saved) -> None:
    date = saved(lambda: after.past())

    def give(many: int) -> None:
        here = db.session.get_one(Occurrence, date.id)
        for number in range(many):
            give_feedback(
                occurrence=here,
                key=new_key(here.id),
                worth=Verdict.YES,
                heard=Verdict.NO,
                change=f"Words {number}",
            )

    saved(lambda: give(FEWEST - 1))
    few = officer.page(f"{where(date)}/feedback").text()
    assert "4 answers so far" in few
    assert "Words" not in few
    assert "Yes" not in few
    saved(lambda: give(1))
    assert "5 people answered" in officer.page(f"{where(date)}/feedback").text()


def test_sums_are_the_desks_alone(work: Flask) -> None:
    date = after.past()
    for _ in range(FEWEST):
        give_feedback(occurrence=date, key=new_key(date.id), worth=Verdict.PARTLY, heard=Verdict.YES)
    assert results_of(accounts.person(Role.AUDITOR), date.id).worth == {Verdict.PARTLY: FEWEST}
    assert results_of(accounts.person(), date.id).answers == 0


def test_a_draft_shows_nothing_of_what_came_after_it(client: Client, app: Flask, saved: Saved) -> None:
    def prepare() -> Occurrence:
        date = after.past()
        after.shift(date)
        after.minutes(date)
        withdraw_event(actor=None, event=date.event)
        return date

    date = saved(prepare)
    for path in ("feedback", "feedback/thanks", "shifts", f"shifts/{date.original_date.isoformat()}"):
        assert client.get(f"/events/{date.event_id}/{path}").status_code == 404


def test_who_had_a_place_is_asked_by_mail_once_after_the_end(app: Flask, saved: Saved) -> None:
    def prepare() -> Any:
        date = make.occurrence(starts_local=make.evening(2))
        going, maybe = accounts.person(), accounts.person()
        answer(actor=going, occurrence=date, answer=Answer.GOING)
        answer(actor=maybe, occurrence=date, answer=Answer.MAYBE)
        return date, going.id

    date, going = saved(prepare)
    for moment in (date.starts_at, date.ends_at + timedelta(minutes=5), date.ends_at + timedelta(hours=5)):
        with app.app_context(), time_machine.travel(moment, tick=False):
            jobs.run("events.ask_for_feedback")
    with app.app_context(), time_machine.travel(date.ends_at + timedelta(hours=5), tick=False):
        asked = db.session.scalars(sa.select(Notification).where(Notification.kind == "feedback.asked")).all()
        assert [notification.recipient_id for notification in asked] == [going]
        jobs.run("notifications.deliver")
        letters = list((Path(app.instance_path) / "mail").glob("*.eml"))
    assert any(f"/events/{date.event_id}/feedback" in letter.read_text() for letter in letters)


def test_how_many_came_is_public_only_when_the_officer_says_so(client: Client, saved: Saved) -> None:
    def prepare() -> Occurrence:
        date = after.past()
        date.walk_ins = 23
        after.minutes(date)
        return date

    date = saved(prepare)
    page = f"/events/{date.event_id}-{date.event.slug}"
    assert "23 people came" not in client.page(page).text()

    def say_so() -> None:
        here = db.session.get_one(Occurrence, date.id)
        write_minutes(actor=after.officer(), occurrence=here, text="", shows_attendance=True)

    saved(say_so)
    assert "23 people came" in client.page(page).text()


def test_twenty_at_once_who_each_press_twice_are_twenty_answers(app: Flask, saved: Saved) -> None:
    date = saved(lambda: after.past())
    with app.app_context():
        keys = [new_key(date.id) for _ in range(20)]

    def give(key: str) -> bool:
        with app.app_context(), unit_of_work():
            here = db.session.get_one(Occurrence, date.id)
            return give_feedback(occurrence=here, key=key, worth=Verdict.YES, heard=Verdict.YES)

    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(give, [key for key in keys for _ in range(2)]))
    assert kept.count(True) == 20
    with app.app_context():
        assert db.session.query(Feedback).count() == 20
