"""The rules, changed by two people, and the agency's choices."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.models import Role
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.extensions import db
from forum.moderation import policy
from forum.moderation.forms import RuleForm, SettingForm, WithdrawForm
from forum.moderation.models import Rule
from forum.moderation.operations import rules as operations
from forum.moderation.operations.settings import change_setting
from forum.moderation.queries import rules as queries
from forum.moderation.queries.setting import setting
from forum.moderation.views.admin_page import list_context

blueprint = Blueprint("moderation_admin", __name__, url_prefix="/admin")
LIST, ONE, SETTINGS = (
    "moderation/admin_rules.html",
    "moderation/admin_rule.html",
    "moderation/admin_settings.html",
)


@blueprint.get("/rules")
@staff(*policy.RULE_MAKERS)
def list_rules() -> str:
    """The rules that hold, and a change that waits for a second person."""
    return render_template(LIST, **list_context(current_user))


@blueprint.get("/rules/new")
@staff(*policy.RULE_MAKERS)
def new_rule() -> str:
    """A form for one more."""
    return render_template(ONE, rule=None, form=RuleForm(), withdraw=None)


@blueprint.post("/rules/new")
@staff(*policy.RULE_MAKERS)
def propose_new() -> Response:
    """Propose one more."""
    return _propose(None)


@blueprint.get("/rules/<int:number>")
@staff(*policy.RULE_MAKERS)
def rule(number: int) -> str:
    """Change one, or propose that it goes."""
    found = _rule(number)
    return render_template(
        ONE, rule=found, form=RuleForm.of(found), withdraw=WithdrawForm(formdata=None, prefix="w-")
    )


@blueprint.post("/rules/<int:number>")
@staff(*policy.RULE_MAKERS)
def propose_change(number: int) -> Response:
    """Propose a change."""
    return _propose(_rule(number))


@blueprint.post("/rules/<int:number>/withdraw")
@staff(*policy.RULE_MAKERS)
def withdraw(number: int) -> Response:
    """Propose that it goes."""
    found, form = _rule(number), WithdrawForm(prefix="w-")
    if form.validate():
        try:
            operations.propose_withdrawal(actor=current_user, number=number, why=form.why.data or "")
            return _proposed()
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(ONE, rule=found, form=RuleForm(formdata=None, obj=None), withdraw=form)


@blueprint.post("/rules/approve")
@staff(*policy.RULE_MAKERS)
def approve() -> Response:
    """The second person says yes: it holds from now on."""
    found = db.session.scalars(queries.proposed()).one_or_none()
    if found is None:
        return unprocessable(LIST, **list_context(current_user, _("Nothing waits for a second person.")))
    try:
        operations.approve_rules(actor=current_user, rules=found)
    except Refusal as refusal:
        return unprocessable(LIST, **list_context(current_user, str(refusal.message)))
    flash(_("These rules hold from now on."), "success")
    return redirect(url_for(".list_rules"), 303)


@blueprint.post("/rules/refuse")
@staff(*policy.RULE_MAKERS)
def refuse() -> Response:
    """Take the proposal from the table."""
    found = db.session.scalars(queries.proposed()).one_or_none()
    if found is None:
        return unprocessable(LIST, **list_context(current_user, _("Nothing waits for a second person.")))
    operations.refuse_rules(actor=current_user, rules=found)
    flash(_("The rules stay as they are."), "success")
    return redirect(url_for(".list_rules"), 303)


@blueprint.get("/moderation")
@staff(Role.ADMINISTRATOR)
def settings() -> str:
    """The agency's choices."""
    return render_template(SETTINGS, form=SettingForm(obj=db.session.scalars(setting()).one()))


@blueprint.post("/moderation")
@staff(Role.ADMINISTRATOR)
def change_settings() -> Response:
    """Choose."""
    form = SettingForm()
    if form.validate():
        change_setting(
            actor=current_user, first_posts=form.first_posts.data, wait_hours=form.wait_hours.data,
            decide_days=form.decide_days.data,
        )  # fmt: skip
        flash(_("Saved."), "success")
        return redirect(url_for(".settings"), 303)
    return unprocessable(SETTINGS, form=form)


def _rule(number: int) -> Rule:
    found = db.session.scalars(queries.rule_numbered(number)).one_or_none() if number < 2**31 else None
    require(found is not None)
    assert found is not None
    return found


def _propose(found: Rule | None) -> Response:
    form = RuleForm()
    number = found.number if found else None
    if form.validate():
        try:
            operations.propose_rule(actor=current_user, details=form.details(number), why=form.why.data or "")
            return _proposed()
        except Refusal as refusal:
            form.refuse(refusal)
    context: dict[str, Any] = {"rule": found, "form": form}
    return unprocessable(ONE, **context, withdraw=WithdrawForm(formdata=None, prefix="w-") if found else None)


def _proposed() -> Response:
    flash(_("Proposed. It holds once somebody else approves it."), "success")
    return redirect(url_for(".list_rules"), 303)
