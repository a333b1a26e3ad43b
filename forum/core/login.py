"""Who is signed in, by the session alone."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import LoginManager

from forum.core.current import this_app, this_g, this_session


class Login(LoginManager):
    """Flask-Login without what this site does not have: a cookie that remembers, other ways to say who one is, and the
    hash of the reader's address and browser, which would be made for each request and compared with nothing."""

    def _load_user(self) -> None:
        token = this_session().get("_user_id")
        person = self._user_callback(token) if token is not None else None
        this_g()._login_user = self.anonymous_user() if person is None else person

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def this_reader() -> Any:
    """Whoever reads: what ``flask_login.current_user`` stands for, which looks for it at each word."""
    g = this_g()
    if "_login_user" not in g:
        this_app().login_manager._load_user()  # type: ignore[attr-defined]
    return g._login_user
