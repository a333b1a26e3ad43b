"""Calendar programs as subscribers: each fetches a feed again and again, and says what it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from forum.core import clock
from tests.interop.conftest import CHICAGO, DAYS, Shown, utc
from tests.interop.icaljs import expanded_by
from tests.interop.libical import EACH, events_of
from tests.interop.subscriber import Merging
from tests.interop.terminal import Terminal


class Reader(Protocol):
    """``fetch`` takes what the feed holds now (a program that asks for itself ignores it)."""

    name: str

    def fetch(self, body: bytes) -> object: ...

    def shows(self) -> list[Shown]: ...


class InTerminal:
    """vdirsyncer asks for itself."""

    name = "vdirsyncer, khal"

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        self.terminal = Terminal(folder, url)

    def fetch(self, _body: bytes) -> None:
        self.terminal.fetch()

    def shows(self) -> list[Shown]:
        return self.terminal.shows()


class InBrowser:
    """ical.js replaces all it has at each fetch."""

    name = "ical.js"

    def __init__(self, page: Any) -> None:
        self.page, self.body = page, b""

    def fetch(self, body: bytes) -> None:
        self.body = body

    def shows(self) -> list[Shown]:
        return expanded_by(self.page, self.body)


class InLibical:
    """libical expands the rules; which dates an exception stands for is left to programs, so it is done here."""

    name = "libical"

    def __init__(self, libical: Any) -> None:
        self.libical, self.body = libical, b""

    def fetch(self, body: bytes) -> None:
        self.body = body

    def shows(self) -> list[Shown]:
        calendar = self.libical.icalparser_parse_string(self.body)
        try:
            return self._shown(list(events_of(self.libical, calendar)))
        finally:
            self.libical.icalcomponent_free(calendar)

    def _shown(self, components: list[int]) -> list[Shown]:
        replaced = {(self._uid(one), moment) for one in components if (moment := self._stands_for(one))}
        found: list[Shown] = []

        def note(event: int, span: Any, _data: Any) -> None:
            start, end = span.contents.start, span.contents.end
            if self._stands_for(event) or (self._uid(event), start) not in replaced:
                title = self.libical.icalcomponent_get_summary(event).decode()
                found.append(Shown(written(start), written(end), title, self._status(event)))

        each, now = EACH(note), clock.now()
        span = [self.libical.moment(now + timedelta(days=days)) for days in (-1, DAYS)]
        for component in components:
            self.libical.icalcomponent_foreach_recurrence(component, *span, each, None)
        return sorted(found)

    def _uid(self, component: int) -> bytes:
        return bytes(self.libical.icalcomponent_get_uid(component))

    def _stands_for(self, component: int) -> int:
        """The POSIX time of RECURRENCE-ID, in the zone it names; 0 for a master."""
        asked = self.libical
        kind = asked.icalproperty_string_to_kind(b"RECURRENCE-ID")
        found = asked.icalcomponent_get_first_property(component, kind)
        if not found:
            return 0
        moment = asked.icalproperty_get_datetime_with_component(found, component)
        return int(asked.icaltime_as_timet_with_zone(moment, moment.zone))

    def _status(self, component: int) -> str:
        status = self.libical.icalcomponent_get_status(component)
        return bytes(self.libical.icalproperty_status_to_string(status)).decode()


class InPython(Merging):
    """Keeps what it has and merges by UID, RECURRENCE-ID and SEQUENCE, as RFC 5546 says."""

    name = "icalendar, recurring-ical-events"

    def shows(self) -> list[Shown]:  # type: ignore[override]
        today = clock.today(CHICAGO)
        shown = super().shows(today, today + timedelta(days=DAYS))
        return sorted(Shown(in_utc(start), in_utc(end), title, status) for start, end, status, title in shown)


def written(posix: int) -> str:
    return utc(datetime.fromtimestamp(posix, UTC))


def in_utc(wall: str) -> str:
    return utc(datetime.fromisoformat(wall).replace(tzinfo=CHICAGO))
