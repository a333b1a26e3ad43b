"""What the page of a case shows: all of it on one screen."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts.models import Person
from forum.concerns import policy
from forum.concerns.forms.desk import KeptForm
from forum.concerns.models import About, Concern, Mode
from forum.concerns.parcel import contact_of, name_of
from forum.concerns.policy import Sight, in_days
from forum.concerns.queries import desk
from forum.concerns.queries.duty import running
from forum.concerns.queries.saved import template_by_id, templates
from forum.concerns.queries.sight import on_desk_by_reference
from forum.concerns.queries.thread import entries_of, identity_of, last_number, notes_of, pictures_of
from forum.concerns.views import desk_forms, desk_thread
from forum.concerns.views.desk_templates_page import option_words
from forum.concerns.views.desk_words import TONES, age_words, due_words, is_late
from forum.concerns.words import about_words, mode_words, source_words, status_words
from forum.core import clock
from forum.core.forms import Form, unprocessable
from forum.core.languages import language_name, page_language
from forum.core.templating import date_short, moment
from forum.extensions import db

TEMPLATE = "concerns/desk_case.html"


def page(concern: Concern, sight: Sight, **forms: Form) -> str:
    """The page; *forms* replace the fresh ones."""
    return render_template(TEMPLATE, **context(concern, sight, **forms))


def again(concern: Concern, sight: Sight, **forms: Form) -> Response:
    """The page with what was typed and what to mend; what was written meanwhile is marked."""
    return unprocessable(TEMPLATE, **context(concern, sight, **forms))


def context(concern: Concern, sight: Sight, **forms: Form) -> dict[str, Any]:
    """Template variables of ``concerns/desk_case.html``."""
    now = clock.now()
    entries = db.session.scalars(entries_of(concern)).all()
    notes = db.session.scalars(notes_of(concern)).all()
    dispute = db.session.scalars(desk.undecided_of(concern.id)).one_or_none()
    return {
        "concern": concern,
        "thread": desk_thread.both(concern, entries, notes, _read_to(concern, forms)),
        "pictures": db.session.scalars(pictures_of(concern)).all(),
        "status": status_words(concern.status),
        "tone": TONES[concern.status],
        "due": due_words(concern, now),
        "late": is_late(concern, now),
        "facts": facts(concern, sight),
        "duty": running(concern.id),
        "dispute": dispute,
        "main": _main(concern, sight),
        "merged": db.session.scalars(desk.merged_into(sight, concern)).all(),
        "words": _words(concern),
        "may": _may(concern, sight),
        "is_mine": concern.assigned_to_id == sight.id,
        **_forms(concern, sight, forms),
    }


def facts(concern: Concern, sight: Sight) -> list[dict[str, Any]]:
    """Names and values of what is known, for the component ``description``."""
    where = [concern.neighborhood.name if concern.neighborhood else "", concern.place]
    arrived = date_short(concern.arrived_at) if in_days(concern) else moment(concern.arrived_at)
    rows = [
        (_("About"), about_words(concern.about) if concern.about is not About.TOWN else None),
        (_("Category"), concern.category.name(page_language())),
        (_("Mode"), mode_words(concern.mode)),
        (_("Where"), ", ".join(filter(None, where)) or None),
        (_("When"), concern.happened or None),
        (_("Came"), _("%(when)s, %(how)s", when=arrived, how=source_words(concern.source).lower())),
        (_("Open for"), age_words(concern) if concern.is_open else None),
        (_("Language"), _language(concern)),
        (_("Raised by"), _raised_by(concern, sight)),
        (_("Kept from"), _kept_from(concern, sight)),
    ]
    return [{"name": name, "value": value} for name, value in rows]


def _language(concern: Concern) -> str:
    name = language_name(concern.language)
    return _("%(language)s, with interpreter", language=name) if concern.interpreter else name


def _raised_by(concern: Concern, sight: Sight) -> str:
    """Who it is where the reader may know, else why they may not."""
    if concern.mode is Mode.ANONYMOUS:
        return _("Nobody knows. They read here with their receipt code.")
    if concern.mode is Mode.CONFIDENTIAL:
        return _("Kept apart. A reviewer can open it for a reason.")
    if not policy.can_see_identity(sight, concern):
        return _("Not shown")
    identity = db.session.scalars(identity_of(concern)).one_or_none()
    known = [name_of(identity), *contact_of(identity)]
    return ", ".join(filter(None, known)) or _("No name was left")


def _kept_from(concern: Concern, sight: Sight) -> str | None:
    if not policy.can_name(sight, concern):
        return None
    return ", ".join(recusal.person.name for recusal in concern.recusals) or None


def _main(concern: Concern, sight: Sight) -> Concern | None:
    """The concern this one is merged into, when the reader sees it."""
    if concern.merged_into_id is None:
        return None
    main = db.session.get(Concern, concern.merged_into_id)
    return db.session.scalars(on_desk_by_reference(sight, main.reference)).one_or_none() if main else None


def _words(concern: Concern) -> list[tuple[int, str]]:
    """Words for answers in the person's language, else in English."""
    found = db.session.scalars(templates(concern.language)).all() or db.session.scalars(templates("en")).all()
    return [(template.id, option_words(template)) for template in found]


def _may(concern: Concern, sight: Sight) -> dict[str, bool]:
    return {
        "assign": policy.can_assign(sight, concern),
        "close": concern.is_open,
        "screen": policy.can_screen(sight, concern) and concern.about is not About.TOWN,
        "open_identity": policy.can_open_identity(sight, concern),
        "withhold": policy.can_withhold(sight, concern),
    }


def _forms(concern: Concern, sight: Sight, given: dict[str, Form]) -> dict[str, Any]:
    """Every form of the page: those given, and fresh ones."""
    people = desk_forms.people_for(concern)
    me: Person = current_user._get_current_object()
    return {
        "answer": given.get("answer") or desk_forms.answer_form(concern, sight, text=_template_text()),
        "close": given.get("close") or desk_forms.close_form(concern),
        "note": given.get("note") or desk_forms.note_form(),
        "assign": given.get("assign") or desk_forms.assign_form(concern, people),
        "recuse": given.get("recuse") or desk_forms.recuse_form(concern, sight, people, me),
        "withhold": given.get("withhold") or desk_forms.withhold_form(),
    }


def _template_text() -> str:
    """The words that ``?template=`` asks for."""
    wanted = request.args.get("template", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return ""
    found = db.session.scalars(template_by_id(int(wanted))).one_or_none()
    return found.text if found else ""


def _read_to(concern: Concern, forms: dict[str, Form]) -> int | None:
    """How far the writer of a form that comes back had read; the form now knows the newest entry."""
    for form in forms.values():
        if isinstance(form, KeptForm):
            seen = form.seen
            form.last.data = str(db.session.scalar(last_number(concern.id)) or 0)
            return seen
    return None
