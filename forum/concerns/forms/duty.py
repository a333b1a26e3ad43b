"""The checklist for who is in danger."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from forum.concerns.models import DutyKind, DutyStep
from forum.core.forms import Form, Line, Text

KINDS = (
    (DutyKind.SELF_HARM, _l("Somebody may harm themselves")),
    (DutyKind.ABUSE, _l("Somebody is being hurt or abused")),
    (DutyKind.THREAT, _l("Somebody threatens somebody")),
)
STEPS = (
    (DutyStep.CALLED_EMERGENCY, _l("Sent help, or called for it")),
    (DutyStep.TOLD_SUPERVISOR, _l("Told the supervisor on duty")),
    (DutyStep.REACHED_PERSON, _l("Reached the person")),
    (DutyStep.TOLD_REFERRAL, _l("Told another service")),
    (DutyStep.NOTED, _l("Something else happened")),
    (DutyStep.ENDED, _l("The danger is over, or in other hands")),
)


class OpenDutyForm(Form):
    """What somebody reads in the words. No machine chooses it."""

    kind = RadioField(
        _l("What you read in it"),
        [InputRequired(_l("Choose what you read in it."))],
        choices=[SelectChoice(str(kind), words) for kind, words in KINDS],
    )


class StepForm(Form):
    """One step of the checklist."""

    step = SelectField(_l("What was done"), choices=[SelectChoice(str(step), words) for step, words in STEPS])
    told = Line(_l("Who was told"), most=200)
    text = Text(_l("What happened"), most=1_000)
