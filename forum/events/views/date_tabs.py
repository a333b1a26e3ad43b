"""The desk's pages of one date, side by side."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from forum.events import policy
from forum.events.models import Occurrence


def date_tabs(occurrence: Occurrence, current: str) -> list[dict[str, Any]]:
    """Tabs for components/tabs.html; *current* is an endpoint. The door is for who may count there."""
    pages = (
        ("events_dates.roster", _("Who comes")),
        ("events_door.door", _("At the door")),
        ("events_shifts.shifts", _("Shifts")),
        ("events_minutes.minutes", _("Minutes")),
        ("events_minutes.feedback", _("Feedback")),
    )
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    return [
        {"label": label, "url": url_for(endpoint, **where), "current": endpoint == current}
        for endpoint, label in pages
        if endpoint != "events_door.door" or policy.can_edit_events(current_user)
    ]
