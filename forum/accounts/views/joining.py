"""Registering and confirming."""

from __future__ import annotations

import hmac
import secrets

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts import links, passwords, signing_in, throttle
from forum.accounts.forms import EmptyForm, RegisterForm
from forum.accounts.models import LinkPurpose
from forum.accounts.operations import registering
from forum.accounts.views import blueprint
from forum.accounts.views.answers import flash_saved, link_refused, shown
from forum.core.access import public_uncached
from forum.core.errors import Refusal
from forum.core.languages import page_language

REGISTERED = "registered"  # session key: the mark of the registration made in this browser


@blueprint.route("/account/register", methods=["GET", "POST"])
@public_uncached
def register() -> ResponseReturnValue:
    """Name, address, password. The answer is the same whoever has the address."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.overview"), 303)
    form, refusal = RegisterForm(), None
    if form.validate_on_submit():
        try:
            _ask_to_confirm(form)
        except Refusal as error:
            refusal = error
        else:
            return redirect(url_for("accounts.check_mail", occasion="confirm"), 303)
    return shown("accounts/register.html", form, refusal)


def _ask_to_confirm(form: RegisterForm) -> None:
    throttle.count_form()
    password_hash = passwords.hash_password(form.password.data or "")
    email = form.email.data or ""
    mark = secrets.token_hex(32)  # as long as a real one
    if throttle.may_mail(email):
        mark = registering.register(
            name=form.name.data or "", email=email, password_hash=password_hash, language=page_language()
        )
    session[REGISTERED] = mark


@blueprint.get("/account/check-mail")
@public_uncached
def check_mail() -> ResponseReturnValue:
    """What happens next, after registering, asking for a reset or for a new address."""
    occasion = request.args.get("occasion", "")
    known = occasion if occasion in ("reset", "email") else "confirm"
    return render_template("accounts/check_mail.html", occasion=known)


@blueprint.get("/account/confirm/<token>")
@public_uncached
def confirm(token: str) -> ResponseReturnValue:
    """A button, since mail programs open links ahead of their reader."""
    try:
        links.find(token, LinkPurpose.CONFIRM)
    except Refusal as error:
        return link_refused(error)
    return render_template("accounts/confirm.html", form=EmptyForm())


@blueprint.post("/account/confirm/<token>")
@public_uncached
def confirm_post(token: str) -> ResponseReturnValue:
    """Confirm; the browser that registered is signed in, any other is asked for the password it chose."""
    try:
        person = registering.confirm_registration(token)
        welcome = _registered_here(token) and not current_user.is_authenticated
        if welcome:
            signing_in.complete_sign_in(signing_in.Proof(person, person.password_hash), stay=False)
    except Refusal as error:
        return link_refused(error)
    if welcome:
        flash_saved(_("Welcome, %(name)s. Your account is ready.", name=person.name))
        return redirect("/", 303)
    flash_saved(_("Your address is confirmed. Sign in with the password you chose."))
    return redirect(url_for("accounts.sign_in"), 303)


def _registered_here(token: str) -> bool:
    mark = session.pop(REGISTERED, "")
    return isinstance(mark, str) and hmac.compare_digest(mark.encode(), links.browser_mark(token).encode())
