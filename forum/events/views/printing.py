"""What a date needs on paper: the poster for a wall and the sheet at the door, in the language of the event."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from forum.core import clock
from forum.core.access import require, staff
from forum.core.languages import own_language, page_language, text_direction, written_in
from forum.core.qr import qr_svg
from forum.events import policy
from forum.events.feeds.site import Site
from forum.events.models import Occurrence
from forum.events.views import rows
from forum.events.views.public import occurrence_or_404

blueprint = Blueprint("events_printing", __name__, url_prefix="/desk/events/<int:event_id>/dates/<day>")
LINES = 20  # of a sheet: what one page holds in large print
LONG_TITLE = 60  # characters; beyond that it is set smaller, so that one page holds it


@blueprint.get("/poster")
@staff(*policy.DESK)
def poster(event_id: int, day: str) -> str:
    """One page for a wall; its code leads to the event's page."""
    occurrence = _occurrence(event_id, day)
    return _printed("events/poster.html", occurrence, _page_path(occurrence))


@blueprint.get("/sign-in-sheet")
@staff(*policy.DESK)
def sign_in_sheet(event_id: int, day: str) -> str:
    """Lines for names; its code leads to where one answers, or to the event's page when nobody is asked."""
    occurrence = _occurrence(event_id, day)
    asks = policy.takes_answers(occurrence, clock.now())
    path = rows.rsvp_url(occurrence) if asks else _page_path(occurrence)
    return _printed("events/sign_in_sheet.html", occurrence, path)


def _occurrence(event_id: int, day: str) -> Occurrence:
    require(policy.can_see_desk(current_user))
    return occurrence_or_404(event_id, day)


def _page_path(occurrence: Occurrence) -> str:
    """The address that is least to type: a single event's without its readable part."""
    if occurrence.event.is_series:
        return rows.occurrence_url(occurrence)
    return url_for("events.event_by_number", event_id=occurrence.event_id)


def _printed(template: str, occurrence: Occurrence, path: str) -> str:
    # What stands beside the paper is for who prints it, in their language.
    desk = _beside(occurrence)
    with written_in(own_language(occurrence.event.language) or page_language()):
        return render_template(template, desk=desk, **_context(occurrence, path))


def _beside(occurrence: Occurrence) -> dict[str, str]:
    language = page_language()
    where: dict[str, Any] = {
        "event_id": occurrence.event_id,
        "day": occurrence.original_date.isoformat(),
    }
    warning = _("This event is not public: nobody finds the page that the code leads to.")
    return {
        "language": language,
        "direction": text_direction(language),
        "back_url": url_for("events_dates.roster", **where),
        "back": _("Back to who comes"),
        "hint": _("Print this page from your browser’s menu. It fits one sheet, A4 or Letter."),
        "warning": "" if occurrence.event.is_public else warning,
    }


def _context(occurrence: Occurrence, path: str) -> dict[str, Any]:
    event, site = occurrence.event, Site.current()
    link = f"{site.base_url}{path}"
    own = occurrence.place_name is not None
    return {
        "event": event,
        "kind": rows.kind_mark(event.kind),
        "start": rows.local_start(occurrence),
        "last_day": rows.last_day(occurrence),
        "when": rows.when_words(occurrence),
        "place_name": occurrence.place_name if own else event.place_name,
        "place_address": occurrence.place_address if own else event.place_address,
        "place": rows.place_words(occurrence),
        "status": rows.status_words(occurrence)[0] if rows.is_off(occurrence) else "",
        "long": len(event.title) > LONG_TITLE,
        "takes_answers": policy.takes_answers(occurrence, clock.now()),
        "lines": LINES,
        "qr": qr_svg(link),
        "link": link.partition("://")[2],
    }
