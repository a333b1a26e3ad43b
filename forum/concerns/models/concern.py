"""The concern itself."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from forum.accounts.models import Person
from forum.core import clock
from forum.core.db import Word, one_of, partial_index, sparse
from forum.core.words import fold
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


IS_PUBLIC = "mode = 'public'"


class ClockKind(StrEnum):
    """What somebody waits for; clocks.py says how each is reckoned."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    CLOSING = "closing"
    UPDATE = "update"


class Closing(StrEnum):
    """Why it was closed."""

    COULD_NOT_REACH = "could_not_reach"
    DONE = "done"
    DUPLICATE = "duplicate"
    NO_POWER = "no_power"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


def _search_text(context: Any) -> str:
    row = context.get_current_parameters()
    if row["mode"] != Mode.PUBLIC:
        return ""
    return fold(" ".join(row.get(name) or "" for name in ("title", "place", "story")))


class Concern(db.Model):
    """What one person told the agency. Its id is random: ids tell neither how many there are nor which came first."""

    __tablename__ = "concern"
    __table_args__ = (
        one_of("mode", Mode),
        one_of("about", About),
        one_of("source", Source),
        one_of("status", Status),
        one_of("closed_as", Closing),
        one_of("due_clock", ClockKind),
        sa.CheckConstraint("(due_at IS NULL) = (due_clock IS NULL)", name="due"),
        sa.CheckConstraint("(status = 'closed') = (closed_as IS NOT NULL)", name="closed"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        sa.CheckConstraint("about = 'town' OR mode <> 'public'", name="about_staff_is_never_public"),
        sa.CheckConstraint("title <> '' AND story <> ''", name="words"),
        # Lists of public ones: the others write no page of either.
        partial_index("ix_concern_listed", "withheld", "public_changed_at", "id", of=IS_PUBLIC),
        partial_index(
            "ix_concern_category_id", "category_id", "withheld", "public_changed_at", "id", of=IS_PUBLIC
        ),
        # The queue is counted without reading a row of it: rows carry stories.
        sa.Index(
            "ix_concern_queue", "status", "due_at", "id", "about", "mode", "assigned_to_id", "neighborhood_id"
        ),
        # The desk's queue walks it, late first, and stops; who is to be warned is found in what is due soon.
        sa.Index("ix_concern_due_at", "due_at", "id", "warn_at"),
        sparse("ix_concern_assigned_to_id", "assigned_to_id", "status", "due_at", "id"),
        sparse("ix_concern_neighborhood_id", "neighborhood_id", "status", "due_at", "id"),
        sparse("ix_concern_entered_by_id", "entered_by_id"),
        sparse("ix_concern_merged_into_id", "merged_into_id"),
        sparse("ix_concern_unlisted_at", "unlisted_at"),
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
    # When what everybody may read last changed: the moment of an act of staff, the end of the day of a person's own.
    public_changed_at: Mapped[datetime] = mapped_column(default=lambda: clock.day_ends())
    # The last day on which something happened to one that only days may be known of; None once a morning has written
    # all its rows anew (operations.settling).
    stirred_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(Word(Status), default=Status.RECEIVED)
    closed_as: Mapped[Closing | None] = mapped_column(Word(Closing))
    closed_at: Mapped[datetime | None]
    withheld: Mapped[bool] = mapped_column(default=False)  # public, but taken from the public pages by staff
    # Complaints and commendations: a reviewer has said who is named in it, so supervisors outside their chain may read.
    screened: Mapped[bool] = mapped_column(default=False)
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    # Staff who wrote it down for somebody.
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("concern.id", ondelete="SET NULL"))
    # Which of its clocks runs out next, when, and when somebody has to hear of it: kept by operations.timing, and a
    # test holds them to what clocks.py reckons. None while every clock rests or is met.
    due_clock: Mapped[ClockKind | None] = mapped_column(Word(ClockKind))
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    target_at: Mapped[datetime | None]  # a moment promised for its closing, in place of the category's days
    # The ledger's entry of its arrival is written: at once, or for an anonymous one by the next morning's job.
    entered: Mapped[bool] = mapped_column(default=False)
    # How many others say that it worries them too; kept by operations.following, a test holds it to the truth.
    others_count: Mapped[int] = mapped_column(default=0)
    # Its person has answered the questions afterwards; what they said is kept apart.
    asked: Mapped[bool] = mapped_column(default=False)
    unlisted_at: Mapped[datetime | None]  # taken from the public pages, or brought back
    # What the public list finds it by: folded words, of a public one alone, whoever writes the row.
    search_text: Mapped[str] = mapped_column(sa.Text, default=_search_text, deferred=True)

    category: Mapped[Category] = relationship()
    neighborhood: Mapped[Neighborhood | None] = relationship()
    assigned_to: Mapped[Person | None] = relationship(foreign_keys=[assigned_to_id])
    recusals: Mapped[list[Recusal]] = relationship(
        back_populates="concern", cascade="all, delete-orphan", passive_deletes=True
    )

    @validates("mode", "withheld")
    def _note_listing(self, name: str, value: Any) -> Any:
        """What was public and is no more, or is again, counts as a change of the public feed, whoever changes it."""
        hides = bool(value) if name == "withheld" else value is not Mode.PUBLIC
        if self.mode is Mode.PUBLIC and hides != bool(self.withheld):
            # The mode is its person's, of whom only the day is told.
            self.unlisted_at = clock.now() if name == "withheld" else clock.day_ends()
        return value

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
