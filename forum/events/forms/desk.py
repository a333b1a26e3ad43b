"""The desk's small forms: a reason, a move, a caller's answer, a kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from forum.core.forms import Form, Line
from forum.events.forms.dates import sensible_year
from forum.events.forms.extras import NeedsFields
from forum.events.forms.rsvp import ANSWERS
from forum.events.models import Answer, Color, Shape

COLORS = (
    (Color.CLAY, _l("Clay")), (Color.MOSS, _l("Moss")), (Color.OCHRE, _l("Ochre")),
    (Color.PLUM, _l("Plum")), (Color.SLATE, _l("Slate")), (Color.TEAL, _l("Teal")),
)  # fmt: skip
SHAPES = (
    (Shape.BAR, _l("Bar")), (Shape.CIRCLE, _l("Circle")), (Shape.DIAMOND, _l("Diamond")),
    (Shape.DROP, _l("Drop")), (Shape.LEAF, _l("Leaf")), (Shape.SQUARE, _l("Square")),
)  # fmt: skip


class ReasonForm(Form):
    """Why: everybody reads it."""

    reason = Line(
        _l("Why"),
        [DataRequired(_l("Say why, in words people will read."))],
        most=500,
        description=_l("Everybody reads this, on the page and in their mail."),
    )


THIS, FOLLOWING, ALL = "this", "following", "all"
SCOPES = (
    (THIS, _l("This date only")),
    (FOLLOWING, _l("This and all following dates")),
    (ALL, _l("All dates of the series")),
)


class MoveForm(Form):
    """Another time or place for one date of a series, for it and all following, or for all."""

    version = HiddenField()
    scope = RadioField(
        _l("Which dates"), choices=[SelectChoice(code, words) for code, words in SCOPES], default=THIS
    )
    starts_on = DateField(_l("Date"), [InputRequired(_l("Choose the date.")), sensible_year])
    starts = TimeField(_l("Starts"), [InputRequired(_l("Give the time it starts."))])
    ends = TimeField(_l("Ends"), [InputRequired(_l("Give the time it ends."))])
    place_name = Line(_l("Place"), most=200)
    place_address = Line(_l("Address"), most=255)
    reason = Line(_l("Why"), most=500, description=_l("Everybody reads this, on the page and in their mail."))

    def changes(self) -> dict[str, Any]:
        """What ``move_occurrence`` takes: naive local times (an end before the start is the next day) and words."""
        start = datetime.combine(self.starts_on.data, self.starts.data)
        end = datetime.combine(self.starts_on.data, self.ends.data)
        return {
            "starts_local": start,
            "ends_local": end if end > start else end + timedelta(days=1),
            "place_name": self.place_name.data,
            "place_address": self.place_address.data,
            "reason": self.reason.data,
        }


class CallerForm(NeedsFields):
    """A caller's answer, taken down in seconds."""

    name = Line(
        _l("Caller's name"),
        [InputRequired(_l("Write the caller's name, or what they want to be called."))],
        most=120,
    )
    party_size = IntegerField(
        _l("People"),
        [InputRequired(), NumberRange(1, 20, _l("Please give a number from 1 to 20."))],
        default=1,
    )


class ChangeAnswerForm(NeedsFields):
    """An answer changed on its owner's word."""

    answer = RadioField(
        _l("Answer"), choices=[SelectChoice(str(a), label) for a, label in ANSWERS], default=str(Answer.GOING)
    )
    party_size = IntegerField(
        _l("People"),
        [InputRequired(), NumberRange(1, 20, _l("Please give a number from 1 to 20."))],
        default=1,
    )


class KindForm(Form):
    """A kind of event."""

    name_en = Line(_l("Name in English"), [InputRequired(_l("Give the kind a name in English."))], most=60)
    name_es = Line(_l("Name in Spanish"), most=60)
    color = RadioField(_l("Color"), choices=[SelectChoice(str(color), words) for color, words in COLORS])
    shape = RadioField(_l("Mark"), choices=[SelectChoice(str(shape), words) for shape, words in SHAPES])
    position = IntegerField(_l("Place in the list"), [Optional(), NumberRange(0, 999)])
    retired = BooleanField(_l("No longer offered"))
