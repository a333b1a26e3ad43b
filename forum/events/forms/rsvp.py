"""The answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice
from wtforms.validators import AnyOf, InputRequired, NumberRange

from forum.core.forms import Form
from forum.events.models import Answer

ANSWERS = (
    (Answer.GOING, _l("Going")),
    (Answer.MAYBE, _l("Maybe")),
    (Answer.NOT_GOING, _l("Can't come")),
)


class OfferForm(Form):
    """What one does with offered places, by one button."""

    choice = HiddenField(validators=[AnyOf(("take", "pass"))])


def party_size() -> IntegerField:
    """How many people an answer is for."""
    return IntegerField(
        _l("How many of you?"),
        default=1,
        validators=[
            InputRequired(_l("Please give a number from 1 to 20.")),
            NumberRange(1, 20, _l("Please give a number from 1 to 20.")),
        ],
    )


class RsvpForm(Form):
    """One's own answer to one date."""

    answer = RadioField(
        _l("Your answer"),
        choices=[SelectChoice(str(answer), label) for answer, label in ANSWERS],
        validators=[InputRequired(_l("Choose one of the three."))],
    )
    party_size = party_size()
