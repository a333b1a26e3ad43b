"""The thread as the desk reads it: what the person sees, with the desk's own notes where they were written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.concerns.models import Author, Concern, Entry, Note, Status
from forum.concerns.policy import in_days
from forum.concerns.words import closing_words, status_words, waiting_words
from forum.core import clock
from forum.core.templating import date_short, moment


def person_sees(entry: Entry, concern: Concern, staff: Person | None) -> dict[str, Any]:
    """One entry as its person reads it: the preview and the thread are made here alike."""
    own = entry.author is Author.PERSON
    return {
        "number": entry.number,
        "who": _who(entry, staff),
        "badge": "" if own else (staff.title if staff else "") or _("Staff"),
        "is_person": own,
        "when": date_short(entry.at) if own and in_days(concern) else moment(entry.at),
        "iso": clock.to_local(entry.at).date().isoformat()
        if own and in_days(concern)
        else entry.at.isoformat(),
        "text": entry.text,
        "status": _status(entry),
        "evidence": _("What shows it: %(words)s", words=entry.evidence) if entry.evidence else "",
        "public": entry.public,
    }


def both(
    concern: Concern, entries: Sequence[Entry], notes: Sequence[Note], read_to: int | None
) -> list[dict[str, Any]]:
    """Entries by number, each note before the first entry that came after it. Entries behind *read_to* are new.

    An anonymous person's entry is kept with the day's beginning, so the thread's order is that of its numbers.
    """
    waiting = list(notes)
    found: list[dict[str, Any]] = []
    latest = None
    for entry in entries:
        latest = entry.at if latest is None else max(latest, entry.at)
        while waiting and waiting[0].at < latest and entry.at == latest:
            found.append(_note(waiting.pop(0)))
        shown = person_sees(entry, concern, entry.staff)
        found.append({**shown, "is_new": read_to is not None and entry.number > read_to})
    return found + [_note(note) for note in waiting]


def _note(note: Note) -> dict[str, Any]:
    return {
        "is_note": True,
        "who": note.author.name if note.author else _("Somebody who has left"),
        "when": moment(note.at),
        "iso": note.at.isoformat(),
        "text": note.text,
    }


def _who(entry: Entry, staff: Person | None) -> str:
    if entry.author is Author.PERSON:
        return _("The person")
    if entry.author is Author.SYSTEM:
        return _("This site")
    return staff.name if staff else _("Staff")


def _status(entry: Entry) -> str:
    if entry.status is None:
        return ""
    if entry.status is Status.WAITING and entry.waits_for is not None:
        return waiting_words(entry.waits_for)
    if entry.status is Status.CLOSED and entry.closed_as is not None:
        return _(
            "%(status)s: %(reason)s", status=status_words(entry.status), reason=closing_words(entry.closed_as)
        )
    return status_words(entry.status)
