"""The administrator's forms: what concerns are about, opening hours, holidays."""

from __future__ import annotations

import re
from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, IntegerField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from forum.concerns.calendar import Span
from forum.concerns.models import Category
from forum.concerns.operations.categories import CategoryDetails
from forum.core.forms import Form, Line

_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(?:-|–|—|to|a) ?(\d{1,2})(?:[:.](\d{2}))?")
_NUMBER = _l("Give a number from 1 to 999.")
COPIED = (
    *("answer_hours", "acknowledge_hours", "update_days", "closing_days"),
    *("position", "warns", "concerns_staff", "tip_line", "retired"),
)


def _number(label: str, description: str = "") -> IntegerField:
    return IntegerField(
        label, [InputRequired(_NUMBER), NumberRange(1, 999, _NUMBER)], description=description
    )


class CategoryForm(Form):
    """What a concern can be about, and what is promised."""

    name_en = Line(_l("Name in English"), [InputRequired(_l("Give it a name in English."))], most=60)
    name_es = Line(_l("Name in Spanish"), most=60)
    about_en = Line(
        _l("What belongs here, in English"),
        [InputRequired(_l("Say in English, in one sentence, what belongs here."))],
        most=300,
        description=_l("One plain sentence. People choose by it."),
    )
    about_es = Line(_l("What belongs here, in Spanish"), most=300)
    answer_hours = _number(
        _l("Hours to the first answer"), _l("Nights and weekends count; then until we open.")
    )
    acknowledge_hours = _number(
        _l("Hours to say that a complaint arrived"), _l("Only complaints about an officer have this clock.")
    )
    update_days = _number(_l("Days until we write again"))
    closing_days = _number(_l("Days until it is closed"))
    warns = BooleanField(_l("May be an emergency: say first whom to call"))
    concerns_staff = BooleanField(_l("About an officer: never public, a reviewer reads it first"))
    tip_line = BooleanField(_l("About a crime: show the tip line"))
    position = IntegerField(_l("Place in the list"), [Optional(), NumberRange(0, 999)])
    retired = BooleanField(_l("No longer offered"))

    @classmethod
    def of(cls, category: Category) -> CategoryForm:
        """The form with what there is."""
        texts = {f"name_{tag}": text for tag, text in category.names.items()}
        texts |= {f"about_{tag}": text for tag, text in category.abouts.items()}
        return cls(**texts, **{name: getattr(category, name) for name in COPIED})

    def details(self) -> CategoryDetails:
        """What operations take."""
        return CategoryDetails(
            names={"en": self.name_en.data or "", "es": self.name_es.data or ""},
            abouts={"en": self.about_en.data or "", "es": self.about_es.data or ""},
            **{name: self[name].data for name in COPIED},
        )


def spans_of(text: str) -> list[Span]:
    """ "9-12:30, 13:30-17" as spans; nothing for nothing. ValueError for what cannot be read."""
    found: list[Span] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        read = _SPAN.fullmatch(part)
        if read is None:
            raise ValueError(part)
        opens, opens_minute, closes, closes_minute = (int(number or 0) for number in read.groups())
        found.append((time(opens, opens_minute), time(closes, closes_minute)))
    return found


def _readable(_form: Form, field: Field) -> None:
    try:
        spans_of(field.data or "")
    except ValueError:
        raise ValidationError(_("Write times like 9:00-17:00, several with commas between them.")) from None


def _day(label: str) -> Line:
    return Line(label, [_readable], most=80)


class HoursForm(Form):
    """When the agency is there: a line for each day of the week."""

    day_0 = _day(_l("Monday"))
    day_1 = _day(_l("Tuesday"))
    day_2 = _day(_l("Wednesday"))
    day_3 = _day(_l("Thursday"))
    day_4 = _day(_l("Friday"))
    day_5 = _day(_l("Saturday"))
    day_6 = _day(_l("Sunday"))

    @property
    def days(self) -> list[Field]:
        return [self[f"day_{weekday}"] for weekday in range(7)]

    def hours(self) -> dict[int, list[Span]]:
        """What operations take."""
        return {weekday: spans_of(field.data or "") for weekday, field in enumerate(self.days)}


class HolidayForm(Form):
    """A day when nobody is there."""

    day = DateField(_l("Date"), [InputRequired(_l("Choose the date."))])
    name = Line(_l("Which day it is"), [InputRequired(_l("Say what day it is."))], most=120)
