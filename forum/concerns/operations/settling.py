"""What only days may be known of, the morning after.

An anonymous or confidential concern keeps days in its columns from the beginning. PostgreSQL keeps more than columns:
with each row the number of the transaction that wrote it (xmin), and rows lie in the order in which they were written,
which is the order of a dump. Between two rows whose moments are known, that would tell a third one's. So the morning
writes the rows of past days anew in one transaction, and lays their tables in the order of their random keys.
SQLite keeps rows by their keys and knows no such number.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from forum.audit.operations import record
from forum.audit.queries import entries as ledger_entries
from forum.concerns.acts import ConcernAct
from forum.concerns.models import (
    Afterwards,
    Author,
    Concern,
    ConcernPicture,
    Consent,
    DangerCount,
    Dispute,
    Entry,
    Identity,
    Mode,
    Recusal,
    Status,
    Transfer,
)  # fmt: skip
from forum.concerns.operations.timing import keep_due
from forum.concerns.pictures import folder
from forum.concerns.policy import in_days
from forum.concerns.queries.clocks import stirred_before
from forum.core import clock
from forum.core.transactions import operation
from forum.core.uploads import small
from forum.extensions import db

# Every table that holds a row of a person's own act, with a column to write again as it is.
ROWS: tuple[tuple[type[Any], str], ...] = (
    (ConcernPicture, "position"),
    (Dispute, "number"),
    (Entry, "number"),
    (Identity, "name"),
    (Recusal, "named"),
    (Transfer, "why"),
)
PATIENCE = "3s"  # how long a table is waited for; behind who waits for all of it, everybody waits


@operation
def round_to_days(concern: Concern) -> None:
    """Let a locked *concern* keep the day of each thing that its person did, and reckon its clocks from there."""
    thread = db.session.scalars(sa.select(Entry).where(Entry.concern_id == concern.id)).all()
    for entry in thread:
        if entry.author is Author.PERSON or entry.number == 1:
            entry.at = clock.day_begins(entry.at)
    for dispute in db.session.scalars(sa.select(Dispute).where(Dispute.concern_id == concern.id)):
        dispute.raised_at = clock.day_begins(dispute.raised_at)
    for asked in db.session.scalars(sa.select(Transfer).where(Transfer.concern_id == concern.id)):
        if asked.consent is Consent.ON_THREAD and asked.answered_at is not None:
            asked.answered_at = clock.day_begins(asked.answered_at)
    concern.arrived_at = clock.day_begins(concern.arrived_at)
    concern.changed_at = max((entry.at for entry in thread), default=concern.arrived_at)
    closed = [entry.at for entry in thread if entry.status is Status.CLOSED]
    if concern.closed_at is not None and closed:
        concern.closed_at = max(closed)
    _round_files(concern)
    db.session.flush()
    keep_due(concern)


@operation
def settle(concern_id: int) -> None:
    """Round what is not yet rounded, and tell the ledger that it was made confidential on a day before."""
    found = sa.select(Concern).where(Concern.id == concern_id).with_for_update(of=Concern)
    concern = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if concern is None or not in_days(concern):
        return
    round_to_days(concern)
    if concern.mode is Mode.CONFIDENTIAL and _known_mode(concern) not in (None, str(concern.mode)):
        record(actor=None, act=ConcernAct.CONCERN_MODE_CHANGE, subject=concern, mode=str(concern.mode))


@operation
def write_anew(ids: Sequence[int]) -> None:
    """Give every row of these concerns one and the same number of a transaction; on PostgreSQL alone there is one.

    The answers to the questions afterwards are written anew with them, all of them: each came in one transaction with
    a mark on its concern, which is all that would join the two.
    """
    if db.engine.dialect.name != "postgresql":
        return
    for model, name in ROWS:
        table = model.__table__
        again = sa.update(table).values({name: table.c[name]})
        for id_ in sorted(ids):
            db.session.execute(again.where(table.c.concern_id == id_))
    for id_ in sorted(ids):
        db.session.execute(
            sa.update(Concern.__table__).where(Concern.id == id_).values(stirred_on=Concern.stirred_on)
        )
    said, warned = Afterwards.__table__, DangerCount.__table__
    db.session.execute(sa.update(said).values(month=said.c.month))
    db.session.execute(sa.update(warned).where(warned.c.day < clock.today()).values(times=warned.c.times))


def lay_in_order() -> None:
    """Lay each table in the order of its random keys, one at a time; nothing of how its rows lay before is left.

    Outside of any unit of work: each table is locked by itself, for about a second of 30,000 concerns. Raises
    OperationalError when one is held by others for longer than ``PATIENCE``; the next morning does it again.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"SET lock_timeout = '{PATIENCE}'"))
        try:
            for table in ("concern", "concern_afterwards", *(model.__tablename__ for model, _name in ROWS)):
                connection.execute(sa.text(f"CLUSTER {table} USING pk_{table}"))
        finally:
            connection.execute(sa.text("SET lock_timeout = DEFAULT"))


@operation
def rest(ids: Sequence[int]) -> None:
    """Note that the rows of these concerns tell their day alone, unless something happened to one today."""
    held = Concern.id.in_(ids), Concern.stirred_on < clock.today()
    db.session.execute(sa.update(Concern).where(*held).values(stirred_on=None))


def stirred() -> Sequence[int]:
    """Ids of the concerns of which only days may be known and to which something happened on days before today."""
    return db.session.scalars(stirred_before(clock.today())).all()


def _known_mode(concern: Concern) -> str | None:
    """The mode that the ledger has of it; None where it has not been entered."""
    of_it = ledger_entries(before=None, act="", subject_kind="concern", subject_id=concern.id, limit=500)
    told = (entry.detail.get("mode") for entry in db.session.scalars(of_it))
    return next((str(mode) for mode in told if mode), None)


def _round_files(concern: Concern) -> None:
    names = sa.select(ConcernPicture.name).where(ConcernPicture.concern_id == concern.id)
    for name in db.session.scalars(names):
        for path in (folder() / name, folder() / small(name)):
            if path.is_file():
                day = clock.day_begins(datetime.fromtimestamp(path.stat().st_mtime, clock.agency_zone()))
                os.utime(path, (day.timestamp(), day.timestamp()))
