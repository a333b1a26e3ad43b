"""One's own calendar addresses: list, make, show once, revoke."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms.validators import InputRequired

from forum.core.access import signed_in
from forum.core.errors import Refusal
from forum.core.forms import Form, Line, unprocessable
from forum.core.qr import qr_svg
from forum.events.feeds import Site, subscribe_links
from forum.events.operations.calendars import create_calendar_token, revoke_calendar_token
from forum.events.queries.feeds import tokens_of
from forum.extensions import db

blueprint = Blueprint("calendars", __name__)


class CalendarForm(Form):
    """Which device or program an address is for."""

    name = Line(
        _l("Device or program"),
        [InputRequired(_l("Say which device this is for."))],
        most=60,
        description=_l("So that you know which one to revoke: “phone”, “work laptop”."),
    )


@blueprint.get("/account/calendars")
@signed_in
def calendars() -> str:
    """The addresses one has, and a form for another."""
    return render_template("events/calendars.html", form=CalendarForm(), tokens=_tokens())


@blueprint.post("/account/calendars")
@signed_in
def make_calendar() -> ResponseReturnValue:
    """Make an address and show it, this once: it is not in any redirect, cookie or table."""
    form = CalendarForm()
    if form.validate_on_submit():
        try:
            token = create_calendar_token(actor=current_user._get_current_object(), name=form.name.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(form.name.data or "", token)
    return unprocessable("events/calendars.html", form=form, tokens=_tokens())


@blueprint.post("/account/calendars/<int:token_id>/revoke")
@signed_in
def revoke_calendar(token_id: int) -> ResponseReturnValue:
    """End an address at once."""
    name = revoke_calendar_token(actor=current_user._get_current_object(), token_id=token_id)
    if name is None:
        abort(404)
    flash(_("“%(name)s” is revoked. A calendar that used it no longer gets anything.", name=name), "success")
    return redirect(url_for("calendars.calendars"), 303)


def _shown_once(name: str, token: str) -> str:
    site = Site.current()
    links = subscribe_links(f"{site.base_url}/calendar/{token}.ics", site.agency)
    return render_template("events/calendars_made.html", name=name, links=links, qr=qr_svg(links.webcal))


def _tokens() -> list[object]:
    return list(db.session.scalars(tokens_of(current_user._get_current_object())))
