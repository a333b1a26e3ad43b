"""What everybody reads of disputed closings: sums of whole months, and each dispute of a public concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.concerns.models import Dispute, Outcome
from forum.concerns.queries.afterwards import FEWEST
from forum.concerns.queries.disputes import Disputed, Months, disputed, disputes_shown
from forum.core import clock
from forum.core.templating import date_long, month_year
from forum.extensions import db


@dataclass(frozen=True, kw_only=True)
class DisputeRow:
    """One dispute of a public concern, in words."""

    url: str
    title: str
    day: str
    outcome: str


def context() -> dict[str, Any]:
    """Template variables of ``concerns/disputes.html``."""
    months = Months.lately()
    sums = disputed(months)
    return {
        "first": month_year(months.first),
        "last": month_year(months.after - timedelta(days=1)),
        "finding": _finding(sums[True]),
        "rows": [(_("Public concerns"), sums[True]), (_("All other concerns"), _to_tell(sums[False]))],
        "fewest": FEWEST,
        "disputes": [_row(found, months) for found in db.session.scalars(disputes_shown(months))],
    }


def outcome_words(outcome: Outcome | None) -> str:
    """How it was decided, or that it is not yet."""
    if outcome is None:
        return _("Not decided yet")
    return {Outcome.OVERTURNED: _("It was opened again"), Outcome.UPHELD: _("It stayed closed")}[outcome]


def _to_tell(found: Disputed) -> Disputed | None:
    return found if found.may_be_told else None


def _finding(found: Disputed) -> str:
    """What the table shows of public concerns, in a sentence."""
    if not found.disputed:
        return _("Nobody disagreed with the closing of a public concern.")
    return ngettext(
        "One closing of a public concern was disputed; opened again: %(won)s.",
        "%(num)s closings of public concerns were disputed; opened again: %(won)s.",
        found.disputed,
        won=found.overturned,
    )


def _row(found: Dispute, months: Months) -> DisputeRow:
    decided = found.decided_at is not None and found.decided_at < months.until
    return DisputeRow(
        url=url_for("concerns_public.concern", reference=found.concern.reference),
        title=found.concern.title,
        day=date_long(clock.to_local(found.raised_at)),
        outcome=outcome_words(found.outcome if decided else None),
    )
