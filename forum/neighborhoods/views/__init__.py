"""Pages: the areas and which is one's own, following, and the administrator's beats."""

from __future__ import annotations

from flask import Blueprint, Flask

blueprint = Blueprint("neighborhoods", __name__)
admin_blueprint = Blueprint("neighborhoods_admin", __name__)

from forum.neighborhoods.views import admin, follow, public  # noqa: E402, F401 - they add their views


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(admin_blueprint)
