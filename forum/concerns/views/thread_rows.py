"""A thread as templates/components/thread.html takes it: plain values, never the row of who wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from forum.accounts.forms import role_name
from forum.concerns.models import Author, Closing, Concern, Entry, Status
from forum.concerns.words import closing_words, status_words, waiting_words
from forum.core import clock
from forum.core.templating import date_long, time_of_day

TONES = {
    Status.ANSWERED: "good",
    Status.CLOSED: "",
    Status.RECEIVED: "accent",
    Status.REOPENED: "late",
    Status.WAITING: "wait",
}


@dataclass(frozen=True, kw_only=True)
class ThreadRow:
    """One step of a thread: *side* is "person", "staff" or "system"; *state* the status from here on, in words."""

    side: str
    who: str
    badge: str
    iso: str
    when: str
    text: str
    state: str
    tone: str
    why: str


def thread_rows(concern: Concern, entries: Iterable[Entry], *, own: bool) -> list[ThreadRow]:
    """The rows of *entries*; *own*: its own person reads them, else everybody, or the desk.

    Of an anonymous concern no time of day is shown, also where staff wrote: a quick answer would tell the person's.
    """
    return [_row(concern, entry, own) for entry in entries]


def story_row(concern: Concern, *, own: bool) -> ThreadRow:
    """What the person told, as the first words of the thread."""
    at = concern.arrived_at
    return ThreadRow(
        side="person", who=_person(own), badge="", iso=_iso(concern, at), when=_when(concern, at),
        text=concern.story, state="", tone="", why="",
    )  # fmt: skip


def _row(concern: Concern, entry: Entry, own: bool) -> ThreadRow:
    status = entry.status
    return ThreadRow(
        side=str(entry.author),
        who=_who(entry, own),
        badge=_badge(entry),
        iso=_iso(concern, entry.at),
        when=_when(concern, entry.at),
        text=entry.text,
        state=status_words(status) if status else "",
        tone=TONES.get(status, "accent") if status else "",
        why=_why(entry, own=own),
    )


def _person(own: bool) -> str:
    return _("You") if own else _("The person who raised it")


def _who(entry: Entry, own: bool) -> str:
    if entry.author is Author.PERSON:
        return _person(own)
    if entry.author is Author.STAFF and entry.staff is not None:
        return entry.staff.name
    return _("The agency")


def _badge(entry: Entry) -> str:
    """An official answer carries the title of who gave it, else their role."""
    if entry.author is not Author.STAFF or entry.staff is None:
        return ""
    return entry.staff.title or role_name(entry.staff.role)


def _why(entry: Entry, *, own: bool) -> str:
    if entry.closed_as is not None:
        return closing_words(entry.closed_as) if own else public_closing_words(entry.closed_as)
    if entry.waits_for is not None and own:
        return waiting_words(entry.waits_for)
    return ""


def public_closing_words(closing: Closing) -> str:
    """Why it was closed, to readers who did not raise it."""
    return {
        Closing.COULD_NOT_REACH: _("The person could not be reached"),
        Closing.DONE: _("It was done"),
        Closing.DUPLICATE: _("It was raised before"),
        Closing.NO_POWER: _("The agency has no power to act on it"),
        Closing.REFERRED: _("Somebody else takes care of it"),
        Closing.WITHDRAWN: _("It was taken back"),
    }[closing]


def _iso(concern: Concern, at: datetime) -> str:
    local = clock.to_local(at)
    return local.date().isoformat() if concern.is_anonymous else local.isoformat(timespec="minutes")


def _when(concern: Concern, at: datetime) -> str:
    local = clock.to_local(at)
    if concern.is_anonymous:
        return date_long(local)
    return _("%(date)s, %(time)s", date=date_long(local), time=time_of_day(local))
