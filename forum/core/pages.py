"""Answers that belong to no slice: where robots may go, and the icon browsers ask for at the root."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, request

from forum.core.access import public

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


def refuse_nul() -> None:
    """400 for a NUL in the address or in what is sent: nobody types one, and PostgreSQL cannot even compare it."""
    sent = () if request.method in ("GET", "HEAD", "OPTIONS") else request.form.items(multi=True)
    if "\0" in request.path or any("\0" in value for _, value in (*request.args.items(multi=True), *sent)):
        abort(400)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.before_request(refuse_nul)
    app.register_blueprint(blueprint)
