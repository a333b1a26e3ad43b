"""On behalf of somebody: what came by phone, on paper or at a meeting, with the same receipt and the same rights."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.entering import EnterForm
from forum.concerns.models import Mode, Source
from forum.concerns.operations.submitting import Contact, submit_concern
from forum.concerns.policy import DESK
from forum.concerns.receipts import new_code
from forum.concerns.views import desk_entry
from forum.concerns.views.receipt import receipt_page
from forum.concerns.views.sending import told as as_told
from forum.concerns.words import sees_words
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.untraced import untraced


@desk_entry.get("/desk/concerns/new")
@staff(*DESK)
def enter_concern() -> Response:
    """Everything on one page, for who listens while they type."""
    return _page(EnterForm(formdata=None, code=new_code(), mode=Mode.PRIVATE), Carried())


@desk_entry.post("/desk/concerns/new")
@staff(*DESK)
@untraced
def enter_concern_post() -> ResponseReturnValue:
    """Keep it and show the receipt to read out or print."""
    form, carried = EnterForm(), Carried.of(request)
    if not form.check_all() or carried.errors or carried.added:
        return _page(form, carried, 422)
    try:
        told, code = as_told(form.answers, carried), form.code.data or ""
        concern = submit_concern(
            told=told, code=code, contact=_contact(form), source=Source(form.source.data), staff=current_user
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, carried, 422)
    return receipt_page(concern, code, told.category, read_out=True)


def rescue() -> Response:
    """The form again with everything typed and a new token, because the old one ended."""
    form = EnterForm()
    form.form_errors.append(
        _("This page was open for a long time. Nothing is lost: please press the button again.")
    )
    return _page(form, Carried.of(request), 400)


def _contact(form: EnterForm) -> Contact | None:
    if form.answers.chosen_mode is Mode.ANONYMOUS:
        return None
    return Contact(name=form.name.data or "", email=form.email.data or "", phone=form.phone.data or "")


def _page(form: EnterForm, carried: Carried, status: int = 200) -> Response:
    form.offer()
    hints = {str(mode): sees_words(mode) for mode in Mode}
    return make_response(
        render_template("concerns/enter.html", form=form, carried=carried, mode_hints=hints), status
    )
