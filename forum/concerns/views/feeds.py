"""Public concerns as Atom."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.concerns.feeds import concern_entries
from forum.concerns.models import Entry
from forum.concerns.queries import public as queries
from forum.core import clock
from forum.core.access import public
from forum.core.feeds import ATOM, atom, feed_response
from forum.core.languages import page_language
from forum.extensions import db

blueprint = Blueprint("concerns_feeds", __name__)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@blueprint.get("/concerns.atom")
@public
def atom_feed() -> Response:
    """Public concerns, lately changed first; the filters of ``/concerns``."""
    config, filters = current_app.config["FORUM"], queries.ConcernFilters.from_args(request.args)
    rows = list(db.session.scalars(queries.listed_page(filters).limit(queries.ENTRIES)))
    written = db.session.scalars(queries.last_public_entries([row.id for row in rows]))
    last: dict[int, list[Entry]] = defaultdict(list)
    for entry in written:
        last[entry.concern_id].append(entry)
    changed = _changed()
    body = atom(
        feed_id=config.base_url + "/concerns.atom",
        title=_("%(agency)s: concerns", agency=config.agency_name),
        self_url=config.base_url + request.full_path.rstrip("?"),
        alternate_url=config.base_url + "/concerns",
        updated=changed or LONG_AGO,
        entries=concern_entries(rows, last, base_url=config.base_url, language=page_language()),
        author=config.agency_name,
        language=page_language(),
    )
    return feed_response(body, content_type=ATOM, last_modified=changed)


def _changed() -> datetime | None:
    """The newest change, deletions included; None while that is a person's act of today.

    Such an act counts at the end of its day. Until then nothing would do as Last-Modified: its moment would tell when
    they wrote, and any other would hide what comes later today. The ETag tells clients of every change.
    """
    # SQLite's max() gives naive UTC.
    moments = [moment for moment in db.session.execute(queries.last_changed()).one() if moment is not None]
    newest = max((m if m.tzinfo else m.replace(tzinfo=UTC) for m in moments), default=LONG_AGO)
    return newest if newest <= clock.now() else None
