"""Pages of discussions: boards, a topic, writing."""

from flask import Flask

from forum.core import errors
from forum.discussions.views import (
    admin_forums,
    desk_forums,
    drafts,
    editing,
    feeds,
    history,
    keeping_order,
    moving,
    official,
    own,
    own_lists,
    pictures,
    polls,
    printing,
    reading,
    rescuing,
    residents,
    taking_part,
    talk,
    writing,
)
from forum.discussions.views.pages import WRITING, blueprint


def register(app: Flask) -> None:
    """The slice's pages, and what keeps typed words when a session ends."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(post_acts=own.post_acts, topic_news=own.topic_news)
    app.register_blueprint(admin_forums.blueprint)
    for endpoint in WRITING:
        errors.rescues[f"discussions.{endpoint}"] = rescuing.rescue
    for endpoint in ("save_poll", "save_edited_poll"):
        errors.rescues[f"discussions.{endpoint}"] = polls.rescue


__all__ = [
    "desk_forums",
    "drafts",
    "editing",
    "feeds",
    "history",
    "keeping_order",
    "moving",
    "official",
    "own_lists",
    "pictures",
    "polls",
    "printing",
    "reading",
    "register",
    "residents",
    "taking_part",
    "talk",
    "writing",
]
