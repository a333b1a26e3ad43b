"""The public log: every decision, without names and without what it was about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from forum.core import clock
from forum.core.access import public
from forum.core.exports import csv_response
from forum.extensions import db
from forum.moderation import figures, neutrality
from forum.moderation.models import Measure, Stance
from forum.moderation.operations.rechecking import SHARE
from forum.moderation.queries import log as queries
from forum.moderation.queries import rechecks
from forum.moderation.words import measure_words, verdict_words

blueprint = Blueprint("moderation_log", __name__)
PAGE = 50
NEWEST = 5000  # decisions that the median is of
MOST = 200_000  # rows of the table as a file
HEADER = ("decision", "date", "rule", "moderator", "outcome", "appealed", "appeal_outcome", "taken_back")


@blueprint.get("/moderation/log")
@public
def log() -> str:
    """The newest decisions, and the figures of all."""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    rows = db.session.execute(queries.entries(before).limit(PAGE + 1)).all()
    more = url_for(".log", before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    entries = [_line(row) for row in rows[:PAGE]]
    return render_template(
        "moderation/log.html", entries=entries, more=more, first=before and url_for(".log"), **_figures()
    )


@blueprint.get("/moderation/log.csv")
@public
def log_csv() -> Response:
    """The same as a table, in words that a program can rely on."""
    rows = db.session.execute(queries.entries().limit(MOST))
    return csv_response("moderation log", HEADER, (_cells(row) for row in rows))


def _figures() -> dict[str, Any]:
    decided, won = figures.overturned(db.session.execute(queries.appeals()))
    return {
        "counts": figures.counts(db.session.execute(queries.by_rule())),
        "measures": list(Measure),
        "measure_words": measure_words,
        "median_hours": figures.median_hours(db.session.execute(queries.times(NEWEST))),
        "appeals": decided,
        "overturned": won,
        "rate": figures.percent(won, decided),
        **_neutrality(),
    }


def _neutrality() -> dict[str, Any]:
    found = neutrality.groups(db.session.execute(rechecks.results()))
    critics, praise = found[Stance.CRITICISM], found[Stance.PRAISE]
    return {
        "critics": critics,
        "praise": praise,
        "difference": neutrality.difference(critics, praise),
        "least": neutrality.LEAST,
        "share": SHARE,
    }


def _line(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.decided_at,
        "rule": row.number,
        "moderator": f"M-{row.moderator_id:02d}",
        "outcome": measure_words(row.measure),
        "appeal": verdict_words(row.verdict)
        if row.appeal_id is not None
        else _("Taken back")
        if row.undone_at is not None
        else "",
    }


def _cells(row: Any) -> list[Any]:
    day = clock.to_local(row.decided_at).date().isoformat()
    appealed = row.appeal_id is not None
    moderator = f"M-{row.moderator_id:02d}"
    verdict = row.verdict and str(row.verdict)
    return [
        row.id, day, row.number, moderator, str(row.measure), appealed, verdict, row.undone_at is not None,
    ]  # fmt: skip
