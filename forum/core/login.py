"""Who is signed in, by the session alone."""

from __future__ import annotations

from flask import Response, g, session
from flask_login import LoginManager


class Login(LoginManager):
    """Flask-Login without what this site does not have: a cookie that remembers, other ways to say who one is, and the
    hash of the reader's address and browser, which would be made for each request and compared with nothing."""

    def _load_user(self) -> None:
        token = session.get("_user_id")
        person = self._user_callback(token) if token is not None else None
        g._login_user = self.anonymous_user() if person is None else person

    def _update_remember_cookie(self, response: Response) -> Response:
        return response
