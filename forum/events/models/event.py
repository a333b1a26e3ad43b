"""The event: one meeting or a series."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.core import clock
from forum.core.db import Word, one_of
from forum.extensions import db
from forum.neighborhoods.models import Neighborhood

if TYPE_CHECKING:
    from forum.events.models.occurrence import Occurrence


class Color(StrEnum):
    """Six color tokens of the stylesheet that tell kinds apart (never alone: a shape and a word go with each)."""

    CLAY = "clay"
    MOSS = "moss"
    OCHRE = "ochre"
    PLUM = "plum"
    SLATE = "slate"
    TEAL = "teal"


class Shape(StrEnum):
    """The mark beside a kind's name."""

    BAR = "bar"
    CIRCLE = "circle"
    DIAMOND = "diamond"
    DROP = "drop"
    LEAF = "leaf"
    SQUARE = "square"


class EventStatus(StrEnum):
    """``draft`` is seen on the desk alone; ``postponed`` and ``cancelled`` stay public, with a reason."""

    CANCELLED = "cancelled"
    DRAFT = "draft"
    POSTPONED = "postponed"
    PUBLISHED = "published"


PUBLIC_STATUSES = (EventStatus.PUBLISHED, EventStatus.POSTPONED, EventStatus.CANCELLED)


class RsvpPolicy(StrEnum):
    """Whether people are asked to answer."""

    NONE = "none"  # just come
    REQUIRED = "required"
    WELCOME = "welcome"


event_neighborhood = sa.Table(
    "event_neighborhood",
    db.metadata,
    sa.Column("event_id", sa.ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "neighborhood_id", sa.ForeignKey("neighborhood.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)


class EventKind(db.Model):
    """A kind of event, on the administrator's list."""

    __tablename__ = "event_kind"
    __table_args__ = (one_of("color", Color), one_of("shape", Shape))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    names: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # {"en": "Beat meeting", "es": "Reunión de ronda"}
    color: Mapped[Color] = mapped_column(Word(Color))
    shape: Mapped[Shape] = mapped_column(Word(Shape))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)  # no longer offered; old events keep it

    def name(self, language: str) -> str:
        """Its name in *language*, else in English."""
        return str(self.names.get(language) or self.names["en"])


class Event(db.Model):
    """A meeting or a series. ``starts_local`` is the first start on the wall clock of ``zone``."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("status", EventStatus),
        one_of("rsvp_policy", RsvpPolicy),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published"),
        sa.Index("ix_event_feed_changed_at", "feed_changed_at"),
        sa.Index("ix_event_follows_uid", "follows_uid"),
        sa.Index("ix_event_status", "status", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(
        sa.String(64), unique=True, default=lambda: str(uuid.uuid4())
    )  # RFC 7986 5.3
    # The UID of the series whose later dates this one took over; never changes, so no row need be loaded for it.
    follows_uid: Mapped[str | None] = mapped_column(sa.String(64))
    source_key: Mapped[str | None] = mapped_column(sa.String(255), unique=True)  # what an import knows it by
    title: Mapped[str] = mapped_column(sa.String(200))
    slug: Mapped[str] = mapped_column(sa.String(80))
    story: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)  # Markdown
    story_html: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)  # rendered at write
    story_renderer: Mapped[int] = mapped_column(default=0)  # core.markdown.RENDERER of story_html
    search_text: Mapped[str] = mapped_column(
        sa.Text, default="", deferred=True
    )  # folded words of title, place, story
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("event_kind.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(16), default="en")  # spoken at the event

    zone: Mapped[str] = mapped_column(sa.String(64))  # IANA name
    all_day: Mapped[bool] = mapped_column(default=False)
    starts_local: Mapped[datetime] = mapped_column(sa.DateTime())  # naive, in zone; midnight when all-day
    minutes: Mapped[int]  # length on the wall clock; whole days times 1440 when all-day
    rrule: Mapped[str | None] = mapped_column(sa.String(255))  # RFC 5545 3.3.10; None for a single event
    extra_starts: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # naive ISO local starts (RDATE)
    skipped_starts: Mapped[list[Any]] = mapped_column(
        sa.JSON, default=list
    )  # naive ISO local starts (EXDATE)
    materialized_until: Mapped[datetime | None]  # occurrences exist up to here; None: all of them exist

    place_name: Mapped[str] = mapped_column(sa.String(200), default="")
    place_address: Mapped[str] = mapped_column(sa.String(255), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    online_url: Mapped[str] = mapped_column(sa.String(500), default="")
    # True, False, or None for "not known": saying nothing is not the same as saying no.
    step_free: Mapped[bool | None]
    childcare: Mapped[bool | None]
    quiet_space: Mapped[bool | None]
    interpreter: Mapped[str] = mapped_column(sa.String(200), default="")  # languages, in words
    transit: Mapped[str] = mapped_column(sa.String(255), default="")
    hosts: Mapped[str] = mapped_column(sa.String(255), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")  # a role address
    contact_phone: Mapped[str] = mapped_column(sa.String(60), default="")
    picture: Mapped[str] = mapped_column(sa.String(80), default="")  # file name under uploads
    picture_alt: Mapped[str] = mapped_column(sa.String(300), default="")
    picture_rule: Mapped[int | None]  # the rule under which a decision hid this picture; None: it is shown

    rsvp_policy: Mapped[RsvpPolicy] = mapped_column(Word(RsvpPolicy), default=RsvpPolicy.WELCOME)
    capacity: Mapped[int | None]  # people at each occurrence; None: no limit
    status: Mapped[EventStatus] = mapped_column(Word(EventStatus), default=EventStatus.DRAFT)
    status_reason: Mapped[str] = mapped_column(sa.String(500), default="")

    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5546 2.1.4
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)  # last change that calendars should see
    published_at: Mapped[datetime | None]  # first publication; kept when withdrawn
    # When any public feed last changed because of this event, withdrawal included (INTEROP 4); None: never public.
    feed_changed_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # Folded VEVENT bytes: the master and its exceptions, joined by feeds; ``vevents_made``: what they were made with.
    vevents: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"", deferred=True)
    vevents_made: Mapped[str] = mapped_column(sa.String(64), default="")

    kind: Mapped[EventKind] = relationship()
    neighborhoods: Mapped[list[Neighborhood]] = relationship(
        secondary=event_neighborhood, order_by=Neighborhood.name
    )
    occurrences: Mapped[list[Occurrence]] = relationship(
        back_populates="event",
        order_by="Occurrence.original_start",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_series(self) -> bool:
        return self.rrule is not None or bool(self.extra_starts)

    @property
    def picture_shown(self) -> str:
        """The file name of its picture; nothing where there is none, or where a decision hid it."""
        return self.picture if self.picture_rule is None else ""

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES
