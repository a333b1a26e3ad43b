"""What ``flask.request``, ``g``, ``session`` and ``current_app`` stand for, for who asks several things of them.

Each of those names looks for what it stands for at every word said of it, which takes twenty times as long as the word:
a request that was sent a form said a hundred and fifty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask

_request: Any = flask.request
_session: Any = flask.session
_g: Any = flask.g
_app: Any = flask.current_app

this_request: Callable[[], flask.Request] = _request._get_current_object
this_session: Callable[[], flask.sessions.SessionMixin] = _session._get_current_object
this_g: Callable[[], flask.ctx._AppCtxGlobals] = _g._get_current_object
this_app: Callable[[], flask.Flask] = _app._get_current_object
