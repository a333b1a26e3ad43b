"""One's own concerns, by account."""

from __future__ import annotations

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forum.concerns.models import Concern
from forum.concerns.pictures import folder
from forum.concerns.policy import can_see_on_desk, is_own
from forum.concerns.queries.own import own_concerns, picture_by_name
from forum.concerns.queries.sight import own_by_reference, sight_of
from forum.concerns.queries.thread import identity_of
from forum.concerns.receipts import reference_as_meant
from forum.concerns.views import blueprint, thread_page
from forum.core.access import require, signed_in
from forum.core.errors import error_page
from forum.core.forms import clean_text
from forum.core.uploads import guarded
from forum.extensions import db


@blueprint.get("/account/concerns")
@signed_in
def list_own() -> str:
    """What I raised with this account, the last changed first."""
    found = db.session.scalars(own_concerns(current_user.id)).all()
    return render_template("concerns/own.html", concerns=found)


@blueprint.post("/concerns/<reference>/<any(reply, mode, withdraw, dispute, consent):act>")
@signed_in
def act(reference: str, act: str) -> ResponseReturnValue:
    """Write again, make it stricter, take it back, disagree."""
    done = thread_page.carry_out(_own(reference), act)
    if isinstance(done, Response):
        return done
    flash(done, "success")
    return redirect(url_for("concerns_public.concern", reference=reference), 303)


@blueprint.get("/concerns/<reference>/<any(reply, mode, withdraw, dispute, consent):act>")
@signed_in
def act_asked(reference: str, act: str) -> ResponseReturnValue:
    """Where the address of an act is opened again, as after choosing another language: the thread."""
    return redirect(url_for("concerns_public.concern", reference=_own(reference).reference), 303)


@blueprint.get("/concerns/pictures/<name>")
@signed_in
def picture(name: str) -> Response:
    """A picture, for its person's account and for who works the concern."""
    found = db.session.scalars(picture_by_name(name.replace("-640.jpg", ".jpg"))).one_or_none() or abort(404)
    own = is_own(current_user.id, db.session.scalars(identity_of(found.concern)).one_or_none())
    require(own or can_see_on_desk(sight_of(current_user), found.concern))
    return guarded(name, folder())


def rescue() -> Response:
    """What was typed with a new token, because the old one ended."""
    values = request.view_args or {}
    reference, act = str(values.get("reference", "")), str(values.get("act", ""))
    if current_user.is_authenticated:
        found = _find(reference)
        return thread_page.ended(found, act) if found is not None else error_page(400)
    back = url_for("concerns_public.concern", reference=reference)
    text = clean_text(request.form.get("text"))
    return make_response(render_template("concerns/kept.html", text=text, back=back), 400)


def _own(reference: str) -> Concern:
    return _find(reference) or abort(404)


def _find(reference: str) -> Concern | None:
    return db.session.scalars(own_by_reference(current_user.id, reference_as_meant(reference))).one_or_none()
