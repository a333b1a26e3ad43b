"""Asking a person whether their concern may be passed on, and keeping what they said."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from forum.concerns.forms.desk import Boxes
from forum.concerns.models import Item
from forum.core.forms import Form, Line


class AskForm(Form):
    """To whom, why, and what."""

    to_name = Line(_l("To whom it would go"), [DataRequired(_l("Say to whom it would go."))], most=200)
    why = Line(
        _l("Why"), [DataRequired(_l("Say why. The person reads this."))], most=500,
        description=_l("The person reads this."),
    )  # fmt: skip
    shared = Boxes(_l("What would be shared"), choices=())

    @property
    def chosen(self) -> list[Item]:
        """What."""
        return [Item(word) for word in self.shared.data or ()]


class ConsentForm(Form):
    """What the person agreed to; no box is a no."""

    shared = Boxes(_l("What may be shared"), choices=())

    @property
    def chosen(self) -> list[Item]:
        """What."""
        return [Item(word) for word in self.shared.data or ()]
