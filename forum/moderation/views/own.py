"""What belongs to one person: a report they make, and the page about something they wrote."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock, limits
from forum.core.access import require, signed_in
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import AppealForm, MessageForm, ReportForm, rule_choices
from forum.moderation.models import Case
from forum.moderation.operations.appealing import add_message, raise_appeal
from forum.moderation.operations.profiles import KIND as PROFILE
from forum.moderation.operations.reporting import report as make_report
from forum.moderation.queries import cases
from forum.moderation.queries import rules as rule_queries
from forum.moderation.registry import Shown, Thing
from forum.moderation.views.own_page import context, report_lines

blueprint = Blueprint("moderation", __name__)
MESSAGES = "10 per hour"
REPORTS, REPORTS_WHEN_NEW = "20 per hour", "5 per day"
TEMPLATE, CASE = "moderation/report.html", "moderation/case.html"


@blueprint.get("/report/<kind>/<int:thing_id>")
@signed_in
def report(kind: str, thing_id: int) -> str:
    """Report something, with a rule in mind."""
    return render_template(TEMPLATE, **_report_context(_reportable(kind, thing_id), _report_form()))


@blueprint.post("/report/<kind>/<int:thing_id>")
@signed_in
def report_post(kind: str, thing_id: int) -> Response:
    """Send the report."""
    thing, form = _reportable(kind, thing_id), _report_form()
    if form.validate():
        try:
            if not limits.hit("moderation.report", str(current_user.id), _reports_allowed()):
                raise Refusal(
                    _("You have reported a lot in a short time. Please wait a while; nothing was sent.")
                )
            make_report(
                actor=current_user, kind=kind, thing_id=thing_id, rule_number=int(form.rule.data),
                words=form.words.data or "",
            )  # fmt: skip
            flash(_("Thank you. A person will look at it, and we will tell you what came of it."), "success")
            return redirect(url_for(".my_reports"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_report_context(thing, form))


@blueprint.get("/account/reports")
@signed_in
def my_reports() -> str:
    """What one has reported, and what came of it."""
    rows = db.session.execute(cases.reports_made_by(current_user).limit(200))
    return render_template("moderation/my_reports.html", reports=report_lines(rows))


@blueprint.get("/moderation/<code>")
@signed_in
def case(code: str) -> str:
    """What was decided about something I wrote: which rule, what exactly, how to edit, how to appeal."""
    found, thing = _own(code)
    return render_template(CASE, **context(current_user, found, thing))


@blueprint.post("/moderation/<code>/appeal")
@signed_in
def appeal(code: str) -> Response:
    """Appeal."""
    found, thing = _own(code)
    decision = db.session.scalars(cases.decision_of(found.id)).one_or_none()
    require(decision is not None)
    assert decision is not None
    form = AppealForm()
    if form.validate():
        try:
            raise_appeal(actor=current_user, decision=decision, words=form.words.data or "")
            flash(_("Sent. Somebody who did not decide looks at it, and answers you here."), "success")
            return redirect(url_for(".case", code=code), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(CASE, **context(current_user, found, thing, appeal_form=form))


@blueprint.post("/moderation/<code>/say")
@signed_in
def say(code: str) -> Response:
    """Add something to the appeal."""
    found, thing = _own(code)
    form, shown = MessageForm(), context(current_user, found, thing)
    if form.validate() and shown["appeal"] is not None:
        try:
            if not limits.hit("moderation.say", str(current_user.id), MESSAGES):
                raise Refusal(
                    _("You have written a lot in a short time. Please wait a while; nothing was sent.")
                )
            add_message(actor=current_user, appeal=shown["appeal"], text=form.text.data or "")
            flash(_("Sent."), "success")
            return redirect(url_for(".case", code=code), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(CASE, **context(current_user, found, thing, message_form=form))


def _reportable(kind: str, thing_id: int) -> Thing:
    """What can be reported by who reads the page; else it is not there."""
    moderated = registry.kinds.get(kind)
    thing = moderated.load(thing_id) if moderated is not None and thing_id < 2**31 else None
    require(moderated is not None and thing is not None)
    assert moderated is not None
    assert thing is not None
    require(thing.shown is Shown.SHOWN and moderated.sees(current_user, thing_id))
    return thing


def _report_form() -> ReportForm:
    form = ReportForm()
    form.rule.choices = rule_choices(list(db.session.scalars(rule_queries.rules_in_force())))
    return form


def _report_context(thing: Thing, form: ReportForm) -> dict[str, Any]:
    return {"thing": thing, "noun": registry.noun_of(thing), "name_url": _name_url(thing), "form": form}


def _name_url(thing: Thing) -> str:
    """Where the name beside it is reported; nothing behind a veil, or where it is the name already."""
    if thing.veiled or thing.author_id is None or thing.kind == PROFILE:
        return ""
    named = registry.kinds.get(PROFILE)
    name = named.load(thing.author_id) if named is not None else None
    if named is None or name is None or name.author_name != thing.author_name:
        return ""  # what shows no name of a person has none to report
    seen = named.sees(current_user, thing.author_id)
    return url_for(".report", kind=PROFILE, thing_id=thing.author_id) if seen else ""


def _reports_allowed() -> str:
    new = clock.now() - current_user.created_at < policy.NEW_ACCOUNT
    return REPORTS_WHEN_NEW if new else REPORTS


def _own(code: str) -> tuple[Case, Thing]:
    """The case about something of the reader's own; else it is not there."""
    found = db.session.scalars(cases.by_code(code)).one_or_none()
    thing = registry.thing_of(found.kind, found.thing_id) if found is not None else None
    require(found is not None and thing is not None and thing.author_id == current_user.id)
    assert found is not None
    assert thing is not None
    return found, thing
