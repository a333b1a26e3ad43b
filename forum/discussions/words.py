"""Words about posts that pages, feeds and mail share."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.discussions.models import Post


def who(post: Post) -> str:
    """The name that stands over a post."""
    if post.resident_of is not None:
        return _("Resident of %(area)s", area=post.resident_of.name)
    return post.author.name if post.author is not None else _("Somebody who left")
