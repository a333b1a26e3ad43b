"""What everybody can read: the rules, every version of them, and what filters do."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.core.access import public, require
from forum.core.languages import page_language
from forum.core.shared_pages import shared_page
from forum.extensions import db
from forum.moderation.figures import percent
from forum.moderation.filters import Filter
from forum.moderation.models import Rules
from forum.moderation.queries import log
from forum.moderation.queries import rules as queries
from forum.moderation.queries.setting import setting
from forum.moderation.words import filter_meaning, filter_words

blueprint = Blueprint("moderation_public", __name__)


@blueprint.get("/rules")
@public
def rules() -> str | Response:
    """The rules that hold, or (``?version=``) that held."""
    number = request.args.get("version", "")
    if not number:
        return shared_page("moderation/rules.html", lambda: _context(_in_force(), current=True))
    require(number.isascii() and number.isdigit() and len(number) < 7)
    found = db.session.scalars(queries.version(int(number))).one_or_none()
    require(found is not None)
    assert found is not None
    return render_template("moderation/rules.html", **_context(found, current=found.in_force_until is None))


@blueprint.get("/rules/versions")
@public
def versions() -> str:
    """Every version, with its date and what changed."""
    found = db.session.scalars(queries.versions().limit(500)).all()
    return render_template("moderation/versions.html", versions=found)


@blueprint.get("/moderation/filters")
@public
def filters() -> str:
    """What filters look for, and how often they held what broke no rule."""
    by_filter = {kind: (held, kept) for kind, held, kept in db.session.execute(log.holds())}
    held, kept = db.session.execute(log.held_and_kept()).one()
    lines = [
        {"name": filter_words(kind), "meaning": filter_meaning(kind), "held": found[0], "kept": found[1]}
        for kind in Filter
        if (found := by_filter.get(kind, (0, 0)))
    ]
    return render_template(
        "moderation/filters.html", lines=lines, held=held, kept=kept, rate=percent(kept, held),
        setting=db.session.scalars(setting()).one(),
    )  # fmt: skip


def _in_force() -> Rules:
    return db.session.scalars(queries.in_force()).one()


def _context(found: Rules, *, current: bool) -> dict[str, object]:
    language = page_language()
    lines = [
        {"number": rule.number, "title": rule.title(language), "text": rule.text(language)}
        for rule in found.rules
    ]
    return {"rules": lines, "version": found, "current": current}
