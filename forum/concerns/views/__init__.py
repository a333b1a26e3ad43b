"""Pages of concerns: raising one, coming back to it, one's own."""

from __future__ import annotations

from flask import Blueprint, Flask, request

from forum.concerns import words
from forum.core import errors, templating

blueprint = Blueprint("concerns", __name__)
desk_entry = Blueprint("concerns_entry", __name__)


@blueprint.url_value_preprocessor
@desk_entry.url_value_preprocessor
def keep_form(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: too large a picture takes no text with it."""
    if request.method == "POST":
        request._get_current_object().keep_form()  # type: ignore[attr-defined]


from forum.concerns.views import entering, own, raising, tracking  # noqa: E402 - they add their views


def register(app: Flask) -> None:
    """Add the pages, and say what answers when the token of one of these forms has ended."""
    app.register_blueprint(blueprint)
    app.register_blueprint(desk_entry)
    app.jinja_env.globals.update(
        closing_words=words.closing_words, mode_words=words.mode_words,
        sees_words=words.sees_words, status_words=words.status_words, waiting_words=words.waiting_words,
        date_long=templating.date_long,
    )  # fmt: skip
    errors.rescues["concerns.go_on"] = raising.rescue
    errors.rescues["concerns.open_thread"] = tracking.rescue
    errors.rescues["concerns.act_by_code"] = tracking.rescue
    errors.rescues["concerns.act"] = own.rescue
    errors.rescues["concerns_entry.enter_concern_post"] = entering.rescue
