"""The duty page: somebody is in danger; what to do, what was done, and since when the clock runs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns import policy
from forum.concerns.forms.duty import KINDS, STEPS, OpenDutyForm, StepForm
from forum.concerns.models import Concern, DutyEntry, DutyKind, DutyStep
from forum.concerns.operations.duty import add_duty_step, open_duty
from forum.concerns.queries.duty import duty_of, running
from forum.concerns.views.desk import blueprint, concern_or_404
from forum.core import clock
from forum.core.access import staff
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.templating import moment
from forum.extensions import db

TEMPLATE = "concerns/desk_duty.html"


@blueprint.get("/<reference>/duty")
@staff(*policy.DESK)
def duty(reference: str) -> str:
    """The checklist and the record."""
    concern, _sight = concern_or_404(reference)
    return render_template(TEMPLATE, **_context(concern, _form(concern)))


@blueprint.post("/<reference>/duty")
@staff(*policy.DESK)
def start_duty(reference: str) -> Response:
    """Start the checklist."""
    concern, _sight = concern_or_404(reference)
    form = OpenDutyForm()
    if not form.validate():
        shown = form if running(concern.id) is None else StepForm(formdata=None)
        return unprocessable(TEMPLATE, **_context(concern, shown))
    open_duty(actor=current_user, concern=concern, kind=DutyKind(form.kind.data))
    flash(_("The clock runs. Note each step here."), "success")
    return redirect(_url(concern), 303)


@blueprint.post("/<reference>/duty/steps")
@staff(*policy.DESK)
def duty_step(reference: str) -> Response:
    """Note a step; it cannot be changed afterwards."""
    concern, _sight = concern_or_404(reference)
    form = StepForm()
    if form.validate():
        try:
            add_duty_step(
                actor=current_user, concern=concern, step=DutyStep(form.step.data), told=form.told.data or "",
                text=form.text.data or "",
            )  # fmt: skip
            flash(_("Noted for good."), "success")
            return redirect(_url(concern), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    shown = form if running(concern.id) else OpenDutyForm(formdata=None)
    return unprocessable(TEMPLATE, **_context(concern, shown))


def _form(concern: Concern) -> Form:
    return StepForm() if running(concern.id) else OpenDutyForm()


def _context(concern: Concern, form: Form) -> dict[str, Any]:
    opened = running(concern.id)
    return {
        "concern": concern,
        "form": form,
        "opened": opened,
        "since": _since(opened) if opened else "",
        "steps": [_line(entry) for entry in db.session.scalars(duty_of(concern.id))],
    }


def _since(opened: DutyEntry) -> str:
    minutes = int((clock.now() - opened.at).total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)


def _line(entry: DutyEntry) -> dict[str, Any]:
    steps, kinds = dict(STEPS), dict(KINDS)
    words = kinds[entry.kind] if entry.step is DutyStep.OPENED else steps[entry.step]
    return {
        "when": moment(entry.at),
        "iso": entry.at.isoformat(),
        "who": entry.by_name,
        "what": str(words),
        "told": entry.told,
        "text": entry.text,
    }


def _url(concern: Concern) -> str:
    return url_for("concerns_desk.duty", reference=concern.reference)
