"""What others have already raised in public that may be the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from math import cos, radians

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from forum.concerns.models import Concern, Status
from forum.concerns.queries.sight import listed
from forum.core import clock
from forum.core.words import query_words
from forum.extensions import db

WITHIN = timedelta(days=60)
METERS = 300
SHOWN = 3
_LOOKED_AT = 200
_METERS_A_DEGREE = 111_320
_SHORTEST = 4  # letters of a word that tells one concern from another
_SHARED = 2


def similar(
    category_id: int, neighborhood_id: int | None, point: tuple[float, float] | None, title: str, story: str
) -> list[Concern]:
    """Up to three listed, open concerns of the last 60 days, of this category, near, and in part in the same words.

    Those that share most words come first. None without a place: what is everywhere is nobody's duplicate.
    """
    if neighborhood_id is None and point is None:
        return []
    told = _words(title, story)
    found = [
        (len(told & _words(other.title, other.story)), other)
        for other in db.session.scalars(_candidates(category_id, _near(neighborhood_id, point)))
    ]
    alike = sorted((pair for pair in found if pair[0] >= _SHARED), key=lambda pair: -pair[0])
    return [other for _count, other in alike[:SHOWN]]


def _candidates(category_id: int, near: ColumnElement[bool]) -> Select[Concern]:
    return (
        select(Concern)
        .where(
            listed(),
            Concern.status != Status.CLOSED,
            Concern.category_id == category_id,
            Concern.arrived_at >= clock.now() - WITHIN,
            near,
        )
        .options(joinedload(Concern.neighborhood))
        .order_by(Concern.public_changed_at.desc(), Concern.id)
        .limit(_LOOKED_AT)
    )


def _near(neighborhood_id: int | None, point: tuple[float, float] | None) -> ColumnElement[bool]:
    """In the same neighborhood, or in a square around the point."""
    ways: list[ColumnElement[bool]] = []
    if neighborhood_id is not None:
        ways.append(Concern.neighborhood_id == neighborhood_id)
    if point is not None:
        north = METERS / _METERS_A_DEGREE
        east = north / max(0.01, cos(radians(point[0])))
        ways.append(
            sa.and_(
                Concern.latitude.between(point[0] - north, point[0] + north),
                Concern.longitude.between(point[1] - east, point[1] + east),
            )
        )
    return or_(*ways)


def _words(*texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in query_words(str(text), 400) if len(word) >= _SHORTEST}
