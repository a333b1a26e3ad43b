"""What a concern's own person sends to its thread."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField

from forum.concerns.models import Concern, Mode
from forum.concerns.policy import STRICTER
from forum.concerns.words import mode_words
from forum.core.forms import Form, Line, Text


class CodeForm(Form):
    """The receipt code."""

    code = Line(
        _l("Receipt code"),
        most=80,
        description=_l(
            "Twenty letters and digits in groups of four. Small letters are fine, and so is O for 0."
        ),
    )


class ThreadForm(Form):
    """One of the acts on a thread; *code* is hidden and empty for who comes by their account."""

    code = HiddenField()
    key = HiddenField()
    text = Text(_l("Your words"))
    mode = RadioField(_l("Who may see it"), choices=[], validate_choice=False)

    def offer(self, concern: Concern) -> None:
        """The stricter modes."""
        self.mode.choices = [(str(mode), mode_words(mode)) for mode in STRICTER[concern.mode]]

    @property
    def chosen_mode(self) -> Mode | None:
        """What was chosen among them."""
        return Mode(self.mode.data) if self.mode.data in dict(self.mode.choices) else None
