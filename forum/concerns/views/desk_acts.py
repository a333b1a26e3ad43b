"""In whose hands a case is, from whom it is kept, who stands behind it, and whether the public page shows it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from forum.accounts.models import Person, Role
from forum.concerns import policy
from forum.concerns.forms.desk import HandOverForm, WhyForm
from forum.concerns.models import Withholding
from forum.concerns.operations.handing import hand_over, step_back
from forum.concerns.operations.opening import open_identity, show_concern, withhold_concern
from forum.concerns.operations.working import assign_concern
from forum.concerns.parcel import contact_of, name_of
from forum.concerns.queries.colleagues import desk_people, desk_person
from forum.concerns.views import desk_forms
from forum.concerns.views.desk import blueprint, case_url, concern_or_404
from forum.concerns.views.desk_case_page import again
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db


@blueprint.post("/<reference>/assign")
@staff(*policy.DESK)
def assign(reference: str) -> Response:
    """Give it to somebody, or to nobody."""
    concern, sight = concern_or_404(reference)
    form = desk_forms.assign_form(concern, desk_forms.people_for(concern))
    try:
        if not policy.can_assign(sight, concern):
            raise Refusal(_("Somebody else has this concern. Ask them, or a supervisor."), "to")
        to = _person(form.person_id, "to") if form.to.data else None
        assign_concern(actor=current_user, concern=concern, to=to)
    except Refusal as refusal:
        form.refuse(refusal)
        return again(concern, sight, assign=form)
    flash(_("Kept."), "success")
    if policy.can_see_on_desk(sight, concern):
        return redirect(case_url(concern), 303)
    return redirect(url_for("concerns_desk.queue"), 303)


@blueprint.post("/<reference>/recuse")
@staff(*policy.DESK)
def keep_from(reference: str) -> Response:
    """Keep it from one of staff, for good."""
    concern, sight = concern_or_404(reference)
    me = current_user._get_current_object()
    form = desk_forms.recuse_form(concern, sight, desk_forms.people_for(concern), me)
    try:
        person = _person(form.person_id, "person")
        step_back(actor=current_user, concern=concern, person=person, named=bool(form.named.data))
    except Refusal as refusal:
        form.refuse(refusal)
        return again(concern, sight, recuse=form)
    flash(_("Kept from this person from now on."), "success")
    return redirect(url_for("concerns_desk.queue") if person.id == me.id else case_url(concern), 303)


@blueprint.get("/<reference>/identity")
@staff(Role.REVIEWER)
def identity(reference: str) -> str:
    """Ask why."""
    concern, sight = concern_or_404(reference)
    require(policy.can_open_identity(sight, concern))
    return render_template("concerns/desk_identity.html", concern=concern, form=WhyForm(), known=None)


@blueprint.post("/<reference>/identity")
@staff(Role.REVIEWER)
def read_identity(reference: str) -> Response:
    """Keep why, and show who it is: once, as the answer to this form, on no page that has an address."""
    concern, sight = concern_or_404(reference)
    require(policy.can_open_identity(sight, concern))
    form = WhyForm()
    if not form.validate():
        return unprocessable("concerns/desk_identity.html", concern=concern, form=form, known=None)
    found = open_identity(actor=current_user, concern=concern, reason=form.reason.data or "")
    known = [name_of(found), *contact_of(found)]
    answer = make_response(
        render_template("concerns/desk_identity.html", concern=concern, known=[k for k in known if k])
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/<reference>/withhold")
@staff(Role.REVIEWER, Role.SUPERVISOR)
def withhold(reference: str) -> Response:
    """Take it from the public pages."""
    concern, sight = concern_or_404(reference)
    require(policy.can_withhold(sight, concern))
    form = desk_forms.withhold_form()
    if not form.validate():
        return again(concern, sight, withhold=form)
    withhold_concern(actor=current_user, concern=concern, reason=Withholding(form.reason.data))
    flash(_("It is off the public pages."), "success")
    return redirect(case_url(concern), 303)


@blueprint.post("/<reference>/show")
@staff(Role.REVIEWER, Role.SUPERVISOR)
def show(reference: str) -> Response:
    """Bring it back to them."""
    concern, sight = concern_or_404(reference)
    require(policy.can_withhold(sight, concern))
    show_concern(actor=current_user, concern=concern)
    flash(_("It is on the public pages again."), "success")
    return redirect(case_url(concern), 303)


@blueprint.get("/hand-over")
@staff(*policy.DESK)
def hand_over_page() -> str:
    """Choose who is away and who takes their concerns."""
    return render_template("concerns/desk_hand_over.html", form=_hand_over_form())


@blueprint.post("/hand-over")
@staff(*policy.DESK)
def hand_over_all() -> Response:
    """Give them all."""
    form = _hand_over_form()
    absent, to = form.ids
    try:
        given, kept = hand_over(actor=current_user, absent=_person(absent, "absent"), to=_person(to, "to"))
    except Refusal as refusal:
        form.refuse(refusal)
        return unprocessable("concerns/desk_hand_over.html", form=form)
    flash(_("Handed over: %(given)s. Left where they are: %(kept)s.", given=given, kept=kept), "success")
    return redirect(url_for("concerns_desk.queue", whose="all"), 303)


def _hand_over_form() -> HandOverForm:
    """An officer hands over their own; reviewers and supervisors anybody's."""
    form = HandOverForm()
    people = [SelectChoice(str(person.id), person.name) for person in db.session.scalars(desk_people())]
    mine = current_user.role is Role.OFFICER
    own = [choice for choice in people if choice.value == str(current_user.id)]
    form.absent.choices = own if mine else [SelectChoice("", _("Choose")), *people]
    form.to.choices = [SelectChoice("", _("Choose")), *people]
    return form


def _person(person_id: int | None, field: str) -> Person:
    found = db.session.scalars(desk_person(person_id)).one_or_none() if person_id else None
    if found is None:
        raise Refusal(_("Choose somebody from the list."), field)
    return found
