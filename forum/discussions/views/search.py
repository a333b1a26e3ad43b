"""Posts as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from forum.accounts.models import STAFF
from forum.core.languages import page_language
from forum.core.search import Found, Kind
from forum.discussions import policy
from forum.discussions.models import Audience, Post
from forum.discussions.queries import search
from forum.discussions.queries.boards import is_verified
from forum.discussions.words import who
from forum.extensions import db


def load(viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these posts that *viewer* may read."""
    verified = is_verified(viewer)
    return {
        post.id: _found(post)
        for post in db.session.scalars(search.found(ids))
        if policy.can_read(viewer, post.topic.forum, verified=verified)
    }


def _found(post: Post) -> Found:
    return Found(
        url=url_for("discussions.post", post_id=post.id),
        title=post.topic.title,
        meta=(post.topic.forum.name(page_language()), who(post)),
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
