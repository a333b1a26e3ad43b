"""A thread as templates/components/thread.html takes it: plain values, never the row of who wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask_babel import gettext as _

from forum.accounts.forms import role_name
from forum.concerns.models import Author, Closing, Concern, Entry, Status
from forum.concerns.policy import in_days
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
    evidence: str = ""  # what shows that it was done
    number: int = 0  # its place in the thread; 0 is what was told first
    pictures: Sequence[Mapping[str, str]] = ()  # each with "address" and "alt"


Pictures = Mapping[
    int | None, Sequence[Mapping[str, str]]
]  # by the entry they came with; None: with the story


def whole_thread(
    concern: Concern,
    entries: Iterable[Entry],
    *,
    own: bool,
    exact: bool = True,
    pictures: Pictures | None = None,
) -> list[ThreadRow]:
    """What the person told and everything since; *own*: its own person reads it, else everybody, or the desk.

    Not *exact*: the acts of who raised it have their day alone, as everybody's page shows them, so that a neighbor
    who saw somebody write at that minute learns nothing; and a step that is not public has no words. Of an anonymous
    or confidential concern no act has a time of day, not even a staff's: a quick answer would tell the person's.
    """
    shown = Shown(concern, own, exact, pictures or {})
    rows = [shown.row(entry) for entry in entries]
    story = shown.story()
    if rows and not rows[0].text and rows[0].side == "person":
        story, rows = replace(story, state=rows[0].state, tone=rows[0].tone), rows[1:]
    return [story, *rows]


def thread_rows(
    concern: Concern, entries: Iterable[Entry], *, own: bool, exact: bool = True
) -> list[ThreadRow]:
    """The same without what was told first."""
    shown = Shown(concern, own, exact)
    return [shown.row(entry) for entry in entries]


@dataclass(frozen=True)
class Shown:
    """How a thread is shown to one kind of reader."""

    concern: Concern
    own: bool
    exact: bool
    pictures: Pictures = field(default_factory=dict)

    def story(self) -> ThreadRow:
        """What the person told."""
        at, day = self.concern.arrived_at, self._day_alone(Author.PERSON)
        return ThreadRow(
            side="person", who=_person(self.own), badge="", iso=_iso(at, day), when=_when(at, day),
            text=self.concern.story, state="", tone="", why="", pictures=self.pictures.get(None, ()),
        )  # fmt: skip

    def row(self, entry: Entry) -> ThreadRow:
        """One step."""
        status, day = entry.status, self._day_alone(entry.author)
        worded = self.own or self.exact or entry.public
        return ThreadRow(
            side=str(entry.author),
            who=_who(entry, self.own),
            badge=_badge(entry),
            iso=_iso(entry.at, day),
            when=_when(entry.at, day),
            text=entry.text if worded else "",
            state=status_words(status) if status else "",
            tone=TONES.get(status, "accent") if status else "",
            why=_why(entry, own=self.own),
            evidence=(entry.evidence or "") if worded else "",
            number=entry.number or 0,
            pictures=self.pictures.get(entry.id, ()) if entry.id else (),
        )

    def _day_alone(self, author: Author) -> bool:
        return in_days(self.concern) or (author is Author.PERSON and not self.exact)


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
    if entry.status is Status.REOPENED and entry.author is Author.PERSON:
        return _("You disagreed with the closing") if own else _("The person disagreed with the closing")
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


def _iso(at: datetime, day_alone: bool) -> str:
    local = clock.to_local(at)
    return local.date().isoformat() if day_alone else local.isoformat(timespec="minutes")


def _when(at: datetime, day_alone: bool) -> str:
    local = clock.to_local(at)
    if day_alone:
        return date_long(local)
    return _("%(date)s, %(time)s", date=date_long(local), time=time_of_day(local))
