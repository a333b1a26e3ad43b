"""The town as it is loaded: who is there, what happens, and that it can be interrupted."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts import passwords
from forum.accounts.models import Person, Role
from forum.accounts.queries import answers_to, person_by_email
from forum.core import clock
from forum.demo import people, scenes, town
from forum.demo.calendar import Calendar, calendar_for
from forum.events.importing.model import ImportedEvent
from forum.events.models import Answer, Event, EventStatus, Occurrence, Place, Rsvp
from forum.extensions import db
from forum.neighborhoods.models import Beat, Follow, Neighborhood
from forum.neighborhoods.queries import officers_of
from tests.conftest import empty

LABELS = (
    *("administrator", "auditor", "officer", "partner", "resident", "reviewer"),
    *("second officer", "second resident", "second supervisor", "supervisor"),
)


@pytest.fixture(scope="module")
def whole(site_app: Flask) -> Calendar:
    with site_app.app_context():
        return calendar_for(clock.today())


@pytest.fixture(scope="module")
def small(whole: Calendar) -> Calendar:
    """A little of everything that lies ahead, and of the series."""
    kinds: dict[tuple[str, bool], list[ImportedEvent]] = {}
    for event in sorted(whole.events, key=lambda event: str(event.starts), reverse=True):
        kinds.setdefault((event.kind, bool(event.rrule)), []).append(event)
    return replace(whole, events=tuple(event for found in kinds.values() for event in found[:6]))


@pytest.fixture
def loaded(site_app: Flask, database_url: str, small: Calendar) -> Iterator[Calendar]:
    """What the test before has loaded, where it is still there: loading takes seconds, and these only read."""
    with site_app.app_context():
        if not (
            town.is_loaded() and counts()["Event"] == len(small.events) + 1 and accounts(site_app).exists()
        ):
            db.session.remove()
            empty(site_app, database_url)
            town.load(calendar=small)
        yield small


@pytest.fixture(scope="module", autouse=True)
def no_passwords_left(site_app: Flask) -> Iterator[None]:
    yield
    accounts(site_app).unlink(missing_ok=True)


def accounts(app: Flask) -> Path:
    return Path(app.config["FORUM"].instance_dir) / people.FILE


def mailbox(name: str) -> Person:
    return db.session.scalars(person_by_email(f"{name}@example.org")).one()


def counts() -> dict[str, int]:
    tables = (Person, Event, Occurrence, Rsvp, Beat, Follow, Neighborhood)
    return {
        table.__name__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
    }


def test_one_of_each_role_can_sign_in_and_nobody_else_can(site_app: Flask, loaded: Calendar) -> None:
    listed = json.loads(accounts(site_app).read_text())
    assert sorted(one["role"] for one in listed) == sorted(LABELS)
    assert all(set(one) == {"role", "email", "password"} for one in listed)
    for one in listed:
        person = mailbox(one["email"].partition("@")[0])
        assert person.is_active
        assert person.role == Role(one["role"].removeprefix("second "))
    assert passwords.matches(mailbox("administrator").password_hash, listed[0]["password"])
    with_password = set(db.session.scalars(select(Person.email).where(Person.password_hash.is_not(None))))
    assert with_password == {one["email"] for one in listed}
    addresses = [*db.session.scalars(select(Person.email)), *db.session.scalars(select(Event.contact_email))]
    assert {address for address in addresses if address and not address.endswith("@example.org")} == set()


def test_passwords_are_one_installations_own_and_for_its_owners_eyes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
    here, there = people.ready_accounts(first), people.ready_accounts(second)
    assert here.keys() == there.keys()
    assert not set(here.values()) & set(there.values())
    assert people.ready_accounts(first) == here, "an interrupted loading must not change them"
    assert stat.S_IMODE((first / people.FILE).stat().st_mode) == 0o600


def test_two_chains_of_officers_serve_the_neighborhoods(loaded: Calendar) -> None:
    assert answers_to(mailbox("officer"), mailbox("supervisor"))
    assert answers_to(mailbox("officer2"), mailbox("supervisor2"))
    assert not answers_to(mailbox("officer"), mailbox("supervisor2"))
    assert not answers_to(mailbox("officer2"), mailbox("supervisor"))
    served = db.session.scalars(select(Neighborhood).where(Neighborhood.beats.any())).all()
    assert served
    assert all(db.session.scalars(officers_of(area.id)).first() is not None for area in served)


def test_what_a_visitor_should_find_happens(loaded: Calendar) -> None:
    full = db.session.scalars(select(Occurrence).where(Occurrence.waiting > 0)).one()
    assert (full.places_taken, full.places_offered, full.places, full.waiting) == (11, 1, 12, 5)
    offered = db.session.scalars(select(Rsvp).where(Rsvp.place == Place.OFFERED)).one()
    assert offered.person_id == mailbox("resident2").id
    line = db.session.scalars(select(Rsvp).where(Rsvp.place == Place.WAITING).order_by(Rsvp.ticket)).all()
    assert [turn.person_id == mailbox("resident").id for turn in line] == [False, True, False]
    ahead = select(Occurrence).where(Occurrence.starts_at > clock.now())
    moved = db.session.scalars(ahead.where(Occurrence.moved, Occurrence.reason.contains("voting"))).one()
    off = db.session.scalars(ahead.where(Occurrence.cancelled, Occurrence.reason.contains("heating"))).one()
    for occurrence in (moved, off):
        said = db.session.scalars(select(Rsvp.answer).where(Rsvp.occurrence_id == occurrence.id)).all()
        assert said == [Answer.GOING]
    told = db.session.scalars(select(Event).where(Event.interpreter != "")).one()
    assert (told.childcare, told.step_free) == (True, True)
    draft = db.session.scalars(select(Event).where(Event.status == EventStatus.DRAFT)).one()
    assert draft.source_key == scenes.LAST


def test_only_dates_ahead_are_answered_and_their_counts_are_the_truth(loaded: Calendar) -> None:
    answered = db.session.scalars(select(Occurrence).join(Rsvp).distinct()).all()
    assert len(answered) > 15
    for occurrence in answered:
        assert occurrence.starts_at > clock.now()
        held = db.session.scalars(select(Rsvp).where(Rsvp.occurrence_id == occurrence.id)).all()
        assert occurrence.places_taken == sum(r.party_size for r in held if r.place == Place.CONFIRMED)
        assert occurrence.places_offered == sum(r.party_size for r in held if r.place == Place.OFFERED)
        assert occurrence.waiting == sum(r.party_size for r in held if r.place == Place.WAITING)


def test_loading_again_changes_nothing(loaded: Calendar) -> None:
    before = counts()
    town.load(calendar=loaded)
    assert counts() == before


@pytest.mark.parametrize("when", ("People", "Meetings"))
def test_a_loading_that_was_interrupted_is_finished_by_the_next(
    context: Flask, small: Calendar, when: str
) -> None:
    def interrupt(_done: int, _total: int, text: str) -> None:
        if text == when:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        town.load(interrupt, calendar=small)
    assert not town.is_loaded()
    assert town.weeks_begun() == (small.weeks if when == "Meetings" else None), (
        "the next day must not shift it anew"
    )
    town.load(calendar=small)
    assert town.is_loaded()
    keys = db.session.scalars(select(Event.source_key)).all()
    assert len(keys) == len(set(keys)) == len(small.events) + 1
    listed = json.loads(accounts(context).read_text())
    person = db.session.scalars(person_by_email(listed[0]["email"])).one()
    assert passwords.matches(person.password_hash, listed[0]["password"])


@pytest.mark.once
def test_the_whole_town_has_every_date_of_the_calendar(context: Flask, whole: Calendar) -> None:
    said: Counter[str] = Counter()
    town.load(lambda _done, _total, text: said.update([text]), calendar=whole)
    draft = 1
    assert db.session.scalar(select(func.count()).select_from(Occurrence)) == 4998 + draft
    ahead = select(func.count()).select_from(Occurrence).where(Occurrence.starts_at > clock.now())
    assert 1150 <= (db.session.scalar(ahead) or 0) <= 1340  # as many fewer as the week is old
    assert said["Meetings"] > 5
