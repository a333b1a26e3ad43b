"""Answers that several views give: a form with the status it deserves, a refused link, a message for the next page."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, render_template, request
from flask.wrappers import Response

from forum.accounts.throttle import TooManyTries
from forum.core.errors import Refusal
from forum.core.forms import Form


def shown(template: str, form: Form, refusal: Refusal | None = None, **context: Any) -> Response:
    """The form: 200 when it was asked for, 422 with what to mend when it was sent, 429 after too many tries.

    What was typed stays, passwords excepted.
    """
    if refusal is not None:
        form.refuse(refusal)
    status = 200 if request.method in ("GET", "HEAD") else 429 if isinstance(refusal, TooManyTries) else 422
    response = make_response(render_template(template, form=form, **context), status)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def link_refused(refusal: Refusal) -> Response:
    """The page for a mailed link that does not work: one answer for forged, used and expired ones."""
    return make_response(render_template("accounts/link_refused.html", message=refusal.message), 404)


def flash_saved(words: str) -> None:
    """Show *words* on the next page. When the commit fails no cookie is sent, so this is not seen then."""
    flash(words, "success")
