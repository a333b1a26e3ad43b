"""Pictures of posts: each is readable by exactly who may read its post, at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts.models import Visitor
from forum.core import clock
from forum.core.access import public_uncached, require
from forum.core.uploads import SMALL, fitted, guarded, small
from forum.discussions import policy
from forum.discussions.models import Post, PostPicture
from forum.discussions.pictures import folder
from forum.discussions.queries.pictures import picture_by_name, pictures_of
from forum.discussions.queries.veils import is_behind
from forum.discussions.views.finding import post_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db

Shown = dict[str, Any]


@blueprint.get("/posts/pictures/<name>")
@public_uncached  # what is hidden a minute later must not come from a cache
def picture(name: str) -> Response:
    """A picture, large or small. What everybody reads a browser may keep, and asks each time whether it still may."""
    wanted = picture_by_name(name.replace(f"-{SMALL}.jpg", ".jpg"))
    found = db.session.scalars(wanted).one_or_none() or abort(404)
    if found.post_id is None:
        require(found.person_id == current_user.id)
        return guarded(name, folder())
    post = post_or_404(found.post_id)
    require(policy.can_see_picture(current_user, found, post, veiled=is_behind(current_user, post)))
    read = post.is_published and found.rule_number is None
    everyones = read and policy.can_see_topic(Visitor(), post.topic, clock.now())
    return guarded(name, folder(), asks_again=everyones)


def shown(row: PostPicture) -> Shown:
    """A picture as ``components/pictures.html`` shows it: plain values. Of one that a decision hid, not its words."""
    asked = {"id": row.id, "post_id": row.post_id}
    if row.rule_number is not None:
        said = _("A picture was hidden under rule %(rule)s.", rule=row.rule_number)
        rule = url_for("moderation_public.rules", _anchor=f"rule-{row.rule_number}")
        return {**asked, "gone": said, "rule_url": rule}
    width, height = fitted((row.width, row.height), SMALL)
    return {
        **asked,
        "gone": "",
        "url": url_for("discussions.picture", name=row.name),
        "small": url_for("discussions.picture", name=small(row.name)),
        "alt": row.alt,
        "width": width,
        "height": height,
    }


def of_posts(posts: Iterable[Post]) -> dict[int, list[Shown]]:
    """The pictures of those of *posts* that others read; no question where there are none."""
    with_some = [post.id for post in posts if post.pictures_count and post.is_published]
    found: dict[int, list[Shown]] = {}
    for row in db.session.scalars(pictures_of(with_some)) if with_some else ():
        found.setdefault(row.post_id or 0, []).append(shown(row))
    return found
