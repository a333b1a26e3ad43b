"""Importing a calendar or a table: upload, look at what it would do, carry it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, staff
from forum.core.forms import unprocessable
from forum.events import policy
from forum.events.forms.imports import CarryOutForm, UploadForm
from forum.events.importing import held as holding
from forum.events.importing.apply import apply_plan
from forum.events.importing.fields import MAX_BYTES
from forum.events.importing.held import Held
from forum.events.importing.model import ImportResult, UnreadableFile
from forum.events.importing.plan import Plan, plan_import, surroundings
from forum.events.importing.reading import in_area, read_upload
from forum.events.views.desk import blueprint
from forum.events.views.import_page import digest_of, plan_context, result_of
from forum.neighborhoods.queries import neighborhood_options

PLAN = "events/import_plan.html"


@dataclass(frozen=True)
class Importer:
    """Who imports, by id: between two batches nothing that was loaded stays."""

    id: int


@blueprint.get("/import")
@staff(*policy.EDITORS)
def import_file() -> str:
    """Choose a file."""
    return render_template("events/import.html", form=_upload_form())


@blueprint.post("/import")
@staff(*policy.EDITORS)
def upload_file() -> Response:
    """Keep it for an hour and show what it would do; what cannot be read is refused in words."""
    require(policy.can_edit_events(current_user))
    form = _upload_form()
    if form.validate():
        try:
            token = _kept(form)
            return redirect(url_for("events_desk.import_plan", token=token), 303)
        except UnreadableFile as error:
            form.file.errors = [*form.file.errors, _("%(why)s Nothing was changed.", why=str(error))]
        except OSError:
            form.form_errors.append(_("The file could not be kept just now. Please try again later."))
    return unprocessable("events/import.html", form=form)


@blueprint.get("/import/<token>")
@staff(*policy.EDITORS)
def import_plan(token: str) -> str:
    """What the file would do; once it was carried out, what came of it."""
    held = _held(token)
    if held.result:
        return render_template("events/import_result.html", name=held.name, result=held.result)
    result, plan = _planned(held)
    form = CarryOutForm(digest=digest_of(plan))
    return render_template(PLAN, form=form, **plan_context(held, result, plan))


@blueprint.post("/import/<token>")
@staff(*policy.EDITORS)
def carry_out(token: str) -> Response:
    """Do what was shown, or show it again when the site has changed meanwhile."""
    held = _held(token)
    if held.result:
        return redirect(url_for("events_desk.import_plan", token=token), 303)
    result, plan = _planned(held)
    form = CarryOutForm()
    if form.digest.data != digest_of(plan):
        form.digest.data = digest_of(plan)
        form.form_errors.append(
            _("Somebody changed these events meanwhile. This is what the import would do now.")
        )
        return unprocessable(PLAN, form=form, **plan_context(held, result, plan))
    if not holding.claim(held):
        flash(_("This import is under way already. Look at the list of events."), "warning")
        return redirect(url_for("events_desk.list_events"), 303)
    return _carried_out(held, plan)


def _carried_out(held: Held, plan: Plan) -> Response:
    refused = apply_plan(plan, actor=Importer(current_user.id))
    held.result, held.data = result_of(plan, refused), b""
    holding.keep(held)
    return redirect(url_for("events_desk.import_plan", token=held.token), 303)


def _upload_form() -> UploadForm:
    form = UploadForm()
    form.offer(neighborhood_options())
    return form


def _kept(form: UploadForm) -> str:
    file = form.file.data
    data = file.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 5 MB."))
    kind, _result = _read(data)
    held = Held(
        token=holding.new_token(),
        person_id=current_user.id,
        name=(file.filename or "")[-80:],
        source=form.source_word or kind,
        area=form.area.data or "",
        data=data,
    )
    holding.keep(held)
    return held.token


def _held(token: str) -> Held:
    require(policy.can_edit_events(current_user))
    return holding.find(current_user.id, token) or abort(404)


def _read(data: bytes) -> tuple[str, ImportResult]:
    return read_upload(data, zone=str(clock.agency_zone()), kinds=tuple(surroundings().kinds))


def _planned(held: Held) -> tuple[Any, Plan]:
    result = _read(held.data)[1]
    if held.area:
        result = in_area(result, held.area)
    return result, plan_import(result.events, source=held.source)
