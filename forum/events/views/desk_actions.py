"""The desk's list of action items that are open, the soonest due first."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from forum.core import clock
from forum.core.access import staff
from forum.core.intake import LARGEST_ID
from forum.events import policy
from forum.events.models import ActionItem
from forum.events.queries.minutes import open_items
from forum.extensions import db

blueprint = Blueprint("events_actions", __name__)
PAGE = 30


@blueprint.get("/desk/actions")
@staff(*policy.DESK)
def actions() -> str:
    """What was promised at meetings and is not done; ``?mine=1``: what the reader answers for."""
    mine = request.args.get("mine") == "1"
    wanted = open_items(current_user, mine=mine, after=_key(request.args.get("after", "")))
    found = list(db.session.scalars(wanted.limit(PAGE + 1)).unique())
    shown = found[:PAGE]
    after = f"{shown[-1].due_on.isoformat()}~{shown[-1].id}" if len(found) > PAGE else None
    return render_template(
        "events/desk_actions.html",
        items=[_line(item) for item in shown],
        tabs=_tabs(mine),
        mine=mine,
        more_url=url_for("events_actions.actions", mine="1" if mine else None, after=after)
        if after
        else None,
    )


def _tabs(mine: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("All"), "url": url_for("events_actions.actions"), "current": not mine},
        {"label": _("Mine"), "url": url_for("events_actions.actions", mine="1"), "current": mine},
    ]


def _line(item: ActionItem) -> dict[str, Any]:
    occurrence = item.minutes.occurrence
    where: dict[str, Any] = {"event_id": occurrence.event_id, "day": occurrence.original_date.isoformat()}
    return {
        "text": item.text,
        "owner": item.owner,
        "due": item.due_on,
        "late": item.is_late(clock.today(occurrence.event.tz)),
        "public": item.minutes.is_public,
        "title": occurrence.event.title,
        "day": occurrence.original_date,
        "url": url_for("events_minutes.action", item_id=item.id, **where)
        if policy.can_edit_events(current_user)
        else None,
        "minutes_url": url_for("events_minutes.minutes", **where),
    }


def _key(text: str) -> tuple[date, int] | None:
    day, _tilde, row = text.partition("~")
    try:
        key = date.fromisoformat(day), int(row[:12])
    except ValueError:
        return None
    return key if 0 <= key[1] <= LARGEST_ID else None
