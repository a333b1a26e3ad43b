"""Signing in and out."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forum.accounts import signing_in
from forum.accounts.forms import SignInForm
from forum.accounts.views import blueprint
from forum.accounts.views.answers import shown
from forum.core.access import public_uncached, safe_next, signed_in
from forum.core.errors import Refusal


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@public_uncached
def sign_in() -> ResponseReturnValue:
    """Address and password; then back to where the person came from."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    target = safe_next(form.next.data, "/")
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(target, 303)
    refusal = None
    if form.validate_on_submit():
        try:
            proof = signing_in.authenticate(form.email.data or "", form.password.data or "")
            signing_in.complete_sign_in(proof, stay=form.stay.data)
        except Refusal as error:
            refusal = error
        else:
            return redirect(target, 303)
    return shown("accounts/sign_in.html", form, refusal)


@blueprint.post("/account/sign-out")
@public_uncached
def sign_out() -> ResponseReturnValue:
    """End this session, here and on the server."""
    signing_in.sign_out()
    return redirect("/", 303)


@blueprint.post("/account/here")
@signed_in
def here() -> ResponseReturnValue:
    """The page's way to say that somebody is reading: the hook in ``accounts.sessions`` moves the session's end."""
    return "", 204
