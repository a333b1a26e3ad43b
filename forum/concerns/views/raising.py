"""Raising a concern: one thing at a time, without an account, nothing kept before it is sent.

Every step is a POST to one address, which answers with the next step and all that was said so far in hidden fields. The
answer to the last one is the receipt itself. Pages keep ``Referrer-Policy: same-origin``: it tells no other site
anything, while ``no-referrer`` would make browsers send these forms with ``Origin: null``, which none is taken from.
"""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forum.concerns import danger
from forum.concerns.forms.raising import RaiseForm
from forum.concerns.views import blueprint, raising_flow, raising_page
from forum.core.access import public, public_uncached
from forum.core.shared_pages import shared_page
from forum.core.untraced import untraced


@blueprint.get("/concerns/new")
@public_uncached
@untraced
def begin() -> Response:
    """Who sees what, before a word is typed."""
    return raising_page.step_page(RaiseForm(formdata=None), "mode")


@blueprint.post("/concerns/new")
@public_uncached
@untraced
def go_on() -> Response:
    """The next step, the same again with what to mend, or the receipt."""
    return raising_flow.answer()


@blueprint.get("/concerns/danger-words")
@public
def danger_words() -> ResponseReturnValue:
    """The words at which the form first says whom to call."""
    return shared_page("concerns/danger_words.html", lambda: {"rules": danger.rules()})


def rescue() -> Response:
    """The step again with everything typed and a new token, because the old one ended."""
    form = RaiseForm()
    form.form_errors.append(
        _("This page was open for a long time. Nothing is lost: please press the button again.")
    )
    answer = raising_page.step_page(form, raising_page.step_sent())
    answer.status_code = 400
    return answer
