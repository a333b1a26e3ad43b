"""The concern itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

if TYPE_CHECKING:
    from forum.concerns.models.recusal import Recusal
from forum.concerns.models.category import Category


class Mode(StrEnum):
    """Who sees it. Made stricter later, up to confidential; never laxer; anonymous only from the start."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    PRIVATE = "private"
    PUBLIC = "public"


class About(StrEnum):
    """What it is about: the town, or how an officer acted."""

    COMMENDATION = "commendation"
    COMPLAINT = "complaint"
    TOWN = "town"


class Source(StrEnum):
    """How it came. What staff enter for somebody carries the way it reached them."""

    MEETING = "meeting"
    PAPER = "paper"
    PHONE = "phone"
    SITE = "site"


class Status(StrEnum):
    """Where it stands; states.py says what may follow what."""

    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"
    IN_PROGRESS = "in_progress"
    RECEIVED = "received"
    REOPENED = "reopened"
    WAITING = "waiting"


class Closing(StrEnum):
    """Why it was closed."""

    COULD_NOT_REACH = "could_not_reach"
    DONE = "done"
    DUPLICATE = "duplicate"
    NO_POWER = "no_power"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


class Concern(db.Model):
    """What one person told the agency. Its id is random: ids tell neither how many there are nor which came first."""

    __tablename__ = "concern"
    __table_args__ = (
        one_of("mode", Mode),
        one_of("about", About),
        one_of("source", Source),
        one_of("status", Status),
        one_of("closed_as", Closing),
        sa.CheckConstraint("(status = 'closed') = (closed_as IS NOT NULL)", name="closed"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        sa.CheckConstraint("about = 'town' OR mode <> 'public'", name="about_staff_is_never_public"),
        sa.CheckConstraint("title <> '' AND story <> ''", name="words"),
        sa.Index("ix_concern_listed", "mode", "withheld", "changed_at", "id"),
        sa.Index("ix_concern_queue", "status", "due_at", "id"),
        sa.Index("ix_concern_due_at", "due_at", "id"),  # the desk's queue walks it, late first, and stops
        sa.Index("ix_concern_neighborhood_id", "neighborhood_id", "status", "due_at", "id"),
        sa.Index("ix_concern_assigned_to_id", "assigned_to_id", "status", "due_at", "id"),
        sa.Index("ix_concern_category_id", "category_id", "mode", "changed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(sa.String(16), unique=True)  # CG-7K3M-9QPD
    code_hash: Mapped[str] = mapped_column(
        sa.String(64), unique=True
    )  # of the receipt code; a form sent twice is one
    mode: Mapped[Mode] = mapped_column(Word(Mode))
    about: Mapped[About] = mapped_column(Word(About), default=About.TOWN)
    source: Mapped[Source] = mapped_column(Word(Source), default=Source.SITE)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("concern_category.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    story: Mapped[str] = mapped_column(sa.Text)
    happened: Mapped[str] = mapped_column(sa.String(200), default="")  # when, in the person's words
    neighborhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighborhood.id", ondelete="SET NULL"))
    place: Mapped[str] = mapped_column(sa.String(200), default="")  # an intersection or landmark, in words
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    language: Mapped[str] = mapped_column(sa.String(16), default="en")  # the person reads and writes
    interpreter: Mapped[bool] = mapped_column(default=False)  # needs one to speak with us

    # Of an anonymous concern the agency's midnight, wherever the person's own act would tell when.
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)  # the last entry
    status: Mapped[Status] = mapped_column(Word(Status), default=Status.RECEIVED)
    closed_as: Mapped[Closing | None] = mapped_column(Word(Closing))
    closed_at: Mapped[datetime | None]
    withheld: Mapped[bool] = mapped_column(default=False)  # public, but taken from the public pages by staff
    # Complaints and commendations: a reviewer has said who is named in it, so supervisors outside their chain may read.
    screened: Mapped[bool] = mapped_column(default=False)
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    entered_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), index=True
    )  # staff who wrote it down for somebody
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("concern.id", ondelete="SET NULL"), index=True
    )
    due_at: Mapped[
        datetime | None
    ]  # when the next of its clocks runs out; kept by operations, a test holds it
    # The ledger's entry of its arrival is written: at once, or for an anonymous one by the next morning's job.
    entered: Mapped[bool] = mapped_column(default=False)

    category: Mapped[Category] = relationship()
    neighborhood: Mapped[Neighborhood | None] = relationship()
    assigned_to: Mapped[Person | None] = relationship(foreign_keys=[assigned_to_id])
    recusals: Mapped[list[Recusal]] = relationship(
        back_populates="concern", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_listed(self) -> bool:
        """Everybody may read it."""
        return self.mode is Mode.PUBLIC and not self.withheld

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def is_anonymous(self) -> bool:
        return self.mode is Mode.ANONYMOUS
