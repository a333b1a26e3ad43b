"""The blueprint that every page of discussions belongs to."""

from flask import Blueprint

from forum.core.current import this_request

blueprint = Blueprint("discussions", __name__)
WRITING = ("save_topic", "save_reply", "save_edit", "save_question")  # forms that hold words and pictures


@blueprint.url_value_preprocessor
def keep_form(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: too large a picture takes no text with it."""
    request = this_request()
    if request.method == "POST" and (endpoint or "").removeprefix("discussions.") in WRITING:
        request.keep_form()  # type: ignore[attr-defined]
