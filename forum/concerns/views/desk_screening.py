"""What is about an officer: a reviewer says who is named, before anybody else reads it."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from forum.accounts.models import Person, Role
from forum.accounts.queries import staff_by_name
from forum.concerns import policy
from forum.concerns.forms.desk import ScreenForm
from forum.concerns.models import About, Concern
from forum.concerns.operations.recusing import screen_concern
from forum.concerns.views.desk import blueprint, case_url, concern_or_404
from forum.core.access import require, staff
from forum.extensions import db

TEMPLATE = "concerns/desk_screening.html"


@blueprint.get("/<reference>/screening")
@staff(Role.REVIEWER)
def screening(reference: str) -> str:
    """Read it, and choose."""
    concern = _complaint_or_404(reference)
    return render_template(TEMPLATE, concern=concern, form=_form(_staff()))


@blueprint.post("/<reference>/screening")
@staff(Role.REVIEWER)
def screen(reference: str) -> Response:
    """Keep it from who is named, from whom they answer to and who answers to them; let other supervisors read it."""
    concern = _complaint_or_404(reference)
    people = _staff()
    chosen = set(_form(people).ids)
    screen_concern(actor=current_user, concern=concern, named=[p for p in people if p.id in chosen])
    flash(_("Screened. Supervisors outside their chain can read it now."), "success")
    return redirect(case_url(concern), 303)


def _complaint_or_404(reference: str) -> Concern:
    concern, sight = concern_or_404(reference)
    require(policy.can_screen(sight, concern) and concern.about is not About.TOWN)
    return concern


def _staff() -> list[Person]:
    return list(db.session.scalars(staff_by_name()))


def _form(people: list[Person]) -> ScreenForm:
    form = ScreenForm()
    form.named.choices = [
        SelectChoice(str(p.id), f"{p.name}, {p.title}" if p.title else p.name) for p in people
    ]
    return form
