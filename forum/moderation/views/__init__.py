"""Pages of moderation: for everybody, for authors and reporters, for the desk, and for who makes the rules."""

from __future__ import annotations

from flask import Flask

from forum.moderation.views import admin, appeals, desk, log, originals, own, public, rechecks, waves


def register(app: Flask) -> None:
    """Add the pages."""
    for module in (public, log, own, appeals, originals, rechecks, waves, desk, admin):
        app.register_blueprint(module.blueprint)
