"""The desk's page about where residents live, and the one that lifts a veil."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Person, Role
from forum.accounts.queries import person_by_email
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.discussions.forms_residents import FindResidentForm, LiftForm, VerifyForm
from forum.discussions.models import Post
from forum.discussions.operations.residents import lift_veil, unverify_resident, verify_resident
from forum.discussions.policy import VERIFIERS
from forum.discussions.queries import veils
from forum.discussions.views.finding import post_or_404
from forum.discussions.views.pages import blueprint
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood
from forum.neighborhoods.queries import listed

TEMPLATE = "discussions/desk_residents.html"


@blueprint.get("/desk/residents")
@staff(*VERIFIERS)
def residents() -> str:
    """Whom is it about?"""
    return render_template(TEMPLATE, form=FindResidentForm(), rows=None)


@blueprint.post("/desk/residents")
@staff(*VERIFIERS)
def find_resident() -> str | Response:
    """The accounts of that address or name; asked with POST, so that neither stands in an address."""
    form = FindResidentForm()
    if not form.validate():
        return unprocessable(TEMPLATE, form=form, rows=None)
    return render_template(TEMPLATE, form=form, rows=_rows(form.who.data))


@blueprint.post("/desk/residents/<int:person_id>")
@staff(*VERIFIERS)
def verify(person_id: int) -> str | Response:
    """They live there: staff have seen it."""
    person = _person_or_404(person_id)
    form = VerifyForm(prefix=f"p{person.id}-").offer(db.session.scalars(listed()))
    if not form.validate():
        return unprocessable(TEMPLATE, form=FindResidentForm(), rows=[_row(person, None, form)])
    area = db.session.get(Neighborhood, form.neighborhood.data) or abort(404)
    verify_resident(actor=current_user, person=person, area=area)
    flash(_("%(name)s can write as a resident of %(area)s now.", name=person.name, area=area.name), "success")
    return redirect(url_for("discussions.residents"), 303)


@blueprint.post("/desk/residents/<int:person_id>/remove")
@staff(*VERIFIERS)
def unverify(person_id: int) -> Response:
    """We do not know any longer where they live."""
    person = _person_or_404(person_id)
    unverify_resident(actor=current_user, person=person)
    flash(_("%(name)s no longer counts as a resident we know.", name=person.name), "success")
    return redirect(url_for("discussions.residents"), 303)


@blueprint.get("/posts/<int:post_id>/author")
@staff(Role.REVIEWER)
def author(post_id: int) -> str:
    """Asks for the reason."""
    post = _veiled_or_404(post_id)
    return render_template("discussions/lift_veil.html", post=post, form=LiftForm(), person=None)


@blueprint.post("/posts/<int:post_id>/author")
@staff(Role.REVIEWER)
def lift(post_id: int) -> str | Response:
    """Who it was, once: the answer is no page that one can come back to."""
    post, form = _veiled_or_404(post_id), LiftForm()
    if form.validate():
        try:
            person = lift_veil(actor=current_user, post=post, reason=form.reason.data)
            return render_template("discussions/lift_veil.html", post=post, form=None, person=person)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("discussions/lift_veil.html", post=post, form=form, person=None)


def _person_or_404(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    return person if person is not None and person.erased_at is None else abort(404)


def _veiled_or_404(post_id: int) -> Post:
    post = post_or_404(post_id)
    require(post.resident_of_id is not None)
    return post


def _rows(who: str) -> list[dict[str, Any]]:
    wanted = person_by_email(who) if "@" in who else veils.people_named(who)
    people = [person for person in db.session.scalars(wanted) if person.erased_at is None]
    known = {row.person_id: row for row in db.session.scalars(veils.verified_of([p.id for p in people]))}
    areas = list(db.session.scalars(listed()))
    return [
        _row(person, known.get(person.id), VerifyForm(formdata=None, prefix=f"p{person.id}-").offer(areas))
        for person in people
    ]


def _row(person: Person, verified: Any, form: VerifyForm) -> dict[str, Any]:
    if verified is not None:
        form.neighborhood.data = verified.neighborhood_id
    return {"person": person, "verified": verified, "form": form}
