"""The last step: the form is checked whole, the concern kept, and the receipt is the answer."""

from __future__ import annotations

from contextlib import suppress

from flask import Response, current_app, request

from forum.concerns import throttle
from forum.concerns.forms.answers import Answers
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import Category, Mode
from forum.concerns.operations.joining import join_public
from forum.concerns.operations.submitting import CategoryChanged, Contact, Told, submit_concern
from forum.concerns.views.raising_page import account, step_page
from forum.concerns.views.receipt import receipt_page
from forum.core.errors import Refusal
from forum.core.transactions import finish_writing

_EXTENSION = "concern_categories"


def send(carried: Carried) -> Response:
    """Keep what was sent and show the receipt; a step that does not hold comes again. The last one holds: it is what
    was sent.

    First the answers are checked by their category as this process remembers it, so that nothing is read before the
    lock: there the operation asks whether that still holds. Where it does not, or where the answers do not by what is
    remembered, the form is made and checked by the category as it is, as for every other step.
    """
    memory: dict[str, Category] = current_app.extensions.setdefault(_EXTENSION, {})
    said = Answers.sent(request.form)
    known = memory.get(said.category)
    if known is not None:
        said.chosen_category = known
        if said.hold():
            with suppress(CategoryChanged):
                return _keep(said, carried)
    return _send_form(RaiseForm(), carried, memory)


def _send_form(form: RaiseForm, carried: Carried, memory: dict[str, Category]) -> Response:
    """The same by the form, which says what does not hold."""
    wrong = next((step for step in STEPS if not form.check(step)), "")
    if wrong:
        return step_page(form, wrong, carried, 422)
    try:
        answer = _keep(form.answers, carried)
    except CategoryChanged as changed:
        return _refused(carried, changed)
    if form.answers.chosen_category is not None:
        memory[form.answers.category] = form.answers.chosen_category
    return answer


def _keep(said: Answers, carried: Carried) -> Response:
    """Raises CategoryChanged."""
    try:
        throttle.count_form()
        sent = told(said, carried)
        concern = submit_concern(told=sent, code=said.code, contact=_contact(said))
        if said.joins:
            join_public(concern=concern, reference=said.joins)
    except CategoryChanged:
        raise
    except Refusal as refusal:
        return _refused(carried, refusal)
    finish_writing()
    return receipt_page(concern, said.code, sent.category)


def told(said: Answers, carried: Carried) -> Told:
    """The answers as what the operation takes."""
    category, point = said.chosen_category, said.chosen_point
    assert category is not None
    return Told(
        mode=said.chosen_mode or Mode.PRIVATE, category=category, about=said.chosen_about,
        title=said.title, story=said.story, happened=said.happened, neighborhood_id=said.neighborhood_id,
        place=said.place, latitude=point[0] if point else None, longitude=point[1] if point else None,
        language=said.language, interpreter=said.interpreter, pictures=carried.all(),
    )  # fmt: skip


def _contact(said: Answers) -> Contact | None:
    """Who sends it: nobody when anonymous, whoever is signed in."""
    if said.chosen_mode is Mode.ANONYMOUS:
        return None
    person = account()
    if person is not None:
        return Contact(person_id=person.id)
    return Contact(name=said.name, email=said.email, phone=said.phone)


def _refused(carried: Carried, refusal: Refusal) -> Response:
    form = RaiseForm()  # the page names the category as it is now
    form.refuse(refusal)
    answer = step_page(form, "review", carried, 422)
    if isinstance(refusal, throttle.PleaseWait):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer
