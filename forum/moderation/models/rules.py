"""The rules, a version at a time. A version that was once in force is never changed."""

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


class RulesState(StrEnum):
    """Where a version stands. At most one is in force and at most one is proposed."""

    IN_FORCE = "in_force"
    PAST = "past"
    PROPOSED = "proposed"
    REFUSED = "refused"


class Rules(db.Model):
    """A version: all rules as they stand together. Two people make one."""

    __tablename__ = "moderation_rules"
    __table_args__ = (
        one_of("state", RulesState),
        sa.CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_people"),
        sa.Index("ix_moderation_rules_proposed_by_id", "proposed_by_id"),
        sa.Index("ix_moderation_rules_approved_by_id", "approved_by_id"),
        sa.Index(
            "uq_moderation_rules_one_each",
            "state",
            unique=True,
            sqlite_where=sa.text("state IN ('in_force', 'proposed')"),
            postgresql_where=sa.text("state IN ('in_force', 'proposed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int | None] = mapped_column(unique=True)  # given when it comes into force
    state: Mapped[RulesState] = mapped_column(Word(RulesState), default=RulesState.PROPOSED)
    why: Mapped[str] = mapped_column(sa.Text, default="")  # what changed and why, public
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    in_force_from: Mapped[datetime | None]
    in_force_until: Mapped[datetime | None]

    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    rules: Mapped[list[Rule]] = relationship(order_by="Rule.number", back_populates="version_of")


class Rule(db.Model):
    """One rule in one version. Its number is the same in every version, and never another rule's."""

    __tablename__ = "moderation_rule"
    __table_args__ = (
        sa.UniqueConstraint("rules_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rules_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_rules.id", ondelete="CASCADE"))
    number: Mapped[int]
    titles: Mapped[dict[str, Any]]  # by language, English at least: "No threats"
    texts: Mapped[dict[str, Any]]  # by language: what it means, in plain words

    version_of: Mapped[Rules] = relationship(back_populates="rules")

    def title(self, language: str) -> str:
        """Its name in *language*, else in English."""
        return str(self.titles.get(language) or self.titles["en"])

    def text(self, language: str) -> str:
        """What it means, in *language*, else in English."""
        return str(self.texts.get(language) or self.texts["en"])
