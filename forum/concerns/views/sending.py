"""The last step: the form is checked whole, the concern kept, and the receipt is the answer."""

from __future__ import annotations

from contextlib import suppress

from flask import Response, current_app

from forum.concerns import throttle
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import Category, Mode
from forum.concerns.operations.submitting import CategoryChanged, Contact, Told, submit_concern
from forum.concerns.views.raising_page import account, step_page
from forum.concerns.views.receipt import receipt_page
from forum.core.errors import Refusal
from forum.core.languages import page_language
from forum.core.transactions import finish_writing

_EXTENSION = "concern_categories"


def send(form: RaiseForm, carried: Carried) -> Response:
    """Keep it and show the receipt; a step that does not hold comes again. The last one holds: it is what was sent.

    First the form is checked by its category as this process remembers it, so that nothing is read before the lock:
    there the operation asks whether that still holds. Where it does not, or where the form does not by what is
    remembered, the category is read, as for every other step.
    """
    memory: dict[str, Category] = current_app.extensions.setdefault(_EXTENSION, {})
    slug = form.category.data or ""
    known = memory.get(slug)
    if known is not None:
        form.chosen_category = known
        if not _wrong_step(form):
            with suppress(CategoryChanged):
                return _keep(form, carried)
        del form.chosen_category
    if wrong := _wrong_step(form):
        return step_page(form, wrong, carried, 422)
    chosen = form.chosen_category
    try:
        answer = _keep(form, carried)
    except CategoryChanged as changed:
        return _refused(form, carried, changed)
    if chosen is not None:
        memory[slug] = chosen
    return answer


def _wrong_step(form: RaiseForm) -> str:
    """The first step before the last that does not hold; "" when all do."""
    return next((step for step in STEPS[:-1] if not form.check(step)), "")


def _keep(form: RaiseForm, carried: Carried) -> Response:
    """Raises CategoryChanged."""
    try:
        throttle.count_form()
        sent, code = told(form, carried), form.code.data or ""
        concern = submit_concern(told=sent, code=code, contact=_contact(form))
    except CategoryChanged:
        raise
    except Refusal as refusal:
        del form.chosen_category  # the page names it as it is now
        return _refused(form, carried, refusal)
    finish_writing()
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


def _contact(form: RaiseForm) -> Contact | None:
    """Who sends it: nobody when anonymous, whoever is signed in."""
    if form.chosen_mode is Mode.ANONYMOUS:
        return None
    person = account()
    if person is not None:
        return Contact(person_id=person.id)
    return Contact(name=form.name.data or "", email=form.email.data or "", phone=form.phone.data or "")


def _refused(form: RaiseForm, carried: Carried, refusal: Refusal) -> Response:
    form.refuse(refusal)
    answer = step_page(form, "review", carried, 422)
    if isinstance(refusal, throttle.PleaseWait):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer
