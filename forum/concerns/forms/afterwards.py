"""Two questions once a concern is closed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from forum.concerns.models import Question, Verdict
from forum.core.forms import Form

VERDICTS = ((Verdict.YES, _l("Yes")), (Verdict.PARTLY, _l("Partly")), (Verdict.NO, _l("No")))


def _question(words: object) -> RadioField:
    return RadioField(
        words,
        choices=[SelectChoice(str(verdict), label) for verdict, label in VERDICTS],
        validators=[InputRequired(_l("Choose one of the three."))],
    )


class AfterwardsForm(Form):
    """Was it dealt with, and were you treated with respect? The one may be no where the other is yes."""

    dealt_with = _question(_l("Was it dealt with?"))
    respect = _question(_l("Were you treated with respect?"))

    def said(self) -> dict[Question, Verdict]:
        """The answers by question."""
        return {question: Verdict(self[str(question)].data) for question in Question}
