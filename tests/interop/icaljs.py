"""ical.js, the parser of Thunderbird and Nextcloud, inside the tests' own Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests import servers
from tests.interop.conftest import DAYS, Shown

ICAL_JS = Path(__file__).parents[1] / "vendor" / "ical.js" / "ical.es5.min.cjs"
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


@contextmanager
def ical_js() -> Iterator[Any]:
    """A browser page that has ``ICAL``; skips the test where there is no Chromium."""
    try:
        chromium = servers.chromium_path()
    except RuntimeError as reason:
        pytest.skip(f"client: ical.js needs Chromium ({reason})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=servers.chromium_args())
        page = browser.new_page()
        page.evaluate(ICAL_JS.read_text())
        yield page
        browser.close()


def expanded_by(page: Any, body: bytes) -> list[Shown]:
    """Every date in a calendar up to a while after the window, as ical.js on *page* sees it."""
    last = (datetime.now(UTC) + timedelta(days=DAYS + 60)).date().isoformat()
    return sorted(Shown(*entry) for entry in page.evaluate(EXPAND, [body.decode(), last]))
