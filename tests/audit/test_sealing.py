"""The hash chain: it holds what was recorded, and shows what was tampered with."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.exc import DBAPIError

from forum.audit import jobs, operations, sealing
from forum.audit.models import Entry, Seal
from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.extensions import db


class Act(StrEnum):
    LOOKED = "test.look"


class Thing:
    __tablename__ = "thing"

    def __init__(self, number: int) -> None:
        self.id = number


def record(count: int) -> None:
    with unit_of_work():
        for number in range(1, count + 1):
            operations.record(
                actor=None, act=Act.LOOKED, subject=Thing(number), word="Grüße", day="2026-11-20"
            )


def tamper(statement: sa.Executable) -> None:
    """What somebody with the database's password could do: past the triggers."""
    db.session.rollback()  # or the next look would be at the snapshot of the last
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("update", "delete"):
                for table in ("ledger_entry", "ledger_seal"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(statement)
        connection.commit()
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            connection.commit()


@pytest.fixture
def sealed(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Twenty-five entries under five seals."""
    monkeypatch.setattr(jobs, "BATCH", 5)
    record(25)
    jobs.seal()
    return context


def words() -> set[str]:
    return {fault.word for fault in sealing.verify().faults or ()}


def test_what_was_recorded_and_sealed_holds(sealed: Flask) -> None:
    result = sealing.verify()
    assert (result.seals, result.entries, result.unsealed, result.faults) == (5, 25, 0, [])


def test_sealing_again_adds_only_what_is_new(sealed: Flask) -> None:
    before = sealing.verify().head
    jobs.seal()
    assert sealing.verify().head == before
    record(2)
    assert sealing.verify().unsealed == 2
    jobs.seal()
    result = sealing.verify()
    assert (result.seals, result.entries, result.unsealed, result.faults) == (6, 27, 0, [])
    assert sealing.is_in_chain(before)


@pytest.mark.parametrize("table", (Entry, Seal))
def test_the_database_itself_refuses_changes_and_deletions(sealed: Flask, table: type[Entry]) -> None:
    for statement in (sa.update(table).values(id=table.id + 100), sa.delete(table)):
        with pytest.raises(DBAPIError), unit_of_work():
            db.session.execute(statement)


@pytest.mark.parametrize(
    "column", ({"act": "test.other"}, {"actor_id": 7}, {"subject_id": 99}, {"detail": {"word": "other"}})
)
def test_a_changed_entry_is_found(sealed: Flask, column: dict[str, object]) -> None:
    tamper(sa.update(Entry).where(Entry.id == 12).values(**column))
    assert words() == {"hash"}


def test_a_moved_date_is_found(sealed: Flask) -> None:
    tamper(sa.update(Entry).where(Entry.id == 12).values(at=clock.now() - timedelta(days=1)))
    assert words() == {"hash"}


def test_a_removed_entry_is_found(sealed: Flask) -> None:
    tamper(sa.delete(Entry).where(Entry.id == 12))
    assert words() == {"missing", "hash"}


def test_an_entry_slipped_in_before_the_first_is_found(sealed: Flask) -> None:
    tamper(sa.insert(Entry).values(id=0, act="x", subject_kind="thing", subject_id=1, detail={}))
    tamper(sa.update(Entry).where(Entry.id == 1).values(act="x"))
    assert "hash" in words()


def test_a_seal_made_anew_breaks_the_next(sealed: Flask) -> None:
    tamper(sa.update(Entry).where(Entry.id == 3).values(act="x"))
    entries = db.session.scalars(sa.select(Entry).where(Entry.id <= 5).order_by(Entry.id)).all()
    tamper(sa.update(Seal).where(Seal.id == 1).values(hash=sealing.chained(sealing.BEGINNING, entries)))
    assert [fault.seal_id for fault in sealing.verify().faults or ()] == [2]


def test_a_ledger_cut_at_its_end_is_found_by_a_hash_kept_elsewhere(
    sealed: Flask, runner: FlaskCliRunner
) -> None:
    kept = sealing.verify().head
    assert runner.invoke(args=["audit", "verify", "--expect", kept]).exit_code == 0
    tamper(sa.delete(Seal).where(Seal.id == 5))
    tamper(sa.delete(Entry).where(Entry.id > 20))
    assert words() == set()
    cut = runner.invoke(args=["audit", "verify", "--expect", kept])
    assert cut.exit_code == 1
    assert "not in the chain" in cut.output


def test_the_command_names_the_seal_that_does_not_hold(sealed: Flask, runner: FlaskCliRunner) -> None:
    fine = runner.invoke(args=["audit", "verify"])
    assert fine.exit_code == 0
    assert "5 seals over 25 entries" in fine.output
    tamper(sa.update(Entry).where(Entry.id == 12).values(act="x"))
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "Seal 3 does not hold: hash." in broken.output


@pytest.fixture
def runner(context: Flask) -> FlaskCliRunner:
    return context.test_cli_runner()
