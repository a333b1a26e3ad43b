"""A concern arrives: once, whole, and knowing no more of who sent it than its mode allows."""

from __future__ import annotations

import itertools
import json
import secrets
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Role
from forum.audit.models import Entry as LedgerEntry
from forum.concerns.models import About, Concern, Entry, Identity, Mode, Status
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.submitting import Contact
from forum.concerns.operations.working import answer_concern
from forum.concerns.receipts import code_hash, is_code, new_code, reference_as_meant
from forum.core.errors import Refusal
from forum.extensions import db
from tests.factories import accounts, concerns


def test_a_form_sent_again_is_the_same_concern(work: Flask) -> None:
    code = new_code()
    first, second = concerns.concern(code=code), concerns.concern(code=code.lower().replace("-", " "))
    assert first.id == second.id
    assert db.session.scalar(select(sa.func.count()).select_from(Concern)) == 1


def test_an_anonymous_concern_keeps_no_trace_of_who_sent_it(work: Flask) -> None:
    person = accounts.person(name="Marisol Quintero", email="marisol@example.org")
    contact = Contact(
        person_id=person.id, name="Marisol Quintero", email="marisol@example.org", phone="555-0142"
    )
    with time_machine.travel(datetime(2026, 3, 4, 21, 47, 13, tzinfo=UTC), tick=False):
        made = concerns.concern(Mode.ANONYMOUS, contact=contact)
        write_again(concern=made, text="It happened again.")
    assert db.session.scalars(select(Identity)).all() == []
    assert db.session.scalars(select(LedgerEntry)).all() == []  # the next morning's job writes it
    midnight = datetime(2026, 3, 4, 6, tzinfo=UTC)  # Chicago
    assert {made.arrived_at, made.changed_at} == {midnight}
    assert set(db.session.scalars(select(Entry.at))) == {midnight}
    for table in ("concern", "concern_entry"):
        row = json.dumps(
            [list(r) for r in db.session.execute(sa.text(f"SELECT * FROM {table}"))], default=str
        )  # two names of ours
        assert "Marisol" not in row
        assert "555-0142" not in row
        assert "21:47" not in row


def test_ids_tell_neither_how_many_there_are_nor_which_came_first(work: Flask) -> None:
    ids = [concerns.concern().id for _ in range(12)]
    assert ids != sorted(ids)
    assert max(ids) > 10_000


@pytest.mark.parametrize("mode", [Mode.PUBLIC, Mode.PRIVATE, Mode.CONFIDENTIAL])
def test_who_raised_it_lies_in_a_table_of_its_own(work: Flask, mode: Mode) -> None:
    person = accounts.person()
    made = concerns.concern(mode, person=person)
    assert db.session.get_one(Identity, made.id).person_id == person.id
    assert "person_id" not in Concern.__table__.columns


def test_what_is_about_an_officer_is_never_public(work: Flask) -> None:
    with pytest.raises(Refusal) as refused:
        concerns.concern(Mode.PUBLIC, about=About.COMPLAINT, category="officer")
    assert refused.value.field == "mode"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"story": ""}, "story"),
        ({"story": "x" * 20_001}, "story"),
        ({"latitude": 41.9}, "place"),
    ],
)
def test_what_is_missing_or_too_much_is_refused_by_name(
    work: Flask, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        concerns.concern(**changes)
    assert refused.value.field == field


def test_a_mode_is_made_stricter_and_never_laxer(work: Flask) -> None:
    made = concerns.concern(Mode.PUBLIC)
    make_stricter(concern=made, mode=Mode.CONFIDENTIAL)
    for mode in Mode:
        with pytest.raises(Refusal):
            make_stricter(concern=made, mode=mode)
    assert made.mode is Mode.CONFIDENTIAL


def test_an_answered_concern_goes_on_when_its_person_writes_again(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern()
    answer_concern(actor=officer, concern=made, text="A patrol comes on Friday.", status=Status.ANSWERED)
    write_again(concern=made, text="Nobody came.")
    assert made.status is Status.IN_PROGRESS
    assert [entry.number for entry in db.session.scalars(select(Entry).order_by(Entry.number))] == [1, 2, 3]


def test_a_receipt_code_is_known_however_it_is_typed_and_a_slip_is_noticed() -> None:
    code = new_code()
    assert is_code(code)
    assert is_code(f" {code.lower().replace('-', ' ')} ")
    plain = code.replace("-", "")
    for place, letter in enumerate(plain):
        other = "0" if letter != "0" else "1"
        assert not is_code(plain[:place] + other + plain[place + 1 :])
    assert not is_code(plain[:-1])
    assert not is_code("")
    assert not is_code("ي" * 20)


def test_what_the_table_keeps_of_a_code_is_a_keyed_hash(context: Flask) -> None:
    code = new_code()
    assert code_hash(code) == code_hash(code.lower())
    assert code.replace("-", "") not in code_hash(code)
    assert len(code_hash(code)) == 64


@pytest.mark.parametrize("typed", ["CG-7K3M-9QPD", "cg 7k3m 9qpd", "7k3m9qpd", " CG7K3M-9QPD "])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert reference_as_meant(typed) == "CG-7K3M-9QPD"


def test_a_number_that_is_drawn_twice_costs_nobody_their_words(work: Flask) -> None:
    """The system's own randomness stands in: it gives every number four times."""
    drawn = (number for number in itertools.count(1) for _time in range(4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "randbelow", lambda _below: next(drawn))
        first, second = concerns.concern(), concerns.concern()
        write_again(concern=first, text="Again.")
        write_again(concern=second, text="Again.")
    assert first.id != second.id
    assert db.session.scalar(select(sa.func.count()).select_from(Entry)) == 4
