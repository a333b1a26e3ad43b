"""Questions whether a concern may be passed on."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Person
from forum.concerns.models import Transfer


def transfers_of(concern_id: int) -> Select[Transfer]:
    """Every question about this concern, the newest first."""
    return (
        select(Transfer)
        .where(Transfer.concern_id == concern_id)
        .options(joinedload(Transfer.asked_by).load_only(Person.name))
        .order_by(Transfer.asked_at.desc(), Transfer.id)
    )


def transfer_of(concern_id: int, transfer_id: int) -> Select[Transfer]:
    """One of them."""
    return transfers_of(concern_id).where(Transfer.id == transfer_id)


def waiting_for_consent(concern_id: int) -> Select[Transfer]:
    """Those that its person has not answered: what their own thread shows."""
    return transfers_of(concern_id).where(Transfer.answered_at.is_(None))
