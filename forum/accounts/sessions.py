"""The session behind each request: found by one look-up, touched by unsafe requests at most once a minute."""

from __future__ import annotations

from flask import Flask, Response, g
from sqlalchemy.exc import SQLAlchemyError

from forum.accounts import queries
from forum.accounts.models import Person, Visitor
from forum.accounts.operations.sessions import PURPOSE, STAY, TOUCH_EVERY, touch_session
from forum.core import clock
from forum.core.current import this_request
from forum.core.errors import database_failure
from forum.core.login import this_reader
from forum.core.tokens import keyed_hash
from forum.core.transactions import SAFE_METHODS, rollback
from forum.core.untraced import is_untraced
from forum.extensions import db, login


def init_app(app: Flask) -> None:
    """Bind Flask-Login to the session table."""
    login.init_app(app)
    login.session_protection = None  # it would keep a hash of the reader's address in the cookie
    login.anonymous_user = Visitor
    login.user_loader(load_person)
    app.config["PERMANENT_SESSION_LIFETIME"] = STAY
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # else every GET of who stays signed in sets a cookie
    app.after_request(touch)


def load_person(token: str) -> Person | None:
    """Whoever holds the session *token*, with ``session_id`` set; None when it ended or the person may not come in."""
    if not isinstance(token, str) or len(token) > 100:
        return None
    asked = {"token_hash": keyed_hash(token, PURPOSE), "now": clock.now()}
    row = queries.open_session().one_or_none(db.session(), **asked)
    if row is None:
        return None
    person: Person = row[0]
    person.session_token, person.session_id, person.session_seen_at = token, row[1], row[2]
    return person


def touch(response: Response) -> Response:
    """Move the session's end after an unsafe request that succeeded, inside its transaction, before that commits."""
    if this_request().method in SAFE_METHODS or response.status_code >= 400 or is_untraced():
        return response
    reader = this_reader()
    if not reader.is_authenticated:
        return response
    seen_at = reader.session_seen_at
    if seen_at is None or seen_at > clock.now() - TOUCH_EVERY:
        return response
    writing = bool(g.get("writing"))
    try:
        touch_session(reader.session_id)
        db.session.flush()
    except SQLAlchemyError as error:
        rollback()
        if writing:  # what the request did is undone too: it may not look done
            g.drop_cookies = True
            return database_failure(error)
    return response
