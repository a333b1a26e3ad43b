"""The desk's forms of volunteer shifts: a shift, a helper by name, the hours given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange

from forum.core.errors import Refusal
from forum.core.forms import Form, Line
from forum.events.forms.dates import sensible_year
from forum.events.models import Shift
from forum.events.operations.shifts import LONGEST_WORK, ShiftDetails


class ShiftForm(Form):
    """One shift."""

    title = Line(_l("What there is to do"), [InputRequired(_l("Say what there is to do."))], most=120)
    day = DateField(_l("Date"), [InputRequired(_l("Choose the date.")), sensible_year])
    starts = TimeField(_l("Starts"), [InputRequired(_l("Give the time it starts."))])
    ends = TimeField(_l("Ends"), [InputRequired(_l("Give the time it ends."))])
    capacity = IntegerField(
        _l("Helpers needed"),
        [
            InputRequired(_l("Give a number from 1 to 500.")),
            NumberRange(1, 500, _l("Give a number from 1 to 500.")),
        ],
    )
    bring = Line(_l("What to bring"), most=300, description=_l("Gloves, water, shoes that may get wet."))

    def details(self) -> ShiftDetails:
        """What operations take; an end before the start is the next day."""
        start = datetime.combine(self.day.data, self.starts.data)
        end = datetime.combine(self.day.data, self.ends.data)
        return ShiftDetails(
            title=self.title.data or "",
            starts=start,
            ends=end if end > start else end + timedelta(days=1),
            capacity=self.capacity.data,
            bring=self.bring.data or "",
        )


class HelperForm(Form):
    """Somebody without an account who helps."""

    name = Line(
        _l("Helper’s name"),
        [InputRequired(_l("Write the helper's name, or what they want to be called."))],
        most=120,
    )


class HoursForm(Form):
    """The hours of a shift: one field a helper, ``worked-<sign-up id>``, in hours with a comma or a point."""

    def worked(self, shift: Shift) -> dict[int, int | None]:
        """Minutes by sign-up, None where nothing was typed; Refusal for what is no number of hours."""
        return {signup.id: _minutes(request.form.get(f"worked-{signup.id}", "")) for signup in shift.signups}


def typed_hours(worked: int | None) -> str:
    """Minutes as hours for the field: «2.5»; empty for None."""
    return "" if worked is None else f"{worked / 60:.2f}".rstrip("0").rstrip(".")


def hour_values(shift: Shift, given: Any = None) -> dict[int, str]:
    """What each helper's field holds: what was typed (*given*), else what is kept."""
    return {
        signup.id: given.get(f"worked-{signup.id}", "")[:20]
        if given is not None
        else typed_hours(signup.worked)
        for signup in shift.signups
    }


def _minutes(typed: str) -> int | None:
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    whole, _point, part = text.partition(".")
    if not (f"{whole}{part}".isascii() and f"{whole}{part}".isdigit() and len(text) <= 6):
        raise Refusal(_("Give hours as a number, like 2 or 2.5; 0 for who did not come."))
    minutes = round(float(text) * 60)
    if minutes > LONGEST_WORK:
        raise Refusal(_("Hours lie between 0 and 24."))
    return minutes
