"""What staff fill in about verified residents and veils."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from forum.core.forms import Form, Line, Text
from forum.discussions.operations.residents import LONGEST_REASON
from forum.neighborhoods.models import Neighborhood


class FindResidentForm(Form):
    """Whose account it is."""

    who = Line(
        _l("E-mail address or name of the account"),
        [InputRequired(_l("Type the e-mail address or the name."))],
        description=_l("Exactly as it stands in the account."),
    )


class VerifyForm(Form):
    """Where somebody lives."""

    neighborhood = SelectField(
        _l("Neighborhood they live in"),
        coerce=int,
        validators=[InputRequired(_l("Choose the neighborhood."))],
    )

    def offer(self, areas: Iterable[Neighborhood]) -> VerifyForm:
        """The form with the *areas* to choose from."""
        self.neighborhood.choices = [SelectChoice(area.id, area.name) for area in areas]
        return self


class LiftForm(Form):
    """Why a veil is lifted."""

    reason = Text(
        _l("Why do you need to know?"),
        [InputRequired(_l("Give the reason. It is kept with your name."))],
        most=LONGEST_REASON,
        description=_l("The reason is kept with your name. How often this happened is public."),
        render_kw={"rows": 4},
    )
