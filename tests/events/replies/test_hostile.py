"""Whatever bytes come to the door: an answer that can be read or none, and never another person's."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core import limits
from forum.core.mail_receive import CalendarPart
from forum.core.transactions import unit_of_work
from forum.events.invitee import address_for
from forum.events.models import Answer, Rsvp
from forum.events.operations.rsvp import answer
from forum.events.replies import receiving
from forum.events.replies.calendar import UnreadableReply, read
from forum.extensions import db
from tests.events.replies.corpus import FOLDER, PROGRAMS, letter
from tests.factories import accounts
from tests.factories import events as make

NAMES = sorted(path.stem for path in Path(FOLDER).glob("*.eml"))
PARTSTATS = ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION", "X-PERHAPS", "")
# What programs and gateways get wrong, and what people who mean harm try.
PIECES = (
    b"\r\n", b"\n", b"\r", b"\r\n ", b"\x00", b"\xff\xfe", b"=\r\n", b"%", b";", b":", b'"', b",", b"--", b"UID:",
    b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"METHOD:REQUEST\r\n", b"METHOD:REPLY\r\n", b"PARTSTAT=DECLINED",
    b"SEQUENCE:99999999999\r\n", b"RECURRENCE-ID:20991231T250000Z\r\n", b"DTSTAMP:00000000T000000Z\r\n",
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"ATTENDEE:mailto:x@example.org\r\n", "\u2028\u00e9\u202e".encode(), b"A" * 5000,
)  # fmt: skip


@pytest.fixture
def two(context: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Somebody whose letters come, and a bystander at the same event."""
    monkeypatch.setattr(receiving, "AT_MOST", "1000000 per hour")
    limits.reset()
    with unit_of_work():
        event = make.event(rrule="FREQ=WEEKLY;COUNT=2")
        mine = answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=Answer.MAYBE)
        other = answer(actor=accounts.person(), occurrence=event.occurrences[0], answer=Answer.GOING)
        return mine.id, other.id


@st.composite
def damage(draw: st.DrawFn) -> list[tuple[float, int, bytes]]:
    """Where, how much is taken out, and what comes in its place."""
    spot = st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=8))
    return draw(st.lists(spot, min_size=1, max_size=6))


def damaged(data: bytes, spots: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in spots:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.sampled_from(PARTSTATS), damage())
def test_damaged_letters_never_break_the_door_nor_touch_another_answer(
    two: tuple[int, int], name: str, partstat: str, spots: list[tuple[float, int, bytes]]
) -> None:
    mine, other = two
    db.session.rollback()
    data = damaged(letter(name, db.session.get_one(Rsvp, mine), partstat), spots)
    db.session.rollback()
    receipt = receiving.receive(data, recipients=(address_for(mine),))
    assert receipt.words.isprintable()
    db.session.expire_all()
    bystander = db.session.get_one(Rsvp, other)
    assert (bystander.answer, bystander.replied_at) == (Answer.GOING, None)
    assert db.session.get_one(Rsvp, mine).answer in Answer


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PROGRAMS), damage(), st.text("0123456789abcdef.+@-", max_size=60))
def test_no_address_that_we_did_not_make_changes_anything(
    two: tuple[int, int], name: str, spots: list[tuple[float, int, bytes]], seal: str
) -> None:
    mine, other = two
    db.session.rollback()
    foreign = letter(name, db.session.get_one(Rsvp, mine), "DECLINED", to=f"rsvp+{mine}.{seal}@town.example")
    db.session.rollback()
    for data in (foreign, damaged(foreign, spots)):
        receiving.receive(data, recipients=(f"rsvp+{other}.{seal}@town.example",))
    db.session.expire_all()
    assert [db.session.get_one(Rsvp, number).answer for number in two] == [Answer.MAYBE, Answer.GOING]


@pytest.mark.once
@settings(max_examples=400)
@given(
    st.lists(
        st.sampled_from([piece.decode("latin-1") for piece in PIECES]) | st.text(max_size=20), max_size=30
    )
)
def test_no_calendar_raises_anything_but_that_it_cannot_be_read(pieces: list[str]) -> None:
    for text in (
        "".join(pieces),
        f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:x\r\n{''.join(pieces)}",
    ):
        with contextlib.suppress(UnreadableReply):
            read(CalendarPart("REPLY", text))
