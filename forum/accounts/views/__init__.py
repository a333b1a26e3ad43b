"""Pages: signing in and out, the mailed links, one's own account; and the administrator's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, url_for

from forum.accounts import sessions
from forum.accounts.forms import role_name

blueprint = Blueprint("accounts", __name__)
admin_blueprint = Blueprint("accounts_admin", __name__)


@dataclass(frozen=True)
class Way:
    """A link from one's account into another slice. *label* and *note* are lazily translated."""

    label: Any
    endpoint: str
    note: Any = ""


ways: list[Way] = []  # filled by wiring, in order

from forum.accounts.views import admin, joining, own, resetting, signing  # noqa: E402, F401 - they add their views


def register(app: Flask) -> None:
    """Bind sign-in to *app* and add the pages."""
    sessions.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(admin_blueprint)
    app.jinja_env.globals.update(role_name=role_name, account_links=account_links)


def account_links() -> list[dict[str, Any]]:
    """What else belongs to a person's account, for the side of its page."""
    return [{"label": way.label, "url": url_for(way.endpoint), "note": way.note} for way in ways]
