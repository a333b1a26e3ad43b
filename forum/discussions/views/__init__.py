"""Pages of discussions: boards, a topic, writing."""

from flask import Flask

from forum.core import errors
from forum.discussions.views import reading, writing
from forum.discussions.views.pages import blueprint


def register(app: Flask) -> None:
    """The slice's pages, and what keeps typed words when a session ends."""
    app.register_blueprint(blueprint)
    for endpoint in ("save_topic", "save_reply", "save_edit"):
        errors.rescues[f"discussions.{endpoint}"] = writing.rescue


__all__ = ["reading", "register"]
