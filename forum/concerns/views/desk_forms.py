"""The forms of a case, with the choices that its state and the reader leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import request
from flask_babel import gettext as _
from wtforms import SelectChoice

from forum.accounts.models import Person
from forum.concerns import policy
from forum.concerns.forms.desk import (
    AnswerForm,
    AssignForm,
    CloseForm,
    KeptForm,
    NoteForm,
    RecuseForm,
    WithholdForm,
)
from forum.concerns.models import Closing, Concern, Mode, Status, Waiting, Withholding
from forum.concerns.policy import Sight
from forum.concerns.queries.colleagues import may_be_given_to
from forum.concerns.queries.desk import merged_into
from forum.concerns.queries.thread import last_number
from forum.concerns.states import NEXT
from forum.concerns.words import closing_words, status_words
from forum.core.forms import Form
from forum.core.languages import page_language
from forum.core.tokens import random_token
from forum.extensions import db

K = TypeVar("K", bound=KeptForm)


def answer_form(concern: Concern, sight: Sight, *, text: str = "") -> AnswerForm:
    """Write to the person, and take a step."""
    form = AnswerForm(prefix="answer-")
    form.step.choices = [SelectChoice(value, words) for value, words in step_choices(concern.status)]
    merged = db.session.scalars(merged_into(sight, concern)).all()
    form.also.choices = [SelectChoice(found.reference, found.reference) for found in merged]
    if not _was_sent(form):
        form.text.data, form.public.data = text, concern.mode is Mode.PUBLIC
    return _kept(form, concern)


def close_form(concern: Concern) -> CloseForm:
    """Close it."""
    form = CloseForm(prefix="close-")
    form.closed_as.choices = [SelectChoice("", _("Choose")), *closing_choices()]
    return _kept(form, concern)


def note_form() -> NoteForm:
    """Write a note."""
    return NoteForm(prefix="note-")


def assign_form(concern: Concern, people: Sequence[Person]) -> AssignForm:
    """Give it to somebody; those who speak the person's language come first, and the list says so."""
    form = AssignForm(prefix="assign-")
    form.to.choices = [SelectChoice("", _("Nobody")), *_people(concern, people)]
    if not _was_sent(form):
        form.to.data = str(concern.assigned_to_id or "")
    return form


def recuse_form(concern: Concern, sight: Sight, people: Sequence[Person], me: Person) -> RecuseForm:
    """Step back; or, of reviewers and supervisors, keep it from somebody."""
    form = RecuseForm(prefix="recuse-")
    offered = people if policy.can_name(sight, concern) else [me]
    form.person.choices = [SelectChoice(str(person.id), person.name) for person in offered]
    return form


def withhold_form() -> WithholdForm:
    """Take it from the public pages."""
    form = WithholdForm(prefix="withhold-")
    form.reason.choices = [
        SelectChoice("", _("Choose")),
        *(SelectChoice(str(reason), withholding_words(reason)) for reason in Withholding),
    ]
    return form


def people_for(concern: Concern) -> list[Person]:
    """Whom it may be given to."""
    return may_be_given_to(concern)


def step_choices(before: Status) -> list[tuple[str, str]]:
    """What may follow *before*, closing left out: it has a form of its own."""
    found = [("", _("As it was: %(status)s", status=status_words(before)))]
    for status in (Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.ANSWERED, Status.REOPENED):
        if status in NEXT[before]:
            found.append((str(status), status_words(status)))
    if Status.WAITING in NEXT[before]:
        found += [(f"{Status.WAITING}:{whom}", staff_waiting_words(whom)) for whom in Waiting]
    return found


def closing_choices() -> list[SelectChoice]:
    """Why it may be closed."""
    return [SelectChoice(str(reason), closing_words(reason)) for reason in Closing]


def staff_waiting_words(waiting: Waiting) -> str:
    """«Waiting for the person», as the desk says it."""
    return {
        Waiting.OUTSIDE: _("Waiting for somebody outside the agency"),
        Waiting.PARTNER: _("Waiting for a partner"),
        Waiting.PERSON: _("Waiting for the person"),
    }[waiting]


def withholding_words(reason: Withholding) -> str:
    """«It names somebody»."""
    return {
        Withholding.ENDANGERS: _("It puts somebody in danger"),
        Withholding.NAMES_SOMEBODY: _("It names somebody, or says where they live"),
        Withholding.PERSON_ASKED: _("The person who raised it asked for it"),
        Withholding.UNLAWFUL: _("The law forbids showing it"),
    }[reason]


def _kept(form: K, concern: Concern) -> K:
    if not _was_sent(form) or not form.key.data:
        form.key.data = random_token()
    if not _was_sent(form):
        form.last.data = str(db.session.scalar(last_number(concern.id)) or 0)
    return form


def _was_sent(form: Form) -> bool:
    """Whether this one of the page's forms was sent. Beside another that was, it stands as on a page freshly opened."""
    return form.is_submitted() and any(name.startswith(form._prefix) for name in request.form)


def _people(concern: Concern, people: Sequence[Person]) -> list[SelectChoice]:
    speaks = concern.language if concern.language != page_language() or concern.interpreter else None
    first = sorted(people, key=lambda person: person.language != speaks)
    return [
        SelectChoice(
            str(person.id),
            _("%(name)s, reads their language", name=person.name)
            if person.language == speaks
            else person.name,
        )
        for person in first
    ]
