"""Pass a concern to a partner or another agency: ask, take down the answer, and only then send."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from forum.concerns import policy
from forum.concerns.forms.transfer import AskForm, ConsentForm
from forum.concerns.models import Concern, Item, Transfer
from forum.concerns.operations.transferring import answer_transfer, ask_transfer, items_of, send_transfer
from forum.concerns.parcel import parcel
from forum.concerns.queries.thread import entries_of, identity_of, pictures_of
from forum.concerns.queries.transfers import transfer_of, transfers_of
from forum.concerns.views.desk import blueprint, concern_or_404
from forum.concerns.words import staff_item_words
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db

TEMPLATE = "concerns/desk_transfer.html"


@blueprint.get("/<reference>/transfer")
@staff(*policy.DESK)
def transfer(reference: str) -> str:
    """What was asked and answered, and the form to ask."""
    concern, _sight = concern_or_404(reference)
    return render_template(TEMPLATE, **_context(concern, _ask_form(concern)))


@blueprint.post("/<reference>/transfer")
@staff(*policy.DESK)
def ask(reference: str) -> Response:
    """Ask the person in their thread."""
    concern, _sight = concern_or_404(reference)
    form = _ask_form(concern)
    if form.validate():
        try:
            ask_transfer(
                actor=current_user, concern=concern, to_name=form.to_name.data or "", why=form.why.data or "",
                items=form.chosen,
            )  # fmt: skip
            flash(_("Asked. Nothing leaves before the person agrees."), "success")
            return redirect(_url(concern), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(concern, form))


@blueprint.post("/<reference>/transfer/<int:transfer_id>/by-phone")
@staff(*policy.DESK)
def take_down(reference: str, transfer_id: int) -> Response:
    """Keep what the person said by phone."""
    concern, found = _transfer_or_404(reference, transfer_id)
    form = _consent_form(found)
    return _done(
        concern,
        lambda: answer_transfer(transfer=found, items=form.chosen, actor=current_user, by_phone=True),
        _("Kept, and written into the thread."),
    )


@blueprint.post("/<reference>/transfer/<int:transfer_id>/send")
@staff(*policy.DESK)
def send(reference: str, transfer_id: int) -> Response:
    """Mark it as sent, and show what leaves."""
    concern, found = _transfer_or_404(reference, transfer_id)
    return _done(
        concern,
        lambda: send_transfer(actor=current_user, transfer=found),
        _("Marked as sent. Below is all that may leave."),
    )


def _done(concern: Concern, act: Any, said: str) -> Response:
    try:
        act()
    except Refusal as refusal:
        form = _ask_form(concern, fresh=True)
        form.refuse(refusal)
        return unprocessable(TEMPLATE, **_context(concern, form))
    flash(said, "success")
    return redirect(_url(concern), 303)


def _context(concern: Concern, form: AskForm) -> dict[str, Any]:
    found = db.session.scalars(transfers_of(concern.id)).all()
    return {"concern": concern, "form": form, "transfers": [_line(concern, each) for each in found]}


def _line(concern: Concern, found: Transfer) -> dict[str, Any]:
    leaves = _parcel(concern, found) if found.sent_at else {}
    here = {"reference": concern.reference, "transfer_id": found.id}
    return {
        "row": found,
        "asked": [staff_item_words(Item(word)) for word in found.items],
        "agreed": [staff_item_words(Item(word)) for word in found.agreed],
        "form": _consent_form(found, fresh=True),
        "parcel": [(staff_item_words(item), lines) for item, lines in leaves.items()],
        "take_down_url": url_for("concerns_desk.take_down", **here),  # type: ignore[arg-type]
        "send_url": url_for("concerns_desk.send", **here),  # type: ignore[arg-type]
    }


def _parcel(concern: Concern, found: Transfer) -> dict[Item, list[str]]:
    return parcel(
        found,
        concern,
        entries=db.session.scalars(entries_of(concern)).all(),
        identity=db.session.scalars(identity_of(concern)).one_or_none(),
        pictures=db.session.scalars(pictures_of(concern)).all(),
    )


def _transfer_or_404(reference: str, transfer_id: int) -> tuple[Concern, Transfer]:
    concern, _sight = concern_or_404(reference)
    found = db.session.scalars(transfer_of(concern.id, transfer_id)).one_or_none()
    require(found is not None)
    assert found is not None
    return concern, found


def _ask_form(concern: Concern, *, fresh: bool = False) -> AskForm:
    form = AskForm(formdata=None) if fresh else AskForm()
    form.shared.choices = [SelectChoice(str(item), staff_item_words(item)) for item in items_of(concern)]
    return form


def _consent_form(found: Transfer, *, fresh: bool = False) -> ConsentForm:
    prefix = f"t{found.id}-"
    form = ConsentForm(formdata=None, prefix=prefix) if fresh else ConsentForm(prefix=prefix)
    form.shared.choices = [SelectChoice(word, staff_item_words(Item(word))) for word in found.items]
    return form


def _url(concern: Concern) -> str:
    return url_for("concerns_desk.transfer", reference=concern.reference)
