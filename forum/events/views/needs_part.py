"""What the roster shows of access needs: totals to arrange by, and who needs what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.events import policy
from forum.events.models import AccessNeed, Occurrence
from forum.events.policy import Viewer
from forum.events.queries import needs
from forum.extensions import db


def needs_context(viewer: Viewer, occurrence: Occurrence) -> dict[str, Any] | None:
    """Variables of ``events/_needs.html`` under one name; None for who may not see it, or where nobody needs anything.

    One query, and a second one where there is something to list.
    """
    if not policy.can_see_needs(viewer):
        return None
    answers, *sums = db.session.execute(needs.needs_totals(viewer, occurrence.id)).one()
    if not answers:
        return None
    listed = db.session.execute(needs.needs_list(viewer, occurrence.id)).all()
    return {
        "totals": _total_words(*sums),
        "rows": [_row(need, name or _("By headcount"), rsvp.party_size) for need, name, rsvp in listed],
        "more": answers - len(listed),
    }


def _row(need: AccessNeed, name: str, party: int) -> dict[str, str]:
    people = ngettext("%(num)s person", "%(num)s people", party)
    return {"name": f"{name}, {people}" if party > 1 else name, "value": "; ".join(need_words(need))}


def need_words(need: AccessNeed) -> list[str]:
    """The needs of one answer, each in a few words."""
    said: list[tuple[object, Callable[[], str]]] = [
        (need.interpreter, lambda: _("Interpreter: %(language)s", language=need.interpreter)),
        (need.step_free, lambda: _("A way in without steps")),
        (need.children, lambda: _children(need.children)),
        (need.quiet_space, lambda: _("A quiet space")),
        (need.note, lambda: need.note),
    ]
    return [words() for value, words in said if value]


def _total_words(interpreter: int, step_free: int, children: int, quiet_space: int, notes: int) -> list[str]:
    said = [
        (interpreter, ngettext("%(num)s asks for an interpreter", "%(num)s ask for an interpreter", interpreter)),
        (step_free, ngettext("%(num)s needs a way in without steps", "%(num)s need a way in without steps", step_free)),
        (children, _children(children)),
        (quiet_space, ngettext("%(num)s needs a quiet space", "%(num)s need a quiet space", quiet_space)),
        (notes, ngettext("%(num)s note to read", "%(num)s notes to read", notes)),
    ]  # fmt: skip
    return [words for count, words in said if count]


def _children(count: int) -> str:
    return ngettext("%(num)s child in childcare", "%(num)s children in childcare", count)
