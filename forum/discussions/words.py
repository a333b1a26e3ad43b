"""Words about posts that pages, feeds and mail share."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.discussions.models import Post, Revision


def who(post: Post) -> str:
    """The name that stands over a post."""
    area, author = post.resident_of, post.author
    return name_of(area.name if area is not None else None, author.name if author is not None else None)


def name_of(area: str | None, author: str | None) -> str:
    """The same by the names of the area that they wrote as a resident of, and of themselves."""
    if area is not None:
        return _("Resident of %(area)s", area=area)
    return author if author is not None else _("Somebody who left")


def picture_changes(revision: Revision) -> list[str]:
    """What an edit did to the pictures, in numbers: a picture that was taken out is gone."""
    words = (
        (
            revision.pictures_in,
            ngettext("%(num)s picture added.", "%(num)s pictures added.", revision.pictures_in),
        ),
        (
            revision.pictures_out,
            ngettext("%(num)s picture removed.", "%(num)s pictures removed.", revision.pictures_out),
        ),
        (
            revision.pictures_told,
            ngettext(
                "The words of %(num)s picture changed.",
                "The words of %(num)s pictures changed.",
                revision.pictures_told,
            ),
        ),
    )
    return [said for count, said in words if count]
