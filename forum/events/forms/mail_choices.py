"""What mail an account wants."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from forum.core.forms import Form
from forum.events.models import Topic


class MailChoicesForm(Form):
    """A box for each topic; its name is the topic's word."""

    reminders = BooleanField(
        _l("Reminders"), description=_l("When they come you choose with each answer, by date.")
    )
    messages = BooleanField(
        _l("Messages from organizers"), description=_l("What they write to everybody who comes.")
    )
    feedback = BooleanField(_l("How was it?"), description=_l("Three short questions after a date."))

    def wanted(self) -> list[Topic]:
        """The topics whose box is ticked."""
        return [topic for topic in Topic if self[topic].data]
