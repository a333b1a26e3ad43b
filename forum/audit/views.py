"""The ledger, for those who check what others did."""

from __future__ import annotations

from enum import StrEnum

from flask import Blueprint, render_template, request

from forum.audit import queries
from forum.audit.registry import names
from forum.core.access import staff
from forum.core.forms import clean_line
from forum.extensions import db

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")
PAGE = 50
LARGEST = 2**31 - 1


class Reader(StrEnum):
    """The roles that may read the ledger: words of accounts.Role, which is of a higher tier."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@blueprint.get("")
@staff(*Reader)
def entries() -> str:
    """Entries newest first, by act or subject."""
    chosen = {
        "act": clean_line(request.args.get("act"))[:64],
        "subject_kind": clean_line(request.args.get("kind"))[:32],
        "subject_id": _number("subject"),
    }
    found = db.session.scalars(queries.entries(before=_number("before"), limit=PAGE + 1, **chosen)).all()  # type: ignore[arg-type]
    shown = found[:PAGE]
    actors = names.of({entry.actor_id for entry in shown if entry.actor_id is not None})
    more = shown[-1].id if len(found) > PAGE else None
    return render_template("audit/entries.html", entries=shown, actors=actors, chosen=chosen, more=more)


def _number(name: str) -> int | None:
    """The whole number the address gives under *name*; None when it is none that could be an id."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST else None
