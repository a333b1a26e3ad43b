"""Events as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.core import clock
from forum.core.languages import page_language
from forum.core.search import Found, Kind
from forum.core.templating import date_long
from forum.events.models import Event, EventStatus
from forum.events.policy import Viewer, can_see_desk
from forum.events.queries import search
from forum.extensions import db


def load(viewer: Viewer, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these events that *viewer* may see."""
    seen = db.session.scalars(search.found(viewer, ids)).all()
    ahead = search.next_starts([event.id for event in seen], clock.now())
    return {event.id: _found(event, ahead.get(event.id)) for event in seen}


def _found(event: Event, ahead: datetime | None) -> Found:
    local = event.starts_local if ahead is None else clock.to_local(ahead, event.tz)
    status, tone = _status(event)
    return Found(
        url=url_for("events.event", event_id=event.id, slug=event.slug),
        title=event.title,
        meta=tuple(
            part for part in (event.kind.name(page_language()), date_long(local), event.place_name) if part
        ),
        status=status,
        tone=tone,
    )


def _status(event: Event) -> tuple[str, str]:
    return {
        EventStatus.CANCELLED: (_("Cancelled"), "late"),
        EventStatus.DRAFT: (_("Draft"), "wait"),
        EventStatus.POSTPONED: (_("Postponed"), "late"),
    }.get(event.status, ("", ""))


KIND = Kind(
    word="event",
    label=_l("Events"),
    one=_l("Event"),
    entries=search.entries,
    ids=search.all_ids,
    load=load,
    audiences={search.DESK: can_see_desk},
)
