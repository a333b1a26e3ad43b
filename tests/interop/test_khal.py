"""vdirsyncer fetches, khal shows: the way a calendar gets into a terminal, and two strict parsers on the way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from forum.events.operations.events import edit_event, withdraw_event
from forum.events.operations.occurrences import cancel_occurrence
from tests.factories import events
from tests.interop.conftest import Town, event_titled, local, move
from tests.interop.terminal import Terminal

pytestmark = [pytest.mark.once, pytest.mark.client("vdirsyncer"), pytest.mark.client("khal")]


@pytest.fixture
def terminal(town: Town, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, town.site.url + "/events.ics")


def test_list_is_what_the_site_means(town: Town, terminal: Terminal) -> None:
    terminal.fetch()
    assert terminal.shows() == town.truth()


def test_next_fetch_without_a_change_touches_no_file(terminal: Terminal) -> None:
    terminal.fetch()
    before = terminal.files()
    assert "opying" not in terminal.fetch()
    assert terminal.files() == before


def test_every_kind_of_change_arrives(town: Town, terminal: Terminal) -> None:
    town.change(lambda: events.event(title="Spam", starts_local=events.evening(20)))
    before = town.body()
    terminal.fetch()
    assert "Spam" in {entry.title for entry in terminal.shows()}

    def change() -> None:
        series = event_titled("Monthly")
        move(series.occurrences[1], timedelta(days=2))
        cancel_occurrence(actor=None, occurrence=series.occurrences[2], reason="Snow.")
        withdraw_event(actor=None, event=event_titled("Spam"))
        start = event_titled("Night shift").starts_local + timedelta(hours=1)
        later = events.details(title="Night shift", starts_local=start, ends_local=start + timedelta(hours=3))
        edit_event(actor=None, event=event_titled("Night shift"), details=later)

    town.change(change)
    town.wait_for("/events.ics", before)
    terminal.fetch()
    shown = terminal.shows()
    assert shown == town.truth()
    assert "Spam" not in {entry.title for entry in shown}


def test_one_date_alone_is_an_event_of_its_own(town: Town, tmp_path: Path) -> None:
    """A personal calendar holds single dates of a series: RECURRENCE-ID without a master (INTEROP 19)."""
    number, day = town.change(lambda: (event_titled("Weekly coffee").id, date_of("Weekly coffee", 6)))
    terminal = Terminal(tmp_path, f"{town.site.url}/events/{number}/{day}.ics")
    terminal.fetch()
    (entry,) = terminal.shows()
    assert (entry.title, local(entry.start).date()) == ("Weekly coffee", day)


def date_of(title: str, number: int) -> date:
    return event_titled(title).occurrences[number].original_date
