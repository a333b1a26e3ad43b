"""Two session cookies: one for who is somebody, one for a visitor's CSRF token.

The session cookie proper (``SESSION_COOKIE_NAME``) is written only while the session holds something that makes a
page personal: a sign-in, a message waiting to be shown. A visitor who opened a form gets ``<name>-visitor`` instead,
which the visitor cache does not count. Signing in moves the session to the first, signing out back to the second: the
presence of one cookie tells the cache all that it must know, without a key and without a second one to keep in step.

The two are signed with different salts, and nothing but the token is read from the visitor's: renaming a cookie does
not smuggle a sign-in past the cache.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from forum.core.current import this_g, this_request
from forum.core.signing import Seal, encode
from forum.core.untraced import is_untraced

# What a session may hold and still be a visitor's: the CSRF token, and what Flask and Flask-Login leave behind.
VISITOR_KEYS = frozenset({"csrf_token", "_fresh", "_id", "_permanent"})
_PLAIN = frozenset({bool, int, str, type(None)})
_MARK = '" '  # what JSON does not know is kept under names that begin with a blank
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
LONG = 1000  # characters; a browser keeps four times as many
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Json(TaggedJSONSerializer):
    """Flask's own writing of a session. What JSON knows is not held against each of eight kinds that it does not."""

    def tag(self, value: Any) -> Any:
        kind = type(value)
        if kind is dict and len(value) > 1:
            return {name: held if type(held) in _PLAIN else self.tag(held) for name, held in value.items()}
        return value if kind in _PLAIN else super().tag(value)

    def dumps(self, value: Any) -> str:
        return _encode(self.tag(value))

    def loads(self, value: str) -> Any:
        found = _decode(value)
        return self._untag_scan(found) if _MARK in value else found


class _Serializer(URLSafeTimedSerializer):
    """Compresses what is long only: for a usual session it took as long as signing, to spare it eighty characters."""

    def dump_payload(self, obj: Any) -> bytes:
        plain = self.serializer.dumps(obj).encode()
        return encode(plain) if len(plain) < LONG else super().dump_payload(obj)


def visitor_cookie(app: Flask) -> str:
    """The name of the cookie that holds a visitor's CSRF token."""
    return f"{app.config['SESSION_COOKIE_NAME']}-visitor"


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies, in two jars; honours ``g.drop_cookies`` and ``g.sessionless``.

    ``g.drop_cookies`` (a commit failed): nothing is written, so no sign-in or «saved» outlives what it told of.
    ``g.sessionless`` (feeds): nothing is written and ``Vary`` does not name the cookie, whoever looked at the session.
    """

    serializer = _Json()

    def __init__(self) -> None:
        self._serializers: dict[str, Seal] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of *request*: the personal cookie's, else the visitor's token, else an empty one."""
        personal = self._load(app, request, self.get_cookie_name(app))
        if personal:
            return self.session_class(personal)
        token = self._load(app, request, visitor_cookie(app)).get("csrf_token")
        return self.session_class({"csrf_token": token} if token else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session to the jar it belongs in, and take it out of the other."""
        g = this_g()
        if g.get("drop_cookies") or g.get("sessionless"):
            return
        told = session.accessed
        if told:
            _depends_on_cookies(response)
        # A sign-in that ended on the server would keep its browser out of the visitor cache until the cookie ends.
        reader = g.get("_login_user")
        if reader is not None and not reader.is_authenticated and "_user_id" in session:
            del session["_user_id"]
        # A GET writes no cookie that nothing changed; an act of who stays signed in renews theirs.
        renews = session.permanent and this_request().method not in SAFE_METHODS and not is_untraced()
        if not session.modified and not renews:
            return
        personal, visitors = self.get_cookie_name(app), visitor_cookie(app)
        target = None if not session else visitors if session.keys() <= VISITOR_KEYS else personal
        if target is not None:
            self._write(app, session, response, target)
        for name in {personal, visitors} - {target}:
            self._remove(app, response, name)
        if not told:
            _depends_on_cookies(response)

    def _load(self, app: Flask, request: Request, name: str) -> dict[str, Any]:
        value = request.cookies.get(name)
        if not value:
            return {}
        try:
            data = self._serializer(app, name).loads(
                value, max_age=int(app.permanent_session_lifetime.total_seconds())
            )
        except BadSignature:
            return {}
        return data if isinstance(data, dict) else {}

    def _write(self, app: Flask, session: SessionMixin, response: Response, name: str) -> None:
        response.set_cookie(
            name,
            self._serializer(app, name).dumps(dict(session)),
            expires=self.get_expiration_time(app, session) if name == self.get_cookie_name(app) else None,
            httponly=self.get_cookie_httponly(app),
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
        )

    def _remove(self, app: Flask, response: Response, name: str) -> None:
        if name in this_request().cookies:
            response.delete_cookie(
                name,
                path=self.get_cookie_path(app),
                secure=self.get_cookie_secure(app),
                httponly=self.get_cookie_httponly(app),
                samesite=self.get_cookie_samesite(app),
            )

    def _serializer(self, app: Flask, name: str) -> Seal:
        found = self._serializers.get(name)
        if found is None:
            if not app.secret_key:
                raise RuntimeError("sessions need a secret key")
            serializer = _Serializer(
                app.secret_key,
                salt=f"session:{name.removeprefix('__Host-')}",
                serializer=self.serializer,
                signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
            )
            found = self._serializers[name] = Seal(serializer)
        return found


def _depends_on_cookies(response: Response) -> None:
    if "Vary" in response.headers:
        response.vary.add("Cookie")
    else:  # as nearly always, and without reading and writing a set of names
        response.headers.add("Vary", "Cookie")


def init_app(app: Flask) -> None:
    """Use these sessions."""
    app.session_interface = Sessions()
