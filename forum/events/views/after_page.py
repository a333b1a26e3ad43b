"""What an event's page shows of the time after a date, and of who helps at it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm.attributes import set_committed_value

from forum.core import clock, templating
from forum.events import policy
from forum.events.models import ActionItem, Event, Minutes, Occurrence, Shift
from forum.events.queries.attendance import attendance_of
from forum.events.queries.minutes import EARLIER, public_minutes
from forum.events.queries.shifts import shifts_of
from forum.events.views import rows
from forum.extensions import db


def context(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    """Template variables of ``events/_minutes.html`` and ``events/_shifts.html``; at most two queries."""
    now = clock.now()
    minutes, earlier = _minutes(event, occurrence, begun=occurrence.starts_at <= now)
    day = occurrence.original_date.isoformat() if event.is_series else None
    return {
        "minutes": minutes_shown(minutes, occurrence),
        "earlier": [_earlier(event, before) for before in earlier],
        "shifts": [] if occurrence.ends_at <= now else shift_lines(occurrence),
        "shifts_open": policy.takes_place(occurrence),
        "shifts_url": url_for("events.shifts", event_id=event.id, day=day),
        "feedback_url": url_for("events.feedback", event_id=event.id, day=day)
        if policy.takes_feedback(occurrence, now)
        else None,
    }


def minutes_shown(minutes: Minutes | None, occurrence: Occurrence) -> dict[str, Any] | None:
    """Published minutes in plain values; None when there are none."""
    if minutes is None:
        return None
    zone = occurrence.event.tz
    changed = clock.to_local(minutes.changed_at, zone).date() if minutes.changed_at else None
    people = attendance_of(occurrence) if minutes.shows_attendance else None
    return {
        "html": minutes.html,
        "changed": changed,
        "attendance": ngettext("%(num)s person came.", "%(num)s people came.", people) if people else "",
        "actions": [item_line(item, occurrence) for item in minutes.items],
    }


def item_line(item: ActionItem, occurrence: Occurrence) -> dict[str, Any]:
    """One action item as everybody reads it."""
    if item.done_on is not None:
        status, tone = _("Done on %(date)s", date=templating.date_short(item.done_on)), "good"
    elif item.is_late(clock.today(occurrence.event.tz)):
        status, tone = _("Was due on %(date)s", date=templating.date_short(item.due_on)), "late"
    else:
        status, tone = _("By %(date)s", date=templating.date_short(item.due_on)), ""
    return {
        "id": item.id,
        "text": item.text,
        "owner": item.owner,
        "outcome": item.outcome,
        "status": status,
        "tone": tone,
        "done": item.done_on is not None,
    }


def shift_line(shift: Shift, occurrence: Occurrence) -> dict[str, Any]:
    """One shift in plain values; *occurrence* is its date, at hand: nobody need read it again."""
    set_committed_value(shift, "occurrence", occurrence)
    zone = occurrence.event.tz
    start = clock.to_local(shift.starts_at, zone).replace(tzinfo=None)
    end = clock.to_local(shift.ends_at, zone).replace(tzinfo=None)
    when = templating.time_range(start, end)
    if start.date() != rows.local_start(occurrence).date():
        when = f"{templating.date_short(start)}, {when}"
    left = shift.capacity - shift.taken
    return {
        "id": shift.id,
        "title": shift.title,
        "when": when,
        "bring": shift.bring,
        "full": shift.is_full,
        "over": shift.ends_at <= clock.now(),
        "taken": shift.taken,
        "capacity": shift.capacity,
        "left": _("Full")
        if shift.is_full
        else ngettext("%(num)s helper still needed", "%(num)s helpers still needed", left),
    }


def shift_lines(occurrence: Occurrence) -> list[dict[str, Any]]:
    """The shifts of a date, earliest first."""
    return [shift_line(shift, occurrence) for shift in db.session.scalars(shifts_of(occurrence.id))]


def _minutes(event: Event, occurrence: Occurrence, *, begun: bool) -> tuple[Minutes | None, list[date]]:
    """The date's own minutes, and the days of the series' newest others; a single event to come has neither."""
    if not (begun or event.is_series):
        return None, []
    found = db.session.execute(public_minutes(event.id, occurrence.id)).unique().all()
    own = next((minutes for minutes, _day in found if minutes.occurrence_id == occurrence.id), None)
    return own, [day for minutes, day in found if minutes is not own][:EARLIER]


def _earlier(event: Event, day: date) -> dict[str, Any]:
    url = url_for("events.occurrence", event_id=event.id, slug=event.slug, day=day.isoformat())
    return {"day": day, "url": f"{url}#minutes"}
