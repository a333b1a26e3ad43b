"""Cases: the queue, one of them, and everything that hangs on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from forum.accounts.models import Person
from forum.accounts.queries import bounded
from forum.moderation.models import (
    Case,
    CaseFinding,
    CaseState,
    CaseStep,
    Decision,
    Moderator,
    Original,
    Report,
)
from forum.moderation.policy import Viewer, can_moderate
from forum.neighborhoods.models import Neighborhood, beat_neighborhood, beat_officer

OPEN = (CaseState.NEW, CaseState.TAKEN)


class Whose(StrEnum):
    """Which part of the queue."""

    ALL = "all"
    BEATS = "beats"
    FREE = "free"
    MINE = "mine"


@dataclass(frozen=True)
class QueueFilters:
    """The filters of ``/desk/moderation``; they stand in the address."""

    whose: Whose = Whose.BEATS
    state: str = "open"  # "open", or a word of CaseState
    neighborhood: str = ""  # a slug

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> QueueFilters:
        """Read them; what cannot be read is left out."""
        whose, state = args.get("whose", ""), args.get("state", "")
        return cls(
            whose=Whose(whose) if whose in list(Whose) else Whose.BEATS,
            state=state if state in list(CaseState) else "open",
            neighborhood=args.get("neighborhood", "")[:120],
        )

    def as_args(self) -> dict[str, Any]:
        """The query string again."""
        found = {"whose": str(self.whose), "state": self.state, "neighborhood": self.neighborhood}
        return {name: value for name, value in found.items() if value and value != "open"}


def queue(viewer: Viewer, filters: QueueFilters, after: Case | None = None) -> Select[Case]:
    """What a moderator sees of the queue behind *after*: what is due first comes first. Nothing for anybody else."""
    found = (
        select(Case)
        .where(*_conditions(viewer, filters))
        .options(
            joinedload(Case.assigned_to).load_only(Person.name),
            joinedload(Case.neighborhood).load_only(Neighborhood.name),
        )
        .order_by(Case.due_at, Case.id)
    )
    if after is not None:
        found = found.where(tuple_(Case.due_at, Case.id) > tuple_(after.due_at, after.id))
    return found if can_moderate(viewer) else found.where(Case.id < 0)


def counted(viewer: Viewer, filters: QueueFilters, now: datetime) -> Select[int, int]:
    """How many there are, and how many of them are open and late."""
    late = Case.state.in_(OPEN) & (Case.due_at < now)
    found = select(func.count(), func.count().filter(late)).select_from(Case)
    return found.where(*_conditions(viewer, filters))


def _conditions(viewer: Viewer, filters: QueueFilters) -> list[ColumnElement[bool]]:
    states = OPEN if filters.state == "open" else (CaseState(filters.state),)
    found: list[ColumnElement[bool]] = [Case.state.in_(states)]
    if filters.neighborhood:
        area = select(Neighborhood.id).where(Neighborhood.slug == filters.neighborhood)
        found.append(Case.neighborhood_id == area.scalar_subquery())
    if filters.whose is Whose.MINE:
        found.append(Case.assigned_to_id == viewer.id)
    elif filters.whose is Whose.FREE:
        found.append(Case.assigned_to_id.is_(None))
    elif filters.whose is Whose.BEATS:
        served = (
            select(beat_neighborhood.c.neighborhood_id)
            .join(beat_officer, beat_officer.c.beat_id == beat_neighborhood.c.beat_id)
            .where(beat_officer.c.person_id == viewer.id)
        )
        # What lies in no neighborhood is everybody's; and what I took is mine wherever it lies.
        mine = or_(Case.neighborhood_id.is_(None), Case.assigned_to_id == viewer.id)
        found.append(or_(Case.neighborhood_id.in_(served), mine))
    return found


def serves_a_beat(person_id: int) -> Select[int]:
    """A row when this person serves a beat: their queue then begins with it."""
    return select(beat_officer.c.beat_id).where(beat_officer.c.person_id == person_id).limit(1)


def by_id(case_id: int) -> Select[Case]:
    """One case."""
    return select(Case).where(Case.id == bounded(case_id)).options(joinedload(Case.assigned_to))


def by_code(code: str) -> Select[Case]:
    """The case of this code."""
    return select(Case).where(Case.code == code[:20])


def open_of(kind: str, thing_id: int) -> Select[Case]:
    """The undecided case of a thing."""
    return select(Case).where(Case.kind == kind, Case.thing_id == thing_id, Case.state.in_(OPEN))


def all_of(kind: str, thing_id: int) -> Select[Case]:
    """Every case of a thing, the newest first."""
    return select(Case).where(Case.kind == kind, Case.thing_id == thing_id).order_by(Case.id.desc())


def code_for(kind: str, thing_id: int) -> Select[str]:
    """The code of the newest case of a thing, for the link to its author's page."""
    return all_of(kind, thing_id).with_only_columns(Case.code).limit(1)


