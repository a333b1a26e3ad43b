"""Any number of values as one parameter: both databases find the same rows, by an index."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from forum.accounts.models import Person
from forum.core.many import among
from forum.core.prepared import PreparedSelect
from forum.extensions import db
from tests.factories import accounts

NAMES = ("Ada", 'O"Hara', "back\\slash", "a, b", "{}", "NULL", "", "two\nlines", "Ünal", "%s")
BY_NAME = PreparedSelect(sa.select(Person.name).where(among(Person.name, "names")))
BY_ID = PreparedSelect(sa.select(Person.id).where(among(Person.id, "ids")))


def test_each_of_many_values_is_found_as_it_is_written_however_many_there_are(work: Flask) -> None:
    ids = [accounts.person(name=name).id for name in NAMES]
    accounts.person(name="nobody")
    session = db.session()
    for count in (0, 1, len(NAMES)):
        assert sorted(BY_NAME.column(session, names=NAMES[:count])) == sorted(NAMES[:count])
        assert sorted(BY_ID.column(session, ids=ids[:count])) == sorted(ids[:count])
    assert BY_NAME.column(session, names=["ada", "O", "Hara", "two"]) == []


def test_numbers_are_looked_up_and_not_compared_with_each_row(work: Flask) -> None:
    statement = BY_ID.words(db.engine.dialect)
    sql = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = db.session.scalars(sa.text(f"EXPLAIN {sql}")).all()
        assert any("Index Cond" in line for line in plan)
    else:
        steps = [row.detail for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {sql}"))]
        assert any("SEARCH person USING" in step for step in steps)
