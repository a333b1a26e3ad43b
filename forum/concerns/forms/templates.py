"""Words for answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from forum.core.forms import Form, Line, Text


class TemplateForm(Form):
    """Words that the desk writes often, in one language."""

    name = Line(_l("Name"), [DataRequired(_l("Give it a name that staff will find."))], most=120)
    title = Line(
        _l("Title"),
        most=120,
        description=_l(
            "What these words say, in a few words. Officers choose by it. Without one they see the name."
        ),
    )
    language = SelectField(_l("Language"), choices=())
    text = Text(_l("Words"), [DataRequired(_l("Write the words."))], most=5_000)
