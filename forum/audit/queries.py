"""Reading the ledger. Whoever calls has checked that the reader may; entries hold ids, never a person's words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select

from forum.audit.models import Entry, Seal


def entries(
    *, before: int | None, act: str, subject_kind: str, subject_id: int | None, limit: int
) -> Select[Entry]:
    """The ledger newest first, older than entry *before*, narrowed by what is given."""
    found = sa.select(Entry).order_by(Entry.id.desc()).limit(limit)
    if before is not None:
        found = found.where(Entry.id < before)
    if act:
        found = found.where(Entry.act == act)
    if subject_kind:
        found = found.where(Entry.subject_kind == subject_kind)
    if subject_id is not None:
        found = found.where(Entry.subject_id == subject_id)
    return found


def last_seal() -> Select[Seal]:
    """The newest seal."""
    return sa.select(Seal).order_by(Seal.id.desc()).limit(1)


def seals_after(seal_id: int, limit: int) -> Select[Seal]:
    """Seals in the order they were made."""
    return sa.select(Seal).where(Seal.id > seal_id).order_by(Seal.id).limit(limit)


def entries_between(first: int, last: int) -> Select[Entry]:
    """Entries with ids from *first* to *last*, in order."""
    return sa.select(Entry).where(Entry.id >= first, Entry.id <= last).order_by(Entry.id)


def entries_after(entry_id: int, limit: int) -> Select[Entry]:
    """Entries with greater ids, in order."""
    return sa.select(Entry).where(Entry.id > entry_id).order_by(Entry.id).limit(limit)


def unsealed(last_entry_id: int) -> Select[int, datetime]:
    """How many entries no seal covers yet, and since when the oldest of them waits."""
    return sa.select(sa.func.count(), sa.func.min(Entry.at)).where(Entry.id > last_entry_id)
