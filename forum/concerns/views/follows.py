"""«Me too» and follow, with an account or by mail. Nothing here is cached; what a mailed link opens is private."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts import throttle
from forum.accounts.throttle import TooManyTries
from forum.concerns.forms.following import FollowForm, GuestFollowForm
from forum.concerns.models import Concern
from forum.concerns.operations.following import (
    LinkOver,
    ask_to_follow,
    find_follow,
    find_request,
    follow_concern,
    follow_token,
    stop_follow,
)
from forum.concerns.operations.following import (
    confirm_follow as confirm,
)
from forum.concerns.queries.following import follow_of_person
from forum.concerns.views.public import blueprint, listed_or_404
from forum.core import fleeting_limits as counts
from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.core.forms import Form, unprocessable
from forum.core.headers import CROSS_SITE
from forum.core.languages import page_language
from forum.extensions import csrf, db

PER_ADDRESS = "60 per hour"  # a whole library may share one; mailboxes have a limit of their own


@blueprint.get("/concerns/<reference>/follow")
@public_uncached
def follow(reference: str) -> str:
    """The form: two boxes, and for who is not signed in an address."""
    concern = listed_or_404(reference)
    return render_template("concerns/follow.html", **_context(concern, _form(concern)))


@blueprint.post("/concerns/<reference>/follow")
@public_uncached
def save_follow(reference: str) -> Response:
    """Count it, or mail a link to confirm: the answer is the same whoever has the address."""
    concern = listed_or_404(reference)
    form = FollowForm() if current_user.is_authenticated else GuestFollowForm()
    if form.validate():
        try:
            return _save(concern, form)
        except Refusal as refusal:
            form.refuse(refusal)
            return _refused(refusal, **_context(listed_or_404(reference), form))
    return unprocessable("concerns/follow.html", **_context(concern, form))


@blueprint.get("/concerns/<reference>/follow/check-mail")
@public_uncached
def follow_asked(reference: str) -> str:
    """What happens next."""
    return render_template("concerns/follow_asked.html", concern=listed_or_404(reference))


@blueprint.get("/concerns/follow/confirm/<token>")
@public_uncached
def confirm_follow(token: str) -> Response:
    """A button, since mail programs open links ahead of their reader."""
    try:
        asked = find_request(token)
    except LinkOver as over:
        return _link_over(over)
    return make_response(render_template("concerns/follow_confirm.html", asked=asked, form=Form()))


@blueprint.post("/concerns/follow/confirm/<token>")
@public_uncached
def confirm_follow_post(token: str) -> Response:
    """Count it, and say so on the concern's page, or where it can be taken back."""
    try:
        concern = find_request(token).concern
        kept = confirm(token)
    except LinkOver as over:
        return _link_over(over)
    except Refusal as refusal:
        form = Form(formdata=None)
        form.form_errors.append(str(refusal))
        return unprocessable("concerns/follow_confirm.html", asked=find_request(token), form=form)
    flash(_("Thank you. It counts now."), "success")
    if kept is None:
        return redirect(url_for("concerns_public.follow", reference=concern.reference), 303)
    return redirect(url_for("concerns_public.stop_following", token=follow_token(kept)), 303)


@blueprint.get("/concerns/follow/<token>")
@public_uncached
def stop_following(token: str) -> Response:
    """What the link in every mail opens: what somebody said, and the buttons to take it back."""
    found = find_follow(token) or abort(404)
    return make_response(
        render_template("concerns/stop_following.html", follow=found, concern=found.concern, token=token)
    )


@blueprint.post("/concerns/follow/<token>")
@csrf.exempt
@public_uncached
def stop_following_post(token: str) -> Response:
    """Stop at once, also for mail programs (RFC 8058): no cookie, no form's token; twice is once."""
    found = find_follow(token)
    if found is None:
        return make_response(render_template("concerns/stopped.html", reference=None))
    reference = found.concern.reference if found.concern.is_listed else None
    stop_follow(follow=found, me_too_as_well=request.form.get("all") == "1")
    return make_response(render_template("concerns/stopped.html", reference=reference))


def _save(concern: Concern, form: FollowForm) -> Response:
    if isinstance(form, GuestFollowForm):
        _ask(concern, form)
        return redirect(url_for("concerns_public.follow_asked", reference=concern.reference), 303)
    follow_concern(actor=current_user, concern=concern, me_too=form.me_too.data, mails=form.mails.data)
    flash(_("Saved."), "success")
    return redirect(url_for("concerns_public.follow", reference=concern.reference), 303)


def _ask(concern: Concern, form: GuestFollowForm) -> None:
    address = counts.address()
    if not counts.hit("concern-follow", address, PER_ADDRESS):
        raise TooManyTries(counts.retry_after("concern-follow", address, PER_ADDRESS))
    email = form.email.data or ""
    if not throttle.may_mail(email):
        return  # told the same: whoever floods a mailbox learns nothing
    ask_to_follow(
        concern=concern,
        email=email,
        language=page_language(),
        me_too=form.me_too.data,
        mails=form.mails.data,
    )


def _form(concern: Concern) -> FollowForm:
    if not current_user.is_authenticated:
        return GuestFollowForm(formdata=None, me_too=True, mails=True)
    said = db.session.scalars(follow_of_person(concern.id, current_user.id)).one_or_none()
    return FollowForm(formdata=None, me_too=said is None or said.me_too, mails=said is None or said.mails)


def _context(concern: Concern, form: FollowForm) -> dict[str, Any]:
    return {"concern": concern, "form": form}


def _refused(refusal: Refusal, **context: Any) -> Response:
    answer = unprocessable("concerns/follow.html", **context)
    if isinstance(refusal, TooManyTries):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _link_over(over: LinkOver) -> Response:
    return make_response(render_template("concerns/follow_link_over.html", message=over.message), 404)


setattr(stop_following_post, CROSS_SITE, True)
