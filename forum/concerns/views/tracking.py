"""Coming back with the receipt code. The code is sent, never part of an address; nothing is kept on the device."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from forum.concerns import throttle
from forum.concerns.forms.thread import CodeForm
from forum.concerns.models import Concern
from forum.concerns.queries.sight import by_code_hash
from forum.concerns.receipts import code_hash
from forum.concerns.views import blueprint, thread_page
from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.core.languages import switch
from forum.core.untraced import untraced
from forum.extensions import db


@blueprint.get("/concerns/track")
@public_uncached
@untraced
def track() -> Response:
    """Where the code is typed."""
    return _ask(CodeForm(formdata=None))


@blueprint.post("/concerns/track")
@public_uncached
@untraced
def open_thread() -> Response:
    """The thread itself is the answer, also to who wants it in another language."""
    switch(request.form.get("speak", ""))
    form = CodeForm()
    found = _found(form)
    return thread_page.page(found, code=form.code.data or "") if isinstance(found, Concern) else found


@blueprint.post("/concerns/track/<any(reply, mode, withdraw, dispute, consent):act>")
@public_uncached
@untraced
def act_by_code(act: str) -> Response:
    """Write again, make it stricter, take it back, disagree: the code comes along, the thread answers."""
    form = CodeForm()
    found = _found(form)
    if not isinstance(found, Concern):
        return found
    code = form.code.data or ""
    done = thread_page.carry_out(found, act, code)
    return done if isinstance(done, Response) else thread_page.page(found, code=code, said=done)


@blueprint.get("/concerns/track/<any(reply, mode, withdraw, dispute, consent):act>")
@public_uncached
@untraced
def act_by_code_asked(act: str) -> BaseResponse:
    """Where the address of an act is opened again, as after choosing another language: the code is asked for."""
    return redirect(url_for("concerns.track"), 303)


def rescue() -> Response:
    """What was typed with a new token, because the old one ended."""
    form = CodeForm()
    act = (request.view_args or {}).get("act")
    found = _found(form) if act else None
    if isinstance(found, Concern):
        return thread_page.ended(found, str(act), form.code.data or "")
    form.form_errors.append(
        _("This page was open for a long time. Nothing is lost: please press the button again.")
    )
    return _ask(form, 400)


def _found(form: CodeForm) -> Concern | Response:
    """The concern of the code that was sent, or the page that says the same whatever was wrong with it."""
    try:
        throttle.before_code()
    except throttle.PleaseWait as wait:
        form.refuse(wait)
        answer = _ask(form, 429)
        answer.headers["Retry-After"] = str(wait.seconds)
        return answer
    typed = form.code.data or ""
    found = db.session.scalars(by_code_hash(code_hash(typed))).one_or_none()
    if found is not None:
        return found
    if typed:
        throttle.wrong_code()
        form.refuse(
            Refusal(_("This code opens nothing. Please compare it with what you wrote down."), "code")
        )
    else:
        form.refuse(Refusal(_("Type the code of your receipt."), "code"))
    return _ask(form, 422)


def _ask(form: CodeForm, status: int = 200) -> Response:
    return make_response(render_template("concerns/track.html", form=form, untraced=True), status)
