"""ical.js, the parser of Thunderbird and Nextcloud, inside the tests' own Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.interop.conftest import Shown, Town, event_titled, local
from tests.interop.icaljs import expanded_by, ical_js

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.client("ical.js")]


@pytest.fixture(scope="module")
def expand() -> Iterator[Callable[[bytes], list[Shown]]]:
    """Every date in a calendar that begins within the window, as ical.js sees it."""
    with ical_js() as page:
        yield lambda body: expanded_by(page, body)


def within(entries: list[Shown], truth: list[Shown]) -> list[Shown]:
    """Those that begin no earlier than the first and no later than the last that is true."""
    return [entry for entry in entries if truth[0].start <= entry.start <= truth[-1].start]


def test_every_date_is_where_the_site_means_it(town: Town, expand: Callable[[bytes], list[Shown]]) -> None:
    truth = town.truth()
    assert within(expand(town.body()), truth) == truth


def test_one_date_alone_is_shown(town: Town, expand: Callable[[bytes], list[Shown]]) -> None:
    """A personal calendar holds single dates of a series: RECURRENCE-ID without a master (INTEROP 19)."""
    number = town.change(lambda: event_titled("Weekly coffee").id)
    entry = next(one for one in town.truth() if one.title == "Weekly coffee")
    day = local(entry.start).date()
    assert expand(town.body(f"/events/{number}/{day}.ics")) == [entry]
