"""What the steps of raising a concern show."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_login import current_user

from forum.accounts.models import Person
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import About
from forum.concerns.queries.sight import listed_by_reference
from forum.concerns.receipts import new_code
from forum.concerns.words import about_words, mode_words
from forum.core.languages import page_language
from forum.extensions import db


def step_sent() -> str:
    """The step that the form showed."""
    named = request.form.get("step", "")
    return named if named in STEPS else STEPS[0]


def step_page(form: RaiseForm, step: str, carried: Carried | None = None, status: int = 200) -> Response:
    """One step: its fields, the rest hidden."""
    carried = carried or Carried.of(request)
    if step == "review" and not form.code.data:
        form.code.data = new_code()
    return page(
        f"concerns/new_{step}.html",
        form,
        step,
        carried,
        form.shown(step, account=account() is not None),
        status,
    )


def account() -> Person | None:
    """Who is signed in."""
    person = current_user._get_current_object()
    return person if person.is_authenticated else None


def page(
    template: str,
    form: RaiseForm,
    step: str,
    carried: Carried,
    shown: tuple[str, ...],
    status: int = 200,
    **more: Any,
) -> Response:
    """A page of the form: the fields that are *shown*, the rest hidden."""
    form.offer()
    mode, category, place = form.answers.chosen_mode, form.answers.chosen_category, STEPS.index(step)
    config = current_app.config["FORUM"]
    context = {
        "form": form, "step": step, "shown": shown, "carried": carried,
        "hidden": form.hidden(shown) + carried.hidden(with_alt=template != "concerns/new_pictures.html"),
        "number": place + 1, "count": len(STEPS), "back": STEPS[place - 1] if place else "",
        "category_hints": {found.slug: found.about(page_language()) for found in form.categories},
        "category_name": category.name(page_language()) if category else "",
        "about_name": about_words(form.answers.chosen_about) if category and category.concerns_staff else "",
        "language_label": dict(form.language.choices).get(form.language.data, ""),
        "tiles": config.map_tiles, "attribution": config.map_attribution,
        "mode": mode, "mode_name": mode_words(mode) if mode else "", "has_account": account() is not None,
        "language_form": "raising",
        "joined": _joined(form) if step == "review" else "",
        "place_name": dict(form.neighborhood.choices).get(form.neighborhood.data or "-", ""), "untraced": True,
    }  # fmt: skip
    return make_response(render_template(template, **context, **more), status)


def _joined(form: RaiseForm) -> str:
    """The title of the public concern that this one goes along with; "" for none."""
    joins = form.answers.joins if form.answers.chosen_about is About.TOWN else ""
    found = db.session.scalars(listed_by_reference(joins)).one_or_none() if joins else None
    return found.title if found is not None else ""
