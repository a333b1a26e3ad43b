"""The check of a form's token against forged requests: Flask-WTF's own, and before it a quick look at a usual form."""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

from forum.core.current import this_app, this_request, this_session
from forum.core.signing import Seal

_USUAL = {
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": False,
    "WTF_CSRF_FIELD_NAME": "csrf_token",
}


class Csrf(CSRFProtect):
    """A form that brings the token of its session is let through; whatever else comes is looked at by Flask-WTF.

    The token is Flask-WTF's, which makes a serializer and derives its key for each that it reads. A token of ours does
    not end by itself, and the Referer is not asked for (``create_app``): nothing else is left to check.
    """

    def init_app(self, app: Flask) -> None:
        """As Flask-WTF does it; RuntimeError for settings under which more would have to be checked."""
        super().init_app(app)
        if any(app.config.get(name, usual) != usual for name, usual in _USUAL.items()):
            raise RuntimeError(f"the quick check of forms knows no other values than {_USUAL}")

    def protect(self, apply_exemptions: bool = False) -> None:
        request = this_request()
        if request.method == "POST" and _is_genuine(request.form.get("csrf_token")):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)


def _is_genuine(token: str | None) -> bool:
    known, told = this_session().get("csrf_token"), None
    if token and known:
        try:
            told = _reader(this_app().secret_key).loads(token)
        except BadData:
            return False
    return isinstance(told, str) and isinstance(known, str) and hmac.compare_digest(known, told)


@cache
def _reader(secret: Any) -> Seal:
    return Seal(URLSafeTimedSerializer(secret, salt="wtf-csrf-token"))
