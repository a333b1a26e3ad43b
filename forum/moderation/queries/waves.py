"""Waves: what was hidden together, and what is left to do of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.queries import bounded
from forum.moderation.models import Case, Decision, Turn, Wave, WaveItem
from forum.moderation.policy import Viewer, can_moderate
from forum.moderation.queries.cases import OPEN

_WITH = (joinedload(Wave.rule), joinedload(Wave.moderator))


def by_id(wave_id: int) -> Select[Wave]:
    """One wave with its rule."""
    return select(Wave).where(Wave.id == bounded(wave_id)).options(*_WITH)


def by_key(key: str) -> Select[Wave]:
    """The wave that a form has made already."""
    return select(Wave).where(Wave.key == key)


def latest(viewer: Viewer) -> Select[Wave]:
    """Waves, the newest first; none for who does not moderate."""
    found = select(Wave).options(*_WITH).order_by(Wave.id.desc())
    return found if can_moderate(viewer) else found.where(Wave.id < 0)


def busy() -> Select[int]:
    """Those of which something is left to do."""
    return select(Wave.id).where(Wave.busy.is_(True)).order_by(Wave.id)


def items_in(wave_id: int, state: Turn) -> Select[WaveItem]:
    """The things of a wave in this state, in order."""
    return select(WaveItem).where(WaveItem.wave_id == wave_id, WaveItem.state == state).order_by(WaveItem.id)


def items_of(wave_id: int) -> Select[WaveItem]:
    """All things of a wave, in order, each with its case."""
    case = joinedload(WaveItem.decision).joinedload(Decision.case)
    return select(WaveItem).where(WaveItem.wave_id == wave_id).options(case).order_by(WaveItem.id)


def counts(wave_ids: Collection[int]) -> Select[int, Turn, int]:
    """How many things of each wave are in each state."""
    return (
        select(WaveItem.wave_id, WaveItem.state, func.count())
        .where(WaveItem.wave_id.in_(wave_ids))
        .group_by(WaveItem.wave_id, WaveItem.state)
    )


def leads_of(wave_id: int) -> Select[Decision]:
    """The decision of a wave, for each of its authors, that stands for all about them."""
    return (
        select(Decision)
        .join(WaveItem, WaveItem.decision_id == Decision.id)
        .where(WaveItem.wave_id == wave_id, WaveItem.lead_id == WaveItem.decision_id)
        .options(joinedload(Decision.case))
        .order_by(Decision.id)
    )


def lead_of(decision_id: int) -> Select[Decision]:
    """The decision that stands for this one; nothing for a decision outside waves."""
    return (
        select(Decision)
        .join(WaveItem, WaveItem.lead_id == Decision.id)
        .where(WaveItem.decision_id == decision_id)
        .options(joinedload(Decision.case), joinedload(Decision.rule), joinedload(Decision.moderator))
    )


def led_by(decision_id: int) -> Select[WaveItem]:
    """All that a wave did to one author, in order; nothing for a decision outside waves."""
    case = joinedload(WaveItem.decision).joinedload(Decision.case)
    return select(WaveItem).where(WaveItem.lead_id == decision_id).options(case).order_by(WaveItem.id)


def wave_of(decision_id: int) -> Select[int]:
    """The wave that a decision is part of."""
    return select(WaveItem.wave_id).where(WaveItem.decision_id == decision_id)


def open_cases(kind: str, thing_ids: Collection[int]) -> Select[Case]:
    """The undecided cases of these things."""
    return select(Case).where(Case.kind == kind, Case.thing_id.in_(thing_ids), Case.state.in_(OPEN))
