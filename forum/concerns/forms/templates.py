"""Words for answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from forum.core.forms import Form, Line, Text


class TemplateForm(Form):
    """Words that the desk writes often, in one language."""

    name = Line(_l("Name"), [DataRequired(_l("Give it a name that staff will find."))], most=120)
    language = SelectField(_l("Language"), choices=())
    text = Text(_l("Words"), [DataRequired(_l("Write the words."))], most=5_000)
