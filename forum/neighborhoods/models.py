"""Areas, beats and follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import Person
from forum.core import clock
from forum.extensions import db

beat_neighborhood = sa.Table(
    "beat_neighborhood",
    db.metadata,
    sa.Column("beat_id", sa.ForeignKey("beat.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "neighborhood_id", sa.ForeignKey("neighborhood.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

beat_officer = sa.Table(
    "beat_officer",
    db.metadata,
    sa.Column("beat_id", sa.ForeignKey("beat.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Neighborhood(db.Model):
    """An area with a boundary."""

    __tablename__ = "neighborhood"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        sa.String(120), unique=True
    )  # the importer's stable key; the name unless given
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    about: Mapped[str] = mapped_column(sa.Text, default="")  # plain words, shown on its page
    boundary: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON, deferred=True
    )  # GeoJSON MultiPolygon, [lon, lat]
    outline: Mapped[str] = mapped_column(
        sa.Text, deferred=True
    )  # SVG path data, alone in a 0 0 100 100 view box
    locator: Mapped[str] = mapped_column(
        sa.Text, default="", deferred=True
    )  # the same where all areas share the box
    sketch: Mapped[list[Any]] = mapped_column(
        default=list, deferred=True
    )  # MultiPolygon coordinates for the map
    west: Mapped[float]  # the bounding box, degrees
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)

    beats: Mapped[list[Beat]] = relationship(
        secondary=beat_neighborhood, back_populates="neighborhoods", order_by="Beat.code"
    )


class Beat(db.Model):
    """A patrol area; serves neighborhoods and has officers."""

    __tablename__ = "beat"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)

    neighborhoods: Mapped[list[Neighborhood]] = relationship(
        secondary=beat_neighborhood, back_populates="beats", order_by="Neighborhood.name"
    )
    officers: Mapped[list[Person]] = relationship(secondary=beat_officer, order_by="Person.name")


class Follow(db.Model):
    """A resident follows a neighborhood. Visitors follow in a cookie of slugs instead."""

    __tablename__ = "follow"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(
        sa.ForeignKey("neighborhood.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(default=clock.now)

    neighborhood: Mapped[Neighborhood] = relationship()
