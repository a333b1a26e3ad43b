"""The case: read it, write to the person after a preview, close it, note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns import policy
from forum.concerns.forms.desk import AnswerForm, CloseForm, KeptForm
from forum.concerns.models import Author, Closing, Concern, Entry, Mode, Status
from forum.concerns.operations.working import add_note, answer_concern, change_status, close_concern
from forum.concerns.pictures import folder
from forum.concerns.policy import Sight
from forum.concerns.queries.desk import merged_into
from forum.concerns.queries.thread import picture_named
from forum.concerns.views import desk_forms
from forum.concerns.views.desk import blueprint, case_url, concern_or_404
from forum.concerns.views.desk_case_page import again, page
from forum.concerns.views.thread_rows import thread_rows
from forum.core import clock
from forum.core.access import require, staff
from forum.core.errors import Refusal
from forum.core.languages import own_language, written_in
from forum.core.uploads import guarded
from forum.extensions import db


@blueprint.get("/<reference>")
@staff(*policy.DESK)
def case(reference: str) -> str:
    """All of it."""
    return page(*concern_or_404(reference))


@blueprint.get("/<reference>/pictures/<name>")
@staff(*policy.DESK)
def picture(reference: str, name: str) -> Response:
    """One of its pictures, for who sees the case."""
    concern, _sight = concern_or_404(reference)
    found = db.session.scalars(picture_named(concern, name)).one_or_none()
    require(found is not None)
    return guarded(name, folder())


@blueprint.post("/<reference>/answer")
@staff(*policy.DESK)
def answer(reference: str) -> str | Response:
    """``action``: "preview" shows what the person will see, "send" sends it, "change" goes back to the words."""
    concern, sight = concern_or_404(reference)
    form = desk_forms.answer_form(concern, sight)
    action = request.form.get("action")
    if action == "change":
        return page(concern, sight, answer=form)
    if form.validate():
        try:
            if action == "preview":
                return _preview(concern, form, _answer_entry(form))
            _send(concern, sight, form)
            flash(_("Sent. The person can read it now."), "success")
            return redirect(case_url(concern), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return again(concern, sight, answer=form)


@blueprint.post("/<reference>/close")
@staff(*policy.DESK)
def close(reference: str) -> str | Response:
    """As :func:`answer`."""
    concern, sight = concern_or_404(reference)
    form = desk_forms.close_form(concern)
    action = request.form.get("action")
    if action == "change":
        return page(concern, sight, close=form)
    if form.validate():
        try:
            if action == "preview":
                return _preview(concern, form, _close_entry(form))
            _close(concern, form)
            flash(_("Closed. The person can say within 14 days that this is wrong."), "success")
            return redirect(case_url(concern), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return again(concern, sight, close=form)


@blueprint.post("/<reference>/notes")
@staff(*policy.DESK)
def note(reference: str) -> Response:
    """Write for the desk alone."""
    concern, sight = concern_or_404(reference)
    form = desk_forms.note_form()
    if form.validate():
        add_note(actor=current_user, concern=concern, text=form.note.data or "")
        flash(_("Noted, for the desk alone."), "success")
        return redirect(case_url(concern), 303)
    return again(concern, sight, note=form)


def _send(concern: Concern, sight: Sight, form: AnswerForm) -> None:
    common: dict[str, Any] = {
        "actor": current_user, "concern": concern, "text": form.text.data or "", "waits_for": form.waits_for,
        "key": form.form_key, "last": form.seen,
    }  # fmt: skip
    status = form.status
    if status is not None and not common["text"]:
        change_status(status=status, **common)
        return
    chosen = set(form.also.data or ())
    also = [found for found in db.session.scalars(merged_into(sight, concern)) if found.reference in chosen]
    answer_concern(status=status, public=bool(form.public.data), also=also, **common)


def _close(concern: Concern, form: CloseForm) -> None:
    close_concern(
        actor=current_user, concern=concern, closed_as=Closing(form.closed_as.data), text=form.text.data or "",
        evidence=form.evidence.data or "", key=form.form_key, last=form.seen,
    )  # fmt: skip


def _answer_entry(form: AnswerForm) -> Entry:
    """What would be written. Refusal for nothing at all."""
    if not form.text.data and form.status is None:
        raise Refusal(_("Write what you want to say."), "text")
    return _entry(text=form.text.data or "", status=form.status, waits_for=form.waits_for)


def _close_entry(form: CloseForm) -> Entry:
    """What would be written. Refusal for what was done without showing it."""
    closed_as = Closing(form.closed_as.data)
    evidence = form.evidence.data or ""
    if closed_as is Closing.DONE and not evidence:
        raise Refusal(_("Say what shows that it was done: what was seen, where and when."), "evidence")
    shown = evidence if closed_as is Closing.DONE else ""
    return _entry(text=form.text.data or "", status=Status.CLOSED, closed_as=closed_as, evidence=shown)


def _entry(**columns: Any) -> Entry:
    """An entry that is shown and never kept."""
    return Entry(**{"number": 0, "author": Author.STAFF, "at": clock.now(), "evidence": "", **columns})


def _preview(concern: Concern, form: KeptForm, entry: Entry) -> str:
    """The entry in the person's own language, as their thread will show it."""
    me = current_user._get_current_object()
    with written_in(own_language(concern.language) or "en"):
        entry.staff = me
        shown = thread_rows(concern, [entry], own=True)
    return render_template(
        "concerns/desk_preview.html",
        concern=concern,
        form=form,
        rows=shown,
        language=own_language(concern.language) or "en",
        fields=[(name, value) for name, value in request.form.items(multi=True) if name not in _OWN],
        is_public=concern.mode is Mode.PUBLIC and (isinstance(form, CloseForm) or bool(form["public"].data)),
        also=list(form["also"].data or ()) if isinstance(form, AnswerForm) else [],
    )


_OWN = ("csrf_token", "action")
