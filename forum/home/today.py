"""What the desk's first page shows: what is late, what is mine, what comes next."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import ngettext

from forum.accounts.models import Person
from forum.concerns.policy import Sight
from forum.concerns.queries import desk
from forum.concerns.queries.desk import COUNTED, QueueFilters, Whose
from forum.concerns.queries.sight import sight_of
from forum.core import clock
from forum.events.queries import lists
from forum.events.views.rows import event_rows
from forum.extensions import db

NEXT = 8


def context(viewer: Person) -> dict[str, Any]:
    """Template variables of ``home/desk.html``. *concerns* is None for who works none."""
    sight = sight_of(viewer)
    coming = db.session.scalars(lists.upcoming_in(viewer, [], most=NEXT)).unique()
    return {"rows": event_rows(coming), "concerns": _concerns(sight) if sight.is_desk else None}


def _concerns(sight: Sight) -> list[dict[str, Any]]:
    """What waits in the queue, in words, each with the way there; what is late stands first and says so."""
    late = _count(sight, QueueFilters(whose=Whose.ALL), 1)
    mine = _count(sight, QueueFilters(whose=Whose.MINE), 0)
    free = _count(sight, QueueFilters(whose=Whose.FREE), 0)
    return [
        {
            "label": ngettext(
                "%(count)s concern is late", "%(count)s concerns are late", late, count=_shown(late)
            ),
            "url": url_for("concerns_desk.queue", whose=str(Whose.ALL)),
            "is_late": late > 0,
        },
        {
            "label": ngettext("%(count)s is yours", "%(count)s are yours", mine, count=_shown(mine)),
            "url": url_for("concerns_desk.queue", whose=str(Whose.MINE)),
        },
        {
            "label": ngettext(
                "%(count)s has nobody yet", "%(count)s have nobody yet", free, count=_shown(free)
            ),
            "url": url_for("concerns_desk.queue", whose=str(Whose.FREE)),
        },
    ]


def _count(sight: Sight, filters: QueueFilters, which: int) -> int:
    """How many there are (0) or are late (1), counted no further than the queue counts."""
    return int(db.session.execute(desk.counted(sight, filters, clock.now())).one()[which])


def _shown(count: int) -> str:
    return f"{COUNTED:,}+" if count > COUNTED else str(count)
