"""What pages say of words for answers: how hard they read, and when somebody last looked at them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forum.concerns.models import Template
from forum.core import clock
from forum.core.languages import language_name
from forum.core.reading import HARD

STALE = timedelta(days=365)


def line(template: Template) -> dict[str, Any]:
    """One row of the list."""
    return {
        "name": template.name,
        "url": url_for("concerns_desk.edit_template", template_id=template.id),
        "language": language_name(template.language),
        "grade": f"{template.grade:.1f}",
        "is_hard": template.grade > HARD,
        "reviewed": template.reviewed_on,
        "is_stale": is_stale(template),
        "text": template.text,
    }


def option_words(template: Template) -> str:
    """Its name in the list of a case, with a warning where one is due."""
    if template.grade > HARD:
        return _("%(name)s (hard to read)", name=template.name)
    if is_stale(template):
        return _("%(name)s (not looked at for a year)", name=template.name)
    return template.name


def is_stale(template: Template) -> bool:
    """Whether nobody has looked at it for a year."""
    return template.reviewed_on < clock.today() - STALE
