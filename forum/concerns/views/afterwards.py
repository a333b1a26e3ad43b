"""The two questions afterwards: no account, no name, never cached; and on the desk what came of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.concerns.forms.afterwards import VERDICTS, AfterwardsForm
from forum.concerns.models import Cause, Concern, Question
from forum.concerns.operations.afterwards import afterwards_token, answer_afterwards, find_asked
from forum.concerns.policy import DESK
from forum.concerns.queries.afterwards import FEWEST, sums
from forum.concerns.queries.danger import DAYS, told_lately
from forum.core.access import public_uncached, staff
from forum.core.errors import Refusal
from forum.core.forms import unprocessable
from forum.core.untraced import untraced

blueprint = Blueprint("concerns_afterwards", __name__)


def afterwards_url(concern: Concern) -> str | None:
    """Where the person of a closed concern answers, for the page of its thread; None when there is nothing to ask."""
    token = afterwards_token(concern)
    return url_for("concerns_afterwards.questions", token=token) if token else None


@blueprint.get("/concerns/afterwards/<token>")
@public_uncached
@untraced
def questions(token: str) -> str:
    """The two questions, or thanks when they were answered."""
    concern = find_asked(token) or abort(404)
    if concern.asked:
        return render_template("concerns/afterwards_thanks.html")
    return render_template("concerns/afterwards.html", form=AfterwardsForm(formdata=None))


@blueprint.post("/concerns/afterwards/<token>")
@public_uncached
@untraced
def save_answers(token: str) -> Response:
    """Keep the answers and say thank you; the same form again changes nothing."""
    concern, form = find_asked(token) or abort(404), AfterwardsForm()
    if form.validate():
        try:
            answer_afterwards(concern=concern, said=form.said())
            return redirect(url_for("concerns_afterwards.questions", token=token), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return unprocessable("concerns/afterwards.html", form=form)


@blueprint.get("/desk/concerns/afterwards")
@staff(*DESK)
def figures() -> str:
    """What people said, in sums of ten answers and more, and how often they were first told whom to call."""
    causes = {Cause.CATEGORY: _("Because of what it was about"), Cause.WORDS: _("Because of a word in it")}
    return render_template(
        "concerns/desk_afterwards.html",
        rows=_said(),
        verdicts=[label for _v, label in VERDICTS],
        fewest=FEWEST,
        told=[(causes[cause], times) for cause, times in told_lately().items()],
        days=DAYS,
    )


def _said() -> list[dict[str, Any]]:
    """A line of the table for each question; no counts where they are too few."""
    found = sums()
    words = {
        Question.DEALT_WITH: _("Was it dealt with?"),
        Question.RESPECT: _("Were you treated with respect?"),
    }
    return [
        {
            "question": words[question],
            "counts": [found[question].get(verdict, 0) for verdict, _label in VERDICTS]
            if question in found
            else None,
        }
        for question in Question
    ]
