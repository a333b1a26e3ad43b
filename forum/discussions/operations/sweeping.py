"""Files of pictures that nothing names: what a killed process left, or what an older database does not know."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from forum.core import clock, uploads
from forum.discussions.pictures import folder
from forum.discussions.queries.pictures import known
from forum.extensions import db

YOUNG = timedelta(days=1)  # a file is there before the row that names it, never by a day
_AT_A_TIME = 500


def sweep_pictures() -> int:
    """Delete those files; returns how many pictures that were."""
    if not folder().is_dir():
        return 0
    end, gone = (clock.now() - YOUNG).timestamp(), 0
    old = (
        path.name for path in folder().glob("*.jpg") if "-" not in path.name and path.stat().st_mtime < end
    )
    while names := list(islice(old, _AT_A_TIME)):
        unknown = set(names) - set(db.session.scalars(known(names)))
        for name in unknown:
            uploads.remove(name, folder())
        gone += len(unknown)
    return gone
