"""A message to everybody who answered."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from forum.core.forms import Form, Line, Text
from forum.events.operations.messages_to_all import LONGEST_TEXT


class MessageForm(Form):
    """To whom, and what. *token* makes a message that is sent twice one message."""

    token = HiddenField(validators=[DataRequired(), Length(max=32)])
    audience = SelectMultipleField(
        _l("To whom"),
        validators=[DataRequired(_l("Choose who shall read it."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    subject = Line(_l("Subject"), [DataRequired(_l("Give it a subject."))], most=120)
    text = Text(
        _l("Message"),
        [DataRequired(_l("Write your message."))],
        most=LONGEST_TEXT,
        description=_l("Plain text, as in a letter. Date, place and a link to the event are added."),
    )

    def offer(self, choices: list[tuple[str, Any]]) -> None:
        """Let the audience be chosen from *choices*: (word, label)."""
        self.audience.choices = choices
