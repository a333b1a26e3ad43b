"""Letters as each calendar program sends them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from forum.audit.models import Entry
from forum.core import clock
from forum.core.mail import addressed_to
from forum.core.transactions import unit_of_work
from forum.events.invitee import address_for, rsvp_id_in
from forum.events.models import Answer, Channel, Event, Place, Rsvp
from forum.events.operations.events import cancel_event, postpone_event
from forum.events.operations.occurrences import move_occurrence
from forum.events.operations.rsvp import answer
from forum.events.replies.receiving import Status, receive
from forum.extensions import db
from forum.notifications.models import Notification
from forum.notifications.registry import Recipient, registry
from tests.events.replies.corpus import PROGRAMS, letter, stamped
from tests.factories import accounts
from tests.factories import events as make

pytestmark = pytest.mark.usefixtures("context")
Act = Callable[[], Any]


def done(act: Act) -> Any:
    with unit_of_work():
        return act()


def answered(said: Answer = Answer.MAYBE, party: int = 1, **details: Any) -> int:
    """The id of a new answer to a new event, given an hour ago."""

    def give() -> int:
        event = make.event(**details)
        rsvp = answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=said, party_size=party)
        rsvp.said_at = clock.now() - timedelta(hours=1)
        return rsvp.id

    number: int = done(give)
    return number


def rsvp(number: int) -> Rsvp:
    db.session.expire_all()
    return db.session.get_one(Rsvp, number)


def came(name: str, number: int, partstat: str = "ACCEPTED", **facts: object) -> Status:
    found = rsvp(number)
    data = letter(name, found, partstat, **facts)
    to = address_for(number)
    db.session.rollback()
    return receive(data, recipients=(to,)).status


def told() -> list[str]:
    return [n.detail["why"] for n in db.session.query(Notification).filter_by(kind="rsvp.reply")]


def recorded() -> list[tuple[str, str | None]]:
    entries = db.session.query(Entry).filter(Entry.act.startswith("rsvp.reply")).order_by(Entry.id)
    return [(entry.act, entry.detail.get("why")) for entry in entries]


@pytest.mark.parametrize("program", PROGRAMS)
def test_accept_tentative_and_decline_count_whoever_wrote_them(program: str) -> None:
    number = answered(starts_local=make.evening(7))
    for partstat, said, place in (
        ("ACCEPTED", Answer.GOING, Place.CONFIRMED),
        ("TENTATIVE", Answer.MAYBE, Place.NONE),
        ("DECLINED", Answer.NOT_GOING, Place.NONE),
    ):
        assert came(program, number, partstat) == Status.OK
        found = rsvp(number)
        assert (found.answer, found.place, found.channel) == (said, place, Channel.MAIL)
    assert told() == []
    assert recorded() == [("rsvp.reply", None)] * 3 if program else True


def test_a_letter_for_one_date_of_a_series_counts_for_that_date() -> None:
    number = answered(rrule="FREQ=WEEKLY;COUNT=3")
    for program in ("outlook", "apple", "thunderbird", "proton"):
        assert came(program, number, "ACCEPTED") == Status.OK
        assert rsvp(number).answer == Answer.GOING, program
        assert came(program, number, "DECLINED") == Status.OK
        assert rsvp(number).answer == Answer.NOT_GOING, program


def test_a_calendar_that_mixes_up_two_dates_of_a_series_answers_for_the_right_one() -> None:
    first = answered(rrule="FREQ=WEEKLY;COUNT=3")

    def second_date() -> int:
        found = db.session.get_one(Rsvp, first)
        return answer(
            actor=found.person, occurrence=found.occurrence.event.occurrences[1], answer=Answer.GOING
        ).id

    second = done(second_date)
    data = letter("apple", rsvp(second), "DECLINED")
    assert receive(data, recipients=(address_for(first),)).status == Status.OK
    assert (rsvp(first).answer, rsvp(second).answer) == (Answer.MAYBE, Answer.NOT_GOING)


def test_a_date_that_its_sender_never_answered_is_asked_about() -> None:
    number = answered(rrule="FREQ=WEEKLY;COUNT=3")
    other = f"RECURRENCE-ID;TZID=America/Chicago:{make.evening(14):%Y%m%dT%H%M%S}\n"
    assert came("apple", number, "DECLINED", recurrence_iana=other) == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.MAYBE, ["no_such_date"])


def test_a_full_date_puts_the_sender_in_line_and_says_so_once() -> None:
    number = answered(capacity=1)
    done(lambda: answer(actor=accounts.person(), occurrence=rsvp(number).occurrence, answer=Answer.GOING))
    for _again in range(3):
        assert came("outlook", number, "ACCEPTED") == Status.OK
    assert (rsvp(number).place, told()) == (Place.WAITING, ["waiting"])


def test_who_has_an_offer_takes_it_by_accepting() -> None:
    number = answered(capacity=1)
    holder = done(accounts.person)

    def freed() -> None:
        occurrence = rsvp(number).occurrence
        answer(actor=holder, occurrence=occurrence, answer=Answer.GOING)
        answer(actor=rsvp(number).person, occurrence=occurrence, answer=Answer.GOING)
        answer(actor=holder, occurrence=occurrence, answer=Answer.NOT_GOING)

    done(freed)
    assert rsvp(number).place == Place.OFFERED
    assert came("google", number, "ACCEPTED") == Status.OK
    assert rsvp(number).place == Place.CONFIRMED


def test_a_guest_without_an_account_answers_by_mail_and_is_told_at_the_address_they_gave() -> None:
    def give() -> int:
        event = make.event(capacity=1)
        answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=Answer.GOING)
        guest = Rsvp(
            occurrence=event.occurrences[0],
            name="Ada",
            email="ada@example.org",
            language="es",
            answer=Answer.MAYBE,
        )
        db.session.add(guest)
        db.session.flush()
        return guest.id

    number = done(give)
    assert came("proton", number, "ACCEPTED") == Status.OK
    assert (rsvp(number).place, rsvp(number).channel) == (Place.WAITING, Channel.MAIL)
    notice = db.session.query(Notification).filter_by(kind="rsvp.reply").one()
    assert (notice.recipient_id, notice.detail["language"], notice.detail["why"]) == (None, "es", "waiting")
    with addressed_to("en"):
        message = registry.wordings[notice.kind].renderer(
            notice, Recipient(id=None, address="", language="es")
        )
    assert message is not None
    assert (message.to, "on the waitlist" in message.text) == ("ada@example.org", True)


def test_declining_by_mail_frees_the_place_for_the_next_in_line() -> None:
    number = answered(Answer.GOING, capacity=1)
    waiting = done(
        lambda: answer(actor=accounts.person(), occurrence=rsvp(number).occurrence, answer=Answer.GOING).id
    )
    assert came("thunderbird", number, "DECLINED") == Status.OK
    assert rsvp(waiting).place == Place.OFFERED


def test_the_party_stays_as_large_as_it_was() -> None:
    number = answered(party=3, capacity=5)
    assert came("apple", number) == Status.OK
    assert (rsvp(number).party_size, rsvp(number).occurrence.places_taken) == (3, 3)


@pytest.mark.parametrize(("partstat", "said"), (("ACCEPTED", ["cancelled"]), ("DECLINED", [])))
def test_a_reply_for_a_cancelled_event_is_told_so(partstat: str, said: list[str]) -> None:
    number = answered()
    done(lambda: cancel_event(actor=None, event=rsvp(number).occurrence.event, reason="Storm"))
    assert came("outlook", number, partstat) == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.MAYBE, said)
    assert recorded() == [("rsvp.reply.refuse", "cancelled")]


def test_a_reply_for_a_postponed_event_and_for_one_that_is_over_is_told_so() -> None:
    number, past = answered(), answered(starts_local=make.evening(30))
    done(lambda: postpone_event(actor=None, event=rsvp(number).occurrence.event, reason="Rain"))

    def is_over() -> None:
        occurrence = rsvp(past).occurrence
        occurrence.starts_at, occurrence.ends_at = (clock.now() - timedelta(hours=n) for n in (5, 4))

    done(is_over)
    assert came("google", number) == came("google", past) == Status.OK
    assert told() == ["closed", "over"]


def test_an_answer_to_the_old_time_is_asked_again_and_one_to_the_same_time_counts() -> None:
    number = answered()
    old = letter("google", rsvp(number), "ACCEPTED")
    start = make.evening(9)

    def move() -> None:
        move_occurrence(
            actor=None,
            occurrence=rsvp(number).occurrence,
            starts_local=start,
            ends_local=start + timedelta(hours=1),
        )

    done(move)
    assert receive(old, recipients=(address_for(number),)).status == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.MAYBE, ["outdated"])
    assert came("google", number, "ACCEPTED", sequence=0) == Status.OK
    assert rsvp(number).answer == Answer.GOING


def test_an_older_reply_never_undoes_a_newer_one() -> None:
    number = answered()
    early = letter("google", rsvp(number), "ACCEPTED", **stamped(timedelta(minutes=30)))
    assert came("google", number, "DECLINED", **stamped(timedelta(minutes=20))) == Status.OK
    assert receive(early, recipients=(address_for(number),)).status == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.NOT_GOING, [])


def test_a_reply_older_than_what_the_page_was_told_does_not_count() -> None:
    number = answered()
    done(lambda: answer(actor=rsvp(number).person, occurrence=rsvp(number).occurrence, answer=Answer.GOING))
    assert came("google", number, "DECLINED", **stamped(timedelta(hours=2))) == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.GOING, ["overtaken"])


def test_a_reply_that_was_long_on_its_way_still_counts_after_the_line_has_moved() -> None:
    number = answered(capacity=1)
    holder = done(accounts.person)

    def in_line() -> None:
        occurrence = rsvp(number).occurrence
        answer(actor=holder, occurrence=occurrence, answer=Answer.GOING)
        found = answer(actor=rsvp(number).person, occurrence=occurrence, answer=Answer.GOING)
        found.said_at = clock.now() - timedelta(hours=1)

    done(in_line)
    declined = letter("google", rsvp(number), "DECLINED", **stamped(timedelta(minutes=30)))
    done(lambda: answer(actor=holder, occurrence=rsvp(number).occurrence, answer=Answer.NOT_GOING))
    assert receive(declined, recipients=(address_for(number),)).status == Status.OK
    assert (rsvp(number).answer, rsvp(number).place) == (Answer.NOT_GOING, Place.NONE)


def test_a_clock_that_is_years_ahead_silences_nobody() -> None:
    number = answered()
    ahead = stamped(timedelta(days=-4000))
    assert came("google", number, "ACCEPTED", **ahead) == came("google", number, "DECLINED") == Status.OK
    assert rsvp(number).answer == Answer.NOT_GOING


@pytest.mark.parametrize(
    ("name", "why"),
    (
        ("outlook_counter", "counter"),
        ("outlook_delegated", "delegated"),
        ("winmail", "unreadable"),
        ("plain_words", "plain"),
    ),
)
def test_what_cannot_be_counted_is_answered_once_a_day(name: str, why: str) -> None:
    number = answered(Answer.GOING)
    assert [came(name, number) for _again in range(3)] == [Status.OK] * 3
    assert (rsvp(number).answer, told()) == (Answer.GOING, [why])


@pytest.mark.parametrize("name", ("away", "bounce"))
def test_machines_are_never_answered(name: str) -> None:
    number = answered(Answer.GOING)
    assert came(name, number) == Status.OK
    assert (rsvp(number).answer, told(), recorded()) == (Answer.GOING, [], [])


def test_a_bounce_by_its_envelope_is_never_answered() -> None:
    number = answered()
    words = letter("plain_words", rsvp(number))
    assert receive(words, recipients=(address_for(number),), sender="").status == Status.OK
    assert receive(b"x" * 6_000_000, recipients=(address_for(number),), sender="").status == Status.OK
    assert told() == []


def test_a_letter_of_twenty_megabytes_is_refused_in_words() -> None:
    number = answered()
    data = letter("google", rsvp(number)) + b"X" * 20_000_000
    receipt = receive(data, recipients=(address_for(number),))
    assert (receipt.status, "5 MB" in receipt.words) == (Status.DATA_ERROR, True)
    long = letter(
        "outlook_com", rsvp(number), "ACCEPTED", uid=rsvp(number).occurrence.event.uid + " " * 300_000
    )
    assert receive(long, recipients=(address_for(number),)).status == Status.OK
    assert (rsvp(number).answer, told()) == (Answer.MAYBE, ["unreadable"])


def test_a_foreign_uid_is_refused_and_recorded_and_changes_nothing() -> None:
    number, other = answered(), answered()
    status = came("outlook", number, "DECLINED", uid=rsvp(other).occurrence.event.uid)
    assert (status, rsvp(number).answer, rsvp(other).answer) == (Status.NO_USER, Answer.MAYBE, Answer.MAYBE)
    assert (told(), recorded()) == ([], [("rsvp.reply.refuse", "foreign")])


def test_a_forged_seal_is_refused_and_logged_without_an_address() -> None:
    number = answered()
    data = letter("outlook", rsvp(number), "DECLINED")
    seal = address_for(number)
    forgeries = (
        seal.replace(f"+{number}.", f"+{number + 1}."),
        seal[:-20] + "0@town.example",
        seal.replace("town.example", "elsewhere.example"),
        "rsvp+@town.example",
        "someone@town.example",
    )
    with capture_logs() as logged:
        assert [receive(data, recipients=(forged,)).status for forged in forgeries] == [Status.NO_USER] * 5
    assert rsvp(number).answer == Answer.MAYBE
    assert [line["why"] for line in logged] == ["seal"] * 4 + ["address"]
    assert "@" not in str(logged)


def test_the_address_survives_what_mail_servers_do_to_it() -> None:
    number = answered()
    assert rsvp_id_in(f"MAILTO:{address_for(number).upper()}") == number


def test_the_seal_in_organizer_counts_when_a_calendar_writes_to_the_sender_instead() -> None:
    number = answered()
    data = letter("apple", rsvp(number), "ACCEPTED")
    assert receive(data, recipients=("rsvp@town.example",)).status == Status.OK
    assert rsvp(number).answer == Answer.GOING


def test_words_to_the_address_behind_the_seals_are_refused_in_words() -> None:
    number = answered()
    receipt = receive(letter("plain_words", rsvp(number)), recipients=("rsvp@town.example",))
    assert (receipt.status, "event's page" in receipt.words) == (Status.NO_USER, True)
    assert receive(letter("bounce", rsvp(number)), recipients=("rsvp@town.example",)).status == Status.OK


def test_the_headers_name_the_recipient_when_the_envelope_does_not() -> None:
    number = answered()
    assert receive(letter("outlook_com", rsvp(number), "DECLINED")).status == Status.OK
    assert rsvp(number).answer == Answer.NOT_GOING


def test_an_answer_that_was_erased_is_nobodys() -> None:
    number = answered()
    data = letter("google", rsvp(number))
    to = address_for(number)
    done(lambda: db.session.delete(rsvp(number)))
    assert receive(data, recipients=(to,)).status == Status.NO_USER


def test_the_address_of_an_erased_answer_never_opens_the_next_one() -> None:
    number = answered()
    done(lambda: db.session.delete(rsvp(number)))
    assert answered() > number


def test_who_floods_an_address_is_asked_to_come_later() -> None:
    number = answered()
    data, to = letter("away", rsvp(number)), address_for(number)
    seen = {receive(data, recipients=(to,)).status for _again in range(61)}
    assert seen == {Status.OK, Status.TEMPORARY}


def test_a_dry_run_says_what_would_happen_and_keeps_nothing() -> None:
    number = answered()
    data = letter("google", rsvp(number), "DECLINED")
    receipt = receive(data, recipients=(address_for(number),), dry_run=True)
    assert receipt.words == f"RSVP {number}: counted. Nothing was kept."
    assert (rsvp(number).answer, recorded()) == (Answer.MAYBE, [])


def test_nothing_of_a_letter_is_kept(context: Flask) -> None:
    number = answered()
    came("google", number)
    came("plain_words", number)
    kept = [str(n.detail) for n in db.session.query(Notification)] + [
        str(e.detail) for e in db.session.query(Entry)
    ]
    assert not [text for text in kept if "parking" in text or "See you" in text or "@" in text]
    assert db.session.query(Event).count() == 1
