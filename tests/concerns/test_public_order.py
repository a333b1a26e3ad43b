"""What everybody reads changes by what is public alone, and tells the time of day of nothing that a person did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person, Role
from forum.concerns.models import Concern, DutyKind, Item, Mode, Status
from forum.concerns.operations.duty import open_duty
from forum.concerns.operations.handing import step_back
from forum.concerns.operations.merging import merge_concern
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.timing import warn_of
from forum.concerns.operations.transferring import answer_transfer, ask_transfer
from forum.concerns.operations.working import add_note, answer_concern, assign_concern
from forum.extensions import db
from tests.factories import accounts, concerns, neighborhoods
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
BEGIN = datetime(2026, 3, 4, 16, 47, 13, tzinfo=UTC)
WORDS = "For you alone."


class Town:
    """Two public concerns and a private one, as ids; an officer and a supervisor."""

    def __init__(self) -> None:
        area = neighborhoods.neighborhood("Logan Square")
        with time_machine.travel(BEGIN - timedelta(days=3), tick=False):
            self.ids = [
                concerns.concern(mode, title=f"Lamp {n}", neighborhood_id=area.id).id
                for n, mode in enumerate((Mode.PUBLIC, Mode.PUBLIC, Mode.PRIVATE))
            ]
            self.officer = accounts.person(Role.OFFICER).id
            self.boss = accounts.person(Role.SUPERVISOR).id
        with time_machine.travel(BEGIN - timedelta(days=1), tick=False):
            for number in (0, 1):
                answer_concern(actor=self.who("officer"), concern=self.of(number), text="We come.")

    def of(self, number: int) -> Concern:
        return db.session.get_one(Concern, self.ids[number])

    def who(self, name: str) -> Person:
        return db.session.get_one(Person, getattr(self, name))


def private_answer(town: Town) -> None:
    answer_concern(actor=town.who("officer"), concern=town.of(0), text=WORDS, public=False)


def private_word(town: Town) -> None:
    write_again(concern=town.of(0), text=WORDS)


def note(town: Town) -> None:
    add_note(actor=town.who("officer"), concern=town.of(0), text=WORDS)


def assignment(town: Town) -> None:
    assign_concern(actor=town.who("boss"), concern=town.of(0), to=town.who("officer"))


def transfer(town: Town) -> None:
    asked = ask_transfer(
        actor=town.who("officer"), concern=town.of(0), to_name="The city", why="Lamps.", items=[Item.STORY]
    )
    answer_transfer(transfer=asked, items=[Item.STORY])


def danger(town: Town) -> None:
    open_duty(actor=town.who("officer"), concern=town.of(0), kind=DutyKind.THREAT)


def warning(town: Town) -> None:
    warn_of(town.of(0).id)


def merge(town: Town) -> None:
    merge_concern(actor=town.who("officer"), concern=town.of(2), into=town.of(0))


def recusal(town: Town) -> None:
    step_back(actor=town.who("boss"), concern=town.of(0), person=town.who("officer"), named=True)


def another_private(town: Town) -> None:
    concerns.concern(Mode.PRIVATE)


ACTS = [
    private_answer, private_word, note, assignment, transfer, danger, warning, merge, recusal, another_private,
]  # fmt: skip


def everything_public(client: Client, reference: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """What every public address of concerns answers, headers too."""
    found = {}
    for address in (
        "/", "/concerns", "/concerns?status=open", "/concerns?after=20990101T000000000000-5", "/concerns.atom",
        "/concerns.atom?category=speeding", f"/concerns/{reference}", "/neighborhoods/logan-square",
        f"/concerns/{reference}/follow",
    ):  # fmt: skip
        answer = client.get(address)
        headers = sorted((name, value) for name, value in answer.headers if name != "Date")
        if "follow" in address:  # its form has a token of its own each time
            headers = [pair for pair in headers if pair[0] in ("Last-Modified",)]
            found[address] = ("", headers)
        else:
            found[address] = (answer.text, headers)
    return found


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_private_act_leaves_every_public_byte_and_header_as_it_was(
    app: Flask, saved: Saved, act: Callable[[Town], None]
) -> None:
    with time_machine.travel(BEGIN, tick=False) as time:
        town = saved(Town)
        reference = saved(lambda: town.of(0).reference)
        before = everything_public(app.test_client(), reference)
        time.shift(timedelta(minutes=16))
        saved(lambda: act(town))
        after = everything_public(app.test_client(), reference)
    for address, found in before.items():
        assert after[address] == found, address


def test_no_public_page_or_feed_tells_the_time_of_day_of_what_a_person_did(app: Flask, saved: Saved) -> None:
    with time_machine.travel(BEGIN, tick=False) as time:
        saved(lambda: concerns.concern(Mode.PUBLIC, title="Before"))
        made = saved(lambda: concerns.concern(Mode.PUBLIC))
        time.shift(timedelta(days=1))
        officer = saved(lambda: accounts.person(Role.OFFICER).id)

        def answered() -> None:
            who, found = db.session.get_one(Person, officer), db.session.get_one(Concern, made.id)
            answer_concern(actor=who, concern=found, text="Yes.", status=Status.ANSWERED)

        saved(answered)
        time.move_to(datetime(2026, 3, 6, 20, 31, 44, tzinfo=UTC))
        saved(
            lambda: write_again(concern=db.session.get_one(Concern, made.id), text="No.")
        )  # in progress again
        shown = everything_public(app.test_client(), made.reference)
        for address, (text, headers) in shown.items():
            for mark in ("T20", "20:31", "14:31", "2:31 "):
                assert mark not in text + repr(headers), (mark, address)


def test_the_feed_says_when_it_changed_once_the_day_is_over_and_never_hides_a_change(
    app: Flask, saved: Saved
) -> None:
    client = app.test_client()
    with time_machine.travel(BEGIN, tick=False) as time:
        saved(lambda: concerns.concern(Mode.PUBLIC, title="First"))
        answer = client.get("/concerns.atom")
        assert "Last-Modified" not in answer.headers  # it would tell when, or hide what comes later today
        assert (
            client.get("/concerns.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )
        _days_pass(app, time, 1)
        answer = client.get("/concerns.atom")
        assert answer.headers["Last-Modified"] == "Thu, 05 Mar 2026 06:00:00 GMT"
        since = {"If-Modified-Since": answer.headers["Last-Modified"]}
        assert client.get("/concerns.atom", headers=since).status_code == 304
        made = saved(lambda: concerns.concern(Mode.PUBLIC, title="Second"))
        assert "Second" in client.get("/concerns.atom", headers=since).text
        _days_pass(app, time, 1)
        since = {"If-Modified-Since": client.get("/concerns.atom").headers["Last-Modified"]}
        assert client.get("/concerns.atom", headers=since).status_code == 304
        saved(lambda: make_stricter(concern=db.session.get_one(Concern, made.id), mode=Mode.PRIVATE))
        for days in (0, 1):
            _days_pass(app, time, days)
            answer = client.get("/concerns.atom", headers=since)
            assert answer.status_code == 200
            assert "Second" not in answer.text


def _days_pass(app: Flask, time: time_machine.Coordinates, days: int) -> None:
    """The cache in front ends what it keeps at midnight, by a clock that no test can move."""
    time.shift(timedelta(days=days))
    app.extensions["visitor_cache"].forget()
