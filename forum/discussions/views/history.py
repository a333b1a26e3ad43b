"""What was changed in a post, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import templating
from forum.core.access import public, require
from forum.core.differences import Piece, differences
from forum.core.shared_pages import shared_page
from forum.discussions import policy
from forum.discussions.models import Audience, Post, Revision
from forum.discussions.operations.naming import named
from forum.discussions.queries import posts
from forum.discussions.views.finding import post_or_404
from forum.discussions.views.pages import blueprint
from forum.discussions.words import picture_changes
from forum.extensions import db


@blueprint.get("/posts/<int:post_id>/history")
@public
def history(post_id: int) -> str | Response:
    """What staff changed in a post, word by word; of its author's own edits only that there were some, but to those who
    keep order: what a reader reported may be what it said before."""
    found = post_or_404(post_id)
    keeps_order = policy.can_keep_order(current_user)
    require(found.is_published or keeps_order)
    return shared_page(
        "discussions/history.html",
        lambda: _history(post_or_404(post_id), keeps_order),
        alone=found.topic.forum.readers is not Audience.EVERYONE or current_user.is_staff,
    )


def _history(post: Post, keeps_order: bool) -> dict[str, Any]:
    kept = list(db.session.scalars(posts.revisions(post.id)))
    states = [*(_State(each.text, each.title, each.tags) for each in kept), _now(post)]
    return {
        "post_url": url_for("discussions.post", post_id=post.id),
        "title": post.topic.title,
        "keeps_order": keeps_order,
        "edits": [
            _edit(revision, before, after, shown=revision.by_staff or keeps_order)
            for revision, before, after in zip(kept, states, states[1:], strict=False)
        ],
    }


class _State(NamedTuple):
    """What a post said; and of a first one, unless that was taken out, what its topic was called."""

    text: str
    title: str | None = None
    tags: str | None = None


def _now(post: Post) -> _State:
    return _State(post.text, *named(post.topic)) if post.number == 1 else _State(post.text)


def _edit(revision: Revision, before: _State, after: _State, *, shown: bool) -> dict[str, Any]:
    return {
        "by_staff": revision.by_staff,
        "shown": shown,
        "when": templating.moment(revision.at),
        "pictures": picture_changes(revision) if shown else [],
        "names": list(_names(before, after)) if shown else [],
        "pieces": differences(before.text, after.text) if shown and _differ(before, after) else [],
        "removed": shown and not before.text,
    }


def _differ(before: _State, after: _State) -> bool:
    """Whether the words changed, and those before were not taken out."""
    return bool(before.text) and before.text != after.text


def _names(before: _State, after: _State) -> Iterator[tuple[str, list[Piece]]]:
    """What changed in what the topic is called: (label, pieces)."""
    if before.title is None or after.title is None:
        return
    if before.title != after.title:
        yield _("Title"), differences(before.title, after.title)
    if before.tags != after.tags:
        yield _("Tags"), differences(before.tags or "", after.tags or "")
