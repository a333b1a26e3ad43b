"""Choosing a new password by a mailed link, and confirming a new address."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts import links, passwords, signing_in, throttle
from forum.accounts.forms import ChoosePasswordForm, EmptyForm, ResetForm
from forum.accounts.models import LinkPurpose
from forum.accounts.operations import credentials
from forum.accounts.views import blueprint
from forum.accounts.views.answers import flash_saved, link_refused, shown
from forum.core.access import public_uncached
from forum.core.errors import Refusal


@blueprint.route("/account/reset", methods=["GET", "POST"])
@public_uncached
def reset() -> ResponseReturnValue:
    """Ask for a reset link. The answer is the same whoever has the address."""
    form, refusal = ResetForm(), None
    if form.validate_on_submit():
        try:
            throttle.count_form()
        except Refusal as error:
            refusal = error
        else:
            if throttle.may_mail(form.email.data or ""):
                credentials.request_reset(email=form.email.data or "")
            return redirect(url_for("accounts.check_mail", occasion="reset"), 303)
    return shown("accounts/reset.html", form, refusal)


@blueprint.route("/account/reset/<token>", methods=["GET", "POST"])
@public_uncached
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a reset link or an invitation; every other session ends, this browser is signed in."""
    try:
        link = links.find(token, LinkPurpose.RESET, LinkPurpose.INVITE)
        invited, owner = link.purpose is LinkPurpose.INVITE, links.owner(link)
        form = ChoosePasswordForm((owner.email, owner.name))
        if form.validate_on_submit():
            password_hash = passwords.hash_password(form.password.data or "")
            person = credentials.choose_password(token, password_hash=password_hash)
            signing_in.complete_sign_in(signing_in.Proof(person, password_hash), stay=False)
            flash_saved(_("Your password is set, and you are signed in."))
            return redirect(url_for("accounts.overview"), 303)
    except Refusal as error:
        return link_refused(error)
    return shown("accounts/choose_password.html", form, invited=invited, owner=owner)


@blueprint.get("/account/email/<token>")
@public_uncached
def confirm_email(token: str) -> ResponseReturnValue:
    """A button, since mail programs open links ahead of their reader."""
    try:
        link = links.find(token, LinkPurpose.CHANGE_EMAIL)
    except Refusal as error:
        return link_refused(error)
    return render_template("accounts/confirm_email.html", form=EmptyForm(), new_email=link.new_email)


@blueprint.post("/account/email/<token>")
@public_uncached
def confirm_email_post(token: str) -> ResponseReturnValue:
    """Change the address; whoever holds the link has shown that the new mailbox is theirs."""
    try:
        credentials.confirm_email_change(token)
    except Refusal as error:
        return link_refused(error)
    flash_saved(_("Your e-mail address is changed. Use it from now on to sign in."))
    return redirect(
        url_for("accounts.overview" if current_user.is_authenticated else "accounts.sign_in"), 303
    )
