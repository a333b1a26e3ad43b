"""What an event is made of, as an operation takes it, checked before anything is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.events.models import RsvpPolicy
from forum.events.recurrence import RecurrenceError, check, problem_words

LONGEST = timedelta(days=31)
YEARS = range(1990, 2101)


@dataclass(frozen=True, kw_only=True)
class EventDetails:
    """Everything a person says about an event. Times are naive, on the wall clock of ``zone``; ends are exclusive."""

    title: str
    kind_id: int
    zone: str
    starts_local: datetime
    ends_local: datetime
    story: str = ""
    language: str = "en"
    all_day: bool = False
    rrule: str | None = None
    extra_starts: tuple[datetime, ...] = ()
    skipped_starts: tuple[datetime, ...] = ()
    neighborhood_ids: tuple[int, ...] = ()  # none: city-wide
    place_name: str = ""
    place_address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_url: str = ""
    step_free: bool | None = None
    childcare: bool | None = None
    quiet_space: bool | None = None
    interpreter: str = ""
    transit: str = ""
    hosts: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    picture: str = ""
    picture_alt: str = ""
    rsvp_policy: RsvpPolicy = RsvpPolicy.WELCOME
    capacity: int | None = None

    @property
    def minutes(self) -> int:
        """Length on the wall clock."""
        return int((self.ends_local - self.starts_local).total_seconds() // 60)


def checked_rule(details: EventDetails) -> str | None:
    """The canonical rule of *details*; raises Refusal in words where the dates cannot be."""
    if not details.title:
        raise Refusal(_("Give the event a title."), "title")
    if details.ends_local <= details.starts_local:
        raise Refusal(_("The end must come after the start."), "ends")
    if details.ends_local - details.starts_local > LONGEST:
        raise Refusal(_("An event may last 31 days at most. For something longer, make a series."), "ends")
    if details.starts_local.year not in YEARS:
        raise Refusal(_("The year must lie between 1990 and 2100."), "starts")
    for field, starts in (("extra", details.extra_starts), ("skipped", details.skipped_starts)):
        if any(start.year not in YEARS for start in starts):
            raise Refusal(_("The year must lie between 1990 and 2100."), field)
    if details.rrule is None:
        return None
    try:
        return check(
            details.rrule, details.starts_local, zone=ZoneInfo(details.zone), all_day=details.all_day
        )
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "repeats") from error


def slug_of(title: str) -> str:
    """The readable part of an address: ASCII, lower case, words joined by hyphens; ``event`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "event"
