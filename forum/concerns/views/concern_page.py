"""What the page of one concern shows: to everybody, or to the account that raised it."""

from __future__ import annotations

from typing import Any

from flask import url_for

from forum.concerns.models import Concern, Status
from forum.concerns.queries.thread import public_entries_of
from forum.concerns.views.list_page import others_words
from forum.concerns.views.thread_rows import TONES, whole_thread
from forum.concerns.words import status_words
from forum.core import clock
from forum.core.languages import page_language
from forum.extensions import db


def public_context(concern: Concern) -> dict[str, Any]:
    """Template variables of ``concerns/concern.html``: nothing of who raised it, nothing of the desk."""
    return _context(concern) | {
        "others": others_words(concern.others_count),
        "follow_url": url_for("concerns_public.follow", reference=concern.reference),
        "canonical": url_for("concerns_public.concern", reference=concern.reference, _external=True),
    }


def _context(concern: Concern) -> dict[str, Any]:
    area = concern.neighborhood
    rows = whole_thread(concern, db.session.scalars(public_entries_of(concern)), own=False, exact=False)
    return {
        "concern": concern,
        "category": concern.category.name(page_language()),
        "category_slug": concern.category.slug,
        "area": {"name": area.name, "slug": area.slug} if area else None,
        "arrived": clock.to_local(concern.arrived_at).replace(tzinfo=None),
        "status": status_words(concern.status),
        "tone": TONES.get(concern.status, "accent"),
        "steps": steps(concern),
        "rows": rows,
    }


def steps(concern: Concern) -> list[dict[str, str]]:
    """How far it has come. Waiting and reopened stand where work is done."""
    order = [Status.RECEIVED, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED]
    at = order.index(concern.status) if concern.status in order else 2
    state = {True: "done", False: ""}
    found = [{"label": status_words(s), "state": state[n < at]} for n, s in enumerate(order)]
    found[at] = {"label": status_words(concern.status), "state": "now"}
    return found
