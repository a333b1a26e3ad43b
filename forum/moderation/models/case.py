"""A case: what somebody reported or a filter held, and everything that was done about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.moderation.filters import Filter
from forum.moderation.models.rules import Rule
from forum.neighborhoods.models import Neighborhood


class CaseState(StrEnum):
    """Where a case stands."""

    DECIDED = "decided"
    DROPPED = "dropped"  # its reason went away: the author mended what a filter had held
    NEW = "new"
    TAKEN = "taken"


class Step(StrEnum):
    """What was done in a case."""

    APPEAL = "appeal"
    APPEAL_ANSWER = "appeal_answer"
    APPEAL_DECIDE = "appeal_decide"
    DECIDE = "decide"
    DROP = "drop"
    EDIT = "edit"
    HOLD = "hold"
    RELEASE = "release"
    REPORT = "report"
    TAKE = "take"
    UNDO = "undo"


class Case(db.Model):
    """One thing, waiting for a decision or decided. It does not say whose the thing is: the slice that has it does."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        one_of("state", CaseState),
        sa.Index(
            "uq_moderation_case_one_open",
            "kind",
            "thing_id",
            unique=True,
            sqlite_where=sa.text("state IN ('new', 'taken')"),
            postgresql_where=sa.text("state IN ('new', 'taken')"),
        ),
        sa.Index("ix_moderation_case_thing", "kind", "thing_id", "id"),
        sa.Index("ix_moderation_case_queue", "state", "due_at", "id"),
        sa.Index("ix_moderation_case_assigned_to_id", "assigned_to_id"),
        sa.Index("ix_moderation_case_neighborhood_id", "neighborhood_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(
        sa.String(20), unique=True
    )  # of the author's page; it opens nothing alone
    kind: Mapped[str] = mapped_column(sa.String(32))  # of registry.py
    thing_id: Mapped[int]  # of a table above this slice
    neighborhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighborhood.id", ondelete="SET NULL"))
    state: Mapped[CaseState] = mapped_column(Word(CaseState), default=CaseState.NEW)
    held: Mapped[bool] = mapped_column(
        default=False
    )  # a filter held the thing: others do not read it meanwhile
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]

    assigned_to: Mapped[Person | None] = relationship()
    neighborhood: Mapped[Neighborhood | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.state in (CaseState.NEW, CaseState.TAKEN)


class Report(db.Model):
    """A reader says that a thing breaks a rule; one for each person and case."""

    __tablename__ = "moderation_report"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "reporter_id"),
        sa.Index("ix_moderation_report_reporter_id", "reporter_id", "id"),
        sa.Index("ix_moderation_report_rule_id", "rule_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_rule.id", ondelete="RESTRICT"))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    case: Mapped[Case] = relationship()
    rule: Mapped[Rule] = relationship()
    reporter: Mapped[Person | None] = relationship()


class CaseFinding(db.Model):
    """What a filter found, by its place; the words stand in the thing alone."""

    __tablename__ = "moderation_finding"
    __table_args__ = (one_of("filter", Filter), sa.Index("ix_moderation_finding_case_id", "case_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id", ondelete="CASCADE"))
    filter: Mapped[Filter] = mapped_column(Word(Filter))
    start: Mapped[int]  # characters from the beginning of the text as it was then
    end: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class CaseStep(db.Model):
    """The timeline: who did what when. ``detail`` holds enum words and numbers, never what somebody wrote."""

    __tablename__ = "moderation_step"
    __table_args__ = (
        one_of("step", Step),
        sa.Index("ix_moderation_step_case_id", "case_id", "id"),
        sa.Index("ix_moderation_step_actor_id", "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_case.id", ondelete="CASCADE"))
    step: Mapped[Step] = mapped_column(Word(Step))
    # Of staff alone: who reported and who wrote are no names for a timeline.
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[Person | None] = relationship()
