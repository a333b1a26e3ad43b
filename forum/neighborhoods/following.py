"""Which areas the reader of a page follows: residents in the table, visitors in a cookie of slugs.

The cookie is set by nothing but the act of following. Its name is among those that send a request past the visitor
cache (forum.core.caching.BYPASS_COOKIES), so a page may show what it says.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, g, request
from werkzeug.wrappers import Response

from forum.accounts.models import Person, Visitor
from forum.extensions import db
from forum.neighborhoods.areas import is_slug
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import by_slugs, followed_by, follows_slug

COOKIE = "follows"
MOST = 20  # areas a visitor may follow
_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


def followed_areas(viewer: Person | Visitor) -> list[Neighborhood]:
    """The areas that the reader follows, from A to Z; for a visitor, those of the cookie that there are."""
    if isinstance(viewer, Person):
        return list(db.session.scalars(followed_by(viewer)))
    slugs = cookie_slugs()
    return list(db.session.scalars(by_slugs(slugs))) if slugs else []


def follows(viewer: Person | Visitor, slug: str) -> bool:
    """Whether the reader follows the area of this *slug*."""
    if isinstance(viewer, Person):
        return db.session.scalar(follows_slug(viewer, slug)) is not None
    return slug in cookie_slugs()


def cookie_slugs() -> list[str]:
    """The slugs of this browser's cookie, at most MOST; anything else in it is passed over."""
    value = request.cookies.get(_name(), "")
    if value:
        g.personal = True
    return [slug for slug in dict.fromkeys(value.split(".")) if is_slug(slug)][:MOST]


def keep_in_cookie(response: Response, slugs: Iterable[str]) -> None:
    """Make *slugs* what this browser follows; with none the cookie goes."""
    value = ".".join(slugs)
    secure = current_app.config["FORUM"].secure
    if not value:
        response.delete_cookie(_name(), secure=secure, httponly=True, samesite="Lax")
        return
    response.set_cookie(_name(), value, max_age=_SECONDS, secure=secure, httponly=True, samesite="Lax")


def _name() -> str:
    return f"__Host-{COOKIE}" if current_app.config["FORUM"].secure else COOKIE
