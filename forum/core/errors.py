"""Refusals that a person can act on, and error pages that need no database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger(__name__)

PAGES = (400, 403, 404, 405, 413, 422, 429, 500, 503, 507)


# By endpoint: what answers (with status 400) when a form's token is not of this session any more, or when whoever sends
# it is no longer signed in. Filled by slices that show their form again with its labels and a new token; it writes
# nothing. Any other form in which much was typed is shown again as it was sent.
rescues: dict[str, Callable[[], Response]] = {}
MUCH = 40  # characters in a field, or several lines: nobody should have to type them twice
MOST_FIELDS = 200  # no form of ours has as many


class Refusal(Exception):
    """An operation's «no», with words for the person and, where one is to blame, the field's name.

    Views show it beside the field with status 422; nothing of the operation is kept.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


def rescued() -> Response | None:
    """The page that keeps what was typed into a form that may not be sent now; None when it was not much, and for one
    with a password."""
    rescue = rescues.get(request.endpoint or "")
    return _shown_again() if rescue is None else rescue()


def _shown_again() -> Response | None:
    sent = [
        (name, value, _is_much(value))
        for name, value in request.form.items(multi=True)
        if name != "csrf_token"
    ]
    if len(sent) > MOST_FIELDS or any("password" in name for name, _value, _much in sent):
        return None
    if not any(much for _name, _value, much in sent):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    of_members = getattr(view, "audience", "") in ("signed_in", "staff")
    page = render_template(
        "errors/kept.html",
        sent=sent,
        lost=any(upload.filename for upload in request.files.values()),
        sign_in_url=url_for("accounts.sign_in") if of_members else "",
    )
    return make_response(page, 400)


def _is_much(value: str) -> bool:
    """Whether somebody typed it, and at length: an address or a key of ours is long and has no blank."""
    is_ours = value.isascii() and len(value.split()) < 2
    return not is_ours and (len(value) >= MUCH or "\n" in value)


def error_page(status: int) -> Response:
    """The page of *status*: layout without database, session or sign-in, in the reader's language."""
    g.bare = True  # the page must stand when the database does not: templating asks nobody who is reading
    known = status if status in PAGES else (500 if status >= 500 else 400)
    response = make_response(render_template(f"errors/{known}.html", status=status), status)
    response.headers["Cache-Control"] = "no-store"
    if status in (429, 503):
        response.headers.setdefault("Retry-After", "30")
    return response


def database_failure(error: SQLAlchemyError) -> Response:
    """The page for a write that failed: 422 when somebody else did the same just then, 507 for a full disk, else 503.

    Operations look for what is there and refuse in words; a constraint speaks when two pass that look at once.
    """
    if isinstance(error, IntegrityError):
        log.warning("constraint", path=request.path)
        return error_page(422)
    log.error("database failed", kind=type(error).__name__, path=request.path)
    return error_page(507 if _disk_is_full(error) else 503)


def _disk_is_full(error: SQLAlchemyError) -> bool:
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(original, "sqlstate", None) == "53100"


def init_app(app: Flask) -> None:
    """Install the handlers."""

    def on_http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400 or error.response is not None:
            response: Any = error.get_response()
            return response
        page = error_page(status)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                page.headers[name] = value
        return page

    def on_csrf(_error: CSRFError) -> Response:
        return rescued() or error_page(400)

    def on_database(error: SQLAlchemyError) -> Response:
        g.drop_cookies = True
        return database_failure(error)

    def on_crash(error: Exception) -> Response:
        g.drop_cookies = True
        log.error("unhandled", path=request.path, exc_info=error)
        return error_page(500)

    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(SQLAlchemyError, on_database)
    if not app.config["FORUM"].debug:
        app.register_error_handler(Exception, on_crash)
