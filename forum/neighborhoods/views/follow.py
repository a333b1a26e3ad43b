"""Following an area. These pages hold a form, so they are apart from the area's own, which is cached for visitors."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.extensions import db
from forum.neighborhoods import following, operations, queries
from forum.neighborhoods.forms import FollowForm
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.views import blueprint
from forum.neighborhoods.views.public import area_or_404


@blueprint.get("/neighborhoods/following")
@public_uncached
def list_following() -> str:
    """What the reader follows, and what this browser remembers from before they signed in."""
    areas = following.followed_areas(current_user)
    waiting = _waiting(areas) if current_user.is_authenticated else []
    return render_template("neighborhoods/following.html", areas=areas, waiting=waiting, form=FollowForm())


@blueprint.post("/neighborhoods/following")
@public_uncached
def keep_following() -> ResponseReturnValue:
    """Move what this browser remembers into the account of who is signed in."""
    if FollowForm().validate_on_submit() and current_user.is_authenticated:
        operations.follow(actor=current_user, neighborhoods=_waiting([]))
        flash(_("Your account follows them now."), "success")
        return _forgetting_cookie(redirect(url_for("neighborhoods.list_following"), 303))
    return redirect(url_for("neighborhoods.list_following"), 303)


@blueprint.route("/neighborhoods/<slug>/follow", methods=["GET", "POST"])
@public_uncached
def follow(slug: str) -> ResponseReturnValue:
    """Follow one area, or no longer."""
    area, form = area_or_404(slug), FollowForm()
    if not form.validate_on_submit():
        return _page(area, form, 422 if request.method == "POST" else 200)
    wanted = request.form.get("wish") != "unfollow"
    back = redirect(url_for("neighborhoods.neighborhood", slug=slug), 303)
    try:
        answer = (
            _in_account(area, back, wanted)
            if current_user.is_authenticated
            else _in_cookie(area, back, wanted)
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(area, form, 422)
    name = area.name
    flash(
        _("You follow %(name)s now.", name=name)
        if wanted
        else _("You no longer follow %(name)s.", name=name),
        "success",
    )
    return answer


def _in_account(area: Neighborhood, answer: Response, wanted: bool) -> Response:
    if not wanted:
        operations.unfollow(actor=current_user, neighborhood=area)
        return answer
    operations.follow(actor=current_user, neighborhoods=[area, *_waiting([])])
    return _forgetting_cookie(answer)


def _in_cookie(area: Neighborhood, answer: Response, wanted: bool) -> Response:
    slugs = [slug for slug in following.cookie_slugs() if slug != area.slug]
    if wanted and len(slugs) >= following.MOST:
        raise Refusal(
            _(
                "You follow %(count)s neighborhoods already. Leave one first, or sign in.",
                count=following.MOST,
            )
        )
    following.keep_in_cookie(answer, [*slugs, area.slug] if wanted else slugs)
    return answer


def _forgetting_cookie(answer: Response) -> Response:
    if following.cookie_slugs():
        following.keep_in_cookie(answer, [])
    return answer


def _waiting(known: list[Neighborhood]) -> list[Neighborhood]:
    """The areas of this browser's cookie that are not among *known*."""
    ids, slugs = {area.id for area in known}, following.cookie_slugs()
    return (
        [area for area in db.session.scalars(queries.by_slugs(slugs)) if area.id not in ids] if slugs else []
    )


def _page(area: Neighborhood, form: FollowForm, status: int) -> tuple[str, int]:
    follows = following.follows(current_user, area.slug)
    return render_template("neighborhoods/follow.html", area=area, form=form, follows=follows), status
