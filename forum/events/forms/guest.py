"""Answers without an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import DataRequired

from forum.accounts.forms import NewAddress
from forum.core.forms import Form, Line
from forum.events.forms.extras import ExtrasFields
from forum.events.forms.rsvp import RsvpForm, party_size


class GuestForm(ExtrasFields, RsvpForm):
    """Name and e-mail with the answer; it counts once the mailed link is confirmed."""

    name = Line(
        _l("Your name"),
        [DataRequired(_l("Write your name, or what you want to be called."))],
        most=120,
        description=_l("Only the organizers see it."),
    )
    email = NewAddress(
        _l("Your e-mail"), description=_l("We mail you a link to confirm, and news of this date alone.")
    )


class HeadcountForm(Form):
    """So many come; ``key`` makes two sendings of one form count once."""

    key = HiddenField()
    party_size: IntegerField = party_size()


class CodeForm(Form):
    """The code of a headcount."""

    code = Line(
        _l("Your code"),
        [DataRequired(_l("Write the code you were given."))],
        most=40,
        description=_l(
            "Eight letters and digits, like 7K3M-9QPD. Small letters are fine, and so is O for 0."
        ),
    )


class ChangeByCodeForm(RsvpForm):
    """The answer that a code opens; the code goes along, hidden."""

    code = HiddenField()
