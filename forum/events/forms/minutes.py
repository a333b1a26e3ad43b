"""The desk's forms after a date: its minutes, and what somebody is to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from forum.core.forms import Form, Line, Text
from forum.events.forms.dates import sensible_year
from forum.events.operations.minutes import ItemDetails


class MinutesForm(Form):
    """What was said and agreed."""

    version = HiddenField()
    text = Text(
        _l("Minutes"),
        description=_l(
            "Plain text or Markdown. What was asked, what was answered, what was agreed. No residents’ names."
        ),
        most=20_000,
    )
    shows_attendance = BooleanField(
        _l("Publish how many people came"), description=_l("The number alone, with the minutes.")
    )

    @property
    def started_from(self) -> int | None:
        """The version the writer saw; None when the form does not say."""
        given = self.version.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


class ItemForm(Form):
    """One action item."""

    text = Line(_l("What is to be done"), [InputRequired(_l("Say what is to be done."))], most=500)
    owner = Line(
        _l("Who answers for it"),
        most=120,
        description=_l(
            "A role or a team, like “Beat 12 team”; never a resident’s name without asking. Everybody reads it."
        ),
    )
    mine = BooleanField(
        _l("I answer for it myself"),
        description=_l(
            "It is on your list then. Without words above, your role stands there, not your name."
        ),
    )
    due_on = DateField(_l("Until when"), [InputRequired(_l("Choose the date.")), sensible_year])

    def details(self) -> ItemDetails:
        """What operations take."""
        return ItemDetails(
            text=self.text.data or "",
            owner=self.owner.data or "",
            due_on=self.due_on.data,
            mine=bool(self.mine.data),
        )


class DoneForm(ItemForm):
    """An action item with what came of it."""

    done_on = DateField(_l("Done on"), [Optional(), sensible_year], description=_l("Empty while it is open."))
    outcome = Line(
        _l("What came of it"), most=1000, description=_l("One or two sentences. Everybody reads it.")
    )

    def details(self) -> ItemDetails:
        """What operations take."""
        return ItemDetails(
            text=self.text.data or "",
            owner=self.owner.data or "",
            due_on=self.due_on.data,
            mine=bool(self.mine.data),
            done_on=self.done_on.data,
            outcome=self.outcome.data or "",
        )
