"""Reports, filters' holds and decisions, from what the author, the reporters and the next moderator find afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import Role, Visitor
from forum.audit.models import Entry
from forum.core import clock
from forum.core.errors import Refusal
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.filters import Filter
from forum.moderation.models import CaseState, Measure, Original, Report
from forum.moderation.operations.deciding import release, take
from forum.moderation.operations.settings import change_setting
from forum.moderation.policy import can_moderate
from forum.moderation.queries import cases
from forum.moderation.queries.cases import QueueFilters, Whose
from forum.moderation.queries.pauses import is_paused, paused_until
from forum.moderation.registry import Shown
from forum.moderation.vocabulary import ModerationAct, ModerationNotice
from forum.notifications.models import Notification
from tests.factories.accounts import person
from tests.factories.moderation import KIND, Notes, case_of, decision, note, received, reported_case

HOME = "Pat lives at 1420 West Elm Street, go and see."


def told(kind: ModerationNotice) -> list[int | None]:
    return list(
        db.session.scalars(sa.select(Notification.recipient_id).where(Notification.kind == str(kind)))
    )


def acts() -> list[str]:
    return list(
        db.session.scalars(sa.select(Entry.act).where(Entry.act.like("moderation.%")).order_by(Entry.id))
    )


def test_what_several_report_stays_until_somebody_decides(work: Flask, notes: Notes) -> None:
    thing = note(person(), "The police lied to us at the meeting.")
    for _ in range(5):
        reported_case(thing, person())
    assert notes.things[thing.id].shown is Shown.SHOWN
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 5
    assert [case.id for case in db.session.scalars(cases.all_of(thing.kind, thing.id))] == [case_of(thing).id]


def test_nobody_reports_the_same_twice_or_their_own(work: Flask) -> None:
    author, reader = person(), person()
    thing = note(author)
    reported_case(thing, reader)
    with pytest.raises(Refusal):
        reported_case(thing, reader)
    with pytest.raises(Refusal):
        reported_case(thing, author)


def test_what_was_kept_can_be_reported_again_by_others(work: Flask) -> None:
    thing, officer = note(person()), person(Role.OFFICER)
    first = reported_case(thing, person())
    decision(first, officer, Measure.KEEP)
    assert reported_case(thing, person()).id != first.id


def test_everybody_who_reported_hears_what_came_of_it_and_the_author_of_what_was_hidden(work: Flask) -> None:
    author, readers = person(), [person(), person()]
    thing = note(author)
    for reader in readers:
        case = reported_case(thing, reader)
    decision(case, person(Role.OFFICER))
    assert sorted(told(ModerationNotice.REPORT_ANSWERED), key=lambda id_: id_ or 0) == [
        each.id for each in readers
    ]
    assert told(ModerationNotice.DECIDED) == [author.id]


def test_the_author_of_what_was_reported_and_kept_is_not_bothered(work: Flask) -> None:
    decision(reported_case(note(person()), person()), person(Role.OFFICER), Measure.KEEP)
    assert told(ModerationNotice.DECIDED) == []


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        (Measure.EDIT, Shown.GIVEN_BACK), (Measure.HIDE, Shown.HIDDEN), (Measure.KEEP, Shown.SHOWN),
        (Measure.PAUSE, Shown.HIDDEN), (Measure.REDACT, Shown.SHOWN), (Measure.WARN, Shown.SHOWN),
    ],
)  # fmt: skip
def test_a_decision_does_to_the_thing_what_it_says(
    work: Flask, notes: Notes, measure: Measure, shown: Shown
) -> None:
    author = person()
    thing = note(author, HOME)
    assert received(thing, author) is not None
    assert notes.things[thing.id].shown is Shown.HELD
    made = decision(case_of(thing), person(Role.OFFICER), measure, replacement="Pat is loud.")
    assert notes.things[thing.id].shown is shown
    assert case_of(thing).state is CaseState.DECIDED
    assert is_paused(author, clock.now()) == (measure is Measure.PAUSE)
    sealed = db.session.scalars(sa.select(Original)).one_or_none()
    assert (sealed is not None) == (measure in (Measure.HIDE, Measure.PAUSE, Measure.REDACT))
    assert sealed is None or sealed.text == HOME
    assert (notes.things[thing.id].text == "Pat is loud.") == (measure is Measure.REDACT)
    assert made.moderator.code == "M-01"


def test_a_pause_ends_by_itself(work: Flask) -> None:
    author = person()
    decision(reported_case(note(author), person()), person(Role.OFFICER), Measure.PAUSE, pause_days=3)
    until = paused_until(author, clock.now())
    assert until is not None
    assert until - clock.now() < timedelta(days=3)
    assert not is_paused(author, clock.now() + timedelta(days=3))


def test_a_moderator_keeps_the_same_number_and_another_has_another(work: Flask) -> None:
    officer, other = person(Role.OFFICER), person(Role.SUPERVISOR)
    made = [
        decision(reported_case(note(person()), person()), who, Measure.KEEP).moderator.code
        for who in (officer, other, officer)
    ]
    assert made == ["M-01", "M-02", "M-01"]


def test_who_wrote_or_reported_it_cannot_decide_it(work: Flask) -> None:
    writer, reporter = person(Role.OFFICER), person(Role.OFFICER)
    case = reported_case(note(writer), reporter)
    for involved in (writer, reporter, person(Role.ADMINISTRATOR), person()):
        with pytest.raises(Refusal):
            decision(case, involved)
    assert decision(case, person(Role.OFFICER)).measure is Measure.HIDE


def test_what_somebody_has_taken_is_not_decided_by_another_until_it_is_given_back(work: Flask) -> None:
    first, second = person(Role.OFFICER), person(Role.OFFICER)
    case = take(actor=first, case=reported_case(note(person()), person()))
    with pytest.raises(Refusal):
        decision(case, second)
    release(actor=first, case=case)
    decision(case, second)


def test_a_case_is_decided_once(work: Flask) -> None:
    case = reported_case(note(person()), person())
    decision(case, person(Role.OFFICER))
    with pytest.raises(Refusal):
        decision(case, person(Role.OFFICER))


@pytest.mark.parametrize(
    "given",
    [
        {"measure": Measure.HIDE, "words": " "},
        {"measure": Measure.HIDE, "rule_number": 99},
        {"measure": Measure.REDACT},
        {"measure": Measure.REDACT, "replacement": HOME},
        {"measure": Measure.PAUSE, "pause_days": 2000},
    ],
)
def test_a_decision_needs_a_rule_words_and_what_its_measure_asks_for(
    work: Flask, given: dict[str, object]
) -> None:
    case = reported_case(note(person(), HOME), person())
    with pytest.raises(Refusal):
        decision(case, person(Role.OFFICER), **given)  # type: ignore[arg-type]


def test_a_home_address_is_held_edited_by_its_author_and_then_read_by_all(work: Flask, notes: Notes) -> None:
    author = person()
    thing = note(author, HOME)
    held = received(thing, author)
    assert held is not None
    assert held.reasons == (Filter.ADDRESS,)
    assert notes.things[thing.id].shown is Shown.HELD
    notes.write(thing.id, "Pat is loud.")
    assert received(thing, author, edited=True) is None
    assert notes.things[thing.id].shown is Shown.SHOWN
    assert case_of(thing).state is CaseState.DROPPED


def test_what_was_given_back_for_a_filter_alone_is_shown_once_it_is_mended(work: Flask, notes: Notes) -> None:
    author = person()
    thing = note(author, HOME)
    received(thing, author)
    decision(case_of(thing), person(Role.OFFICER), Measure.EDIT)
    notes.write(thing.id, "Pat is loud.")
    assert received(thing, author, edited=True) is None
    assert notes.things[thing.id].shown is Shown.SHOWN


def test_what_was_given_back_because_a_reader_reported_it_waits_for_a_person_again(
    work: Flask, notes: Notes
) -> None:
    author = person()
    thing = note(author, "Pat is a fool.")
    first = reported_case(thing, person())
    decision(first, person(Role.OFFICER), Measure.EDIT)
    notes.write(thing.id, HOME)
    assert received(thing, author, edited=True) is not None
    notes.write(thing.id, "Pat is still a fool.")  # no filter finds anything now, and that is not enough
    assert received(thing, author, edited=True) is not None
    assert notes.things[thing.id].shown is Shown.HELD
    assert case_of(thing).id != first.id
    assert case_of(thing).is_open
    decision(case_of(thing), person(Role.OFFICER), Measure.KEEP)
    assert told(ModerationNotice.DECIDED) == [author.id, author.id]


def test_first_posts_are_held_only_while_the_agency_says_so(work: Flask) -> None:
    author = person()
    assert received(note(author), author, posts_before=0) is None
    change_setting(actor=person(Role.ADMINISTRATOR), first_posts=2, wait_hours=12, decide_days=1)
    held = received(note(author), author, posts_before=1)
    assert held is not None
    assert (held.reasons, held.wait_hours) == ((Filter.FIRST_POST,), 12)
    assert received(note(author), author, posts_before=2) is None
    officer = person(Role.OFFICER)
    assert received(note(officer), officer, posts_before=0) is None


def test_the_clock_counts_working_days(work: Flask) -> None:
    with time_machine.travel("2026-11-27T15:00:00Z", tick=False):  # a Friday
        case = reported_case(note(person()), person())
    assert clock.to_local(case.due_at).date().isoformat() == "2026-11-30"


def test_the_ledger_has_every_act_and_nobodys_words(work: Flask) -> None:
    author = person()
    thing = note(author, HOME)
    received(thing, author)
    case = reported_case(thing, person(), words="Look at this secret.")
    officer = person(Role.OFFICER)
    take(actor=officer, case=case)
    decision(case, officer)
    assert acts() == [
        ModerationAct.CASE_HOLD, ModerationAct.REPORT_MAKE, ModerationAct.CASE_TAKE, ModerationAct.CASE_DECIDE,
    ]  # fmt: skip
    details = str(list(db.session.scalars(sa.select(Entry.detail))))
    assert "Elm" not in details
    assert "secret" not in details


def test_a_kind_that_offers_no_list_is_asked_for_each_thing(work: Flask) -> None:
    thing = note(person())
    registry.register(replace(registry.kinds[KIND], load_many=None))
    assert registry.things_of([(KIND, thing.id), (KIND, 999), ("nothing", 1)]) == {(KIND, thing.id): thing}


def test_a_list_of_cases_is_for_moderators_alone(work: Flask) -> None:
    reported_case(note(person()), person())
    for role in Role:
        listed = db.session.scalars(cases.queue(person(role), QueueFilters(whose=Whose.ALL))).all()
        assert bool(listed) == can_moderate(person(role))
    assert not db.session.scalars(cases.queue(Visitor(), QueueFilters(whose=Whose.ALL))).all()


def test_the_system_alone_holds_and_drops(work: Flask, notes: Notes) -> None:
    author = person()
    thing = note(author, HOME)
    received(thing, author)
    notes.write(thing.id, "Pat is loud.")
    received(thing, author, edited=True)
    entries = db.session.scalars(
        sa.select(Entry).where(Entry.act.like("moderation.%")).order_by(Entry.id)
    ).all()
    assert [(entry.act, entry.actor_id) for entry in entries] == [
        (ModerationAct.CASE_HOLD, None), (ModerationAct.CASE_DROP, None),
    ]  # fmt: skip
