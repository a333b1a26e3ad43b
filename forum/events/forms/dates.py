"""Dates as people type them."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from forum.events.operations.details import YEARS


def sensible_year(_form: object, field: Field) -> None:
    """Refuse a date with which one could not go on counting: the day after 9999-12-31 is none."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("The year must lie between 1990 and 2100."))