def reports_of(case_id: int) -> Select[Report]:
    """Who reported, in order."""
    return (
        select(Report).where(Report.case_id == case_id).options(joinedload(Report.rule)).order_by(Report.id)
    )


def report_by(case_id: int, person_id: int) -> Select[Report]:
    """What this person reported in this case."""
    return select(Report).where(Report.case_id == case_id, Report.reporter_id == person_id)


def reports_made_by(person: Viewer) -> Select[Report, Decision | None]:
    """What a person reported and what came of it, the newest first."""
    return (
        select(Report, Decision)
        .join(Report.case)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(Report.reporter_id == (person.id or 0))
        .options(joinedload(Report.case), joinedload(Report.rule))
        .order_by(Report.id.desc())
    )


def reporters_of(case_id: int) -> Select[int | None]:
    """The ids of those who reported."""
    return select(Report.reporter_id).where(Report.case_id == case_id)


def reporters_in(case_ids: Collection[int]) -> Select[int, int | None]:
    """Each of these cases with each of those who reported."""
    return select(Report.case_id, Report.reporter_id).where(Report.case_id.in_(case_ids))


def findings_of(case_id: int) -> Select[CaseFinding]:
    """What filters found, in the order of the text."""
    return (
        select(CaseFinding).where(CaseFinding.case_id == case_id).order_by(CaseFinding.start, CaseFinding.id)
    )


def steps_of(case_id: int) -> Select[CaseStep]:
    """The timeline, in order."""
    return (
        select(CaseStep)
        .where(CaseStep.case_id == case_id)
        .options(joinedload(CaseStep.actor).load_only(Person.name))
        .order_by(CaseStep.id)
    )


def last_decision_about(kind: str, thing_id: int) -> Select[Decision]:
    """What was decided about a thing in its newest case, with the rule; nothing while that is open."""
    newest = all_of(kind, thing_id).with_only_columns(Case.id).limit(1).scalar_subquery()
    return select(Decision).where(Decision.case_id == newest).options(joinedload(Decision.rule))


def decision_of(case_id: int) -> Select[Decision]:
    """The decision of a case, with its rule and moderator."""
    return (
        select(Decision)
        .where(Decision.case_id == case_id)
        .options(joinedload(Decision.rule), joinedload(Decision.moderator), joinedload(Decision.case))
    )


def decision_by_id(decision_id: int) -> Select[Decision]:
    """A decision, with its rule and case."""
    return (
        select(Decision)
        .where(Decision.id == bounded(decision_id))
        .options(joinedload(Decision.rule), joinedload(Decision.case))
    )


def moderator_of(person_id: int) -> Select[Moderator]:
    """The number that this person's decisions stand under."""
    return select(Moderator).where(Moderator.person_id == person_id)


def original_of(decision_id: int) -> Select[Original]:
    """What this decision took away."""
    return select(Original).where(Original.decision_id == decision_id)


def original_by_id(original_id: int) -> Select[Original]:
    """A sealed text."""
    return select(Original).where(Original.id == bounded(original_id))


def originals_over(moment: datetime) -> Select[Original]:
    """What is kept long enough."""
    return select(Original).where(Original.keep_until < moment).order_by(Original.id)
