"""Answers that belong to no slice: where robots may go, and scripts that need an address of their own."""

from __future__ import annotations

from flask import Blueprint, Flask, Response

from forum.core.access import public
from forum.core.assets import STATIC

blueprint = Blueprint("pages", __name__)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Public pages may be read by robots; accounts, the desk and personal calendars are nobody's search result."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{path}/" for path in ("account", "admin", "calendar", "desk")),
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/door-worker.js")
@public
def door_worker() -> Response:
    """The worker that opens the door's page without a network. Its name must not change, or browsers keep the old one.

    It may stand before the desk's events alone; the page narrows that to the one date.
    """
    script = (STATIC / "js" / "door-worker.js").read_text()
    return Response(script, mimetype="text/javascript", headers={"Service-Worker-Allowed": "/desk/events/"})


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
