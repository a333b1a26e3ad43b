"""Two calendar programs, reduced to what they keep: one replaces all, one merges by UID and RECURRENCE-ID."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events

Key = tuple[str, str]  # UID, RECURRENCE-ID ("" for a master)
Entry = tuple[str, str, str, str]  # start, end, status, title


class Replacing:
    """Forgets everything at each fetch (Google, Outlook, ICSx5)."""

    def __init__(self) -> None:
        self.calendar = icalendar.Calendar()

    def fetch(self, body: bytes) -> None:
        self.calendar = icalendar.Calendar.from_ical(body)

    def shows(self, first: date, last: date) -> list[Entry]:
        return shown(self.calendar, first, last)


class Merging:
    """Keeps components by UID and RECURRENCE-ID and takes a newer SEQUENCE, as RFC 5546 2.1.4 and 3.2.1 have it.

    A UID that is gone is dropped; so are a series' exceptions that are gone, once the master has a newer SEQUENCE.
    """

    def __init__(self) -> None:
        self.kept: dict[Key, Any] = {}
        self.highest: dict[Key, int] = {}
        self.zones: list[Any] = []

    def fetch(self, body: bytes) -> None:
        calendar = icalendar.Calendar.from_ical(body)
        self.zones = calendar.walk("VTIMEZONE")
        sent = {key_of(component): component for component in calendar.walk("VEVENT")}
        uids = {uid for uid, _ in sent}
        renewed = {uid for uid, rid in sent if not rid and self._is_newer((uid, ""), sent[uid, ""])}
        for key in list(self.kept):
            if key[0] not in uids or (key[0] in renewed and key not in sent):
                del self.kept[key]
        for key, component in sent.items():
            assert component["SEQUENCE"] >= self.highest.get(key, 0), f"SEQUENCE of {key} fell"
            self.highest[key] = component["SEQUENCE"]
            self.kept[key] = component

    def shows(self, first: date, last: date) -> list[Entry]:
        calendar = icalendar.Calendar()
        for component in (*self.zones, *self.kept.values()):
            calendar.add_component(component)
        return shown(calendar, first, last)

    def _is_newer(self, key: Key, component: Any) -> bool:
        return key in self.kept and component["SEQUENCE"] > self.kept[key]["SEQUENCE"]


def key_of(component: Any) -> Key:
    recurrence = component.get("RECURRENCE-ID")
    return str(component["UID"]), recurrence.to_ical().decode() if recurrence is not None else ""


def shown(calendar: Any, first: date, last: date) -> list[Entry]:
    """What a calendar shows of the local dates from *first* to before *last*, expanded by a library of others."""
    found = recurring_ical_events.of(calendar).between(first - timedelta(days=40), last + timedelta(days=40))
    entries = [
        (text(item.start), text(item.end), str(item["STATUS"]), str(item["SUMMARY"]))
        for item in found
        if first <= day(item.start) < last
    ]
    return sorted(entries)


def text(moment: date) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()


def day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
