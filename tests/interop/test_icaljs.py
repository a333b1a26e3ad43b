"""ical.js, the parser of Thunderbird and Nextcloud, inside the tests' own Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.interop.conftest import DAYS, Shown, Town, event_titled
from tests.interop.programs import ical_js

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.client("ical.js")]

# What a program does with a feed: register its zones, tie exceptions to their master, walk the dates.
EXPAND = """
([text, last]) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    const made = new ICAL.Timezone(zone);
    ICAL.TimezoneService.register(made.tzid, made);
  }
  const utc = (time) => time.toJSDate().toISOString().slice(0, 16).replace("T", " ") + "Z";
  const written = (time) => time.isDate ? time.toString() : utc(time);
  const shown = [];
  const add = (item, start, end) => shown.push([
    written(start), written(end), item.summary, item.component.getFirstPropertyValue("status")]);
  // Tied by UID as programs do: left to itself, ICAL.Event takes every exception in the file for its own.
  const masters = new Map(), exceptions = new Map(), all = calendar.getAllSubcomponents("vevent");
  for (const component of all.filter((one) => one.hasProperty("recurrence-id"))) {
    const uid = component.getFirstPropertyValue("uid");
    exceptions.set(uid, [...(exceptions.get(uid) || []), component]);
  }
  for (const component of all.filter((one) => !one.hasProperty("recurrence-id"))) {
    const uid = component.getFirstPropertyValue("uid");
    masters.set(uid, new ICAL.Event(component, {strictExceptions: true, exceptions: exceptions.get(uid) || []}));
    exceptions.delete(uid);
  }
  for (const component of [...exceptions.values()].flat()) {
    const event = new ICAL.Event(component);
    add(event, event.startDate, event.endDate);
  }
  for (const event of masters.values()) {
    if (!event.isRecurring()) { add(event, event.startDate, event.endDate); continue; }
    const dates = event.iterator();
    for (let next = dates.next(); next && next.toString() < last; next = dates.next()) {
      const details = event.getOccurrenceDetails(next);
      add(details.item, details.startDate, details.endDate);
    }
  }
  return shown;
}
"""


@pytest.fixture(scope="module")
def expand() -> Iterator[Callable[[bytes], list[Shown]]]:
    """Every date in a calendar that begins within the window, as ical.js sees it."""
    with ical_js() as page:

        def run(body: bytes) -> list[Shown]:
            last = (datetime.now(UTC) + timedelta(days=DAYS + 60)).date().isoformat()
            return sorted(Shown(*entry) for entry in page.evaluate(EXPAND, [body.decode(), last]))

        yield run


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
    day = date.fromisoformat(entry.start[:10]) - timedelta(days=1)  # an evening in Chicago
    assert expand(town.body(f"/events/{number}/{day}.ics")) == [entry]
