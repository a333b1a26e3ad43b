"""«Me too» and follow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from forum.accounts.forms import NewAddress
from forum.core.forms import Form


class FollowForm(Form):
    """What somebody with an account says of a concern."""

    me_too = BooleanField(
        _l("It worries me too"), description=_l("You are counted. Nobody sees who you are.")
    )
    mails = BooleanField(_l("Mail me what is answered"))


class GuestFollowForm(FollowForm):
    """The same by a mailbox, which is asked first."""

    email = NewAddress(
        _l("Your e-mail"), description=_l("We mail you a link to confirm. Nobody else sees the address.")
    )
