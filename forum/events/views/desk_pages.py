"""What the desk's pages of events show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.audit.models import Entry
from forum.core import clock, templating
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.events import policy
from forum.events.acts import EventAct
from forum.events.models import Event, EventStatus, Occurrence
from forum.events.operations.details import EventDetails, checked_rule
from forum.events.operations.schedule import horizon
from forum.events.policy import Viewer
from forum.events.queries import single
from forum.events.recurrence import RecurrenceError, describe, expand, problem_words
from forum.events.views import rows
from forum.extensions import db

SHOWN = 24  # dates of a series on the overview before "all dates"
PAST = 3  # dates whose minutes may still be to write


def key(text: str) -> tuple[datetime, int] | None:
    """The keyset edge in an address, or None."""
    moment, _bar, row = text.partition("~")
    try:
        edge = datetime.fromisoformat(moment).astimezone(UTC), int(row[:12])
    except (ValueError, OverflowError):  # an offset may lead out of the calendar
        return None
    return edge if 0 <= edge[1] <= LARGEST_ID else None


def list_context(
    viewer: Viewer, events: list[Event], status: EventStatus | None, q: str, page: int
) -> dict[str, Any]:
    """Template variables of ``events/desk_list.html``."""
    shown = events[:page]
    last = shown[-1] if len(events) > page else None
    after = f"{last.updated_at.isoformat()}~{last.id}" if last else None
    names = [
        (None, _("All")),
        *(
            (each, status_name(each))
            for each in (
                EventStatus.DRAFT,
                EventStatus.PUBLISHED,
                EventStatus.POSTPONED,
                EventStatus.CANCELLED,
            )
        ),
    ]
    return {
        "events": [_line(event) for event in shown],
        "can_edit": policy.can_edit_events(viewer),
        "tabs": [
            {
                "label": name,
                "url": url_for("events_desk.list_events", status=each, q=q or None),
                "current": each == status,
            }
            for each, name in names
        ],
        "status": status,
        "q": q,
        "more_url": url_for("events_desk.list_events", status=status, q=q or None, after=after)
        if after
        else None,
    }


def status_name(status: EventStatus) -> str:
    return {
        EventStatus.DRAFT: _("Draft"),
        EventStatus.PUBLISHED: _("Published"),
        EventStatus.POSTPONED: _("Postponed"),
        EventStatus.CANCELLED: _("Cancelled"),
    }[status]


def status_tone(status: EventStatus) -> str:
    return {EventStatus.DRAFT: "wait", EventStatus.PUBLISHED: "good"}.get(status, "late")


def overview_context(viewer: Viewer, event: Event) -> dict[str, Any]:
    """Template variables of ``events/desk_event.html``."""
    dates = list(db.session.scalars(single.occurrences_of(viewer, event.id)))
    ahead = [date for date in dates if date.ends_at > clock.now()]
    return {
        "event": event,
        "kind": rows.kind_mark(event.kind),
        "status": status_name(event.status),
        "tone": status_tone(event.status),
        "can_edit": policy.can_edit_events(viewer),
        "repeats": describe(event.rrule, event.starts_local, event.tz) if event.rrule else "",
        "dates": [_date(date) for date in (ahead or dates[-1:])[:SHOWN]],
        "past_dates": [
            _date(date) for date in reversed([date for date in dates if date not in ahead][-PAST:])
        ],
        "dates_ahead": len(ahead),
        "dates_past": len(dates) - len(ahead),
        "areas": rows.neighborhood_links(event),
        "public_url": url_for("events.event", event_id=event.id, slug=event.slug),
        "history": [
            _entry(entry, name)
            for entry, name in db.session.execute(single.history_of(viewer, event.id).limit(30))
        ],
    }


def preview(details: EventDetails) -> list[datetime]:
    """The first local starts that *details* would make, to look at before saving; Refusal as saving would give."""
    rule = checked_rule(details)
    try:
        return expand(
            details.starts_local,
            rule,
            zone=ZoneInfo(details.zone),
            extra=details.extra_starts,
            skipped=details.skipped_starts,
            until=max(horizon(), details.starts_local) if rule else None,
        )
    except RecurrenceError as error:
        raise Refusal(problem_words(error.code), "repeats") from error


def _line(event: Event) -> dict[str, Any]:
    return {
        "title": event.title,
        "url": url_for("events_desk.overview", event_id=event.id),
        "kind": rows.kind_mark(event.kind),
        "status": status_name(event.status),
        "tone": status_tone(event.status),
        "first": event.starts_local,
        "series": event.is_series,
        "areas": ", ".join(area.name for area in event.neighborhoods) or _("City-wide"),
        "changed": event.updated_at,
    }


def _date(occurrence: Occurrence) -> dict[str, Any]:
    status, tone = rows.status_words(occurrence)
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    return {
        "day": rows.local_start(occurrence).date(),
        "when": rows.when_words(occurrence),
        "status": status,
        "tone": tone,
        "taken": occurrence.places_taken,
        "places": occurrence.places,
        "waiting": occurrence.waiting,
        "walk_ins": occurrence.walk_ins,
        "cancelled": occurrence.cancelled,
        "roster_url": url_for("events_dates.roster", **where),
        "minutes_url": url_for("events_minutes.minutes", **where),
        "shifts_url": url_for("events_shifts.shifts", **where),
        "move_url": url_for("events_dates.move", **where),
        "since_url": url_for("events_desk.edit", event_id=occurrence.event_id, since=where["day"]),
        "cancel_url": url_for("events_dates.cancel", **where),
        "reinstate_url": url_for("events_dates.reinstate", **where),
    }


def _entry(entry: Entry, name: str | None) -> dict[str, Any]:
    return {
        "when": templating.moment(entry.at),
        "iso": entry.at.isoformat(),
        "who": name or _("The site"),
        "what": _act_words(entry),
    }


def _act_words(entry: Entry) -> str:
    words = {
        EventAct.EVENT_CREATE: _("created it"),
        EventAct.EVENT_DUPLICATE: _("made it from another event"),
        EventAct.EVENT_PUBLISH: _("published it"),
        EventAct.EVENT_POSTPONE: _("postponed it"),
        EventAct.EVENT_CANCEL: _("cancelled it"),
        EventAct.EVENT_WITHDRAW: _("took it back to a draft"),
        EventAct.EVENT_IMPORT: _("imported it"),
        EventAct.EVENT_MESSAGE: ngettext(
            "wrote to %(num)s person", "wrote to %(num)s people", entry.detail.get("people", 0)
        ),
        EventAct.ROSTER_EXPORT: _("took the list of a date along"),
        EventAct.EVENT_SPLIT: _("let the later dates go on as a series of their own"),
        EventAct.EVENT_FOLLOW: _("made it of the later dates of a series"),
        EventAct.OCCURRENCE_MOVE: _("moved a date"),
        EventAct.OCCURRENCE_CANCEL: _("cancelled a date"),
        EventAct.OCCURRENCE_REINSTATE: _("reinstated a date"),
        EventAct.MINUTES_EDIT: _("wrote minutes"),
        EventAct.MINUTES_PUBLISH: _("published minutes"),
        EventAct.MINUTES_WITHDRAW: _("made minutes a draft again"),
        EventAct.ACTION_ITEM_ADD: _("noted an action item"),
        EventAct.ACTION_ITEM_CHANGE: _("changed an action item"),
        EventAct.ACTION_ITEM_DONE: _("closed an action item"),
        EventAct.ACTION_ITEM_REMOVE: _("took an action item away"),
        EventAct.SHIFT_ADD: _("added a shift"),
        EventAct.SHIFT_CHANGE: _("changed a shift"),
        EventAct.SHIFT_REMOVE: _("took a shift away"),
        EventAct.SHIFT_SIGN_UP: _("put a helper on a shift"),
        EventAct.SHIFT_SIGN_OFF: _("took a helper off a shift"),
        EventAct.SHIFT_HOURS_COUNT: _("counted hours"),
        EventAct.SHIFT_HOURS_EXPORT: _("took the hours out as a file"),
        EventAct.DOOR_COUNT: _("counted %(people)s people at the door", people=entry.detail.get("people", 0)),
        EventAct.WALK_INS_COUNT: _("counted %(people)s walk-ins", people=entry.detail.get("people", 0)),
    }
    if entry.act == EventAct.EVENT_EDIT:
        return _(
            "changed %(fields)s",
            fields=", ".join(field_name(name) for name in entry.detail.get("changed", [])),
        )
    return words.get(entry.act, entry.act)  # type: ignore[call-overload]  # a StrEnum's word is its key


def field_name(name: str) -> str:
    """The column *name* in the reader's words."""
    return {
        "title": _("the title"),
        "story": _("the story"),
        "kind_id": _("the kind"),
        "language": _("the language"),
        "zone": _("the time zone"),
        "all_day": _("all day"),
        "starts_local": _("the time"),
        "minutes": _("the length"),
        "rrule": _("how it repeats"),
        "extra_starts": _("extra dates"),
        "skipped_starts": _("dates left out"),
        "place_name": _("the place"),
        "place_address": _("the address"),
        "capacity": _("the places"),
        "neighborhoods": _("the neighborhoods"),
        "rsvp_policy": _("the answers"),
        "picture": _("the picture"),
        "hosts": _("the hosts"),
        "online_url": _("the link"),
        "contact_email": _("the contact"),
    }.get(name, name.replace("_", " "))
