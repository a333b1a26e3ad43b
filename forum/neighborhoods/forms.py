"""What people type about areas and beats."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from forum.core.forms import Form, Line

_POINT = re.compile(r"\s*\(?\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*\)?\s*")


def read_point(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees from «41.92, -87.70», as map applications copy it; None for anything else."""
    match = _POINT.fullmatch(text[:100])
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


class FollowForm(Form):
    """A button and its CSRF token."""


class Boxes(SelectMultipleField):
    """Several of a list, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class BeatForm(Form):
    code = Line(
        _l("Beat"),
        [InputRequired(_l("Give the beat a number or a short name."))],
        most=16,
        description=_l("As people know it, such as 1433."),
    )
    neighborhoods = Boxes(_l("Neighborhoods it serves"), coerce=int)
    officers = Boxes(
        _l("Officers who serve it"),
        coerce=int,
        description=_l("Their names, titles and how to reach them are shown on the neighborhoods' pages."),
    )

    def offer(self, areas: list[tuple[int, str]], officers: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.neighborhoods.choices = areas
        self.officers.choices = officers
