"""Ending kinds of mail: by one click in a mail program (RFC 8058), by a page, and from one's account.

What opens the page is the token in the mail: no cookie, no account and no form's token is asked for, since mail
programs have none. A GET changes nothing: scanners of mail follow every link.
"""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.core.access import public_uncached, signed_in
from forum.core.forms import unprocessable
from forum.core.headers import accepts_cross_site
from forum.events import stop_links
from forum.events.forms.mail_choices import MailChoicesForm
from forum.events.models import Topic
from forum.events.operations import refusals
from forum.events.queries.refusals import refused_topics
from forum.events.views.public import blueprint
from forum.extensions import csrf, db


@blueprint.get("/u/<token>")
@public_uncached
def stop_mail(token: str) -> str:
    """The page with the button."""
    _number, topic = _read(token)
    return render_template("events/stop_mail.html", state="ask", words=_words(topic), token=token)


@blueprint.post("/u/<token>")
@csrf.exempt
@accepts_cross_site
@public_uncached
def stop_mail_post(token: str) -> str:
    """End it, whatever the body says and however often it comes."""
    number, topic = _read(token)
    refusals.stop(rsvp_id=number, topic=topic)
    return render_template("events/stop_mail.html", state="stopped", words=_words(topic), token=token)


@blueprint.post("/u/<token>/again")
@csrf.exempt
@accepts_cross_site
@public_uncached
def resume_mail(token: str) -> str:
    """Send it again after all."""
    number, topic = _read(token)
    refusals.resume(rsvp_id=number, topic=topic)
    return render_template("events/stop_mail.html", state="again", words=_words(topic), token=token)


@blueprint.get("/account/mail")
@signed_in
def mail_choices() -> str:
    """What one gets."""
    refused = db.session.scalars(refused_topics(current_user.id)).all()
    form = MailChoicesForm(formdata=None, data={str(topic): topic not in refused for topic in Topic})
    return render_template("events/mail_choices.html", form=form)


@blueprint.post("/account/mail")
@signed_in
def save_mail_choices() -> Response:
    """Keep the choices."""
    form = MailChoicesForm()
    if not form.validate():
        return unprocessable("events/mail_choices.html", form=form)
    refusals.choose(person_id=current_user.id, wanted=form.wanted())
    flash(_("Saved. You get the mail you chose."), "success")
    return redirect(url_for("events.mail_choices"), 303)


def _read(token: str) -> tuple[int, Topic]:
    return stop_links.read(token) or abort(404)


def _words(topic: Topic) -> str:
    return {
        Topic.FEEDBACK: _("Questions about how a date was"),
        Topic.MESSAGES: _("Messages from organizers to everybody who comes"),
        Topic.REMINDERS: _("Reminders before a date"),
    }[topic]
