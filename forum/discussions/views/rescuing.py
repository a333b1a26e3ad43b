"""What was typed, when the session ended meanwhile: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response as FlaskResponse
from flask import make_response, render_template, request, url_for

from forum.core.forms import Form
from forum.discussions.forms import PostForm, TopicForm

_TYPED = ("title", "text", "tags", "as_resident")


def rescue() -> FlaskResponse:
    """What was typed, with a new token: the session ended meanwhile, or another one began."""
    titled = "title" in request.form
    form = TopicForm() if titled else PostForm()
    carried = [
        pair
        for pair in request.form.items(multi=True)
        if pair[0].startswith(("picture", "alt-", "drop-", "opens"))
    ]
    names = [name for name in _TYPED if name in form and (name != "as_resident" or form.as_resident.data)]
    return kept(form, names, carried[:30])


def kept(form: Form, names: Iterable[str], carried: Iterable[tuple[str, str]] = ()) -> FlaskResponse:
    """The page of a *form* that nobody may send now: its fields of these *names*, and what else is *carried* along."""
    page = render_template(
        "discussions/kept.html",
        form=form,
        names=names,
        carried=carried,
        lost=any(upload.filename for upload in request.files.values()),
        sign_in_url=url_for("accounts.sign_in"),
    )
    return make_response(page, 400)
