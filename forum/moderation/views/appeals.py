"""Appeals, for who may decide them: who decided, and who answers to them, cannot open the page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.languages import page_language
from forum.core.templating import moment
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import MessageForm, VerdictForm
from forum.moderation.models import Appeal, Verdict
from forum.moderation.operations.appealing import add_message, decide_appeal
from forum.moderation.queries import appeals as queries
from forum.moderation.views.own_page import message_lines
from forum.moderation.views.waiting import may_open, waits_for
from forum.moderation.words import measure_words, verdict_words

blueprint = Blueprint("moderation_appeals", __name__, url_prefix="/desk/moderation/appeals")
TEMPLATE = "moderation/desk_appeal.html"


@blueprint.get("")
@staff(*policy.APPEAL_DECIDERS)
def list_appeals() -> str:
    """Those that wait for the reader's decision."""
    return render_template(
        "moderation/desk_appeals.html", appeals=[_line(each) for each in waits_for(current_user)]
    )


@blueprint.get("/<int:appeal_id>")
@staff(*policy.APPEAL_DECIDERS)
def appeal(appeal_id: int) -> str:
    """What was decided, why, and why that is wrong."""
    return render_template(TEMPLATE, **_context(_appeal(appeal_id)))


@blueprint.post("/<int:appeal_id>")
@staff(*policy.APPEAL_DECIDERS)
def decide(appeal_id: int) -> Response:
    """Uphold or overturn."""
    found, form = _appeal(appeal_id), VerdictForm()
    if form.validate():
        try:
            verdict = Verdict(form.verdict.data)
            decide_appeal(actor=current_user, appeal=found, verdict=verdict, text=form.why.data or "")
            flash(_("Decided. The author is told."), "success")
            return redirect(url_for(".list_appeals"), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(found, verdict_form=form))


@blueprint.post("/<int:appeal_id>/say")
@staff(*policy.APPEAL_DECIDERS)
def say(appeal_id: int) -> Response:
    """Ask the author something."""
    found, form = _appeal(appeal_id), MessageForm()
    if form.validate():
        try:
            add_message(actor=current_user, appeal=found, text=form.text.data or "")
            flash(_("Sent."), "success")
            return redirect(url_for(".appeal", appeal_id=appeal_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable(TEMPLATE, **_context(found, message_form=form))


def _appeal(appeal_id: int) -> Appeal:
    found = db.session.scalars(queries.by_id(appeal_id)).one_or_none()
    require(found is not None and may_open(current_user, found))
    assert found is not None
    return found


def _context(
    found: Appeal, *, verdict_form: VerdictForm | None = None, message_form: MessageForm | None = None
) -> dict[str, Any]:
    decision, language = found.decision, page_language()
    waits = found.verdict is None
    return {
        "appeal": found, "decision": decision, "line": _line(found), "messages": message_lines(found),
        "thing": registry.thing_of(decision.case.kind, decision.case.thing_id),
        "rule_text": decision.rule.text(language),
        "verdict": verdict_words(found.verdict),
        "verdict_form": (verdict_form or VerdictForm(formdata=None)) if waits else None,
        "message_form": (message_form or MessageForm(formdata=None)) if waits else None,
        "late_verdict": verdict_form, "late_message": message_form,
    }  # fmt: skip


def _line(found: Appeal) -> dict[str, Any]:
    decision = found.decision
    return {
        "url": url_for(".appeal", appeal_id=found.id),
        "raised": moment(found.raised_at),
        "due": moment(found.due_at),
        "late": found.verdict is None and found.due_at < clock.now(),
        "rule": f"{decision.rule.number}. {decision.rule.title(page_language())}",
        "outcome": measure_words(decision.measure),
        "code": decision.case.code,
    }
