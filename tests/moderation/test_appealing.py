"""Appeals: who may, who decides, and what an overturn gives back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import Person, Role
from forum.audit.models import Entry
from forum.core import clock
from forum.core.errors import Refusal
from forum.extensions import db
from forum.moderation.models import Appeal, Decision, Measure, Verdict
from forum.moderation.operations.appealing import add_message, decide_appeal, raise_appeal
from forum.moderation.operations.sealing import (
    approve_excision,
    ask_excision,
    purge_originals,
    read_original,
)
from forum.moderation.policy import can_decide_appeal
from forum.moderation.queries import cases
from forum.moderation.queries.pauses import is_paused
from forum.moderation.registry import Shown
from forum.moderation.vocabulary import ModerationAct, ModerationNotice
from forum.notifications.models import Notification
from tests.factories.accounts import person
from tests.factories.moderation import Notes, decision, note, reported_case


def decided(measure: Measure = Measure.HIDE, **given: object) -> tuple[Person, Decision, Person]:
    """The author, a decision about a note of theirs, and who made it."""
    author, officer = person(), person(Role.OFFICER)
    made = decision(reported_case(note(author, "Pat is a fool."), person()), officer, measure, **given)
    return author, made, officer


def appealed(measure: Measure = Measure.HIDE, **given: object) -> tuple[Person, Appeal, Person]:
    author, made, officer = decided(measure, **given)
    return author, raise_appeal(actor=author, decision=made, words="It was a joke."), officer


def test_only_the_author_appeals_once_and_within_14_days(work: Flask) -> None:
    author, made, _officer = decided()
    with pytest.raises(Refusal):
        raise_appeal(actor=person(), decision=made, words="I like it.")
    with time_machine.travel(clock.now() + timedelta(days=15)), pytest.raises(Refusal):
        raise_appeal(actor=author, decision=made, words="Late.")
    raise_appeal(actor=author, decision=made, words="It was a joke.")
    with pytest.raises(Refusal):
        raise_appeal(actor=author, decision=made, words="Again.")


@pytest.mark.parametrize("veiled", [False, True])
def test_the_ledger_does_not_name_an_author_whom_others_must_not_know(work: Flask, veiled: bool) -> None:
    author = person()
    made = decision(reported_case(note(author, veiled=veiled), person()), person(Role.OFFICER))
    raise_appeal(actor=author, decision=made, words="It was a joke.")
    by = db.session.scalars(
        sa.select(Entry.actor_id).where(Entry.act == str(ModerationAct.APPEAL_RAISE))
    ).one()
    assert by == (None if veiled else author.id)


def test_nobody_appeals_against_what_stays(work: Flask) -> None:
    author, made, _officer = decided(Measure.KEEP)
    with pytest.raises(Refusal):
        raise_appeal(actor=author, decision=made, words="But why.")


def test_an_appeal_is_due_in_ten_working_days(work: Flask) -> None:
    with time_machine.travel("2026-11-02T15:00:00Z", tick=False):  # a Monday
        _author, appeal, _officer = appealed()
    assert clock.to_local(appeal.due_at).date().isoformat() == "2026-11-16"


def test_who_decided_and_who_answers_to_them_do_not_decide_the_appeal(work: Flask) -> None:
    chief = person(Role.SUPERVISOR)
    author = person()
    made = decision(reported_case(note(author), person()), chief)
    appeal = raise_appeal(actor=author, decision=made, words="It was a joke.")
    middle = person(Role.SUPERVISOR, answers_to_id=chief.id)
    below = person(Role.REVIEWER, answers_to_id=middle.id)
    for wrong in (chief, middle, below, person(Role.OFFICER), person(Role.ADMINISTRATOR), author):
        with pytest.raises(Refusal):
            decide_appeal(actor=wrong, appeal=appeal, verdict=Verdict.UPHELD, text="No.")
    assert decide_appeal(
        actor=person(Role.REVIEWER), appeal=appeal, verdict=Verdict.UPHELD, text="No."
    ).verdict


def test_the_decider_of_an_appeal_as_a_table(work: Flask) -> None:
    _author, made, officer = decided()
    for role, above, involved in product(Role, (set(), {officer.id}), (False, True)):
        viewer = person(role)
        allowed = role in (Role.REVIEWER, Role.SUPERVISOR) and not above and not involved
        assert can_decide_appeal(viewer, made, above, {viewer.id} if involved else set()) == allowed


@pytest.mark.parametrize("measure", [Measure.EDIT, Measure.HIDE, Measure.PAUSE, Measure.REDACT])
def test_an_overturn_gives_everything_back(work: Flask, notes: Notes, measure: Measure) -> None:
    author, appeal, _officer = appealed(measure, replacement="Pat.")
    decide_appeal(
        actor=person(Role.SUPERVISOR), appeal=appeal, verdict=Verdict.OVERTURNED, text="You are right."
    )
    thing = notes.things[appeal.decision.case.thing_id]
    assert (thing.shown, thing.text) == (Shown.SHOWN, "Pat is a fool.")
    assert (thing.id in notes.shown_again) == (measure is not Measure.REDACT)
    assert not is_paused(author, clock.now())
    assert appeal.decision.undone_at is not None


def test_an_upheld_decision_stays(work: Flask, notes: Notes) -> None:
    author, appeal, _officer = appealed(Measure.PAUSE)
    decide_appeal(actor=person(Role.REVIEWER), appeal=appeal, verdict=Verdict.UPHELD, text="It was right.")
    assert notes.things[appeal.decision.case.thing_id].shown is Shown.HIDDEN
    assert is_paused(author, clock.now())


def test_the_author_hears_of_a_question_and_of_the_end(work: Flask) -> None:
    author, appeal, officer = appealed()
    reviewer = person(Role.REVIEWER)
    add_message(actor=reviewer, appeal=appeal, text="Whom did you mean?")
    add_message(actor=author, appeal=appeal, text="My brother.")
    with pytest.raises(Refusal):
        add_message(actor=officer, appeal=appeal, text="No.")
    decide_appeal(actor=reviewer, appeal=appeal, verdict=Verdict.OVERTURNED, text="Then it is fine.")
    with pytest.raises(Refusal):
        add_message(actor=author, appeal=appeal, text="Thanks.")
    kinds = (ModerationNotice.APPEAL_ANSWERED, ModerationNotice.APPEAL_DECIDED)
    sent = db.session.scalars(sa.select(Notification.kind).where(Notification.recipient_id == author.id))
    assert [kind for kind in sent if kind in kinds] == list(kinds)


def test_personal_data_goes_from_a_sealed_text_only_by_two_people(work: Flask) -> None:
    _author, made, _officer = decided()
    original = db.session.scalars(cases.original_of(made.id)).one()
    first, second = person(Role.SUPERVISOR), person(Role.REVIEWER)
    assert read_original(actor=first, original=original) == "Pat is a fool."
    with pytest.raises(Refusal):
        approve_excision(actor=second, original=original)
    ask_excision(actor=first, original=original, text="[A name] is a fool.")
    with pytest.raises(Refusal):
        approve_excision(actor=first, original=original)
    assert approve_excision(actor=second, original=original).text == "[A name] is a fool."


def test_a_sealed_text_is_forgotten_when_its_time_is_over(work: Flask) -> None:
    _author, made, _officer = decided()
    original = db.session.scalars(cases.original_of(made.id)).one()
    assert purge_originals(original.keep_until - timedelta(days=1)) == 0
    assert purge_originals(original.keep_until + timedelta(days=1)) == 1


def test_an_erased_author_leaves_the_record_and_no_words_of_reports(
    saved: Callable[..., Any], context: Flask
) -> None:
    from forum.accounts.operations.erasing import erase
    from forum.core.transactions import unit_of_work
    from forum.moderation.models import Report

    with unit_of_work():
        reporter = person()
        made = decision(
            reported_case(note(person()), reporter, words="My neighbor Ann."), person(Role.OFFICER)
        )
        erase(reporter)
        assert db.session.get(Decision, made.id) is not None
        assert db.session.scalars(sa.select(Report.words)).one() == ""
        assert db.session.scalars(sa.select(Report.reporter_id)).one() is None
