"""Beats: which areas they serve and which officers serve them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import search
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.neighborhoods import queries
from forum.neighborhoods.models import Beat, Neighborhood
from forum.neighborhoods.policy import can_manage_beats
from forum.neighborhoods.vocabulary import NeighborhoodAct


@operation
def set_beat(
    *,
    actor: Person | None,
    code: str,
    neighborhood_ids: Collection[int] = (),
    officer_ids: Collection[int] = (),
    beat: Beat | None = None,
) -> Beat:
    """Make *beat* (a new one when None) serve exactly these areas by exactly these officers.

    *actor* is None on the command line. Refusal when the code is taken, or when someone cannot serve a beat.
    """
    _require_manager(actor)
    _require_free_code(code, but=beat.id if beat is not None else None)
    act = NeighborhoodAct.BEAT_CHANGE
    areas_before = [area.id for area in beat.neighborhoods] if beat is not None else []
    officers_before = [one.id for one in beat.officers] if beat is not None else []
    if beat is None:
        beat, act = Beat(), NeighborhoodAct.BEAT_ADD
        db.session.add(beat)
    beat.code = code
    beat.neighborhoods = list(db.session.scalars(_areas(neighborhood_ids)))
    beat.officers = _officers(officer_ids)
    db.session.flush()
    areas, officers = sorted(area.id for area in beat.neighborhoods), sorted(one.id for one in beat.officers)
    record(actor=actor, act=act, subject=beat, neighborhoods=areas, officers=officers)
    _renew_search({*areas_before, *areas}, {*officers_before, *officers})
    return beat


@operation
def remove_beat(*, actor: Person | None, beat: Beat) -> None:
    """Remove *beat*; its areas and officers stay."""
    _require_manager(actor)
    record(actor=actor, act=NeighborhoodAct.BEAT_REMOVE, subject=beat)
    areas, officers = {area.id for area in beat.neighborhoods}, {one.id for one in beat.officers}
    db.session.delete(beat)
    _renew_search(areas, officers)


def _renew_search(areas: Collection[int], officers: Collection[int]) -> None:
    search.renew("neighborhood", *sorted(areas))
    search.renew("person", *sorted(officers))


def _require_manager(actor: Person | None) -> None:
    if actor is not None and not can_manage_beats(actor):
        raise Refusal(_("Only an administrator may change beats."))


def _require_free_code(code: str, but: int | None) -> None:
    if not code:
        raise Refusal(_("Give the beat a number or a short name."), "code")
    taken = db.session.scalar(sa.select(Beat.id).where(sa.func.lower(Beat.code) == code.lower()))
    if taken is not None and taken != but:
        raise Refusal(_("There is a beat of this name already."), "code")


def _areas(ids: Collection[int]) -> sa.Select[Neighborhood]:
    return queries.listed().where(Neighborhood.id.in_(set(ids)))


def _officers(ids: Collection[int]) -> list[Person]:
    found = list(db.session.scalars(queries.possible_officers().where(Person.id.in_(set(ids)))))
    if len(found) < len(set(ids)):
        raise Refusal(_("Someone you chose cannot serve a beat any more. Please choose again."), "officers")
    return found
