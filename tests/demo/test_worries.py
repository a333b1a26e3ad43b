"""The demonstration has concerns at every stage, and keeps one of them from the officer who is shown around."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select

from forum.accounts.models import Person
from forum.concerns.clocks import pending
from forum.concerns.models import About, Closing, Concern, Dispute, Entry, Identity, Mode, Status, Template
from forum.concerns.policy import can_decide
from forum.concerns.queries.clocks import calendar_now, runs_of
from forum.concerns.queries.disputes import Months, disputed
from forum.concerns.queries.sight import seen_on_desk, sight_of
from forum.core import clock
from forum.demo import people, phrases, worries
from forum.extensions import db


@pytest.fixture
def cast(work: Flask) -> dict[str, Person]:
    """The cast, with what worries it."""
    found = people.add_cast({})
    worries.play(found)
    return found


def titles(viewer: Person) -> set[str]:
    return set(db.session.scalars(select(Concern.title).where(seen_on_desk(sight_of(viewer)))))


def test_every_mode_and_stage_is_there(cast: dict[str, Person]) -> None:
    found = db.session.scalars(select(Concern)).all()
    assert len(found) == 26
    assert set(Counter(each.mode for each in found)) == set(Mode)
    assert {Status.RECEIVED, Status.WAITING, Status.ANSWERED, Status.CLOSED, Status.REOPENED} <= {
        each.status for each in found
    }
    assert any(each.due_at is not None and each.due_at < clock.now() for each in found)
    assert any(each.due_at is not None and each.due_at > clock.now() for each in found)
    assert sum(each.merged_into_id is not None for each in found) == 1
    assert all(
        closing.evidence
        for closing in db.session.scalars(select(Entry).where(Entry.closed_as == Closing.DONE))
    )


def test_one_closing_is_disputed_and_waits_for_somebody_else(cast: dict[str, Person]) -> None:
    dispute = db.session.scalars(select(Dispute).where(Dispute.outcome.is_(None))).one()
    assert (dispute.closed_by_id, dispute.outcome) == (cast["officer"].id, None)
    wanted = select(Entry).where(Entry.status == Status.REOPENED, Entry.concern_id == dispute.concern_id)
    reopened = db.session.scalars(wanted).one()
    assert dispute.raised_at == reopened.at < clock.now() - timedelta(days=5)
    for who, may in (("officer", False), ("officer2", True), ("supervisor", True)):
        assert can_decide(sight_of(cast[who]), dispute.concern, dispute.closed_by_id) is may


def test_the_public_figures_of_disputes_have_one_that_was_decided(cast: dict[str, Person]) -> None:
    dispute = db.session.scalars(select(Dispute).where(Dispute.outcome.is_not(None))).one()
    assert dispute.decided_at is not None
    assert (dispute.decided_at - dispute.raised_at).days == 4
    assert disputed(Months.lately())[True].overturned == 1


def test_the_desk_has_words_to_begin_with_that_are_easy_to_read(cast: dict[str, Person]) -> None:
    found = db.session.scalars(select(Template)).all()
    assert {(each.name, each.language) for each in found} == {
        (name, language) for name, _title, texts in phrases.WORDS for language in texts
    }
    assert max(each.grade for each in found) <= 8


def test_the_complaint_is_kept_from_the_officer_it_names_and_their_chain(cast: dict[str, Person]) -> None:
    complaint = db.session.scalars(select(Concern).where(Concern.about == About.COMPLAINT)).one().title
    for who in ("reviewer", "supervisor2"):
        assert complaint in titles(cast[who])
    for who in ("officer", "officer2", "supervisor", "resident", "administrator"):
        assert complaint not in titles(cast[who])


def test_nobody_stands_behind_what_is_anonymous_and_its_days_begin_at_midnight(
    cast: dict[str, Person],
) -> None:
    for each in db.session.scalars(select(Concern).where(Concern.mode == Mode.ANONYMOUS)):
        assert db.session.get(Identity, each.id) is None
        assert clock.to_local(each.arrived_at).strftime("%H:%M") == "00:00"


def test_what_is_due_is_what_the_threads_say(cast: dict[str, Person]) -> None:
    calendar = calendar_now()
    for each in db.session.scalars(select(Concern)):
        left = pending(runs_of(each, calendar), closed_as=each.closed_as)
        assert each.due_at == (left[0].due_at if left else None)


def test_playing_again_adds_nothing(cast: dict[str, Person]) -> None:
    assert g.writing
    worries.play(cast)
    assert len(db.session.scalars(select(Concern)).all()) == 26
