"""A calendar or a table to import."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.validators import Regexp

from forum.core.forms import Form, Line


class UploadForm(Form):
    """The file, where it comes from, and where its events belong."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("A calendar (.ics) or a table (.csv), 5 MB at most."),
    )
    source = Line(
        _l("Where it comes from"),
        [Regexp(r"^[\w .&'-]*$", message=_l("Letters, digits and blanks will do."))],
        most=40,
        description=_l(
            "A short name, the same every time: then a later file changes what an earlier one brought."
        ),
    )
    area = SelectField(_l("Neighborhood of events that name none"), default="")

    def offer(self, areas: list[tuple[str, str]]) -> None:
        """Let the neighborhood be chosen from *areas*: (slug, name)."""
        self.area.choices = [("", _l("City-wide")), *areas]

    @property
    def source_word(self) -> str:
        """The source as keys have it; nothing when none was named."""
        return re.sub(r"[^a-z0-9]+", "-", (self.source.data or "").casefold()).strip("-")


class CarryOutForm(Form):
    """The word to go ahead, with the plan that was shown."""

    digest = HiddenField()
