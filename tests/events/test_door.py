"""The door: whoever tells, in whatever order and however often, the same people came; names are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.models import Role
from forum.accounts.operations.erasing import erase
from forum.core import clock
from forum.events.forms.door import batch
from forum.events.jobs import forget_arrivals
from forum.events.models import Answer, Arrival, Occurrence, Rsvp
from forum.events.operations.door import Arriving, Ending, receive, ticket_for
from forum.events.operations.rsvp import answer
from forum.extensions import db
from tests.factories import accounts
from tests.factories import events as make
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
ANSWERS = 3
KEYS = 6
THINGS = st.tuples(
    st.integers(0, KEYS - 1), st.one_of(st.none(), st.integers(0, ANSWERS - 1)), st.integers(1, 9)
)


def a_door() -> tuple[Any, Occurrence, list[Rsvp]]:
    """An officer, a date, and three answers to it."""
    officer, date = accounts.person(Role.OFFICER), make.occurrence()
    going = [answer(actor=accounts.person(), occurrence=date, answer=Answer.GOING) for _ in range(ANSWERS)]
    db.session.flush()
    return officer, date, going


def of_whom(going: list[Rsvp], who: int | None, key: int) -> dict[str, Any]:
    """Without a name; or by the list or a ticket, which is the same."""
    if who is None:
        return {}
    return {"rsvp": going[who].id} if key % 2 else {"ticket": ticket_for(going[who].id)}


def expected(told: list[Arriving]) -> int:
    """What came of it, by a model of its own: counts added up, parties at their largest, what is undone left out."""
    gone = {item.key for item in told if item.undone}
    live = {item.key: item for item in told if item.key not in gone}
    parties: dict[int, int] = {}
    for item in live.values():
        if item.rsvp_id is not None:
            parties[item.rsvp_id] = max(parties.get(item.rsvp_id, 0), item.people or 0)
    return sum(item.people or 0 for item in live.values() if item.rsvp_id is None) + sum(parties.values())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(THINGS, max_size=8, unique_by=lambda thing: thing[0]),
    undone=st.sets(st.integers(0, KEYS - 1)), chance=st.randoms(use_true_random=False),
)  # fmt: skip
def test_devices_may_tell_in_any_order_and_twice(work: Flask, things: Any, undone: Any, chance: Any) -> None:
    officer, date, going = a_door()
    noted = [
        {"key": f"device-{key}", **of_whom(going, who, key), "people": people} for key, who, people in things
    ]
    noted += [{"key": f"device-{key}", "undone": True} for key in undone]
    told = [item for _key, item in batch({"sent_at": 1, "items": noted}) if item is not None]
    assert len(told) == len(noted)
    for _device in range(2):
        chance.shuffle(told)
        cut = chance.randint(0, len(told))
        for part in (told[:cut], told[cut:]):
            assert set(receive(actor=officer, occurrence=date, items=part)) <= {Ending.COUNTED}
    assert date.walk_ins == expected(told)


def test_an_answer_to_another_date_counts_nothing(work: Flask) -> None:
    officer, date, going = a_door()
    other = make.occurrence(title="Another evening")
    found = receive(actor=officer, occurrence=other, items=[Arriving("device-1", 2, rsvp_id=going[0].id)])
    assert found == [Ending.ELSEWHERE]
    assert (date.walk_ins, other.walk_ins) == (0, 0)
    assert receive(actor=officer, occurrence=date, items=[Arriving("device-2", forged=True)]) == [
        Ending.UNKNOWN
    ]


@pytest.mark.parametrize("leaves", (False, True), ids=("the day after", "the account erased"))
def test_who_came_is_forgotten_and_how_many_is_not(app: Flask, saved: Saved, leaves: bool) -> None:
    def ticked() -> tuple[int, int]:
        officer, date, going = a_door()
        going[1].keeps_attendance = not leaves
        items = [Arriving(f"phone-{n}", n % 3 + 1, rsvp_id=going[n % 2].id) for n in range(4)]
        receive(actor=officer, occurrence=date, items=items)
        if leaves:
            for rsvp in going[:2]:
                erase(rsvp.person)
        return date.id, date.walk_ins

    date_id, total = saved(ticked)
    with app.app_context(), time_machine.travel(clock.now() + timedelta(days=9)):
        forget_arrivals()
        named = db.session.query(Arrival.rsvp_id).filter(Arrival.rsvp_id.is_not(None)).distinct().count()
        date = db.session.get_one(Occurrence, date_id)
        live = db.session.query(Arrival).filter_by(undone=False).all()
        assert named == (0 if leaves else 1)
        assert date.walk_ins == total == 5
        assert sum(found.people for found in live if found.rsvp_id is None) == (5 if leaves else 3)


def test_the_door_counts_without_a_script(app: Flask, client: Client, saved: Saved) -> None:
    officer, date, going = saved(a_door)
    where = f"/desk/events/{date.event_id}/dates/{date.original_date}/door"
    sign_in(client, officer)
    token = client.page(where).form("/door")["csrf_token"]

    def press(**fields: str) -> int:
        return client.post(where, data={"csrf_token": token, **fields}).status_code

    number = str(going[0].id)
    assert press(step="1", key="one-form-1") == press(step="1", key="one-form-1") == 303
    assert press(people="12", key="one-form-2") == 303
    assert press(arrived=number, **{f"people-{number}": "3"}) == 303
    assert "Came so far: 16" in client.page(where).text()
    assert press(undo=number) == 303
    assert "Came so far: 13" in client.page(where).text()
    assert press(people="-99") == press(people="x") == press(arrived="0") == press(arrived=number) == 422


def test_a_device_sends_what_it_noted(app: Flask, client: Client, saved: Saved) -> None:
    officer, date, going = saved(a_door)
    where = f"/desk/events/{date.event_id}/dates/{date.original_date}/door"
    sign_in(client, officer)
    headers = {"X-CSRFToken": client.get(f"{where}/state").get_json()["csrf"]}
    items = [
        {"key": "phone-a-1", "people": 2, "at": 1},
        {"key": "phone-a-2", "rsvp": going[0].id, "people": 4},
        {"key": "phone-a-3", "ticket": "17.beef"},
        {"key": "phone-a-4", "people": "many"},
        "noise",
    ]
    for _time in range(2):
        answered = client.post(f"{where}/batch", json={"sent_at": 9, "items": items}, headers=headers)
        told = answered.get_json()
        assert told["total"] == 6
        assert told["said"]["phone-a-1"] == told["said"]["phone-a-2"] == ""
        assert "not a ticket" in told["said"]["phone-a-3"]
        assert "could not be read" in told["said"]["phone-a-4"]
    assert client.post(f"{where}/batch", json=[1], headers=headers).status_code == 422
