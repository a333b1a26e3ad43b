"""Was it worth your evening? Three questions, no name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired

from forum.core.forms import Form, Text
from forum.events.models import Verdict

VERDICTS = ((Verdict.YES, _l("Yes")), (Verdict.PARTLY, _l("Partly")), (Verdict.NO, _l("No")))


def _question(words: object) -> RadioField:
    return RadioField(
        words,
        choices=[SelectChoice(str(verdict), label) for verdict, label in VERDICTS],
        validators=[InputRequired(_l("Choose one of the three."))],
    )


class FeedbackForm(Form):
    """Three answers; ``key`` makes two sendings of one form count once."""

    key = HiddenField()
    worth = _question(_l("Was it worth your time?"))
    heard = _question(_l("Did you get answers?"))
    change = Text(
        _l("What should we do differently?"),
        most=1000,
        description=_l("Please name nobody, yourself included: the organizers read it word for word."),
    )
