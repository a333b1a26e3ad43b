"""The front page, search, what stands in the footer, the choice of language, and the desk's first page."""

from __future__ import annotations

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import STAFF
from forum.core import languages, limits
from forum.core import search as searching
from forum.core.access import public, public_uncached, safe_next, staff
from forum.core.intake import takes_anything
from forum.core.shared_pages import shared_page
from forum.home import front, search_page, today
from forum.neighborhoods.following import followed_areas

blueprint = Blueprint("home", __name__)
SUGGESTIONS = "240 per minute"


@blueprint.get("/")
@public
def index() -> str | Response:
    """What is happening near you, now."""
    areas = followed_areas(current_user)
    if areas:
        g.personal = True
    ids = tuple(area.id for area in areas)
    return shared_page("home/index.html", lambda: front.context(current_user, areas), key=ids)


@blueprint.get("/search")
@public_uncached
@takes_anything
def search() -> str | Response:
    """What was found. It has more addresses than a cache has room: copies would push every other page out."""
    found = search_page.context(current_user, request.args)
    return shared_page("home/search.html", dict, frame=True, **found)


@blueprint.get("/search/suggest")
@public_uncached
@takes_anything
def suggest() -> Response:
    """Titles that begin as what is typed, for static/js/suggest.js; none for who asks more often than one types."""
    if not limits.hit("suggest", limits.address_key(), SUGGESTIONS):
        return jsonify([])
    return jsonify(searching.suggest(current_user, request.args.get("q", "")))


@blueprint.get("/about")
@public
def about() -> str:
    """Whose site this is and what it is for."""
    return render_template("home/about.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """What is kept about whom, and for how long."""
    config = current_app.config["FORUM"]
    return render_template(
        "home/privacy.html",
        concern_keep_days=config.concern_keep_days,
        concern_picture_days=config.concern_picture_days,
    )


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """What everyone can expect of these pages, and whom to tell when they fail."""
    return render_template("home/accessibility.html")


@blueprint.get("/language")
@public_uncached
def language() -> Response:
    """Set the language cookie and go back: the one cookie that a GET sets, since it is what was asked for."""
    back = redirect(safe_next(request.args.get("next"), url_for("home.index")), 303)
    chosen = request.args.get("to", "")
    if chosen in dict(languages.offered()):
        languages.remember(back, chosen)
    return back


@blueprint.get("/desk")
@staff(*sorted(STAFF))
def desk() -> str:
    """Where staff begin: what is next, and the way to each tool."""
    return render_template("home/desk.html", **today.context(current_user))
