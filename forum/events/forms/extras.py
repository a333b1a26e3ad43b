"""What goes along with an answer, as fields: how it is shown, whether attendance is kept, what is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import NumberRange
from wtforms.validators import Optional as MayBeEmpty

from forum.core.forms import Form, Line, Text
from forum.events import policy
from forum.events.forms.rsvp import RsvpForm
from forum.events.models import AccessNeed, Event, Rsvp
from forum.events.operations.extras import Extras
from forum.events.operations.needs import Needs
from forum.neighborhoods.models import Neighborhood

NEEDS = ("interpreter", "step_free", "children", "quiet_space", "note")


class NeedsFields(Form):
    """Access needs; :meth:`ask_needs` leaves what the event can serve."""

    interpreter = Line(_l("An interpreter: into which language?"), most=60)
    step_free = BooleanField(_l("A way in without steps"))
    children = IntegerField(
        _l("Childcare: for how many children?"),
        [MayBeEmpty(), NumberRange(0, 20, _l("Please give a number from 0 to 20."))],
    )
    quiet_space = BooleanField(_l("A quiet space to step out to"))
    note = Text(_l("What should we know to make it work?"), most=300)

    def ask_needs(self, event: Event) -> None:
        """Take away what *event* cannot serve: nobody is asked in vain."""
        for name in set(NEEDS) - policy.needs_served(event):
            delattr(self, name)

    def needs(self) -> Needs:
        """What was said."""
        return Needs(
            **{name: field.data for name in NEEDS if (field := self._fields.get(name)) and field.data}
        )

    @property
    def has_needs(self) -> bool:
        """Whether something is filled in, or wrong: the fields are then to be seen."""
        return any(field.data or field.errors for name in NEEDS if (field := self._fields.get(name)))


class ExtrasFields(NeedsFields):
    """Needs, how one is shown, and whether it is kept that one was there. ``extras`` says that all this was asked."""

    extras = HiddenField(default="1")
    shown = SelectField(
        _l("Show me on the event's page"),
        description=_l("Your name is never shown, only how many come from where."),
    )
    keeps_attendance = BooleanField(
        _l("Keep a note that I was there"),
        description=_l("Otherwise the agency keeps only how many came."),
    )
    remind_day = BooleanField(_l("Remind me the day before"), default=True)
    remind_hours = BooleanField(_l("Remind me two hours before"))

    def ask(self, event: Event, areas: Iterable[Neighborhood], *, account: bool) -> None:
        """Leave what makes sense for *event*; *areas*: whose resident one may be shown as."""
        self.ask_needs(event)
        offered = [(str(area.id), _("As a resident of %(area)s", area=area.name)) for area in areas]
        if offered:
            self.shown.choices = [("", _("Not at all")), *offered]
        else:
            del self.shown
        if not account:
            del self.keeps_attendance
        if event.all_day:
            del self.remind_hours

    def said(self) -> Extras:
        """What ``keep_extras`` takes."""
        shown = self._fields.get("shown")
        keeps = self._fields.get("keeps_attendance")
        hours = self._fields.get("remind_hours")
        return Extras(
            shown_neighborhood_id=int(shown.data) if shown and shown.data else None,
            keeps_attendance=bool(keeps and keeps.data),
            remind_day=bool(self.remind_day.data),
            remind_hours=bool(hours and hours.data),
            needs=self.needs(),
        )


class FullAnswerForm(ExtrasFields, RsvpForm):
    """An answer with what goes along."""


def kept_values(rsvp: Rsvp | None, needs: AccessNeed | None, last: Rsvp | None = None) -> dict[str, Any]:
    """What the fields of a form show of an answer that there is; reminders as with *last*, the one before."""
    if rsvp is None:
        reminders = (last.remind_day, last.remind_hours) if last is not None else (True, False)
        return {
            "answer": None,
            "party_size": 1,
            "shown": "",
            "remind_day": reminders[0],
            "remind_hours": reminders[1],
        }
    return {
        "answer": str(rsvp.answer),
        "party_size": rsvp.party_size,
        "shown": str(rsvp.shown_neighborhood_id or ""),
        "keeps_attendance": rsvp.keeps_attendance,
        "remind_day": rsvp.remind_day,
        "remind_hours": rsvp.remind_hours,
        **needs_values(needs),
    }


def needs_values(needs: AccessNeed | None) -> dict[str, Any]:
    """What the fields of access needs show."""
    said = asdict(Needs.of(needs))
    return said | {"children": said["children"] or None}
