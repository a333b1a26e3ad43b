"""The roster as a table to take along."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, staff
from forum.core.exports import csv_response
from forum.events import policy
from forum.events.operations.exports import export_roster as write_down
from forum.events.queries import roster
from forum.events.queries.roster import standing_of
from forum.events.views.desk_dates import blueprint
from forum.events.views.public import occurrence_or_404
from forum.events.views.roster_page import how_words, standing_words
from forum.extensions import db


@blueprint.post("/roster.csv")
@staff(*policy.EDITORS)
def export_roster(event_id: int, day: str) -> Response:
    """Names and answers; no address, and nothing of what somebody needs."""
    require(policy.can_edit_events(current_user))
    occurrence = occurrence_or_404(event_id, day)
    found = db.session.execute(roster.whole_roster(current_user, occurrence.id)).all()
    words, zone = standing_words(), occurrence.event.tz
    head = [_("Name"), _("Standing"), _("People"), _("How"), _("Resident of"), _("Since")]

    def cells(row: Row[tuple[object, ...]]) -> list[object]:
        since = clock.to_local(row.updated_at, zone).replace(tzinfo=None)
        standing = words[standing_of(row.place, row.answer)]
        name = row.name or _("By headcount")
        return [name, standing, row.party_size, how_words(row), row.resident_of or "", since]

    name = f"{occurrence.event.title} {occurrence.original_date.isoformat()}"
    table = [cells(row) for row in found]
    write_down(actor=current_user, occurrence=occurrence, rows=len(table))
    return csv_response(name, head, table)
