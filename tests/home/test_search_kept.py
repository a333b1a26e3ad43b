"""What acts leave in the index is what a rebuild makes; and nobody finds or counts what they may not see.

A slice that lets its things be found adds its acts to ``ACTS`` and, where it has secrets, to ``visible``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.models import Person, Role, Visitor
from forum.accounts.operations.credentials import change_name
from forum.accounts.operations.erasing import erase
from forum.accounts.operations.people import edit_person, restore_person, suspend_person
from forum.concerns.models import About, Concern, Mode, Status, Withholding
from forum.concerns.operations.opening import show_concern, withhold_concern
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.working import answer_concern
from forum.core import search
from forum.core.errors import Refusal
from forum.core.search import Order
from forum.core.search.models import SearchEntry
from forum.events.models import Event
from forum.events.operations.details import details_of
from forum.events.operations.events import (
    cancel_event,
    duplicate_event,
    edit_event,
    postpone_event,
    publish_event,
    withdraw_event,
)
from forum.events.policy import can_see_event
from forum.extensions import db
from forum.home.jobs import catch_up
from forum.neighborhoods.operations import remove_beat, set_beat
from tests.factories import accounts, concerns, discussions, events, neighborhoods
from tests.home import talked
from tests.pages import Client

WORDS = ("Zanzibar lamp", "Farolas rotas de Zanzíbar", "Zanzibars block party")
PICK = st.integers(0, 5)
ACTS = st.one_of(
    st.tuples(st.just("event"), PICK, st.booleans()),
    st.tuples(
        st.sampled_from(["publish", "postpone", "cancel", "withdraw", "edit", "move", "duplicate"]),
        PICK,
        PICK,
    ),
    st.tuples(st.just("concern"), st.sampled_from(list(Mode)), st.booleans()),
    st.tuples(st.sampled_from(["withhold", "show", "stricter", "answer", "write"]), PICK, st.booleans()),
    st.tuples(
        st.sampled_from(["beat", "no beat", "title", "suspend", "restore", "rename", "erase"]), PICK, PICK
    ),
    talked.ACTS,
    talked.ACTS,
    talked.ACTS,
)


class World:
    """A small town in which things happen."""

    def __init__(self) -> None:
        self.admin = accounts.person(Role.ADMINISTRATOR)
        self.chief = accounts.person(Role.SUPERVISOR)
        self.areas = [neighborhoods.neighborhood(f"Zanzibar {name}") for name in ("North", "South")]
        search.renew("neighborhood", *(area.id for area in self.areas))
        self.officers = [accounts.person(Role.OFFICER, name=f"Ana Zanzibar {number}") for number in range(2)]
        self.events: list[Event] = []
        self.concerns: list[Concern] = []
        self.beats: list[Any] = []
        self.talk = talked.Talk(self.areas[0])
        search.renew("person", *db.session.scalars(sa.select(Person.id)))

    def do(self, act: str, which: Any, how: Any) -> None:
        """One act; a refusal is as good as any answer."""
        try:
            with db.session.begin_nested():
                (self._new(act, which, how) or self._event(act, which, how) or self._concern(act, which, how)
                 or self._person(act, which, how) or self.talk.do(act, which, how))  # fmt: skip
        except Refusal:
            db.session.expire_all()

    def _new(self, act: str, which: Any, how: Any) -> bool:
        if act == "event":
            areas = [self.areas[which % 2].id]
            self.events.append(
                events.event(title=WORDS[which % 3], published=how, neighborhood_ids=tuple(areas))
            )
        elif act == "concern":
            about = About.COMPLAINT if how and which is not Mode.PUBLIC else About.TOWN
            told = {"title": WORDS[how], "story": "Zanzibar is dark.", "neighborhood_id": self.areas[how].id}
            self.concerns.append(concerns.concern(which, about=about, **told))
        return act in ("event", "concern")

    def _event(self, act: str, which: int, how: Any) -> bool:
        acts: dict[str, Callable[[Event], Any]] = {
            "publish": lambda event: publish_event(actor=None, event=event),
            "postpone": lambda event: postpone_event(actor=None, event=event, reason="Snow."),
            "cancel": lambda event: cancel_event(actor=None, event=event, reason="Snow."),
            "withdraw": lambda event: withdraw_event(actor=None, event=event),
            "edit": lambda event: self._change(event, title=WORDS[how % 3], story="Bring a *chair*."),
            "move": lambda event: self._change(
                event, starts_local=events.evening(how + 1), ends_local=events.evening(how + 1, hour=20)
            ),
            "duplicate": lambda event: self.events.append(duplicate_event(actor=self.admin, event=event)),
        }
        if act in acts and self.events:
            acts[act](self.events[which % len(self.events)])
        return act in acts

    def _change(self, event: Event, **changes: Any) -> None:
        details = details_of(event)
        edit_event(actor=None, event=event, details=type(details)(**(details.__dict__ | changes)))

    def _concern(self, act: str, which: int, how: Any) -> bool:
        acts: dict[str, Callable[[Concern], Any]] = {
            "withhold": lambda one: withhold_concern(
                actor=self.chief, concern=one, reason=Withholding.NAMES_SOMEBODY
            ),
            "show": lambda one: show_concern(actor=self.chief, concern=one),
            "stricter": lambda one: make_stricter(
                concern=one, mode=Mode.PRIVATE if how else Mode.CONFIDENTIAL
            ),
            "answer": lambda one: answer_concern(
                actor=self.chief, concern=one, text="Zanzibar answers.", status=Status.ANSWERED, public=how
            ),
            "write": lambda one: write_again(concern=one, text="Zanzibar again.", public=how),
        }
        if act in acts and self.concerns:
            acts[act](self.concerns[which % len(self.concerns)])
        return act in acts

    def _person(self, act: str, which: int, how: int) -> bool:
        officer = self.officers[which % 2]
        acts: dict[str, Callable[[], Any]] = {
            "beat": lambda: self.beats.append(
                set_beat(
                    actor=self.admin,
                    code=f"14{which}{how}",
                    neighborhood_ids=[self.areas[how % 2].id],
                    officer_ids=[officer.id],
                )
            ),
            "no beat": lambda: remove_beat(actor=self.admin, beat=self.beats.pop()) if self.beats else None,
            "title": lambda: edit_person(
                actor=self.admin, person=officer, role=Role.OFFICER if how else Role.RESIDENT,
                title="Zanzibar sergeant", public_contact="", team_id=None, answers_to_id=None,
            ),
            "suspend": lambda: suspend_person(actor=self.admin, person=officer),
            "restore": lambda: restore_person(actor=self.admin, person=officer),
            "rename": lambda: change_name(officer, f"Bea Zanzibar {how}"),
            "erase": lambda: erase(officer) if how == 5 else None,
        }  # fmt: skip
        if act in acts:
            acts[act]()
        return act in acts


def kept() -> set[tuple[Any, ...]]:
    """Every row of the index, once the job let in what waited; without its number, which may differ in the second."""
    search.let_in(within=nullcontext)
    columns = [column for column in SearchEntry.__table__.c if column.name not in ("id", "vector")]
    return {tuple(row) for row in db.session.execute(sa.select(*columns))}


def made_anew() -> set[tuple[Any, ...]]:
    """The same after everything was thrown away and made again."""
    db.session.execute(sa.delete(SearchEntry))
    for kind in search.kinds.values():
        search.renew(kind.word, *kind.ids())
    return kept()


@settings(max_examples=14, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=6, max_size=20))
def test_what_acts_leave_is_what_a_rebuild_makes(work: Flask, acts: list[Any]) -> None:
    db.session.rollback()
    g.writing = True
    with work.test_request_context():
        world = World()
        for act in acts[:6]:
            world.do(*act)
        _cut()  # what comes after this is found by the index, and what was there by lists
        for act in acts[6:]:
            world.do(*act)
        db.session.flush()
        left = {row for row in kept() if row[0] != "page"}
        assert left == {row for row in made_anew() if row[0] != "page"}
        if len(acts) % 2:
            _cut()
        _everybody_finds_what_they_may(world)


def _cut() -> None:
    """Make lists of what is there, as the job does."""
    search.settle(size=4, least=1, within=nullcontext)


def _everybody_finds_what_they_may(world: World) -> None:
    roles = [accounts.person(role) for role in Role]
    viewers: list[Person | Visitor] = [
        Visitor(),
        *roles,
        discussions.verified(area=world.areas[0]),
        world.talk.resident,
    ]
    for number, viewer in enumerate(viewers):
        expected = visible(world, viewer)
        order = list(Order)[number % 2]
        for kind in ("", "event", "concern", "post"):
            wanted = sorted(url for word, url in expected if kind in ("", word))
            asked = search.question("zanzibar", kind=kind)
            found = all_of(viewer, asked, order)
            assert sorted(result.found.url for result in found) == wanted, (viewer.role, kind)
            assert search.find(viewer, asked, order=order).count == len(wanted), (viewer.role, kind)
            if not kind:
                assert set(search.suggest(viewer, "zanzi")) <= {result.found.title for result in found}


def all_of(viewer: Any, asked: search.Question, order: Order) -> list[search.Result]:
    """Page after page."""
    found: list[search.Result] = []
    after: int | None = None
    while True:
        answer = search.find(viewer, asked, order=order, after=after)
        found += answer.results
        if (after := answer.after) is None:
            return found


def visible(world: World, viewer: Person | Visitor) -> list[tuple[str, str]]:
    """Kind and address of everything in the town that *viewer* may find, told from the things themselves."""
    found = [
        ("event", f"/events/{each.id}-{each.slug}") for each in world.events if can_see_event(viewer, each)
    ]
    found += [("concern", f"/concerns/{each.reference}") for each in world.concerns if each.is_listed]
    found += world.talk.visible(viewer)
    found += [("neighborhood", f"/neighborhoods/{area.slug}") for area in world.areas]
    for officer in world.officers:
        working = officer.role in (Role.OFFICER, Role.SUPERVISOR) and officer.is_active
        areas = {
            area
            for beat in world.beats
            if officer.id in {one.id for one in beat.officers}
            for area in beat.neighborhoods
        }
        if working and areas:
            found.append(("person", f"/neighborhoods/{min(areas, key=lambda area: area.name).slug}#officers"))
        elif working:
            found.append(("person", f"/people/{officer.id}"))
    return found


@pytest.mark.parametrize("hide", ["withhold", "stricter"])
def test_what_is_taken_from_the_public_is_found_by_nobody_from_that_moment(work: Flask, hide: str) -> None:
    with work.test_request_context():
        world = World()
        world.do("concern", Mode.PUBLIC, False)
        world.do("answer", 0, True)
        asked = search.question("answers")
        assert search.find(Visitor(), asked).count == 1
        world.do(hide, 0, False)
        for viewer in (Visitor(), world.admin, world.chief, accounts.person(Role.REVIEWER)):
            assert search.find(viewer, asked).count == 0
        assert not db.session.scalars(sa.select(SearchEntry.text).where(SearchEntry.kind == "concern")).all()


def test_words_between_staff_and_a_person_are_not_found(work: Flask) -> None:
    with work.test_request_context():
        world = World()
        world.do("concern", Mode.PUBLIC, False)
        world.do("answer", 0, False)
        world.do("write", 0, False)
        assert search.find(world.chief, search.question("answers")).count == 0
        assert search.find(world.chief, search.question("again")).count == 0


def test_the_pages_about_the_site_are_found_once_the_job_has_run(app: Flask, client: Client) -> None:
    assert main_links(client.page("/search?q=account&kind=page")) == []
    with app.app_context():
        catch_up()
        catch_up()
    assert "/privacy" in main_links(client.page("/search?q=accounts&kind=page"))
    assert "/privacy" in main_links(client.page("/search?q=cuentas&kind=page"))  # its Spanish words


def test_the_job_finds_what_was_there_before_it(app: Flask, client: Client, saved: Any) -> None:
    def make() -> None:
        events.event(title="Open door")
        db.session.execute(sa.delete(SearchEntry))

    saved(make)
    assert "0 results" in client.page("/search?q=door").text()
    with app.app_context():
        catch_up()
    assert "1 result" in client.page("/search?q=door").text()


def test_the_command_makes_the_index_anew_and_names_kinds_it_does_not_know(app: Flask, saved: Any) -> None:
    saved(lambda: events.event(title="Open door"))
    runner = app.test_cli_runner()
    done = runner.invoke(args=["search", "rebuild"])
    assert "event: 1" in done.output, done.output
    assert runner.invoke(args=["search", "rebuild", "--kind", "event"]).exit_code == 0
    assert "No such kind: events" in runner.invoke(args=["search", "rebuild", "--kind", "events"]).output


def main_links(page: Any) -> list[str]:
    """Where the main part of a page leads."""
    return [a.get("href") for main in page.all("main") for h in main.iter("h2") for a in h.iter("a")]
