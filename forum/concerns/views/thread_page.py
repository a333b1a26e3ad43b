"""The thread as its own person sees it, by code or by account, and what they may do there."""

from __future__ import annotations

import hashlib

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _

from forum.concerns import danger
from forum.concerns.clock_words import next_words
from forum.concerns.forms.carrying import Carried
from forum.concerns.forms.thread import ThreadForm
from forum.concerns.models import Cause, Concern, Item, Status
from forum.concerns.operations.disputing import dispute_concern, withdraw_concern
from forum.concerns.operations.speaking import make_stricter, write_again
from forum.concerns.operations.transferring import answer_transfer
from forum.concerns.operations.warning import count_warning
from forum.concerns.pictures import embedded
from forum.concerns.policy import STRICTER, can_dispute
from forum.concerns.queries.thread import entries_of, pictures_of
from forum.concerns.queries.transfers import waiting_for_consent
from forum.concerns.views.afterwards import afterwards_url
from forum.concerns.views.concern_page import steps
from forum.concerns.views.thread_rows import ThreadRow, whole_thread
from forum.concerns.words import item_words
from forum.core import clock
from forum.core.errors import Refusal
from forum.core.tokens import random_token
from forum.extensions import db

ACTS = ("reply", "mode", "withdraw", "dispute", "consent")


def page(concern: Concern, *, code: str = "", act: str = "", form: ThreadForm | None = None, said: str = "",
         status: int = 200, carried: Carried | None = None) -> Response:  # fmt: skip
    """The thread. *form* is what was sent to *act* and could not be done; *said* tells what was done."""
    fresh = ThreadForm(formdata=None, code=code, key=random_token())
    fresh.offer(concern)
    form = form or fresh
    context = {
        "concern": concern, "rows": _rows(concern), "steps": steps(concern),
        "next_words": next_words(concern, clock.now()),
        "form": form, "fresh": fresh, "act": act, "said": said,
        "by_code": bool(code), "code": code, "may_dispute": can_dispute(concern, clock.now()),
        "may_withdraw": concern.status is not Status.CLOSED, "stricter": STRICTER[concern.mode],
        "carried": carried or Carried(), "address": lambda name: _address(concern, name, code),
        "untraced": bool(code), "problems": _problems(form, act), "afterwards_url": afterwards_url(concern),
        "language_form": "with-code" if code else "",
        "questions": [
            (question, [(word, item_words(Item(word))) for word in question.items])
            for question in db.session.scalars(waiting_for_consent(concern.id))
        ],
    }  # fmt: skip
    return make_response(render_template("concerns/thread.html", **context), status)


def carry_out(concern: Concern, act: str, code: str = "") -> Response | str:
    """Do *act* with what was sent: words that tell what was done, or the page with what to mend."""
    form, carried = ThreadForm(), Carried()
    form.offer(concern)
    try:
        if act == "reply":
            carried = Carried.of(request)
        if carried.errors:
            raise Refusal(" ".join(carried.errors), "text")
        form.validate()
        if form.text.errors:
            raise Refusal(" ".join(str(error) for error in form.text.errors))
        return _do(concern, act, form, carried)
    except Refusal as refusal:
        form.text.errors = []
        form.refuse(refusal)
    return page(concern, code=code, act=act, form=form, status=422, carried=carried)


def ended(concern: Concern, act: str, code: str = "") -> Response:
    """The page with what was typed, because the token of its form had ended."""
    form = ThreadForm()
    form.offer(concern)
    form.form_errors.append(
        _("This page was open for a long time. Nothing is lost: please press the button again.")
    )
    return page(concern, code=code, act=act, form=form, status=400)


def _do(concern: Concern, act: str, form: ThreadForm, carried: Carried) -> str:
    text, key = form.text.data or "", _key(concern, act, form.key.data or "")
    if act == "reply":
        write_again(concern=concern, text=text, key=key, pictures=carried.all())
        return _kept_words(text)
    if act == "consent":
        return _consent(concern)
    if act == "withdraw":
        withdraw_concern(concern=concern, words=text, key=key)
        return _("Your concern is taken back. Nobody works on it any more.")
    if act == "dispute":
        dispute_concern(concern=concern, words=text, key=key)
        return _("Your concern is open again. Somebody else than who closed it looks at it.")
    if form.chosen_mode is None:
        raise Refusal(_("Choose who may see it."), "mode")
    make_stricter(concern=concern, mode=form.chosen_mode)
    return _("Fewer people see it from now on.")


def _kept_words(text: str) -> str:
    """That they are kept; where they speak of danger, whom to call first."""
    if not danger.speaks_of_danger(text):
        return _("We have your words.")
    count_warning(Cause.WORDS)
    return _(
        "We have your words, and read them in office hours. Is somebody in danger now? Call or text %(number)s.",
        number=current_app.config["FORUM"].agency_emergency_number,
    )


def _consent(concern: Concern) -> str:
    """What the person lets us pass on. Refusal when the question is none of theirs, or answered meanwhile."""
    number = request.form.get("question", "")
    found = [q for q in db.session.scalars(waiting_for_consent(concern.id)) if str(q.id) == number]
    if not found:
        raise Refusal(_("This question was answered already."))
    shared = request.form.getlist("shared") if request.form.get("answer") == "yes" else []
    answer_transfer(transfer=found[0], items=[Item(word) for word in shared if word in found[0].items])
    return _("We have your answer. Only what you chose leaves us.")


def _problems(form: ThreadForm, act: str) -> list[tuple[str | None, str]]:
    """What to mend, each with the place it is at."""
    found: list[tuple[str | None, str]] = [(None, str(words)) for words in form.form_errors]
    found += [(f"{act}-text", str(words)) for words in form.text.errors]
    return found + [(form.mode.id, str(words)) for words in form.mode.errors]


def _key(concern: Concern, act: str, key: str) -> str | None:
    """What tells that this very form was sent before; nobody can take the place of another concern's form."""
    return hashlib.sha256(f"{concern.id}:{act}:{key}".encode()).hexdigest() if key else None


def _address(concern: Concern, act: str, code: str) -> str:
    if code:
        return url_for("concerns.act_by_code", act=act)
    return url_for("concerns.act", reference=concern.reference, act=act)


def _rows(concern: Concern) -> list[ThreadRow]:
    entries = db.session.scalars(entries_of(concern)).all()
    return whole_thread(concern, entries, own=True, pictures=_pictures(concern))


def _pictures(concern: Concern) -> dict[int | None, list[dict[str, str]]]:
    """By the entry they came with: None for those of the beginning. Inside the page, so that no address shows them."""
    found: dict[int | None, list[dict[str, str]]] = {}
    for picture in db.session.scalars(pictures_of(concern)):
        shown = {"address": embedded(picture.name), "alt": picture.alt}
        found.setdefault(picture.entry_id, []).append(shown)
    return found
