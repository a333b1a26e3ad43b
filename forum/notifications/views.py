"""The mail that was not sent anywhere, for staff of a site without a mail server."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from forum.core.access import require, staff
from forum.notifications import mailbox
from forum.notifications.vocabulary import Staff

blueprint = Blueprint("notifications", __name__, url_prefix="/desk/mail")
SHOWN = 100


@blueprint.get("")
@staff(*Staff)
def mail() -> str:
    """The newest letters; no such address when a mail server is configured."""
    require(mailbox.exists())
    return render_template("notifications/mail.html", letters=mailbox.newest(SHOWN), most=SHOWN)


@blueprint.get("/<name>")
@staff(*Staff)
def letter(name: str) -> str:
    """One letter, with links that work."""
    require(mailbox.exists())
    found = mailbox.read(name)
    if found is None:
        abort(404)
    return render_template("notifications/letter.html", letter=found)
