"""Plans and what they do to the database: once, twice, and after the file has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.core.transactions import unit_of_work
from forum.events.importing.apply import apply_plan
from forum.events.importing.model import ImportedEvent, Override
from forum.events.importing.plan import contact_parts, plan_import
from forum.events.models import Event, EventStatus, Occurrence
from forum.events.operations.events import withdraw_event
from forum.events.operations.occurrences import lock_occurrence, move_occurrence
from forum.extensions import db
from tests.factories.neighborhoods import neighborhood

START = datetime(2027, 1, 12, 18, 30)
SINGLE = ImportedEvent(
    key="one",
    title="Coffee",
    starts=START,
    ends=START + timedelta(hours=1),
    row=1,
    kind="coffee",
    place_name="Library",
    place_address="4455 N. Lincoln",
    contact="12th District office 312-555-0112 district12@example.org",
)
SERIES = replace(
    SINGLE,
    key="many",
    row=2,
    title="Beat meeting 1711",
    kind="beat-meeting",
    rrule="FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
    skipped_dates=(datetime(2027, 3, 9, 18, 30),),
    extra_dates=(datetime(2027, 3, 16, 18, 30),),
    overrides=(
        Override(
            original=datetime(2027, 2, 9, 18, 30),
            starts=datetime(2027, 2, 10, 19),
            ends=datetime(2027, 2, 10, 20),
        ),
        Override(original=datetime(2027, 4, 13, 18, 30), cancelled=True, reason="The room is closed."),
        Override(original=datetime(2027, 5, 11, 18, 30), place_name="Park", place_address="1 N. State"),
    ),
)


def load(*events: ImportedEvent) -> None:
    assert apply_plan(plan_import(events, source="test"), actor=None) == []


def event(key: str) -> Event:
    return db.session.scalars(select(Event).where(Event.source_key == f"test:{key}")).one()


def test_a_single_event_arrives_with_its_contact_parted(context: Flask) -> None:
    load(SINGLE)
    found = event("one")
    assert (found.title, found.status, found.kind.slug) == ("Coffee", EventStatus.PUBLISHED, "coffee")
    assert (found.hosts, found.contact_phone, found.contact_email) == (
        "12th District office",
        "312-555-0112",
        "district12@example.org",
    )
    assert found.occurrences[0].listed


def test_a_series_arrives_with_its_skipped_added_moved_and_cancelled_dates(context: Flask) -> None:
    load(SERIES)
    dates = {one.original_date: one for one in event("many").occurrences}
    assert sorted(dates) == [
        date(2027, m, d) for m, d in ((1, 12), (2, 9), (3, 16), (4, 13), (5, 11), (6, 8))
    ]
    moved, cancelled, elsewhere = dates[date(2027, 2, 9)], dates[date(2027, 4, 13)], dates[date(2027, 5, 11)]
    assert (moved.moved, moved.starts_at.isoformat()) == (True, "2027-02-11T01:00:00+00:00")
    assert (cancelled.cancelled, cancelled.reason) == (True, "The room is closed.")
    assert (elsewhere.place_name, elsewhere.place_address) == ("Park", "1 N. State")


def test_a_second_import_of_the_same_file_changes_nothing(context: Flask) -> None:
    load(SINGLE, SERIES)
    versions = dict(db.session.execute(select(Event.id, Event.sequence)).all())  # type: ignore[arg-type]
    plan = plan_import((SINGLE, SERIES), source="test")
    assert [(len(plan.new), len(plan.changed), len(plan.unchanged), plan.gone)] == [(0, 0, 2, [])]
    load(SINGLE, SERIES)
    assert dict(db.session.execute(select(Event.id, Event.sequence)).all()) == versions  # type: ignore[arg-type]
    assert db.session.scalar(select(func.count()).select_from(Event)) == 2


def test_a_plan_alone_writes_nothing(context: Flask) -> None:
    assert len(plan_import((SINGLE, SERIES), source="test").new) == 2
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


def test_a_changed_row_names_what_changed_and_changes_only_that(context: Flask) -> None:
    load(SINGLE, SERIES)
    later = replace(
        SINGLE, starts=START + timedelta(days=1), ends=START + timedelta(days=1, hours=2), title="Tea"
    )
    plan = plan_import((later, SERIES), source="test")
    assert [item.words for item in plan.changed] == [("title", "starts", "ends")]
    load(later, SERIES)
    assert (event("one").title, event("one").minutes) == ("Tea", 120)
    assert event("one").sequence == 1


def test_a_date_that_is_cancelled_later_is_cancelled_by_the_next_import(context: Flask) -> None:
    load(SERIES)
    off = Override(original=datetime(2027, 6, 8, 18, 30), cancelled=True)
    changed = replace(SERIES, overrides=(*SERIES.overrides, off))
    assert [item.words for item in plan_import((changed,), source="test").changed] == [("date 2027-06-08",)]
    load(changed)
    assert [one.cancelled for one in event("many").occurrences if one.original_date == date(2027, 6, 8)] == [
        True
    ]


def test_an_event_that_the_file_cancels_is_cancelled_with_a_reason(context: Flask) -> None:
    load(SINGLE)
    load(replace(SINGLE, status="cancelled", reason="No heating."))
    assert (event("one").status, event("one").status_reason) == (EventStatus.CANCELLED, "No heating.")


def test_what_people_withdrew_here_is_not_published_again(context: Flask) -> None:
    load(SINGLE)
    with unit_of_work():
        withdraw_event(actor=None, event=event("one"))
    load(SINGLE)
    assert event("one").status == EventStatus.DRAFT


def test_a_date_that_people_moved_here_and_the_file_does_not_name_stays_moved(context: Flask) -> None:
    load(SERIES)
    with unit_of_work():
        occurrence = lock_occurrence(event("many").occurrences[0])
        move_occurrence(
            actor=None,
            occurrence=occurrence,
            starts_local=datetime(2027, 1, 13, 18, 30),
            ends_local=datetime(2027, 1, 13, 19, 30),
        )
    load(SERIES)
    assert db.session.scalars(select(Occurrence.moved).order_by(Occurrence.original_start)).first() is True


def test_what_no_file_tells_stays_as_people_here_set_it(context: Flask) -> None:
    load(SINGLE)
    with unit_of_work():
        event("one").interpreter = "Spanish"
        event("one").capacity = 20
        db.session.flush()
    load(replace(SINGLE, title="Tea"))
    assert (event("one").title, event("one").interpreter, event("one").capacity) == ("Tea", "Spanish", 20)


def test_an_event_the_file_lacks_is_named_and_kept(context: Flask) -> None:
    load(SINGLE, SERIES)
    plan = plan_import((SINGLE,), source="test")
    assert plan.gone == ["Beat meeting 1711"]
    assert plan_import((SINGLE,), source="elsewhere").gone == []


def test_neighborhoods_are_found_by_name_and_an_unknown_one_is_refused_while_the_rest_goes_in(
    work: Flask,
) -> None:
    area = neighborhood(name="Uptown")
    db.session.commit()
    known, unknown = replace(SINGLE, neighborhoods=("uptown",)), replace(SERIES, neighborhoods=("Atlantis",))
    plan = plan_import((known, unknown), source="test")
    assert [item.details.neighborhood_ids for item in plan.new] == [(area.id,)]
    assert "Atlantis" in plan.problems[0].why


def test_a_row_that_the_operations_refuse_is_named_and_the_rest_goes_in(context: Flask) -> None:
    plan = plan_import((SINGLE, replace(SERIES, overrides=())), source="test")
    plan.new[1] = replace(
        plan.new[1], details=replace(plan.new[1].details, starts_local=datetime(2027, 1, 13, 18, 30))
    )
    refused = apply_plan(plan, actor=None)
    assert [problem.row for problem in refused] == [2]
    assert db.session.scalars(select(Event.title)).all() == ["Coffee"]


@pytest.mark.parametrize(
    ("text", "parts"),
    (
        ("", ("", "", "")),
        ("312-555-0112", ("", "", "312-555-0112")),
        ("The beat officer, 312-555-0103", ("The beat officer", "", "312-555-0103")),
        ("Office (312) 555-0103 ext. 4, a@example.org", ("Office", "a@example.org", "(312) 555-0103 ext. 4")),
    ),
)
def test_a_contact_is_parted_into_who_mail_and_phone(text: str, parts: tuple[str, str, str]) -> None:
    assert contact_parts(text) == parts


def test_the_command_shows_a_plan_and_does_it_and_then_has_nothing_to_do(
    context: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text("key,title,starts\na,Talk,2027-01-12 18:30\nb,,2027-01-12 18:30\n")
    run = context.test_cli_runner().invoke
    dry = run(args=["events", "import", str(file), "--dry-run"])
    assert "+ new: Talk, 2027-01-12" in dry.output
    assert "! row 3" in dry.output
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0
    assert "1 new, 0 changed, 0 unchanged" in run(args=["events", "import", str(file)]).output
    assert "0 new, 0 changed, 1 unchanged" in run(args=["events", "import", str(file)]).output


def test_the_command_says_in_words_why_a_file_was_not_read(context: Flask, tmp_path: Path) -> None:
    file = tmp_path / "events.ics"
    file.write_text("hello")
    result = context.test_cli_runner().invoke(args=["events", "import", str(file)])
    assert result.exit_code == 1
    assert "nothing has changed" in result.output
