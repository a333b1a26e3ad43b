"""Posts as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from forum.accounts.models import STAFF
from forum.core.languages import page_language
from forum.core.search import Found, Kind
from forum.discussions import policy
from forum.discussions.models import Audience
from forum.discussions.queries import search
from forum.discussions.queries.boards import is_verified
from forum.discussions.views import addresses
from forum.discussions.words import name_of


def load(viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these posts that *viewer* may read."""
    verified, address, language = is_verified(viewer), addresses.reading(), page_language()
    return {
        row.id: _found(row, address % {"post": row.id}, language)
        for row in search.shown(ids)
        if policy.can_read(viewer, row.forum, verified=verified)
    }


def _found(row: search.Shown, url: str, language: str) -> Found:
    return Found(
        url=url,
        title=row.title,
        meta=(row.forum.name(language), name_of(row.area, row.author)),
        dated=True,
    )


KIND = Kind(
    word="post",
    label=_l("Forums"),
    one=_l("Post"),
    entries=search.entries,
    ids=search.all_ids,
    load=load,
    audiences={
        str(Audience.RESIDENTS): lambda viewer: viewer.id is not None,
        str(Audience.STAFF): lambda viewer: viewer.role in STAFF,
        str(Audience.VERIFIED): lambda viewer: viewer.role in STAFF or is_verified(viewer),
    },
)
