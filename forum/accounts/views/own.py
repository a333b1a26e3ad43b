"""One's own account."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts import passwords, policy, queries, signing_in, throttle
from forum.accounts.forms import ChangeEmailForm, ChangePasswordForm, DeleteForm, LanguageForm, NameForm
from forum.accounts.models import Person
from forum.accounts.operations import credentials, erasing
from forum.accounts.operations import sessions as session_operations
from forum.accounts.views import blueprint
from forum.accounts.views.answers import flash_saved, shown
from forum.core import languages
from forum.core.access import public_uncached, require, signed_in
from forum.core.errors import Refusal
from forum.extensions import db


def _me() -> Person:
    """The person behind ``current_user``: Flask-Login's proxy may not be signed in as itself."""
    person: Person = current_user._get_current_object()
    return person


def _overview() -> ResponseReturnValue:
    return redirect(url_for("accounts.overview"), 303)


@blueprint.get("/account")
@signed_in
def overview() -> ResponseReturnValue:
    """What the account holds, where it is signed in, and the ways to change either."""
    sessions = db.session.scalars(queries.sessions_of(_me())).all()
    return render_template(
        "accounts/overview.html", sessions=sessions, language_names=dict(languages.offered())
    )


@blueprint.route("/account/name", methods=["GET", "POST"])
@signed_in
def name() -> ResponseReturnValue:
    """What others see."""
    form = NameForm(obj=current_user)
    if form.validate_on_submit():
        credentials.change_name(_me(), form.name.data or "")
        flash_saved(_("Your name is changed."))
        return _overview()
    return shown("accounts/name.html", form)


@blueprint.route("/account/language", methods=["GET", "POST"])
@signed_in
def language() -> ResponseReturnValue:
    """The language of mail."""
    form = LanguageForm(obj=current_user)
    form.language.choices = languages.offered()
    if form.validate_on_submit():
        credentials.change_language(_me(), form.language.data)
        flash_saved(_("We write to you in this language from now on."))
        return _overview()
    return shown("accounts/language.html", form)


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """A new password; every other session ends."""
    form, refusal = ChangePasswordForm(), None
    if form.validate_on_submit():
        try:
            proof = signing_in.prove_again(_me(), form.password.data or "")
            password_hash = passwords.hash_password(form.new_password.data or "")
            credentials.change_password(_me(), proof=proof, password_hash=password_hash)
            again = signing_in.Proof(_me(), password_hash)
            signing_in.complete_sign_in(again, stay=session.permanent)
        except Refusal as error:
            refusal = error
        else:
            flash_saved(_("Your password is changed. Every other device is signed out."))
            return _overview()
    return shown("accounts/password.html", form, refusal)


@blueprint.route("/account/email", methods=["GET", "POST"])
@signed_in
def email() -> ResponseReturnValue:
    """A new address, which counts once the link mailed to it is confirmed."""
    form, refusal = ChangeEmailForm(), None
    if form.validate_on_submit():
        try:
            proof = signing_in.prove_again(_me(), form.password.data or "")
            throttle.count_mail(form.email.data or "")
            credentials.request_email_change(_me(), proof=proof, new_email=form.email.data or "")
        except Refusal as error:
            refusal = error
        else:
            return redirect(url_for("accounts.check_mail", occasion="email"), 303)
    return shown("accounts/email.html", form, refusal)


@blueprint.route("/account/delete", methods=["GET", "POST"])
@signed_in
def delete() -> ResponseReturnValue:
    """Erase the account."""
    form, refusal = DeleteForm(), None
    if form.validate_on_submit():
        try:
            proof = signing_in.prove_again(_me(), form.password.data or "")
            erasing.erase_account(_me(), proof=proof)
        except Refusal as error:
            refusal = error
        else:
            signing_in.sign_out()
            throttle.forget_browser()
            return redirect(url_for("accounts.deleted"), 303)
    return shown("accounts/delete.html", form, refusal)


@blueprint.get("/account/deleted")
@public_uncached
def deleted() -> ResponseReturnValue:
    """What was erased, and what remains."""
    return render_template("accounts/deleted.html")


@blueprint.post("/account/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one device out."""
    found = db.session.scalar(queries.session_of(current_user, session_id))
    require(found is not None and policy.can_end_session(current_user, found))
    if session_id == current_user.session_id:
        signing_in.sign_out()
        return redirect("/", 303)
    session_operations.end_session(session_id)
    flash_saved(_("That device is signed out."))
    return _overview()


@blueprint.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other device out."""
    session_operations.end_sessions(current_user.id, but=current_user.session_id)
    flash_saved(_("Every other device is signed out."))
    return _overview()
