"""What the steps of raising a concern show, and what follows on what."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_login import current_user

from forum.accounts.models import Person
from forum.concerns import danger, throttle
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import Cause, Concern, Mode
from forum.concerns.operations.submitting import Contact, Told, submit_concern
from forum.concerns.operations.warning import count_warning
from forum.concerns.queries.similar import similar
from forum.concerns.receipts import new_code
from forum.concerns.views.receipt import receipt_page
from forum.concerns.words import about_words, mode_words
from forum.core.errors import Refusal
from forum.core.languages import page_language, switch

_SEEN = "y"


def step_sent() -> str:
    """The step that the form showed."""
    named = request.form.get("step", "")
    return named if named in STEPS else STEPS[0]


def answer() -> Response:
    """What follows on the step that was sent."""
    before, spoken = page_language(), switch(request.form.get("speak", ""))
    form, step, go = RaiseForm(), step_sent(), request.form.get("go", "")
    carried = Carried.of(request)
    if spoken:  # the same step in another language, with what was typed
        return _spoken_page(form, step, carried, before)
    if go in STEPS:  # back to another step; what was typed here comes along
        return step_page(form, go, carried)
    if not form.check(step) or carried.errors:
        return step_page(form, step, carried, 422)
    if step == "review":
        return _send(form, carried)
    if cause := _danger(form, step):
        return _danger_page(form, step, carried, cause)
    if go == "add" or carried.added:  # pictures came: say what they show
        return step_page(form, "pictures", carried)
    return _next(form, step, carried)


def step_page(form: RaiseForm, step: str, carried: Carried | None = None, status: int = 200) -> Response:
    """One step: its fields, the rest hidden."""
    carried = carried or Carried.of(request)
    if step == "review" and not form.code.data:
        form.code.data = new_code()
    return _page(
        f"concerns/new_{step}.html",
        form,
        step,
        carried,
        form.shown(step, account=_account() is not None),
        status,
    )


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
            return _page("concerns/new_same.html", form, step, carried, (), alike=alike)
    return step_page(form, following, carried)


def _send(form: RaiseForm, carried: Carried) -> Response:
    """Keep it and show the receipt; a step that does not hold comes again."""
    for step in STEPS:
        if not form.check(step):
            return step_page(form, step, carried, 422)
    try:
        throttle.count_form()
        sent, code = told(form, carried), form.code.data or ""
        concern = submit_concern(told=sent, code=code, contact=_contact(form))
    except Refusal as refusal:
        return _refused(form, carried, refusal)
    return receipt_page(concern, code, sent.category)


def told(form: RaiseForm, carried: Carried) -> Told:
    """The form as what the operation takes."""
    category, point = form.chosen_category, form.chosen_point
    assert category is not None
    return Told(
        mode=form.chosen_mode or Mode.PRIVATE, category=category, about=form.chosen_about,
        title=form.title.data or "", story=form.story.data or "", happened=form.happened.data or "",
        neighborhood_id=form.neighborhood_id, place=form.place.data or "",
        latitude=point[0] if point else None, longitude=point[1] if point else None,
        language=form.language.data or page_language(), interpreter=bool(form.interpreter.data),
        pictures=carried.all(),
    )  # fmt: skip


def _refused(form: RaiseForm, carried: Carried, refusal: Refusal) -> Response:
    form.refuse(refusal)
    answer = step_page(form, "review", carried, 422)
    if isinstance(refusal, throttle.PleaseWait):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _contact(form: RaiseForm) -> Contact | None:
    """Who sends it: nobody when anonymous, whoever is signed in."""
    if form.chosen_mode is Mode.ANONYMOUS:
        return None
    person = _account()
    if person is not None:
        return Contact(person_id=person.id)
    return Contact(name=form.name.data or "", email=form.email.data or "", phone=form.phone.data or "")


def _account() -> Person | None:
    person = current_user._get_current_object()
    return person if person.is_authenticated else None


def _danger(form: RaiseForm, step: str) -> Cause | None:
    """Why this step should first say whom to call, once for each reason."""
    seen = (form.warned.data or "").split()
    category = form.chosen_category
    if step == "category" and category is not None and category.warns and Cause.CATEGORY not in seen:
        return Cause.CATEGORY
    texts = (form.title.data or "", form.story.data or "", form.happened.data or "")
    if step == "story" and Cause.WORDS not in seen and danger.speaks_of_danger(*texts):
        return Cause.WORDS
    return None


def _danger_page(form: RaiseForm, step: str, carried: Carried, cause: Cause) -> Response:
    count_warning(cause)
    form.warned.data = f"{form.warned.data or ''} {cause}".strip()
    return _page("concerns/new_danger.html", form, step, carried, (), category=form.chosen_category)


def _similar(form: RaiseForm) -> list[Concern]:
    category = form.chosen_category
    if category is None or category.concerns_staff:
        return []
    return similar(
        category.id, form.neighborhood_id, form.chosen_point, form.title.data or "", form.story.data or ""
    )


def _page(
    template: str,
    form: RaiseForm,
    step: str,
    carried: Carried,
    shown: tuple[str, ...],
    status: int = 200,
    **more: Any,
) -> Response:
    form.offer()
    mode, category, place = form.chosen_mode, form.chosen_category, STEPS.index(step)
    config = current_app.config["FORUM"]
    context = {
        "form": form, "step": step, "shown": shown, "carried": carried,
        "hidden": form.hidden(shown) + carried.hidden(with_alt=template != "concerns/new_pictures.html"),
        "number": place + 1, "count": len(STEPS), "back": STEPS[place - 1] if place else "",
        "category_hints": {found.slug: found.about(page_language()) for found in form.categories},
        "category_name": category.name(page_language()) if category else "",
        "about_name": about_words(form.chosen_about) if category and category.concerns_staff else "",
        "language_label": dict(form.language.choices).get(form.language.data, ""),
        "tiles": config.map_tiles, "attribution": config.map_attribution,
        "mode": mode, "mode_name": mode_words(mode) if mode else "", "has_account": _account() is not None,
        "language_form": "raising",
        "place_name": dict(form.neighborhood.choices).get(form.neighborhood.data or "-", ""), "untraced": True,
    }  # fmt: skip
    return make_response(render_template(template, **context, **more), status)
