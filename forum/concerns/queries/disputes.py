"""How often people disagreed with a closing, for everybody to read: counted to the end of the last month.

What happened this month moves nothing, so that no figure tells when somebody wrote; and what is not public is counted
from ten on, so that no figure tells of one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager

from forum.concerns.models import Author, Concern, Dispute, Entry, Outcome, Status
from forum.concerns.queries.afterwards import FEWEST
from forum.concerns.queries.sight import listed
from forum.core import clock
from forum.extensions import db

MONTHS = 6
SHOWN = 50  # public disputes, each with a link


@dataclass(frozen=True, kw_only=True)
class Months:
    """Whole months: from the first day of the first to the first day after the last."""

    first: date
    after: date

    @classmethod
    def lately(cls) -> Months:
        """The last ``MONTHS`` that are over: of those before which everything is still kept, and at least one."""
        kept = clock.today() - timedelta(days=current_app.config["FORUM"].concern_keep_days)
        months = [_month(before) for before in range(MONTHS, 0, -1)]
        return cls(first=next((m for m in months if m >= kept), months[-1]), after=_month(0))

    @property
    def since(self) -> datetime:
        return clock.to_utc(datetime.combine(self.first, time()), clock.agency_zone())

    @property
    def until(self) -> datetime:
        return clock.to_utc(datetime.combine(self.after, time()), clock.agency_zone())


def _month(before: int) -> date:
    """The first day of this month, or of one so many months *before*."""
    today = clock.today()
    count = today.year * 12 + today.month - 1 - before
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """Concerns that staff closed, how many of these closings were disputed, and what was decided."""

    closed: int = 0
    disputed: int = 0
    overturned: int = 0
    upheld: int = 0

    @property
    def undecided(self) -> int:
        return self.disputed - self.overturned - self.upheld

    @property
    def may_be_told(self) -> bool:
        """Whether so many of one kind disputed that the sums say nothing of one person."""
        return self.disputed >= FEWEST


def disputed(months: Months) -> dict[bool, Disputed]:
    """By whether everybody may read the concerns: True, those of the public list; False, all others."""
    closed: dict[bool, int] = {}
    for public, count in db.session.execute(_closed(months)):
        closed[bool(public)] = count
    raised: dict[bool, dict[Outcome | None, int]] = {True: {}, False: {}}
    for public, outcome, count in db.session.execute(_raised(months)):
        raised[bool(public)][Outcome(outcome) if outcome else None] = count
    return {public: _sums(closed.get(public, 0), raised[public]) for public in (True, False)}


def disputes_shown(months: Months) -> Select[Dispute]:
    """The disputes of public concerns among them, the newest first."""
    return (
        select(Dispute)
        .join(Dispute.concern)
        .where(listed(), Dispute.raised_at >= months.since, Dispute.raised_at < months.until)
        .options(contains_eager(Dispute.concern).load_only(Concern.reference, Concern.title))
        .order_by(Dispute.raised_at.desc(), Dispute.id)
        .limit(SHOWN)
    )


def _sums(closed: int, raised: Mapping[Outcome | None, int]) -> Disputed:
    return Disputed(
        closed=closed,
        disputed=sum(raised.values()),
        overturned=raised.get(Outcome.OVERTURNED, 0),
        upheld=raised.get(Outcome.UPHELD, 0),
    )


def _closed(months: Months) -> Select[bool, int]:
    public = case((listed(), True), else_=False)
    return (
        select(public, func.count(Entry.concern_id.distinct()))
        .join(Concern, Concern.id == Entry.concern_id)
        .where(Entry.status == Status.CLOSED, Entry.author == Author.STAFF)
        .where(Entry.at >= months.since, Entry.at < months.until)
        .group_by(public)
    )


def _raised(months: Months) -> Select[bool, str | None, int]:
    public = case((listed(), True), else_=False)
    outcome = case((Dispute.decided_at < months.until, Dispute.outcome))
    return (
        select(public, outcome, func.count())
        .join(Concern, Concern.id == Dispute.concern_id)
        .where(Dispute.raised_at >= months.since, Dispute.raised_at < months.until)
        .group_by(public, outcome)
    )
