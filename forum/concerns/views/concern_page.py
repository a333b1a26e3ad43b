"""What the page of one concern shows: to everybody, or to the account that raised it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import Select

from forum.concerns.models import Concern, Entry, Status
from forum.concerns.queries.thread import entries_of, pictures_of, public_entries_of
from forum.concerns.views.list_page import others_words
from forum.concerns.views.thread_rows import TONES, whole_thread
from forum.concerns.words import mode_words, status_words
from forum.core import clock
from forum.core.languages import page_language
from forum.extensions import db


def public_context(concern: Concern) -> dict[str, Any]:
    """Template variables of ``concerns/concern.html``: nothing of who raised it, nothing of the desk."""
    return _context(concern, public_entries_of(concern), own=False) | {
        "others": others_words(concern.others_count),
        "follow_url": url_for("concerns_public.follow", reference=concern.reference),
        "canonical": url_for("concerns_public.concern", reference=concern.reference, _external=True),
    }


def own_context(concern: Concern) -> dict[str, Any]:
    """Template variables of ``concerns/own_concern.html``: the whole thread, as its person reads it."""
    return _context(concern, entries_of(concern), own=True) | {
        "mode": mode_words(concern.mode),
        "others": others_words(concern.others_count),
        "is_listed": concern.is_listed,
    }


def _context(concern: Concern, entries: Select[Entry], *, own: bool) -> dict[str, Any]:
    area = concern.neighborhood
    rows = whole_thread(concern, db.session.scalars(entries), own=own, exact=own)
    return {
        "concern": concern,
        "category": concern.category.name(page_language()),
        "category_slug": concern.category.slug,
        "area": {"name": area.name, "slug": area.slug} if area else None,
        "arrived": clock.to_local(concern.arrived_at).replace(tzinfo=None),
        "status": status_words(concern.status),
        "tone": TONES.get(concern.status, "accent"),
        "steps": _steps(concern),
        "rows": rows,
        "pictures": list(db.session.scalars(pictures_of(concern))),
    }


def _steps(concern: Concern) -> list[dict[str, str]]:
    """How far it has come. Waiting and reopened stand where work is done."""
    order = [Status.RECEIVED, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED]
    at = order.index(concern.status) if concern.status in order else 2
    state = {True: "done", False: ""}
    steps = [{"label": status_words(s), "state": state[n < at]} for n, s in enumerate(order)]
    steps[at] = {"label": status_words(concern.status), "state": "now"}
    return steps
