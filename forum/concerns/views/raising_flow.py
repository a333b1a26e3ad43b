"""What follows on what when a concern is raised."""

from __future__ import annotations

from flask import Response, request

from forum.concerns import danger
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import Cause, Concern
from forum.concerns.operations.warning import count_warning
from forum.concerns.queries.similar import similar
from forum.concerns.views.raising_page import page, step_page, step_sent
from forum.concerns.views.sending import send
from forum.core.languages import page_language, switch

_SEEN = "y"
_ALONE = "alone"  # not along with another's after all


def answer() -> Response:
    """What follows on the step that was sent."""
    before, spoken = page_language(), switch(request.form.get("speak", ""))
    step, go, carried = step_sent(), request.form.get("go", ""), Carried.of(request)
    if step == "review" and not (spoken or go in (*STEPS, _ALONE) or carried.errors):
        return send(carried)
    form = RaiseForm()
    form.same.data = request.form.get("joins") or form.same.data
    if spoken:  # the same step in another language, with what was typed
        return _spoken_page(form, step, carried, before)
    if go == _ALONE:
        form.same.data = _SEEN
        return step_page(form, step, carried)
    if go in STEPS:  # back to another step; what was typed here comes along
        return step_page(form, go, carried)
    if not form.check(step) or carried.errors:
        return step_page(form, step, carried, 422)
    if cause := _danger(form, step):
        return _danger_page(form, step, carried, cause)
    if go == "add" or carried.added:  # pictures came: say what they show
        return step_page(form, "pictures", carried)
    return _next(form, step, carried)


def _spoken_page(form: RaiseForm, step: str, carried: Carried, before: str) -> Response:
    """Answers follow the page's language until the step that asks for theirs."""
    if STEPS.index(step) < STEPS.index("contact") and form.language.data == before:
        form.language.data = page_language()
    return step_page(form, step, carried)


def _next(form: RaiseForm, step: str, carried: Carried) -> Response:
    following = STEPS[STEPS.index(step) + 1]
    if following == "review" and not form.same.data:
        alike = _similar(form)
        if alike:
            form.same.data = _SEEN
            return page("concerns/new_same.html", form, step, carried, (), alike=alike)
    return step_page(form, following, carried)


def _danger(form: RaiseForm, step: str) -> Cause | None:
    """Why this step should first say whom to call, once for each reason."""
    seen = (form.warned.data or "").split()
    category = form.answers.chosen_category
    if step == "category" and category is not None and category.warns and Cause.CATEGORY not in seen:
        return Cause.CATEGORY
    texts = (form.title.data or "", form.story.data or "", form.happened.data or "")
    if step == "story" and Cause.WORDS not in seen and danger.speaks_of_danger(*texts):
        return Cause.WORDS
    return None


def _danger_page(form: RaiseForm, step: str, carried: Carried, cause: Cause) -> Response:
    count_warning(cause)
    form.warned.data = f"{form.warned.data or ''} {cause}".strip()
    return page("concerns/new_danger.html", form, step, carried, (), category=form.answers.chosen_category)


def _similar(form: RaiseForm) -> list[Concern]:
    category = form.answers.chosen_category
    if category is None or category.concerns_staff:
        return []
    return similar(
        category.id,
        form.answers.neighborhood_id,
        form.answers.chosen_point,
        form.answers.title,
        form.answers.story,
    )
