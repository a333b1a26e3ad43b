"""The administrator's beats: which areas each serves, and who serves it."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts.models import Role
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.extensions import db
from forum.neighborhoods import operations, queries
from forum.neighborhoods.forms import BeatForm
from forum.neighborhoods.models import Beat
from forum.neighborhoods.views import admin_blueprint as blueprint

administrator = staff(Role.ADMINISTRATOR)


@blueprint.get("/admin/neighborhoods")
@administrator
def beats() -> str:
    """Every beat, and the areas that none serves."""
    found = db.session.scalars(queries.beats()).all()
    served = {area.id for beat in found for area in beat.neighborhoods}
    unserved = [area for area in db.session.scalars(queries.listed()) if area.id not in served]
    return render_template("neighborhoods/beats.html", beats=found, unserved=unserved)


@blueprint.route("/admin/neighborhoods/beats/new", methods=["GET", "POST"])
@administrator
def new_beat() -> ResponseReturnValue:
    """Add a beat."""
    return _edit(None, BeatForm())


@blueprint.route("/admin/neighborhoods/beats/<int:beat_id>", methods=["GET", "POST"])
@administrator
def beat(beat_id: int) -> ResponseReturnValue:
    """Change a beat."""
    found = _beat(beat_id)
    areas, officers = [area.id for area in found.neighborhoods], [one.id for one in found.officers]
    return _edit(found, BeatForm(data={"code": found.code, "neighborhoods": areas, "officers": officers}))


@blueprint.post("/admin/neighborhoods/beats/<int:beat_id>/remove")
@administrator
def remove_beat(beat_id: int) -> ResponseReturnValue:
    """Remove a beat; its areas and officers stay."""
    operations.remove_beat(actor=current_user, beat=_beat(beat_id))
    flash(_("The beat is removed. Its neighborhoods and officers stay."), "success")
    return redirect(url_for("neighborhoods_admin.beats"), 303)


def _edit(found: Beat | None, form: BeatForm) -> ResponseReturnValue:
    form.offer(queries.neighborhood_choices(), _officer_choices())
    if form.validate_on_submit():
        try:
            operations.set_beat(actor=current_user, beat=found, **_chosen(form))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The beat is saved."), "success")
            return redirect(url_for("neighborhoods_admin.beats"), 303)
    status = 422 if request.method == "POST" else 200
    return make_response(render_template("neighborhoods/beat.html", beat=found, form=form), status)


def _chosen(form: BeatForm) -> dict[str, Any]:
    return {
        "code": form.code.data or "",
        "neighborhood_ids": form.neighborhoods.data or [],
        "officer_ids": form.officers.data or [],
    }


def _beat(beat_id: int) -> Beat:
    found = db.session.get(Beat, beat_id) if beat_id < 2**31 else None
    require(found is not None)
    assert found is not None
    return found


def _officer_choices() -> list[tuple[int, str]]:
    people = db.session.scalars(queries.possible_officers())
    return [
        (person.id, f"{person.name}, {person.title}" if person.title else person.name) for person in people
    ]
