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
from forum.core.templating import date_short

STALE = timedelta(days=365)


def line(template: Template) -> dict[str, Any]:
    """One row of the list."""
    return {
        "name": template.name,
        "title": template.title,
        "url": url_for("concerns_desk.edit_template", template_id=template.id),
        "language": language_name(template.language),
        "grade": f"{template.grade:.1f}",
        "is_hard": template.grade > HARD,
        "reviewed": template.reviewed_on,
        "is_stale": is_stale(template),
        "text": template.text,
    }


def option_words(template: Template) -> str:
    """«A patrol comes this week (English, grade 4, looked at Thu, Nov 26)»: what who answers chooses by."""
    facts = [
        _("hard to read") if template.grade > HARD else "",
        language_name(template.language),
        _("grade %(grade)s", grade=f"{template.grade:.0f}"),
        _("not looked at for a year")
        if is_stale(template)
        else _("looked at %(date)s", date=date_short(template.reviewed_on)),
    ]
    return f"{template.title or template.name} ({', '.join(filter(None, facts))})"


def is_stale(template: Template) -> bool:
    """Whether nobody has looked at it for a year."""
    return template.reviewed_on < clock.today() - STALE
